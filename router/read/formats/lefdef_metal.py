"""Metal that a DEF file has on the redistribution layers, as centre lines and as rings."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import shapely

from router.model.geometry import Box, Points
from router.read.formats.lefdef_def import Def
from router.read.formats.lefdef_lands import rings_of
from router.read.formats.lefdef_lef import LefShape


def centre_line(shape: LefShape) -> tuple[int, Points] | None:
    """Width and centre line (2, 2) along the longer side of a rectangle; None for other polygons."""
    (x0, y0), (x1, y1) = shape.ring.min(axis=0).tolist(), shape.ring.max(axis=0).tolist()
    width, height = x1 - x0, y1 - y0
    if len(shape.ring) != 4 or not width or not height or shapely.Polygon(shape.ring).area != width * height:
        return None
    if width >= height:
        y = (y0 + y1) // 2
        return height, np.array([[x0, y], [x1, y]], dtype=np.int64)
    x = (x0 + x1) // 2
    return width, np.array([[x, y0], [x, y1]], dtype=np.int64)


def wire_rings(points: Points, width: int) -> Iterator[Points]:
    """What each run of a wire covers."""
    for (x0, y0), (x1, y1) in zip(points[:-1].tolist(), points[1:].tolist(), strict=True):
        run = np.array([x1 - x0, y1 - y0], dtype=np.float64)
        side = np.array([-run[1], run[0]]) * (width / 2 / np.hypot(*run))
        ends = np.array([[x0, y0], [x0, y0], [x1, y1], [x1, y1]])
        yield np.rint(ends + np.outer([1, -1, -1, 1], side)).astype(np.int64)


def metal(found: Def) -> Iterator[tuple[str, str, int, Points]]:
    """Net, layer, width and centre line of all wires and rectangles; of other polygons the ring, with width 0."""
    for wire in found.wires:
        yield wire.net, wire.layer, wire.width, wire.points
    for net, shape in found.metal:
        line = centre_line(shape)
        yield (net, shape.layer, *line) if line else (net, shape.layer, 0, shape.ring)


def outside(area: Points, box: Box) -> list[Points]:
    """What of the box does not belong to the area, as rings without holes."""
    whole, inner = shapely.box(box.x0, box.y0, box.x1, box.y1), shapely.make_valid(shapely.Polygon(area))
    # Each vertical strip between two corners is free of holes: the area is one ring.
    cuts = sorted(set(area[:, 0].tolist()))
    left = whole.difference(inner)
    strips = [left.intersection(shapely.box(a, box.y0, b, box.y1)) for a, b in pairwise(cuts)]
    return [ring for strip in strips for ring in rings_of(strip)]
