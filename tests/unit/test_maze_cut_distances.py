"""How far the cuts of one net stand from each other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from router.maze.kernels.nodes import APART, APART_UP
from router.maze.lattice import build_lattice, pair_distances
from router.maze.problem import cut_distances
from router.model.design import Design
from router.read.library import find_pdk
from router.read.pdk import read_pdk


def test_cuts_of_wide_traces_stand_as_far_apart_as_the_ends_of_these_need(small_design: Design) -> None:
    raster = build_lattice(small_design, small_design.outline, 2)
    least = raster.levels[:, APART : APART_UP + 1].max(axis=1)
    classes = {name: replace(c, widths=tuple(9 * w for w in c.widths)) for name, c in small_design.classes.items()}
    for net, usual, wide in zip(
        small_design.nets,
        cut_distances(small_design, raster),
        cut_distances(replace(small_design, classes=classes), raster),
        strict=True,
    ):
        c = classes[net.net_class]
        assert (usual >= least).all()
        assert (wide * raster.pitch >= np.array(c.widths) + np.array(c.spacings)).all()
        assert (wide > usual).all()


@pytest.mark.parametrize(
    ("large", "stackable", "distances"),
    [
        (2, (True, True, True), (75_000, 75_000, 80_000, 80_000)),
        (0, (True, True, True), (80_000, 80_000, 75_000, 75_000)),
        (2, (True, False, True), (35_000, 35_000, 80_000, 80_000)),
        (2, (False, True, True), (35_000, 75_000, 80_000, 80_000)),
        (0, (True, False, True), (80_000, 80_000, 75_000, 35_000)),
        (0, (False, True, True), (80_000, 80_000, 35_000, 35_000)),
    ],
)
def test_cuts_keep_from_all_that_stack_on_them(
    large: int, stackable: tuple[bool, ...], distances: tuple[int, ...]
) -> None:
    """Cuts of 15 µm in capture pads of 25 µm, 10 µm apart, and one kind of 60 µm, which keeps 15 µm to its like: where
    it may stand on a level's cuts, or these on it, they stand 75 µm apart, and 80 where its capture pads lie."""
    pdk = read_pdk(find_pdk("fanout_10um"), levels=4)
    vias = tuple(
        replace(via, stackable=stacks, cut=60_000 if k == large else via.cut)
        for k, (via, stacks) in enumerate(zip(pdk.vias, stackable, strict=True))
    )
    assert tuple(max(pair_distances(replace(pdk, vias=vias), level)) for level in range(4)) == distances


def test_a_cut_from_below_and_one_that_leads_up_keep_the_spacing_of_their_capture_pads_alone() -> None:
    """Cuts of 15 µm in capture pads of 25 µm on levels of 10 µm, the middle one of 60 µm in pads of 70 µm, and all
    40 µm from their like."""
    pdk = read_pdk(find_pdk("fanout_10um"), levels=4)
    vias = tuple(
        replace(via, stackable=False, spacing=40_000, cut=60_000 if k == 1 else via.cut)
        for k, via in enumerate(pdk.vias)
    )
    pairs = [pair_distances(replace(pdk, vias=vias), level) for level in (1, 2)]
    # The cuts of 15 µm have round outlines, 55 = 15 + 40 and 100 = 60 + 40; the pads meet at 12.5 + 35.
    assert pairs == [(55_000, 47_500 + 10_000, 100_000), (100_000, 47_500 + 10_000, 55_000)]
