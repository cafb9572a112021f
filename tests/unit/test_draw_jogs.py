"""Jogs beside lands, which are taken within them where nothing of that is seen."""

from __future__ import annotations

from pathlib import Path

import pytest
from junction_packages import corners, package, routed

from router.draw.tighten import tighten

# Of another net; traces of 10 µm keep 20 µm from its centre line.
WALL = '\n[[fixed]]\nnet = "O2"\nlevel = "RDL1"\nwidth = 10\npoints = [[{0}, {2}], [{1}, {2}]]\n'
ABOVE, BELOW = WALL.format(-340, -100, 23), WALL.format(100, 340, -19)
CONTACT = """
[[passive]]
name = "cap"
size = [400, 400]
at = [300, ASIDE]
pad = "contact"
pad_size = [50, 100]
pin = [{ name = "1", x = 0, y = 0, net = "A" }]
"""


def off_the_line(aside: float, right: float = 400) -> list[tuple[float, float, int]]:
    """From a land at (-400, 0) to one at (right, aside)."""
    return [(-400, 0, 0), (-100, 0, 0), (-100 + aside, aside, 0), (right, aside, 0)]


@pytest.mark.parametrize(("aside", "bends"), [(4, 1), (5, 1), (6, 2)])
def test_a_round_land_hides_a_jog_as_long_as_the_trace_covers_the_line_of_its_centre(
    tmp_path: Path, aside: float, bends: int
) -> None:  # fmt: skip
    """Farther aside there would be a sharp corner between the two, which asks for a fill."""
    design = package(tmp_path, [(-400, 0), (400, aside)], [])
    layout = tighten(design, routed(design, off_the_line(aside)))
    assert corners(layout) == bends
    if bends == 1:
        assert layout.traces[0].points.tolist()[1] == [-400_000 + aside * 1000, aside * 1000]


@pytest.mark.parametrize(("aside", "hidden"), [(8, True), (20, True), (21, False)])
def test_a_land_with_sides_hides_a_jog_as_long_as_the_trace_leaves_it_within_one(
    tmp_path: Path, aside: float, hidden: bool
) -> None:  # fmt: skip
    """A contact 50 µm wide, and a trace of 10 µm."""
    design = package(tmp_path, [(-400, 0)], [], CONTACT.replace("ASIDE", str(aside)))
    layout = tighten(design, routed(design, off_the_line(aside, 300)))
    assert ([300_000 - aside * 1000, 0] in layout.traces[0].points.tolist()) == hidden


@pytest.mark.parametrize(
    ("walls", "way"),
    [
        ("", [[-400, 0], [-396, 4], [400, 4]]),
        (ABOVE, [[-400, 0], [396, 0], [400, 4]]),
        (ABOVE + BELOW, None),
    ],
    ids=["none", "above", "both"],
)
def test_a_jog_stays_where_other_nets_leave_no_room_for_the_straight_run(
    tmp_path: Path, walls: str, way: list[list[int]] | None
) -> None:  # fmt: skip
    design = package(tmp_path, [(-400, 0), (400, 4)], [(300, -400)], walls)
    found = [t.points.tolist() for t in tighten(design, routed(design, off_the_line(4))).traces if not t.fixed]
    if way is None:
        assert [len(points) for points in found] == [4]
    else:
        assert found == [[[x * 1000, y * 1000] for x, y in way]]


@pytest.mark.parametrize(("widest", "hidden"), [(40, True), (48, True), (50, False)])
def test_a_land_hides_the_jog_of_a_trace_as_wide_as_that_may_become(
    tmp_path: Path, widest: float, hidden: bool
) -> None:  # fmt: skip
    """A land of 60 µm, and a jog of 5.66 µm: wider metal would stand out of the land on one side."""
    widened = f'\n[[class]]\nname = "wide"\nnets = ["A"]\nwiden = {widest}\n'
    design = package(tmp_path, [(-400, 0), (400, 4)], [], widened)
    layout = tighten(design, routed(design, off_the_line(4)))
    bends = {tuple(point) for trace in layout.traces for point in trace.points.tolist()}
    assert ((-396_000, 4000) in bends) == hidden
