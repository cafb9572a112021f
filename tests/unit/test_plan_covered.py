"""Bumps over balls of others, in which no cut has room, and rings that many of their nets must cross."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from router.flow import look_ahead
from router.model.design import Design
from router.plan.covered import covered_nets
from router.read.design import read_design
from router.view.plan import plan_text

# Lands of 80 µm under balls of 250 µm, which cuts keep off with their capture pads: by half of these, and 10 µm.
BUMP, BALL, SPACING = 40, 125, 10


def package(folder: Path, text: str, levels: int = 2, side: int = 4000) -> Design:
    head = f'name = "p"\npdk = "fanout_10um"\nlevels = {levels}\noutline = [{side}, {side}]\n'
    (folder / "p.toml").write_text(head + text, encoding="utf-8")
    return read_design(folder / "p.toml")


def part(kind: str, pad: str, places: list[tuple[float, float]], more: str = "") -> str:
    pins = ", ".join(f'{{ name = "{k}", x = {x}, y = {y} }}' for k, (x, y) in enumerate(places))
    return f'[[{kind}]]\nname = "{kind}"\npad = "{pad}"\n{more}pin = [{pins}]\n'


def beside(folder: Path, x: float, nets: str = 'A = ["die.0", "balls.1"]', levels: int = 2) -> dict[int, list[int]]:
    """The covered nets of a bump so far from the ball next to it, µm."""
    text = part("die", "bump", [(x, 0)], "pad_size = 80\n") + part("balls", "ball", [(0, 0), (1000, 0)])
    return {k: found.tolist() for k, found in covered_nets(package(folder, f"{text}[nets]\n{nets}\n", levels)).items()}


def test_a_land_is_covered_where_one_ball_of_others_reaches_all_of_it(tmp_path: Path) -> None:
    capture = package(tmp_path, part("balls", "ball", [(0, 0)])).pdk.vias[0].captures[1] / 2000
    reach = BALL + capture + SPACING - BUMP
    assert beside(tmp_path, 0) == {0: [0]}
    assert beside(tmp_path, reach - 3) == {0: [0]}
    assert beside(tmp_path, reach + 1) == {}


def test_own_balls_cover_nothing_and_other_levels_are_ways_out(tmp_path: Path) -> None:
    assert beside(tmp_path, 0, 'A = ["die.0", "balls.0"]') == {}
    assert beside(tmp_path, 0, levels=3) == {}
    assert beside(tmp_path, 0, 'A = ["die.0", "balls.1"]\nB = ["balls.0"]') == {0: [0]}


@pytest.fixture
def covered(tmp_path: Path) -> Design:
    """Ten by ten bumps, one track passing between neighbours, under balls without a net that lie close together."""
    bumps = [(120 * i - 540, 120 * j - 540) for i, j in product(range(10), range(10))]
    outer = [(x, y) for x, y in product(range(-1800, 1801, 300), repeat=2) if max(abs(x), abs(y)) > 900]
    inner = [(260 * i, 260 * j) for i, j in product(range(-2, 3), repeat=2)]
    text = part("die", "bump", bumps, "pad_size = 80\n") + part("balls", "ball", outer[:100] + inner)
    return package(tmp_path, text + "[nets]\n" + "".join(f'N{k} = ["die.{k}", "balls.{k}"]\n' for k in range(100)))


def test_a_ring_that_covered_nets_fill_is_told_and_warned_of(covered: Design) -> None:
    ahead = look_ahead(covered)
    ring = ahead.capacity.covered
    assert ring is not None and ring.levels == (0,) and ahead.capacity.much_covered
    assert set(ring.nets) <= set(covered_nets(covered)[0].tolist())
    told = [line for line in plan_text(ahead.facts()).splitlines() if "no cut has room" in line]
    assert told[0].startswith(f"most covered: {len(ring.nets)} nets across the ring ")
    assert told[0].endswith("% of RDL1") and told[0] in told[1].replace("warning", "most covered")
    assert ahead.warnings[-1].endswith("most packages with as many need another level to be complete")


def test_few_covered_nets_are_not_told(tmp_path: Path) -> None:
    text = part("die", "bump", [(0, 0)]) + part("balls", "ball", [(0, 0), (1000, 0)])
    ahead = look_ahead(package(tmp_path, text + '[nets]\nA = ["die.0", "balls.1"]\n'))
    assert ahead.capacity.covered is None
    assert "most covered" not in plan_text(ahead.facts())
