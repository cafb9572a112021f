"""A uniform grid over edges. Long slanted edges are entered along their course, not over their bounding box."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from router.model.kernels import compiled


class Grid(NamedTuple):
    """Square cells, row by row from (x0, y0), and the edges in each: `items[starts[c]:starts[c + 1]]`, ascending."""

    x0: float
    y0: float
    cell: float
    columns: int
    rows: int
    starts: NDArray[np.int64]
    items: NDArray[np.int32]


class Boundary(NamedTuple):
    """Edges (n, 4), the island each belongs to (n,), and the grid that holds them all, entered with a reach of 1 nm.

    The free side of an edge lies to its left, or, with `outwards`, to its right.
    """

    edges: NDArray[np.float64]
    owner: NDArray[np.int32]
    grid: Grid
    outwards: bool


@compiled
def extent(edges: NDArray[np.float64]) -> tuple[float, float, float, float, float]:
    """x0, y0, x1, y1 of all edges (n, 4), and their mean length; zeros where there are none."""
    if not edges.shape[0]:
        return 0.0, 0.0, 0.0, 0.0, 0.0
    x0, y0, x1, y1, length = math.inf, math.inf, -math.inf, -math.inf, 0.0
    for i in range(edges.shape[0]):
        ax, ay, bx, by = edges[i, 0], edges[i, 1], edges[i, 2], edges[i, 3]
        x0, y0, x1, y1 = min(x0, ax, bx), min(y0, ay, by), max(x1, ax, bx), max(y1, ay, by)
        length += math.hypot(bx - ax, by - ay)
    return x0, y0, x1, y1, length / edges.shape[0]


@compiled
def rows_near(ay: float, by: float, reach: float, y0: float, cell: float, rows: int) -> tuple[int, int]:
    """First and last row of cells that come within `reach` of an edge from `ay` to `by`; none if last < first."""
    low, high = min(ay, by) - reach, max(ay, by) + reach
    return max(0, math.floor((low - y0) / cell)), min(rows - 1, math.floor((high - y0) / cell))


@compiled
def columns_near(
    ax: float, ay: float, bx: float, by: float, reach: float, x0: float, cell: float, columns: int, low: float
) -> tuple[int, int]:
    """First and last column, in the row of cells that begins at y = `low`, that come within `reach` of an edge."""
    left, right = min(ax, bx), max(ax, bx)
    if ay != by:
        # The part of the edge that can come within `reach` of this row.
        slope = (bx - ax) / (by - ay)
        from_, to = max(min(ay, by), low - reach), min(max(ay, by), low + cell + reach)
        one, other = ax + (from_ - ay) * slope, ax + (to - ay) * slope
        left, right = max(left, min(one, other)), min(right, max(one, other))
    return max(0, math.floor((left - reach - x0) / cell)), min(columns - 1, math.floor((right + reach - x0) / cell))


@compiled
def bin_edges(
    edges: NDArray[np.float64], reach: float, x0: float, y0: float, cell: float, columns: int, rows: int
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Enter each edge, grown by `reach`, into every cell it may meet.

    edges: (n, 4) as x0, y0, x1, y1. Returns `starts` (columns * rows + 1,) and `items` of a `Grid`.
    """
    starts = np.zeros(columns * rows + 1, dtype=np.int64)
    entered = np.zeros(edges.shape[0] + 1, dtype=np.int64)
    cells = np.empty(3 * edges.shape[0] + 64, dtype=np.int32)
    count = 0
    for i in range(edges.shape[0]):
        ax, ay, bx, by = edges[i, 0], edges[i, 1], edges[i, 2], edges[i, 3]
        first, last = rows_near(ay, by, reach, y0, cell, rows)
        for row in range(first, last + 1):
            left, right = columns_near(ax, ay, bx, by, reach, x0, cell, columns, y0 + row * cell)
            if count + right - left >= cells.size:
                more = np.empty(2 * cells.size + right - left, dtype=np.int32)
                for k in range(count):
                    more[k] = cells[k]
                cells = more
            for column in range(left, right + 1):
                c = row * columns + column
                cells[count] = c
                starts[c + 1] += 1
                count += 1
        entered[i + 1] = count
    for c in range(columns * rows):
        starts[c + 1] += starts[c]
    items = np.empty(count, dtype=np.int32)
    fill = starts[:-1].copy()
    for i in range(edges.shape[0]):
        for k in range(entered[i], entered[i + 1]):
            items[fill[cells[k]]] = i
            fill[cells[k]] += 1
    return starts, items
