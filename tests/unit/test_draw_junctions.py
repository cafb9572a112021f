"""Junctions that move after routing: cuts onto the lines of traces and the centres of lands, branches of trees."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from junction_packages import OFF_ITS_LINE, corners, manhattan, package, routed, vias

from router.draw import move_junctions
from router.draw.centreline import draw_lines
from router.draw.kernels.junctions import Junctions
from router.draw.kernels.move_junctions import apart_from_own
from router.draw.scene import empty_scene, fill
from router.draw.tighten import tighten
from router.maze import route_design
from router.model.design import Net
from router.model.geometry import Points
from router.model.layout import Layout
from router.model.routing import Path as Way
from router.plan.assign import assign_balls
from router.read.design import read_design

pytestmark = pytest.mark.usefixtures("no_cut_is_spared")


def test_a_cut_comes_to_the_line_of_its_traces(tmp_path: Path) -> None:
    design = manhattan(package(tmp_path, [(-400, 0), (100, 400)], []))
    layout = tighten(design, routed(design, OFF_ITS_LINE))
    assert corners(layout) == 0
    assert vias(layout) == [(100, 0), (100, 400)]


def test_cuts_on_one_line_come_to_another_together(tmp_path: Path) -> None:
    """Neither could alone: the trace between them would have to bend."""
    design = package(tmp_path, [(-600, 0), (600, 0)], [])
    first = [(-600, 0, 0), (-400, 0, 0), (-388, 12, 0), (-200, 12, 0), (-200, 12, 1)]
    last = [(200, 12, 1), (200, 12, 0), (388, 12, 0), (400, 0, 0), (600, 0, 0)]
    layout = tighten(design, routed(design, [*first, *last]))
    assert corners(layout) == 0
    assert vias(layout) == [(-200, 0), (200, 0)]


def test_a_branch_comes_to_the_line_of_its_tree(tmp_path: Path) -> None:
    design = package(tmp_path, [(-400, 0), (400, 0), (0, 400)], [])
    trunk = [(-400, 0, 0), (-212, 0, 0), (-200, 12, 0), (0, 12, 0), (200, 12, 0), (212, 0, 0), (400, 0, 0)]
    layout = tighten(design, routed(design, trunk, [(0, 400, 0), (0, 12, 0)]))
    assert corners(layout) == 0
    assert sorted(trace.points[:, 1].min() for trace in layout.traces) == [0, 0, 0]


def test_a_branch_comes_to_the_line_of_pads_from_which_no_trace_leads_along_it(tmp_path: Path) -> None:
    """The trunk steps aside at its very ends, so that none of its runs lies on that line."""
    design = package(tmp_path, [(-400, 0), (400, 0), (0, 400)], [])
    trunk = [(-400, 0, 0), (-398, 2, 0), (0, 2, 0), (398, 2, 0), (400, 0, 0)]
    layout = tighten(design, routed(design, trunk, [(0, 400, 0), (0, 2, 0)]))
    assert corners(layout) == 0


def test_a_cut_goes_to_the_centre_of_its_land(tmp_path: Path) -> None:
    design = package(tmp_path, [(-400, 0), (400, 0)], [])
    west, east = [(-400, 0, 0), (-391, 0, 0), (-391, 0, 1)], [(388, 0, 1), (388, 0, 0), (400, 0, 0)]
    layout = tighten(design, routed(design, west + east))
    assert vias(layout) == [(-400, 0), (400, 0)]
    assert [trace.points.tolist() for trace in layout.traces] == [[[-400_000, 0], [400_000, 0]]]


@pytest.mark.parametrize("way", [[(20, -300), (0, -320)], [(0, -20)]], ids=["another line", "another direction"])
@pytest.mark.parametrize("side", [-1, 1])
def test_a_branch_on_a_land_comes_to_its_centre(tmp_path: Path, side: int, way: list[tuple[int, int]]) -> None:
    """What leaves it there would else jog back onto the line of the pads."""
    design = package(tmp_path, [(-400, 0), (0, 0), (0, -400)], [])
    trunk = [(x, 0, 0) for x in sorted((-400, 20 * side, 0))]
    branch = [(20 * side, 0, 0), *((side * x, y, 0) for x, y in way), (0, -400, 0)]
    layout = tighten(design, routed(design, trunk, branch))
    assert sorted(trace.points.tolist() for trace in layout.traces) == [
        [[-400_000, 0], [0, 0]],
        [[0, 0], [0, -400_000]],
    ]


def test_a_cut_leaves_the_centre_of_its_land_for_the_line_of_its_trace(tmp_path: Path) -> None:
    """The strap that this takes lies within the land; the bends that it saves do not."""
    design = package(tmp_path, [(-400, 0), (400, 9)], [])
    way = [(-400, 0, 0), (-400, 0, 1), (340, 0, 1), (349, 9, 1), (400, 9, 1), (400, 9, 0)]
    layout = tighten(design, routed(design, way))
    assert {trace.level for trace in layout.traces if len(trace.points) > 2} <= {0}
    assert {trace.level for trace in layout.traces} == {0, 1}


def test_two_cuts_that_come_to_the_centre_of_one_land_are_one(tmp_path: Path) -> None:
    design = package(tmp_path, [(0, 0), (-400, 0), (400, 0)], [], sizes={0: 200})
    west = [(-400, 0, 0), (-400, 0, 1), (-60, 0, 1), (-60, 0, 0), (0, 0, 0)]
    layout = tighten(design, routed(design, west, [(-x, y, level) for x, y, level in west]))
    assert vias(layout) == [(-400, 0), (0, 0), (400, 0)]
    assert {trace.level for trace in layout.traces} == {1}


@pytest.mark.parametrize(("apart", "moves"), [(27.6, True), (27.5, False)])
def test_a_cut_keeps_its_distance_from_other_nets(tmp_path: Path, apart: float, moves: bool) -> None:
    """A capture pad of 25 µm and a trace of 10 µm keep 10 µm, and a hair more as circles are drawn as polygons."""
    wall = f'\n[[fixed]]\nnet = "O2"\nlevel = "RDL1"\nwidth = 10\npoints = [[50, {-apart}], [300, {-apart}]]\n'
    design = manhattan(package(tmp_path, [(-400, 0), (100, 400)], [(300, -400)], wall))
    layout = tighten(design, routed(design, OFF_ITS_LINE))
    assert ((100, 0) in vias(layout)) == moves


@pytest.mark.parametrize(("apart", "moves"), [(75.2, True), (75, False)])
def test_a_cut_keeps_the_distance_of_cuts_from_those_of_other_nets(tmp_path: Path, apart: float, moves: bool) -> None:
    """Where that is more than their pads ask for: cuts of 15 µm, 60 µm apart."""
    design = manhattan(package(tmp_path, [(-400, 0), (100, 400)], [(100, -500), (500, -500)], "", join=True))
    apart_cuts = tuple(replace(via, spacing=60_000) for via in design.pdk.vias)
    design = replace(design, pdk=replace(design.pdk, vias=apart_cuts))
    there, back = [(100, -500, 0), (100, -apart, 0)], [(500, -apart, 0), (500, -500, 0)]
    other = [*there, (100, -apart, 1), (500, -apart, 1), *back]
    routing = routed(design, OFF_ITS_LINE)
    net = next(k for k, net in enumerate(design.nets) if net.name == "O2")
    way = Way(net, np.array([(x * 1000, y * 1000) for x, y, _ in other], dtype=np.int64), np.array([0, 0, 1, 1, 0, 0]))
    layout = tighten(design, replace(routing, paths=(*routing.paths, way)))
    assert ((100, 0) in vias(layout)) == moves


@pytest.mark.parametrize("questions", [0, 1])
def test_a_run_that_is_stopped_keeps_cuts_and_traces_together(tmp_path: Path, questions: int) -> None:
    design = manhattan(package(tmp_path, [(-400, 0), (100, 400)], []))
    asked = iter([False] * questions)
    layout = tighten(design, routed(design, OFF_ITS_LINE), stop=lambda: next(asked, True))
    ends = {(t.level, x, y) for t in layout.traces for x, y in t.points[[0, -1]].tolist()}
    lands = {(t.level, t.x, t.y) for t in design.terminals}
    places = {(level, via.x, via.y) for via in layout.vias for level in (via.index, via.index + 1)}
    assert places <= ends | lands


def test_a_given_trace_of_another_net_is_no_more_than_in_the_way(tmp_path: Path) -> None:
    around = '\n[[fixed]]\nnet = "O2"\nlevel = "RDL2"\nwidth = 10\npoints = [[-600, -500], [600, -500], [600, 600]]\n'
    design = manhattan(package(tmp_path, [(-400, 0), (100, 400)], [(-600, -600)], around))
    layout = tighten(design, routed(design, OFF_ITS_LINE))
    assert vias(layout) == [(100, 0), (100, 400)]


def test_what_meets_on_a_given_trace_stays(tmp_path: Path) -> None:
    given = '\n[[fixed]]\nnet = "A"\nlevel = "RDL2"\nwidth = 10\npoints = [[100, 12], [100, 400]]\n'
    design = manhattan(package(tmp_path, [(-400, 0), (100, 400)], [], given))
    layout = tighten(design, routed(design, OFF_ITS_LINE[:5], [(100, 400, 1), (100, 400, 0)]))
    assert vias(layout) == [(100, 12), (100, 400)]


def test_a_full_grid_is_filled_again_and_nothing_else_changes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    design = assign_balls(read_design("hub"))
    routing = route_design(design)
    roomy = tighten(design, routing)
    filled = []

    def tight(lines, sizes, nets, fixed, reach):  # type: ignore[no-untyped-def]
        """A grid with room for one more trace to move."""
        whole = move_junctions_make_scene(lines, sizes, nets, fixed, reach)
        records, links = int(whole.used[0]) + 1, int(whole.used[1]) + 16
        scene = empty_scene(whole.frame, len(lines.counts), records, links)
        fill(scene, lines, sizes, nets, fixed)
        filled.append(records)
        return scene

    move_junctions_make_scene = move_junctions.make_scene
    monkeypatch.setattr(move_junctions, "make_scene", tight)
    assert same(tighten(design, routing), roomy)
    assert len(filled) > 2, "more than once a round"


def test_junctions_look_as_far_as_spacings_ask_however_many_nets_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """The numbers of nets stood among the spacings of capture pads: 20 000 nets at 2 µm looked ten times as far."""
    design = read_design("toy")
    routing = route_design(design)
    many, looked = 100_000, list[float]()
    behind = replace(design, nets=(Net("", (), "default"),) * many + design.nets)
    shifted = replace(routing, paths=tuple(replace(path, net=path.net + many) for path in routing.paths))
    kernel = move_junctions.move_junctions
    monkeypatch.setattr(move_junctions, "move_junctions", lambda *all_: looked.append(all_[-1]) or kernel(*all_))
    tighten(design, routing)
    alone = set(looked)
    tighten(behind, shifted)
    assert set(looked) == alone


def same(one: Layout, other: Layout) -> bool:
    def flat(layout: Layout) -> list[Points]:
        return [trace.points.tolist() for trace in layout.traces]

    return flat(one) == flat(other) and one.vias == other.vias


def test_no_trace_gets_longer_by_more_than_the_bends_it_saves(tmp_path: Path) -> None:
    design = read_design("toy")
    routing = route_design(design)
    lines, _ = draw_lines(design, routing)
    before = sum(np.hypot(*(b - a)) for line in lines for a, b in pairwise(line.trace.points))
    after = sum(np.hypot(*(b - a)) for trace in tighten(design, routing).traces for a, b in pairwise(trace.points))
    assert after <= before * (1 + 1e-9)


@pytest.mark.parametrize(("x", "stands"), [(1, False), (29_999, False), (30_000, True)])
def test_what_has_become_one_cut_does_not_part_by_less_than_the_distance_of_two(x: int, stands: bool) -> None:
    none, two = np.zeros((0, 3), dtype=np.int64), np.zeros((2, 2), dtype=np.int64)
    first, near = np.array([0, 1, 2]), np.array([(1, 30_000, 1), (0, 30_000, 1)])
    lands, sizes = np.zeros((0, 9)), np.zeros((0, 4))
    moves, most = np.ones(2, dtype=np.bool_), np.full(2, 100_000)
    starts = np.zeros(3, dtype=np.int64)
    both = Junctions(
        two, two.copy(), moves, most, starts, starts[:0], sizes, starts, none, two, starts, lands, first, near
    )
    assert apart_from_own(both, 0, np.array([0]), 1, x, 0, False) == stands
