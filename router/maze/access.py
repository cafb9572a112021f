"""Where a path may start or end: the lattice nodes of a terminal, and the stubs that join them to its centre.

A stub that would leave the land is made a static obstacle of its net before anything is routed, so that nobody comes
near it; all others lie within the land, whose halo is reserved anyway, and bend as suits the path.
"""

from __future__ import annotations

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
    """Node ids of each terminal, best first, the stubs that leave a land, as obstacles, and the room within each land
    (see `StubEnd`)."""

    nodes: tuple[tuple[int, ...], ...]
    stubs: tuple[Obstacle, ...]
    room: tuple[int, ...]


class StubEnd(NamedTuple):
    """Where a stub leads to, nm. `room`: how far from there a trace may lie and still be within the land."""

    x: int
    y: int
    room: int


def stub(x: int, y: int, tx: int, ty: int, bend: int) -> Points:
    """Way from a node (x, y) to a terminal's centre (tx, ty) on a level that turns by `bend` (see `Level.bend`):
    diagonal or along x first, at most three points."""
    dx, dy = tx - x, ty - y
    run = min(abs(dx), abs(dy))
    corner = (tx, y) if bend == 2 else (x + int(np.sign(dx)) * run, y + int(np.sign(dy)) * run)
    points = [(x, y)]
    for point in (corner, (tx, ty)):
        if point != points[-1]:
            points.append(point)
    return np.array(points, dtype=np.int64)


def turn_in(before: Points, x: int, y: int, end: StubEnd, bend: int) -> Points | None:
    """Where a path that comes from `before` (2,) to its last node (x, y) within a land turns, by `bend` in units of
    45°, to the land's centre: (k, 2), the node replaced. None where it cannot, because it would have to turn outside
    the land."""
    ux, uy = x - int(before[0]), y - int(before[1])
    step = max(abs(ux), abs(uy))
    ux, uy = ux // step, uy // step
    dx, dy = end.x - x, end.y - y
    ahead, aside = dx * ux + dy * uy, abs(dx * uy - dy * ux)
    on = ahead
    if bend == 1:
        on = ahead - aside if ux == 0 or uy == 0 else (ahead - aside) // 2
    corner = (x + on * ux, y + on * uy)
    if on <= -step or np.hypot(corner[0] - end.x, corner[1] - end.y) > end.room:
        return None
    return np.array([corner, (end.x, end.y)][corner == (end.x, end.y) :], dtype=np.int64)


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
    room = [0] * len(design.terminals)
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
                points = stub(t.x + dx, t.y + dy, t.x, t.y, design.pdk.levels[t.level].bend)
                stubs += segment_obstacles(t.level, points, width, net_class.spacings[t.level], net)
            within = [n for n, _, _ in near[:OUTSIDE_STUBS]]
        else:
            room[index] = int(min(t.width, t.height) / 2 - (width + 1) // 2 * CORNER)
        nodes.append(tuple(within))
    return Access(tuple(nodes), tuple(stubs), tuple(room))
