"""A window with a searcher, the same lattice as a graph, and what stands in the way there."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import networkx as nx
import numpy as np
import pytest

from router.maze.cost import AXIS, DIAGONAL, Costs
from router.maze.footprint import collect_footprints
from router.maze.kernels import nodes, price, queue
from router.maze.labels import open_labels
from router.maze.lattice import build_lattice
from router.maze.search import NEVER, Searcher, weights
from router.maze.window import Window, open_window
from router.model.design import Design, End, Net, NetClass, Terminal
from router.model.geometry import Box
from router.model.pdk import Pdk, TerminalKind

OWN, OTHER = 0, 1
# A lattice of 10 µm has 25 columns, in one tile, or 41 in two.
SIZE, WIDE = 240_000, 400_000
BUCKET = 1 << queue.BUCKET_BITS


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
        return fees + int(self.searcher.weights[price.INSIDE]) * len(self.covering(n, kind))

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
                paid = self.price(n, n, here_kind) + self.price(n, m, there_kind)
                yield m, int(self.searcher.weights[price.VIA]) + paid

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
        assert 0 <= excess < (1 << queue.BUCKET_BITS) + int(grid.searcher.weights[price.INSIDE]) + spare
        count += 1
    return count
