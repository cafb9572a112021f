"""Ends of traces on pads hardly wider or narrower than they are.

Where each stands out from the other, their union has corners pointing inwards, a few nanometres deep, and metal is
narrower there than the trace. What joins the two is drawn as well.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely

from router.draw.any_angle import trace_round
from router.draw.centreline import NetPlace
from router.draw.shapes import integer_ring, trace_octagon
from router.model.design import Design
from router.model.geometry import Points
from router.model.layout import Layout, MaskPolygon, Masks


def end_on_pad(end: Points, pad: Points) -> Points | None:
    """The ring (n, 2), counter-clockwise, of what joins the end of a trace to a pad, both given as convex rings about
    one place; None where one of them holds the other."""
    one, other = shapely.Polygon(end), shapely.Polygon(pad)
    if one.covers(other) or other.covers(one):
        return None
    return integer_ring(shapely.convex_hull(shapely.union(one, other)))


def joined_ends(design: Design, layout: Layout, masks: Masks) -> Iterator[tuple[str, MaskPolygon]]:
    """What joins the ends of traces to the capture pads and lands that the masks have, with the level's name."""
    joints = _joints(design, layout, masks)
    ends = _ends(layout) if joints else {}
    nets = {net.name: index for index, net in enumerate(design.nets)}
    for placed in masks.placed if joints else ():
        for level in range(len(design.pdk.levels)):
            width = ends.get((nets.get(placed.net, -1), level, placed.x, placed.y), 0)
            for ring in joints.get((placed.cell, level, width), ()):
                at = np.array([placed.x, placed.y], dtype=np.int64)
                yield design.pdk.levels[level].name, MaskPolygon(ring + at, placed.net)


def _joints(design: Design, layout: Layout, masks: Masks) -> dict[tuple[str, int, int], list[Points]]:
    """What joins the ends of traces to the pads of a cell, about its origin, for each cell, level and width where there
    is something to join."""
    joints: dict[tuple[str, int, int], list[Points]] = {}
    for index, width in sorted({(trace.level, trace.width) for trace in layout.traces}):
        level = design.pdk.levels[index]
        end = trace_round(width) if level.angles == "any" else np.array(trace_octagon(width), dtype=np.int64)
        for name, cell in masks.cells.items():
            rings = [ring for pad in cell.drawing.get(level.name, ()) if (ring := end_on_pad(end, pad)) is not None]
            if rings:
                joints[name, index, width] = rings
    return joints


def _ends(layout: Layout) -> dict[NetPlace, int]:
    """The width of the widest trace that ends at each place."""
    widest: dict[NetPlace, int] = {}
    for trace in layout.traces:
        for x, y in trace.points[[0, -1]].tolist():
            place = trace.net, trace.level, x, y
            widest[place] = max(trace.width, widest.get(place, 0))
    return widest
