"""The search kernel, compiled and as plain Python, against Dijkstra on the same lattice."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

import networkx as nx
import numpy as np
import pytest

from router.maze import search as search_module
from router.maze.cost import AXIS, DIAGONAL, Costs
from router.maze.crossing import against
from router.maze.footprint import collect_footprints
from router.maze.kernels import advance, cuts, nodes, paths, price, queue
from router.maze.labels import open_labels
from router.maze.lattice import build_lattice
from router.maze.search import NEVER, Searcher, Terms, weights
from router.maze.window import Window, open_window
from router.model.design import Design, End, Net, NetClass, Terminal
from router.model.geometry import Box
from router.model.pdk import Pdk, TerminalKind

OWN, OTHER = 0, 1
# A lattice of 10 µm has 25 columns, in one tile, or 41 in two.
SIZE, WIDE = 240_000, 400_000
BUCKET = 1 << queue.BUCKET_BITS


@pytest.fixture(autouse=True)
def _plain_and_exact(plain: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test runs twice. Plain, buckets are one unit of cost wide, so that the search is exact; compiled, they are
    as wide as in use."""
    if plain:
        for module in (advance, queue):
            monkeypatch.setattr(module, "BUCKET_BITS", 0)


def package(
    pdk: Pdk, pitches: tuple[int, int] = (10_000, 10_000), levels: tuple[int, ...] = (0, 1), side: int = SIZE
) -> Design:
    """Two nets of two ends at the corners of a square; only their classes matter here."""
    corners = [(0, 0), (side, side), (0, side), (side, 0)]
    terminals = tuple(
        Terminal(f"T.{k}", TerminalKind.BUMP, x, y, "bump", 0, 80_000, 80_000, False)
        for k, (x, y) in enumerate(corners)
    )
    nets = tuple(Net(name, (End((2 * k,)), End((2 * k + 1,))), "default") for k, name in enumerate("AB"))
    classes = {"default": NetClass("default", (10_000, 10_000), (10_000, 10_000), levels)}
    return Design("grid", pdk, Box(0, 0, side, side), (), terminals, nets, classes, lattice=pitches)


class Grid:
    """An empty window with a searcher for net OWN, and the same lattice as a graph."""

    def __init__(self, design: Design, plain: bool, costs: Costs, connections: int = 3) -> None:
        shapes = collect_footprints(design)
        self.window: Window = open_window(build_lattice(design, design.outline, 2), shapes, connections)
        labels = open_labels(len(self.window.node))
        labels.nodes = np.empty(8, dtype=np.int64)
        if plain:
            self.window.node = self.window.node.view(np.recarray)
            labels.label = labels.label.view(np.recarray)
        self.levels = self.window.lattice.levels
        self.classes = shapes.of_class["default"]
        self.searcher = Searcher(
            window=self.window,
            net_of=np.array([-1, *[OTHER] * (connections - 1)], dtype=np.int32),
            fee=np.full(connections, 1000, dtype=np.int32),
            weights=weights(costs, 2.0, self.levels),
            labels=labels,
        )

    def find(self, source: int, target: int) -> np.ndarray | None:
        return self.searcher.find(OWN, self.classes, np.array([source]), np.array([target]))

    def at(self, n: int) -> tuple[int, int, int]:
        """Level, column and row of a node."""
        level = int(np.searchsorted(self.levels[:, 0], n, side="right")) - 1
        column, row = nodes.cell_of(self.levels, n, level)
        return level, int(column), int(row)

    def node(self, level: int, column: int, row: int) -> int:
        return self.window.lattice.node(level, column, row)

    def is_open(self, n: int, kind: int) -> bool:
        level, _, _ = self.at(n)
        bit = 1 << int(self.classes[level, kind])
        record = self.window.node[n]
        if record["owner"] != OWN if record["single"] & bit else record["blocked"] & bit:
            return False
        return all(self.searcher.fee[k] != NEVER for k in self.covering(n, kind))

    def covering(self, n: int, kind: int) -> set[int]:
        """Connections of others that cover a node for our trace (kind 0) or via (1 down, 2 up)."""
        level, _, _ = self.at(n)
        row = self.window.slot_base[level, self.classes[level, kind]] + n - self.levels[level, 0]
        return {int(k) for k in self.window.slots[row] if k and self.searcher.net_of[k] != OWN}

    def price(self, before: int, n: int, kind: int = 0) -> int:
        new = self.covering(n, kind) - self.covering(before, 0)
        fees = sum(int(self.searcher.fee[k]) for k in new)
        return fees + int(self.searcher.weights[2]) * len(self.covering(n, kind))

    def steps(self, n: int) -> Iterator[tuple[int, int]]:
        """Neighbours of a node with the cost of going there; turns cost nothing here."""
        level, column, row = self.at(n)
        _, nx_, ny, ox, oy, step = (int(v) for v in self.levels[level, :6])
        around = ((1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1))
        for d in range(0, 8, int(self.levels[level, nodes.BEND])):
            dx, dy = around[d]
            if 0 <= column + dx < nx_ and 0 <= row + dy < ny:
                m = self.node(level, column + dx, row + dy)
                if self.is_open(m, 0):
                    across = int(self.classes[level, nodes.ACROSS + d % 4])
                    yield m, (DIAGONAL if dx and dy else AXIS) * step + across + self.price(n, m)
        x, y = ox + column * step, oy + row * step
        for there in (level - 1, level + 1):
            if not 0 <= there < len(self.levels):
                continue
            _, nx_, ny, ox, oy, step = (int(v) for v in self.levels[there, :6])
            (i, inside_x), (j, inside_y) = divmod(x - ox, step), divmod(y - oy, step)
            if inside_x or inside_y or not (0 <= i < nx_ and 0 <= j < ny):
                continue
            m = self.node(there, i, j)
            here_kind, there_kind = (2, 1) if there > level else (1, 2)
            if self.is_open(m, 0) and self.is_open(n, here_kind) and self.is_open(m, there_kind):
                price = self.price(n, n, here_kind) + self.price(n, m, there_kind)
                yield m, int(self.searcher.weights[0]) + price

    def graph(self) -> nx.DiGraph:
        graph = nx.DiGraph()
        cells = ((level, *cell) for level, row in enumerate(self.levels) for cell in np.ndindex(row[1], row[2]))
        for n in itertools.starmap(self.node, cells):
            if self.is_open(n, 0):
                graph.add_weighted_edges_from((n, m, cost) for m, cost in self.steps(n))
        return graph

    def cost(self, graph: nx.DiGraph, path: np.ndarray) -> int:
        return sum(graph[a][b]["weight"] for a, b in zip(path[:-1].tolist(), path[1:].tolist(), strict=True))

    def turns(self, path: np.ndarray) -> list[int]:
        """Turns between steps on one level, in bends of that level."""
        places = [self.at(int(n)) for n in path]
        headings = [
            None if a[0] != b[0] else round(np.degrees(np.arctan2(b[2] - a[2], b[1] - a[1])) / 45)
            for a, b in itertools.pairwise(places)
        ]
        turns = [
            (min((b - a) % 8, (a - b) % 8), int(self.levels[place[0], nodes.BEND]))
            for place, (a, b) in zip(places[1:], itertools.pairwise(headings), strict=False)
            if a is not None and b is not None
        ]
        assert all(turn % bend == 0 for turn, bend in turns)
        return [turn // bend for turn, bend in turns]


def boxes(grid: Grid, rng: np.random.Generator, count: int, largest: int) -> Iterator[list[int]]:
    """Node ids of random rectangles."""
    for _ in range(count):
        level = int(rng.integers(len(grid.levels)))
        columns, rows = (int(v) for v in grid.levels[level, 1:3])
        x, y = int(rng.integers(columns)), int(rng.integers(rows))
        w, h = rng.integers(1, largest + 1, 2)
        yield [grid.node(level, i, j) for i in range(x, min(columns, x + w)) for j in range(y, min(rows, y + h))]


def block(grid: Grid, rng: np.random.Generator) -> None:
    """Some places closed to all, some left to another net, some to the searching one."""
    for k, box in enumerate(boxes(grid, rng, 30, 7)):
        for n in box:
            if k % 3 == 0:
                grid.window.node["blocked"][n] = 0xFFFF
            else:
                grid.window.node["single"][n] = 0xFFFF
                grid.window.node["owner"][n] = OWN if k % 3 == 1 else OTHER
    # Both marks at once would mean that a trace lies on a land there.
    grid.window.node["single"][grid.window.node["blocked"] != 0] = 0


def cover(grid: Grid, rng: np.random.Generator, connections: int) -> None:
    """Halos of committed connections, as rectangles, for all classes alike."""
    for connection, box in enumerate(boxes(grid, rng, connections - 1, 16), 1):
        for n in box:
            level, _, _ = grid.at(n)
            for k in {int(c) for c in grid.classes[level] if c >= 0}:
                slots = grid.window.slots[grid.window.slot_base[level, k] + n - grid.levels[level, 0]]
                if not slots[3]:
                    slots[np.flatnonzero(slots == 0)[0]] = connection


PITCHES = pytest.mark.parametrize("pitches", [(10_000, 10_000), (10_000, 20_000), (30_000, 10_000)], ids=str)


def compare(grid: Grid, rng: np.random.Generator, spare: int = 0) -> int:
    """Search between random nodes; returns how many ways there were, each as cheap as Dijkstra's but for less than the
    width of a bucket, in which the last come is the first served, the price of standing where a cut lands, which the
    two sides see from its two ends, and what is to `spare`."""
    graph = grid.graph()
    count = 0
    for _ in range(5):
        source, target = (int(n) for n in rng.choice(list(graph), 2, replace=False))
        path = grid.find(source, target)
        if not nx.has_path(graph, source, target):
            assert path is None
            continue
        assert path is not None
        assert (path[0], path[-1]) == (source, target)
        assert max(grid.turns(path), default=0) <= 1
        excess = grid.cost(graph, path) - nx.dijkstra_path_length(graph, source, target)
        assert 0 <= excess < (1 << queue.BUCKET_BITS) + int(grid.searcher.weights[2]) + spare
        count += 1
    return count


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


def test_two_ways_that_meet_keep_their_cuts_apart(small_pdk: Pdk, plain: bool) -> None:
    """Walls on either level that only two cuts pass; none of the way's cuts stands too near the one before."""
    grid = Grid(package(small_pdk), plain, Costs(bend=0, lean=0))
    apart = int(grid.levels[0, nodes.APART + 2])
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
    label, apart = grid.searcher.labels.label, int(grid.levels[0, nodes.APART + 2])
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
