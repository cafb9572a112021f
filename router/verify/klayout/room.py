"""Shapes that plainly have room: pads are drawn many times over, and what holds for one holds for all.

Comparing the edges of all round shapes with each other takes ten times as long. A shape is only acquitted here, never
accused: what is left in doubt is judged edge by edge.
"""

from __future__ import annotations

from collections.abc import Iterable

import klayout.db as kdb

from router.verify.klayout.places import Place, spots

# Corners of areas that grow or shrink stay sharp, however sharp they are: so these cover what round ones would.
_SHARP = 5
# The polygon of a pad takes at least this share of its box; a slanted trace, whose box many others lie in, takes less.
_COMPACT = 0.5

Pair = tuple[kdb.Polygon, kdb.Polygon]


def compact(drawn: kdb.Region) -> kdb.Shapes:
    """What may be a pad: the polygons, as they are drawn, that are convex and fill much of their box."""
    shapes, raw = kdb.Shapes(), drawn.dup()
    raw.merged_semantics = False
    for polygon in raw.each():
        if polygon.is_convex() and polygon.area() >= _COMPACT * polygon.bbox().area():
            shapes.insert(polygon)
    return shapes


def doubtful(inner: kdb.Region, pads: kdb.Shapes, distance: int) -> kdb.Region:
    """The polygons of `inner` that may lie nearer than a distance to the boundary of what is drawn, or beyond it: those
    that no single one of its `compact` polygons holds with that margin."""
    known: dict[Pair, bool] = {}
    left = kdb.Region()
    for polygon in inner.each():
        if not _held(polygon, pads, distance, known):
            left.insert(polygon)
    return left


def off_pads(groups: Iterable[list[Place]], pads: kdb.Shapes) -> list[Place]:
    """The places of the groups that no single one of the `compact` polygons drawn covers: at each place, the square of
    1 nm right of and above it."""
    square = kdb.Box(0, 0, 1, 1)
    known: dict[tuple[kdb.Polygon, tuple[Place, ...]], bool] = {}

    def covers(pad: kdb.Polygon, places: tuple[Place, ...]) -> bool:
        if (pad, places) not in known:
            known[pad, places] = (spots(places, square) - kdb.Region(pad)).is_empty()
        return known[pad, places]

    left: list[Place] = []
    for group in groups:
        x, y = group[0]
        places = tuple((u - x, v - y) for u, v in group)
        shapes = pads.each_touching(square.moved(x, y))
        if not any(covers(shape.polygon.moved(-x, -y), places) for shape in shapes):
            left += group
    return left


def stand_apart(region: kdb.Region, distance: int) -> bool:
    """Whether the polygons of a region are convex, so that none has a notch, and at least a distance apart; False where
    they may not be."""
    grown = kdb.Region()
    grown.merged_semantics = False
    for polygon in region.each():
        if not polygon.is_convex():
            return False
        grown.insert(polygon.sized((distance + 1) // 2, _SHARP))
    return bool(grown.merged(False, 2).is_empty())


def _held(polygon: kdb.Polygon, pads: kdb.Shapes, distance: int, known: dict[Pair, bool]) -> bool:
    """Whether a pad holds a polygon with the margin. Pairs are known by both, moved so that the polygon's box begins at
    the origin."""
    box = polygon.bbox()
    needed, corner = box.enlarged(distance, distance), kdb.Vector(-box.left, -box.bottom)
    for shape in pads.each_touching(kdb.Box(box.center(), box.center())):
        if not needed.inside(shape.bbox()):
            continue
        if shape.polygon.is_box() or _holds((polygon.moved(corner), shape.polygon.moved(corner)), distance, known):
            return True
    return False


def _holds(pair: Pair, distance: int, known: dict[Pair, bool]) -> bool:
    if pair not in known:
        inner, outer = (kdb.Region(polygon) for polygon in pair)
        known[pair] = (inner - outer.sized(-distance, _SHARP)).is_empty()
    return known[pair]
