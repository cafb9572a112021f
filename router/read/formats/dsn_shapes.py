"""Shapes of Specctra files: circles, rectangles, polygons, paths and quarter arcs, as rings and as lands of pads."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from router.model.geometry import Box, Placement, Points
from router.model.pdk import ShapeKind
from router.model.units import text_um
from router.read.formats.dsn_tokens import Entry, Scope

KINDS = ("circle", "rect", "polygon", "path", "qarc")
_ROUND = 32
_ARC_STEPS = 16
_TANGLE = 300
# A polygon that differs by less than this share of its area from one of our shapes is that shape.
_SAME = 0.02


@dataclass(frozen=True, slots=True, eq=False)
class Figure:
    """A shape on a layer (the file's word). `points`: a circle's centre, two corners of a rect, a ring or a way.

    `width`: the diameter of a circle, the aperture of a polygon, the width of a path. `square`: a path's ends are."""

    layer: str
    kind: str
    width: int
    points: Points
    square: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Land:
    """The land of a pad: its shape about `centre`; `ring` (n, 2) about it where it is none of our shapes, and `shape`
    is then the largest that it holds."""

    shape: ShapeKind
    width: int
    height: int
    centre: tuple[int, int] = (0, 0)
    ring: Points | None = None

    def turned(self, degrees: float, mirrored: bool) -> Land:
        """Mirrored in x first where it is said, then turned about (0, 0), counter-clockwise."""
        (centre,) = turn(np.array([self.centre], dtype=np.int64), degrees, mirrored).tolist()
        if degrees % 180 == 0 and not mirrored and self.ring is None:
            return Land(self.shape, self.width, self.height, tuple(centre))
        if self.shape is ShapeKind.CIRCLE and self.ring is None:
            return Land(self.shape, self.width, self.height, tuple(centre))
        if self.ring is None and degrees % 90 == 0:
            swap = degrees % 180 != 0
            size = (self.height, self.width) if swap else (self.width, self.height)
            return Land(self.shape, *size, tuple(centre))
        ring = self.ring if self.ring is not None else _outer(_shape(self.shape, self.width, self.height))
        return _fitted(shapely.Polygon(turn(ring, degrees, mirrored))).moved(*centre)

    def moved(self, x: int, y: int) -> Land:
        return Land(self.shape, self.width, self.height, (self.centre[0] + x, self.centre[1] + y), self.ring)


def turn(points: Points, degrees: float, mirrored: bool) -> Points:
    """Places (n, 2) mirrored in x where it is said, then turned about (0, 0), to whole nanometres."""
    if degrees % 90 == 0:
        return Placement(0, 0, int(degrees), mirrored).apply(points)
    x, y = (-points[:, 0] if mirrored else points[:, 0]), points[:, 1]
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    turned: Points = np.rint(np.stack([x * cosine - y * sine, x * sine + y * cosine], axis=1)).astype(np.int64)
    return turned


def figure(scope: Scope, entry: Entry) -> Figure:
    """The shape that an entry such as `(circle LAYER d x y)` describes. Raises InputError for what is none."""
    kind, layer = entry.word, scope.file.text_at(entry, 1, "a layer")
    if kind == "rect":
        return Figure(layer, kind, 0, _exactly(scope, entry, 2, 2))
    if kind not in KINDS:
        raise scope.file.fault(entry, f"({kind} …)", f"a shape: {', '.join(KINDS)}")
    width = scope.length(entry, 2, "a width")
    if width < 0 or (kind == "circle" and width == 0):
        raise scope.file.fault(entry, f"a {kind} {text_um(width)} wide", "a positive width")
    if kind == "circle":
        centre = _exactly(scope, entry, 3, 1) if len(entry) > 3 else np.zeros((1, 2), dtype=np.int64)
        return Figure(layer, kind, width, centre)
    if kind == "qarc":
        return Figure(layer, "path", width, _quarter(_exactly(scope, entry, 3, 3)))
    points = apart(scope.points(entry, 3))
    square = any("square" in part for part in entry.entries("aperture_type"))
    if kind == "polygon":
        points = points[:-1] if len(points) > 1 and (points[0] == points[-1]).all() else points
        refuse_tangle(scope, entry, points)
    return Figure(layer, kind, width, points, square)


def refuse_tangle(scope: Scope, entry: Entry, ring: Points) -> None:
    """Raise InputError for a long ring that crosses itself: what it bounds would take very long to tell."""
    if len(ring) > _TANGLE and not shapely.Polygon(ring).is_valid:
        raise scope.file.fault(entry, f"a ring of {len(ring)} corners that crosses itself", "a simple ring")


def rings(shape: Figure) -> list[Points]:
    """The shape as rings (n, 2) that together cover it: one, or one for each step of a path; none without an area."""
    if shape.kind == "circle":
        angles = (np.arange(_ROUND) + 0.5) * (2 * math.pi / _ROUND)
        radius = shape.width / 2 / math.cos(math.pi / _ROUND)
        corners = np.stack([np.cos(angles), np.sin(angles)], axis=1) * radius
        return [shape.points[0] + np.rint(corners).astype(np.int64)]
    if shape.kind == "rect":
        box = Box.around(shape.points)
        return [box.ring()] if box.width and box.height else []
    if shape.kind == "polygon":
        whole = shapely.Polygon(shape.points if len(shape.points) > 2 else [(0, 0)] * 3)
        if whole.area and whole.is_valid:
            return [shape.points]
        parts = shapely.get_parts(shapely.make_valid(whole)) if len(shape.points) > 2 else []
        return [_outer(part) for part in parts if isinstance(part, shapely.Polygon) and part.area]
    if not shape.width:
        return []
    points = shape.points if len(shape.points) > 1 else np.repeat(shape.points, 2, axis=0)
    steps = shapely.linestrings(np.stack([points[:-1], points[1:]], axis=1))
    style = "square" if shape.square else "round"
    return [_outer(step) for step in shapely.buffer(steps, shape.width / 2, cap_style=style, quad_segs=8)]


def ring_of(shape: Figure) -> Points:
    """The one ring (n, 2) of a shape; of a polygon or path its own way, which closes."""
    if shape.kind not in ("path", "polygon"):
        return next(iter(rings(shape)), shape.points)
    return shape.points[:-1] if (shape.points[0] == shape.points[-1]).all() else shape.points


def land(figures: Sequence[Figure]) -> Land | None:
    """The land that the shapes of one layer make together; None where they hold no area."""
    if len(figures) == 1:
        only = figures[0]
        if only.kind == "circle":
            (centre,) = only.points.tolist()
            return Land(ShapeKind.CIRCLE, only.width, only.width, tuple(centre))
        if only.kind == "rect":
            box = Box.around(only.points)
            return Land(ShapeKind.RECT, box.width, box.height, box.middle) if box.width and box.height else None
        if only.kind == "path" and only.width and not only.square and (oblong := _oblong(only)):
            return oblong
    pieces = [shapely.make_valid(shapely.Polygon(ring)) for shape in figures for ring in rings(shape)]
    whole = shapely.union_all(pieces)
    parts = [part for part in shapely.get_parts(whole) if isinstance(part, shapely.Polygon) and part.area]
    return _fitted(max(parts, key=lambda part: part.area)) if parts else None


def _oblong(path: Figure) -> Land | None:
    """The land that a path of one run along an axis draws, or of no run; its ring has corners off whole nanometres."""
    box = Box.around(path.points)
    if len(path.points) > 2 or (box.width and box.height):
        return None
    shape = ShapeKind.OBLONG if box.width or box.height else ShapeKind.CIRCLE
    return Land(shape, box.width + path.width, box.height + path.width, box.middle)


def _fitted(polygon: shapely.Polygon) -> Land:
    """One of our shapes where the polygon is nearly that, else the largest of them about its middle that it holds."""
    x0, y0, x1, y1 = (round(value) for value in polygon.bounds)
    box = Box(x0, y0, x1, y1)
    centre = box.middle
    if not polygon.contains(shapely.Point(centre)):
        point = polygon.representative_point()
        centre = (round(point.x), round(point.y))
    about = shapely.transform(polygon, lambda places: places - np.array(centre))
    even = abs(box.width - box.height) <= max(1, 0.002 * box.width)
    for kind in (ShapeKind.RECT, ShapeKind.CIRCLE, ShapeKind.OCTAGON) if even else (ShapeKind.RECT, ShapeKind.OBLONG):
        whole = _shape(kind, box.width, box.height)
        # Areas that are far apart need no longer look.
        near = abs(whole.area - about.area) < _SAME * about.area
        if near and about.symmetric_difference(whole).area < _SAME * about.area:
            return Land(kind, box.width, box.height if not even or kind is ShapeKind.RECT else box.width, centre)
    across = max(1, int(2 * about.exterior.distance(shapely.Point(0, 0))))
    share = _share(about, box)
    width, height = int(box.width * share), int(box.height * share)
    if width * height > across * across:
        return Land(ShapeKind.RECT, width, height, centre, _outer(about))
    return Land(ShapeKind.CIRCLE, across, across, centre, _outer(about))


def _share(polygon: BaseGeometry, box: Box) -> float:
    """The share to which a box shrinks about (0, 0) until the polygon holds it, from below."""
    low, high = 0.0, 1.0
    shapely.prepare(polygon)
    for _ in range(12):
        middle = (low + high) / 2
        w, h = box.width * middle / 2, box.height * middle / 2
        low, high = (middle, high) if polygon.contains(shapely.box(-w, -h, w, h)) else (low, middle)
    return low


def _shape(kind: ShapeKind, width: int, height: int) -> shapely.Polygon:
    """One of our shapes about (0, 0)."""
    w, h = width / 2, height / 2
    if kind is ShapeKind.RECT:
        return shapely.box(-w, -h, w, h)
    if kind is ShapeKind.OCTAGON:
        flat = w * math.tan(math.pi / 8)
        return shapely.Polygon(
            [(w, flat), (flat, w), (-flat, w), (-w, flat), (-w, -flat), (-flat, -w), (flat, -w), (w, -flat)]
        )
    radius = min(w, h)
    line = shapely.LineString([(radius - w, radius - h), (w - radius, h - radius)])
    return line.buffer(radius, quad_segs=16)


def _quarter(points: Points) -> Points:
    """An arc from the first point to the second about the third, the short way, as a way of several steps."""
    start, end, centre = points.astype(np.float64)
    first, last = (math.atan2(*(place - centre)[::-1]) for place in (start, end))
    sweep = (last - first + math.pi) % (2 * math.pi) - math.pi
    angles = first + sweep * np.linspace(0, 1, _ARC_STEPS + 1)
    way = centre + np.hypot(*(start - centre)) * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    way[0], way[-1] = start, end
    return apart(np.rint(way).astype(np.int64))


def _exactly(scope: Scope, entry: Entry, start: int, count: int) -> Points:
    points = scope.points(entry, start, count)
    if len(points) != count:
        raise scope.file.fault(entry, f"a {entry.word} of {len(points)} places", f"{count}")
    return points


def apart(points: Points) -> Points:
    """The points without those that repeat the one before."""
    keep = np.ones(len(points), dtype=bool)
    keep[1:] = (points[1:] != points[:-1]).any(axis=1)
    return points[keep]


def _outer(polygon: BaseGeometry) -> Points:
    """The outer ring (n, 2) of a polygon in whole nanometres, without the repeated end."""
    ring: Points = np.rint(shapely.get_coordinates(polygon.exterior)[:-1]).astype(np.int64)
    return ring
