"""Rules on whole shapes, on KLayout's polygons: size, area, pitch, centres, extent, corners, density."""

from __future__ import annotations

import math
from collections.abc import Iterator

import klayout.db as kdb

from router.model.pdk import Rule, RuleKind
from router.verify.klayout.distance import distance_to, share_of
from router.verify.klayout.layers import Layers
from router.verify.klayout.marks import Mark

# Across slanted edges a shape may be narrower by this (nm) and wider by twice as much: vertices lie on the grid, those
# of round shapes outside the circle.
SIZE_SLACK = 2.0
# A vertex on the grid turns its edges by up to this (nm) over their length.
CORNER_SHIFT = 1.5


def size(rule: Rule, layers: Layers) -> Iterator[Mark]:
    """Every shape measures the value across: exactly along x and y, within a few nm across slanted edges, and has
    neither a bite nor a hole in it."""
    across: dict[kdb.Polygon, tuple[float, float, float]] = {}
    slack = SIZE_SLACK * layers.grain
    for polygon in layers.of(rule.masks[0]).each():
        box = polygon.bbox()
        form = polygon.moved(-box.left, -box.bottom)
        if form not in across:
            across[form] = _across(form)
        least, most, bite = across[form]
        exact = box.width() == rule.value and box.height() == rule.value
        if not exact or least < rule.value - slack or most > rule.value + 2 * slack or bite > slack:
            yield Mark(box, max((least, most), key=lambda found: abs(found - rule.value)))


def _across(polygon: kdb.Polygon) -> tuple[float, float, float]:
    """Least and greatest extent, along x and y and behind an edge at right angles to it, and how far the polygon stands
    out in front of an edge."""
    box = polygon.bbox()
    least, most, bite = float(min(box.width(), box.height())), float(max(box.width(), box.height())), 0.0
    points = list(polygon.each_point_hull())
    for edge in polygon.each_edge():
        length = math.hypot(edge.dx(), edge.dy())
        # The inside is on the right of an edge.
        behind = [(edge.dy() * (p.x - edge.x1) - edge.dx() * (p.y - edge.y1)) / length for p in points]
        least, most, bite = min(least, max(behind)), max(most, *behind), max(bite, -min(behind))
    return least, most, bite


def area(rule: Rule, layers: Layers) -> Iterator[Mark]:
    """Each merged shape has at least the value."""
    small = layers.of(rule.masks[0]).with_area(None, math.ceil(rule.value), False)
    return (Mark(polygon.bbox(), float(polygon.area())) for polygon in small.each())


def pitch(rule: Rule, layers: Layers) -> Iterator[Mark]:
    """Centres of the shapes' boxes at least the value apart. Counted in halves of a nm, where all centres lie."""
    centres = kdb.Shapes()
    reach = 2 * math.ceil(rule.value)
    for polygon in layers.of(rule.masks[0]).each():
        x, y = _centre(polygon)
        for other in centres.each_touching(kdb.Box(x - reach, y - reach, x + reach, y + reach)):
            place = other.box.p1
            gap = math.hypot(place.x - x, place.y - y) / 2
            if gap < rule.value - 1e-3:
                yield Mark(_halved(kdb.Box(kdb.Point(x, y), place)), gap)
        centres.insert(kdb.Box(x, y, x, y))


def centre_separation(rule: Rule, layers: Layers) -> Iterator[Mark]:
    """Centres of a's shapes at least the value from the edges of b; where b is the outline, inside it as well."""
    a, b = layers.of(rule.masks[0]), layers.of(rule.masks[1])
    edges = kdb.Shapes()
    edges.insert(b.edges())
    holder = b if rule.masks[1] == layers.pdk.outline_mask.name else None
    reach = math.ceil(rule.value) + 1
    for polygon in a.each():
        x, y = (half / 2 for half in _centre(polygon))
        at = kdb.Point(round(x), round(y))
        around = kdb.Box(at.x - reach, at.y - reach, at.x + reach, at.y + reach)
        near = [_nearest(x, y, shape.edge) for shape in edges.each_touching(around)]
        gap, foot = min(near, default=(math.inf, at))
        outside = holder is not None and not any(shape.inside(at) for shape in holder.each())
        if outside or gap < rule.value - 1e-3:
            yield Mark(kdb.Box(at, foot), 0.0 if outside else gap)


def _nearest(x: float, y: float, edge: kdb.Edge) -> tuple[float, kdb.Point]:
    """The distance to an edge, and the place on it."""
    share = share_of(edge, x, y)
    foot = kdb.Point(round(edge.x1 + share * edge.dx()), round(edge.y1 + share * edge.dy()))
    return distance_to(edge, x, y), foot


def extent(rule: Rule, layers: Layers) -> Iterator[Mark]:
    """The whole mask measures at least (or at most) value × height."""
    region = layers.of(rule.masks[0])
    box = region.bbox()
    if region.is_empty():
        return
    sign = 1 if rule.kind is RuleKind.EXTENT_MIN else -1
    for found, required in ((box.width(), rule.value), (box.height(), float(rule.height))):
        if sign * (required - found) > 0:
            yield Mark(box, float(found), required)
            return


def angle(rule: Rule, layers: Layers) -> Iterator[Mark]:
    """Corners sharper than the value, of the shape or of a notch in it."""
    region = layers.of(rule.masks[0])
    turn, shift = 180.0 - rule.value, CORNER_SHIFT * layers.grain
    for low, high in ((turn, 180.0), (-180.0, -turn)):
        for corner in region.corners_edge_pairs(low, high, True, True).each():
            into, out = corner.first, corner.second
            lengths = math.hypot(into.dx(), into.dy()), math.hypot(out.dx(), out.dy())
            cosine = -(into.dx() * out.dx() + into.dy() * out.dy()) / (lengths[0] * lengths[1])
            found = math.degrees(math.acos(max(-1.0, min(1.0, cosine))))
            slanted = any(edge.dx() and edge.dy() for edge in (into, out))
            tolerance = math.degrees(shift / lengths[0] + shift / lengths[1]) if slanted else 1e-6
            if found < rule.value - tolerance:
                yield Mark(kdb.Box(into.p2, into.p2), found)


def density(rule: Rule, layers: Layers) -> Iterator[Mark]:
    """Metal share within the limits in windows half a window apart, inside the outline; the last ends at it."""
    region, window, grain = layers.of(rule.masks[0]), int(rule.value), layers.grain
    outline = layers.outline
    shapes = kdb.Shapes()
    shapes.insert(region)
    for left, right in _windows(outline.x0 * grain, outline.x1 * grain, window):
        for bottom, top in _windows(outline.y0 * grain, outline.y1 * grain, window):
            box = kdb.Box(left, bottom, right, top)
            here = kdb.Region()
            here.merged_semantics = False
            for shape in shapes.each_touching(box):
                here.insert(shape.polygon)
            share = here.area(box) / box.area()
            if not rule.minimum - 1e-9 <= share <= rule.maximum + 1e-9:
                yield Mark(box, share, rule.minimum if share < rule.minimum else rule.maximum)


def _windows(low: int, high: int, window: int) -> Iterator[tuple[int, int]]:
    if high - low <= window:
        yield low, high
        return
    starts = [low + i * window // 2 for i in range(2 * (high - low) // window) if low + i * window // 2 < high - window]
    yield from ((start, start + window) for start in [*starts, high - window])


def _centre(polygon: kdb.Polygon) -> tuple[int, int]:
    """The centre of its box, in halves of a nm."""
    box = polygon.bbox()
    return box.left + box.right, box.bottom + box.top


def _halved(box: kdb.Box) -> kdb.Box:
    return kdb.Box(box.left // 2, box.bottom // 2, -(-box.right // 2), -(-box.top // 2))
