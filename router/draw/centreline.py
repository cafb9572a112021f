"""Paths → traces and vias: straight runs merged, trees cut where a branch leaves, so that each piece can be tightened."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from router.model.design import Design
from router.model.geometry import Points
from router.model.layout import Trace, Via
from router.model.routing import Path, Routing


@dataclass(frozen=True, slots=True)
class Line:
    """A trace still to be tightened. `held` says for its first and last point whether the direction there must stay,
    because another piece of the same net meets it there outside any pad."""

    trace: Trace
    held: tuple[bool, bool]


def corners(points: Points) -> Points:
    """The points (n, 2) without repeats and without those in the middle of a straight run."""
    keep = np.ones(len(points), dtype=bool)
    keep[1:] = np.any(points[1:] != points[:-1], axis=1)
    points = points[keep]
    if len(points) < 3:
        return points
    step = np.sign(np.diff(points, axis=0))
    turns = np.ones(len(points), dtype=bool)
    turns[1:-1] = np.any(step[1:] != step[:-1], axis=1)
    return points[turns]


def level_runs(path: Path) -> list[tuple[int, int, int]]:
    """Runs of a path on one level: (level, first point, last point)."""
    levels = np.array(path.levels)
    cuts = np.flatnonzero(np.diff(levels)) + 1
    bounds = [0, *cuts.tolist(), len(levels)]
    return [(int(levels[a]), a, b - 1) for a, b in zip(bounds[:-1], bounds[1:], strict=True)]


def collect_vias(paths: tuple[Path, ...]) -> tuple[Via, ...]:
    """The cuts of all paths, each once."""
    found = {}
    for path in paths:
        for (lower, _, last), (upper, _, _) in zip(level_runs(path)[:-1], level_runs(path)[1:], strict=True):
            x, y = path.points[last].tolist()
            via = Via(path.net, min(lower, upper), x, y)
            found[(via.net, via.index, x, y)] = via
    return tuple(found[key] for key in sorted(found))


def anchors(design: Design, paths: tuple[Path, ...], vias: tuple[Via, ...]) -> tuple[set[tuple[int, int, int, int]], ...]:
    """Places (net, level, x, y) where pieces meet: on a pad or via, and all together with bare junctions."""
    padded = set()
    for index, net in enumerate(design.nets):
        for end in net.ends:
            for terminal in (design.terminals[t] for t in end.terminals):
                padded.add((index, terminal.level, terminal.x, terminal.y))
    for via in vias:
        padded |= {(via.net, via.index, via.x, via.y), (via.net, via.index + 1, via.x, via.y)}
    met = set(padded)
    for path in paths:
        for at in (0, -1):
            x, y = path.points[at].tolist()
            met.add((path.net, path.levels[at], x, y))
    return padded, met


def draw_lines(design: Design, routing: Routing) -> tuple[list[Line], tuple[Via, ...]]:
    """Traces, cut at every meeting point of their net, and vias."""
    vias = collect_vias(routing.paths)
    padded, met = anchors(design, routing.paths, vias)
    branched = defaultdict(int)
    for path in routing.paths:
        branched[path.net] += 1
    lines = []
    for path in routing.paths:
        widths = design.classes[design.nets[path.net].net_class].widths
        for level, first, last in level_runs(path):
            run = path.points[first : last + 1]
            ends = [0, len(run) - 1]
            if branched[path.net] > 1:
                inner = [i for i in range(1, len(run) - 1) if (path.net, level, *run[i].tolist()) in met]
                ends = [0, *inner, len(run) - 1]
            for a, b in zip(ends[:-1], ends[1:], strict=True):
                points = corners(run[a : b + 1])
                if len(points) > 1:
                    held = tuple((path.net, level, *points[at].tolist()) not in padded for at in (0, -1))
                    lines.append(Line(Trace(path.net, level, widths[level], points), (held[0], held[1])))
    return lines, vias
