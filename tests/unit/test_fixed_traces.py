"""Fixed traces that end on nothing, and how paths join them."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from both_engines import judged_as_drawn

from router.draw.tighten import tighten
from router.maze import route_design
from router.maze.onto_fixed import foot
from router.maze.pieces import joined, loose_ends, metal_of
from router.maze.routed_paths import crossing_at
from router.model.design import Design
from router.model.layout import Layout
from router.read.design import read_design


def package(
    folder: Path,
    *fixed: tuple[str, list[list[float]]],
    width: float = 10,
    net: str = '["die.1", "die.2", "die.3"]',
    more: str = "",
) -> Design:
    text = f"""
name = "p"
pdk = "fanout_10um"
levels = 2
outline = [1400, 1000]
[[die]]
name = "die"
size = [1200, 800]
pad = "bump"
{more}
pin = [{{ name = "1", x = -400, y = 0 }}, {{ name = "2", x = 400, y = 0.3 }}, {{ name = "3", x = 0, y = 300 }}]
[nets]
A = {net}
"""
    for level, points in fixed:
        text += f'[[fixed]]\nnet = "A"\nlevel = "{level}"\nwidth = {width}\npoints = {points}\n'
    (folder / "p.toml").write_text(text, encoding="utf-8")
    return read_design(folder / "p.toml")


def assert_clean(folder: Path, design: Design, layout: Layout) -> None:
    """Both engines find nothing in the file as written."""
    judged = judged_as_drawn(design, layout, folder)
    assert judged.clean, (judged.violations, judged.faults)


def with_angles(design: Design, angles: str) -> Design:
    return replace(design, pdk=design.pdk.with_angles(angles))


WAYS = {
    "from a pad": [("RDL1", [[-400, 0], [-150, 0]])],
    "from a pad aslant": [("RDL1", [[-400, 0], [-287, 113]])],
    "between pads, off the lattice": [("RDL1", [[-101.3, 77.7], [98.4, 77.7]])],
    "between pads, aslant, off the lattice": [("RDL1", [[-101.3, 20.7], [-1.3, 120.7]])],
    "on another level": [("RDL2", [[-51.3, 77.7], [48.4, 77.7]])],
    "with a bend": [("RDL1", [[-400, 0], [-300, 0], [-200, 100]])],
    "short": [("RDL1", [[-3.3, 77.7], [3.4, 77.7]])],
    "two that meet": [("RDL1", [[-400, 0], [-200, 0]]), ("RDL1", [[-200, 0], [-100, 100]])],
}


def slanted(way: list[tuple[str, list[list[float]]]]) -> bool:
    return any(a[0] != b[0] and a[1] != b[1] for _, points in way for a, b in pairwise(points))


@pytest.mark.parametrize(
    ("name", "angles"),
    [
        (name, angles)
        for name, way in WAYS.items()
        for angles in ("octilinear", "any", "manhattan")
        if not (angles == "manhattan" and slanted(way))
    ],
)
def test_a_fixed_trace_of_the_least_width_may_end_anywhere(tmp_path: Path, name: str, angles: str) -> None:
    fixed = WAYS[name]
    design = with_angles(package(tmp_path, *fixed), angles)
    routing = route_design(design)
    assert routing.unrouted == ()
    assert_clean(tmp_path, design, tighten(design, routing))


@pytest.mark.parametrize(("net", "more"), [('["die.1"]', ""), ('["die.1", "die.2"]', "joined = true")])
def test_a_fixed_trace_is_joined_to_the_only_end_of_its_net(tmp_path: Path, net: str, more: str) -> None:
    """One pin, or several that are joined in the die."""
    design = package(tmp_path, ("RDL2", [[-100, -200], [100, -200]]), net=net, more=more)
    routing = route_design(design)
    assert routing.unrouted == ()
    assert_clean(tmp_path, design, tighten(design, routing))


def test_stubs_lead_straight_across_and_never_beyond_an_end() -> None:
    a, b, c = (np.array(place, dtype=np.int64) for place in ((0, 0), (100, 0), (100, 100)))
    assert foot(a, b, (30, 7)) == (30, 0)
    assert foot(b, a, (30, -7)) == (30, 0)
    assert foot(a, b, (-1, 7)) is None
    assert foot(a, b, (101, 0)) is None
    assert foot(a, c, (40, 45)) == (40, 40)
    assert foot(a, c, (101, 90)) is None
    assert foot(c, c, (101, 90)) == (100, 100)


@pytest.mark.parametrize("x", [0.0, 3.3])
def test_traces_on_two_levels_that_meet_are_joined_where_they_end(tmp_path: Path, x: float) -> None:
    """As those of a layout that was routed before, and came back without its cuts."""
    design = package(tmp_path, ("RDL1", [[-400, 0], [x, 0]]), ("RDL2", [[x, 0], [200, 0]]))
    routing = route_design(design)
    assert routing.unrouted == ()
    layout = tighten(design, routing)
    assert min(abs(via.x - x * 1000) + abs(via.y) for via in layout.vias) < 10_000
    assert_clean(tmp_path, design, layout)


def with_contact(folder: Path, *points: list[list[float]]) -> Design:
    """A contact of 100 × 200 µm at the origin and a ball 600 µm above it, and fixed traces of their net."""
    text = """
name = "p"
pdk = "fanout_10um"
levels = 1
outline = [2000, 2000]
[nets]
A = ["c.1", "b.1"]
[[passive]]
name = "c"
pad = "contact"
pin = [{ name = "1", x = 0, y = 0 }]
[[balls]]
name = "b"
at = [0, 600]
pad = "ball"
pin = [{ name = "1", x = 0, y = 0 }]
"""
    text += "".join(f'[[fixed]]\nnet = "A"\nlevel = "RDL1"\nwidth = 10\npoints = {line}\n' for line in points)
    (folder / "p.toml").write_text(text, encoding="utf-8")
    return read_design(folder / "p.toml")


@pytest.mark.parametrize(
    ("end", "meets"),
    [
        ((0, 90), True),
        ((45, 95), True),
        ((0, 104.9), True),
        ((0, 105.1), False),
        ((53.4, 103.4), True),
        ((54, 104), False),
    ],
)
def test_a_fixed_trace_meets_a_land_by_its_outline(tmp_path: Path, end: tuple[float, float], meets: bool) -> None:
    design = with_contact(tmp_path, [list(end), [end[0], 600]])
    fixed = list(design.fixed)
    met = joined(metal_of(design, 0, fixed), len(design.nets[0].ends), len(fixed))
    assert met == ([([0, 1], [0])] if meets else [([0], []), ([1], [0])])
    routing = route_design(design)
    assert routing.unrouted == ()
    layout = tighten(design, routing)
    assert any(not trace.fixed for trace in layout.traces) != meets
    assert_clean(tmp_path, design, layout)


@pytest.mark.parametrize(("x", "loose"), [(0.0, False), (49.0, False), (51.0, True)])
def test_an_end_on_a_rectangular_land_is_not_loose(tmp_path: Path, x: float, loose: bool) -> None:
    """The room ahead of a loose end is kept free for its net."""
    design = with_contact(tmp_path, [[x, 0], [x + 300, 0]])
    fixed = list(design.fixed)
    assert loose_ends(metal_of(design, 0, fixed), fixed).tolist() == [[loose, True]]


def test_a_chain_of_fixed_traces_is_one_piece(tmp_path: Path) -> None:
    """Each meets the next by 0.1 µm of their widths, the last but one and the last do not, by as much."""
    y = 110 + np.cumsum([0.0] + [9.9] * 24 + [10.1])
    design = with_contact(tmp_path, *([[-300, float(place)], [300, float(place)]] for place in y))
    fixed = list(design.fixed)
    met = joined(metal_of(design, 0, fixed), len(design.nets[0].ends), len(fixed))
    assert met == [([0], []), ([1], []), ([], list(range(25))), ([], [25])]


ROUND_IT = [[-1_005_000, -1_560_000], [-1_005_000, -1_565_000]]
LINE = np.array([[-963_000, -1_607_000], [-1_018_000, -1_552_000]], dtype=np.int64)


@pytest.mark.parametrize(
    ("points", "levels", "expected"),
    [
        ([[-1_200_000, -1_755_000], *ROUND_IT], [0, 0, 0], (-1_007_500, -1_562_500)),
        ([[-1_005_000, -1_400_000], *ROUND_IT], [0, 0, 0], None),
        ([[-1_200_000, -1_755_000], *ROUND_IT], [1, 0, 0], None),
        ([[-900_000, -1_500_000], [-900_000, -1_700_000], [-901_000, -1_700_000]], [0, 0, 0], None),
    ],
    ids=["from beyond", "from its own side", "a cut", "past the end"],
)  # fmt: skip
def test_a_path_from_across_ends_where_it_meets_the_trace(
    points: list[list[int]], levels: list[int], expected: tuple[int, int] | None
) -> None:
    """A stub back from the far side would be a sharp corner, with nothing to hide its tip."""
    kept = crossing_at(np.array(points), np.array(levels), LINE)
    assert kept.tolist() == (points if expected is None else [points[0], list(expected)])


def test_paths_may_come_from_either_side_of_a_slanted_trace(tmp_path: Path) -> None:
    """The pads lie on one side, or on both, of a trace off the lattice: both engines find no narrow tip."""
    for shift in (-61.7, -3.3, 48.9):
        design = package(tmp_path, ("RDL1", [[-60 + shift, 40], [20 + shift, 120]]))
        routing = route_design(design)
        assert routing.unrouted == ()
        assert_clean(tmp_path, design, tighten(design, routing))


def antenna(folder: Path, points: list[list[float]]) -> Design:
    """A net of a class of its own with one pad and a fixed trace, on a package with another net."""
    text = f"""
name = "p"
pdk = "fanout_10um"
levels = 2
outline = [3000, 3000]
[[die]]
name = "die"
size = [1000, 1000]
pad = "bump"
pin = [{{ name = "1", x = 333.3, y = 0 }}, {{ name = "2", x = -300, y = 200 }}, {{ name = "3", x = 300, y = 200 }}]
[nets]
RF = ["die.1"]
B = ["die.2", "die.3"]
[[class]]
name = "rf"
nets = ["RF"]
width = 40
[[fixed]]
net = "RF"
level = "RDL1"
width = 40
points = {points}
"""
    (folder / "p.toml").write_text(text, encoding="utf-8")
    return read_design(folder / "p.toml")


@pytest.mark.parametrize("points", [[[877.7, 0], [1300, 0]], [[1300, 0], [877.7, 0]]], ids=["outwards", "inwards"])
def test_a_pad_is_joined_to_the_end_of_a_fixed_trace_straight(tmp_path: Path, points: list[list[float]]) -> None:
    """It is all that its class has to route; and whatever lines the lattice has, both lie on one."""
    design = antenna(tmp_path, points)
    routing = route_design(design)
    assert routing.unrouted == ()
    layout = tighten(design, routing)
    (mine,) = (trace for trace in layout.traces if trace.net == 0 and not trace.fixed)
    assert sorted(mine.points.tolist()) == [[333_300, 0], [877_700, 0]]
    assert_clean(tmp_path, design, layout)
