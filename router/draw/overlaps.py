"""Wide traces that change level run on along each other, where one cut alone has room at their ends.

A trace of 60 µm has the octagon at its end for a single cut of 15 µm: there it would burn. Metal of one level goes on
below or above the first run of the trace on the other, as far as there is room, and cuts stand in it behind each other
until they are together as wide as the narrower trace.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import groupby
from math import ceil
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from router.draw.centreline import NO_PAD, Line, NetPlace, land_pads
from router.draw.cut_arrays import has_rules_of_others, outline_of, pitch_of
from router.draw.shapes import heading_of, trace_rings
from router.draw.spare_cuts import Metal
from router.maze.obstacles import Obstacle
from router.model.design import Design
from router.model.layout import Shape, Trace, Via

ROLE = "overlap"


class Overlap(NamedTuple):
    """Metal that goes on along a trace of another level, and the cuts that this has room for."""

    metal: tuple[Trace, ...]
    cuts: tuple[Via, ...]


class Column(NamedTuple):
    """Cuts of a net at one place, from its lowest level to its highest one."""

    net: int
    x: int
    y: int
    lowest: int
    highest: int


def overlap_shapes(overlaps: Sequence[Overlap], vias: Sequence[Via]) -> Iterator[Shape]:
    """The metal of those overlaps in which cuts have come to stand."""
    stand = set(vias)
    for overlap in overlaps:
        if not stand.isdisjoint(overlap.cuts):
            for bar in overlap.metal:
                yield from (Shape(bar.net, bar.level, ring, ROLE) for ring in trace_rings(bar.points, bar.width))


def find_overlaps(
    design: Design, traces: Sequence[Trace], vias: Sequence[Via], standing: Sequence[list[Obstacle]]
) -> list[Overlap]:
    """What traces of octilinear levels may run on; `standing`: what they keep from besides each other, by level."""
    pdk = design.pdk
    if any(level.angles != "octilinear" for level in pdk.levels):
        return []
    lands = land_pads(design)
    ends: dict[NetPlace, list[Trace]] = defaultdict(list)
    for trace in traces:
        for points in (trace.points, trace.points[::-1]):
            ends[trace.net, trace.level, *points[0].tolist()].append(
                Trace(trace.net, trace.level, trace.width, points, trace.fixed)
            )

    @cache
    def metal(level: int) -> Metal:
        here = [Line(trace, (NO_PAD, NO_PAD)) for trace in traces if trace.level == level]
        return Metal(design, level, here, standing[level])

    found = []
    for column in _columns(vias):
        levels = range(column.lowest, column.highest + 1)
        met = [ends.get((column.net, level, column.x, column.y), []) for level in levels]
        at_land = any((column.net, level, column.x, column.y) in lands for level in levels)
        if at_land or not met[0] or not met[-1] or any(trace.fixed for here in met for trace in here):
            continue
        for overlap in _along(design, column, met):
            lines = [Line(bar, (NO_PAD, NO_PAD)) for bar in overlap.metal]
            if all(metal(line.trace.level).has_room(line) for line in lines):
                for line in lines:
                    metal(line.trace.level).take(line)
                found.append(overlap)
                break
    return found


def _columns(vias: Sequence[Via]) -> Iterator[Column]:
    """All cuts, those that stand on each other together, in order."""
    at = sorted(vias, key=lambda via: (via.net, via.x, via.y, via.index))
    numbered = enumerate(at)
    for (net, x, y, _), group in groupby(numbered, lambda one: (one[1].net, one[1].x, one[1].y, one[1].index - one[0])):
        indices = [via.index for _, via in group]
        yield Column(net, x, y, indices[0], indices[-1] + 1)


def _along(design: Design, column: Column, met: list[list[Trace]]) -> Iterator[Overlap]:
    """What may go on from a column: the longest first, metal below a run before that above one. met: the traces that
    end there on each of its levels, from there on."""
    rules = design.pdk.vias[column.lowest : column.highest]
    width = min(max(trace.width for trace in here) for here in (met[0], met[-1]))
    pitch = max(pitch_of(design.pdk, rule) for rule in rules)
    across = 2 * max(outline_of(design.pdk, rule, size) for rule in rules for size in rule.captures)
    own = any(has_rules_of_others(design.pdk, rule) for rule in rules)
    if own or not across <= width < across + 2 * pitch:
        return
    runs = [(run, range(column.lowest, column.highest)) for run in met[-1]]
    runs += [(run, range(column.lowest + 1, column.highest + 1)) for run in met[0]]
    for more in range(ceil(width / min(rule.cut for rule in rules)) - 1, 0, -1):
        for run, levels in runs:
            step = np.sign(run.points[1] - run.points[0])
            there = run.points[0] + np.arange(more + 1)[:, None] * pitch * step
            fits = heading_of(*(run.points[1] - run.points[0]).tolist()) >= 0
            bars = tuple(_bar(design, met, column, run, level, there[[0, -1]]) for level in levels)
            fits = fits and min(bar.width for bar in bars) >= across and _reaches(run, there[-1])
            if fits and _opens(met, column, levels, step):
                between = range(column.lowest, column.highest)
                cuts = tuple(Via(column.net, k, *at) for k in between for at in there[1:].tolist())
                yield Overlap(bars, cuts)


def _reaches(run: Trace, place: NDArray[np.int64]) -> bool:
    """Whether the first run of a trace leads as far as a place on its line."""
    return bool((np.abs(place - run.points[0]) <= np.abs(run.points[1] - run.points[0])).all())


def _opens(met: list[list[Trace]], column: Column, levels: range, step: NDArray[np.int64]) -> bool:
    """Whether what goes on by this step leaves all traces of its levels at no sharp corner."""
    leaving = [np.sign(t.points[1] - t.points[0]) for level in levels for t in met[level - column.lowest]]
    return all(step @ other <= 0 for other in leaving)


def _bar(
    design: Design, met: list[list[Trace]], column: Column, run: Trace, level: int, points: NDArray[np.int64]
) -> Trace:  # fmt: skip
    """What goes on along a run on a level: no wider than that, or than the traces that end there."""
    here = [trace.width for trace in met[level - column.lowest]] or [design.class_of(column.net).widths[level]]
    return Trace(column.net, level, min(run.width, *here), points)
