"""Centre lines and nominal shapes → polygon rings with integer vertices.

A trace is the Minkowski sum of its centre line with an octagon that holds a circle of the trace's width. At a bend of
45° the two neighbouring edges of that octagon are the sides of the two segments, so the mitre is a vertex of the
octagon itself: every vertex of a drawn trace is a point of its centre line plus one of eight integer vectors. No mitre
is ever computed, none can spike, and caps and joints come out of the same table.

The octagon is |x| ≤ w/2, |y| ≤ w/2 (odd widths: the extra nanometre lies on the +x and +y side), |x ± y| ≤ 2m with
m = ceil(w / 2√2). Slanted edges thus keep exactly 45° and a slanted trace is 2√2·m ≥ w wide.

Round shapes are polygons around the circle, never inside it, with their flats on the axes: a cut Ø 5 µm measures
exactly 5.000 in x and in y.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from router.model.geometry import GRID_SLACK, HEADINGS, MOST_VERTICES, Points
from router.model.pdk import ONE_SIZED, PadShape, ShapeKind

# Facets of a round shape may be moved out by so much, so that rounding takes nothing of a nominal enclosure; in so many
# steps a nanometre.
_MAX_SLACK = 8
_STEPS_OF_SLACK = 4

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


def without_repeats(ring: Points) -> Points:
    """A ring (n, 2) without vertices that repeat the one before."""
    return ring[np.any(ring != np.roll(ring, 1, axis=0), axis=1)]


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


def pad_rings(shapes: Sequence[PadShape], chord_error: int, *, cut: bool = False) -> tuple[Points, ...]:
    """Rings (n, 2) of shapes that share one centre, in the order given, counter-clockwise about (0, 0).

    Round shapes get the same facets, and each encloses the smaller ones by no less than half the difference of their
    nominal sizes, so that an enclosure that is exact on paper is exact on the mask. `cut`: the first is a cut, and the
    others, its captures on two levels, enclose it alone. Circles stand out by no more than `chord_error` and what the
    search allows for the grid, for which they may get more facets.
    """
    largest = max((max(s.width, s.height) for s in shapes if s.shape in _ROUND), default=0)
    fewest = _sides(largest, chord_error)
    for sides in range(fewest, 2 * fewest + 1, 8):
        rings = _nested_rings(shapes, sides, cut)
        if all(_stands_out(s, ring) <= chord_error + GRID_SLACK for s, ring in zip(shapes, rings, strict=True)):
            break
    return rings


def _nested_rings(shapes: Sequence[PadShape], circle_sides: int, cut: bool) -> tuple[Points, ...]:
    rings: dict[int, Points] = {}
    for index in sorted(range(len(shapes)), key=lambda i: shapes[i].width):
        shape = shapes[index]
        sides = 8 if shape.shape is ShapeKind.OCTAGON else circle_sides
        inner = [i for i in rings if shapes[i].shape in ONE_SIZED and not (cut and i)]
        margins = [(rings[i], _margin(shape, shapes[i])) for i in inner]
        rings[index] = _ring_around(shape, sides, margins if shape.shape in ONE_SIZED else [])
    return tuple(rings[index] for index in range(len(shapes)))


def _margin(outer: PadShape, inner: PadShape) -> int:
    """How far the outlines of two figures about one centre are apart where they are exact, nm; below 0 where they
    cross. A circle comes nearest to the corners of an octagon."""
    corner = inner.shape.corner if outer.shape is ShapeKind.CIRCLE else 1.0
    return math.floor((outer.width - inner.width * corner) / 2)


def _stands_out(shape: PadShape, ring: Points) -> float:
    """How far out of its circle a ring reaches, nm; other shapes have corners of their own."""
    if shape.shape is not ShapeKind.CIRCLE:
        return 0.0
    return float(np.hypot(ring[:, 0], ring[:, 1]).max()) - (shape.width + 1) // 2


_ROUND = (ShapeKind.CIRCLE, ShapeKind.OBLONG)


def farthest(ring: Points) -> int:
    """How far a ring (n, 2) reaches from its origin, nm, rounded up."""
    return math.ceil(float(np.hypot(ring[:, 0], ring[:, 1]).max()))


def _sides(diameter: int, chord_error: int) -> int:
    """Facets (a multiple of 8) for which a polygon around the circle strays from it by at most `chord_error` nm."""
    if diameter == 0:
        return 8
    radius = diameter / 2
    facets = math.pi / math.acos(radius / (radius + chord_error))
    return min(8 * math.ceil(facets / 8), MOST_VERTICES)


def _ring_around(shape: PadShape, sides: int, inner: Sequence[tuple[Points, int]]) -> Points:
    """The ring, with its facets moved out until each inner ring lies at least its margin inside."""
    for step in range(_STEPS_OF_SLACK * _MAX_SLACK):
        ring = _ring(shape, sides, step / _STEPS_OF_SLACK)
        if all(margin <= 0 or _lies_within(other, ring) > margin - 1e-6 for other, margin in inner):
            return ring
    return _ring(shape, sides, 0)


def _lies_within(inner: Points, outer: Points) -> float:
    """How far inside a convex ring (n, 2) another one (m, 2) lies, nm, below 0 where it stands out; both
    counter-clockwise: the least distance of an edge from the corner that is foremost towards it."""
    inner, outer = without_repeats(inner), without_repeats(outer)
    step, edge = (np.roll(ring, -1, axis=0) - ring for ring in (inner, outer))
    heading, towards = (np.arctan2(run[:, 1], run[:, 0]) for run in (step, edge))
    # Round a convex ring headings rise, but for one place.
    begin = int(np.argmin(heading - np.roll(heading, 1)))
    foremost = begin + np.searchsorted(np.roll(heading, -begin), towards)
    x, y = (inner[foremost % len(inner)] - outer).T
    return float(np.min((edge[:, 0] * y - edge[:, 1] * x) / np.hypot(*edge.T)))


def _ring(shape: PadShape, sides: int, slack: float) -> Points:
    width, height = shape.width, shape.height
    if shape.shape is ShapeKind.RECT:
        return _spread(np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]]), np.zeros((4, 2), np.int64), width, height)
    core = min(width, height) // 2 * 2
    ring = _round_ring(core // 2, sides, slack)
    return _spread(np.sign(ring), ring, width - core, height - core)


def _spread(quadrant: Points, ring: Points, width: int, height: int) -> Points:
    """The ring's quadrants drawn apart by `width` and `height`; an odd nanometre goes to the +x and +y side."""
    apart = np.where(quadrant > 0, [width - width // 2, height - height // 2], [-(width // 2), -(height // 2)])
    return (ring + apart).astype(np.int64)


def _round_ring(radius: int, sides: int, slack: float) -> Points:
    """A polygon of `sides` facets around a circle, flats on the axes, vertices rounded outwards.

    The four flats touch the circle exactly; the other facets stand off by `slack`. Vertices rounded outwards in their
    own quadrant span a figure, symmetric about both axes, that contains the exact one.
    """
    sin, cos = _facets(sides)
    reach = np.full(len(sin), radius + slack)
    reach[[0, -1]] = radius
    here, there = reach[:-1], reach[1:]
    x, y = here * sin[1:] - there * sin[:-1], there * cos[:-1] - here * cos[1:]
    first = np.ceil(np.stack([x, y], axis=1) / sin[1] - 1e-6).astype(np.int64)
    second = first[::-1] * [-1, 1]
    return _hull(np.concatenate([first, second, -first, -second]))


@lru_cache(maxsize=1)
def _facets(sides: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Sines and cosines of the directions that the facets of a quadrant face, from x round to y."""
    angles = [facet * (2 * math.pi / sides) for facet in range(sides // 4 + 1)]
    return np.array([math.sin(a) for a in angles]), np.array([math.cos(a) for a in angles])


def _hull(ring: Points) -> Points:
    """The convex hull of a ring: facets of a nanometre or two may turn inwards where their ends were rounded."""
    run, after = (np.roll(ring, -k - 1, axis=0) - np.roll(ring, -k, axis=0) for k in (0, 1))
    if (run[:, 0] * after[:, 1] >= run[:, 1] * after[:, 0]).all():
        return ring
    hull = shapely.orient_polygons(shapely.convex_hull(shapely.multipoints(ring)))
    kept: Points = np.rint(shapely.get_coordinates(hull.exterior)[:-1]).astype(np.int64)
    return kept
