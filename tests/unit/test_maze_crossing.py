"""Nets that cross many others: which they are, and how they run on each level."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from router.bench.facing import cross144, d2d512, d2d512m, hbm1024
from router.bench.fanout import fan256
from router.maze import route_design
from router.maze.cost import AXIS, DIAGONAL, Costs
from router.maze.crossing import (
    StraightWays,
    against,
    find_crossing,
    main_axis,
    put_off,
    roomier_levels,
    straight_ways,
    with_crossings,
)
from router.maze.kernels.nodes import ACROSS, AXIS_COST, DIAGONAL_COST
from router.maze.lattice import build_lattice
from router.maze.problem import prepare, start
from router.maze.ripup import Ripup
from router.model.design import Design
from router.read.design import read_design


def router_of(design: Design, costs: Costs | None = None) -> Ripup:
    problem = prepare(design, build_lattice(design, design.outline, 1))
    return start(problem, costs or Costs())


def crossing_nets(design: Design) -> np.ndarray:
    router = router_of(design)
    return find_crossing(straight_ways(router.trees, router.connections[1:]), len(design.nets))


def test_nets_dealt_by_chance_cross_and_buses_and_fans_do_not() -> None:
    assert crossing_nets(cross144(2)).mean() > 0.9
    for design in (d2d512(2), d2d512m(2), fan256()):
        assert not crossing_nets(design).any()


def test_a_bus_between_staggered_bumps_does_not_cross_though_its_straight_ways_do() -> None:
    router = router_of(hbm1024(3))
    ways = straight_ways(router.trees, router.connections[1:])
    assert (ways.crossed == ways.met).mean() > 0.9
    assert not find_crossing(ways, 1024).any()


def test_a_bus_that_need_not_cross_leaves_nets_that_do_as_they_are() -> None:
    """Each goes by those that it crosses: 32 ways that may pass by each other's ends, and beside them 16 in reverse
    order."""
    slight = [[k, k % 2 * 50, 9_000 - k, 50 - k % 2 * 50] for k in range(0, 3200, 100)]
    reverse = [[10_000, 500 * k, 20_000, 500 * (15 - k)] for k in range(16)]
    found = find_crossing(ways_of(np.array(slight + reverse, dtype=np.int64)), 48)
    assert found.tolist() == [False] * 32 + [True] * 16


def ways_of(ends: np.ndarray) -> StraightWays:
    """Ways (n, 4) from left to right and in the order of their left ends, each of a net of its own."""
    nets = np.arange(len(ends))
    return with_crossings(ends, nets + 1, nets)


def bus_and_one(count: int) -> StraightWays:
    """So many ways from left to right, of connections 1 to `count`, and one that crosses them all."""
    return ways_of(np.array([[0, k, 1000, k + 1] for k in range(count)] + [[500, -1000, 501, 1000]], dtype=np.int64))


def test_whoever_crosses_a_few_does_not_cross_many() -> None:
    """Nine ways from left to right, and one that crosses them all: they cross one, it crosses nine; then seven."""
    for count, many in ((9, 1), (7, 0)):
        assert find_crossing(bus_and_one(count), count + 1).sum() == many


def test_ways_run_from_left_to_right_in_the_order_of_their_left_ends() -> None:
    router = router_of(cross144(2))
    ways = straight_ways(router.trees, router.connections[1:][::-1])
    assert (np.diff(ways.ends[:, 0]) >= 0).all() and (ways.ends[:, 0] <= ways.ends[:, 2]).all()
    places = {net: sorted(tuple(p.places[0]) for p in tree.pieces) for net, tree in enumerate(router.trees)}
    assert all([tuple(w[:2]), tuple(w[2:])] == places[n] for w, n in zip(ways.ends, ways.nets.tolist(), strict=True))
    assert [router.connections[k].net for k in ways.ids] == ways.nets.tolist()


def test_whoever_crosses_more_comes_later() -> None:
    """By doublings, past four: those of a bus cross one, whoever crosses it 3, 4, 11, 12 or 40 of them."""
    for count, late in ((3, 0), (4, 1), (11, 1), (12, 2), (40, 3)):
        turns = put_off(bus_and_one(count), np.ones(count + 1, dtype=np.bool_), count + 2)
        assert turns.tolist() == [0] * (count + 1) + [late]


def test_nobody_comes_later_where_all_cross_many() -> None:
    router = router_of(cross144(2))
    assert np.count_nonzero(router.late) < 5


def test_neither_trees_nor_nets_of_one_level_come_later() -> None:
    ways, several = bus_and_one(12), np.ones(13, dtype=np.bool_)
    assert not put_off(ways, ~several, 14).any()
    tree = ways._replace(nets=np.minimum(ways.nets, 11))
    assert not put_off(tree, several[1:], 14).any()


def test_a_way_across_a_bus_is_routed_after_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the shortest of all, and would be the first otherwise."""
    pins = [
        f'{{ name = "{end}{k}", x = {x}, y = {60 * k - 500} }}'
        for k in range(16)
        for end, x in (("L", -900), ("R", 900))
    ]
    pins += ['{ name = "S", x = 0, y = -700 }', '{ name = "N", x = 0, y = 600 }']
    nets = "\n".join(f'N{k} = ["die.L{k}", "die.R{k}"]' for k in range(16))
    file = tmp_path / "bus.toml"
    file.write_text(
        'name = "bus"\npdk = "fanout_10um"\nlevels = 2\noutline = [2400, 2400]\n'
        f'[[die]]\nname = "die"\nsize = [2200, 2200]\npad = "bump"\npad_size = 40\npin = [{", ".join(pins)}]\n'
        f'[nets]\nX = ["die.S", "die.N"]\n{nets}\n',
        encoding="utf-8",
    )
    committed: list[int] = []
    commit = Ripup.commit
    monkeypatch.setattr(Ripup, "commit", lambda self, c, found: committed.append(c.net) or commit(self, c, found))
    assert not route_design(read_design(file)).unrouted
    assert committed.index(0) == 16


@pytest.mark.parametrize(("levels", "roomier"), [(2, [False, True]), (3, [True, False, True])])
def test_every_second_level_has_more_room_between_lands(levels: int, roomier: list[bool]) -> None:
    assert roomier_levels(cross144(levels)).tolist() == roomier


@pytest.mark.parametrize(
    ("across", "axis", "without"),
    [((900, 100), 0, 0), ((600, 500), 1, 0), ((500, -600), 3, 2), ((-300, 2000), 2, 2), ((-500, -600), 1, 2)],
)
def test_ways_run_most_along_an_axis_or_a_diagonal(across: tuple[int, int], axis: int, without: int) -> None:
    ways = np.array([[7, 7, 7, 7], [0, 0, *across], [0, 0, *across]], dtype=np.int64)
    assert main_axis(ways) == axis
    assert main_axis(ways, slanted=False) == without


def test_an_axis_has_its_levels_and_pays_on_the_others() -> None:
    levels = build_lattice(cross144(2), cross144(2).outline, 1).levels
    straight, slanted = (0.5 * levels[:, k] for k in (AXIS_COST, DIAGONAL_COST))
    prices = against(1, np.array([False, True]), levels, 0.5)
    assert prices.tolist() == [[0, int(slanted[0]), 0, 0], [int(straight[1]), 0, int(straight[1]), int(slanted[1])]]


def test_steps_across_and_fees_cost_nets_that_cross_more() -> None:
    design = cross144(2)
    router = router_of(design, Costs(against=0.25, growth=1, crossing_growth=5))
    crossing = crossing_nets(design)
    track = router.fee_step[1:].min()
    for c in router.connections[1:]:
        prices = router.classes[c.net][:, ACROSS:].tolist()
        mine = [[AXIS // 4, 0, 0, 0], [0, DIAGONAL // 4, AXIS // 4, DIAGONAL // 4]]
        assert prices == (mine if crossing[c.net] else [[0] * 4] * 2)
        assert router.fee_step[c.id] == (5 * track if crossing[c.net] else track)


def test_a_net_with_one_level_pays_no_axis_but_fees_of_its_own() -> None:
    design = cross144(2)
    alone = {name: replace(c, levels=(0,)) for name, c in design.classes.items()}
    router = router_of(replace(design, classes=alone), Costs(fee=3, planar_fee=7, planar_growth=2, crossing_growth=5))
    assert not any(classes[:, ACROSS:].any() for classes in router.classes)
    assert len(set(router.fee_step[1:].tolist())) == 1
    assert (2 * router.searcher.fee[1:] == 7 * router.fee_step[1:]).all()
    router = router_of(design, Costs(fee=3, planar_fee=7, growth=1, crossing_growth=1))
    assert (router.searcher.fee[1:] == 3 * router.fee_step[1:]).all()


def test_nets_dealt_by_chance_are_all_routed() -> None:
    assert not route_design(cross144(3), crowding=1.0).unrouted
