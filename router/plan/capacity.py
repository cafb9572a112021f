"""Capacity planning: the fullest cuts of a package, the fewest levels they allow, and the proof where one is too full.

Every cut is the closed line round a rectangle. All nets with one end inside and one outside must pass it on some level,
and no level passes more of them than it has tracks there (`plan.tracks`). So a cut with more nets than tracks proves
that no router can finish; a package whose cuts all have room may still be impossible.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from router.model.design import Design
from router.model.geometry import Box
from router.plan.covered import FEWEST_COVERED, covered_nets
from router.plan.crowding import most_crowded
from router.plan.cut import Capacity, Cut, counted_landing, is_hopeless
from router.plan.demand import Ends, collect_ends, crossing
from router.plan.levels import lands_need_levels, running_levels
from router.plan.regions import all_regions, line_places, neighbours
from router.plan.tracks import Lines, Narrowest, free_lines, land_cores, narrowest, tracks_round

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_SHOWN = 5
# The fullest regions of each family are improved by moving one side at a time, by up to so many lines, so often.
_STARTS, _REACH, _ROUNDS = 2, 12, 6
# Puts cuts that are proofs before all others.
_PROOF = 1e9


@dataclass(frozen=True, slots=True)
class Field:
    """A package prepared for measuring cuts.

    `sizes` (m,): tracks of the narrowest class that each net takes where it takes fewest. `groups`: sets of levels that
    net classes are held to, and for each the nets (m,) that may not leave it.
    """

    design: Design
    least: Narrowest
    x: Lines
    y: Lines
    ends: Ends
    sizes: Floats
    groups: tuple[tuple[tuple[int, ...], NDArray[np.bool_]], ...]


@dataclass(frozen=True, slots=True)
class Measures:
    """What n regions came to: the tracks of every level (n, L); and of the group of levels that is fullest its index,
    the need, the nets that land on the cut as far as they count, and the room, all (n,).

    `passing` (n, L) are the tracks against which the need was held, whole ones or not rounded down.
    """

    regions: Ints
    tracks: Floats
    passing: Floats
    group: Ints
    need: Floats
    landing: Floats
    room: Floats

    @property
    def rank(self) -> Floats:
        """Utilisation (n,), infinite where nothing can pass what must; proofs rank before all others."""
        load = self.need + self.landing
        share = np.divide(load, self.room, out=np.where(load > 0, np.inf, 0.0), where=self.room > 0)
        return share + np.where(self.need > self.room, _PROOF, 0.0)

    def fuller(self, other: Measures) -> Measures:
        """Of each region the fuller of two measures."""
        take = other.rank > self.rank
        chosen = {
            name: np.where(take, getattr(other, name), getattr(self, name))
            for name in ("group", "need", "landing", "room")
        }
        return replace(self, passing=np.where(take[:, None], other.passing, self.passing), **chosen)


def join(measures: list[Measures]) -> Measures:
    """All of several measures, one after another."""
    return Measures(*(np.concatenate([getattr(m, field.name) for m in measures]) for field in fields(Measures)))


def prepare(design: Design) -> Field:
    """Lines with their free arcs, ends of nets, and what their classes ask for."""
    least, lands = narrowest(design), land_cores(design)
    x, y = (free_lines(design, lands, axis, line_places(design, axis), least) for axis in (0, 1))
    ends = collect_ends(design, least, x.at, y.at)
    classes, runs = [design.class_of(n) for n in ends.nets], running_levels(design)
    size = {
        c.name: min(((c.widths[k] + c.spacings[k]) / least.pitch[k] for k in runs[c.name] if least.pitch[k]), default=1)
        for c in set(classes)
    }
    held = sorted({runs[c.name] for c in classes} | {tuple(range(len(design.pdk.levels)))})
    groups = tuple((levels, np.array([set(runs[c.name]) <= set(levels) for c in classes])) for levels in held)
    return Field(design, least, x, y, ends, np.array([size[c.name] for c in classes], dtype=np.float64), groups)


def measure(field: Field, regions: Ints) -> Measures:
    """Tracks and nets of regions (n, 4), given by the indices of the lines on which their sides lie."""
    crosses, lands = crossing(field.ends, regions)
    tracks = [tracks_round(field.x, field.y, regions, level, field.least) for level in range(len(field.least.width))]
    whole, partial = np.stack(tracks, axis=2)
    nothing = np.zeros(len(regions))
    best = Measures(regions, whole, whole, nothing.astype(np.int64), nothing, nothing, nothing)
    for index, (levels, held) in enumerate(field.groups):
        nets, landing = (np.count_nonzero(found & held, axis=1).astype(np.float64) for found in (crosses, lands))
        counted = counted_landing(nets, landing)
        trials = [(nets, whole)]
        if np.any(field.sizes > 1.0):
            trials.append((np.where(crosses & held, field.sizes, 0.0).sum(axis=1), partial))
        for need, passing in trials:
            room = passing[:, list(levels)].sum(axis=1)
            best = best.fuller(Measures(regions, whole, passing, np.full(len(regions), index), need, counted, room))
    return best


def plan_capacity(design: Design) -> Capacity:
    """Measure the cuts of a package: lines across it, rings round dies, gaps between dies, corners, and rectangles
    found from the fullest of these by moving one side at a time."""
    field = prepare(design)
    if not len(field.ends.nets):
        return Capacity({}, 1, 0, None)
    regions = all_regions(design, field.x.at, field.y.at)
    measured = {family: measure(field, rows) for family, rows in regions.items() if len(rows)}
    measured["region"] = _improve(field, list(measured.values()))
    cuts: dict[str, tuple[Cut, ...]] = {}
    for family, found in measured.items():
        cuts[family] = _fullest(field, family, found, [cut for listed in cuts.values() for cut in listed])
    everything = join(list(measured.values()))
    return Capacity(
        {family: found for family, found in cuts.items() if found}, _least_levels(field, everything),
        len(everything.regions), most_crowded(design), _most_covered(field, regions["ring"]),
    )  # fmt: skip


def _most_covered(field: Field, rings: Ints) -> Cut | None:
    """The ring that is fullest of nets with covered lands on one level, taken by a few at least; None without any."""
    found: list[Cut] = []
    for level, nets in covered_nets(field.design).items():
        alone = replace(field, groups=(((level,), np.isin(field.ends.nets, nets)),))
        measured = measure(alone, rings)
        share = np.where(measured.need >= FEWEST_COVERED, measured.rank, 0.0)
        if np.any(share > 0):
            found.append(_cut(alone, "ring", measured, int(np.argmax(share))))
    return max(found, key=lambda cut: cut.utilisation, default=None)


def _improve(field: Field, measured: list[Measures]) -> Measures:
    """Regions on the way from the fullest of each family to a place where no move of one side fills them more."""
    last = len(field.x.at) - 1, len(field.y.at) - 1
    tried = []
    for found in measured:
        for start in np.argsort(-found.rank, kind="stable")[:_STARTS]:
            region, rank = found.regions[start], found.rank[start]
            for _ in range(_ROUNDS):
                tried.append(measure(field, neighbours(region, last, _REACH)))
                best = int(np.argmax(tried[-1].rank))
                if not tried[-1].rank[best] > rank:
                    break
                region, rank = tried[-1].regions[best], tried[-1].rank[best]
    return join(tried)


def _fullest(field: Field, family: str, found: Measures, listed: Sequence[Cut]) -> tuple[Cut, ...]:
    """The fullest regions of a family as cuts, but for cuts that are `listed` or come twice: the parts on both sides of
    a line are cut off by the same line."""
    _, distinct = np.unique(found.regions, axis=0, return_index=True)
    order = distinct[np.lexsort((distinct, -found.need[distinct], -found.rank[distinct]))]
    seen = {tuple(cut.sides(field.design.outline)) for cut in listed}
    cuts: list[Cut] = []
    for k in order[found.need[order] > 0].tolist():
        cut = _cut(field, family, found, k)
        sides = tuple(cut.sides(field.design.outline))
        if sides not in seen:
            seen.add(sides)
            cuts.append(cut)
        if len(cuts) == _SHOWN:
            break
    return tuple(cuts)


def _cut(field: Field, family: str, found: Measures, k: int) -> Cut:
    x0, y0, x1, y1 = found.regions[k].tolist()
    levels, held = field.groups[int(found.group[k])]
    crosses, lands = (field.ends.nets[c[0] & held].tolist() for c in crossing(field.ends, found.regions[k : k + 1]))
    return Cut(
        family=family,
        region=Box(int(field.x.at[x0]), int(field.y.at[y0]), int(field.x.at[x1]), int(field.y.at[y1])),
        levels=levels,
        tracks=tuple(int(t) for t in found.tracks[k]),
        nets=tuple(crosses),
        landing=tuple(lands),
        need=float(found.need[k]),
        room=float(found.room[k]),
    )


def _least_levels(field: Field, found: Measures) -> int | None:
    """The fewest levels with which no cut is hopeless; None where nothing passes a cut on any level.

    Levels that hold lands stay as they are when others are left out. On a single level all lands lie together, if they
    have room: it has no more tracks than any that holds some and is as fine or finer. Beyond the levels of the process
    come levels like its roomiest one.
    """
    tracks, pitch = found.passing, field.least.pitch
    holding = sorted({t.level for t in field.design.terminals})
    others = -np.sort(-np.delete(tracks, holding, axis=1), axis=1)
    most = -np.sort(-tracks, axis=1)
    if np.any((most[:, 0] == 0) & (found.need > 0)):
        return None
    alone = [tracks[:, [k, *(h for h in holding if pitch[h] <= pitch[k])]].min(axis=1) for k in range(len(pitch))]
    room, count = np.max(alone, axis=0), 1
    load = found.need + found.landing
    while np.any(is_hopeless(found.need, load, room, several=count > 1)) or (
        count == 1 and lands_need_levels(field.design)
    ):
        count += 1
        beside = count - len(holding)
        if beside < 0:
            room = most[:, :count].sum(axis=1)
        else:
            more = max(0, beside - others.shape[1])
            room = tracks[:, holding].sum(axis=1) + others[:, :beside].sum(axis=1) + more * most[:, 0]
    return count
