"""Cuts that a net does without, as a line may lie on the level that they lead to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from junction_packages import package, routed

from router.draw.centreline import Line, draw_lines
from router.draw.spare_cuts import Metal, spare_cuts
from router.draw.standing import still_obstacles
from router.draw.tighten import tighten
from router.model.design import Design

LEFT, RIGHT, LOW = (-400, 0), (400, 0), (0, -300)
# Between two cuts in lands on RDL2; and from the left land on RDL1 first, to a cut, and on RDL2 again.
ACROSS = [(-400, 0, 0), (-400, 0, 1), (400, 0, 1), (400, 0, 0)]
DOWN = [(-400, 0, 0), (-400, -300, 0), (-400, -300, 1), (0, -300, 1), (0, -300, 0)]
SPARED = (-400_000, -300_000)
# Of another net, across RDL1: what lies on RDL2 stays there.
BLOCK = '\n[[fixed]]\nnet = "B"\nlevel = "RDL1"\nwidth = 10\npoints = [[-200, -400], [-200, 100]]\n'
WALL = '\n[[fixed]]\nnet = "B"\nlevel = "RDL2"\nwidth = 10\npoints = [[{0}, -150], [{1}, -150]]\n'
THIN = '\n[[class]]\nname = "a"\nnets = ["A"]\nwidth = { RDL1 = 12, RDL2 = 10 }\n'
ONE_LEVEL = '\n[[class]]\nname = "a"\nnets = ["A"]\nlevels = ["RDL1"]\n'
OWN = '\n[[fixed]]\nnet = "A"\nlevel = "RDL1"\nwidth = 10\npoints = [[-450, -300], [-380, -300]]\n'


def blocked(folder: Path, more: str = "", *extra: tuple[float, float]) -> Design:
    net = [LEFT, RIGHT, LOW, *extra]
    return package(folder, net, [(300, 300)], (BLOCK + more).replace('"B"', f'"O{len(net)}"'))


def ways(design: Design, *paths: list[tuple[float, float, int]]) -> tuple[set[tuple[int, int]], list[list[list[int]]]]:
    """Where cuts are left, and the lines on RDL2, µm."""
    lines, vias = spare_cuts(design, *draw_lines(design, routed(design, *paths)), still_obstacles(design))
    upper = [(line.trace.points // 1000).tolist() for line in lines if line.trace.level == 1]
    return {(via.x, via.y) for via in vias}, upper


def test_a_line_from_cut_to_cut_goes_to_the_level_that_both_lead_to(tmp_path: Path) -> None:
    cuts, upper = ways(blocked(tmp_path), ACROSS, DOWN)
    assert cuts == {(-400_000, 0), (400_000, 0), (0, -300_000)}
    assert sorted(upper) == [[[-400, 0], [-400, -300], [0, -300]], [[-400, 0], [400, 0]]]


@pytest.mark.parametrize(
    "more",
    [WALL.format(-450, -350), WALL.format(-500, -411), THIN, ONE_LEVEL, OWN],
    ids=["another net", "too near", "narrower there", "not allowed there", "a fixed trace of its own"],
)
def test_it_stays_where_it_may_not_lie_there_or_its_cut_is_needed(tmp_path: Path, more: str) -> None:
    cuts, _ = ways(blocked(tmp_path, more), ACROSS, DOWN)
    assert SPARED in cuts


def test_it_goes_where_the_other_net_keeps_its_distance(tmp_path: Path) -> None:
    cuts, _ = ways(blocked(tmp_path, WALL.format(-500, -425)), ACROSS, DOWN)
    assert SPARED not in cuts


def test_a_cut_stays_where_another_line_of_its_net_comes_to_it(tmp_path: Path) -> None:
    other = [(-400, -300, 0), (-400, -500, 0)]
    cuts, _ = ways(blocked(tmp_path, "", (-400, -500)), ACROSS, DOWN, other)
    assert SPARED in cuts


@pytest.mark.parametrize(("apart", "left"), [(80, 0), (28, 0), (27, 2)])
def test_lines_side_by_side_go_as_long_as_they_keep_their_distance(tmp_path: Path, apart: int, left: int) -> None:
    """The first that went barred all others within twice the widest land. Cuts of old ways count still."""
    bent = 80 - apart
    design = package(tmp_path, [LEFT, RIGHT], [(-400, 80), (400, 80)], join=True)
    a = [(-400, 0, 0), (-300, 0, 0), (-300, bent, 0), (-300, bent, 1), (300, bent, 1), (300, bent, 0), (300, 0, 0),
         (400, 0, 0)]  # fmt: skip
    b = [(-400, 80, 0), (-200, 80, 0), (-200, 80, 1), (200, 80, 1), (200, 80, 0), (400, 80, 0)]
    found = routed(design, a, b)
    both = replace(found, paths=(found.paths[0], replace(found.paths[1], net=1 - found.paths[0].net)))
    _, vias = spare_cuts(design, *draw_lines(design, both), still_obstacles(design))
    assert len(vias) == left


def test_metal_that_was_put_there_counts_however_much_it_is(tmp_path: Path) -> None:
    """Lines of one net side by side, more than the grid has room for at first; one of another net beside each."""
    design = package(tmp_path, [LEFT, RIGHT], [(-400, 80), (400, 80)], join=True)
    (line,) = draw_lines(design, routed(design, [(-400, 0, 0), (400, 0, 0)]))[0]
    metal, records = Metal(design, 0, [], []), []

    def at(net: int, y: int) -> Line:
        points = np.array([[-300_000, y], [300_000, y]], dtype=np.int64)
        return replace(line, trace=replace(line.trace, net=net, points=points))

    # 10 µm wide traces, 10 µm apart.
    for y in range(-400_000, 400_000, 5_000):
        assert metal.has_room(at(1, y + 20_000))
        metal.take(at(0, y))
        records.append(len(metal.scene.nets))
        assert not metal.has_room(at(1, y + 19_000)) and metal.has_room(at(0, y + 1_000))
    assert records[-1] > records[0]
    assert not any(metal.has_room(at(1, y)) for y in range(-419_000, 414_000, 7_000))


def test_the_layout_has_no_such_cut(tmp_path: Path) -> None:
    design = blocked(tmp_path)
    assert len(tighten(design, routed(design, ACROSS, DOWN)).vias) == 3
