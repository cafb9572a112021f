"""Pad shapes → polygon rings with integer vertices, as masks hold them.

Round shapes are polygons around the circle, never inside it, with their flats on the axes: a cut Ø 5 µm measures
exactly 5.000 in x and in y.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import shapely
from numpy.typing import NDArray

from router.model.geometry import GRID_SLACK, MOST_VERTICES, Points, without_repeats
from router.model.pdk import ONE_SIZED, PadShape, ShapeKind

# Facets of a round shape may be moved out by so much, so that rounding takes nothing of a nominal enclosure; in so many
# steps a nanometre.
_MAX_SLACK = 8
_STEPS_OF_SLACK = 4
_ROUND = (ShapeKind.CIRCLE, ShapeKind.OBLONG)


def pad_rings(shapes: Sequence[PadShape], chord_error: int, *, cut: bool = False) -> tuple[Points, ...]:
    """Rings (n, 2) of shapes that share one centre, in the order given, counter-clockwise about (0, 0).

    Round shapes get the same facets, and each encloses the smaller ones by no less than half the difference of their
    nominal sizes, so that an enclosure that is exact on paper is exact on the mask. `cut`: the first is a cut, and the
    others, its captures on two levels, enclose it alone. Circles stand out by no more than `chord_error` and what the
    search allows for the grid, for which they may get more facets.
    """
    fewest = _fewest_sides(shapes, chord_error)
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


def _fewest_sides(shapes: Sequence[PadShape], chord_error: int) -> int:
    """How many sides (a multiple of 8) shapes that share one centre have at least where they are round: as many as keep
    the polygon round the largest of them within `chord_error` nm of its circle."""
    diameter = max((max(shape.width, shape.height) for shape in shapes if shape.shape in _ROUND), default=0)
    if diameter == 0:
        return 8
    radius = diameter / 2
    sides = math.pi / math.acos(radius / (radius + chord_error))
    return min(8 * math.ceil(sides / 8), MOST_VERTICES)


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
