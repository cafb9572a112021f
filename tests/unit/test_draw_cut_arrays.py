"""Cuts in arrays: where wide traces change level, as many as fit; none nearer than the rules to any other."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from math import hypot
from pathlib import Path

import numpy as np
import pytest
from both_engines import judged_as_drawn
from junction_packages import package, routed

from router.draw.cut_arrays import with_arrays
from router.draw.tighten import tighten
from router.model.design import Design
from router.model.layout import Layout, Trace, Via
from router.model.pdk import Rule, RuleKind, ShapeKind

pytestmark = pytest.mark.usefixtures("no_cut_is_spared")

WIDE = '[[class]]\nname = "wide"\nnets = ["A"]\nwidth = WIDTH\n'
# From bump to bump, along RDL1, RDL2 and RDL1 again.
WAY = [(-500, 0, 0), (-200, 0, 0), (-200, 0, 1), (200, 0, 1), (200, 0, 0), (500, 0, 0)]


def wide(folder: Path, width: int, levels: int = 2) -> Design:
    more = WIDE.replace("WIDTH", str(width))
    return package(folder, [(-500, 0), (500, 0)], [], more, levels=levels)


def with_shape(design: Design, shape: ShapeKind) -> Design:
    vias = tuple(replace(rule, shape=shape) for rule in design.pdk.vias)
    return replace(design, pdk=replace(design.pdk, vias=vias))


def trace(level: int, width: int, *points: tuple[int, int]) -> Trace:
    return Trace(0, level, width * 1000, np.array(points, dtype=np.int64) * 1000)


def places(vias: tuple[Via, ...], index: int = 0) -> list[tuple[int, int]]:
    return [(via.x, via.y) for via in vias if via.index == index]


def least_gap(vias: tuple[Via, ...]) -> float:
    return min(hypot(a.x - b.x, a.y - b.y) for a, b in combinations(vias, 2))


@pytest.mark.parametrize("shape", ["circle", "octagon", "rect"])
@pytest.mark.parametrize(("width", "cuts"), [(80, 6), (100, 5), (200, 25)])
def test_wide_traces_change_level_by_all_that_fits(width: int, cuts: int, shape: str, tmp_path: Path) -> None:
    design = with_shape(wide(tmp_path, width), ShapeKind(shape))
    layout = tighten(design, routed(design, WAY))
    at = places(layout.vias)
    assert {(-200_000, 0), (200_000, 0)} <= set(at)
    if shape == "circle":
        assert len(at) == 2 * cuts
    judged = judged_as_drawn(design, layout, tmp_path)
    assert judged.clean, (judged.violations, judged.faults, judged.differences)


def test_the_narrower_trace_says_how_many(tmp_path: Path) -> None:
    design, via = wide(tmp_path, 200), Via(0, 0, 0, 0)
    ways = [(-400, 0), (0, 0)], [(0, 0), (0, 400)]
    for narrow, cuts in ((200, 25), (100, 10), (60, 3), (24, 1)):
        traces = [trace(0, 200, *ways[0]), trace(1, narrow, *ways[1])]
        assert len(with_arrays(design, traces, (via,), {})) == cuts
    assert with_arrays(design, [trace(0, 200, *ways[0])], (via,), {}) == (via,), "nothing but a capture pad above"


def test_arrays_keep_from_each_other_and_from_other_cuts(tmp_path: Path) -> None:
    design = wide(tmp_path, 200)
    vias = tuple(Via(0, 0, x, y) for x, y in ((0, 0), (70_000, 0), (0, 95_000)))
    traces = [trace(level, 200, (0, 0), (70, 0)) for level in (0, 1)]
    found = with_arrays(design, traces, vias, {})
    rule = design.pdk.vias[0]
    assert set(vias) < set(found)
    assert least_gap(found) >= rule.cut + rule.spacing


@pytest.mark.parametrize("stackable", [False, True])
def test_arrays_are_not_stacked_where_cuts_may_not_be(stackable: bool, tmp_path: Path) -> None:
    design = wide(tmp_path, 200, levels=3)
    vias = tuple(replace(rule, stackable=stackable) for rule in design.pdk.vias)
    design = replace(design, pdk=replace(design.pdk, vias=vias))
    traces = [trace(0, 200, (-300, 0), (0, 0)), trace(1, 200, (0, 0), (40, 0)), trace(2, 200, (40, 0), (300, 0))]
    found = with_arrays(design, traces, (Via(0, 0, 0, 0), Via(0, 1, 40_000, 0)), {})
    apart = min(hypot(a - c, b - d) for a, b in places(found) for c, d in places(found, 1))
    assert (apart > vias[0].cut) != stackable
    assert min(len(places(found)), len(places(found, 1))) > 1


def test_a_land_is_metal_too(tmp_path: Path) -> None:
    design = package(tmp_path, [(0, 0), (500, 0)], [], WIDE.replace("WIDTH", "200"), sizes={0: 140})
    above = [trace(1, 200, (0, 0), (400, 0))]
    assert len(with_arrays(design, above, (Via(0, 0, 0, 0),), {})) == 9


def test_a_trace_narrower_than_an_array_has_cuts_behind_each_other_in_a_land(tmp_path: Path) -> None:
    # A supply of 60 µm went into its ball of 250 µm through a single cut of 15 µm.
    design = package(tmp_path, [(0, 0), (500, 0)], [], WIDE.replace("WIDTH", "60"), sizes={0: 250})
    for end, each in (((400, 0), (1, 0)), ((300, 300), (1, 1))):
        found = with_arrays(design, [trace(1, 60, (0, 0), end)], (Via(0, 0, 0, 0),), {})
        pitch = found[1].x
        assert places(found) == [(pitch * step * each[0], pitch * step * each[1]) for step in range(len(found))]
        assert len(found) > 2
        assert least_gap(found) >= design.pdk.vias[0].cut + design.pdk.vias[0].spacing


def test_none_are_made_for_cuts_with_rules_of_their_own(tmp_path: Path) -> None:
    design, via = wide(tmp_path, 200), Via(0, 0, 0, 0)
    traces = [trace(level, 200, (0, 0), (400, 0)) for level in (0, 1)]
    name = design.pdk.vias[0].name
    rule = Rule("V1.P", RuleKind.PITCH, (name,), 50_000)
    strict = replace(design, pdk=replace(design.pdk, rules=(*design.pdk.rules, rule)))
    assert len(with_arrays(design, traces, (via,), {})) > 1
    assert with_arrays(strict, traces, (via,), {}) == (via,)


def test_narrow_packages_stay_as_they_are(tmp_path: Path) -> None:
    design = wide(tmp_path, 20)
    layout: Layout = tighten(design, routed(design, WAY))
    assert len(layout.vias) == 2


@pytest.mark.parametrize("width", [30, 40])
def test_a_thin_trace_along_a_large_land_has_as_many_cuts_as_it_can_feed(width: int, tmp_path: Path) -> None:
    """A hundred would fit behind each other."""
    along = trace(0, width, (-1500, 0), (1500, 0))
    design = wide(tmp_path, width)
    found = with_arrays(design, [along], (Via(0, 0, 0, 0),), {(0, 1, 0, 0): 3_000_000})
    assert len(found) * design.pdk.vias[0].cut / 1000 == pytest.approx(4 * width, rel=0.1)
    assert max(abs(via.x) for via in found) < 200_000, "the nearest ones"
