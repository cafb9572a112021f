"""A uniform grid over edges. Long slanted edges are entered along their course, not over their bounding box."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray


class Grid(NamedTuple):
    """Square cells, row by row from (x0, y0), and the edges in each: `items[starts[c]:starts[c + 1]]`, ascending."""

    x0: float
    y0: float
    cell: float
    columns: int
    rows: int
    starts: NDArray[np.int64]
    items: NDArray[np.int32]


@njit(cache=True)
def bin_edges(
    edges: NDArray[np.float64], reach: float, x0: float, y0: float, cell: float, columns: int, rows: int
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Enter each edge, grown by `reach`, into every cell it may meet.

    edges: (n, 4) as x0, y0, x1, y1. Returns `starts` (columns * rows + 1,) and `items` of a `Grid`.
    """
    starts = np.zeros(columns * rows + 1, dtype=np.int64)
    items = np.empty(0, dtype=np.int32)
    fill = np.empty(0, dtype=np.int64)
    for phase in range(2):
        if phase == 1:
            for c in range(columns * rows):
                starts[c + 1] += starts[c]
            items = np.empty(starts[columns * rows], dtype=np.int32)
            fill = starts[:-1].copy()
        for i in range(edges.shape[0]):
            ax, ay, bx, by = edges[i, 0], edges[i, 1], edges[i, 2], edges[i, 3]
            if ay > by:
                ax, ay, bx, by = bx, by, ax, ay
            first = max(0, math.floor((ay - reach - y0) / cell))
            last = min(rows - 1, math.floor((by + reach - y0) / cell))
            slope = 0.0 if by == ay else (bx - ax) / (by - ay)
            for row in range(first, last + 1):
                # The part of the edge that can come within `reach` of this row of cells.
                low = max(ay, y0 + row * cell - reach)
                high = min(by, y0 + (row + 1) * cell + reach)
                if by == ay:
                    xl, xh = min(ax, bx), max(ax, bx)
                else:
                    xa, xb = ax + (low - ay) * slope, ax + (high - ay) * slope
                    xl, xh = min(xa, xb), max(xa, xb)
                left = max(0, math.floor((xl - reach - x0) / cell))
                right = min(columns - 1, math.floor((xh + reach - x0) / cell))
                for column in range(left, right + 1):
                    c = row * columns + column
                    if phase == 0:
                        starts[c + 1] += 1
                    else:
                        items[fill[c]] = i
                        fill[c] += 1
    return starts, items
