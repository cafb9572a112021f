"""Where points lie among merged regions, and which regions of two masks overlap."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from router.model.kernels import compiled
from router.verify.kernels.grid import Boundary, Grid, columns_near, rows_near
from router.verify.kernels.shield import NOISE


@compiled
def edge_on_the_left(
    points: NDArray[np.float64],
    edges: NDArray[np.float64],
    grid: Grid,
) -> NDArray[np.int64]:
    """For each point (m, 2) the first edge that a ray to the left meets, or -1.

    Points must not share their y with a vertex. Walks the grid row cell by cell and stops at the first hit.
    """
    columns, starts, items = grid.columns, grid.starts, grid.items
    hit = np.full(points.shape[0], -1, dtype=np.int64)
    for p in range(points.shape[0]):
        px, py = points[p, 0], points[p, 1]
        row = int(np.floor((py - grid.y0) / grid.cell))
        if row < 0 or row >= grid.rows:
            continue
        best = -np.inf
        for column in range(min(columns - 1, int(np.floor((px - grid.x0) / grid.cell))), -1, -1):
            for k in range(starts[row * columns + column], starts[row * columns + column + 1]):
                i = items[k]
                ay, by = edges[i, 1], edges[i, 3]
                if (ay <= py) == (by <= py):
                    continue
                x = edges[i, 0] + (py - ay) * (edges[i, 2] - edges[i, 0]) / (by - ay)
                if best < x <= px:
                    best = x
                    hit[p] = i
            if best >= grid.x0 + column * grid.cell:
                break
    return hit


@compiled
def point_gap(px: float, py: float, ax: float, ay: float, bx: float, by: float) -> float:
    """Distance from a point to a segment."""
    dx, dy = bx - ax, by - ay
    square = dx * dx + dy * dy
    t = 0.0
    if square > 0.0:
        t = min(1.0, max(0.0, ((px - ax) * dx + (py - ay) * dy) / square))
    return math.hypot(px - ax - t * dx, py - ay - t * dy)


@compiled
def boxes_meet(ax: float, ay: float, bx: float, by: float, cx: float, cy: float, dx: float, dy: float) -> bool:
    """True when the boxes of the segments a..b and c..d come within the noise of merged vertices."""
    return (
        max(ax, bx) >= min(cx, dx) - NOISE
        and max(cx, dx) >= min(ax, bx) - NOISE
        and max(ay, by) >= min(cy, dy) - NOISE
        and max(cy, dy) >= min(ay, by) - NOISE
    )


@compiled
def segments_touch(a: NDArray[np.float64], b: NDArray[np.float64]) -> bool:
    """True when two segments cross or come within the noise of merged vertices."""
    if not boxes_meet(a[0], a[1], a[2], a[3], b[0], b[1], b[2], b[3]):
        return False
    ax, ay, bx, by = a[2] - a[0], a[3] - a[1], b[2] - b[0], b[3] - b[1]
    s0, s1 = ax * (b[1] - a[1]) - ay * (b[0] - a[0]), ax * (b[3] - a[1]) - ay * (b[2] - a[0])
    t0, t1 = bx * (a[1] - b[1]) - by * (a[0] - b[0]), bx * (a[3] - b[1]) - by * (a[2] - b[0])
    if s0 * s1 < 0.0 and t0 * t1 < 0.0:
        return True
    gap = min(point_gap(a[0], a[1], b[0], b[1], b[2], b[3]), point_gap(a[2], a[3], b[0], b[1], b[2], b[3]))
    gap = min(gap, point_gap(b[0], b[1], a[0], a[1], a[2], a[3]), point_gap(b[2], b[3], a[0], a[1], a[2], a[3]))
    return gap <= NOISE


@compiled
def touching_pairs(edges: NDArray[np.float64], other: Boundary) -> NDArray[np.int64]:
    """Pairs (k, 2) of an edge of `edges` (n, 4) and one of `other` that touch; a pair may appear more than once."""
    starts, items, columns = other.grid.starts, other.grid.items, other.grid.columns
    found = np.empty((256, 2), dtype=np.int64)
    count = 0
    for i in range(edges.shape[0]):
        ax, ay, bx, by = edges[i, 0], edges[i, 1], edges[i, 2], edges[i, 3]
        first, last = rows_near(ay, by, NOISE, other.grid.y0, other.grid.cell, other.grid.rows)
        for row in range(first, last + 1):
            low = other.grid.y0 + row * other.grid.cell
            left, right = columns_near(ax, ay, bx, by, NOISE, other.grid.x0, other.grid.cell, columns, low)
            for j in items[starts[row * columns + left] : starts[row * columns + right + 1]]:
                cx, cy, dx, dy = other.edges[j, 0], other.edges[j, 1], other.edges[j, 2], other.edges[j, 3]
                if boxes_meet(ax, ay, bx, by, cx, cy, dx, dy) and segments_touch(edges[i], other.edges[j]):
                    if count == found.shape[0]:
                        more = np.empty((2 * count, 2), dtype=np.int64)
                        for n in range(count):
                            more[n, 0], more[n, 1] = found[n, 0], found[n, 1]
                        found = more
                    found[count, 0], found[count, 1] = i, j
                    count += 1
    return found[:count]
