"""Centre lines and nominal shapes → polygon rings with integer vertices.

A trace is the Minkowski sum of its centre line with an octagon that holds a circle of the trace's width. At a bend of
45° the two neighbouring edges of that octagon are the sides of the two segments, so the mitre is a vertex of the
octagon itself: every vertex of a drawn trace is a point of its centre line plus one of eight integer vectors. No mitre
is ever computed, none can spike, and caps and joints come out of the same table.

The octagon is |x| ≤ w/2, |y| ≤ w/2 (odd widths: the extra nanometre lies on the +x and +y side), |x ± y| ≤ 2m with
m = ceil(w / 2√2). Slanted edges thus keep exactly 45° and a slanted trace is 2√2·m ≥ w wide.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import ArrayLike

from router.model.geometry import HEADINGS, MOST_VERTICES, Points, without_repeats

_HEADINGS = {way: number for number, way in enumerate(HEADINGS)}


@lru_cache(maxsize=256)
def trace_octagon(width: int) -> tuple[tuple[int, int], ...]:
    """The eight vertices swept along a trace; vertex k lies between the edges facing 45°·k and 45°·(k + 1)."""
    low, high = width // 2, width - width // 2
    slant = 2 * math.ceil(width / math.sqrt(8))
    return (
        (high, slant - high),
        (slant - high, high),
        (high - slant, high),
        (-low, slant - low),
        (-low, low - slant),
        (low - slant, -low),
        (slant - low, -low),
        (high, high - slant),
    )


def trace_rings(points: Points, width: int) -> tuple[Points, ...]:
    """The rings (n, 2), counter-clockwise, that draw a trace of `width` nm along `points` (m, 2), m ≥ 1.

    Nearly always one ring. Several, which overlap, where the trace would need more than `MOST_VERTICES` or encloses a
    hole. Any centre line will do; away from multiples of 45° the trace is up to 8 % wider than nominal.
    """
    line = without_straights(points)
    if len(line) > (MOST_VERTICES - 8) // 2:
        middle = len(line) // 2
        return trace_rings(line[: middle + 1], width) + trace_rings(line[middle:], width)
    ring = _mitred_ring(line.tolist(), width)
    return (ring,) if ring is not None else tuple(map(integer_ring, swept(line, trace_octagon(width))))


def without_straights(points: Points) -> Points:
    """The line through points (n, 2) without those that repeat the one before, or lie amid a straight run."""
    step = points[1:] - points[:-1]
    moves = step.any(axis=1)
    if not moves.all():
        points, step = np.concatenate([points[:1], points[1:][moves]]), step[moves]
    before, after = step[:-1].T, step[1:].T
    goes_on = (before[0] * after[1] == before[1] * after[0]) & (before[0] * after[0] + before[1] * after[1] > 0)
    corners = np.ones(len(points), dtype=np.bool_)
    corners[1:-1] = ~goes_on
    return points[corners]


def _mitred_ring(line: list[list[int]], width: int) -> Points | None:
    """One ring by table, or None where a bend is sharper than 45°, a segment too short, or the trace meets itself."""
    corners = trace_octagon(width)
    headings = [heading_of(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(line)]
    if not headings or -1 in headings:
        return None if headings else np.array(line, dtype=np.int64) + np.array(corners, dtype=np.int64)
    first, last = headings[0], headings[-1]
    right, left = [_moved(line[0], corners[first - 3])], [_moved(line[0], corners[(first + 2) % 8])]
    for point, (into, out) in zip(line[1:-1], pairwise(headings), strict=True):
        turn = (out - into + 4) % 8 - 4
        if abs(turn) != 1:
            return None
        base = min(into, into + turn)
        right.append(_moved(point, corners[base - 2]))
        left.append(_moved(point, corners[(base + 2) % 8]))
    right.append(_moved(line[-1], corners[last - 2]))
    left.append(_moved(line[-1], corners[(last + 1) % 8]))
    for side in (right, left):
        for heading, (a, b) in zip(headings, pairwise(side), strict=True):
            if a != b and heading_of(b[0] - a[0], b[1] - a[1]) != heading:
                return None
    tip = [_moved(line[-1], corners[last - 1]), _moved(line[-1], corners[last])]
    back = [_moved(line[0], corners[(first + 3) % 8]), _moved(line[0], corners[(first + 4) % 8])]
    ring = without_repeats(np.array([*right, *tip, *reversed(left), *back], dtype=np.int64))
    return ring if _goes_on(headings) or shapely.is_valid(shapely.polygons(ring)) else None


def _goes_on(headings: Sequence[int]) -> bool:
    """Whether all headings lie within 90°, so that a trace never comes back to itself."""
    low = high = at = 0
    for into, out in pairwise(headings):
        at += (out - into + 4) % 8 - 4
        low, high = min(low, at), max(high, at)
    return high - low <= 2


def heading_of(x: int, y: int) -> int:
    """The direction of a step in units of 45°, or -1 where it is none of the eight."""
    if x and y and abs(x) != abs(y):
        return -1
    return _HEADINGS[(x > 0) - (x < 0), (y > 0) - (y < 0)]


def _moved(point: Sequence[int], by: tuple[int, int]) -> tuple[int, int]:
    return point[0] + by[0], point[1] + by[1]


def swept(line: Points, corners: ArrayLike) -> list[shapely.Polygon]:
    """What a convex figure, given by its corners (k, 2), covers when it moves along a line (n, 2), n > 1: one polygon
    where that has no hole and few enough vertices, or else one for each segment."""
    ends = np.stack([line[:-1], line[1:]], axis=1)
    clouds = (ends[:, :, None] + np.asarray(corners)).reshape(len(ends), -1, 2)
    hulls = shapely.convex_hull(shapely.multipoints(shapely.points(clouds)))
    merged = shapely.union_all(hulls)
    whole = merged.geom_type == "Polygon" and not merged.interiors and len(merged.exterior.coords) <= MOST_VERTICES
    return [merged] if whole else list(hulls)


def integer_ring(polygon: shapely.Polygon) -> Points:
    """The outer ring on the 1 nm grid, counter-clockwise.

    Two slanted edges may cross at half a nanometre, only ever in an inner corner. That corner is filled by a flat edge
    of 1 nm, for which each of the two edges stays exactly slanted and no metal is lost.
    """
    exact = np.asarray(shapely.orient_polygons(polygon).exterior.coords)[:-1]
    vertices: list[tuple[int, int]] = []
    for index, (x, y) in enumerate(exact):
        halves = np.abs(np.array([x, y]) - np.round([x, y])) > 0.25
        if not halves.all():
            vertices.append((round(x), round(y)))
            continue
        for other in (exact[index - 1], exact[(index + 1) % len(exact)]):
            vertices.append((round(x + math.copysign(0.5, other[0] - x)), round(y + math.copysign(0.5, other[1] - y))))
    return without_repeats(np.array(vertices, dtype=np.int64))


def farthest(ring: Points) -> int:
    """How far a ring (n, 2) reaches from its origin, nm, rounded up."""
    return math.ceil(float(np.hypot(ring[:, 0], ring[:, 1]).max()))
