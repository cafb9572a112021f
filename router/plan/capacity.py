"""Capacity planning: the fullest cuts of a package, the fewest levels they allow, and the proof where one is too full.

Every cut is the closed line round a rectangle. All nets with one end inside and one outside must pass it on some level,
and no level passes more of them than it has tracks there (`plan.tracks`). So a cut with more nets than tracks proves
that no router can finish; a package whose cuts all have room may still be impossible.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from router.model.design import Design
from router.model.geometry import Box
from router.plan.cut import Capacity, Cut
from router.plan.demand import Ends, collect_ends, must_cross
from router.plan.regions import (
    corner_regions,
    gap_regions,
    line_places,
    line_regions,
    neighbours,
    ring_regions,
)
from router.plan.tracks import (
    Lines,
    Narrowest,
    free_lines,
    narrowest,
    partial_tracks,
    tracks_round,
    whole_tracks,
)

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_SHOWN = 5
# The fullest regions are improved by moving one side at a time, by up to so many lines, for so many rounds.
_STARTS, _REACH, _ROUNDS = 3, 16, 4


@dataclass(frozen=True, slots=True)
class Field:
    """A package prepared for measuring cuts.

    `x`, `y`: lines with whole and with partial tracks. `ends`: what must cross. `widths` (m,): tracks of the narrowest
    class that each net takes where it takes fewest. `groups`: sets of levels that net classes are held to, and for each
    the nets (m,) that may not leave it.
    """

    design: Design
    least: Narrowest
    x: tuple[Lines, Lines]
    y: tuple[Lines, Lines]
    ends: Ends
    widths: Floats
    groups: tuple[tuple[tuple[int, ...], NDArray[np.bool_]], ...]


@dataclass(frozen=True, slots=True)
class Measures:
    """What n regions came to: for each the tracks of every level (n, L), and of the group of levels that is fullest
    its index, need and room (n,)."""

    regions: Ints
    tracks: Floats
    group: Ints
    need: Floats
    room: Floats
    nets: Floats

    @property
    def utilisation(self) -> Floats:
        """Shares (n,); infinite where nothing can pass what must."""
        share = np.where(self.need > 0, np.inf, 0.0)
        return np.divide(self.need, self.room, out=share, where=self.room > 0)


def prepare(design: Design) -> Field:
    """Lines with their free arcs, ends of nets, and what their classes ask for."""
    least = narrowest(design)
    ends = collect_ends(design, least)
    lines = []
    for axis in (0, 1):
        at = line_places(design, axis)
        lines.append(tuple(free_lines(design, axis, at, least, count) for count in (whole_tracks, partial_tracks)))
    classes = [design.classes[design.nets[n].net_class] for n in ends.nets]
    of_class = {
        c.name: min(((c.widths[k] + c.spacings[k]) / least.pitch[k] for k in c.levels if least.pitch[k]), default=1.0)
        for c in classes
    }
    held = sorted({tuple(sorted(c.levels)) for c in classes} | {tuple(range(len(design.pdk.levels)))})
    groups = tuple((levels, np.array([set(c.levels) <= set(levels) for c in classes], dtype=bool)) for levels in held)
    return Field(
        design, least, lines[0], lines[1], ends, np.array([of_class[c.name] for c in classes]), groups
    )


def measure(field: Field, regions: Ints) -> Measures:
    """Tracks and nets of regions (n, 4)."""
    x, y = field.x[0].at, field.y[0].at
    places = np.stack([x[regions[:, 0]], y[regions[:, 1]], x[regions[:, 2]], y[regions[:, 3]]], axis=1)
    crossing = must_cross(field.ends, places)
    whole, partial = (
        np.stack(
            [
                tracks_round(field.x[k], field.y[k], regions, level, count, int(field.least.pitch[level]))
                for level in range(len(field.design.pdk.levels))
            ],
            axis=1,
        )
        for k, count in ((0, whole_tracks), (1, partial_tracks))
    )
    mixed = bool(np.any(field.widths > 1.0))
    best = Measures(regions, whole, *(np.zeros(len(regions), dtype=t) for t in (np.int64, float, float, float)))
    for index, (levels, held) in enumerate(field.groups):
        nets = held.astype(np.float32) @ crossing
        trials = [(nets, whole)]
        if mixed:
            trials.append(((field.widths * held).astype(np.float32) @ crossing, partial))
        for need, tracks in trials:
            room = tracks[:, list(levels)].sum(axis=1)
            tried = Measures(regions, whole, np.full(len(regions), index), need.astype(float), room, nets.astype(float))
            best = _fuller(best, tried)
    return best


def _fuller(a: Measures, b: Measures) -> Measures:
    take = b.utilisation > a.utilisation
    columns = (np.where(take, getattr(b, name), getattr(a, name)) for name in ("group", "need", "room", "nets"))
    return Measures(a.regions, a.tracks, *columns)


def plan_capacity(design: Design) -> Capacity:
    """Measure the cuts of a package: lines across it, rings round dies, gaps between dies, corners, and rectangles
    found from the fullest of these by moving one side at a time."""
    field = prepare(design)
    if not len(field.ends.nets):
        return Capacity({}, 0, 0)
    x, y = field.x[0].at, field.y[0].at
    families = {
        "gap": gap_regions(design, x, y),
        "line": line_regions(x, y),
        "ring": ring_regions(design, x, y),
        "corner": corner_regions(x, y),
    }
    measured = {name: measure(field, regions) for name, regions in families.items() if len(regions)}
    measured["region"] = _improve(field, list(measured.values()))
    cuts = {name: _fullest(field, name, found) for name, found in measured.items()}
    least = max(_least_levels(field, found) for found in measured.values())
    return Capacity(
        {name: found for name, found in cuts.items() if found}, least, sum(len(m.regions) for m in measured.values())
    )


def _improve(field: Field, measured: list[Measures]) -> Measures:
    """Regions on the way from the fullest of each family to a place where no move of one side fills them more."""
    last = len(field.x[0].at) - 1, len(field.y[0].at) - 1
    tried = []
    for found in measured:
        for start in np.argsort(-found.utilisation, kind="stable")[:_STARTS]:
            region, share = found.regions[start], found.utilisation[start]
            for _ in range(_ROUNDS):
                moved = measure(field, neighbours(region, last, _REACH))
                tried.append(moved)
                best = int(np.argmax(moved.utilisation))
                if not moved.utilisation[best] > share:
                    break
                region, share = moved.regions[best], moved.utilisation[best]
    names = ("regions", "tracks", "group", "need", "room", "nets")
    return Measures(*(np.concatenate([getattr(m, name) for m in tried]) for name in names))


def _fullest(field: Field, family: str, found: Measures) -> tuple[Cut, ...]:
    """The fullest regions of a family as cuts."""
    _, distinct = np.unique(found.regions, axis=0, return_index=True)
    order = distinct[np.lexsort((distinct, -found.need[distinct], -found.utilisation[distinct]))][:_SHOWN]
    return tuple(_cut(field, family, found, int(k)) for k in order if found.need[k] > 0)


def _cut(field: Field, family: str, found: Measures, k: int) -> Cut:
    i0, j0, i1, j1 = found.regions[k].tolist()
    x, y = field.x[0].at, field.y[0].at
    region = Box(int(x[i0]), int(y[j0]), int(x[i1]), int(y[j1]))
    levels, held = field.groups[int(found.group[k])]
    crossing = must_cross(field.ends, np.array([[region.x0, region.y0, region.x1, region.y1]]))[:, 0] & held
    return Cut(
        family, region, levels, tuple(int(t) for t in found.tracks[k]), tuple(field.ends.nets[crossing].tolist()),
        float(found.need[k]), float(found.room[k]),
    )  # fmt: skip


def _least_levels(field: Field, found: Measures) -> int:
    """The fewest levels on which the nets of every cut fit.

    Levels that hold lands stay as they are when others are left out, except where fewer are left than these; then any
    of all serve. Beyond the levels of the process come levels like its roomiest one without a land.
    """
    design = field.design
    holding = sorted({t.level for t in design.terminals})
    others = [level for level in range(len(design.pdk.levels)) if level not in holding]
    tracks = found.tracks
    free = -np.sort(-tracks[:, others], axis=1)
    roomiest = -np.sort(-tracks, axis=1)
    least = 1
    for need in [found.nets]:
        for count in range(1, len(design.pdk.levels) + 1):
            beside = count - len(holding)
            room = roomiest[:, :count] if beside < 0 else np.concatenate([tracks[:, holding], free[:, :beside]], axis=1)
            if np.all(room.sum(axis=1) >= need):
                break
            least = count + 1
    return least
