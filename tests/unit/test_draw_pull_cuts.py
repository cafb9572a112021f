"""Cuts between levels of any angle: both traces run as one string would, and the rules hold."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from both_engines import judged_as_drawn

from router.draw import tighten as room
from router.draw.tighten import tighten
from router.maze import route_design
from router.model.design import Design
from router.model.layout import Layout
from router.read.design import read_design

# The first level serves the left, the second the right: each net changes level in the strip between.
PACKAGE = """
name = "p"
pdk = "fanout_10um"
levels = 2
outline = [4000, 2000]
[[die]]
name = "d"
at = [-1500, 0]
pad = "bump"
array = { nx = 1, ny = 3, pitch = 200 }
[[balls]]
name = "g"
at = [1500, 300]
pad = "ball"
array = { nx = 1, ny = 3, pitch = 400 }
[nets]
A = ["d.A1", "g.A1"]
B = ["d.B1", "g.B1"]
C = ["d.C1", "g.C1"]
[[keepout]]
levels = ["RDL1"]
rect = [100, -1000, 2000, 1000]
[[keepout]]
levels = ["RDL2"]
rect = [-2000, -1000, -100, 1000]
"""


@pytest.fixture
def design(tmp_path: Path) -> Design:
    path = tmp_path / "p.toml"
    path.write_text(PACKAGE, encoding="utf-8")
    octilinear = read_design(path)
    return replace(octilinear, pdk=octilinear.pdk.with_angles("any"))


def detours(design: Design, layout: Layout) -> list[float]:
    """How many times as long as the straight way each net is."""
    lengths = np.zeros(len(design.nets))
    for trace in layout.traces:
        lengths[trace.net] += np.hypot(*np.diff(trace.points, axis=0).T).sum()
    ends = [[design.terminals[end.terminals[0]] for end in net.ends] for net in design.nets]
    straight = [np.hypot(a.x - b.x, a.y - b.y) for a, b in ends]
    return (lengths / straight).tolist()


def test_traces_on_both_sides_of_a_cut_run_straight(design: Design, tmp_path: Path) -> None:
    layout = tighten(design, route_design(design))
    assert len(layout.vias) == len(design.nets)
    assert max(detours(design, layout)) < 1.001
    judged = judged_as_drawn(design, layout, tmp_path)
    assert judged.clean, (judged.violations, judged.faults, judged.differences)


def test_cuts_come_no_nearer_to_others_than_the_rules_permit(design: Design, tmp_path: Path) -> None:
    """All three would like to pass where only one can: between a land and a keep-out."""
    text = PACKAGE.replace("[[keepout]]", "[[keepout]]\nrect = [-60, 60, 60, 1000]\n[[keepout]]", 1)
    (tmp_path / "p.toml").write_text(text, encoding="utf-8")
    narrow = replace(read_design(tmp_path / "p.toml"), pdk=design.pdk)
    layout = tighten(narrow, route_design(narrow))
    judged = judged_as_drawn(narrow, layout, tmp_path)
    assert judged.clean, (judged.violations, judged.faults, judged.differences)


def test_one_level_of_45_degrees_keeps_its_cuts(design: Design, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = design.pdk.levels
    mixed = replace(design, pdk=replace(design.pdk, levels=(replace(first, angles="octilinear"), second)))
    routing = route_design(mixed)
    layout = tighten(mixed, routing)
    monkeypatch.setattr(room, "PULLS", 0)
    assert layout.vias == tighten(mixed, routing).vias


@pytest.mark.parametrize("after", range(1, 14, 2))
def test_stopped_between_cuts_and_traces_they_still_meet(design: Design, after: int, tmp_path: Path) -> None:
    asked = iter(range(100))
    layout = tighten(design, route_design(design), stop=lambda: next(asked) >= after)
    judged = judged_as_drawn(design, layout, tmp_path)
    assert judged.clean, (judged.violations, judged.faults, judged.differences)
