"""What lies between two facing edges, so that it is not their gap that counts."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from router.model.kernels import compiled
from router.verify.kernels.grid import Boundary, columns_near, rows_near

# Merged vertices of slanted edges are off their line by less than this (nm).
NOISE = 1e-3
# Places on an edge from which its view of another is tried.
PLACES = 5
# How far (nm) inside an edge that is, and as a share of the way: so far that a corner 1 nm beside it stands in the way.
INSET, INSET_SHARE = 0.1, 2 * NOISE


@compiled
def clear_gap(
    one: Boundary, other: Boundary, same: bool, i: int, j: int, p: NDArray[np.float64], q: NDArray[np.float64]
) -> float:
    """The shortest way between part `p` of edge i of `one` and part `q` of edge j of `other` that meets no other edge;
    inf if none. With `same` both are edges of one boundary.

    Tries the shortest ways from a few places on each part to the other part. A way from a corner is looked at from a
    little inside its edge: whether the corner itself stands in it is then a plain crossing.
    """
    best = math.inf
    for turn in range(2):
        here, there = (p, q) if turn == 0 else (q, p)
        ex, ey, dx, dy = here[2] - here[0], here[3] - here[1], there[2] - there[0], there[3] - there[1]
        square = dx * dx + dy * dy
        for step in range(PLACES):
            share = step / (PLACES - 1)
            x, y = here[0] + share * ex, here[1] + share * ey
            t = 0.0
            if square > 0.0:
                t = min(1.0, max(0.0, ((x - there[0]) * dx + (y - there[1]) * dy) / square))
            fx, fy = there[0] + t * dx, there[1] + t * dy
            gap = math.hypot(x - fx, y - fy)
            if gap >= best:
                continue
            if turn == 1:
                x, y, fx, fy = fx, fy, x, y
            if gap <= NOISE or is_clear(one, other, same, i, j, x, y, fx, fy):
                best = gap
    return best


@compiled
def in_sight(
    one: Boundary, other: Boundary, same: bool, i: int, j: int, p: NDArray[np.float64], q: NDArray[np.float64]
) -> bool:
    """True when from one of a few places on part `p` of edge i one on part `q` of edge j can be seen."""
    for here in range(PLACES):
        share = here / (PLACES - 1)
        x, y = p[0] + share * (p[2] - p[0]), p[1] + share * (p[3] - p[1])
        for there in range(PLACES):
            share = there / (PLACES - 1)
            fx, fy = q[0] + share * (q[2] - q[0]), q[1] + share * (q[3] - q[1])
            if is_clear(one, other, same, i, j, x, y, fx, fy):
                return True
    return False


@compiled
def is_clear(
    one: Boundary, other: Boundary, same: bool, i: int, j: int, x: float, y: float, fx: float, fy: float
) -> bool:
    """True when no other edge is met on the way from (x, y) on edge i to (fx, fy) on edge j."""
    far = INSET + INSET_SHARE * math.hypot(fx - x, fy - y)
    x, y = inside_of(one.edges[i], x, y, far)
    fx, fy = inside_of(other.edges[j], fx, fy, far)
    if stands_between(one, i, j if same else -1, x, y, fx, fy):
        return False
    return same or not stands_between(other, j, -1, x, y, fx, fy)


@compiled
def inside_of(e: NDArray[np.float64], x: float, y: float, far: float) -> tuple[float, float]:
    """The place nearest to (x, y) that is `far` from the ends of the edge, or its middle."""
    dx, dy = e[2] - e[0], e[3] - e[1]
    square = dx * dx + dy * dy
    inset = min(0.5, far / math.sqrt(square))
    share = min(1.0 - inset, max(inset, ((x - e[0]) * dx + (y - e[1]) * dy) / square))
    return e[0] + share * dx, e[1] + share * dy


@compiled
def stands_between(boundary: Boundary, i: int, j: int, px: float, py: float, qx: float, qy: float) -> bool:
    """True when an edge of the boundary other than i and j passes between p and q."""
    edges, grid = boundary.edges, boundary.grid
    first, last = rows_near(py, qy, 0.0, grid.y0, grid.cell, grid.rows)
    for row in range(first, last + 1):
        low = grid.y0 + row * grid.cell
        left, right = columns_near(px, py, qx, qy, 0.0, grid.x0, grid.cell, grid.columns, low)
        for c in range(row * grid.columns + left, row * grid.columns + right + 1):
            for k in grid.items[grid.starts[c] : grid.starts[c + 1]]:
                if k != i and k != j and crosses(px, py, qx, qy, edges[k]):
                    return True
    return False


@compiled
def crosses(px: float, py: float, qx: float, qy: float, e: NDArray[np.float64]) -> bool:
    """True when edge `e` passes between p and q."""
    dx, dy, ex, ey = qx - px, qy - py, e[2] - e[0], e[3] - e[1]
    noise = NOISE * math.hypot(dx, dy)
    s0, s1 = dx * (e[1] - py) - dy * (e[0] - px), dx * (e[3] - py) - dy * (e[2] - px)
    if min(s0, s1) > -noise or max(s0, s1) < noise:
        return False
    noise = NOISE * math.hypot(ex, ey)
    t0, t1 = ex * (py - e[1]) - ey * (px - e[0]), ex * (qy - e[1]) - ey * (qx - e[0])
    return bool(min(t0, t1) < -noise and max(t0, t1) > noise)
