"""Halos of committed paths: painted and taken away, and exact against the geometry of what they stand for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely

from router.draw.masks import via_shapes
from router.draw.shapes import trace_rings
from router.maze.footprint import Footprints, Halos, collect_footprints, halo_tables
from router.maze.kernels import nodes, paint, paths
from router.maze.lattice import Lattice, build_lattice
from router.maze.window import Window, open_window
from router.model.design import Design, End, Net, NetClass, Terminal
from router.model.geometry import Box
from router.model.pad_rings import pad_rings
from router.model.pdk import Pdk, TerminalKind

SIZE = 200_000
both = pytest.mark.usefixtures("plain")


def package(pdk: Pdk, rules: list[tuple[int, int]], pitches: tuple[int, int], size: int = SIZE) -> Design:
    """A net of each (width, spacing), whose ends do not matter."""
    terminals, nets, classes = [], [], {}
    for k, (width, spacing) in enumerate(rules):
        name = f"c{k}"
        terminals += [Terminal(f"T.{2 * k + i}", TerminalKind.BUMP, 0, 0, "bump", 0, 10, 10, False) for i in (0, 1)]
        nets.append(Net(f"N{k}", (End((2 * k,)), End((2 * k + 1,))), name))
        classes[name] = NetClass(name, (width, width), (spacing, spacing), (0, 1))
    return Design("x", pdk, Box(0, 0, size, size), (), tuple(terminals), tuple(nets), classes, lattice=pitches)


class Board:
    """An empty window and the tables to paint into it. Connection k belongs to net k - 1."""

    def __init__(self, design: Design, connections: int) -> None:
        self.design = design
        self.shapes: Footprints = collect_footprints(design)
        self.lattice: Lattice = build_lattice(design, design.outline, 2)
        self.window: Window = open_window(self.lattice, self.shapes, connections)
        self.halos: Halos = halo_tables(self.shapes, self.lattice)
        self.net_of = np.arange(-1, connections, dtype=np.int32)
        self.seen = np.zeros(connections + 1, dtype=np.bool_)

    def classes(self, net: int) -> np.ndarray:
        return self.shapes.of_class[self.design.nets[net % len(self.design.nets)].net_class]

    def paint(self, path: np.ndarray, connection: int, adding: bool) -> None:
        w, h = self.window, self.halos
        w.keep_spill_sparse(len(path) * h.widest)
        paint.paint_path(
            w.covered, w.slots, self.lattice.levels, self.classes(connection - 1), w.slot_base, h.table_of, h.tables,
            h.offsets, path, connection, adding, w.spill, w.spilled,
        )  # fmt: skip

    def clashes(self, path: np.ndarray, net: int) -> set[int]:
        w = self.window
        met = np.zeros(len(self.net_of), dtype=np.int64)
        count = paint.clashes(
            w.slots, self.lattice.levels, self.classes(net), w.slot_base, path, net, self.net_of, self.seen, met,
            w.spill, w.spilled,
        )  # fmt: skip
        assert not self.seen.any()
        assert len(set(met[:count].tolist())) == count
        return set(met[:count].tolist())

    def walk(self, rng: np.random.Generator, steps: int) -> np.ndarray:
        """A random path of two nodes or more: turns of 45° at most, now and then a cut, none at its end."""
        levels = self.lattice.levels
        level = int(rng.integers(2))
        columns, rows = (int(v) for v in levels[level, 1:3])
        x, y, heading = int(rng.integers(columns)), int(rng.integers(rows)), int(rng.integers(8))
        path = [self.lattice.node(level, x, y)]
        since = 0
        for _ in range(steps):
            since += 1
            if since > 3 and rng.random() < 0.2:
                place = [levels[level, 3 + axis] + v * levels[level, 5] for axis, v in enumerate((x, y))]
                there = 1 - level
                along = [
                    divmod(int(p - levels[there, 3 + axis]), int(levels[there, 5])) for axis, p in enumerate(place)
                ]
                (x2, off_x), (y2, off_y) = along
                if not off_x and not off_y and 0 <= x2 < levels[there, 1] and 0 <= y2 < levels[there, 2]:
                    level, x, y, heading, since = there, x2, y2, int(rng.integers(8)), 0
                    columns, rows = (int(v) for v in levels[level, 1:3])
                    path.append(self.lattice.node(level, x, y))
                    continue
            heading = (heading + int(rng.integers(-1, 2))) % 8
            dx, dy = int(nodes.DX[heading]), int(nodes.DY[heading])
            if not (0 <= x + dx < columns and 0 <= y + dy < rows):
                break
            x, y = x + dx, y + dy
            path.append(self.lattice.node(level, x, y))
        whole = path[: len(path) - (since == 0)]
        return np.array(whole, dtype=np.int64) if len(whole) > 1 else self.walk(rng, steps)

    def metal(self, path: np.ndarray, net: int) -> dict[int, shapely.Geometry]:
        """The polygons of a path on each level, as they are drawn."""
        places = paths.positions(self.lattice.levels, path)
        points, level = np.array([self.lattice.x0, self.lattice.y0]) + places[:, :2] * self.lattice.pitch, places[:, 2]
        pdk = self.design.pdk
        net_class = self.design.classes[self.design.nets[net].net_class]
        captures = via_shapes(pdk.vias[0])[1:]
        found: dict[int, list[shapely.Polygon]] = {0: [], 1: []}
        runs = np.split(np.arange(len(path)), np.flatnonzero(np.diff(level)) + 1)
        for run in runs:
            if len(run) > 1:
                rings = trace_rings(points[run], net_class.widths[level[run[0]]])
                found[int(level[run[0]])] += [shapely.Polygon(ring) for ring in rings]
        for cut in (run[0] for run in runs[1:]):
            for index, shape in enumerate(captures):
                found[index] += [shapely.Polygon(ring + points[cut]) for ring in pad_rings([shape], pdk.chord_error)]
        return {index: shapely.union_all(polygons) for index, polygons in found.items() if polygons}


FINE = [(10_000, 10_000), (10_000, 10_000)]
MIXES = [
    ([(10_000, 10_000)] * 2, (5_000, 5_000)),
    ([(10_000, 10_000)] * 2, (4_000, 8_000)),
    ([(10_000, 10_000), (30_000, 15_000)], (5_000, 10_000)),
    ([(12_000, 10_000), (21_000, 13_000)], (3_700, 3_700)),
    ([(10_000, 10_000), (10_000, 25_000), (60_000, 12_000)], (10_000, 5_000)),
]


@both
def test_what_lies_on_a_land_has_no_halo_and_is_in_none(small_pdk: Pdk) -> None:
    """Covered for all classes are the nodes of the left half; a path through both halves marks the right one alone,
    and leaves nothing behind."""
    board = Board(package(small_pdk, MIXES[2][0], MIXES[2][1]), 2)
    lattice, window = board.lattice, board.window
    rows, half = int(lattice.levels[0, nodes.NY]), int(lattice.levels[0, nodes.NX]) // 2
    left = [lattice.node(0, x, y) for x in range(half) for y in range(rows)]
    window.node["single"][left] = window.node["blocked"][left] = 0xFFFF
    window.covered = window.node.view(np.recarray)
    inside = np.array([lattice.node(0, x, rows // 2) for x in range(half)])
    board.paint(inside, 1, True)
    assert not window.slots.any()
    across = np.array([lattice.node(0, x, rows // 2) for x in range(half - 9, half + 2)])
    board.paint(across, 1, True)
    assert not board.clashes(inside, 1)
    assert board.clashes(across, 1) == {1}
    # The first node out of the land has its whole halo, although a step alone leads there.
    assert board.clashes(np.array([lattice.node(0, half, rows // 2 + 1)]), 1) == {1}
    board.paint(across, 1, False)
    assert not window.slots.any()


@both
@pytest.mark.parametrize(("rules", "pitches"), MIXES[1:4:2], ids=str)
def test_what_is_painted_can_be_taken_away(
    small_pdk: Pdk, rules: list[tuple[int, int]], pitches: tuple[int, int]
) -> None:
    rng = np.random.default_rng(1)
    board = Board(package(small_pdk, rules, pitches), 16)
    paths = {k: board.walk(rng, 20) for k in range(1, 17)}
    for k, path in paths.items():
        board.paint(path, k, True)
    assert board.window.slots.any()
    assert board.window.spilled[0] > 0, "more than four halos on some node"
    for k in rng.permutation(16) + 1:
        board.paint(paths[int(k)], int(k), False)
    assert not board.window.slots.any()
    assert board.window.spilled[0] == 0
    assert not (board.window.spill[:, 0] > 0).any()


@both
def test_a_crowded_node_forgets_nobody(small_pdk: Pdk) -> None:
    """Nine connections on the same nodes: four in the slots, five aside; each is met until it goes."""
    board = Board(package(small_pdk, FINE, (10_000, 10_000), 100_000), 9)
    path = np.array([board.lattice.node(0, column, 3) for column in range(2, 8)])
    for k in range(1, 10):
        board.paint(path, k, True)
        board.paint(path, k, True)
    there = set(range(1, 10))
    for k in (2, 9, 1, 5, 4, 3, 8, 7, 6):
        assert board.clashes(path, 20) == there
        assert board.clashes(path[:1], 0) == there - {1}
        board.paint(path, k, False)
        there.remove(k)
    assert board.clashes(path, 20) == set()
    assert not board.window.slots.any()


@both
def test_a_full_spill_table_is_renewed(small_pdk: Pdk) -> None:
    board = Board(package(small_pdk, FINE, (10_000, 10_000), 100_000), 9)
    path = np.array([board.lattice.node(0, column, 3) for column in range(2, 8)])
    for k in range(1, 10):
        board.paint(path, k, True)
    live = int(board.window.spilled[0])
    assert live > 0
    board.window.keep_spill_sparse(1 << 16)
    assert len(board.window.spill) > 1 << 16
    assert board.window.spilled.tolist() == [live, live]
    assert board.clashes(path, 20) == set(range(1, 10))
    for k in range(1, 10):
        board.paint(path, k, False)
    assert not board.window.slots.any() and board.window.spilled[0] == 0


@both
def test_a_path_meets_exactly_those_whose_halo_it_enters(small_pdk: Pdk) -> None:
    """Against sets of nodes, halo by halo, without slots."""
    rng = np.random.default_rng(3)
    rules = [(10_000, 10_000), (30_000, 15_000)] * 3
    board = Board(package(small_pdk, rules, (5_000, 10_000)), 6)
    paths = {k: board.walk(rng, 14) for k in range(1, 7)}
    for k, path in paths.items():
        board.paint(path, k, True)

    def stands(path: np.ndarray, net: int) -> set[tuple[int, int]]:
        """(node, class) of every shape along a path."""
        level = (path >= board.lattice.levels[1, 0]).astype(int)
        classes = board.classes(net)
        found = {(int(n), int(classes[le, nodes.TRACE])) for n, le in zip(path, level, strict=True)}
        for i in np.flatnonzero(np.diff(level)):
            for at in (i, i + 1):
                found.add((int(path[at]), int(classes[level[at], 2 if level[at] == 0 else 1])))
        return found

    def near(n: int, kind: int, m: int, other: int) -> bool:
        level = int(n >= board.lattice.levels[1, 0])
        if level != int(m >= board.lattice.levels[1, 0]):
            return False
        (x, y), (u, v) = (nodes.cell_of(board.lattice.levels, at, level) for at in (n, m))
        table = board.halos.tables[board.halos.table_of[level, other, kind]]
        disc = {tuple(o) for o in board.halos.offsets[table[0] : table[1]].tolist()}
        return (x - u, y - v) in disc

    for k in (1, 4):
        here = stands(paths[k], k - 1)
        expected = {j for j in paths if j != k and any(near(*a, *b) for a in here for b in stands(paths[j], j - 1))}
        assert board.clashes(paths[k], k - 1) == expected


@pytest.mark.parametrize(("rules", "pitches"), MIXES, ids=str)
@pytest.mark.parametrize("via_size", [15_000, 25_000])
def test_paths_that_do_not_clash_keep_their_spacing_as_drawn(
    small_pdk: Pdk, rules: list[tuple[int, int]], pitches: tuple[int, int], via_size: int
) -> None:
    """Random paths with cuts, any mix of widths: as polygons never nearer than allowed; those that clash are near."""
    rng = np.random.default_rng(7)
    pdk = replace(small_pdk, vias=(replace(small_pdk.vias[0], cut=via_size, spacing=10_000),))
    count = 40
    board = Board(package(pdk, rules * (count // len(rules)), pitches, 400_000), count)
    count = len(board.design.nets)
    paths = {k: board.walk(rng, int(rng.integers(2, 30))) for k in range(1, count + 1)}
    metal = {k: board.metal(path, k - 1) for k, path in paths.items()}
    for k, path in paths.items():
        board.paint(path, k, True)
    free = tight = 0
    for k in paths:
        met = board.clashes(paths[k], k - 1)
        for j in range(k + 1, count + 1):
            gaps = [metal[k][level].distance(metal[j][level]) for level in set(metal[k]) & set(metal[j])]
            spacing = max(rules[(i - 1) % len(rules)][1] for i in (j, k))
            if j not in met:
                assert not gaps or min(gaps) >= spacing, (k, j)
                free += bool(gaps) and min(gaps) < 2 * spacing
            else:
                assert min(gaps) < spacing + max(pitches) + 200, (k, j)
                tight += 1
    assert free > 5 and tight > 5
