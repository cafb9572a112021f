"""Behind which edges metal goes deep."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from router.model.kernels import compiled
from router.verify.kernels.facing import load, near_part, twice_as_long
from router.verify.kernels.grid import Boundary, columns_near, rows_near


@compiled
def go_deep(boundary: Boundary, chosen: NDArray[np.int64], depth: float, sliver: float) -> NDArray[np.bool_]:
    """Whether each of the `chosen` edges (m,) has nothing nearer than `depth` right opposite some part of it.

    That is: whether the shadows on it of all edges in a strip of that depth leave more than `sliver` of it bare.
    """
    edges, grid = boundary.edges, boundary.grid
    deep = np.zeros(chosen.size, dtype=np.bool_)
    a, b = np.empty(4, dtype=np.float64), np.empty(4, dtype=np.float64)
    shadows = np.empty((64, 2), dtype=np.float64)
    met = np.full(edges.shape[0], -1, dtype=np.int64)
    for n in range(chosen.size):
        load(boundary, chosen[n], a)
        dx, dy = a[2] - a[0], a[3] - a[1]
        length = math.hypot(dx, dy)
        # The strip lies within half the depth of the edge moved there by as much.
        mx, my = -dy / length * depth / 2, dx / length * depth / 2
        count = 0
        first, last = rows_near(a[1] + my, a[3] + my, depth / 2, grid.y0, grid.cell, grid.rows)
        for row in range(first, last + 1):
            left, right = columns_near(
                a[0] + mx, a[1] + my, a[2] + mx, a[3] + my, depth / 2, grid.x0, grid.cell, grid.columns,
                grid.y0 + row * grid.cell,
            )  # fmt: skip
            for c in range(row * grid.columns + left, row * grid.columns + right + 1):
                for j in grid.items[grid.starts[c] : grid.starts[c + 1]]:
                    if met[j] == n:
                        continue
                    met[j] = n
                    load(boundary, j, b)
                    low, high = near_part(a, b, depth, False)
                    if low >= high:
                        continue
                    if count == shadows.shape[0]:
                        shadows = twice_as_long(shadows)
                    from_ = ((b[0] - a[0]) * dx + (b[1] - a[1]) * dy) / length
                    rise = ((b[2] - b[0]) * dx + (b[3] - b[1]) * dy) / length
                    one, other = from_ + low * rise, from_ + high * rise
                    shadows[count, 0], shadows[count, 1] = min(one, other), max(one, other)
                    count += 1
        covered, before = 0.0, -1.0
        while before < covered < length - sliver:
            before = covered
            for k in range(count):
                if shadows[k, 0] <= covered + sliver:
                    covered = max(covered, shadows[k, 1])
        deep[n] = covered < length - sliver
    return deep
