"""The least gap between edges that face each other: branch and bound on a grid."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from router.model.kernels import compiled
from router.verify.kernels.facing import facing, load
from router.verify.kernels.grid import Boundary, Grid
from router.verify.kernels.shield import NOISE, clear_gap


@compiled
def least_gap(boundary: Boundary, arriving: NDArray[np.float64], one_owner: bool, limit: float) -> float:
    """The least gap below `limit` of two edges opposite each other, or of two corners that point at each other, with
    nothing between; inf when there is none.

    arriving: (n, 2), the edge before each one, as a vector. Pairs are of one owner, or of two. Every edge is looked at
    piece by piece, and around each piece no farther than the least gap so far.
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
                        for way in range(3):
                            if way == 0 and not facing(a, b, best, False, out):
                                continue
                            if way == 1 and not corner_near(boundary, arriving, i, j, best - NOISE, out):
                                continue
                            if way == 2 and not corner_near(boundary, arriving, j, i, best - NOISE, out):
                                continue
                            gap = clear_gap(boundary, boundary, True, i, j, out[4:8], out[8:12])
                            if gap < best:
                                best = found = gap
        if found <= NOISE:
            break
    return found


@compiled
def corner_near(
    boundary: Boundary, arriving: NDArray[np.float64], i: int, j: int, distance: float, out: NDArray[np.float64]
) -> bool:
    """True when the corner where edge i begins points at edge j, or at the corner where that begins, from nearer than
    `distance`: no step along an edge makes the way shorter. `out` gets both ends of the way, as parts of no length."""
    edges = boundary.edges
    x, y, dx, dy = edges[j, 0], edges[j, 1], edges[j, 2] - edges[j, 0], edges[j, 3] - edges[j, 1]
    share = ((edges[i, 0] - x) * dx + (edges[i, 1] - y) * dy) / (dx * dx + dy * dy)
    if share >= 1.0:
        return False
    x, y = x + max(0.0, share) * dx, y + max(0.0, share) * dy
    cx, cy = x - edges[i, 0], y - edges[i, 1]
    if cx * cx + cy * cy >= distance * distance or not points_at(boundary, arriving, i, cx, cy):
        return False
    if share > 0.0:
        behind = cx * dy - cy * dx if boundary.outwards else cy * dx - cx * dy
        if behind > 0.0:
            return False
    elif not points_at(boundary, arriving, j, -cx, -cy):
        return False
    out[4] = out[6] = edges[i, 0]
    out[5] = out[7] = edges[i, 1]
    out[8] = out[10] = x
    out[9] = out[11] = y
    return True


@compiled
def points_at(boundary: Boundary, arriving: NDArray[np.float64], k: int, cx: float, cy: float) -> bool:
    """True when the corner where edge k begins pokes into the free side, and (cx, cy) lies straight ahead of it."""
    ox, oy = boundary.edges[k, 2] - boundary.edges[k, 0], boundary.edges[k, 3] - boundary.edges[k, 1]
    turn = arriving[k, 0] * oy - arriving[k, 1] * ox
    pokes = turn > 0.0 if boundary.outwards else turn < 0.0
    return bool(pokes and cx * ox + cy * oy <= 0.0 and cx * arriving[k, 0] + cy * arriving[k, 1] >= 0.0)


@compiled
def box_gap(edges: NDArray[np.float64], i: int, j: int) -> float:
    """Square of the distance between the boxes of two edges."""
    dx = max(min(edges[i, 0], edges[i, 2]), min(edges[j, 0], edges[j, 2]))
    dx -= min(max(edges[i, 0], edges[i, 2]), max(edges[j, 0], edges[j, 2]))
    dy = max(min(edges[i, 1], edges[i, 3]), min(edges[j, 1], edges[j, 3]))
    dy -= min(max(edges[i, 1], edges[i, 3]), max(edges[j, 1], edges[j, 3]))
    return float(max(0.0, dx) ** 2 + max(0.0, dy) ** 2)


@compiled
def cells_around(px: float, py: float, qx: float, qy: float, reach: float, grid: Grid) -> tuple[int, int, int, int]:
    """First and last column, first and last row of the cells nearer than `reach` to the box of p and q."""
    left = max(0, math.floor((min(px, qx) - reach - grid.x0) / grid.cell))
    right = min(grid.columns - 1, math.floor((max(px, qx) + reach - grid.x0) / grid.cell))
    bottom = max(0, math.floor((min(py, qy) - reach - grid.y0) / grid.cell))
    top = min(grid.rows - 1, math.floor((max(py, qy) + reach - grid.y0) / grid.cell))
    return left, right, bottom, top
