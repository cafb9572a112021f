"""How much of each tile of a mask is covered, exactly."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from router.model.kernels import compiled


@compiled
def tile_areas(edges: NDArray[np.float64], xs: NDArray[np.float64], ys: NDArray[np.float64]) -> NDArray[np.float64]:
    """Area inside merged edges (n, 4) for each tile between the ascending lines `xs` and `ys`: (rows, columns).

    By Green's theorem: each edge adds the area between itself and the left border of the tiles it crosses, and whole
    tile widths to all tiles further left.
    """
    columns, rows = xs.size - 1, ys.size - 1
    area = np.zeros((rows, columns))
    beyond = np.zeros((rows, columns + 1))
    for i in range(edges.shape[0]):
        ax, ay, bx, by = edges[i, 0], edges[i, 1], edges[i, 2], edges[i, 3]
        sign = 1.0
        if ay > by:
            ax, ay, bx, by, sign = bx, by, ax, ay, -1.0
        if ay == by or by <= ys[0] or ay >= ys[rows]:
            continue
        row = max(0, np.searchsorted(ys, ay, side="right") - 1)
        while row < rows and ys[row] < by:
            low, high = max(ay, ys[row]), min(by, ys[row + 1])
            xa = ax + (low - ay) * (bx - ax) / (by - ay)
            xb = ax + (high - ay) * (bx - ax) / (by - ay)
            left, right = min(xa, xb), max(xa, xb)
            rise = sign * (high - low)
            if right >= xs[columns]:
                share = 1.0 if left >= xs[columns] else (right - xs[columns]) / (right - left)
                beyond[row, columns] += rise * share
            column = max(0, np.searchsorted(xs, left, side="right") - 1)
            while column < columns and xs[column] <= right:
                one, other = max(left, xs[column]), min(right, xs[column + 1])
                if other >= one:
                    share = (other - one) / (right - left) if right > left else 1.0
                    area[row, column] += rise * share * ((one + other) / 2 - xs[column])
                    beyond[row, column] += rise * share
                if right == left:
                    break
                column += 1
            row += 1
    for row in range(rows):
        more = beyond[row, columns]
        for column in range(columns - 1, -1, -1):
            area[row, column] += more * (xs[column + 1] - xs[column])
            more += beyond[row, column]
    return area
