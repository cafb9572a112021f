"""Balls by choice: short, without crossings, through cuts that have room; the same every time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from scipy.optimize import linear_sum_assignment

from router.model.design import Design
from router.model.geometry import Box, Points
from router.plan.assign import assign_balls
from router.plan.assign_match import Places, match
from router.plan.assign_price import COMFORT, Toll, adjust
from router.plan.capacity import plan_capacity
from router.plan.cut import Cut
from router.read.design import read_design


def grid(columns: int, rows: int, pitch: int) -> Points:
    x, y = (np.arange(n) * pitch - (n - 1) * pitch // 2 for n in (columns, rows))
    return np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2).astype(np.int64)


def single(points: Points, balls: Points) -> Places:
    return Places(points, np.arange(len(points) + 1), balls)


def distances(points: Points, balls: Points) -> np.ndarray:
    return np.hypot(*(points[:, None] - balls[None]).transpose(2, 0, 1))


def crossings(a: Points, b: Points) -> int:
    lines = shapely.linestrings(np.stack([a, b], axis=1))
    first, second = shapely.STRtree(lines).query(lines, predicate="crosses")
    return int(np.count_nonzero(first < second))


def package(folder: Path, nets: str, *, levels: int = 1, more: str = "") -> Design:
    text = f"""
pdk = "fanout_10um"
levels = {levels}
outline = [8000, 6000]
[[die]]
name = "d"
pad = "bump"
array = {{ nx = 6, ny = 10, pitch = 200, names = "p{{n}}" }}
[[balls]]
name = "near"
at = [2000, 0]
pad = "ball"
pad_size = 200
array = {{ nx = 6, ny = 10, pitch = 400 }}
[[balls]]
name = "far"
at = [-2500, 0]
pad = "ball"
pad_size = 200
array = {{ nx = 6, ny = 10, pitch = 400 }}
{more}
[nets]
{nets}
"""
    (folder / "package.toml").write_text(text, encoding="utf-8")
    return read_design(folder / "package.toml")


def balls_of(design: Design) -> dict[str, list[str]]:
    kinds = {net.name: [design.terminals[t] for end in net.ends for t in end.terminals] for net in design.nets}
    return {name: [t.id for t in terminals if t.kind == "ball"] for name, terminals in kinds.items()}


ALL_OPEN = "".join(f'N{n} = ["d.p{n}", "*"]\n' for n in range(1, 61))


def test_few_places_are_matched_exactly() -> None:
    rng = np.random.default_rng(5)
    points, balls = rng.integers(-(10**6), 10**6, (60, 2)), rng.integers(-(10**6), 10**6, (80, 2))
    cost = distances(points, balls)
    best = cost[linear_sum_assignment(cost)].sum()
    found = match(single(points, balls))
    assert len(set(found.tolist())) == 60
    assert cost[np.arange(60), found].sum() == pytest.approx(best, rel=1e-3)


def test_ways_of_a_fan_out_do_not_cross() -> None:
    points, balls = grid(16, 16, 200_000), grid(20, 20, 500_000)
    found = match(single(points, balls))
    assert crossings(points, balls[found]) == 0


def test_on_one_line_all_ways_are_equally_long() -> None:
    points, balls = grid(10, 1, 200_000), grid(10, 1, 200_000) + np.array([3_000_000, 0])
    assert match(single(points, balls)).tolist() == list(range(10))


def test_a_place_of_several_terminals_starts_at_the_nearest() -> None:
    points = np.array([[0, 0], [900, 0], [500, 0]])
    places = Places(points, np.array([0, 2, 3]), np.array([[1000, 0], [500, 10]]))
    found = match(places)
    assert found.tolist() == [0, 1]
    assert places.lengths(found).tolist() == [100.0, 10.0]


def test_by_tiles_nearly_as_short_as_exactly() -> None:
    points, balls = grid(36, 36, 150_000), grid(40, 40, 400_000)
    cost = distances(points, balls)
    best = cost[linear_sum_assignment(cost)].sum()
    found = match(single(points, balls))
    assert len(points) * len(balls) > 1 << 20
    assert len(set(found.tolist())) == len(points)
    assert cost[np.arange(len(points)), found].sum() <= 1.005 * best


def test_twenty_thousand_nets() -> None:
    points, balls = grid(141, 142, 55_000), grid(141, 142, 130_000)
    places = single(points, balls)
    found = match(places)
    assert len(set(found.tolist())) == len(points) == 20_022
    # Bumps and balls of one shape: each ball has the place of its bump.
    assert places.lengths(found).sum() <= 1.001 * np.hypot(*(points - balls).T).sum()


def test_fixed_and_open_nets_together(tmp_path: Path) -> None:
    nets = 'A = ["d.p1", "near.A1"]\nB = ["d.p2", "near.A2", "*"]\nC = ["d.p3", "*"]\nD = ["d.p4", "d.p5", "d.p11"]\n'
    design = assign_balls(package(tmp_path, nets))
    found = balls_of(design)
    assert design.open == ()
    assert found["A"] == ["near.A1"]
    assert found["B"][0] == "near.A2" and len(found["B"]) == 2
    assert len(found["C"]) == 1 and found["D"] == []
    assert [design.terminals[ball].id for ball in design.chosen] == [found["B"][1], found["C"][0]]
    given = [ball for balls in found.values() for ball in balls]
    assert len(set(given)) == len(given)


def test_a_package_without_open_nets_is_itself(tmp_path: Path) -> None:
    design = package(tmp_path, 'A = ["d.p1", "near.A1"]\n')
    assert assign_balls(design) is design


def test_groups_keep_to_their_balls(tmp_path: Path) -> None:
    more = '[[choice]]\nname = "left"\nnets = ["N1?"]\nballs = ["far.A*", "far.B*"]\n'
    more += '[[choice]]\nname = "corner"\nnets = ["N2?"]\nrect = [1800, 600, 4000, 3000]\n'
    design = assign_balls(package(tmp_path, ALL_OPEN, more=more))
    place = {terminal.id: terminal for terminal in design.terminals}
    for name, (ball,) in balls_of(design).items():
        in_corner = place[ball].x >= 1_800_000 and place[ball].y >= 600_000
        in_left = ball.startswith(("far.A", "far.B"))
        assert in_left == (len(name) == 3 and name[1] == "1"), name
        assert in_corner == (len(name) == 3 and name[1] == "2"), name


def test_the_same_every_time(tmp_path: Path) -> None:
    first, second = (assign_balls(package(tmp_path, ALL_OPEN)) for _ in range(2))
    assert first.nets == second.nets and first.chosen == second.chosen


WALL = "[[keepout]]\nrect = [700, -3000, 800, -300]\n[[keepout]]\nrect = [700, 300, 800, 3000]\n"


def test_nets_avoid_a_cut_that_is_too_full(tmp_path: Path) -> None:
    """A wall with a gap stands before the nearer balls: only so many nets as pass the gap at ease choose them."""
    free, walled = (assign_balls(package(tmp_path, ALL_OPEN, more=more)) for more in ("", WALL))
    near = [sum(ball.startswith("near") for (ball,) in balls_of(design).values()) for design in (free, walled)]
    assert near[0] > 30
    assert 12 <= near[1] <= 20
    fullest = plan_capacity(walled).fullest
    assert fullest is not None and fullest.utilisation <= COMFORT + 0.005


def test_fixed_nets_in_a_full_cut_are_not_to_be_helped(tmp_path: Path) -> None:
    """Where nets without a choice fill the gap, those with one stay away from it."""
    nets = "".join(f'F{n} = ["d.p{n}", "near.{"ABCDEFGHJK"[n // 6]}{n % 6 + 1}"]\n' for n in range(1, 25))
    nets += "".join(f'N{n} = ["d.p{n}", "*"]\n' for n in range(25, 61))
    design = assign_balls(package(tmp_path, nets, more=WALL))
    assert all(balls[0].startswith("far") for name, balls in balls_of(design).items() if name.startswith("N"))


def test_the_hub_keeps_what_its_customer_asks_for() -> None:
    design = read_design("hub")
    assert [(group.name, len(group.nets)) for group in design.open] == [("memory", 19), ("free balls", 72)]
    found = balls_of(assign_balls(design))
    assert found["RESET"] == ["bga.L1"] and found["VDD"][0] == "bga.F6" and len(found["VSS"]) == 6
    assert all(found[f"DQ{n}"][0][5:] in ("11", "12") for n in range(16))
    given = {ball for balls in found.values() for ball in balls}
    assert given.isdisjoint({"bga.A1", "bga.A12", "bga.M1", "bga.M12"})
    assert len(given) == sum(map(len, found.values())) == 91 + 4 + 3


def test_cuts_side_by_side_share_a_price(small_design: Design) -> None:
    """Nets cross all of them: one that is twice as full as is comfortable costs a step, two cost half a step each. A
    cut that has become empty costs less again, and never less than nothing."""
    regions = [Box(-300_000, -100_000 * k, 300_000, 100_000) for k in (1, 2)]
    cuts = [Cut("ring", region, (0, 1), (5, 5), (0, 1), (), 12.0, 10.0) for region in regions]
    tolls: list[Toll] = []
    adjust(tolls, cuts[:1], small_design, 100.0)
    assert [toll.price for toll in tolls] == [100.0]
    both: list[Toll] = []
    adjust(both, cuts, small_design, 100.0)
    assert [toll.price for toll in both] == [50.0, 50.0]
    adjust(both, cuts[:1], small_design, 100.0)
    assert both[0].price == 150.0 and both[1].price < 50.0
    for _ in range(5):
        adjust(both, [], small_design, 100.0)
    assert [toll.price for toll in both] == [0.0, 0.0]
