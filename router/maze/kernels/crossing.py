"""Straight ways that cross each other."""

from __future__ import annotations

import numpy as np

from router.maze.kernels.price import octile
from router.model.kernels import compiled

# A way that gets round the end of another for so much of its length need not cross it. Ways of a bus between staggered
# bumps all do, though straight lines cross; of those between ends chosen by chance a quarter do not, with half as much
# two fifths, with twice as much a tenth.
DETOUR = 0.03


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
def apart(ax, ay, bx, by):
    """Length of the shortest octilinear way between two places."""
    return octile(abs(bx - ax), abs(by - ay), 1.0, 2**0.5)


@compiled
def goes_round(a, b):
    """Whether a way may go round an end of another for less than `DETOUR` of its length."""
    alone = apart(a[0], a[1], a[2], a[3])
    for k in (0, 2):
        x, y = b[k], b[k + 1]
        if apart(a[0], a[1], x, y) + apart(x, y, a[2], a[3]) < (1 + DETOUR) * alone:
            return True
    return False


@compiled
def boxes_meet(a, b):
    """Whether the boxes of two ways meet, the first of which does not lie to the right."""
    return b[0] <= a[2] and min(b[1], b[3]) <= max(a[1], a[3]) and max(b[1], b[3]) >= min(a[1], a[3])


@compiled
def count_crossings(ways, net_of):
    """How many ways of other nets each way crosses, how many have a box that meets its box, and how many of those that
    it crosses can neither go round one of its ends nor it round one of theirs: (n, 3).

    ways: (n, 4) int64, x0 <= x1, in the order of x0, nm; net_of: (n,).
    """
    count = np.zeros((ways.shape[0], 3), dtype=np.int64)
    for i in range(ways.shape[0]):
        for j in range(i + 1, ways.shape[0]):
            if ways[j, 0] > ways[i, 2]:
                break
            if net_of[i] == net_of[j] or not boxes_meet(ways[i], ways[j]):
                continue
            both = cross(ways[i], ways[j])
            barred = both and not goes_round(ways[i], ways[j]) and not goes_round(ways[j], ways[i])
            for k in (i, j):
                count[k, 0] += both
                count[k, 1] += 1
                count[k, 2] += barred
    return count


@compiled
def sums_of_crossed(ways, net_of, count):
    """What is counted (n, c) of the ways that each way crosses, in sum (n, c); ways and net_of as above."""
    total = np.zeros_like(count)
    for i in range(ways.shape[0]):
        for j in range(i + 1, ways.shape[0]):
            if ways[j, 0] > ways[i, 2]:
                break
            if net_of[i] != net_of[j] and boxes_meet(ways[i], ways[j]) and cross(ways[i], ways[j]):
                total[i] += count[j]
                total[j] += count[i]
    return total
