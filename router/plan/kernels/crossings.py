"""Coarse ways that cross on one level: what no track room allows.

Two ways cross in a cell when the sides by which one enters and leaves lie on either side of the other's, or on two
diagonals of the same corner. Ways that share a side are taken not to cross: their order along it is not held.

`passes` (cells, 64) counts ways through a cell by the two sides a < b, at 8·a + b, sides counted like directions,
and all of them at 0;
`corners` (cells, 2) the diagonal steps over a cell's upper right corner, 0 rising and 1 falling to the right.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from router.plan.kernels.stocks import DX, DY, SOURCE, direction

_PAIR = np.array([[min(a, b) * 8 + max(a, b) for b in range(8)] for a in range(8)], dtype=np.int64)


@njit(cache=True)
def corner(n, d, nx):
    """The cell to whose upper right corner diagonal step d from cell n leads, and whether it falls to the right."""
    low = min(n, n + DY[d] * nx + DX[d])
    if d in (3, 7):
        return low - 1, 1
    return low, 0


@njit(cache=True)
def crossings(passes, corners, n, way, d, nx):
    """How many ways one that enters cell n by `way` and leaves by d crosses."""
    count = 0
    if d & 1:
        at, falling = corner(n, d, nx)
        count += corners[at, 1 - falling]
    if way < 8 and passes[n, 0] > 0:
        a = (way + 4) & 7
        beyond = (d - a) & 7
        for i in range(1, beyond):
            for j in range(beyond + 1, 8):
                count += passes[n, _PAIR[(a + i) & 7, (a + j) & 7]]
    return count


@njit(cache=True)
def enter(path, nx, plane, passes, corners, sign):
    """Count a path in the passes, or no more (sign -1)."""
    way = SOURCE
    for k in range(1, path.shape[0]):
        n, m = np.int64(path[k - 1]), np.int64(path[k])
        if n // plane != m // plane:
            way = SOURCE
            continue
        d = direction(n, m, nx, plane)
        if d & 1:
            at, falling = corner(n, d, nx)
            corners[at, falling] += sign
        if way < 8 and ((way + 4) & 7) != d:
            passes[n, _PAIR[(way + 4) & 7, d]] += sign
            passes[n, 0] += sign
        way = d


@njit(cache=True)
def crossed(path_of, path, nx, plane, passes, corners, hit):
    """Mark in `hit` the connections that cross others; returns how often, each counted from both sides."""
    total = 0
    for c in range(path_of.shape[0]):
        way = SOURCE
        count = 0
        for k in range(path_of[c, 0] + 1, path_of[c, 1]):
            n, m = np.int64(path[k - 1]), np.int64(path[k])
            if n // plane != m // plane:
                way = SOURCE
                continue
            d = direction(n, m, nx, plane)
            count += crossings(passes, corners, n, way, d, nx)
            way = d
        hit[c] |= count > 0
        total += count
    return total
