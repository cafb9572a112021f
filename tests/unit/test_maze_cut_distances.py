"""How far the cuts of one net stand from each other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from router.maze.kernels.nodes import APART
from router.maze.lattice import build_lattice
from router.maze.route import cut_distances
from router.model.design import Design


def test_cuts_of_wide_traces_stand_as_far_apart_as_the_ends_of_these_need(small_design: Design) -> None:
    raster = build_lattice(small_design, small_design.outline, 2)
    least = raster.levels[:, APART]
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
