"""Straight ways that cross each other."""

from __future__ import annotations

import numpy as np

from router.model.kernels import compiled


@compiled
def turn(ax, ay, bx, by, cx, cy):
    """Whether c lies to the left (1) or the right (-1) of the line from a to b, or on it (0)."""
    return np.sign((bx - ax) * (cy - ay) - (by - ay) * (cx - ax))


@compiled
def cross(a, b):
    """Whether two straight ways (x0, y0, x1, y1) cross, each with its ends on either side of the other."""
    return (
        turn(a[0], a[1], a[2], a[3], b[0], b[1]) * turn(a[0], a[1], a[2], a[3], b[2], b[3]) < 0
        and turn(b[0], b[1], b[2], b[3], a[0], a[1]) * turn(b[0], b[1], b[2], b[3], a[2], a[3]) < 0
    )


@compiled
def count_crossings(ways, net_of):
    """How many ways of other nets each way crosses, and how many have a box that meets its box: (n, 2).

    ways: (n, 4) int64, x0 <= x1, in the order of x0, nm; net_of: (n,).
    """
    count = np.zeros((ways.shape[0], 2), dtype=np.int64)
    for i in range(ways.shape[0]):
        low, high = min(ways[i, 1], ways[i, 3]), max(ways[i, 1], ways[i, 3])
        for j in range(i + 1, ways.shape[0]):
            if ways[j, 0] > ways[i, 2]:
                break
            if min(ways[j, 1], ways[j, 3]) > high or max(ways[j, 1], ways[j, 3]) < low or net_of[i] == net_of[j]:
                continue
            both = 1 if cross(ways[i], ways[j]) else 0
            for k in (i, j):
                count[k, 0] += both
                count[k, 1] += 1
    return count
