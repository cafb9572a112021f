"""Lattice nodes from which a path joins a trace the user fixed: on its centre line, beside it, ahead of its ends."""

from __future__ import annotations

import numpy as np

from router.maze.access import OUTSIDE_STUBS, StubEnd, neighbours
from router.maze.kernels.nodes import NX, NY, cell_of
from router.maze.lattice import Lattice
from router.model.geometry import Points


def node_place(lattice: Lattice, level: int, node: int) -> tuple[int, int]:
    """Place of a node, nm."""
    x0, y0 = lattice.origin(level)
    pitch = lattice.level_pitch(level)
    column, row = cell_of(lattice.levels, node, level)
    return x0 + int(column) * pitch, y0 + int(row) * pitch


def nodes_on(lattice: Lattice, level: int, line: Points) -> list[int]:
    """Nodes that lie exactly on the centre line (n, 2) of a fixed trace."""
    nx, ny = lattice.levels[level, [NX, NY]].tolist()
    pitch = lattice.level_pitch(level)
    local = line - np.array(lattice.origin(level))
    found = set()
    for (ax, ay), (bx, by) in zip(local[:-1].tolist(), local[1:].tolist(), strict=True):
        run = max(abs(bx - ax), abs(by - ay))
        if run == 0 or (ax != bx and ay != by and abs(bx - ax) != abs(by - ay)):
            continue
        sx, sy = int(np.sign(bx - ax)), int(np.sign(by - ay))
        t = np.arange((-ax * sx if sx else -ay * sy) % pitch, run + 1, pitch)
        x, y = ax + t * sx, ay + t * sy
        on = (x % pitch == 0) & (y % pitch == 0)
        i, j = x[on] // pitch, y[on] // pitch
        inside = (i >= 0) & (j >= 0) & (i < nx) & (j < ny)
        found |= {lattice.node(level, *cell) for cell in zip(i[inside].tolist(), j[inside].tolist(), strict=True)}
    return sorted(found)


def side_stubs(lattice: Lattice, level: int, line: Points) -> dict[int, StubEnd]:
    """Nodes on both sides of a fixed trace that lies off the lattice, at the ends and amid its centre line (n, 2), none
    of them beyond its ends, and where on the line their stubs lead to."""
    found: dict[int, StubEnd] = {}
    middle = (len(line) - 1) // 2
    for a, b, share in ((0, 1, 0.0), (middle, middle + 1, 0.5), (-1, -2, 0.0)):
        x, y = np.round(line[a] + share * (line[b] - line[a])).astype(int).tolist()
        beside = [(n, foot(line[a], line[b], node_place(lattice, level, n))) for n in neighbours(lattice, level, x, y)]
        across = tuple(line[a].tolist()), tuple(line[b].tolist())
        found |= {n: StubEnd(*place, 0, across) for n, place in beside if place is not None}
    if not found:
        x, y = line[0].tolist()
        found = dict.fromkeys(neighbours(lattice, level, x, y)[:OUTSIDE_STUBS], StubEnd(x, y, room=0))
    return found


def head_on_stubs(lattice: Lattice, level: int, line: Points) -> dict[int, StubEnd]:
    """Nodes ahead of the first point of a fixed trace's centre line (n, 2), where that runs along an axis, and so far
    ahead that their stubs come to that axis before they meet the trace."""
    ahead = np.sign(line[0] - line[1])
    if np.abs(ahead).sum() != 1:
        return {}
    pitch, (x, y) = lattice.level_pitch(level), line[0].tolist()
    found = {}
    for node in neighbours(lattice, level, *(line[0] + pitch * ahead).tolist()):
        off = np.array(node_place(lattice, level, node)) - line[0]
        if off @ ahead - abs(off @ ahead[::-1]) >= pitch // 2:
            found[node] = StubEnd(x, y, room=0)
    return found


def foot(a: Points, b: Points, place: tuple[int, int]) -> tuple[int, int] | None:
    """Where a stub from a place meets the segment from a to b, which may be a point: straight across, or along an axis
    where the segment runs at 45°; None beyond its ends."""
    step, off = (b - a).astype(float), np.array(place, dtype=float) - a
    if abs(step[0]) == abs(step[1]):
        share = off[0] / step[0] if step[0] else 0.0
    else:
        share = float(off @ step / (step @ step))
    if not 0 <= share <= 1:
        return None
    x, y = np.round(a + share * step).astype(int).tolist()
    return x, y
