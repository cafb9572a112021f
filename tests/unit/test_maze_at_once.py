"""Searches at once: who may be searched for together, and that the number of threads changes nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from router import route
from router.bench.facing import d2d512m
from router.maze import crew, route_design
from router.maze.cost import Costs
from router.maze.crew import Crew
from router.maze.lattice import build_lattice
from router.maze.problem import Problem, prepare, start
from router.maze.search import Searcher
from router.maze.turns import APART, AT_ONCE, Turns
from router.model.design import Design
from router.read.design import read_design

PAIRS = 40


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> Design:
    """Forty nets of two ends, some beside each other and some apart, and one of three ends."""
    rng = np.random.default_rng(3)
    cells = rng.permutation(100)[: 2 * PAIRS + 3]
    pins = ", ".join(
        f'{{ name = "{k}", x = {200 * (c % 10) - 900}, y = {200 * (c // 10) - 900} }}' for k, c in enumerate(cells)
    )
    nets = "\n".join(f'N{k} = ["die.{2 * k}", "die.{2 * k + 1}"]' for k in range(PAIRS))
    tree = ", ".join(f'"die.{2 * PAIRS + k}"' for k in range(3))
    file = tmp_path_factory.mktemp("pairs") / "pairs.toml"
    file.write_text(
        'name = "pairs"\npdk = "fanout_10um"\nlevels = 2\noutline = [2400, 2400]\n'
        f'[[die]]\nname = "die"\nsize = [2200, 2200]\npad = "bump"\npad_size = 60\npin = [{pins}]\n'
        f"[nets]\n{nets}\nTREE = [{tree}]\n",
        encoding="utf-8",
    )
    return read_design(file)


@pytest.fixture
def problem(pairs: Design) -> Problem:
    return prepare(pairs, build_lattice(pairs, pairs.outline, 2))


def turns_of(problem: Problem) -> Turns:
    ids = np.arange(len(problem.connections))
    turns = Turns(problem.window.lattice.levels, problem.trees, problem.connections, np.zeros_like(ids), ids)
    for c in problem.connections[1:]:
        turns.push(c)
    return turns


def test_each_gets_its_turn_once_and_those_together_lie_apart(problem: Problem) -> None:
    turns = turns_of(problem)
    came: list[int] = []
    sizes = []
    while turns:
        waiting = sorted(turns.waiting)
        batch = turns.together(turns.pop())
        assert [c.id for c in batch] == [turn[-1] for turn in waiting[: len(batch)]], "those that are next in turn"
        assert [turns.pop().id for _ in batch[1:]] == [c.id for c in batch[1:]], "they still wait for their turn"
        assert len(batch) == 1 or all(problem.trees[c.net].parts is None for c in batch), "trees come alone"
        assert len(batch) <= AT_ONCE
        for k, c in enumerate(batch):
            for other in batch[:k]:
                a, b = turns.boxes[c.id], turns.boxes[other.id]
                gaps = a[0] - b[2], b[0] - a[2], a[1] - b[3], b[1] - a[3]
                assert max(gaps) > APART
        came += [c.id for c in batch]
        sizes.append(len(batch))
    assert sorted(came) == list(range(1, len(problem.connections)))
    assert max(sizes) > 2


def test_who_was_run_over_comes_alone(problem: Problem) -> None:
    turns = turns_of(problem)
    turns.rips[::2] = 1
    turns.waiting.clear()
    for c in problem.connections[1:]:
        turns.push(c)
    sizes = {0: set[int](), 1: set[int]()}
    while turns:
        batch = turns.together(turns.pop())
        assert len(batch) == 1 or not any(turns.rips[c.id] for c in batch)
        sizes[int(turns.rips[batch[0].id])].add(len(batch))
    assert max(sizes[0]) > 2 and sizes[1] == {1}


def test_who_was_run_over_waits_for_all_others(problem: Problem) -> None:
    turns = turns_of(problem)
    late = turns.connections[turns.waiting[0][-1]]
    turns.waiting.clear()
    turns.rips[late.id] = 1
    for c in problem.connections[1:]:
        turns.push(c)
    order = [turn[-1] for turn in sorted(turns.waiting)]
    assert order == [*(c.id for c in problem.connections[1:] if c is not late), late.id]


def test_short_ones_come_first_but_after_those_that_are_sent_round(problem: Problem) -> None:
    router = start(problem, Costs())
    longest = max(router.connections[1:], key=lambda c: c.length)
    shortest = min(router.connections[1:], key=lambda c: c.length)
    router.late[:] = 0
    router.longer[longest.id], router.late[shortest.id] = 1, 1
    first, *others, last = [router.connections[k] for k in np.argsort(router.order()) if k]
    assert (first, last) == (longest, shortest)
    lengths = [c.length for c in others]
    assert lengths == sorted(lengths)
    router.mix(1)
    by_chance = router.order()
    router.mix(1)
    assert np.array_equal(router.order(), by_chance), "the same chance for the same seed"
    lengths = [router.connections[k].length for k in np.argsort(by_chance) if k]
    assert lengths != sorted(lengths)


def searcher_of(problem: Problem) -> Searcher:
    return start(problem, Costs()).searcher


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_a_crew_finds_all_in_their_order(problem: Problem, threads: int) -> None:
    """Each waits for the others where there are as many threads, so that they do work at once."""
    searcher = searcher_of(problem)
    together = threading.Barrier(threads)
    who = set()

    def find(k: int, mine: Searcher) -> int:
        together.wait(timeout=60)
        who.add(id(mine.labels))
        mine.visits += k
        return k * k

    with Crew(searcher, threads) as hands:
        assert hands.map(find, range(threads)) == [k * k for k in range(threads)]
        assert [s.visits for s in hands.searchers] == [sum(range(threads))] + [0] * (threads - 1)
    assert len(who) == threads


def test_an_error_in_a_search_is_not_lost(problem: Problem) -> None:
    def find(k: int, searcher: Searcher) -> int:
        raise ValueError(f"search {k}")

    with Crew(searcher_of(problem), 2) as hands, pytest.raises(ValueError, match="search"):
        hands.map(find, range(4))


def test_helpers_are_as_many_as_memory_has_room_for(problem: Problem, monkeypatch: pytest.MonkeyPatch) -> None:
    nodes = len(problem.window.node)
    for room, searchers in ((0, 1), (8 * nodes, 2), (8 * nodes * 20, 5)):
        monkeypatch.setattr(crew, "memory_limit", lambda room=room: room)
        with Crew(searcher_of(problem), 5) as hands:
            assert len(hands.searchers) == searchers


@pytest.mark.parametrize("made", [lambda pairs: pairs, lambda _: d2d512m(2)], ids=["pairs", "d2d512m"])
def test_any_number_of_threads_finds_the_same(pairs: Design, made: Callable[[Design], Design]) -> None:
    design = made(pairs)
    routings = [route_design(design, threads=threads) for threads in (1, 2, 3)]
    for routing in routings[1:]:
        assert routing.node_visits == routings[0].node_visits
        assert routing.iterations == routings[0].iterations
        assert routing.unrouted == routings[0].unrouted == ()
        for one, other in zip(routing.paths, routings[0].paths, strict=True):
            assert (one.points.tolist(), one.levels.tolist()) == (other.points.tolist(), other.levels.tolist())


def test_a_net_whose_traces_leave_neither_end_is_left_open(tmp_path: Path) -> None:
    file = tmp_path / "wide.toml"
    array = 'pad = "bump"\narray = { nx = 3, ny = 3, pitch = 100 }'
    file.write_text(
        'pdk = "fanout_10um"\nlevels = 1\noutline = [2400, 1200]\n'
        f'[[die]]\nname = "a"\nat = [-600, 0]\n{array}\n[[die]]\nname = "b"\nat = [600, 0]\n{array}\n'
        '[nets]\nTHIN = ["a.B3", "b.B1"]\nWIDE = ["a.B2", "b.B2"]\n'
        '[[class]]\nname = "w"\nnets = ["WIDE"]\nwidth = 120\n',
        encoding="utf-8",
    )
    assert route(read_design(file)).routing.open_nets == {"WIDE"}
