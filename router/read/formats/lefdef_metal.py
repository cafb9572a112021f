"""Metal that a DEF file has on the redistribution layers, as centre lines and as rings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import shapely

from router.model.geometry import Box, Points
from router.read.formats.lefdef_rings import area_of, rings


def centre_line(ring: Points) -> tuple[int, Points] | None:
    """Width and centre line (2, 2) of the trace that draws a rectangle, which reaches half its width beyond its ends;
    None for other polygons."""
    low, high = ring.min(axis=0), ring.max(axis=0)
    sides = high - low
    width, along = int(sides.min()), int(sides[1] > sides[0])
    if len(ring) != 4 or not width or shapely.Polygon(ring).area != int(sides[0]) * int(sides[1]):
        return None
    ends = np.stack([(low + high) // 2] * 2)
    ends[:, along] = low[along] + width // 2, high[along] - width // 2
    if ends[0, along] >= ends[1, along]:
        ends[:, along] += (-1, 1)  # a square: as short as a trace can be
    return width, ends


def trace_line(points: Points, width: int, at_land: Sequence[bool]) -> tuple[int, Points]:
    """Width and centre line of the trace that draws a wire. Wires end flush where they run along an axis, and with an
    octagon elsewhere; traces reach half their width beyond their ends. Of the two ends, those `at_land`, in the middle
    of a land, stay."""
    short = len(points) == 2 and _orthogonal(*points) and int(np.abs(points[1] - points[0]).max()) <= width
    if short and not any(at_land):
        line = centre_line(next(wire_rings(points, width)))
        if line is not None:
            return line
    moved = points.copy()
    for end, inner, stays in ((0, 1, at_land[0]), (-1, -2, at_land[1])):
        run = points[inner] - points[end]
        length = int(np.abs(run).max())
        if _orthogonal(points[end], points[inner]) and length > width // 2 and not stays:
            moved[end] += run // length * (width // 2)
    return width, moved


def _orthogonal(a: Points, b: Points) -> bool:
    return bool((a == b).any())


def wire_rings(points: Points, width: int) -> Iterator[Points]:
    """What each run of a wire covers."""
    for (x0, y0), (x1, y1) in zip(points[:-1].tolist(), points[1:].tolist(), strict=True):
        run = np.array([x1 - x0, y1 - y0], dtype=np.float64)
        side = np.array([-run[1], run[0]]) * (width / 2 / np.hypot(*run))
        ends = np.array([[x0, y0], [x0, y0], [x1, y1], [x1, y1]])
        yield np.rint(ends + np.outer([1, -1, -1, 1], side)).astype(np.int64)


def outside(area: Points, box: Box) -> list[Points]:
    """What of the box does not belong to the area, as rings without holes."""
    return rings(shapely.box(box.x0, box.y0, box.x1, box.y1).difference(area_of(area)))
