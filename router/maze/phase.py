"""Where lattice lines lie: on the terminals, or, where gaps between lands and doors then pass fewer tracks, by these.

A lattice that has no line just beside a land can lose a track in each gap of a whole row of bumps.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Set
from dataclasses import dataclass
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from router.model.design import Lands

Gaps = NDArray[np.int64]

# Lines leave the terminals for so many more tracks through the gaps of a level, as a share; ways to lay them are tried
# for the most frequent gaps only. Wide gaps lose no such share.
LEAST_GAIN, MOST_TRIED, MOST_TRACKS = 0.1, 12, 12
# A level's lines are tried at so many offsets from those of the finest raster.
MOST_OFFSETS = 1000


def common_phase(values: NDArray[np.int64], pitch: int, unit: int) -> int:
    """The phase 0 ≤ p < pitch, a multiple of `unit`, on which most values lie (the smallest among equals)."""
    if values.size == 0:
        return 0
    phases, counts = np.unique(np.mod(values, pitch) // unit * unit, return_counts=True)
    return int(phases[np.argmax(counts)])


def gaps_between(lands: Lands, level: int, axis: int, width: int, spacing: int) -> Gaps:
    """Where centre lines of this width may run between neighbouring lands of a row (axis 0) or column (1) of a level:
    first and last place of each gap, (n, 2) nm, those of a row together, rows by their first land."""
    here = lands.levels == level
    along, across, size = lands.places[here, axis], lands.places[here, 1 - axis], lands.sizes[here, axis]
    reach = (size + 1) // 2 + spacing + (width + 1) // 2
    _, first, row = np.unique(across, return_index=True, return_inverse=True)
    order = np.lexsort((reach, along, first[row]))
    low, high, row = (along + reach)[order][:-1], (along - reach)[order][1:], row[order]
    found = (row[1:] == row[:-1]) & (high >= low) & (high - low < MOST_TRACKS * (width + spacing))
    gaps: Gaps = np.stack([low[found], high[found]], axis=1)
    return gaps


def tracks_through(gaps: Gaps, track: int, pitch: int, phase: int) -> int:
    """How many tracks all gaps pass together, on lines `pitch` apart at `phase`."""
    first = gaps[:, 0] + np.mod(phase - gaps[:, 0], pitch)
    stride = -(-track // pitch) * pitch
    return int(np.sum(np.maximum((gaps[:, 1] - first) // stride + 1, 0)))


def _preferred(phases: list[int], passed: Callable[[int], list[int]]) -> int:
    """The first phase, or another that passes more tracks on a level by a fair share, and no fewer on any."""
    usual = passed(phases[0])
    best, most = phases[0], sum(usual)
    for phase in sorted(set(phases[1:])):
        counts = passed(phase)
        gains = any(n > (1 + LEAST_GAIN) * m for n, m in zip(counts, usual, strict=True))
        if gains and sum(counts) > most and all(n >= m for n, m in zip(counts, usual, strict=True)):
            best, most = phase, sum(counts)
    return best


@dataclass(frozen=True, slots=True)
class _Level:
    """What lines of one level should meet: its terminals, or the gaps between its lands."""

    pitch: int
    track: int
    places: NDArray[np.int64]
    gaps: Gaps

    def passed(self, phase: int) -> int:
        return tracks_through(self.gaps, self.track, self.pitch, phase)

    def offset(self, phase: int, unit: int, first: int) -> int:
        """Where the level's lines lie on a finest raster of this phase, nm: `first`, or some units from there."""
        mine = first + common_phase(self.places - phase - first, self.pitch, unit)
        stride = max(1, self.pitch // unit // MOST_OFFSETS) * unit
        return _preferred([mine, *range(first, self.pitch, stride)], lambda offset: [self.passed(phase + offset)])


def _offsets(levels: list[_Level], phase: int, finest: int, passed: Set[int]) -> list[int]:
    """Where the lines of all levels lie on a finest raster of this phase, nm, so that those of neighbours have places
    in common, where cuts may stand, and with levels that are `passed` those on both sides of these: from the level with
    most terminals on up and down."""
    anchor = max(range(len(levels)), key=lambda k: len(levels[k].places))
    found = {anchor: levels[anchor].offset(phase, finest, 0)}
    ways = [(k, k - 1) for k in range(anchor + 1, len(levels))] + [(k, k + 1) for k in range(anchor - 1, -1, -1)]
    for k, beside in ways:
        step, others = beside - k, [beside]
        while others[-1] in passed and others[-1] + step in found:
            others.append(others[-1] + step)
        # Of two pitches one is a multiple of the other: lines that meet the coarsest of the others meet them all.
        unit, line = max(((math.gcd(levels[k].pitch, levels[j].pitch), found[j]) for j in others), key=itemgetter(0))
        found[k] = levels[k].offset(phase, unit, line % unit)
    return [found[k] for k in range(len(levels))]


def lay_lines(
    places: NDArray[np.int64], level_of: NDArray[np.int64], pitches: list[int], tracks: list[int], gaps: list[Gaps],
    onto: tuple[int, int] | None = None, passed: Set[int] = frozenset(),
) -> tuple[int, list[int]]:  # fmt: skip
    """Phases of lattice lines along an axis: of the finest raster, and of each level against it, nm.

    places, level_of (n,): where terminals lie along the axis, and on which levels. pitches: of each level's lines,
    multiples of the finest; tracks: of its tracks; gaps: those of each level. onto: a line and the pitch of a finer
    raster, whose lines the raster's shall be; passed: levels through which columns of cuts are to lead.
    """
    finest = min(pitches)
    levels = [
        _Level(pitch, track, places[level_of == k], gaps[k])
        for k, (pitch, track) in enumerate(zip(pitches, tracks, strict=True))
    ]

    def tracks_of(phase: int) -> list[int]:
        offsets = _offsets(levels, phase, finest, passed)
        return [level.passed(phase + offset) for level, offset in zip(levels, offsets, strict=True)]

    usual = common_phase(places, finest, 1)
    lows = np.concatenate([level.gaps[:, 0] for level in levels]) % finest
    phases, first, counts = np.unique(lows, return_index=True, return_counts=True)
    tried = [usual, *phases[np.lexsort((first, -counts))[:MOST_TRIED]].tolist()]
    if onto is not None:
        line, unit = onto
        tried = [line + (common_phase(places - line, finest, unit) + k) % finest for k in range(0, finest, unit)]
    phase = _preferred(tried, tracks_of)
    return phase, _offsets(levels, phase, finest, passed)
