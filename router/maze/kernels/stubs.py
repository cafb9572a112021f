"""How a path is led from its last lattice node to the centre of a land."""

from __future__ import annotations

import numpy as np

from router.maze.kernels.nodes import BEND, level_of, place_of
from router.model.kernels import compiled

# What leads to a centre: nothing, where there is none; a stub from the node; a turn before it where that is possible.
BARE, STUB, TURN = 0, 1, 2


@compiled
def stub(x, y, tx, ty, bend):
    """Way from a node (x, y) to a terminal's centre (tx, ty) on a level that turns by `bend` (see `Level.bend`):
    diagonal or along the shorter side first, at most three points."""
    dx, dy = tx - x, ty - y
    run = min(abs(dx), abs(dy))
    corner = (x + np.sign(dx) * run, y + np.sign(dy) * run)
    if bend == 2:
        corner = (tx, y) if abs(dx) <= abs(dy) else (x, ty)
    points = np.empty((3, 2), dtype=np.int64)
    points[0, 0], points[0, 1] = x, y
    count = 1
    for px, py in (corner, (tx, ty)):
        if px != points[count - 1, 0] or py != points[count - 1, 1]:
            points[count, 0], points[count, 1] = px, py
            count += 1
    return points[:count]


@compiled
def turn_in(bx, by, x, y, tx, ty, room, bend):
    """Where a path that comes from (bx, by) to its last node (x, y) within a land turns, by `bend` in units of 45°, to
    the land's centre (tx, ty): (k, 2), the node replaced. Empty where it cannot, because it would have to turn farther
    from there than `room`."""
    step = max(abs(x - bx), abs(y - by))
    ux, uy = (x - bx) // step, (y - by) // step
    dx, dy = tx - x, ty - y
    ahead, aside = dx * ux + dy * uy, abs(dx * uy - dy * ux)
    on = ahead
    if bend == 1:
        on = ahead - aside if ux == 0 or uy == 0 else (ahead - aside) // 2
    cx, cy = x + on * ux, y + on * uy
    points = np.empty((2, 2), dtype=np.int64)
    if on <= -step or np.hypot(cx - tx, cy - ty) > room:
        return points[:0]
    points[0, 0], points[0, 1] = cx, cy
    points[1, 0], points[1, 1] = tx, ty
    return points[1:] if cx == tx and cy == ty else points


@compiled
def _lead(level, points, levels, n, end):
    """Lead a path of n points on from its last one, in place; returns how many it has then."""
    if end[0] == BARE:
        return n
    x, y, bend = points[n - 1, 0], points[n - 1, 1], level[levels[n - 1], BEND]
    tail = points[:0]
    if end[0] == TURN and n > 1 and levels[n - 1] == levels[n - 2]:
        tail = turn_in(points[n - 2, 0], points[n - 2, 1], x, y, end[1], end[2], end[3], bend)
    if len(tail) == 0:
        tail = stub(x, y, end[1], end[2], bend)
    for k in range(len(tail)):
        points[n - 1 + k] = tail[k]
        levels[n - 1 + k] = levels[n - 1]
    return n - 1 + len(tail)


@compiled
def drawn(level, x0, y0, pitch, path, ends):
    """The places of a path's nodes, nm, led on to the centres of the lands at its two ends: (n, 2), and their levels
    (n,). x0, y0, pitch: of the finest raster, nm.

    ends (2, 4): how each end of the path is led on, and to where, x, y and the room there, nm, as in `turn_in`.
    """
    n = len(path)
    points, levels = np.empty((n + 4, 2), dtype=np.int64), np.empty(n + 4, dtype=np.int64)
    for i in range(n):
        levels[i] = level_of(level, path[i])
        x, y = place_of(level, path[i], levels[i])
        points[i, 0], points[i, 1] = x0 + x * pitch, y0 + y * pitch
    n = _lead(level, points, levels, n, ends[1])
    points[:n], levels[:n] = points[:n][::-1].copy(), levels[:n][::-1].copy()
    n = _lead(level, points, levels, n, ends[0])
    return points[:n][::-1].copy(), levels[:n][::-1].copy()
