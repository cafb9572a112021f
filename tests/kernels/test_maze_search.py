"""The search kernel, compiled and as plain Python, against Dijkstra on the same lattice."""

from __future__ import annotations

from dataclasses import replace

import networkx as nx
import numpy as np
import pytest
from lattice_graph import BUCKET, OTHER, OWN, PITCHES, WIDE, Grid, block, compare, cover, package

from router.maze.cost import AXIS, Costs
from router.maze.crossing import against
from router.maze.kernels import advance, nodes, paths, price
from router.maze.search import NEVER, Terms
from router.model.pdk import Pdk

pytestmark = pytest.mark.usefixtures("exact")


@PITCHES
@pytest.mark.parametrize("seed", range(3))
def test_the_way_round_obstacles_is_the_cheapest(
    small_pdk: Pdk, plain: bool, pitches: tuple[int, int], seed: int
) -> None:
    design, rng = package(small_pdk, pitches, side=WIDE), np.random.default_rng(seed)
    grid = Grid(design, plain, Costs(bend=0, lean=0))
    block(grid, rng)
    assert compare(grid, rng) > 2


@pytest.mark.parametrize("angles", [("manhattan", "manhattan"), ("manhattan", "octilinear")], ids=str)
@pytest.mark.parametrize("seed", range(3))
def test_the_way_without_diagonals_is_the_cheapest(
    small_pdk: Pdk, plain: bool, angles: tuple[str, str], seed: int
) -> None:
    levels = tuple(replace(level, angles=a) for level, a in zip(small_pdk.levels, angles, strict=True))
    design = package(replace(small_pdk, levels=levels), side=WIDE)
    rng = np.random.default_rng(seed)
    grid = Grid(design, plain, Costs(bend=0, lean=0))
    block(grid, rng)
    assert compare(grid, rng) > 2


@PITCHES
@pytest.mark.parametrize("seed", range(3))
def test_axes_that_cost_a_net_more_are_paid(small_pdk: Pdk, plain: bool, pitches: tuple[int, int], seed: int) -> None:
    """A node keeps one way to it. Where axes cost alike another is never better by more than a turn; here it can be,
    by a step or two across."""
    design, rng = package(small_pdk, pitches, side=WIDE), np.random.default_rng(seed)
    grid = Grid(design, plain, Costs(bend=0, lean=0))
    block(grid, rng)
    grid.classes[:, nodes.ACROSS :] = against(int(rng.integers(4)), rng.random(2) < 0.5, grid.levels, 0.4)
    assert compare(grid, rng, spare=2 * int(0.4 * AXIS)) > 2


@PITCHES
@pytest.mark.parametrize("seed", range(3))
def test_fees_are_paid_once_for_each_connection_of_others_entered(
    small_pdk: Pdk, plain: bool, pitches: tuple[int, int], seed: int
) -> None:
    design, rng = package(small_pdk, pitches, side=WIDE), np.random.default_rng(seed)
    grid = Grid(design, plain, Costs(bend=0, lean=0), connections=9)
    grid.searcher.fee[1:] = rng.integers(100, 2000, 8)
    grid.searcher.fee[3], grid.searcher.net_of[6] = NEVER, OWN
    cover(grid, rng, 9)
    assert compare(grid, rng) > 2


@pytest.mark.parametrize("ids", [np.int16, np.int32])
def test_to_stay_under_the_same_halos_costs_what_entering_them_from_there_costs(plain: bool, ids: type) -> None:
    """The search asks the price of staying once for all eight neighbours: it has to be that of each."""
    rng = np.random.default_rng(8)
    net_of = np.array([-1, OWN, *[OTHER] * 5], dtype=np.int32)
    fee = np.array([0, 50, NEVER, 100, 200, 300, 400], dtype=np.int32)
    slots = np.zeros((200, 4), dtype=ids)
    for row in slots:
        held = rng.permutation(6)[: rng.integers(5)] + 1
        row[: len(held)] = held
    slots[100:] = slots[rng.integers(100, size=100)]
    same = 0
    for a in range(len(slots)):
        for b in range(0, len(slots), 7):
            found = price.same_halos(slots, a, b)
            assert found == (slots[a].tolist() == slots[b].tolist())
            if found:
                same += a != b
                stay = price.entry_fee(slots, b, b, OWN, net_of, fee, 10)
                assert price.entry_fee(slots, a, b, OWN, net_of, fee, 10) == stay
                others = [int(k) for k in slots[a] if k and net_of[k] != OWN]
                assert stay == (-1 if 2 in others else 10 * len(others))
    assert same > 50


@pytest.mark.parametrize("plain", ["python"], indirect=True)
def test_asking_the_price_of_each_step_finds_the_same_ways(
    small_pdk: Pdk, plain: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    for same_halos in (advance.same_halos, lambda slots, a, b: False):
        monkeypatch.setattr(advance, "same_halos", same_halos)
        rng = np.random.default_rng(2)
        grid = Grid(package(small_pdk, (10_000, 20_000), side=WIDE), plain, Costs(), connections=9)
        grid.searcher.fee[1:] = rng.integers(100, 2000, 8)
        cover(grid, rng, 9)
        ends = [(grid.node(0, *a), grid.node(1, *b)) for a, b in zip(*rng.integers(20, size=(2, 9, 2)), strict=True)]
        ways = [grid.find(*pair) for pair in ends]
        found.append((grid.searcher.visits, [way.tolist() for way in ways if way is not None]))
    assert found[0] == found[1]
    assert len(found[0][1]) == 9


def test_a_turn_costs_and_is_never_sharp(small_pdk: Pdk, plain: bool) -> None:
    grid = Grid(package(small_pdk), plain, Costs(bend=0.1, lean=0))
    path = grid.find(grid.node(0, 2, 2), grid.node(0, 20, 9))
    assert path is not None
    assert sorted(grid.turns(path))[-2:] == [0, 1]
    assert len(path) == 19
    # A wall with one gap, which can only be passed straight.
    for row in range(25):
        if row != 12:
            grid.window.node["blocked"][[grid.node(level, 12, row) for level in (0, 1)]] = 0xFFFF
    path = grid.find(grid.node(0, 10, 2), grid.node(0, 14, 2))
    assert path is not None
    assert set(grid.turns(path)) == {0, 1}
    assert grid.node(0, 12, 12) in path or grid.node(1, 12, 12) in path


def test_the_nearest_of_several_ends_is_joined(small_pdk: Pdk, plain: bool) -> None:
    grid, rng = Grid(package(small_pdk), plain, Costs(bend=0, lean=0)), np.random.default_rng(5)
    block(grid, rng)
    graph = grid.graph()
    sources, targets = (rng.choice(list(graph), count, replace=False) for count in (5, 60))
    path = grid.searcher.find(OWN, grid.classes, sources, targets)
    assert path is not None
    assert path[0] in sources and path[-1] in targets
    least = nx.multi_source_dijkstra_path_length(graph, set(sources.tolist()))
    assert grid.cost(graph, path) == min(least[n] for n in targets.tolist() if n in least)


def test_no_way_and_no_step(small_pdk: Pdk, plain: bool) -> None:
    grid = Grid(package(small_pdk), plain, Costs())
    n = grid.node(1, 3, 4)
    alone = grid.find(n, n)
    assert alone is not None and alone.tolist() == [n]
    for level in (0, 1):
        grid.window.node["blocked"][[grid.node(level, 12, row) for row in range(25)]] = 0xFFFF
    assert grid.find(n, grid.node(0, 20, 20)) is None
    assert not grid.searcher.labels.label["mark"].any()
    assert grid.find(grid.node(0, 12, 3), n) is None


def test_who_may_not_be_run_over_is_a_wall(small_pdk: Pdk, plain: bool) -> None:
    grid = Grid(package(small_pdk, levels=(0,)), plain, Costs())
    rows = grid.window.slot_base[0, 0] + np.array([grid.node(0, 12, row) for row in range(25)])
    grid.window.slots[rows, 0] = 1
    ends = grid.node(0, 2, 2), grid.node(0, 20, 2)
    assert grid.find(*ends) is not None
    never = np.full(3, NEVER, dtype=np.int32)
    assert grid.searcher.find(OWN, grid.classes, np.array(ends[:1]), np.array(ends[1:]), Terms(never)) is None
    grid.searcher.net_of[1] = OWN
    assert grid.searcher.find(OWN, grid.classes, np.array(ends[:1]), np.array(ends[1:]), Terms(never)) is not None


def test_fees_that_come_to_more_than_a_cost_can_be_are_paid(small_pdk: Pdk, plain: bool) -> None:
    grid = Grid(package(small_pdk, levels=(0,)), plain, Costs(), connections=20)
    for column in range(3, 22):
        rows = grid.window.slot_base[0, 0] + np.array([grid.node(0, column, row) for row in range(25)])
        grid.window.slots[rows, 0] = column - 2
    grid.searcher.fee[1:] = 1 << 28
    path = grid.find(grid.node(0, 1, 2), grid.node(0, 23, 2))
    assert path is not None
    assert {grid.at(int(n))[1] for n in path} == set(range(1, 24))


@pytest.mark.parametrize("plain", ["compiled"], indirect=True)
def test_it_matters_little_from_which_end_a_search_begins(small_pdk: Pdk, plain: bool) -> None:
    """One end is shut in by a dear halo: from the other end alone, all that lies in the open would be looked at."""
    visits = []
    for turned in (False, True):
        grid = Grid(package(small_pdk, levels=(0,), side=4 * WIDE), plain, Costs())
        ring = {grid.node(0, i, j) for i in range(20, 31) for j in range(20, 31)}
        ring -= {grid.node(0, i, j) for i in range(22, 29) for j in range(22, 29)}
        grid.window.slots[grid.window.slot_base[0, 0] + np.array(sorted(ring)), 0] = 1
        grid.searcher.fee[1] = 4000
        ends = [grid.node(0, 25, 25), grid.node(0, 120, 70)]
        path = grid.find(*(ends[::-1] if turned else ends))
        assert path is not None and not ring.isdisjoint(path.tolist())
        visits.append(grid.searcher.visits)
    shut_in = 7 * 7
    assert max(visits) < 2 * min(visits) and min(visits) < 12 * shut_in


def test_of_equal_ways_the_other_hand_takes_another(small_pdk: Pdk, plain: bool) -> None:
    grid = Grid(package(small_pdk, levels=(0,)), plain, Costs())
    source, target = (np.array([grid.node(0, *cell)]) for cell in ((2, 2), (20, 9)))
    ways = [grid.searcher.find(OWN, grid.classes, source, target, Terms(handed=hand)) for hand in (0, 1)]
    assert ways[0] is not None and ways[1] is not None
    assert len(ways[0]) == len(ways[1]) == 19
    assert set(ways[0].tolist()) != set(ways[1].tolist())


@pytest.mark.parametrize("against_x", [False, True])
def test_a_way_costs_less_than_the_limit(small_pdk: Pdk, plain: bool, against_x: bool) -> None:
    """What a search pays for its path is what `path_cost` says, with cuts, bends and prices of axes."""
    grid = Grid(package(small_pdk), plain, Costs(lean=0))
    if against_x:
        grid.classes = np.hstack(
            [grid.classes[:, : nodes.ACROSS], against(0, np.array([False, True]), grid.levels, 0.2)]
        )
    for level in (0, 1):
        wall = [grid.node(level, 12, row) for row in range(3 + 20 * level, 25)]
        grid.window.node["blocked"][wall] = 0xFFFF
    ends = np.array([grid.node(0, 3, 10)]), np.array([grid.node(0, 21, 17)])
    path = grid.searcher.find(OWN, grid.classes, *ends)
    assert path is not None and {grid.at(int(n))[0] for n in path} == {0, 1}
    cost = int(paths.path_cost(grid.levels, grid.classes, grid.searcher.weights, path))
    assert grid.searcher.find(OWN, grid.classes, *ends, Terms(limit=cost - BUCKET)) is None
    found = grid.searcher.find(OWN, grid.classes, *ends, Terms(limit=cost + 2 * BUCKET))
    assert found is not None
    assert abs(int(paths.path_cost(grid.levels, grid.classes, grid.searcher.weights, found)) - cost) < BUCKET
    if plain:
        assert grid.searcher.find(OWN, grid.classes, *ends, Terms(limit=cost)) is None
        assert grid.searcher.find(OWN, grid.classes, *ends, Terms(limit=cost + 1)) is not None
