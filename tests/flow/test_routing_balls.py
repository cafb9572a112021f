"""Balls that the shortest matching gives to the wrong nets: they are exchanged once the search has seen what lies
between."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from routed_packages import package

from router import flow, maze
from router.model.design import Design, Move

# Nothing passes between lands and edges. N0 joins the upper corners and comes down between the two of N1 below them: on
# its way to the ball in the lower corner, which is shorter for both together, it walls off the left one of N1.
WALLED = """
[[die]]
name = "die"
pad = "bump"
pin = [
  { name = "a", x = -700, y = 700 }, { name = "b", x = 700, y = 700 },
  { name = "c", x = -700, y = 400 }, { name = "d", x = 700, y = 400 }, { name = "m", x = 0, y = -600 },
]
[[balls]]
name = "bga"
pad = "ball"
pin = [{ name = "near", x = 0, y = -300 }, { name = "corner", x = -615, y = -695 }]
[nets]
N0 = ["die.a", "die.b", "*"]
N1 = ["die.c", "die.d", "die.m", "*"]
"""


def walled(folder: Path) -> Design:
    whole = package(folder, WALLED)
    return replace(whole, outline=replace(whole.outline, x0=-765_000, x1=765_000, y0=-845_000, y1=765_000))


def balls(design: Design) -> list[str]:
    return [design.terminals[net.ends[-1].terminals[0]].id for net in design.nets]


def test_a_ball_behind_another_nets_way_is_exchanged(tmp_path: Path) -> None:
    whole = walled(tmp_path)
    assert balls(flow.assign_balls(whole)) == ["bga.corner", "bga.near"]
    result = flow.route(whole)
    assert result.routing.unrouted == ()
    assert balls(result.design) == ["bga.near", "bga.corner"]
    report = flow.write(result, tmp_path / "out", pictures=False)
    assert flow.is_clean(report)
    assert flow.check(tmp_path / "out" / "p.gds", whole).clean


def test_balls_without_a_choice_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maze.route, "settle", lambda course, _: course)
    matched = flow.assign_balls(walled(tmp_path))
    result = flow.route(matched)
    assert balls(result.design) == balls(matched)
    assert len(result.routing.unrouted) == 1


def test_moves_are_made_at_once(tmp_path: Path) -> None:
    matched = flow.assign_balls(walled(tmp_path))
    corner, near = (net.ends[-1].terminals[0] for net in matched.nets)
    moved = matched.with_moves([Move(0, corner, near), Move(1, near, corner)])
    assert balls(moved) == ["bga.near", "bga.corner"]
