"""Static obstacles against geometry: every step left open keeps its distance to the drawn pad, trace or edge."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely

from router.draw.masks import via_shapes
from router.draw.shapes import trace_rings
from router.maze import obstacles
from router.maze.footprint import Footprints, collect_footprints
from router.maze.kernels import static
from router.maze.lattice import build_lattice
from router.maze.window import Window, open_window
from router.model.design import Design, End, Keepout, Net, NetClass, Terminal
from router.model.geometry import Box
from router.model.pad_rings import pad_rings
from router.model.pdk import PadShape, PadStyle, Pdk, ShapeKind, TerminalKind, WideSpacing

STEPS = ((1, 0), (1, 1), (0, 1), (-1, 1))
PADS = {
    "circle": (ShapeKind.CIRCLE, 43_210, 43_210),
    "small circle": (ShapeKind.CIRCLE, 9_000, 9_000),
    "octagon": (ShapeKind.OCTAGON, 40_000, 40_000),
    "rect": (ShapeKind.RECT, 30_001, 61_000),
    "oblong": (ShapeKind.OBLONG, 70_000, 25_000),
}


def package(pdk: Pdk, pad: tuple[ShapeKind, int, int], x: int, y: int, **fields: object) -> Design:
    """A pad without a net at (x, y) on the first level, and classes of two widths. Lattices of 5 and 7 µm."""
    kind, width, height = pad
    land = PadStyle("land", TerminalKind.PAD, "RDL1", (PadShape("RDL1", kind, width, height),))
    pdk = replace(pdk, pads={**pdk.pads, "land": land})
    # Far off, as beside lands less spacing may be kept.
    ends = [Terminal(f"T.{k}", TerminalKind.BUMP, 900_000, 0, "bump", 0, 80_000, 80_000, False) for k in range(4)]
    terminals = (*ends, Terminal("P.1", TerminalKind.PAD, x, y, "land", 0, width, height, False))
    nets = tuple(Net(f"N{k}", (End((2 * k,)), End((2 * k + 1,))), f"c{k}") for k in (0, 1))
    classes = {
        f"c{k}": NetClass(f"c{k}", (width, width), (spacing, spacing), (0, 1))
        for k, (width, spacing) in enumerate([(10_000, 10_000), (24_000, 15_000)])
    }
    box = Box(-100_000, -100_000, 100_000, 100_000)
    return Design("pad", pdk, box, (), terminals, nets, classes, lattice=(5_000, 7_000), **fields)  # type: ignore[arg-type]


class Board:
    def __init__(self, design: Design, plain: bool) -> None:
        self.design = design
        self.shapes: Footprints = collect_footprints(design)
        self.window: Window = open_window(build_lattice(design, design.outline, 2), self.shapes, 2)
        if plain:
            self.window.node = self.window.node.view(np.recarray)

    def open_nodes(self, level: int, net_class: str, kind: int, net: int) -> np.ndarray:
        """(columns, rows) of booleans: where this net may stand with its trace (kind 0) or a via (1 down, 2 up)."""
        columns, rows = (int(v) for v in self.window.lattice.levels[level, 1:3])
        ids = [[self.window.lattice.node(level, i, j) for j in range(rows)] for i in range(columns)]
        nodes = self.window.node[np.array(ids)]
        bit = 1 << int(self.shapes.of_class[net_class][level, kind])
        free = np.where(nodes["single"] & bit, nodes["owner"] == net, nodes["blocked"] & bit == 0)
        return np.asarray(free)

    def place(self, level: int, column: int, row: int) -> np.ndarray:
        pitch = self.window.lattice.level_pitch(level)
        return np.array(self.window.lattice.origin(level)) + np.array([column, row]) * pitch

    def shapes_on(
        self,
        level: int,
        free: np.ndarray,
        rings: dict[tuple[int, int], tuple[np.ndarray, ...]],
        metal: shapely.Geometry,
    ) -> shapely.Geometry:
        """Rings for each step (dx, dy), or for standing still (0, 0), put on all open nodes near some metal."""
        pitch = self.window.lattice.level_pitch(level)
        columns, rows = np.indices(free.shape)
        places = np.stack([columns, rows], axis=2) * pitch + np.array(self.window.lattice.origin(level))
        near = free & shapely.dwithin(shapely.points(places), metal, 60_000)
        found = []
        for (dx, dy), outlines in rings.items():
            for i, j in np.argwhere(near):
                if 0 <= i + dx < free.shape[0] and j + dy < free.shape[1] and free[i + dx, j + dy]:
                    found += [ring + places[i, j] for ring in outlines]
        return shapely.union_all(shapely.polygons(found))

    def steps(self, level: int, net_class: str, free: np.ndarray, metal: shapely.Geometry) -> shapely.Geometry:
        """The metal of all steps between open nodes that are near some other metal."""
        pitch, width = self.window.lattice.level_pitch(level), self.design.classes[net_class].widths[level]
        rings = {step: trace_rings(np.array([(0, 0), step]) * pitch, width) for step in STEPS}
        return self.shapes_on(level, free, rings, metal)

    def captures(self, level: int, free: np.ndarray, metal: shapely.Geometry) -> shapely.Geometry:
        """Capture pads on all open nodes near some metal."""
        shape = via_shapes(self.design.pdk.vias[0])[1 + level]
        return self.shapes_on(level, free, {(0, 0): pad_rings([shape], self.design.pdk.chord_error)}, metal)


def land(design: Design) -> shapely.Geometry:
    pad, at = design.pdk.pads["land"], design.terminals[4]
    return shapely.union_all(
        [shapely.Polygon(ring + np.array([at.x, at.y])) for ring in pad_rings([pad.land], design.pdk.chord_error)]
    )


@pytest.mark.parametrize("pad", PADS.values(), ids=PADS)
@pytest.mark.parametrize(("x", "y"), [(1_234, -2_345), (2_500, 2_500), (-1_111, 4_999)])
def test_steps_and_vias_keep_off_a_pad(
    small_pdk: Pdk, plain: bool, pad: tuple[ShapeKind, int, int], x: int, y: int
) -> None:
    board = Board(package(small_pdk, pad, x, y), plain)
    obstacles.paint(
        board.window, board.design, board.shapes, obstacles.land_obstacles(board.design, [4], [obstacles.NOBODY] * 5)
    )
    metal = land(board.design)
    for net, net_class in enumerate(board.design.classes.values()):
        spacing = net_class.spacings[0]
        free = board.open_nodes(0, net_class.name, 0, net)
        gap = board.steps(0, net_class.name, free, metal).distance(metal)
        assert spacing - 1e-6 <= gap < spacing + 5_100
        closed = np.array([board.place(0, i, j) for i, j in np.argwhere(~free)])
        reach = net_class.widths[0] / 2 * 1.09 + spacing + 5_100
        assert shapely.distance(shapely.points(closed), metal).max() < reach
        gap = board.captures(0, board.open_nodes(0, net_class.name, 2, net), metal).distance(metal)
        assert spacing - 1e-6 <= gap
        assert gap < spacing + 5_100 or net_class.name == "c1", "where the trace is wider, its end counts"
    assert board.open_nodes(1, "c0", 0, 0).all(), "the other level is free"


@pytest.mark.parametrize("ends", [((-30_000, -20_000), (31_000, -20_000)), ((-33_333, -20_000), (10_000, 23_333))])
def test_steps_keep_off_a_fixed_trace_of_another_net(
    small_pdk: Pdk, plain: bool, ends: tuple[tuple[int, int], tuple[int, int]]
) -> None:
    board = Board(package(small_pdk, PADS["circle"], 0, 0), plain)
    line, width = np.array(ends), 17_000
    obstacles.paint(
        board.window, board.design, board.shapes, list(obstacles.segment_obstacles(0, line, width, 12_000, 0))
    )
    metal = shapely.union_all([shapely.Polygon(ring) for ring in trace_rings(line, width)])
    gap = board.steps(0, "c1", board.open_nodes(0, "c1", 0, 1), metal).distance(metal)
    assert 15_000 - 1e-6 <= gap < 15_000 + 5_100
    assert board.open_nodes(0, "c0", 0, 0).all(), "its own net is not shut out"


@pytest.mark.parametrize("seed", range(12))
def test_no_step_of_a_coarse_lattice_crosses_metal_between_its_nodes(small_pdk: Pdk, plain: bool, seed: int) -> None:
    """Nodes two tracks apart, beside a slanted trace or a land: both ends of a step may be free that crosses it."""
    x, y, *line = np.random.default_rng(seed).integers(-50_000, 50_000, 6).tolist()
    design = replace(package(small_pdk, list(PADS.values())[seed % len(PADS)], x, y), lattice=(40_000, 40_000))
    board = Board(design, plain)
    trace = np.array(line).reshape(2, 2)
    pads = obstacles.land_obstacles(design, [4], [obstacles.NOBODY] * 5)
    for standing, metal in (
        (pads, land(design)),
        (
            list(obstacles.segment_obstacles(0, trace, 5_000, 10_000, 1)),
            shapely.union_all([shapely.Polygon(ring) for ring in trace_rings(trace, 5_000)]),
        ),
    ):
        board.window.node["blocked"][:], board.window.node["single"][:] = 0, 0
        obstacles.paint(board.window, design, board.shapes, standing)
        free = board.open_nodes(0, "c0", 0, 0)
        assert free.any()
        assert board.steps(0, "c0", free, metal).distance(metal) >= 10_000 - 1e-6


def test_a_step_that_passes_too_near_closes_the_nearer_of_its_nodes(small_pdk: Pdk, plain: bool) -> None:
    """Round posts of 8 µm, from whose middle a round shape keeps 9 µm in all, on nodes 5 µm apart."""
    board = Board(package(small_pdk, PADS["circle"], 0, 0), plain)
    lattice, classes = board.window.lattice, len(board.shapes.of_level[0])
    origin, pitch = np.array(lattice.origin(0)), lattice.level_pitch(0)
    at = np.stack(np.indices((41, 41)), axis=2) * pitch + origin
    same = np.ones((1, classes), dtype=np.int64)
    by_steps = 0
    for post in np.random.default_rng(1).integers(-pitch // 2, pitch // 2, (60, 2)):
        board.window.node["blocked"][:] = 0
        static.paint_obstacles(
            board.window.node, lattice.levels[0], pitch, *origin.tolist(), np.tile(post, 2)[None].astype(np.float64),
            np.array([static.BOX]), 0 * same, 4_000 * same, 0 * same, 5_000 * same, 0 * same[0], -same,
        )  # fmt: skip
        away = np.hypot(*(at - post).T).T
        closed = away < 9_000
        for step in np.array([way for way in np.ndindex(3, 3) if way != (1, 1)]) * pitch - pitch:
            share = np.clip((post - at) @ step / (step @ step), 0.0, 1.0)
            there, between = (np.hypot(*(at + k * step - post).T).T for k in (1, share[:, :, None]))
            closed |= (there >= away) & (there >= 9_000) & (between < 9_000)
        by_steps += np.count_nonzero(closed & (away >= 9_000))
        assert np.array_equal(board.open_nodes(0, "c0", 0, 0), ~closed)
    assert by_steps > 10


@pytest.mark.parametrize("round_land", [False, True])
def test_what_lies_wholly_on_a_land_of_its_net_is_covered(small_pdk: Pdk, plain: bool, round_land: bool) -> None:
    """A land of 60 × 30 µm with corners or half-round ends, and classes that stand 7 µm out; nodes of one net."""
    board = Board(package(small_pdk, PADS["circle"], 0, 0), plain)
    lattice, classes, node = board.window.lattice, len(board.shapes.of_level[0]), board.window.node
    node["single"][:], node["owner"][:] = (1 << classes) - 1, 0
    core, radius = ((-15_000, 0, 15_000, 0), 15_000) if round_land else ((-30_000, -15_000, 30_000, 15_000), 0)
    static.cover_lands(
        node, lattice.levels[0], lattice.level_pitch(0), *lattice.origin(0), np.array([core], dtype=np.float64),
        np.array([float(radius)]), np.full(classes, 7_000.0), np.array([[0] * (classes - 1) + [1]]),
    )  # fmt: skip
    x, y = np.moveaxis(np.stack(np.indices((41, 41)), axis=2) * 5_000 + lattice.origin(0), 2, 0)
    on = (np.abs(x) <= 23_000) & (np.abs(y) <= 8_000)
    if round_land:
        on = np.hypot(np.maximum(np.abs(x) - 15_000, 0), y) <= 8_000
    ids = np.array([[lattice.node(0, i, j) for j in range(41)] for i in range(41)])
    for k in range(classes):
        found = node[ids]["blocked"] & (1 << k) != 0
        assert np.array_equal(found, on & (k < classes - 1)), "none for a class whose net owns none of the nodes"
    assert 10 < np.count_nonzero(on) < 100


def test_what_lies_between_two_nets_is_closed_to_both(small_pdk: Pdk, plain: bool) -> None:
    """Posts of 40 µm, 20 µm apart: a trace of 10 µm may stand on its own post and 5 µm beyond."""
    design = package(small_pdk, PADS["circle"], 0, 0)
    board = Board(replace(design, nets=tuple(replace(net, net_class="c0") for net in design.nets)), plain)
    for net, x in ((0, -30_000), (1, 30_000)):
        core = np.array([[x, 0], [x, 1]])
        obstacles.paint(
            board.window, board.design, board.shapes, list(obstacles.segment_obstacles(0, core, 40_000, 10_000, net))
        )
    row = next(j for j in range(41) if board.place(0, 0, j)[1] == 0)
    reach = {net: board.open_nodes(0, "c0", 0, net)[:, row] for net in (0, 1)}
    x = np.array([board.place(0, i, 0)[0] for i in range(41)])
    assert x[reach[0] & (x > -50_000)].tolist() == [*range(-45_000, 0, 5_000), *range(65_000, 105_000, 5_000)]
    assert x[reach[1] & (x < 50_000)].tolist() == [*range(-100_000, -60_000, 5_000), *range(5_000, 50_000, 5_000)]


def test_cuts_keep_off_the_edge_of_a_land_of_their_net(small_pdk: Pdk, plain: bool) -> None:
    """Within the land there is room for a cut, and beyond the spacing; traces are free all the while."""
    board = Board(package(small_pdk, PADS["circle"], 0, 0), plain)
    obstacles.close_pad_edges(
        board.window, board.design, board.shapes, obstacles.land_obstacles(board.design, [4], [0] * 5)
    )  # fmt: skip
    radius = board.design.terminals[4].width / 2
    closed = np.argwhere(~board.open_nodes(0, "c0", 2, 0))
    away = np.hypot(*np.array([board.place(0, i, j) for i, j in closed]).T)
    assert 0 < away.min() < radius < away.max()
    middle = int(np.argmin(np.hypot(*np.array([board.place(0, i, i) for i in range(20)]).T)))
    assert board.open_nodes(0, "c0", 2, 0)[middle, middle], "a cut may stand in the middle of the land"
    assert board.open_nodes(0, "c0", 0, 0).all() and board.open_nodes(1, "c0", 1, 0).all()


@pytest.mark.parametrize(
    ("wide_from", "size"),
    [(20_000, 60_000), (40_000, 60_000), (20_000, 16_000)],
    ids=["either is wide", "the land alone is wide", "the capture pad alone is wide"],
)
def test_cuts_keep_the_spacing_of_wide_metal_to_a_land_of_their_net(wide_from: int, size: int, small_pdk: Pdk) -> None:
    wide = (WideSpacing(wide_from, 0, 33_000),)
    pdk = replace(small_pdk, levels=tuple(replace(level, wide=wide) for level in small_pdk.levels))
    board = Board(package(pdk, PADS["rect"], 0, 0), False)
    net_class = board.design.nets[0].net_class
    land = obstacles.pad_obstacle(board.design, 0, ShapeKind.RECT, (size, size), net_class).at(0, 0, 0)
    obstacles.close_pad_edges(board.window, board.design, board.shapes, [land])
    free = np.array([board.place(0, i, j) for i, j in np.argwhere(board.open_nodes(0, "c0", 2, 0))])
    beyond = np.maximum(np.abs(free) - size // 2, 0).astype(float)
    apart = np.hypot(*beyond.T)
    # A capture pad of 25 µm stands on the land, or as far off as the rule for wide metal says.
    assert apart[apart > 0].min() >= 12_500 + 33_000
    assert (apart == 0).any() and (apart > 0).any()


RING = np.array([[-40_000, -30_500], [33_000, -20_250], [50_000, 41_000], [-10_000, 5_000]], dtype=np.int64)


def closed_by_ring(board: Board, ring: np.ndarray, reach: float) -> np.ndarray:
    """(columns, rows) of booleans, node by node and edge by edge: inside a ring, or nearer than `reach` to it."""
    columns, rows = (int(v) for v in board.window.lattice.levels[0, 1:3])
    closed = np.zeros((columns, rows), dtype=bool)
    for i, j in np.ndindex(columns, rows):
        x, y = board.place(0, i, j).tolist()
        for (ax, ay), (bx, by) in zip(ring.tolist(), np.roll(ring, -1, axis=0).tolist(), strict=True):
            closed[i, j] ^= (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax
    nodes = np.array([board.place(0, i, j) for i, j in np.ndindex(columns, rows)])
    away = shapely.distance(shapely.points(nodes), shapely.LinearRing(ring))
    return closed | (away < reach).reshape(columns, rows)


@pytest.mark.parametrize("seed", range(6))
def test_a_keep_out_closes_each_node_inside_or_near_it(small_pdk: Pdk, plain: bool, seed: int) -> None:
    """Stars, with corners on the lines of the lattice and edges along them; beyond the edge of the package as well."""
    rng = np.random.default_rng(seed)
    board = Board(package(small_pdk, PADS["circle"], 0, 0), plain)
    angles, sizes = np.sort(rng.uniform(0, 2 * np.pi, 24)), rng.uniform(20_000, 130_000, 24)
    star = np.stack([np.cos(angles), np.sin(angles)], axis=1) * sizes[:, None]
    origin, pitch = np.array(board.window.lattice.origin(0)), board.window.lattice.level_pitch(0)
    ring = origin + np.rint((star - origin) / pitch).astype(np.int64) * pitch if seed % 2 else np.rint(star)
    row, edges = board.window.lattice.levels[0], np.hstack([ring, np.roll(ring, -1, axis=0)]).astype(np.float64)
    static.paint_ring(board.window.node, row, pitch, *origin.tolist(), edges, np.full(len(edges), 6000.5), 0.0, 0)
    nodes = [board.window.lattice.node(0, i, j) for i, j in np.ndindex(int(row[1]), int(row[2]))]
    closed = board.window.node["blocked"][nodes] & 1 == 1
    assert closed.any() and not closed.all()
    assert (closed.reshape(int(row[1]), int(row[2])) == closed_by_ring(board, ring, 6000.5)).all()


def test_keep_outs_and_the_edge_are_respected_by_steps(small_pdk: Pdk, plain: bool) -> None:
    levels = tuple(replace(level, edge_keepout=12_345) for level in small_pdk.levels)
    pdk = replace(small_pdk, levels=levels)
    board = Board(package(pdk, PADS["circle"], 0, 0, keepouts=(Keepout("k", (0,), RING),)), plain)
    obstacles.paint_bounds(board.window, board.design, board.shapes)
    ring = shapely.Polygon(RING)
    around = shapely.Point(0, 0).buffer(150_000)
    inner = shapely.box(*(side * (100_000 - 12_345) for side in (-1, -1, 1, 1)))
    for level in (0, 1):
        for net_class in ("c0", "c1"):
            metal = board.steps(level, net_class, board.open_nodes(level, net_class, 0, 0), around)
            assert inner.covers(metal)
            free_x = (metal.bounds[2] - metal.bounds[0]) / 2
            assert free_x > 100_000 - 12_345 - 7_100
            if level == 0:
                assert 0 <= metal.distance(ring) < 5_100
                assert not metal.intersects(ring.buffer(-10))
            else:
                assert metal.intersects(ring)
