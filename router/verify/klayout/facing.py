"""Rules that compare edges, on KLayout's edge checks: width, space, separation, stacking, enclosure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import klayout.db as kdb

from router.model.pdk import Rule
from router.verify.klayout.layers import Layers
from router.verify.klayout.marks import Mark, of_polygons

# Edges whose directions enclose this many degrees or more do not face each other: right angles whose corners were
# rounded to the grid are none. Sharper corners are still seen by width.
ANGLE = 80
# A slanted edge may come nearer by less than this (nm): both its ends lie on the grid. Straight edges are exact.
SLACK = 1

Check = Callable[[int], kdb.EdgePairs]
_EUCLIDIAN, _PROJECTION = kdb.Region.Euclidian, kdb.Region.Projection


def width(rule: Rule, layers: Layers) -> Iterator[Mark]:
    """On masks other than metal only edges right opposite count, as round openings as wide as the rule shall pass."""
    region = layers.of(rule.masks[0])
    metrics = _EUCLIDIAN if layers.is_metal(rule.masks[0]) else _PROJECTION
    return marked(lambda d: region.width_check(d, False, metrics, ANGLE, None, None), rule.value, layers.grain)


def space(rule: Rule, layers: Layers) -> Iterator[Mark]:
    """Gaps between shapes and notches inside one."""
    region, distance = layers.of(rule.masks[0]), int(rule.value)
    cut = layers.pieces(rule.masks[0])
    near = pairs(lambda d: cut.space_check(d, False, _EUCLIDIAN, ANGLE, None, None), distance, layers.grain)
    suspects = _around(near, region)
    return marked(lambda d: suspects.space_check(d, False, _EUCLIDIAN, ANGLE, None, None), distance, layers.grain)


def separation(rule: Rule, layers: Layers) -> Iterator[Mark]:
    """Gaps between two masks, and overlaps; touching is an overlap unless the value is 0."""
    yield from _apart(rule, layers)
    a, b = layers.of(rule.masks[0]), layers.of(rule.masks[1])
    if rule.value > 0:
        yield from of_polygons(a.interacting(b))
    else:
        yield from _areal(a & b, layers.grain)


def stacking(rule: Rule, layers: Layers) -> Iterator[Mark]:
    """As a separation in which touching is never allowed."""
    yield from _apart(rule, layers)
    yield from of_polygons(layers.of(rule.masks[0]).interacting(layers.of(rule.masks[1])))


def enclosure(rule: Rule, layers: Layers) -> Iterator[Mark]:
    """Inner edges too near to the outer boundary, and whatever of inner lies outside."""
    inner, outer, distance = layers.of(rule.masks[0]), layers.of(rule.masks[1]), int(rule.value)
    if distance > 0:
        inside, outside = (layers.pieces(mask) for mask in rule.masks)
        near = pairs(
            lambda d: outside.enclosing_check(inside, d, False, _EUCLIDIAN, ANGLE, None, None), distance, layers.grain
        )
        within, around = _around(near, inner), _around(near, outer)
        yield from marked(
            lambda d: around.enclosing_check(within, d, False, _EUCLIDIAN, ANGLE, None, None), distance, layers.grain
        )
    yield from _areal(inner - outer, layers.grain)


def marked(check: Check, distance: float, grain: int) -> Iterator[Mark]:
    """A mark for each pair that counts."""
    return (Mark(pair.bbox(), float(pair.distance())) for pair in pairs(check, distance, grain))


def pairs(check: Check, distance: float, grain: int) -> list[kdb.EdgePair]:
    """Straight pairs nearer than `distance`, slanted ones nearer than that less the slack.

    By projection the engine may find slanted pairs that are up to two nm further apart; those do not count.
    """
    found = list(check(int(distance)).each())
    counting = [pair for pair in found if _is_straight(pair)]
    slack = SLACK * grain
    if len(counting) < len(found) and distance > slack:
        slanted = [pair for pair in check(int(distance) - slack).each() if not _is_straight(pair)]
        counting += [pair for pair in slanted if pair.distance() < distance]
    return counting


def _apart(rule: Rule, layers: Layers) -> Iterator[Mark]:
    a, b, distance = layers.of(rule.masks[0]), layers.of(rule.masks[1]), int(rule.value)
    if distance <= 0:
        return
    cut_a, cut_b = (layers.pieces(mask) for mask in rule.masks)
    near = pairs(
        lambda d: cut_a.separation_check(cut_b, d, False, _EUCLIDIAN, ANGLE, None, None), distance, layers.grain
    )
    one, other = _around(near, a), _around(near, b)
    yield from marked(
        lambda d: one.separation_check(other, d, False, _EUCLIDIAN, ANGLE, None, None), distance, layers.grain
    )


def _around(near: Sequence[kdb.EdgePair], region: kdb.Region) -> kdb.Region:
    """The polygons at suspicious places. Pairs of cut edges are found in no time, but through other edges as well;
    the check of polygons, where nothing stands between the edges of a pair, is left with these few."""
    return region.interacting(kdb.EdgePairs(near).extents(1)) if near else kdb.Region()


def _is_straight(pair: kdb.EdgePair) -> bool:
    return all(not edge.dx() or not edge.dy() for edge in (pair.first, pair.second))


def _areal(region: kdb.Region, grain: int) -> Iterator[Mark]:
    """Marks of polygons that are more than a rounded corner."""
    return of_polygons(region.merged().with_area(2 * grain * grain, None, False))
