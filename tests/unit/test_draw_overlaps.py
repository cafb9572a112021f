"""Wide traces that change level run on along each other, where one cut alone has room at their ends."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from both_engines import judged_as_drawn
from junction_packages import package, routed

from router.draw.overlaps import ROLE
from router.draw.tighten import tighten
from router.model.design import Design
from router.model.layout import Layout, Via
from router.model.pdk import ShapeKind

pytestmark = pytest.mark.usefixtures("no_cut_is_spared")

Stop = tuple[float, float, int]
Spot = tuple[float, float]
CLASS = '[[class]]\nname = "wide"\nnets = ["A"]\nwidth = WIDTH\n'
STRAIGHT = [(-600, 0, 0), (-200, 0, 0), (-200, 0, 1), (200, 0, 1), (200, 0, 0), (600, 0, 0)]
FIRST = (-200, 0)


def wide(folder: Path, width: int, others: list[Spot] | None = None, levels: int = 2, ends: Spot = (600, 0)) -> Design:
    return package(folder, [(-600, 0), ends], others or [], CLASS.replace("WIDTH", str(width)), levels=levels)


def beside(vias: tuple[Via, ...], at: Spot, index: int = 0) -> list[Spot]:
    """How far the cuts about a place stand from it, µm."""
    x, y = at
    near = [(via.x / 1000 - x, via.y / 1000 - y) for via in vias if via.index == index]
    return sorted((dx, dy) for dx, dy in near if abs(dx) < 200)


def assert_clean(design: Design, layout: Layout, folder: Path) -> None:
    judged = judged_as_drawn(design, layout, folder)
    assert judged.clean, (judged.violations, judged.faults, judged.differences)


@pytest.mark.parametrize(("width", "cuts"), [(24, 1), (30, 2), (60, 4), (80, 6)])
def test_cuts_are_together_as_wide_as_the_trace(width: int, cuts: int, tmp_path: Path) -> None:
    design = wide(tmp_path, width)
    layout = tighten(design, routed(design, STRAIGHT))
    assert len(layout.vias) == 2 * cuts
    assert {y for _, y in beside(layout.vias, FIRST)} == {0}
    assert (len(layout.shapes) == 2) == (cuts > 1)
    assert_clean(design, layout, tmp_path)


@pytest.mark.parametrize(("width", "cuts"), [(30, 1), (60, 4)])
def test_square_captures_lie_within_slanted_metal(width: int, cuts: int, tmp_path: Path) -> None:
    design = wide(tmp_path, width, ends=(600, 600))
    design = replace(design, pdk=replace(design.pdk, vias=(replace(design.pdk.vias[0], shape=ShapeKind.RECT),)))
    way: list[Stop] = [(-600, 0, 0), (0, 0, 0), (0, 0, 1), (600, 600, 1), (600, 600, 0)]
    layout = tighten(design, routed(design, way))
    assert len(layout.vias) == cuts + 1
    assert_clean(design, layout, tmp_path)


@pytest.mark.parametrize("turned", [(300, 300), (0, 300)])
def test_they_stand_along_one_of_the_traces_that_meet(turned: Spot, tmp_path: Path) -> None:
    """Round a corner of 45° or 90°."""
    ends = turned[0] + 200, turned[1]
    design = wide(tmp_path, 60, ends=ends)
    way: list[Stop] = [(-600, 0, 0), (0, 0, 0), (0, 0, 1), (*turned, 1), (*turned, 0), (*ends, 0)]
    layout = tighten(design, routed(design, way))
    assert len(layout.vias) > 6
    assert {shape.role for shape in layout.shapes} == {ROLE}
    assert_clean(design, layout, tmp_path)


def test_metal_goes_on_where_there_is_room(tmp_path: Path) -> None:
    """On the upper level if bumps of others lie beside the way on the lower one."""
    found = []
    for others in ([], [(-140, 65), (-140, -65)]):
        design = wide(tmp_path, 60, others)
        layout = tighten(design, routed(design, STRAIGHT))
        assert_clean(design, layout, tmp_path)
        found.append([round(dx) for dx, _ in beside(layout.vias, FIRST)])
        assert [shape.level for shape in layout.shapes] == [len(others) // 2, 0]
    assert found == [[0, 30, 60, 90], [-90, -60, -30, 0]]


def test_there_are_fewer_where_there_is_less_room(tmp_path: Path) -> None:
    """A trace of another net above, and bumps below."""
    more = '[[fixed]]\nnet = "O2"\nlevel = "RDL2"\nwidth = 20\npoints = [[-280, 400], [-280, -400]]\n'
    text = CLASS.replace("WIDTH", "60") + more
    design = package(tmp_path, [(-600, 0), (600, 0)], [(-100, 65), (-100, -65)], text)
    layout = tighten(design, routed(design, STRAIGHT))
    assert [round(dx) for dx, _ in beside(layout.vias, FIRST)] == [0, 30, 60]
    assert not judged_as_drawn(design, layout, tmp_path).violations


def test_cuts_of_a_column_have_as_many_behind_each(tmp_path: Path) -> None:
    design = wide(tmp_path, 60, levels=3)
    down: list[Stop] = []
    for x, y, level in STRAIGHT:
        between = [] if not down or down[-1][:2] != (x, y) else [(x, y, 1)]
        down += [*between, (x, y, 2 * level)]
    layout = tighten(design, routed(design, down))
    assert beside(layout.vias, FIRST) == beside(layout.vias, FIRST, 1)
    assert len(layout.vias) == 16
    assert {shape.level for shape in layout.shapes} == {0, 1}
    assert_clean(design, layout, tmp_path)


def test_what_is_stopped_stays_as_it_is(tmp_path: Path) -> None:
    design = wide(tmp_path, 60)
    assert len(tighten(design, routed(design, STRAIGHT), stop=lambda: True).vias) == 2
