"""Cuts between levels in the search, and what it does where its arrays are full or somebody asks it to end."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from lattice_graph import OWN, Grid, block, package

from router.maze import search as search_module
from router.maze.cost import Costs
from router.maze.kernels import cuts, nodes
from router.maze.search import Terms
from router.model.pdk import Pdk

pytestmark = pytest.mark.usefixtures("exact")


def test_two_ways_that_meet_keep_their_cuts_apart(small_pdk: Pdk, plain: bool) -> None:
    """Walls on either level that only two cuts pass; none of the way's cuts stands too near the one before."""
    grid = Grid(package(small_pdk), plain, Costs(bend=0, lean=0))
    apart = int(grid.levels[0, nodes.APART_UP])
    assert apart > 1
    found = 0
    for gap in range(1, 2 * apart):
        grid.window.node["blocked"] = 0
        for level, column in ((0, 12), (1, 12 - gap), (1, 12 + gap)):
            grid.window.node["blocked"][[grid.node(level, column, row) for row in range(25)]] = 0xFFFF
        path = grid.find(grid.node(0, 3, 12), grid.node(0, 21, 12))
        if path is None:
            continue
        found += 1
        places = [grid.at(int(n)) for n in path]
        cuts = [np.array(a[1:]) for a, b in itertools.pairwise(places) if a[0] != b[0]]
        assert len(cuts) == 2
        assert all(np.hypot(*(a - b)) >= apart for a, b in itertools.pairwise(cuts))
    assert 0 < found < 2 * apart - 1


def test_the_way_between_cuts_close_together_is_straight(small_pdk: Pdk, plain: bool) -> None:
    grid = Grid(package(small_pdk), plain, Costs())
    label, apart = grid.searcher.labels.label, int(grid.levels[0, nodes.APART_UP])
    aslant, far = -(-apart * 1000 // 1414), -(-3 * apart // 2)
    for way, too_near in (
        ([0] * (apart - 1), True),
        ([0] * apart, False),
        ([1] * (aslant - 1), True),
        ([1] * aslant, False),
        ([0] * (apart - 1) + [1], True),
        ([1] + [0] * (far - 2), True),
        ([1] + [0] * (far - 1), False),
        ([0] * far + [2] * apart, False),
    ):
        column, row = 2, 2
        label["parent"][grid.node(0, column, row)] = nodes.DOWN | nodes.CUT
        for d in way:
            column, row = column + int(nodes.DX[d]), row + int(nodes.DY[d])
            label["parent"][grid.node(0, column, row)] = d | nodes.CUT
        assert cuts.too_near_last_cut(label, grid.levels, grid.node(0, column, row), 0, 1) == too_near, way


def test_levels_that_a_net_may_not_use_are_left_by_a_cut(small_pdk: Pdk, plain: bool) -> None:
    grid = Grid(package(small_pdk, levels=(1,)), plain, Costs())
    path = grid.find(grid.node(0, 2, 2), grid.node(0, 9, 9))
    assert path is not None and [grid.at(int(n))[0] for n in path] == [0] + [1] * (len(path) - 2) + [0]
    path = grid.find(grid.node(1, 2, 2), grid.node(1, 9, 9))
    assert path is not None and {grid.at(int(n))[0] for n in path} == {1}


def test_no_cut_stands_beside_another_of_its_net(small_pdk: Pdk, plain: bool) -> None:
    grid = Grid(package(small_pdk), plain, Costs(bend=0, lean=0))
    ends = np.array([grid.node(0, 3, 3)]), np.array([grid.node(1, 5, 5)])
    free = [grid.node(0, 20, 20), grid.node(1, 20, 20)]
    everywhere = np.arange(len(grid.window.node))
    assert grid.searcher.find(OWN, grid.classes, *ends, Terms(own_cuts=everywhere)) is None
    but_there = np.setdiff1d(everywhere, free)
    path = grid.searcher.find(OWN, grid.classes, *ends, Terms(own_cuts=but_there))
    assert path is not None and set(free) <= set(path.tolist())
    assert not grid.searcher.labels.label["mark"].any()


def test_the_queue_and_the_way_grow(small_pdk: Pdk, plain: bool) -> None:
    grid = Grid(package(small_pdk), plain, Costs())
    ends = grid.node(0, 1, 2), grid.node(1, 23, 19)
    expected = grid.find(*ends)
    visits, labels = grid.searcher.visits, grid.searcher.labels
    labels.keys, labels.items = np.empty(4, dtype=np.int32), np.empty((4, 4), dtype=np.int32)
    labels.nodes = np.empty(2, dtype=np.int64)
    labels.stamp = (1 << 16) - 2
    found = grid.find(*ends)
    assert grid.searcher.visits == 2 * visits, "those of a search whose queue was full do not count"
    assert expected is not None and found is not None
    assert found.tolist() == expected.tolist()
    assert labels.stamp < 100


def test_a_search_that_pauses_finds_the_same(small_pdk: Pdk, plain: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Queues of eight nodes at first are full now and then as well."""
    found = []
    for pause in (10_000, 1, 50):
        monkeypatch.setattr(search_module, "PAUSE", pause)
        grid, rng = Grid(package(small_pdk), plain, Costs()), np.random.default_rng(5)
        block(grid, rng)
        ends = [(grid.node(0, *a), grid.node(1, *b)) for a, b in zip(*rng.integers(20, size=(2, 9, 2)), strict=True)]
        ways = [grid.find(*pair) for pair in ends]
        found.append((grid.searcher.visits, [None if way is None else way.tolist() for way in ways]))
    assert found[0] == found[1] == found[2]
    assert any(way for way in found[0][1])


def test_a_search_that_is_stopped_has_no_path(small_pdk: Pdk, plain: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    grid = Grid(package(small_pdk, levels=(0,)), plain, Costs())
    for row in range(24):
        grid.window.node["blocked"][grid.node(0, 12, row)] = 0xFFFF
    ends = grid.node(0, 10, 2), grid.node(0, 14, 2)
    asked: list[int] = []
    grid.searcher.stop = lambda: len(asked) > 1 or bool(asked.append(grid.searcher.visits))
    assert grid.find(*ends) is not None
    assert asked == [], "a short search asks nobody"
    before = grid.searcher.visits
    monkeypatch.setattr(search_module, "PAUSE", 1)
    assert grid.find(*ends) is None
    assert asked == [before] * 2
    assert before < grid.searcher.visits < 2 * before
    monkeypatch.undo()
    assert grid.find(*ends) is not None, "nothing is left of a search that was stopped"
