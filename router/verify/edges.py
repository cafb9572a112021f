"""Rules that compare edges: width, space, separation, stacking, enclosure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from router.model.pdk import MaskRole, Rule
from router.verify.chords import are_chords
from router.verify.findings import Findings, Layers, joined, no_findings, of_islands
from router.verify.kernels.facing import facing_pairs
from router.verify.kernels.grid import Boundary
from router.verify.locate import holes_in, islands_at, overlaps, touches
from router.verify.region import Floats, Ints, Region

# A slanted edge may come nearer by 1 nm, as both its ends lie on the grid; by a little more, so that it is not for
# rounding to decide. Straight edges are exact.
SLACK = 1.1
# Areas nowhere thicker than twice this, nm, come from corners that were rounded to a grid, of ten to the nanometre.
THIN = 0.2
# Coordinates of GDSII are whole numbers of 32 bits; a column of them is so many apart from the next as numbers.
SPAN = 1 << 32


def width(rule: Rule, layers: Layers) -> Findings:
    """Facing edges of one island: those right opposite each other, and on metal all but chords of roundings. So round
    shapes as wide as the rule pass."""
    region = layers.regions[rule.masks[0]]
    metal = layers.pdk.mask(rule.masks[0]).role is MaskRole.METAL
    near = _within(region, region.inwards(), rule.value, one_owner=True, euclidian=metal)
    if not metal or not len(near.pairs):
        return near.findings()
    opposite = _within(region, region.inwards(), rule.value, one_owner=True, euclidian=False)
    return joined(opposite.findings(), near.of(~are_chords(region, near.pairs)).findings())


def space(rule: Rule, layers: Layers) -> Findings:
    """Gaps between islands and notches inside one, and corners that touch."""
    region = layers.regions[rule.masks[0]]
    near = _within(region, region.outwards(), rule.value, one_owner=False, euclidian=True).findings()
    return joined(near, _touching_corners(region))


def _touching_corners(region: Region) -> Findings:
    """Places where two corners of an island meet. Where no sides of theirs lie on one line, none faces another. Off the
    grid, where slanted edges cross, corners meet by rounding alone."""
    on_grid = np.flatnonzero((region.points == np.rint(region.points)).all(axis=1))
    x, y = region.points[on_grid].astype(np.int64).T
    _, first, count = np.unique(x * SPAN + y, return_index=True, return_counts=True)
    met = on_grid[first[count > 1]]
    islands = np.repeat(region.owner[met].astype(np.int64)[:, None], 2, axis=1)
    return Findings(islands, np.zeros(len(islands)), np.tile(region.points[met], 2))


def separation(rule: Rule, layers: Layers) -> Findings:
    """Gaps between two masks, and overlaps; touching is an overlap unless `value` is 0."""
    return _apart(rule, layers, touching=rule.value > 0)


def stacking(rule: Rule, layers: Layers) -> Findings:
    """As a separation in which touching is never allowed."""
    return _apart(rule, layers, touching=True)


def _apart(rule: Rule, layers: Layers, *, touching: bool) -> Findings:
    """Gaps between the two masks of a rule, and overlaps; with `touching` places where they only touch, too."""
    a, b = layers.regions[rule.masks[0]], layers.regions[rule.masks[1]]
    if not a.islands or not b.islands:
        return no_findings()
    near = between(a.outwards(), b.outwards(), rule.value)
    return joined(near, overlap_findings(a, b, touching=touching))


def enclosure(rule: Rule, layers: Layers) -> Findings:
    """Inner edges too near to the outer boundary, and inner shapes that lie outside, wholly or in part."""
    inner, outer = layers.regions[rule.masks[0]], layers.regions[rule.masks[1]]
    if not inner.islands:
        return no_findings()
    islands = np.arange(inner.islands)
    if not outer.islands:
        return of_islands(inner, islands, np.zeros(len(islands)))
    near = between(inner.outwards(), outer.inwards(), rule.value)
    outside = islands_at(inner.inner_points, outer) < 0
    straddling = touches(inner, outer)
    if rule.value <= 0:
        straddling = _poking_out(inner, outer, straddling)
    outside[straddling[:, 0]] = True
    outside[holes_in(inner, outer)] = True
    lost = islands[outside]
    return joined(near, of_islands(inner, lost, np.zeros(len(lost))))


def between(one: Boundary, other: Boundary, distance: float) -> Findings:
    """Edges of two boundaries that face each other closer than `distance`."""
    if distance <= 0:
        return no_findings()
    return face(one, other, distance, euclidian=True).findings()


@dataclass(frozen=True, slots=True)
class Facing:
    """Pairs (k, 2) of edges that face each other too closely, with the islands (k, 2) they belong to, gaps (k,) and
    boxes (k, 4)."""

    pairs: Ints
    islands: Ints
    gaps: Floats
    boxes: Floats

    def of(self, chosen: NDArray[np.bool_]) -> Facing:
        """Some of the pairs, by flags (k,)."""
        return Facing(self.pairs[chosen], self.islands[chosen], self.gaps[chosen], self.boxes[chosen])

    def findings(self) -> Findings:
        return Findings(self.islands, self.gaps, self.boxes)


def face(one: Boundary, other: Boundary, distance: float, *, euclidian: bool, one_owner: bool = False) -> Facing:
    """Edges of two boundaries that face each other closer than `distance`, or of one when both are the same."""
    found = facing_pairs(one, other, one is other, one_owner, distance, SLACK, euclidian)
    found = found[np.lexsort((found[:, 1], found[:, 0]))]
    pairs = found[:, :2].astype(np.int64)
    islands = np.stack([one.owner[pairs[:, 0]], other.owner[pairs[:, 1]]], axis=1).astype(np.int64)
    return Facing(pairs, islands, found[:, 2], found[:, 3:])


def _within(region: Region, boundary: Boundary, distance: float, *, one_owner: bool, euclidian: bool) -> Facing:
    """As `face`, of the edges of one region."""
    if not region.islands or distance <= 0:
        no_edges = np.empty((0, 2), dtype=np.int64)
        return Facing(no_edges, no_edges, np.empty(0), np.empty((0, 4)))
    found = face(boundary, boundary, distance, one_owner=one_owner, euclidian=euclidian)
    found.islands.sort(axis=1)
    return found


def overlap_findings(a: Region, b: Region, *, touching: bool) -> Findings:
    """Islands of two regions that overlap; with `touching` also those that only touch."""
    pairs = overlaps(a, b)
    first, second = a.boxes()[pairs[:, 0]], b.boxes()[pairs[:, 1]]
    boxes = np.hstack([np.maximum(first[:, :2], second[:, :2]), np.minimum(first[:, 2:], second[:, 2:])])
    if not touching:
        real = _are_solid(shapely.intersection(a.shapes(pairs[:, 0]), b.shapes(pairs[:, 1])))
        pairs, boxes = pairs[real], boxes[real]
    return Findings(pairs, np.zeros(len(pairs)), boxes)


def _are_solid(shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Whether areas are more than rounding: larger than 1 nm², and thicker than twice `THIN` somewhere."""
    solid: NDArray[np.bool_] = shapely.area(shapes) > 1.0
    solid[solid] = shapely.area(shapely.buffer(shapes[solid], -THIN, join_style="mitre")) > 0
    return solid


def _poking_out(inner: Region, outer: Region, pairs: Ints) -> Ints:
    """Of pairs whose boundaries meet, those whose inner shape is not covered."""
    rest = shapely.difference(inner.shapes(pairs[:, 0]), outer.shapes(pairs[:, 1]))
    poking: Ints = pairs[_are_solid(rest)]
    return poking
