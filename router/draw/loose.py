"""Loose ends of fixed traces are cut off square.

The octagon at the end of a trace is 0.765 times as wide across its corners as the trace is. Where metal hides it nobody
minds, but at a loose end it is too narrow for a trace that is hardly wider than the least width.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import shapely
from numpy.typing import NDArray

from router.draw.shapes import heading_of, integer_ring
from router.model.design import Design
from router.model.geometry import Points
from router.model.layout import Layout
from router.plan.loose import Metal

Flags = NDArray[np.bool_]


def loose_ends(design: Design, layout: Layout) -> dict[int, Flags]:
    """Whether the first and the last point of each fixed trace, by its index, lie on no land, cut or fixed trace of its
    net, (2,). Traces that were routed have ends of their own."""
    fixed: dict[tuple[int, int], list[int]] = defaultdict(list)
    for index, trace in enumerate(layout.traces):
        if trace.fixed:
            fixed[trace.net, trace.level].append(index)
    metal = _metal(design, layout, set(fixed))
    found: dict[int, Flags] = {}
    for key, mine in fixed.items():
        ends = np.concatenate([layout.traces[k].points[[0, -1]] for k in mine])
        half = np.repeat([layout.traces[k].width / 2 for k in mine], 2)
        covered = metal[key].covers(ends, half, np.repeat(mine, 2)).reshape(-1, 2)
        found.update(zip(mine, ~covered, strict=True))
    return found


def _metal(design: Design, layout: Layout, wanted: set[tuple[int, int]]) -> dict[tuple[int, int], Metal]:
    """Lands, capture pads and fixed traces of nets on levels (net, level)."""
    metal = {key: Metal() for key in wanted}
    for index, trace in enumerate(layout.traces):
        if trace.fixed and (trace.net, trace.level) in wanted:
            metal[trace.net, trace.level].add(shapely.LineString(trace.points), trace.width / 2, index)
    for via in layout.vias:
        rule = design.pdk.vias[via.index]
        for level, enclosure in ((via.index, rule.enclosure_lower), (via.index + 1, rule.enclosure_upper)):
            if (via.net, level) in wanted:
                metal[via.net, level].add(shapely.Point(via.x, via.y), rule.cut / 2 + enclosure)
    for net in {net for net, _ in wanted}:
        for t in (design.terminals[t] for end in design.nets[net].ends for t in end.terminals):
            if (net, t.level) in wanted:
                metal[net, t.level].add(shapely.Point(t.x, t.y), min(t.width, t.height) / 2)
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
