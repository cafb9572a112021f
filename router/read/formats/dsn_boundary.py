"""The boundary of Specctra design files: a package's outline, and what of its rectangle lies outside it."""

from __future__ import annotations

from collections.abc import Sequence

import shapely
from shapely.geometry.base import BaseGeometry

from router.model.geometry import Box, Points
from router.read.formats.areas import rings
from router.read.formats.dsn_notes import Notes
from router.read.formats.dsn_shapes import KINDS, Figure, figure, refuse_tangle, ring_of
from router.read.formats.dsn_tokens import Entry, Scope

_LIMIT = 1000


def read_boundary(scope: Scope, structure: Entry, notes: Notes) -> tuple[Box | None, list[Points]]:
    """The outline, and rings (n, 2) that no metal may enter: corners of its rectangle and holes of the boundary.

    `pcb` is the edge of the board, any other layer bounds traces. Raises InputError for a boundary without area.
    """
    shapes: list[Figure] = []
    for entry in structure.entries("boundary"):
        for part in entry.entries(*KINDS):
            if len(shapes) == _LIMIT:
                raise scope.file.fault(part, f"a boundary of more than {_LIMIT} shapes", "fewer of them")
            shapes.append(figure(scope.within(entry), part))
            refuse_tangle(scope, part, ring_of(shapes[-1]))
    if not shapes:
        return None, []
    edge = [shape for shape in shapes if shape.layer.lower() == "pcb"]
    areas = [_area(part) for part in (edge, [shape for shape in shapes if shape.layer.lower() != "pcb"]) if part]
    if not all(area.area for area in areas):
        raise scope.file.fault(next(structure.entries("boundary")), "a boundary without area", "a closed one")
    whole = shapely.intersection_all(areas)
    x0, y0, x1, y1 = (round(value) for value in whole.bounds) if whole.area else (0, 0, 0, 0)
    if x0 == x1 or y0 == y1:
        raise scope.file.fault(next(structure.entries("boundary")), "boundaries that lie apart", "ones that overlap")
    if len(areas) > 1:
        notes.guess("the outline is the extent of what lies within both the board's edge and the bounds of traces")
    outside = rings(shapely.box(x0, y0, x1, y1).difference(whole))
    if outside:
        notes.guess("the outline is the extent of the boundary; what of it lies outside the boundary is a keep-out")
    return Box(x0, y0, x1, y1), outside


def _area(shapes: Sequence[Figure]) -> BaseGeometry:
    """What shapes bound: the largest, without the others, which are holes in it."""
    closed = [ring for shape in shapes if len(ring := ring_of(shape)) > 2]
    polygons = sorted((shapely.make_valid(shapely.Polygon(ring)) for ring in closed), key=lambda polygon: -polygon.area)
    if not polygons:
        return shapely.Polygon()
    return polygons[0].difference(shapely.union_all(polygons[1:])) if polygons[1:] else polygons[0]
