"""Paths → traces and vias: straight runs merged, trees cut where a branch leaves, each piece ready to be tightened."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from router.draw.shapes import without_straights
from router.model.design import Design
from router.model.geometry import Points
from router.model.layout import Trace, Via
from router.model.pdk import ShapeKind
from router.model.routing import Path, Routing

# A net, a level, and a place there.
NetPlace = tuple[int, int, int, int]


class Pad(NamedTuple):
    """The pad at an end of a trace: half its sides in nm, 0 where there is none, and whether it has corners."""

    half_width: int
    half_height: int
    cornered: bool


NO_PAD = Pad(0, 0, False)


@dataclass(frozen=True, slots=True)
class Line:
    """A trace still to be tightened, and the pad at either end."""

    trace: Trace
    pads: tuple[Pad, Pad]

    @property
    def held(self) -> tuple[bool, bool]:
        """Whether the direction at its first and last point must stay, because another piece of the same net meets it
        there outside any pad."""
        return self.pads[0] is NO_PAD, self.pads[1] is NO_PAD

    def along(self, points: Points) -> Line:
        """The same line along another way, (n, 2)."""
        return Line(Trace(self.trace.net, self.trace.level, self.trace.width, points, self.trace.fixed), self.pads)


def level_runs(path: Path) -> list[tuple[int, int, int]]:
    """Runs of a path on one level: (level, first point, last point)."""
    cuts = np.flatnonzero(np.diff(path.levels)) + 1
    bounds = [0, *cuts.tolist(), len(path.levels)]
    return [(int(path.levels[a]), a, b - 1) for a, b in pairwise(bounds)]


def collect_vias(paths: tuple[Path, ...]) -> tuple[Via, ...]:
    """The cuts of all paths, each once."""
    found = {}
    for path in paths:
        for (lower, _, last), (upper, _, _) in pairwise(level_runs(path)):
            x, y = path.points[last].tolist()
            via = Via(path.net, min(lower, upper), x, y)
            found[(via.net, via.index, x, y)] = via
    return tuple(found[key] for key in sorted(found))


def with_ways(lines: Iterable[Line], ways: Iterable[Points]) -> list[Line]:
    """The same lines along other ways."""
    return [line.along(points) for line, points in zip(lines, ways, strict=True)]


def capture_pads(design: Design, vias: tuple[Via, ...]) -> dict[NetPlace, Pad]:
    """Capture pads by their places."""
    pads = {}
    for via in vias:
        rule = design.pdk.vias[via.index]
        for level, capture in zip((via.index, via.index + 1), rule.captures, strict=True):
            pads[(via.net, level, via.x, via.y)] = Pad(capture // 2, capture // 2, rule.shape is ShapeKind.RECT)
    return pads


def land_pads(design: Design) -> dict[NetPlace, Pad]:
    """Lands by their places."""
    pads = {}
    for index, net in enumerate(design.nets):
        for end in net.ends:
            for t in (design.terminals[t] for t in end.terminals):
                cornered = design.pdk.pads[t.pad].land.shape is ShapeKind.RECT
                pads[(index, t.level, t.x, t.y)] = Pad(t.width // 2, t.height // 2, cornered)
    return pads


def known_pads(design: Design, vias: tuple[Via, ...]) -> dict[NetPlace, Pad]:
    """Capture pads by their places, and lands, which come first where both stand at one."""
    return capture_pads(design, vias) | land_pads(design)


def draw_lines(design: Design, routing: Routing) -> tuple[list[Line], tuple[Via, ...]]:
    """Traces, cut at every meeting point of their net, and vias."""
    vias = collect_vias(routing.paths)
    pads = known_pads(design, vias)
    met = set(pads)
    branched: dict[int, int] = defaultdict(int)
    for path in routing.paths:
        branched[path.net] += 1
        met |= {(path.net, int(path.levels[at]), *path.points[at].tolist()) for at in (0, -1)}
    lines = []
    for path in routing.paths:
        widths = design.class_of(path.net).widths
        for level, first, last in level_runs(path):
            run = path.points[first : last + 1]
            inner: list[int] = []
            if branched[path.net] > 1:
                inner = [i for i in range(1, len(run) - 1) if (path.net, level, *run[i].tolist()) in met]
            ends = [0, *inner, len(run) - 1]
            for a, b in pairwise(ends):
                points = without_straights(run[a : b + 1])
                if len(points) > 1:
                    one, other = (pads.get((path.net, level, *points[at].tolist()), NO_PAD) for at in (0, -1))
                    trace = Trace(path.net, level, widths[level], points)
                    lines.append(Line(trace, (one, other)))
    return lines, vias
