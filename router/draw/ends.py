"""Ends of traces on pads hardly wider or narrower than they are.

Where each stands out from the other, their union has corners pointing inwards, a few nanometres deep, and metal is
narrower there than the trace. What joins the two is drawn as well.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely

from router.draw.any_angle import trace_round
from router.draw.shapes import integer_ring, trace_octagon
from router.model.design import Design
from router.model.geometry import Points
from router.model.layout import Layout, MaskPolygon, Masks

# A net, a level, and a place there.
Place = tuple[int, int, int, int]


def end_on_pad(end: Points, pad: Points) -> Points | None:
    """The ring (n, 2), counter-clockwise, of what joins the end of a trace to a pad, both given as convex rings about
    one place; None where one of them holds the other."""
    one, other = shapely.Polygon(end), shapely.Polygon(pad)
    if one.covers(other) or other.covers(one):
        return None
    return integer_ring(shapely.convex_hull(shapely.union(one, other)))


def joined_ends(design: Design, layout: Layout, masks: Masks) -> Iterator[tuple[str, MaskPolygon]]:
    """What joins the ends of traces to the capture pads and lands that the masks have, with the level's name."""
    ends = _ends(layout)
    nets = {net.name: index for index, net in enumerate(design.nets)}
    known: dict[tuple[str, int, int], Points | None] = {}
    for placed in masks.placed:
        for index, level in enumerate(design.pdk.levels):
            width = ends.get((nets.get(placed.net, -1), index, placed.x, placed.y), 0)
            for pad in masks.cells[placed.cell].drawing.get(level.name, ()) if width else ():
                key = placed.cell, index, width
                if key not in known:
                    known[key] = end_on_pad(_end(level.angles, width), pad)
                if (ring := known[key]) is not None:
                    yield level.name, MaskPolygon(ring + np.array([placed.x, placed.y], dtype=np.int64), placed.net)


def _ends(layout: Layout) -> dict[Place, int]:
    """The width of the widest trace that ends at each place."""
    widest: dict[Place, int] = {}
    for trace in layout.traces:
        for x, y in trace.points[[0, -1]].tolist():
            place = trace.net, trace.level, x, y
            widest[place] = max(trace.width, widest.get(place, 0))
    return widest


def _end(angles: str, width: int) -> Points:
    """The end of a trace about its last point."""
    return trace_round(width) if angles == "any" else np.array(trace_octagon(width), dtype=np.int64)
