"""The boundary of Specctra design files: a package's outline, and what of its rectangle lies outside it."""

from __future__ import annotations

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from router.model.geometry import Box, Points
from router.read.formats.dsn_notes import Notes
from router.read.formats.dsn_shapes import KINDS, figure, ring_of
from router.read.formats.dsn_tokens import Entry, Scope


def read_boundary(scope: Scope, structure: Entry, notes: Notes) -> tuple[Box | None, list[Points]]:
    """The outline, and rings (n, 2) that no metal may enter: corners of its rectangle and holes of the boundary.

    `pcb` is the edge of the board; `signal` stands for it where there is no other. Raises InputError for a boundary
    that holds no area.
    """
    shapes = [
        figure(scope.within(entry), shape) for entry in structure.entries("boundary") for shape in entry.entries(*KINDS)
    ]
    edge = [shape for shape in shapes if shape.layer.lower() == "pcb"] or shapes
    if len(edge) < len(shapes):
        notes.lose("boundaries beside the edge of the board", ", ".join(s.layer for s in shapes if s not in edge))
    if not edge:
        return None, []
    closed = [ring for shape in edge if len(ring := ring_of(shape)) > 2]
    polygons = sorted((shapely.make_valid(shapely.Polygon(ring)) for ring in closed), key=lambda polygon: -polygon.area)
    if not polygons or not polygons[0].area:
        raise scope.file.fault(next(structure.entries("boundary")), "a boundary without area", "a closed one")
    whole = polygons[0].difference(shapely.union_all(polygons[1:])) if polygons[1:] else polygons[0]
    x0, y0, x1, y1 = (round(value) for value in whole.bounds)
    pieces = [part for part in shapely.get_parts(shapely.box(x0, y0, x1, y1).difference(whole)) if part.area >= 1.0]
    if pieces:
        notes.guess("the outline is the extent of the boundary; what of it lies outside the boundary is a keep-out")
    rings = (
        np.rint(shapely.get_coordinates(part.exterior)[:-1]).astype(np.int64) for part in pieces if _has_ring(part)
    )
    return Box(x0, y0, x1, y1), [ring for ring in rings if shapely.Polygon(ring).is_valid]


def _has_ring(part: BaseGeometry) -> bool:
    return isinstance(part, shapely.Polygon)
