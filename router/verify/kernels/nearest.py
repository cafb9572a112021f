"""The least gap between edges that face each other: branch and bound on a grid."""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from router.verify.kernels.facing import facing, load
from router.verify.kernels.grid import Boundary, Grid
from router.verify.kernels.shield import NOISE, clear_gap


@njit(cache=True)
def least_gap(boundary: Boundary, one_owner: bool, euclidian: bool, limit: float) -> float:
    """The least gap below `limit` of two edges that face each other with nothing between; inf when there is none.

    Pairs are of one owner, or of two. Every edge is looked at piece by piece, and around each piece no farther than
    the least gap so far.
    """
    edges, owner, grid = boundary.edges, boundary.owner, boundary.grid
    a, b = np.empty(4, dtype=np.float64), np.empty(4, dtype=np.float64)
    best, found = limit, math.inf
    out = np.empty(12, dtype=np.float64)
    for i in range(edges.shape[0]):
        ax, ay = edges[i, 0], edges[i, 1]
        dx, dy = edges[i, 2] - ax, edges[i, 3] - ay
        pieces = 1 + int(math.hypot(dx, dy) / (grid.cell + best))
        for piece in range(pieces):
            px, qx = ax + dx * piece / pieces, ax + dx * (piece + 1) / pieces
            py, qy = ay + dy * piece / pieces, ay + dy * (piece + 1) / pieces
            left, right, bottom, top = cells_around(px, py, qx, qy, best, grid)
            for row in range(bottom, top + 1):
                for c in range(row * grid.columns + left, row * grid.columns + right + 1):
                    for k in range(grid.starts[c], grid.starts[c + 1]):
                        j = grid.items[k]
                        if j <= i or (owner[i] == owner[j]) != one_owner:
                            continue
                        if box_gap(edges, i, j) >= best * best:
                            continue
                        load(boundary, i, a)
                        load(boundary, j, b)
                        if facing(a, b, best, 0.0, euclidian, out):
                            gap = clear_gap(boundary, boundary, True, i, j, out[4:8], out[8:12])
                            if gap < best:
                                best = found = gap
        if found <= NOISE:
            break
    return found


@njit(cache=True)
def box_gap(edges: NDArray[np.float64], i: int, j: int) -> float:
    """Square of the distance between the boxes of two edges."""
    dx = max(min(edges[i, 0], edges[i, 2]), min(edges[j, 0], edges[j, 2]))
    dx -= min(max(edges[i, 0], edges[i, 2]), max(edges[j, 0], edges[j, 2]))
    dy = max(min(edges[i, 1], edges[i, 3]), min(edges[j, 1], edges[j, 3]))
    dy -= min(max(edges[i, 1], edges[i, 3]), max(edges[j, 1], edges[j, 3]))
    return float(max(0.0, dx) ** 2 + max(0.0, dy) ** 2)


@njit(cache=True)
def cells_around(px: float, py: float, qx: float, qy: float, reach: float, grid: Grid) -> tuple[int, int, int, int]:
    """First and last column, first and last row of the cells nearer than `reach` to the box of p and q."""
    left = max(0, math.floor((min(px, qx) - reach - grid.x0) / grid.cell))
    right = min(grid.columns - 1, math.floor((max(px, qx) + reach - grid.x0) / grid.cell))
    bottom = max(0, math.floor((min(py, qy) - reach - grid.y0) / grid.cell))
    top = min(grid.rows - 1, math.floor((max(py, qy) + reach - grid.y0) / grid.cell))
    return left, right, bottom, top
