"""Pairs of edges that face each other closer than a distance: the base of width, space and enclosure checks.

An edge's free side lies to its left. The definition is the usual one of layout checkers (KLayout's Euclidian edge
pair check with `ignore_angle=80`): of each edge only the part strictly on the other's free side counts, and both parts
must come nearer than the distance to the other edge; edges whose directions enclose `IGNORED_ANGLE` or more do not face
each other. Edges on one line that touch (two corners kissing) are a pair at distance 0.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from router.model.kernels import compiled
from router.verify.kernels.grid import Boundary, columns_near, rows_near
from router.verify.kernels.shield import NOISE, clear_gap, in_sight

# Well below 90°: right angles between slanted edges are none to the last digit once their corners lie on the grid.
# Corners between the two are for the angle rule to find.
IGNORED_ANGLE = 80.0
# Parts of slanted edges shorter than this (nm) face others through the rounding of corners alone, but for those of
# edges that are no longer: steps of the grid.
SHORT = 1.2
LEAST_COSINE = math.cos(math.radians(IGNORED_ANGLE))


@compiled
def near_part(e: NDArray[np.float64], g: NDArray[np.float64], distance: float, euclidian: bool) -> tuple[float, float]:
    """The range of `g` (as fractions of it) on the left of `e` and nearer to it than `distance`; empty if hi <= lo.

    Without `euclidian` only points count whose foot lies on `e` (projection).
    """
    ex, ey = e[2] - e[0], e[3] - e[1]
    gx, gy = g[2] - g[0], g[3] - g[1]
    length = math.hypot(ex, ey)
    side0 = (ex * (g[1] - e[1]) - ey * (g[0] - e[0])) / length
    side1 = (ex * (g[3] - e[1]) - ey * (g[2] - e[0])) / length
    foot0 = (ex * (g[0] - e[0]) + ey * (g[1] - e[1])) / length
    foot1 = (ex * (g[2] - e[0]) + ey * (g[3] - e[1])) / length
    if side0 <= NOISE and side1 <= NOISE:
        return 1.0, 0.0
    # The strip beside e, left of its line.
    low, high = _within(side0, side1, NOISE, distance, 0.0, 1.0)
    low, high = _within(foot0, foot1, 0.0, length, low, high)
    if euclidian:
        left_low, left_high = _within(side0, side1, NOISE, math.inf, 0.0, 1.0)
        square = gx * gx + gy * gy
        for end in range(2):
            ox, oy = g[0] - e[2 * end], g[1] - e[2 * end + 1]
            b = (ox * gx + oy * gy) / square
            under = b * b - (ox * ox + oy * oy - distance * distance) / square
            if under <= 0.0:
                continue
            root = math.sqrt(under)
            from_, to = max(left_low, -b - root), min(left_high, -b + root)
            if from_ < to:
                if low < high:
                    low, high = min(low, from_), max(high, to)
                else:
                    low, high = from_, to
    return low, high


@compiled
def _within(v0: float, v1: float, least: float, most: float, low: float, high: float) -> tuple[float, float]:
    """Of the range low..high, the part where v0 + t (v1 - v0) lies between `least` and `most`."""
    dv = v1 - v0
    if abs(dv) < 1e-12:
        if v0 <= least or v0 >= most:
            return 1.0, 0.0
        return low, high
    ta, tb = (least - v0) / dv, (most - v0) / dv
    return max(low, min(ta, tb)), min(high, max(ta, tb))


@compiled
def may_face(
    px: float, py: float, ax: float, ay: float, qx: float, qy: float, bx: float, by: float, limit: float
) -> bool:
    """False when the edge from p along a and the one from q along b certainly do not face each other within `limit`:
    by their directions, or as all of b is behind the line of a, beyond the limit in front of it, or beside its ends."""
    dot = ax * bx + ay * by
    square = ax * ax + ay * ay
    if dot >= 0.0 or dot * dot <= LEAST_COSINE * LEAST_COSINE * square * (bx * bx + by * by):
        return False
    length = math.sqrt(square)
    dx, dy = qx - px, qy - py
    side0, side1 = ax * dy - ay * dx, ax * (dy + by) - ay * (dx + bx)
    if max(side0, side1) < -NOISE * length or min(side0, side1) >= limit * length:
        return False
    # The edges run against each other: b begins farther along a than it ends.
    foot = ax * dx + ay * dy
    return foot > -limit * length - NOISE * length and foot + dot < square + limit * length + NOISE * length


@compiled
def ends_apart(
    px: float, py: float, ax: float, ay: float, qx: float, qy: float, bx: float, by: float, limit: float
) -> bool:
    """True when all of the edge from q along b lies in front of the line of the one from p along a, and no end of the
    two comes within `limit` of the other one: such edges do not cross, so they are nearest at an end."""
    dx, dy = qx - px, qy - py
    if min(ax * dy - ay * dx, ax * (dy + by) - ay * (dx + bx)) <= 0.0:
        return False
    least = min(square_gap(dx, dy, ax, ay), square_gap(dx + bx, dy + by, ax, ay))
    if least >= limit * limit:
        least = min(square_gap(-dx, -dy, bx, by), square_gap(ax - dx, ay - dy, bx, by))
    return least >= limit * limit


@compiled
def part_gap(out: NDArray[np.float64]) -> float:
    """Distance of the two parts that `facing` found."""
    ax, ay, bx, by = out[6] - out[4], out[7] - out[5], out[10] - out[8], out[11] - out[9]
    dx, dy = out[8] - out[4], out[9] - out[5]
    least = dx * dx + dy * dy
    if ax != 0.0 or ay != 0.0:
        least = min(least, square_gap(dx, dy, ax, ay), square_gap(dx + bx, dy + by, ax, ay))
    if bx != 0.0 or by != 0.0:
        least = min(least, square_gap(-dx, -dy, bx, by), square_gap(ax - dx, ay - dy, bx, by))
    return math.sqrt(least)


@compiled
def length_of(edge: NDArray[np.float64]) -> float:
    """Length of an edge (4,), nm."""
    return math.hypot(edge[2] - edge[0], edge[3] - edge[1])


@compiled
def is_short(part: float, edge: NDArray[np.float64]) -> bool:
    """Whether a part of an edge, of that length, is so short that it tells nothing."""
    if part >= SHORT:
        return False
    on_grid = True
    for end in edge:
        on_grid &= end == round(end)
    return not on_grid or length_of(edge) >= SHORT


@compiled
def square_gap(x: float, y: float, ax: float, ay: float) -> float:
    """Square of the distance of (x, y) from the edge (0, 0)..(ax, ay)."""
    t = min(1.0, max(0.0, (x * ax + y * ay) / (ax * ax + ay * ay)))
    x, y = x - t * ax, y - t * ay
    return x * x + y * y


@compiled
def is_straight(ax: float, ay: float) -> bool:
    """True along x or y."""
    return min(abs(ax), abs(ay)) < NOISE


@compiled
def facing(
    a: NDArray[np.float64],
    b: NDArray[np.float64],
    distance: float,
    euclidian: bool,
    out: NDArray[np.float64],
) -> bool:
    """True when two edges face each other closer than the distance.

    `out` (12,) gets the box x0, y0, x1, y1 of both parts, then the part of `a` and the part of `b` concerned.
    """
    ax, ay, bx, by = a[2] - a[0], a[3] - a[1], b[2] - b[0], b[3] - b[1]
    limit = distance - (NOISE if is_straight(ax, ay) and is_straight(bx, by) else 0.0)
    if not may_face(a[0], a[1], ax, ay, b[0], b[1], bx, by, limit):
        return False
    la = math.hypot(ax, ay)
    s0, s1 = ax * (b[1] - a[1]) - ay * (b[0] - a[0]), ax * (b[3] - a[1]) - ay * (b[2] - a[0])
    if abs(s0) <= NOISE * la and abs(s1) <= NOISE * la:
        # On one line: only a common end counts.
        for i in range(2):
            for j in range(2):
                if math.hypot(a[2 * i] - b[2 * j], a[2 * i + 1] - b[2 * j + 1]) <= NOISE:
                    for k in range(6):
                        out[2 * k], out[2 * k + 1] = a[2 * i], a[2 * i + 1]
                    return limit > 0.0
        return False
    lo_b, hi_b = near_part(a, b, limit, euclidian)
    if lo_b >= hi_b:
        return False
    lo_a, hi_a = near_part(b, a, limit, euclidian)
    if lo_a >= hi_a:
        return False
    out[4], out[5], out[6], out[7] = a[0] + lo_a * ax, a[1] + lo_a * ay, a[0] + hi_a * ax, a[1] + hi_a * ay
    out[8], out[9], out[10], out[11] = b[0] + lo_b * bx, b[1] + lo_b * by, b[0] + hi_b * bx, b[1] + hi_b * by
    out[0], out[1] = min(out[4], out[6], out[8], out[10]), min(out[5], out[7], out[9], out[11])
    out[2], out[3] = max(out[4], out[6], out[8], out[10]), max(out[5], out[7], out[9], out[11])
    return True


@compiled
def facing_pairs(
    one: Boundary, other: Boundary, same: bool, one_owner: bool, distance: float, slack: float, euclidian: bool
) -> NDArray[np.float64]:
    """Edges of `one` and `other` that face each other closer than `distance` (less `slack` where one is slanted),
    nothing of the two boundaries between.

    With `same` both are one boundary, and each pair comes once; `one_owner` asks for pairs of one island.
    Returns (k, 7): i, j, gap, x0, y0, x1, y1.
    """
    starts, items, columns = other.grid.starts, other.grid.items, other.grid.columns
    x0, y0, cell = other.grid.x0, other.grid.y0, other.grid.cell
    found = np.empty((256, 7), dtype=np.float64)
    out, a, b = np.empty(12, dtype=np.float64), np.empty(4, dtype=np.float64), np.empty(4, dtype=np.float64)
    met = np.full(other.edges.shape[0], -1, dtype=np.int32)
    count = 0
    for i in range(one.edges.shape[0]):
        load(one, i, a)
        ax, ay = a[2] - a[0], a[3] - a[1]
        limit = distance if is_straight(ax, ay) else distance - slack
        # All that is near on the free side lies within half the distance of the edge moved there by as much and
        # lengthened by the distance.
        length = math.hypot(ax, ay)
        tx, ty = ax / length * distance, ay / length * distance
        px, py, qx, qy = a[0] - tx - ty / 2, a[1] - ty + tx / 2, a[2] + tx - ty / 2, a[3] + ty + tx / 2
        first, last = rows_near(py, qy, distance / 2, y0, cell, other.grid.rows)
        for row in range(first, last + 1):
            left, right = columns_near(px, py, qx, qy, distance / 2, x0, cell, columns, y0 + row * cell)
            for c in range(row * columns + left, row * columns + right + 1):
                for k in range(starts[c + 1] - 1, starts[c] - 1, -1):
                    j = items[k]
                    if same and j <= i:
                        break
                    if met[j] == i:
                        continue
                    met[j] = i
                    if one_owner and one.owner[i] != other.owner[j]:
                        continue
                    load(other, j, b)
                    bx, by = b[2] - b[0], b[3] - b[1]
                    if not may_face(a[0], a[1], ax, ay, b[0], b[1], bx, by, limit):
                        continue
                    if ends_apart(a[0], a[1], ax, ay, b[0], b[1], bx, by, limit):
                        continue
                    if not facing(a, b, distance, euclidian, out):
                        continue
                    straight = is_straight(ax, ay) and is_straight(bx, by)
                    least = part_gap(out)
                    if least >= (distance if straight else distance - slack):
                        continue
                    part, facing_part = length_of(out[4:8]), length_of(out[8:12])
                    if part == 0.0 and facing_part == 0.0:
                        # Corners that kiss are not opposite each other.
                        if not euclidian:
                            continue
                        part, facing_part = length_of(a), length_of(b)
                    if not straight and (is_short(part, a) or is_short(facing_part, b)):
                        continue
                    gap = clear_gap(one, other, same, i, j, out[4:8], out[8:12])
                    if gap >= distance:
                        if not in_sight(one, other, same, i, j, out[4:8], out[8:12]):
                            continue
                        gap = least
                    if count == found.shape[0]:
                        found = twice_as_long(found)
                    found[count, 0], found[count, 1], found[count, 2] = i, j, gap
                    for n in range(4):
                        found[count, 3 + n] = out[n]
                    count += 1
    return found[:count]


@compiled
def twice_as_long(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """The rows with as many more to be filled."""
    more = np.empty((2 * rows.shape[0], rows.shape[1]), dtype=np.float64)
    for i in range(rows.shape[0]):
        for k in range(rows.shape[1]):
            more[i, k] = rows[i, k]
    return more


@compiled
def load(boundary: Boundary, i: int, edge: NDArray[np.float64]) -> None:
    """Write edge i into `edge` (4,), free side left."""
    e = boundary.edges
    if boundary.outwards:
        edge[0], edge[1], edge[2], edge[3] = e[i, 2], e[i, 3], e[i, 0], e[i, 1]
    else:
        edge[0], edge[1], edge[2], edge[3] = e[i, 0], e[i, 1], e[i, 2], e[i, 3]
