"""How many tracks can pass a straight line, or the closed line round a rectangle, on each level.

A track passes a line where its centre line meets it. The centre keeps `width / 2 + spacing` from metal of others,
`width / 2` from keep-outs and `width / 2` more than the keep-out of the edge from the edge; centres of two tracks keep
`width + spacing`. On an arc of a cut between two obstacles whose free length for centres is B that leaves
floor(B / pitch) + 1 tracks, which is the familiar floor((gap - spacing) / pitch) for a gap between two lands. Tracks
that cross at right angles reach this number; a diagonal track takes √2 as much of an axis-parallel line, so octilinear
routing never exceeds it. Beside lands that are wide metal the spacing of that counts, however short a run is, as the
search has it. Obstacles count by shapes that lie inside what is drawn, and every net as if it were of the narrowest
width and spacing: the number is an upper bound, whatever the router.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from router.model.design import Design
from router.model.geometry import GRID_SLACK
from router.model.pdk import PadStyle, ShapeKind
from router.model.runs import numbered
from router.plan.levels import running_levels

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

# Places along a line and the line's number in one sorted key.
_STRIDE, _MIDDLE = 1 << 32, 1 << 31
# Farther out than any coordinate (1 m): a side there lies outside the package.
OUTSIDE = 1_500_000_000


@dataclass(frozen=True, slots=True)
class Narrowest:
    """The least width and spacing of the nets that may use each level, nm, shape (levels,); width 0 where none may.

    `spare`: by how much more than the least the largest spacing is. Beside a keep-out or the edge a trace keeps no
    spacing: so much more than its length an arc between two of them takes of widths and spacings.
    """

    width: Ints
    spacing: Ints
    spare: Ints

    @property
    def pitch(self) -> Ints:
        """What the centres of two tracks keep from each other: width and spacing."""
        return self.width + self.spacing

    @property
    def reach(self) -> Ints:
        """What a centre keeps from the metal of others: half the width and the spacing."""
        return self.width // 2 + self.spacing


def narrowest(design: Design) -> Narrowest:
    """Over the classes of all nets that have something to join."""
    runs = running_levels(design)
    found = np.zeros((3, len(design.pdk.levels)), dtype=np.int64)
    for level in range(len(design.pdk.levels)):
        users = [design.classes[name] for name in runs if level in runs[name]]
        if users:
            spacings = [c.spacings[level] for c in users]
            found[:, level] = min(c.widths[level] for c in users), min(spacings), max(spacings) - min(spacings)
    return Narrowest(*found)


@dataclass(frozen=True, slots=True)
class LandCores:
    """Cores (boxes about x, y with half sizes) grown by a radius, each (n,), nm; never larger than what is drawn.

    `spacing`: what each asks for as wide metal, nm, 0 where it is none.
    """

    level: Ints
    x: Ints
    y: Ints
    core_x: Ints
    core_y: Ints
    radius: Ints
    spacing: Ints


def land_cores(design: Design) -> LandCores:
    """The lands of all terminals, with and without a net."""
    angular = {name: pad.land.shape is ShapeKind.RECT for name, pad in design.pdk.pads.items()}
    spacing = {name: _beside(design, pad) for name, pad in design.pdk.pads.items()}
    rows = [(t.level, t.x, t.y, t.width // 2, t.height // 2, angular[t.pad], spacing[t.pad]) for t in design.terminals]
    level, x, y, half_x, half_y, square, beside = np.array(rows, dtype=np.int64).reshape(-1, 7).T
    radius = np.where(square, 0, np.minimum(half_x, half_y))
    drawn = np.where(square, 0, np.maximum(0, radius - design.pdk.chord_error - GRID_SLACK))
    return LandCores(level, x, y, half_x - radius, half_y - radius, drawn, beside)


def _beside(design: Design, pad: PadStyle) -> int:
    """What the land of a pad style asks for as wide metal, nm, 0 where it is none."""
    level, land = design.pdk.levels[design.pdk.level_index(pad.level)], pad.land
    sides = {
        ShapeKind.RECT: max(land.width, land.height),
        ShapeKind.OCTAGON: round(land.width * (np.sqrt(2.0) - 1)),
    }
    # What is round has sides, too, as it is drawn.
    longest = sides.get(land.shape, max(1, abs(land.width - land.height)))
    return level.beside_wide(min(land.width, land.height), longest)


@dataclass(frozen=True, slots=True)
class Arcs:
    """The free arcs of many parallel lines on one level: sorted keys of their ends, (n,), and the tracks of all arcs
    before each, (2, n + 1), whole and partial."""

    start: Ints
    end: Ints
    before: Floats


def keys(line: Ints, place: Ints) -> Ints:
    """One sortable number for a place on a line."""
    return line * _STRIDE + (place + _MIDDLE)


def tracks_on(length: Ints, pitch: int, spare: int) -> Floats:
    """Tracks on arcs of these free lengths for centres: (2, n), first whole ones, then not rounded down.

    The second is what nets of several widths and spacings, measured in tracks of the narrowest, can at most take: see
    `Narrowest.spare`.
    """
    return np.stack([length // pitch + 1.0, (length + spare) / pitch + 1.0])


@dataclass(frozen=True, slots=True)
class Lines:
    """Parallel lines at `at` (n,), ascending, the first and last outside the package; their free arcs by level."""

    at: Ints
    arcs: tuple[Arcs | None, ...]


def free_lines(design: Design, lands: LandCores, axis: int, at: Ints, least: Narrowest) -> Lines:
    """Free arcs of the lines x = at (axis 0) or y = at (axis 1) on every level that nets may use."""
    arcs: list[Arcs | None] = []
    for level in range(len(design.pdk.levels)):
        if not least.width[level]:
            arcs.append(None)
            continue
        blocked = [*_edges(design, axis, at, level, least), _by_lands(lands, axis, at, least, level)]
        blocked += _by_shapes(design, axis, at, level, least)
        arcs.append(_arcs(np.concatenate(blocked), int(least.pitch[level]), int(least.spare[level])))
    return Lines(at, tuple(arcs))


def _edges(design: Design, axis: int, at: Ints, level: int, least: Narrowest) -> list[Ints]:
    """Keys (n, 2) of what lies beyond the edge of the package, twice; all of a line that runs outside."""
    inner = design.outline.grown(-int(design.pdk.levels[level].edge_keepout + least.width[level] // 2))
    across, along = (inner.x0, inner.x1), (inner.y0, inner.y1)
    if axis == 1:
        across, along = along, across
    line = np.arange(len(at))
    low, high = np.full(len(at), -OUTSIDE), np.full(len(at), OUTSIDE)
    outside = (at < across[0]) | (at > across[1]) | (along[0] > along[1])
    before, after = np.where(outside, high, along[0]), np.full(len(at), along[1])
    return [np.stack([keys(line, a), keys(line, b)], axis=1) for a, b in ((low, before), (after, high))]


def _by_lands(lands: LandCores, axis: int, at: Ints, least: Narrowest, level: int) -> Ints:
    """Keys (n, 2) of what lands, grown by the reach of a track, take of the lines."""
    here = lands.level == level
    across, along, core_across, core_along = (v[here] for v in (lands.x, lands.y, lands.core_x, lands.core_y))
    if axis == 1:
        across, along, core_across, core_along = along, across, core_along, core_across
    radius = lands.radius[here] + np.maximum(least.reach[level], least.width[level] // 2 + lands.spacing[here])
    first = np.searchsorted(at, across - core_across - radius, side="right")
    many = np.searchsorted(at, across + core_across + radius, side="left") - first
    land, line = numbered(many)
    line += first[land]
    off = np.maximum(0, np.abs(at[line] - across[land]) - core_across[land]).astype(np.float64)
    half = core_along[land] + np.floor(np.sqrt(np.maximum(0.0, radius[land].astype(np.float64) ** 2 - off**2)))
    half = half.astype(np.int64)
    return np.stack([keys(line, along[land] - half), keys(line, along[land] + half)], 1)


def _by_shapes(design: Design, axis: int, at: Ints, level: int, least: Narrowest) -> list[Ints]:
    """Keys (n, 2) of what keep-outs and fixed traces take of the lines."""
    half, reach = int(least.width[level]) // 2, int(least.reach[level])
    grown = [shapely.buffer(shapely.Polygon(ring), half) for ring in design.kept_out(level)]
    for fixed in design.fixed:
        if fixed.level == level:
            metal = shapely.buffer(shapely.LineString(fixed.points), fixed.width // 2 - GRID_SLACK, cap_style="flat")
            grown.append(shapely.buffer(metal, reach))
    return [_by_shape(shape, axis, at) for shape in grown]


def _by_shape(shape: shapely.Geometry, axis: int, at: Ints) -> Ints:
    bounds = shape.bounds
    line = np.flatnonzero((at > bounds[axis]) & (at < bounds[axis + 2]))
    ends = np.array([bounds[1 - axis] - 1, bounds[3 - axis] + 1])
    places = np.stack(np.broadcast_arrays(at[line, None], ends[None, :]), axis=2).astype(np.float64)
    chords = shapely.intersection(shapely.linestrings(places[:, :, :: 1 - 2 * axis]), shape)
    parts, of = shapely.get_parts(chords[~shapely.is_empty(chords)], return_index=True)
    line = line[~shapely.is_empty(chords)]
    box = shapely.bounds(parts)
    low, high = np.ceil(box[:, 1 - axis]).astype(np.int64), np.floor(box[:, 3 - axis]).astype(np.int64)
    kept = high > low
    return np.stack([keys(line[of[kept]], low[kept]), keys(line[of[kept]], high[kept])], 1)


def _arcs(blocked: Ints, pitch: int, spare: int) -> Arcs:
    """What is left between blocked intervals (n, 2) of keys; two that just touch leave the place of one centre."""
    blocked = blocked[np.argsort(blocked[:, 0], kind="stable")]
    start, end = np.maximum.accumulate(blocked[:, 1])[:-1], blocked[1:, 0]
    # Between the last place of a line and the first of the next lies nothing.
    free = (end >= start) & (end // _STRIDE == start // _STRIDE)
    start, end = start[free], end[free]
    before = np.concatenate([np.zeros((2, 1)), np.cumsum(tracks_on(end - start, pitch, spare), axis=1)], axis=1)
    return Arcs(start, end, before)


@dataclass(frozen=True, slots=True)
class Side:
    """What one side of each of n rectangles offers on a level: the free lengths at its two ends, (n,), -1 where the
    corner is blocked; whether it is one free arc from end to end, (n,); and the tracks between, (2, n)."""

    head: Ints
    tail: Ints
    whole: NDArray[np.bool_]
    inner: Floats

    def reversed(self) -> Side:
        """The same side, walked the other way."""
        return Side(self.tail, self.head, self.whole, self.inner)


def side(arcs: Arcs, line: Ints, low: Ints, high: Ints) -> Side:
    """The part low..high of each line (n,)."""
    a, b = keys(line, low), keys(line, high)
    i, j = np.searchsorted(arcs.end, a, side="left"), np.searchsorted(arcs.start, b, side="right") - 1
    some = i <= j
    if not len(arcs.start):
        none = np.full(len(line), -1)
        return Side(none, none, some, np.zeros((2, len(line))))
    first, last = np.minimum(i, len(arcs.start) - 1), np.maximum(j, 0)
    at_head, at_tail = some & (arcs.start[first] <= a), some & (arcs.end[last] >= b)
    head = np.where(at_head, np.minimum(arcs.end[first], b) - a, -1)
    tail = np.where(at_tail, b - np.maximum(arcs.start[last], a), -1)
    begin = np.where(at_head, i + 1, i)
    end = np.maximum(begin, np.where(at_tail, j, j + 1))
    return Side(head, tail, at_head & at_tail & (i == j), arcs.before[:, end] - arcs.before[:, begin])


def tracks_round(x: Lines, y: Lines, regions: Ints, level: int, least: Narrowest) -> Floats:
    """Tracks that pass the closed line round each region on a level, (2, n), whole and partial.

    `regions` (n, 4): indices of the lines x0, y0, x1, y1. Arcs run on round corners: the straight distance of two
    places there is no longer than the way along the cut.
    """
    on_x, on_y = x.arcs[level], y.arcs[level]
    if on_x is None or on_y is None:
        return np.zeros((2, len(regions)))
    pitch, spare = int(least.pitch[level]), int(least.spare[level])
    x0, y0, x1, y1 = regions.T
    across, up = (x.at[x0], x.at[x1]), (y.at[y0], y.at[y1])
    sides = [side(on_y, y0, *across), side(on_x, x1, *up), side(on_y, y1, *across).reversed(),
             side(on_x, x0, *up).reversed()]  # fmt: skip
    head, tail, whole = (np.stack([getattr(s, name) for s in sides]) for name in ("head", "tail", "whole"))
    # Walk round from a side with something in the way; an arc that reaches a corner runs on along the next side.
    order = (np.argmin(whole, axis=0) + np.arange(4)[:, None]) % 4
    head, tail, whole = (np.take_along_axis(v, order, axis=0) for v in (head, tail, whole))
    total, run = sum((s.inner for s in sides), np.zeros((2, len(regions)))), tail[0]
    for k in (1, 2, 3, 0):
        length = np.maximum(run, 0) + np.maximum(head[k], 0)
        ends = ~whole[k] & ((run >= 0) | (head[k] >= 0))
        total = total + np.where(ends, tracks_on(length, pitch, spare), 0.0)
        run = np.where(whole[k], length, tail[k])
    # Nothing in the way all round: the arc closes on itself.
    round_about = 2 * (across[1] - across[0] + up[1] - up[0])
    return np.where(whole.all(axis=0), tracks_on(round_about, pitch, spare) - 1.0, total)
