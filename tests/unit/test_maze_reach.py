"""Nets whose class leaves out the level of a terminal: a cut in its land leads to a level they may run on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from router.maze.kernels.nodes import AXIS_COST, DIAGONAL_COST, EVEN, PASSING, STACK
from router.maze.reach import let_through
from router.maze.route import route_design
from router.model.design import Design
from router.plan.levels import passed_levels, reached_levels, running_levels
from router.read.design import read_design
from router.read.library import find_pdk

PACKAGE = """
name = "p"
pdk = "fanout_10um"
levels = 3
outline = [2600, 2000]
[[die]]
name = "die"
size = [900, 700]
pad = "bump"
array = { nx = 4, ny = 3, pitch = 200 }
[[balls]]
name = "balls"
pad = "ball"
array = { nx = 4, ny = 3, pitch = 500 }
[nets]
A = ["die.A1", "balls.A1"]
B = ["die.A4", "balls.A4"]
C = ["die.C1", "die.C2", "balls.C1"]
D = ["die.B1"]
[[class]]
name = "one"
nets = ["A", "C"]
levels = ["LEVEL"]
"""

WIDE = """
name = "p"
pdk = "fanout_10um"
levels = 3
outline = [1600, 1600]
[[die]]
name = "die"
size = [1400, 1400]
pad = "bump"
pad_size = 200
pin = [{ name = "1", x = -400, y = 0, net = "A" }]
[[balls]]
name = "bga"
pad = "ball"
pin = [{ name = "1", x = 400, y = 0, net = "A" }]
[netlist]
from_tables = true
[[class]]
name = "wide"
nets = ["A"]
width = WIDTH
levels = ["RDL1", "RDL3"]
"""


def package(tmp_path: Path, level: str) -> Design:
    file = tmp_path / "p.toml"
    file.write_text(PACKAGE.replace("LEVEL", level), encoding="utf-8")
    return read_design(file)


@pytest.mark.parametrize("level", ["RDL1", "RDL2", "RDL3"])
def test_levels_between_terminals_and_those_allowed_are_reached(tmp_path: Path, level: str) -> None:
    assert reached_levels(package(tmp_path, level)) == {"default": (0, 1, 2), "one": (0, 1, 2)}


def test_other_levels_are_not_reached(tmp_path: Path) -> None:
    design = package(tmp_path, "RDL1")
    bumps = tuple(net for net in design.nets if net.name == "D")
    bumps += tuple(replace(net, ends=net.ends[:2]) for net in design.nets if net.name == "C")
    assert reached_levels(replace(design, nets=bumps)) == {"one": (0,)}


def test_a_class_may_leave_out_a_level_between(tmp_path: Path) -> None:
    """From RDL1 to a ball on RDL3, cuts stacked on RDL2."""
    file = tmp_path / "p.toml"
    file.write_text(PACKAGE.replace('"LEVEL"', '"RDL1", "RDL3"'), encoding="utf-8")
    design = read_design(file)
    assert reached_levels(design)["one"] == running_levels(design)["default"] == (0, 1, 2)
    assert running_levels(design)["one"] == (0, 2)
    assert route_design(design).unrouted == ()


def test_levels_of_fixed_traces_are_reached(tmp_path: Path) -> None:
    fixed = '[[fixed]]\nnet = "A"\nlevel = "RDL2"\nwidth = 20\npoints = [[-700, 900], [700, 900]]\n'
    file = tmp_path / "p.toml"
    file.write_text(PACKAGE.replace("LEVEL", "RDL1").replace("balls.A1", "die.A2") + fixed, encoding="utf-8")
    design = read_design(file)
    design = replace(design, nets=tuple(net for net in design.nets if net.name == "A"))
    assert reached_levels(design) == {"one": (0, 1)}
    assert route_design(design).unrouted == ()


@pytest.mark.parametrize("level", [0, 1, 2])
def test_traces_leave_their_lands_on_the_levels_of_their_class_alone(tmp_path: Path, level: int) -> None:
    design = package(tmp_path, f"RDL{level + 1}")
    routing = route_design(design)
    assert routing.unrouted == ()
    for path in routing.paths:
        if design.nets[path.net].net_class != "one":
            continue
        ends = [t for end in design.nets[path.net].ends for k in end.terminals for t in [design.terminals[k]]]
        for k in range(len(path.points) - 1):
            if path.levels[k] == path.levels[k + 1] != level:
                lands = [t for t in ends if t.level == path.levels[k]]
                for x, y in path.points[k : k + 2].tolist():
                    near = [np.hypot(x - t.x, y - t.y) <= t.width / 2 + 30_000 for t in lands]
                    assert any(near)


BELOW = """
pdk = "interposer_04"
outline = [600, 400]
[[die]]
name = "d"
pad = "micro_bump"
pin = [{ name = "1", x = -200, y = 0 }, { name = "2", x = -200, y = 100 }]
[[balls]]
name = "b"
pad = "c4"
pin = [{ name = "1", x = 150, y = 0 }, { name = "2", x = 150, y = 150 }]
[[class]]
name = "held"
nets = ["A"]
levels = ["M1", "M2"]
[nets]
A = ["d.1", "b.1"]
B = ["d.2", "b.2"]
"""


def test_levels_between_are_passed_where_cuts_do_not_stack(tmp_path: Path) -> None:
    """From M2 to a ball on M4 two cuts stand side by side on M3, and a short trace joins them there."""
    (tmp_path / "p.toml").write_text(BELOW, encoding="utf-8")
    design = read_design(tmp_path / "p.toml")
    assert running_levels(design) == {"default": (0, 1, 2, 3), "held": (0, 1, 2)}
    routing = route_design(design)
    assert routing.unrouted == ()
    (path,) = (path for path in routing.paths if path.net == 0)
    steps = np.hypot(*np.diff(path.points, axis=0).T)
    on = [float(steps[(np.array(path.levels)[:-1] == k) & (np.diff(path.levels) == 0)].sum()) for k in range(4)]
    assert 0 < on[2] < 5_000
    assert on[0] + on[1] > 250_000
    assert on[3] <= 45_000, "within the land of the ball"


FOUR = """
pdk = "own.toml"
levels = 4
outline = [2400, 1200]
[[die]]
name = "d"
pad = "bump"
pin = [{ name = "1", x = -600, y = 13 }]
[[balls]]
name = "b"
pad = "ball"
pin = [{ name = "1", x = 600, y = 0 }]
[[class]]
name = "held"
nets = ["A"]
levels = ["RDL2", "RDL4"]
[nets]
A = ["d.1", "b.1"]
"""


def test_a_level_is_passed_between_two_that_a_class_may_use(tmp_path: Path) -> None:
    """A step from cut to cut costs no more there than on the level before, from which a cut leads to the same place."""
    process = find_pdk("fanout_10um").read_text(encoding="utf-8").replace("stackable = true", "stackable = false")
    (tmp_path / "own.toml").write_text(process, encoding="utf-8")
    (tmp_path / "p.toml").write_text(FOUR, encoding="utf-8")
    design = read_design(tmp_path / "p.toml")
    assert running_levels(design) == {"held": (1, 2, 3)}
    routing = route_design(design)
    assert routing.unrouted == ()
    assert routing.node_visits < 10_000
    (path,) = routing.paths
    passed = path.points[np.array(path.levels) == 2]
    assert 0 < np.hypot(*(passed[-1] - passed[0])) < 60_000


def test_where_cuts_stack_nothing_runs_on_levels_between() -> None:
    classes = np.array([[0, -1, 0, 0, 0, 0, 0, 0], [0, 0, 0, 1, 0, 0, 0, 0], [0, 0, -1, 1, 0, 0, 0, 0]])
    levels = np.zeros((3, EVEN + 1), dtype=np.int64)
    levels[:, AXIS_COST], levels[:, DIAGONAL_COST] = 100, 141
    opened = let_through(classes, levels, 9.0)
    assert opened[1].tolist() == [0, 0, 0, PASSING, 900, 1269, 900, 1269]
    assert (opened[[0, 2]] == classes[[0, 2]]).all(), "a level of lands alone stays shut"
    levels[1, STACK] = 1
    assert (let_through(classes, levels, 9.0) == classes).all()


@pytest.mark.parametrize("width", [20, 50, 55, 100, 200])
def test_columns_of_cuts_pass_a_level_whatever_the_widths(tmp_path: Path, width: int) -> None:
    """Lines of the levels above and below are farther apart than those between, and each lies on lands of its own."""
    file = tmp_path / "p.toml"
    file.write_text(WIDE.replace("WIDTH", str(width)), encoding="utf-8")
    design = read_design(file)
    assert passed_levels(design) == {1}
    assert not route_design(design).unrouted
