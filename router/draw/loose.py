"""Loose ends of fixed traces are cut off square.

The octagon at the end of a trace is 0.765 times as wide across its corners as the trace is. Where metal hides it nobody
minds, but at a loose end it is too narrow for a trace that is hardly wider than the least width.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import numpy as np
import shapely
from numpy.typing import NDArray

from router.draw.shapes import heading_of, integer_ring
from router.model.design import Design
from router.model.geometry import Points
from router.model.layout import Layout, Trace
from router.plan.loose import Metal

Flags = NDArray[np.bool_]


def loose_ends(design: Design, layout: Layout) -> dict[int, Flags]:
    """Whether the first and the last point of each fixed trace, by its index, lie on no land, cut or fixed trace of its
    net, (2,). Traces that were routed have ends of their own."""
    fixed: dict[tuple[int, int], dict[int, Trace]] = defaultdict(dict)
    for index, trace in enumerate(layout.traces):
        if trace.fixed:
            fixed[trace.net, trace.level][index] = trace
    metal = _metal(design, layout, fixed) if fixed else {}
    return {index: ends for key, traces in fixed.items() for index, ends in metal[key].loose(traces).items()}


def _metal(
    design: Design, layout: Layout, fixed: Mapping[tuple[int, int], Mapping[int, Trace]]
) -> dict[tuple[int, int], Metal]:
    """Lands, capture pads and fixed traces of nets on levels (net, level)."""
    metal = {key: Metal() for key in fixed}
    for key, traces in fixed.items():
        for index, trace in traces.items():
            metal[key].add(shapely.LineString(trace.points), trace.width / 2, index)
    for via in layout.vias:
        for level, capture in zip((via.index, via.index + 1), design.pdk.vias[via.index].captures, strict=True):
            if (via.net, level) in metal:
                metal[via.net, level].add(shapely.Point(via.x, via.y), capture / 2)
    for net in {net for net, _ in metal}:
        for t in (design.terminals[t] for end in design.nets[net].ends for t in end.terminals):
            if (net, t.level) in metal:
                metal[net, t.level].add_land(t)
    return metal


def cut_square(ring: Points, line: Points, width: int, loose: Flags) -> Points:
    """The ring of a trace along `line` without what lies beyond loose ends (2,) that run along an axis or at 45°."""
    drawn = shapely.Polygon(ring)
    for at, before, off in ((0, 1, loose[0]), (-1, -2, loose[1])):
        away = line[at] - line[before]
        if off and heading_of(*away.tolist()) >= 0:
            along = np.sign(away)
            depth, side = along * width, np.array([-along[1], along[0]]) * (width // 2 + 1)
            corners = [line[at] - side, line[at] - side + depth, line[at] + side + depth, line[at] + side]
            drawn = shapely.difference(drawn, shapely.Polygon(corners))
    return integer_ring(drawn) if drawn.geom_type == "Polygon" else ring
