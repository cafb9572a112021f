"""Classes of moving shapes: what a centre line or a via of a net class needs round a node.

Usage is kept per class, so any mix of widths, spacings and via sizes is held exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from router.maze.kernels.halo import close_around
from router.maze.kernels.nodes import ACROSS, CUT_DOWN, CUT_UP, FREELY, NOWHERE, RUNS, TRACE
from router.maze.lattice import Lattice
from router.model.design import Design, NetClass
from router.model.geometry import GRID_SLACK, HEADINGS
from router.model.pdk import Level, Pdk, ShapeKind, ViaRule
from router.plan.levels import reached_levels

# Columns of `Footprints.of_class` that hold footprints, -1 where there is none; and how many axes have prices in it.
SHAPES, AXES = slice(TRACE, RUNS), 4
# An octagon's corner stands this much farther out than its flats.
CORNER = ShapeKind.OCTAGON.corner


@dataclass(frozen=True, slots=True, order=True)
class Footprint:
    """A shape round a node: an octagon (trace) or a circle (via), `half` across in nm, and the spacing it asks for.

    `slack`: chord and grid error of its drawn outline in directions that are not along an axis, nm.
    """

    round: bool
    half: int
    spacing: int
    slack: int


@dataclass(frozen=True, slots=True)
class Footprints:
    """All classes of a design.

    `of_level[l]` lists the footprints of level l; `of_class[name]` is (L, 8) int64, `classes` as the search reads
    them (see `kernels.search` and `kernels.nodes`), without a price on any axis.
    """

    of_level: tuple[tuple[Footprint, ...], ...]
    of_class: dict[str, NDArray[np.int64]]

    @property
    def most(self) -> int:
        """How many footprints a level has at most; 1 where there are none."""
        return max(1, *(len(level) for level in self.of_level))


def chord(radius: int, chord_error: int) -> int:
    """The longest side of what is round as it is drawn, a polygon that strays from it by `chord_error`, nm."""
    return int(np.ceil(2 * np.sqrt(chord_error * (2 * radius + chord_error)))) + 2 * GRID_SLACK


def octagon_side(across: int) -> int:
    """The longest side of an octagon as it is drawn, nm."""
    return int(np.ceil(across * (np.sqrt(2.0) - 1.0))) + 2 * GRID_SLACK


def trace_footprint(level: Level, width: int, spacing: int) -> Footprint:
    """What a trace of this width, nm, needs, whose class asks for this spacing."""
    return Footprint(False, (width + 1) // 2, level.trace_spacing(width, spacing), GRID_SLACK)


def via_footprint(pdk: Pdk, level: Level, via: ViaRule, width: int, spacing: int) -> Footprint:
    """Capture pad of `via` on `level`, or the end of a trace that is wider than it."""
    capture = via.captures[level.name != via.lower]
    corner = via.shape.corner
    half = int(np.ceil((capture + 1) // 2 * corner))
    sides = {ShapeKind.RECT: capture, ShapeKind.OCTAGON: octagon_side(capture)}
    spacing = level.metal_spacing(capture, sides.get(via.shape, chord(capture // 2, pdk.chord_error)), spacing)
    if width > capture / CORNER:
        half = max(half, int(np.ceil(width / 2 * CORNER)))
        spacing = level.metal_spacing(width, width, spacing)
    cut_to_cut = int(np.ceil(via.cut * corner)) + via.spacing
    half = max(half, (cut_to_cut - spacing + 1) // 2)
    return Footprint(True, half, spacing, pdk.chord_error + GRID_SLACK)


def cut_footprint(pdk: Pdk, level: Level, via: ViaRule, width: int, spacing: int) -> Footprint:
    """What a cut needs round a node: as much as the trace that ends at it, where that covers its capture pad."""
    trace = trace_footprint(level, width, spacing)
    capture = via.captures[level.name != via.lower] * via.shape.corner + 2 * pdk.chord_error
    cut_to_cut = int(np.ceil(via.cut * via.shape.corner)) + via.spacing
    covered = capture <= width and cut_to_cut <= width + trace.spacing
    return trace if covered else via_footprint(pdk, level, via, width, spacing)


def class_footprints(pdk: Pdk, net_class: NetClass, levels: Sequence[int]) -> list[list[Footprint | None]]:
    """For each level trace, via down, via up of a net class that comes to these levels; None where it does not."""
    rows: list[list[Footprint | None]] = []
    for index, level in enumerate(pdk.levels):
        row: list[Footprint | None] = [None, None, None]
        if index in levels:
            width, spacing = net_class.widths[index], net_class.spacings[index]
            row[TRACE] = trace_footprint(level, width, spacing)
            if index - 1 in levels:
                row[CUT_DOWN] = cut_footprint(pdk, level, pdk.vias[index - 1], width, spacing)
            if index + 1 in levels:
                row[CUT_UP] = cut_footprint(pdk, level, pdk.vias[index], width, spacing)
        rows.append(row)
    return rows


def collect_footprints(design: Design) -> Footprints:
    """Footprints of every net class of a net that has something to join."""
    reached = reached_levels(design)
    rows = {name: class_footprints(design.pdk, design.classes[name], levels) for name, levels in reached.items()}
    of_level = tuple(
        tuple(sorted({f for row in rows.values() for f in row[index] if f is not None}))
        for index in range(len(design.pdk.levels))
    )
    of_class = {name: _class_rows(table, of_level, design.classes[name].levels) for name, table in rows.items()}
    return Footprints(of_level, of_class)


def _class_rows(
    table: list[list[Footprint | None]], of_level: tuple[tuple[Footprint, ...], ...], levels: Sequence[int]
) -> NDArray[np.int64]:
    """The rows (L, 8) of a net class that may use these levels, as the search reads them."""
    rows = no_class(len(table))
    for index, shapes in enumerate(table):
        rows[index, SHAPES] = [-1 if shape is None else of_level[index].index(shape) for shape in shapes]
        rows[index, RUNS] = FREELY if index in levels else NOWHERE
    return rows


def no_class(levels: int) -> NDArray[np.int64]:
    """The rows (L, 8) of a net that comes to none of so many levels."""
    rows = np.zeros((levels, ACROSS + AXES), dtype=np.int64)
    rows[:, SHAPES] = -1
    return rows


def levels_of(classes: NDArray[np.int64]) -> NDArray[np.int64]:
    """The levels that a net of these rows (L, 8) comes to."""
    return np.flatnonzero(classes[:, TRACE] >= 0)


class Pair(NamedTuple):
    """Two footprints together, as `outline_gap` has it: octagons and circles; what their outlines may take in any
    direction, and along diagonals; what they keep from each other, nm."""

    flat: float
    rounding: float
    slack: float
    diagonal_slack: float
    spacing: float


def pair_of(a: Footprint, b: Footprint) -> Pair:
    """What two footprints are, and keep from each other, together."""
    flat = (0 if a.round else a.half) + (0 if b.round else b.half)
    slack = a.slack + b.slack
    least, spacing = min(slack, 2 * GRID_SLACK), max(a.spacing, b.spacing)
    return Pair(*map(float, (flat, a.half + b.half - flat, slack, least, spacing)))


def closed_around(a: Footprint, b: Footprint, pitch: int) -> NDArray[np.bool_]:
    """The nodes that b may not stand on when a stands at the middle of their square (n, n), rows along y.

    A diagonal step between two free nodes can pass nearer than either: where its middle comes too near, both its ends
    are closed. Axis steps and diagonals of a itself follow by symmetry.
    """
    reach = int((CORNER * (a.half + b.half) + max(a.spacing, b.spacing) + 200) // pitch) + 2
    closed = np.zeros((2 * reach + 1, 2 * reach + 1), dtype=np.bool_)
    closed[reach, reach] = True
    close_around(closed, float(pitch), *pair_of(a, b))
    return closed


def offsets(nodes: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Where the marked nodes of a square lie from its middle, (n, 2) in steps, row by row."""
    return np.argwhere(nodes)[:, ::-1] - len(nodes) // 2


@dataclass(frozen=True, slots=True)
class Halos:
    """Halo tables of all pairs of classes, as `kernels.paint` reads them.

    `widest`: most entries that one step of a path can add.
    """

    tables: NDArray[np.int64]
    offsets: NDArray[np.int64]
    table_of: NDArray[np.int64]
    widest: int


def shifted(nodes: NDArray[np.bool_], x: int, y: int) -> NDArray[np.bool_]:
    """For each node of a square whether that at (x, y) from it is marked; none is outside."""
    around = np.pad(nodes, 1)
    return around[1 + y : 1 + y + len(nodes), 1 + x : 1 + x + len(nodes)]


def halo_tables(footprints: Footprints, lattice: Lattice) -> Halos:
    """Tables for each level and pair of its classes."""
    most = footprints.most
    table_of = np.full((len(footprints.of_level), most, most), -1, dtype=np.int64)
    tables: list[NDArray[np.int64]] = []
    parts: list[NDArray[np.int64]] = []
    begin = 0
    for index, level in enumerate(footprints.of_level):
        for i, a in enumerate(level):
            for j, b in enumerate(level):
                closed = closed_around(a, b, lattice.level_pitch(index))
                pieces = [offsets(closed), *(offsets(closed & ~shifted(closed, *step)) for step in HEADINGS)]
                ends = begin + np.cumsum([0, *map(len, pieces)])
                table_of[index, i, j] = len(tables)
                tables.append(ends)
                parts += pieces
                begin = int(ends[-1])
    return Halos(
        np.array(tables, dtype=np.int64).reshape(-1, 10),
        np.concatenate([np.empty((0, 2), dtype=np.int64), *parts]),
        table_of,
        footprints.most * max((row[-1] - row[-2] for row in tables), default=0),
    )
