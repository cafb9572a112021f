"""Centre lines at any angle → polygon rings with integer vertices, round at ends and corners.

A trace is the Minkowski sum of its centre line with a polygon of 16 sides that lies within the octagon of
`draw.shapes` and measures at least the trace's width in every direction.
"""

from __future__ import annotations

import math

import numpy as np
import shapely

from router.draw.shapes import farthest, integer_ring, swept, trace_octagon, without_straights
from router.model.geometry import Points, without_repeats

# The corners of a trace drawn with round ends lie so many times half its width from its centre line, and a few nm.
ROUND = 1 / math.cos(math.pi / 16)


def any_angle_rings(points: Points, width: int) -> tuple[Points, ...]:
    """The rings (n, 2), counter-clockwise, that draw a trace of `width` nm with round ends and corners.

    Segments at multiples of 45° measure exactly what they do in `trace_rings`, all others up to a fiftieth more. Nearly
    always one ring, as there.
    """
    line, corners = without_straights(points), trace_round(width)
    if len(line) < 2:
        return (line + corners,)
    shapes = swept(line, corners)
    return tuple(map(_outward_ring if len(shapes) == 1 else integer_ring, shapes))


def any_angle_reach(width: int) -> int:
    """Largest distance (nm, rounded up) of a trace drawn by `any_angle_rings` from its centre line."""
    return farthest(trace_round(width)) + 2


def trace_round(width: int) -> Points:
    """The 16 vertices (16, 2), counter-clockwise, swept along a trace: its octagon with the corners cut off."""
    octagon = np.array(trace_octagon(width), dtype=np.int64)
    cut = []
    for k, corner in enumerate(octagon):
        for other in (octagon[k - 1], octagon[(k + 1) % 8]):
            # Along a flat, as far from its middle as the circle's next facet begins, in whole steps of the flat.
            step = np.sign(other - corner)
            side = np.abs(other - corner).max()
            kept = 1 - math.tan(math.pi / 16) / math.tan(math.pi / 8)
            cut.append(corner + step * int(side / 2 * kept))
    return np.array(cut, dtype=np.int64)


def _outward_ring(polygon: shapely.Polygon) -> Points:
    """The outer ring on the 1 nm grid, counter-clockwise, where inner corners go outwards, so that no metal is lost."""
    exact = np.asarray(shapely.orient_polygons(polygon).exterior.coords)[:-1]
    vertices = np.round(exact)
    for index in np.flatnonzero(np.abs(exact - vertices).max(axis=1) > 1e-6).tolist():
        x, y = np.floor(exact[index])
        near = np.array([(x + i, y + j) for i in (0, 1) for j in (0, 1)])
        free = near[~shapely.contains_xy(polygon, near)]
        if len(free):
            vertices[index] = free[np.argmin(((free - exact[index]) ** 2).sum(axis=1))]
    return without_repeats(vertices.astype(np.int64))
