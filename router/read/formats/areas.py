"""Polygons of files as areas, areas as rings, and which of our shapes a ring is."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from router.model.geometry import Points
from router.model.pdk import ShapeKind

# Rings that touch themselves are looked at more closely, which takes long for rings of many corners.
_TOUCHING_CORNERS = 200
# Two outlines whose areas differ by less than this share of their box are the same one, drawn on another grid.
_SAME = 0.006


def is_simple(ring: Points) -> bool:
    """Whether a ring (n, 2) does not cross itself. It may touch itself, as one does that goes round a hole."""
    polygon = shapely.Polygon(ring)
    if polygon.is_valid:
        return True
    return len(ring) <= _TOUCHING_CORNERS and abs(polygon.buffer(0).area - polygon.area) < 1


def area_of(ring: Points) -> BaseGeometry:
    """What a simple ring encloses."""
    polygon = shapely.Polygon(ring)
    return polygon if polygon.is_valid else polygon.buffer(0)


def outer_rings(area: BaseGeometry) -> list[Points]:
    """The outer ring of each polygon, without points on straight runs."""
    polygons = [part for part in shapely.get_parts(area) if part.geom_type == "Polygon" and part.area > 0]
    return [np.rint(shapely.get_coordinates(part.exterior.simplify(0))[:-1]).astype(np.int64) for part in polygons]


def rings(area: BaseGeometry) -> list[Points]:
    """The area as rings that enclose no hole: it is cut through each hole from top to bottom. Slivers that whole
    nanometres do not hold are left out."""
    found: list[Points] = []
    for part in shapely.get_parts(area):
        if part.geom_type != "Polygon":
            continue
        x0, y0, x1, y1 = part.bounds
        cuts = [x0, *sorted({sum(hole.bounds[::2]) // 2 for hole in part.interiors}), x1]
        strips = [part] if len(cuts) == 2 else [part.intersection(shapely.box(a, y0, b, y1)) for a, b in pairwise(cuts)]
        found += [ring for strip in strips for ring in outer_rings(strip) if shapely.Polygon(ring).is_valid]
    return found


def without_holes(ring: Points) -> list[Points]:
    """A simple ring as rings that do not touch themselves."""
    return [ring] if len(ring) == 4 or shapely.Polygon(ring).is_valid else rings(area_of(ring))


def nearest_shape(ring: Points, width: int, height: int) -> tuple[ShapeKind, bool]:
    """Which of our outlines of this size is most like the ring, by the share of its box that it fills; and whether they
    are the same."""
    area = abs(float(shapely.Polygon(ring).area)) / (width * height)
    if width == height:
        shares = {ShapeKind.RECT: 1.0, ShapeKind.OCTAGON: 2 * (2**0.5 - 1)}
        if len(ring) > 8:
            shares[ShapeKind.CIRCLE] = np.pi / 4
    else:
        short = min(width, height) / max(width, height)
        shares = {ShapeKind.RECT: 1.0, ShapeKind.OBLONG: 1 - short * (1 - np.pi / 4)}
    best = min(shares, key=lambda kind: abs(shares[kind] - area))
    return best, abs(shares[best] - area) <= _SAME
