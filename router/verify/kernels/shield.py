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
# How far (nm) inside an edge that is.
INSET = 0.1


@njit(cache=True)
def clear_gap(
    edges: NDArray[np.float64], i: int, j: int, p: NDArray[np.float64], q: NDArray[np.float64], grid: Grid
) -> float:
    """The shortest way between part `p` of edge i and part `q` of edge j that meets no other edge; inf if none.

    Tries the shortest ways from a few places on each part to the other part. A way from a corner is looked at from a
    little inside its edge: whether the corner itself stands in it is then a plain crossing. The grid must have been
    binned with a reach of half the longest way: whatever crosses a way is then entered in the cell half way.
    """
    best = math.inf
    for turn in range(2):
        one, other = (p, q) if turn == 0 else (q, p)
        ex, ey, dx, dy = one[2] - one[0], one[3] - one[1], other[2] - other[0], other[3] - other[1]
        here, there = math.hypot(ex, ey), math.hypot(dx, dy)
        inset = 0.5 if here <= 2 * INSET else INSET / here
        inset_there = 0.5 if there <= 2 * INSET else INSET / there
        for step in range(PLACES):
            share = step / (PLACES - 1)
            x, y = one[0] + share * ex, one[1] + share * ey
            t = 0.0
            if there > 0.0:
                t = min(1.0, max(0.0, ((x - other[0]) * dx + (y - other[1]) * dy) / (there * there)))
            gap = math.hypot(x - other[0] - t * dx, y - other[1] - t * dy)
            if gap >= best:
                continue
            share = min(1.0 - inset, max(inset, share))
            t = min(1.0 - inset_there, max(inset_there, t))
            x, y, fx, fy = one[0] + share * ex, one[1] + share * ey, other[0] + t * dx, other[1] + t * dy
            half_way = int(((x + fx) / 2 - grid.x0) / grid.cell)
            half_way += int(((y + fy) / 2 - grid.y0) / grid.cell) * grid.columns
            clear = True
            for k in grid.items[grid.starts[half_way] : grid.starts[half_way + 1]]:
                clear = clear and (k in (i, j) or not crosses(x, y, fx, fy, edges[k]))
            if clear or gap <= NOISE:
                best = gap
    return best


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
