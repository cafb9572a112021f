"""Metal that a DEF file has on the redistribution layers, as centre lines and as rings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Sequence
from dataclasses import replace

import numpy as np
import shapely

from router.model.draft import DraftTrace
from router.model.geometry import Box, Points
from router.read.formats.areas import area_of, rings
from router.read.formats.lefdef_def import DefWire


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


def trace_line(points: Points, width: int, stay: Sequence[bool]) -> tuple[int, Points]:
    """Width and centre line of the trace that draws a wire. Wires end flush where they run along an axis, and with an
    octagon elsewhere; traces reach half their width beyond their ends. Of the two ends, those that `stay` do."""
    short = len(points) == 2 and _orthogonal(*points) and int(np.abs(points[1] - points[0]).max()) <= width
    if short and not any(stay):
        line = centre_line(next(wire_rings(points, width)))
        if line is not None:
            return line
    moved = points.copy()
    for end, inner, stays in ((0, 1, stay[0]), (-1, -2, stay[1])):
        run = points[inner] - points[end]
        length = int(np.abs(run).max())
        if _orthogonal(points[end], points[inner]) and length > width // 2 and not stays:
            moved[end] += run // length * (width // 2)
    return width, moved


def in_runs(traces: Sequence[DraftTrace], apart: Container[tuple[str, int, int]]) -> Iterator[DraftTrace]:
    """Traces that follow one another end to end as one, as a person would draw them: files have each straight piece of
    a route by itself. They stay two where a third meets them, where they turn sharper than 90°, and at places that are
    `apart`: (net, x, y)."""
    ends = Counter((trace.net, *end) for trace in traces for end in trace.points[[0, -1]].tolist())
    run: list[list[int]] = []
    last: DraftTrace | None = None
    for trace in traces:
        line = trace.points.tolist()
        alike = last is not None and (trace.net, trace.layer, trace.width) == (last.net, last.layer, last.width)
        if alike and (ways := _end_to_end(run, line)):
            before, after = ways
            place = (trace.net, *after[0])
            turn = _turn(before[-2], before[-1], after[1])
            if turn >= 0 and ends[place] == 2 and place not in apart:
                run = before
                # A straight run has no corner.
                if turn > 0 and _straight(run[-2], run[-1], after[1]):
                    run.pop()
                run += after[1:]
                continue
        if last is not None:
            yield replace(last, points=np.array(run, dtype=np.int64))
        run, last = trace.points.tolist(), trace
    if last is not None:
        yield replace(last, points=np.array(run, dtype=np.int64))


def _end_to_end(run: list[list[int]], line: list[list[int]]) -> tuple[list[list[int]], list[list[int]]] | None:
    """The two ways such that the second starts where the first ends; a first of one piece may be turned round."""
    if run[-1] in (line[0], line[-1]):
        return run, line if run[-1] == line[0] else line[::-1]
    if len(run) == 2 and run[0] in (line[0], line[-1]):
        return run[::-1], line if run[0] == line[0] else line[::-1]
    return None


def _turn(a: list[int], b: list[int], c: list[int]) -> int:
    """Above 0 where the way a, b, c turns by less than 90°, 0 at 90°."""
    return (b[0] - a[0]) * (c[0] - b[0]) + (b[1] - a[1]) * (c[1] - b[1])


def _straight(a: list[int], b: list[int], c: list[int]) -> bool:
    return (b[0] - a[0]) * (c[1] - b[1]) == (b[1] - a[1]) * (c[0] - b[0])


def slanted_ends(wires: Sequence[DefWire]) -> set[tuple[str, str, int, int]]:
    """Net, layer and place of the ends that a slanted run leads to: straight runs that end there go on in it."""
    return {
        (wire.net, wire.layer, *wire.points[end].tolist())
        for wire in wires
        for end, inner in ((0, 1), (-1, -2))
        if not _orthogonal(wire.points[end], wire.points[inner])
    }


def covered(wires: Sequence[DefWire]) -> set[int]:
    """Which wires lie within wider ones of their net and layer: they add nothing."""
    widest: dict[tuple[str, str], int] = {}
    for wire in wires:
        key = (wire.net, wire.layer)
        widest[key] = max(widest.get(key, 0), wire.width)
    narrow = [index for index, wire in enumerate(wires) if wire.width < widest[wire.net, wire.layer]]
    beside = {(wires[index].net, wires[index].layer) for index in narrow}
    wide: dict[tuple[str, str], list[shapely.Polygon]] = {key: [] for key in beside}
    for wire in wires:
        key = (wire.net, wire.layer)
        if key in beside and wire.width == widest[key]:
            wide[key] += [shapely.Polygon(ring) for ring in wire_rings(wire.points, wire.width)]
    # Slanted sides may be a nanometre off.
    metal = {key: shapely.union_all(polygons).buffer(1) for key, polygons in wide.items()}
    return {
        index
        for index in narrow
        if all(
            metal[wires[index].net, wires[index].layer].covers(shapely.Polygon(ring))
            for ring in wire_rings(wires[index].points, wires[index].width)
        )
    }


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
    return rings(shapely.box(*box.bounds).difference(area_of(area)))
