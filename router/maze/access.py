"""Where a path may start or end: the lattice nodes of a terminal, and the stubs that join them to its centre.

A stub that would leave the land is made a static obstacle of its net before anything is routed, so that nobody comes
near it; all others lie within the land, whose halo is reserved anyway, and bend as suits the path.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

import numpy as np

from router.maze.footprint import CORNER
from router.maze.lattice import Lattice
from router.maze.obstacles import Obstacle, segment_obstacles
from router.model.design import Design
from router.model.geometry import Points
from router.model.pdk import ShapeKind

OUTSIDE_STUBS = 2


@dataclass(frozen=True, slots=True)
class Access:
    """Node ids of each terminal, best first, the stubs that leave a land, as obstacles, and whose they are."""

    nodes: tuple[tuple[int, ...], ...]
    stubs: tuple[Obstacle, ...]
    beyond: frozenset[int]


class StubEnd(NamedTuple):
    """Where a stub leads to, nm. `fixed`: it runs diagonally first, since it is an obstacle as it stands."""

    x: int
    y: int
    fixed: bool


def stub(x: int, y: int, tx: int, ty: int, along: tuple[int, int] = (0, 0)) -> Points:
    """Octilinear way from a node (x, y) to a terminal's centre (tx, ty), at most three points: diagonal first, unless
    a path that comes in direction `along` turns less with the axis first."""
    dx, dy = tx - x, ty - y
    run = min(abs(dx), abs(dy))
    diagonal = (int(np.sign(dx)) * run, int(np.sign(dy)) * run)
    axis = (dx - diagonal[0], dy - diagonal[1])
    first = axis if _turn(along, axis) < _turn(along, diagonal) else diagonal
    points = [(x, y)]
    for point in ((x + first[0], y + first[1]), (tx, ty)):
        if point != points[-1]:
            points.append(point)
    return np.array(points, dtype=np.int64)


def _turn(a: tuple[int, int], b: tuple[int, int]) -> float:
    """Degrees between two directions, exact for octilinear ones; none where there is no direction."""
    if not any(a) or not any(b):
        return 0.0
    return abs(math.degrees(math.atan2(a[0] * b[1] - a[1] * b[0], a[0] * b[0] + a[1] * b[1])))


def neighbours(lattice: Lattice, level: int, x: int, y: int) -> list[tuple[int, int, int]]:
    """Nodes round a place, nearest first: (id, dx, dy in nm); one, two or four of them."""
    x0, y0 = lattice.origin(level)
    nx, ny = (int(v) for v in lattice.levels[level, 1:3])
    pitch = lattice.level_pitch(level)
    columns = {(x - x0) // pitch, -((x0 - x) // pitch)}
    rows = {(y - y0) // pitch, -((y0 - y) // pitch)}
    found = [
        (lattice.node(level, i, j), x0 + i * pitch - x, y0 + j * pitch - y)
        for i, j in product(sorted(columns), sorted(rows))
        if 0 <= i < nx and 0 <= j < ny
    ]
    return sorted(found, key=lambda f: (abs(f[1]) + abs(f[2]), f[0]))


def inside_land(design: Design, terminal: int, dx: int, dy: int, half: int) -> bool:
    """Whether a stub's end at (dx, dy) from the centre, `half` wide to each side, stays within the land."""
    t = design.terminals[terminal]
    if design.pdk.pads[t.pad].land.shape is ShapeKind.RECT:
        return bool(abs(dx) + half <= t.width // 2 and abs(dy) + half <= t.height // 2)
    return bool(np.hypot(dx, dy) + half * CORNER <= min(t.width, t.height) / 2)


def find_access(design: Design, lattice: Lattice) -> Access:
    """Access nodes of every terminal with a net."""
    nodes: list[tuple[int, ...]] = []
    stubs: list[Obstacle] = []
    beyond = set()
    for index, net in enumerate(design.net_of_terminal()):
        if net < 0:
            nodes.append(())
            continue
        t = design.terminals[index]
        net_class = design.classes[design.nets[net].net_class]
        width = net_class.widths[t.level]
        near = neighbours(lattice, t.level, t.x, t.y)
        within = [n for n, dx, dy in near if inside_land(design, index, dx, dy, (width + 1) // 2)]
        if not within:
            for _, dx, dy in near[:OUTSIDE_STUBS]:
                points = stub(t.x + dx, t.y + dy, t.x, t.y)
                stubs += segment_obstacles(t.level, points, width, net_class.spacings[t.level], net)
            within = [n for n, _, _ in near[:OUTSIDE_STUBS]]
            beyond.add(index)
        nodes.append(tuple(within))
    return Access(tuple(nodes), tuple(stubs), frozenset(beyond))
