"""Balls that keep-outs close or wall off are left to nets that can come to them, and otherwise without a net."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from router.maze import route_design
from router.model.design import Design
from router.model.pdk import ShapeKind
from router.plan.assign import assign_balls
from router.plan.assign_match import Places, match
from router.plan.assign_reach import Walls, find_walls
from router.read.design import read_design

Package = Callable[..., Design]

# Bumps at x = -1600 and 1600 µm, balls of 200 µm at -2400 and 2400 µm, each row of them 400 µm apart.
ROWS, LEFT, RIGHT = 6, 0, 1


@pytest.fixture
def package(tmp_path: Path) -> Package:
    def build(more: str = "", *, levels: int = 2, of: tuple[int, ...] = (LEFT,), width: int = 8000) -> Design:
        nets = "".join(f'N{side}_{row} = ["d{side}.p{row}", "*"]\n' for side in of for row in range(1, ROWS + 1))
        parts = "".join(
            f"""
[[die]]
name = "d{side}"
at = [{sign * 1600}, 0]
pad = "bump"
array = {{ nx = 1, ny = {ROWS}, pitch = 200, names = "p{{n}}" }}
[[balls]]
name = "b{side}"
at = [{sign * 2400}, 0]
pad = "ball"
pad_size = 200
array = {{ nx = 1, ny = {ROWS}, pitch = 400, names = "{{n}}" }}
"""
            for side, sign in ((LEFT, -1), (RIGHT, 1))
        )
        head = f'pdk = "fanout_10um"\nlevels = {levels}\noutline = [{width}, 6000]\n'
        (tmp_path / "package.toml").write_text(f"{head}{parts}{more}\n[nets]\n{nets}", encoding="utf-8")
        return read_design(tmp_path / "package.toml")

    return build


def chosen(design: Design) -> list[str]:
    return sorted(design.terminals[ball].id for ball in assign_balls(design).chosen)


def usable(design: Design) -> list[str]:
    (group,) = design.open
    walls = find_walls(design, group, [list(net.ends[0].terminals) for net in design.nets])
    return [design.terminals[group.balls[k]].id for k in np.flatnonzero(walls.usable)]


def side(number: int) -> list[str]:
    return [f"b{number}.{row}" for row in range(1, ROWS + 1)]


def keepout(rect: str, levels: str = "") -> str:
    return f"[[keepout]]\nrect = {rect}\n" + (f"levels = {levels}\n" if levels else "")


def moat(inner: int, outer: int, levels: str = "") -> str:
    """A keep-out in four parts round the balls on the left."""
    x0, x1, y = -2400 - inner, -2400 + inner, 1000 + inner
    a0, a1, b = -2400 - outer, -2400 + outer, 1000 + outer
    rings = [f"[{a0}, {-b}, {x0}, {b}]", f"[{x1}, {-b}, {a1}, {b}]", f"[{x0}, {-b}, {x1}, {-y}]"]
    return "".join(keepout(rect, levels) for rect in [*rings, f"[{x0}, {y}, {x1}, {b}]"])


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("", LEFT),
        (keepout("[-2500, -1200, -2300, 1200]"), RIGHT),
        (keepout("[-2500, -1200, -2300, 1200]", '["RDL1"]'), LEFT),
        (keepout("[-2500, -1200, -2300, 1200]", '["RDL2"]'), RIGHT),
        (keepout("[-2310, -1200, -2000, 1200]"), RIGHT),
        (keepout("[-2300, -1200, -2000, 1200]"), LEFT),
        (moat(200, 300), RIGHT),
        (moat(200, 300, '["RDL1"]'), LEFT),
        (moat(200, 300, '["RDL2"]'), LEFT),
        (moat(102, 300, '["RDL2"]'), LEFT),
    ],
    ids=["none", "over lands", "above lands", "on their level", "into lands", "touching lands",
         "moat", "moat above", "moat crossed above", "moat close by"],
)  # fmt: skip
def test_balls_that_keepouts_close_stay_without_a_net(package: Package, more: str, expected: int) -> None:
    design = package(more)
    assert chosen(design) == side(expected)
    routing = route_design(assign_balls(design))
    assert not routing.unrouted


def test_a_slot_as_wide_as_a_trace_is_open_and_a_narrower_one_is_not(package: Package) -> None:
    wall = keepout("[-2000, 5, -1900, 3000]") + keepout("[-2000, -3000, -1900, {}]")
    assert usable(package(wall.format("-5"), levels=1)) == side(LEFT) + side(RIGHT)
    assert usable(package(wall.format("-4"), levels=1)) == side(RIGHT)


def test_a_class_is_walled_off_where_its_levels_are(package: Package) -> None:
    """Cuts in the lands lead to the level that the class may use."""
    above = keepout("[-2600, -1300, -2200, 1300]", '["RDL1"]')
    held = '[[class]]\nname = "upper"\nnets = ["N*"]\nlevels = ["RDL1"]\n'
    assert chosen(package(above)) == side(LEFT)
    assert chosen(package(above + held)) == side(RIGHT)
    assert chosen(package(held)) == side(LEFT)


def test_every_net_takes_a_ball_on_its_own_side_of_a_wall(package: Package) -> None:
    """Nets on the left find three of their balls closed; those on the right, beyond the wall, are not for them."""
    wall, shut = keepout("[-50, -3000, 50, 3000]"), keepout("[-2500, -1200, -2300, 100]")
    design = package(wall + shut, of=(LEFT,))
    assert usable(design) == side(LEFT)[:3]
    both = package(wall, of=(RIGHT, LEFT))
    assert chosen(both) == side(LEFT) + side(RIGHT)
    for net in assign_balls(both).nets:
        assert net.name[1] == both.terminals[net.ends[-1].terminals[0]].id[1]


def test_balls_too_near_the_edge_are_closed(package: Package) -> None:
    """Their centres lie as far from the edge as those of traces of one class may, and nearer than another's may."""
    wide = '[[class]]\nname = "wide"\nnets = ["N*"]\nwidth = {}\n'
    assert usable(package(wide.format(150), width=5000)) == side(LEFT) + side(RIGHT)
    assert usable(package(wide.format(151), width=5000)) == []


def test_a_closed_ball_is_taken_where_there_is_no_other() -> None:
    near, far = [[10, 0], [10, 20]], [[50_000, 0]]
    walls = Walls(np.array([0, 0]), np.array([0, 0, 1]), np.array([[False, True]]))
    places = Places(np.array([[0, 0], [0, 20]]), np.arange(3), np.array(near + far), walls)
    assert sorted(match(places).tolist()) in ([0, 2], [1, 2])
    alone = Places(np.array([[0, 0]]), np.arange(2), np.array(near + far), replace(walls, places=np.array([0])))
    assert match(alone).tolist() == [2]


@pytest.mark.parametrize(
    ("shape", "closed"), [(ShapeKind.CIRCLE, False), (ShapeKind.OCTAGON, True), (ShapeKind.RECT, True)]
)
def test_a_land_reaches_as_far_as_it_is_drawn(package: Package, shape: ShapeKind, closed: bool) -> None:
    """A keep-out comes between the corners of an octagon and the circle in it, 100 µm round a ball."""
    design = package(keepout("[-2360, 1097, -2330, 1130]", '["RDL2"]'))
    pads = {
        name: replace(style, shapes=tuple(replace(s, shape=shape) for s in style.shapes))
        for name, style in design.pdk.pads.items()
    }
    drawn = replace(design, pdk=replace(design.pdk, pads=pads))
    assert len(usable(package())) - len(usable(drawn)) == closed
