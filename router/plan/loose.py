"""Loose ends of fixed traces: those on which no other metal of their net lies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray

from router.model.design import Design, FixedTrace, Terminal
from router.model.geometry import Points
from router.model.layout import Trace

Flags = NDArray[np.bool_]

# Traces that end on a fixed one keep so many times their width from its loose ends, so that their round ends, which are
# narrower across, lie within it however sharp the bend.
MARGIN = 1.0


@dataclass(slots=True)
class Metal:
    """Metal of one net on one level: centre lines and centres, what they are grown by, nm, and the number of the trace
    that each belongs to, -1 for none."""

    shapes: list[shapely.Geometry] = field(default_factory=list)
    reach: list[float] = field(default_factory=list)
    trace: list[int] = field(default_factory=list)

    def add(self, shape: shapely.Geometry, reach: float, trace: int = -1) -> None:
        self.shapes.append(shape)
        self.reach.append(reach)
        self.trace.append(trace)

    def add_land(self, t: Terminal) -> None:
        self.add(shapely.Point(t.x, t.y), min(t.width, t.height) / 2)

    def loose(self, traces: Mapping[int, FixedTrace | Trace]) -> dict[int, Flags]:
        """Whether the round ends of traces lie on no metal of others, (2,) by their numbers."""
        number = np.repeat(list(traces), 2)
        half = np.repeat([trace.width / 2 for trace in traces.values()], 2)
        points = shapely.points(np.concatenate([trace.points[[0, -1]] for trace in traces.values()]))
        reach = np.array(self.reach)
        end, other = shapely.STRtree(self.shapes).query(points, "dwithin", distance=float(reach.max()))
        within = shapely.distance(points[end], np.array(self.shapes)[other]) + half[end] <= reach[other]
        loose = np.ones(len(points), dtype=np.bool_)
        loose[end[within & (np.array(self.trace)[other] != number[end])]] = False
        return dict(zip(traces, loose.reshape(-1, 2), strict=True))


def loose_ends(design: Design, net: int, fixed: list[FixedTrace]) -> Flags:
    """Whether the two ends of each fixed trace of a net lie on none of its lands and no other of them, (n, 2). On one
    of a level beside its own an end is not loose: a cut belongs there."""
    loose = np.zeros((len(fixed), 2), dtype=np.bool_)
    if not fixed:
        return loose
    metal = [Metal() for _ in design.pdk.levels]
    widest = max(f.width for f in fixed) / 2
    for k, f in enumerate(fixed):
        line = shapely.LineString(f.points)
        metal[f.level].add(line, f.width / 2, k)
        for beside in (f.level - 1, f.level + 1):
            if 0 <= beside < len(metal):
                metal[beside].add(line, f.width / 2 + widest)
    for t in (design.terminals[t] for end in design.nets[net].ends for t in end.terminals):
        metal[t.level].add_land(t)
    for level in {f.level for f in fixed}:
        found = metal[level].loose({k: f for k, f in enumerate(fixed) if f.level == level})
        loose[list(found)] = list(found.values())
    return loose


def away_from(points: Points, loose: Flags, margin: int) -> Points:
    """A line (n, 2) whose loose ends (2,) are drawn back by a margin, nm, or to the middle of a segment that is
    short."""
    line = points.copy()
    for at, before, off in ((0, 1, loose[0]), (-1, -2, loose[1])):
        if off:
            step = points[before] - points[at]
            line[at] += np.round(step * min(margin / np.hypot(*step), 0.5)).astype(np.int64)
    return line
