"""Paths to lines: straight runs merged, trees cut where a branch leaves, cuts each once."""

from __future__ import annotations

import numpy as np
import pytest

from router.draw.centreline import Pad, collect_vias, draw_lines, known_pads
from router.draw.shapes import without_straights
from router.model.design import Design
from router.model.layout import Via
from router.model.routing import Path, Routing


def points(*xy: tuple[int, int]) -> np.ndarray:
    return np.array(xy, dtype=np.int64) * 1000


def disc(radius: int) -> Pad:
    return Pad(radius, radius, False)


def routing(*paths: Path) -> Routing:
    return Routing(paths, (), (), 0, False, 0)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([(0, 0), (1, 0), (2, 0), (3, 1), (4, 2)], [(0, 0), (2, 0), (4, 2)]),
        ([(0, 0), (0, 0), (5, 5), (5, 5), (9, 9)], [(0, 0), (9, 9)]),
        ([(0, 0), (2, 0), (1, 0)], [(0, 0), (2, 0), (1, 0)]),
        ([(0, 0), (1, 3), (3, 9), (4, 12), (6, 17)], [(0, 0), (4, 12), (6, 17)]),
        ([(7, 7)], [(7, 7)]),
        ([(7, 7), (7, 7)], [(7, 7)]),
    ],
)
def test_only_corners_are_kept(given: list[tuple[int, int]], expected: list[tuple[int, int]]) -> None:
    assert without_straights(points(*given)).tolist() == points(*expected).tolist()


def test_a_path_over_two_levels_becomes_traces_and_a_cut(small_design: Design) -> None:
    path = Path(
        0,
        points((-200, 0), (-250, 0), (-300, 0), (-300, 0), (-400, 100), (-600, 300), (-600, 400)),
        np.array([0, 0, 0, 1, 1, 1, 1]),
    )
    lines, vias = draw_lines(small_design, routing(path))
    assert vias == (Via(0, 0, -300_000, 0),)
    assert [line.trace.level for line in lines] == [0, 1]
    assert lines[0].trace.points.tolist() == points((-200, 0), (-300, 0)).tolist()
    assert lines[1].trace.points.tolist() == points((-300, 0), (-600, 300), (-600, 400)).tolist()
    assert [line.held for line in lines] == [(False, False), (False, False)]
    assert [line.pads for line in lines] == [(disc(40_000), disc(12_500)), (disc(12_500), disc(120_000))]


def test_a_line_is_cut_and_held_where_a_branch_leaves(small_design: Design) -> None:
    """The branch meets the trunk outside any pad: both keep their direction there."""
    trunk = Path(0, points((-200, 0), (-100, 0), (0, 0), (100, 0), (150, 0)), np.zeros(5, dtype=np.int64))
    branch = Path(0, points((0, 0), (50, 50), (100, 100)), np.zeros(3, dtype=np.int64))
    lines, vias = draw_lines(small_design, routing(trunk, branch))
    assert vias == ()
    assert [line.trace.points.tolist() for line in lines] == [
        points((-200, 0), (0, 0)).tolist(),
        points((0, 0), (150, 0)).tolist(),
        points((0, 0), (100, 100)).tolist(),
    ]
    assert [line.held for line in lines] == [(False, True), (True, True), (True, True)]
    other = Path(1, branch.points, branch.levels)
    lines, _ = draw_lines(small_design, routing(trunk, other))
    assert len(lines) == 2, "another net's path cuts nothing"


def test_cuts_shared_by_paths_are_drawn_once_and_in_order(small_design: Design) -> None:
    down = Path(0, points((5, 5), (5, 5)), np.array([1, 0]))
    up = Path(0, points((5, 5), (5, 5)), np.array([0, 1]))
    other = Path(1, points((-5, 5), (-5, 5)), np.array([0, 1]))
    assert collect_vias((other, up, down)) == (Via(0, 0, 5_000, 5_000), Via(1, 0, -5_000, 5_000))
    lines, _ = draw_lines(small_design, routing(up, other))
    assert lines == [], "a cut alone is no trace"


def test_pads_are_known_by_net_level_and_place(small_design: Design) -> None:
    pads = known_pads(small_design, (Via(1, 0, 7, 8),))
    assert pads == {
        (0, 0, -200_000, 0): disc(40_000),
        (1, 0, 200_000, 0): disc(40_000),
        (0, 1, -600_000, 400_000): disc(120_000),
        (1, 1, 600_000, 400_000): disc(120_000),
        (1, 0, 7, 8): disc(12_500),
        (1, 1, 7, 8): disc(12_500),
    }
