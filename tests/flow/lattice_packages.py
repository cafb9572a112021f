"""Packages that count as large, and the lattices that their routing goes through."""

from __future__ import annotations

from pathlib import Path

import pytest
from both_engines import judged_here

from router import flow
from router.maze import again
from router.maze import choose as choose_module
from router.maze import course as course_module
from router.maze import route as route_module
from router.maze.choose import choose_lattices
from router.maze.lattice import Lattice
from router.maze.problem import Problem, prepare
from router.maze.refine import carry_over
from router.maze.ripup import Ripup
from router.model.design import Design
from router.model.layout import SignOff
from router.read.design import read_design
from router.write.gds import write_gds

HEAD = 'name = "p"\npdk = "fanout_10um"\nlevels = 3\noutline = [2600, 2600]\n'


DIE = """
[[die]]
name = "die"
size = [2000, 2000]
pad = "bump"
pad_size = 40
array = { nx = 8, ny = 8, pitch = 240 }
"""


NETS = """
[nets]
A = ["die.A2", "die.H2"]
B = ["die.A3", "die.B6"]
C = ["die.B3", "die.A6"]
D = ["die.G1", "die.H8"]
E = ["die.F4", "die.G7", "die.H4"]
"""


# A wall on all levels, with a slit 20 µm wide between two lines of a lattice of 20 µm.
WALL = """
[[keepout]]
rect = [-1300, -30, 400, 30]
[[keepout]]
rect = [420, -30, 1300, 30]
"""


def package(folder: Path, text: str, head: str = HEAD) -> Design:
    (folder / "p.toml").write_text(head + text, encoding="utf-8")
    return read_design(folder / "p.toml")


def judged(folder: Path, result: flow.Result) -> SignOff:
    write_gds(folder / "p.gds", result.design, result.masks)
    return judged_here(folder / "p.gds", result.design)


def all_are_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any package counts as large."""
    for name in ("SMALL", "LARGE"):
        monkeypatch.setattr(choose_module, name, 0)


class Steps:
    """The lattices that a routing goes through in its one order, and the connections that go from one to the next."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.pitches: list[int] = []
        self.routed: list[int] = []
        self.carried: list[int] = []
        all_are_large(monkeypatch)
        monkeypatch.setattr(again, "ORDERS", 1)
        for module in (route_module, course_module):
            monkeypatch.setattr(module, "prepare", self.prepare)
        monkeypatch.setattr(course_module, "carry_over", self.carry_over)

    def prepare(self, design: Design, raster: Lattice, *, by_place: bool = False) -> Problem:
        problem = prepare(design, raster, by_place=by_place)
        if design.name == "p":
            self.pitches.append(problem.window.lattice.pitch)
        return problem

    def carry_over(self, coarse: Ripup, fine: Ripup) -> None:
        carry_over(coarse, fine)
        self.routed += [c.id for c in coarse.connections[1:] if c.path is not None]
        self.carried += [c.id for c in fine.connections[1:] if c.path is not None]


def pitches(design: Design, fullness: float) -> list[int]:
    return [raster.pitch for raster in choose_lattices(design, fullness)]
