"""Corner chains of octilinear traces: directions, lengths, and edits in place.

Arrays as in `kernels.tighten`.
"""

from __future__ import annotations

import numpy as np

from router.maze.kernels.compiled import part
from router.maze.kernels.paths import direction

# Steps along a diagonal for a nanometre of it; so far aside leads a nanometre of a diagonal from an axis, or of an axis
# from a diagonal.
DIAGONAL = 0.70710678


@part
def heading(dx, dy):
    """Direction 0..7 of an octilinear vector; 8 for none."""
    return 8 if dx == 0 and dy == 0 else direction(dx, dy)


@part
def turn(a, b):
    """Turn between two directions in units of 45°, 0..4."""
    d = (a - b) & 7
    return min(d, 8 - d)


@part
def octile_length(dx, dy):
    """Length of the shortest octilinear way over (dx, dy), nm."""
    ax, ay = abs(dx), abs(dy)
    return max(ax, ay) + 0.41421356237309503 * min(ax, ay)


@part
def length_of(points, s, n):
    """Length of a chain, nm."""
    total = 0.0
    for p in range(s, s + n - 1):
        total += octile_length(points[p + 1, 0] - points[p, 0], points[p + 1, 1] - points[p, 1])
    return total


@part
def bend_between(ax, ay, bx, by, variant, bend):
    """Where a way of two runs from a to b bends, one of two; `bend`: the turn there, in units of 45°."""
    if bend == 2:
        return (bx, ay) if variant == 0 else (ax, by)
    dx, dy = bx - ax, by - ay
    run = min(abs(dx), abs(dy))
    if variant == 0:
        return ax + np.sign(dx) * run, ay + np.sign(dy) * run
    return bx - np.sign(dx) * run, by - np.sign(dy) * run


@part
def along(length, dx, dy):
    """Steps of the direction (dx, dy) that cover a length: fewer on a diagonal."""
    return int(np.ceil(length * DIAGONAL)) if dx != 0 and dy != 0 else int(length)


@part
def way_out(straight, dx, dy):
    """Steps of the direction (dx, dy) for which a trace should leave its pad; straight (3,): along x, y, a diagonal."""
    return straight[2] if dx != 0 and dy != 0 else straight[0 if dx != 0 else 1]


@part
def drop_straight(points, s, n):
    """Take out repeated points and corners without a turn; returns the new number of points."""
    kept = 1
    for p in range(1, n):
        x, y = points[s + p, 0], points[s + p, 1]
        at = s + kept - 1
        if x == points[at, 0] and y == points[at, 1]:
            continue
        if kept > 1:
            before = heading(points[at, 0] - points[at - 1, 0], points[at, 1] - points[at - 1, 1])
            if before == heading(x - points[at, 0], y - points[at, 1]):
                kept -= 1
        points[s + kept, 0], points[s + kept, 1] = x, y
        kept += 1
    return kept


@part
def copy_points(points, s, other, at, n):
    """Copy n points from s on to where `other` has place `at`."""
    for p in range(n):
        other[at + p, 0], other[at + p, 1] = points[s + p, 0], points[s + p, 1]


@part
def move_points(points, begin, end, by):
    """Move the points from `begin` to `end` by so many places."""
    for i in range(end - begin):
        p = end - 1 - i if by > 0 else begin + i
        points[p + by, 0], points[p + by, 1] = points[p, 0], points[p, 1]


@part
def reverse(points, s, n):
    """Turn a trace round in place."""
    for p in range(n // 2):
        a, b = s + p, s + n - 1 - p
        for axis in range(2):
            points[a, axis], points[b, axis] = points[b, axis], points[a, axis]


@part
def replace_head(points, s, n, upto, chain, length):
    """Put `length` points of the chain in the place of points 0 to `upto`; returns the new number of points."""
    by = length - 1 - upto
    move_points(points, s + upto + 1, s + n, by)
    copy_points(chain, 1, points, s + 1, length - 1)
    return drop_straight(points, s, n + by)
