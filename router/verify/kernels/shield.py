"""What lies between two facing edges, so that it is not their gap that counts."""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from router.verify.kernels.grid import Grid

# Merged vertices of slanted edges are off their line by less than this (nm).
NOISE = 1e-3
# Places on an edge from which its view of another is tried.
PLACES = 5


@njit(cache=True)
def clear_gap(
    edges: NDArray[np.float64],
    i: int,
    j: int,
    p: NDArray[np.float64],
    q: NDArray[np.float64],
    split: int,
    grid: Grid,
) -> float:
    """The shortest way between part `p` of edge i and part `q` of edge j that nothing stands in; inf if there is none.

    Tries the shortest ways from a few places on each part to the other part. The grid must have been binned with a
    reach of half the longest way: then whatever passes between the edges is entered in the cell half way.
    """
    best = math.inf
    for turn in range(2):
        one, other = (p, q) if turn == 0 else (q, p)
        dx, dy = other[2] - other[0], other[3] - other[1]
        square = dx * dx + dy * dy
        for step in range(PLACES):
            share = step / (PLACES - 1)
            x, y = one[0] + share * (one[2] - one[0]), one[1] + share * (one[3] - one[1])
            t = 0.0
            if square > 0.0:
                t = min(1.0, max(0.0, ((x - other[0]) * dx + (y - other[1]) * dy) / square))
            fx, fy = other[0] + t * dx, other[1] + t * dy
            gap = math.hypot(x - fx, y - fy)
            if gap >= best:
                continue
            half_way = int(((x + fx) / 2 - grid.x0) / grid.cell)
            half_way += int(((y + fy) / 2 - grid.y0) / grid.cell) * grid.columns
            nearby = grid.items[grid.starts[half_way] : grid.starts[half_way + 1]]
            first, last = (i, j) if turn == 0 else (j, i)
            if gap <= NOISE or not shielded(edges, first, last, x, y, fx, fy, split, nearby):
                best = gap
    return best


@njit(cache=True)
def shielded(
    edges: NDArray[np.float64],
    i: int,
    j: int,
    px: float,
    py: float,
    qx: float,
    qy: float,
    split: int,
    nearby: NDArray[np.int32],
) -> bool:
    """True when the way from p on edge i to q on edge j meets another edge or leaves their free side.

    `nearby` lists all edges that can meet the way. Edges below and from `split` on belong to different masks.
    """
    for k in nearby:
        if k in (i, j):
            continue
        if crosses(px, py, qx, qy, edges[k]):
            return True
        if (k < split) == (i < split) and corner_blocks(px, py, qx, qy, edges[i], edges[k]):
            return True
        if (k < split) == (j < split) and corner_blocks(qx, qy, px, py, edges[j], edges[k]):
            return True
    return False


@njit(cache=True)
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


@njit(cache=True)
def corner_blocks(px: float, py: float, qx: float, qy: float, own: NDArray[np.float64], e: NDArray[np.float64]) -> bool:
    """True when p is a corner of `own` and `e` that opens to the left, and the way to q leaves it across `e`."""
    end = 0 if math.hypot(e[0] - px, e[1] - py) <= NOISE else 1
    if math.hypot(e[2 * end] - px, e[2 * end + 1] - py) > NOISE:
        return False
    start = 2 - 2 * end
    if math.hypot(own[start] - px, own[start + 1] - py) > NOISE:
        return False
    ex, ey, ox, oy = e[2] - e[0], e[3] - e[1], own[2] - own[0], own[3] - own[1]
    turn = ex * oy - ey * ox if end == 1 else ox * ey - oy * ex
    across = ex * (qy - py) - ey * (qx - px)
    return bool(turn > 0.0 and across < -NOISE * math.hypot(ex, ey))
