"""Rules that compare edges, on KLayout's edge checks: width, space, separation, stacking, enclosure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

import klayout.db as kdb

from router.model.pdk import Rule
from router.verify.klayout.chords import without_chords
from router.verify.klayout.distance import distance_to, share_of, side_of
from router.verify.klayout.layers import Layers, pieces
from router.verify.klayout.marks import Mark, of_polygons
from router.verify.klayout.room import doubtful, stand_apart
from router.verify.klayout.tiles import tile_by_tile

# Edges whose directions enclose this many degrees or more do not face each other: right angles whose corners were
# rounded to the grid are none. Sharper corners are still seen by width.
ANGLE = 80
# A slanted edge may come nearer by 1 nm, as both its ends lie on the grid; by a little more, so that it is not for
# rounding to decide. Straight edges are exact.
SLACK = 1.1
# Parts of slanted edges shorter than this (nm) face others through the rounding of corners alone, but for those of
# edges that are no longer: steps of the grid.
SHORT = 1.2
# What the engine says of a distance is this exact, in units of its grid.
NOISE = 2
# Where one mask has so many times fewer edges than another, as an outline has, only what is around them is compared:
# the engine pairs edges by boxes grown by the distance, which those of one mask do among themselves as well.
FEWER = 10

_EUCLIDIAN, _PROJECTION = kdb.Region.Euclidian, kdb.Region.Projection


def _spaces(one: kdb.Region, _: kdb.Region, distance: int) -> kdb.EdgePairs:
    return one.space_check(distance, False, _EUCLIDIAN, ANGLE, None, None)


def _gaps(one: kdb.Region, other: kdb.Region, distance: int) -> kdb.EdgePairs:
    return one.separation_check(other, distance, False, _EUCLIDIAN, ANGLE, None, None)


def _margins(outer: kdb.Region, inner: kdb.Region, distance: int) -> kdb.EdgePairs:
    return outer.enclosing_check(inner, distance, False, _EUCLIDIAN, ANGLE, None, None)


def width(rule: Rule, layers: Layers) -> Iterator[Mark]:
    """Edges right opposite each other, and on metal all facing edges but chords of roundings. So round shapes as wide
    as the rule pass."""
    region, distance, grain = layers.of(rule.masks[0]), int(rule.value), layers.grain
    metal = layers.is_metal(rule.masks[0])
    near = region.width_check(distance, False, _EUCLIDIAN if metal else _PROJECTION, ANGLE, None, None)
    if metal and not near.is_empty():
        yield from marked(without_chords(near, region), distance, grain, region)
        near = region.width_check(distance, False, _PROJECTION, ANGLE, None, None)
    yield from marked(near.each(), distance, grain, region)


def space(rule: Rule, layers: Layers) -> Iterator[Mark]:
    """Gaps between shapes and notches inside one, and corners that touch."""
    region, distance = layers.of(rule.masks[0]), int(rule.value)
    if stand_apart(region, distance - layers.grain + 1):
        return
    yield from _touching_corners(region, layers.grain)
    cut = layers.pieces(rule.masks[0]).space_check(distance, False, _EUCLIDIAN, ANGLE, None, None)
    near = suspicious(cut.each(), distance, layers.grain)
    found = tile_by_tile(near, distance, region, region, check=_spaces)
    yield from marked(found, distance, layers.grain, region)


def _touching_corners(region: kdb.Region, grain: int) -> Iterator[Mark]:
    """Places where two corners meet. Where no sides of theirs lie on one line, none faces another; what touches in a
    corner is one polygon of a merged region. Off the grid of the file, corners may have been rounded to one place."""
    for polygon in region.each():
        seen: set[tuple[int, int]] = set()
        for x, y in [(edge.x1, edge.y1) for edge in polygon.each_edge()]:
            if (x, y) in seen and not x % grain and not y % grain:
                yield Mark(kdb.Box(x, y, x, y), 0.0)
            seen.add((x, y))


def separation(rule: Rule, layers: Layers) -> Iterator[Mark]:
    """Gaps between two masks, and overlaps; touching is an overlap unless the value is 0."""
    if rule.value > 0:
        yield from stacking(rule, layers)
    else:
        yield from _areal(layers.of(rule.masks[0]) & layers.of(rule.masks[1]), layers.grain)


def stacking(rule: Rule, layers: Layers) -> Iterator[Mark]:
    """As a separation in which touching is never allowed."""
    yield from _apart(rule, layers)
    yield from of_polygons(layers.of(rule.masks[0]).interacting(layers.of(rule.masks[1])))


def enclosure(rule: Rule, layers: Layers) -> Iterator[Mark]:
    """Inner edges too near to the outer boundary, and whatever of inner lies outside."""
    inner, outer, distance = layers.of(rule.masks[0]), layers.of(rule.masks[1]), int(rule.value)
    if distance <= 0:
        yield from _areal((inner - outer).merged(), layers.grain)
        return
    near_edge = doubtful(inner, layers.pads(rule.masks[1]), distance - layers.grain + 1)
    if near_edge.is_empty():
        return
    edges, sides = around(pieces(near_edge, layers.grain), layers.pieces(rule.masks[1]), distance)
    cut = sides.enclosing_check(edges, distance, False, _EUCLIDIAN, ANGLE, None, None)
    near = suspicious(cut.each(), distance, layers.grain)
    found = tile_by_tile(near, distance, outer, near_edge, check=_margins)
    yield from marked(found, distance, layers.grain, near_edge, outer)
    yield from of_polygons((near_edge - outer).merged())


def marked(
    found: Iterable[kdb.EdgePair], distance: float, grain: int, *sides: kdb.Region | kdb.Edges
) -> Iterator[Mark]:
    """Straight pairs nearer than `distance`, slanted ones nearer than that less the slack; `sides` have the
    edges that the pairs are parts of."""
    whole = _Sides(sides)
    limit = distance - SLACK * grain
    for pair in suspicious(found, distance, grain):
        gap = float(pair.distance())
        if not _is_straight(pair, grain) or (gap >= limit and not _has_straight_sides(pair, whole)):
            if any(_is_short(part, whole, grain) for part in (pair.first, pair.second)):
                continue
            if abs(gap - limit) <= NOISE:
                gap = _gap(_on_side(pair.first, whole), _on_side(pair.second, whole))
            if gap >= limit:
                continue
        yield Mark(pair.bbox(), gap)


class _Sides:
    """The edges that parts were taken from, which few of them are asked for."""

    def __init__(self, sides: Iterable[kdb.Region | kdb.Edges]) -> None:
        self._sides = sides

    @cached_property
    def _edges(self) -> kdb.Shapes:
        edges = kdb.Shapes()
        for side in self._sides:
            edges.insert(side.edges() if isinstance(side, kdb.Region) else side)
        return edges

    def of(self, part: kdb.Edge) -> kdb.Edge:
        return side_of(part, self._edges)


def _is_short(part: kdb.Edge, sides: _Sides, grain: int) -> bool:
    """Whether a part of an edge is so short that it tells nothing."""
    if part.length() >= SHORT * grain:
        return False
    side = sides.of(part)
    on_grid = not any(place % grain for place in (side.x1, side.y1, side.x2, side.y2))
    return not on_grid or side.length() >= SHORT * grain


def _has_straight_sides(pair: kdb.EdgePair, sides: _Sides) -> bool:
    """Whether the edges that a pair is a part of run along x or y. Beside an end of theirs, those that are out of line
    by little do so to the grid."""
    return all(not side.dx() or not side.dy() for side in (sides.of(pair.first), sides.of(pair.second)))


def suspicious(found: Iterable[kdb.EdgePair], distance: float, grain: int) -> list[kdb.EdgePair]:
    """The pairs that can count. By projection the engine may find slanted ones that are farther apart."""
    limit = distance - SLACK * grain + NOISE
    return [pair for pair in found if pair.distance() <= limit or _is_straight(pair, grain)]


def _apart(rule: Rule, layers: Layers) -> Iterator[Mark]:
    a, b, distance = layers.of(rule.masks[0]), layers.of(rule.masks[1]), int(rule.value)
    if distance <= 0:
        return
    cut_a, cut_b = around(layers.pieces(rule.masks[0]), layers.pieces(rule.masks[1]), distance)
    cut = cut_a.separation_check(cut_b, distance, False, _EUCLIDIAN, ANGLE, None, None)
    near = suspicious(cut.each(), distance, layers.grain)
    found = tile_by_tile(near, distance, a, b, check=_gaps)
    yield from marked(found, distance, layers.grain, a, b)


def around(one: kdb.Edges, other: kdb.Edges, distance: int) -> tuple[kdb.Edges, kdb.Edges]:
    """The edges of two masks, of one that has many more than the other only those that can be so near to it."""
    if one.count() > FEWER * other.count():
        return _within(one, other, distance), other
    if other.count() > FEWER * one.count():
        return one, _within(other, one, distance)
    return one, other


def _within(many: kdb.Edges, few: kdb.Edges, distance: int) -> kdb.Edges:
    near = many.interacting(few.extents(distance))
    near.merged_semantics = False
    return near


def _is_straight(pair: kdb.EdgePair, grain: int) -> bool:
    """True along x or y, on the grid of the file; short parts of slanted edges may look straight."""
    return all(
        (not edge.dx() and edge.dy() and not edge.x1 % grain) or (not edge.dy() and edge.dx() and not edge.y1 % grain)
        for edge in (pair.first, pair.second)
    )


def _on_side(part: kdb.Edge, sides: _Sides) -> kdb.DEdge:
    """The part before its ends were rounded to the grid: on the side that it belongs to."""
    side = sides.of(part)
    start, direction = kdb.DPoint(side.x1, side.y1), kdb.DVector(side.dx(), side.dy())
    ends = [start + direction * share_of(side, end.x, end.y) for end in (part.p1, part.p2)]
    return kdb.DEdge(ends[0], ends[1])


def _gap(one: kdb.DEdge, other: kdb.DEdge) -> float:
    """The least distance of two edges that do not cross."""
    return min(
        *(distance_to(one, end.x, end.y) for end in (other.p1, other.p2)),
        *(distance_to(other, end.x, end.y) for end in (one.p1, one.p2)),
    )


def _areal(region: kdb.Region, grain: int) -> Iterator[Mark]:
    """Marks of polygons that are more than a rounded corner, and thicker than edges are out of line where corners that
    others cut off were rounded to the grid."""
    solid = region.merged().with_area(2 * grain * grain, None, False)
    return of_polygons(solid.interacting(solid.sized(-(grain // 5))))
