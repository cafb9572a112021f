"""How a path ends within a land, and how near it passes by one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from both_engines import judged_here
from footprint_gaps import clearance

from router import flow
from router.maze.access import inside_lands
from router.maze.footprint import Footprint
from router.maze.kernels.static import BOX, gap
from router.maze.kernels.stubs import turn_in
from router.model.design import Design
from router.model.geometry import GRID_SLACK
from router.read.design import read_design
from router.write.gds import write_gds


@pytest.mark.parametrize(
    ("bend", "before", "end", "tail"),
    [
        (1, (-10, 0), (0, 0), [(0, 0)]),
        (1, (-10, 0), (4, 0), [(4, 0)]),
        (1, (-10, 0), (4, 1), [(3, 0), (4, 1)]),
        (1, (-10, 0), (1, 4), [(-3, 0), (1, 4)]),
        (1, (-10, 0), (0, -4), [(-4, 0), (0, -4)]),
        (1, (10, 10), (-2, -4), [(-2, -2), (-2, -4)]),
        (1, (10, 10), (-2, 2), [(2, 2), (-2, 2)]),
        (2, (-10, 0), (4, 0), [(4, 0)]),
        (2, (-10, 0), (4, 1), [(4, 0), (4, 1)]),
        (2, (-10, 0), (-4, 1), [(-4, 0), (-4, 1)]),
        (2, (0, 10), (3, -2), [(0, -2), (3, -2)]),
    ],
)
def test_a_path_turns_to_the_centre_by_a_bend_of_its_level(
    bend: int, before: tuple[int, int], end: tuple[int, int], tail: list[tuple[int, int]]
) -> None:
    found = turn_in(*before, 0, 0, *end, 8, bend)
    assert [tuple(point) for point in found.tolist()] == tail


@pytest.mark.parametrize(
    ("before", "end"), [((-10, 0), (4, 90)), ((-10, 0), (4, 91)), ((-10, 0), (-4, 91)), ((0, 10), (-87, -2))]
)
def test_without_diagonals_a_path_does_not_turn_outside_the_land(before: tuple[int, int], end: tuple[int, int]) -> None:
    assert len(turn_in(*before, 0, 0, *end, 8, 2)) == 0


@pytest.mark.parametrize("end", [(0, -4, 5), (0, -12, 40)])
def test_a_path_does_not_turn_outside_the_land_nor_before_its_last_step(end: tuple[int, int, int]) -> None:
    assert len(turn_in(-10, 0, 0, 0, *end, 1)) == 0


def test_a_trace_passes_a_round_land_as_near_as_along_its_axis() -> None:
    """A land Ø 25 and a trace of 2 keep 2: their centres 15.5 apart, wherever the trace has its nodes."""
    core = np.zeros(4)
    for aside in (0, 1_000, 3_000):
        assert gap(core, BOX, float(aside), 15_500.0, 1_000.0, 12_500.0, 52.0) >= 2_000
    assert gap(core, BOX, 0.0, 15_499.0, 1_000.0, 12_500.0, 52.0) < 2_000
    via = Footprint(True, 12_500, 2_000, 50 + GRID_SLACK)
    trace = Footprint(False, 1_000, 2_000, GRID_SLACK)
    assert [clearance(via, trace, aside, 15_500) for aside in (0, 500)] == [0.0, 0.0]


@pytest.mark.parametrize(
    ("terminal", "offset", "within"),
    [(0, (34_500, 0), True), (0, (0, -34_600), False), (0, (24_300, 24_300), True), (0, (-24_500, 24_500), False),
     (5, (95_000, -45_000), True), (5, (95_001, 0), False), (5, (0, 45_001), False)],
)  # fmt: skip
def test_a_trace_ends_within_a_land_with_the_corners_of_its_end(
    small_design: Design, terminal: int, offset: tuple[int, int], within: bool
) -> None:
    """Lands of Ø 80 µm and of 200 × 100 µm; a trace of 10 µm ends in an octagon whose corners stand 5.41 µm out."""
    assert inside_lands(small_design, [terminal], np.array([[offset]]), np.array([5_000])).tolist() == [[within]]


def test_no_stub_comes_too_near_to_what_stands_beside_a_land_narrower_than_its_trace(tmp_path: Path) -> None:
    """The node that it leads from is far enough off, the centre of the land is not."""
    (tmp_path / "p.toml").write_text(
        """
        pdk = "fanout_10um"
        levels = 1
        outline = [1000, 1000]
        nets = { V = ["d.1", "d.2"], S = ["d.3", "d.4"] }
        class = [{ name = "wide", nets = ["V"], width = 98 }]
        fixed = [{ net = "S", level = "RDL1", width = 20, points = [[-200, -63], [200, -63]] }]
        lattice = { RDL1 = 14 }
        balls = [{ name = "b", at = [-300, 300], pad = "ball", array = { nx = 1, ny = 1, pitch = 500 } }]

        [[die]]
        name = "d"
        pad = "bump"
        pin = [
          { name = "1", x = 0, y = 3 }, { name = "2", x = 300, y = 200 },
          { name = "3", x = 300, y = -300 }, { name = "4", x = -300, y = -300 },
        ]
        """,
        encoding="utf-8",
    )
    result = flow.route(read_design(tmp_path / "p.toml"))
    assert result.routing.open_nets == {"V"}
    write_gds(tmp_path / "p.gds", result.design, result.masks)
    judged = judged_here(tmp_path / "p.gds", result.design)
    assert not judged.differences
    assert not any(verdict.violations for verdict in judged.verdicts.values())


def test_lands_narrower_than_their_traces_of_nets_with_nothing_to_join_are_passed_over(tmp_path: Path) -> None:
    """Joined inside the die, all of them are one end each: no trace leaves any."""
    (tmp_path / "p.toml").write_text(
        'name = "p"\npdk = "fanout_10um"\nlevels = 1\noutline = [1000, 1000]\n'
        '[[die]]\nname = "d"\npad = "bump"\npad_size = 40\njoined = true\narray = { nx = 2, ny = 1, pitch = 200 }\n'
        '[nets]\nA = ["d.*"]\n[[class]]\nname = "wide"\nnets = ["A"]\nwidth = 50\n',
        encoding="utf-8",
    )
    result = flow.route(read_design(tmp_path / "p.toml"))
    assert not result.routing.unrouted
    assert not result.layout.traces
