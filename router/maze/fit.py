"""A lattice on which gaps between lands and doors pass all tracks that they hold, where the usual pitches lose some.

Lands one step apart are alike to a lattice whose pitch divides the step, and tracks side by side lie closest where it
divides the track. Of the pitches that do either, the coarsest is taken that loses next to nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from math import gcd
from statistics import fmean as mean

import numpy as np

from router.maze.lattice import (
    LOOSEST,
    GapKinds,
    Lattice,
    TrackGaps,
    build_lattice,
    gap_kinds,
    nest,
    passes,
    track_pitches,
)
from router.model.design import Design

# The finest pitch is a track divided by this: nodes grow with its square. Of the steps from land to land those count
# that are most frequent.
FINEST, STEPS = 9, 4
# Lands lie in rows where a step is as frequent as one for so many of them.
IN_ROWS = 8
# Where gaps lie at odds with each other, a track may be divided by these, too.
AT_ODDS = (16, 32)
# A lattice that passes this share of what another does is as good.
AS_GOOD = 0.99


def tracks_held(gaps: list[TrackGaps]) -> int:
    """Tracks that gaps hold, all together, wherever lattice lines lie."""
    return sum(int(np.sum((g.gaps[:, 1] - g.gaps[:, 0]) // g.track + 1)) for g in gaps)


def shares_passed(kinds: GapKinds, lattice: Lattice) -> list[float]:
    """The share of the tracks that gaps hold which they pass on a lattice, for each kind of gaps; all of none."""
    held = [tracks_held(gaps) for gaps in kinds]
    return [passes(gaps, lattice) / most if most else 1.0 for gaps, most in zip(kinds, held, strict=True)]


def better_lattice(design: Design, usual: Lattice, share: float) -> Lattice | None:
    """The coarsest of the lattices that pass next to the most tracks through gaps; None where the `usual` one passes
    this share of what the gaps hold, or where no other passes more."""
    kinds = gap_kinds(design)
    if min(shares_passed(kinds, usual)) >= share:
        return None
    return _coarsest(design, kinds, usual, [p for p in fitting_pitches(design) if p <= usual.pitch])


def lattice_through_gaps(design: Design, usual: Lattice, names: Iterable[str], most_nodes: int) -> Lattice | None:
    """The coarsest of the lattices on which next to the most gaps let traces of these net classes through; None where
    no other lets through more than the `usual` one. Those that are finer than tracks ask for, for gaps that lie at odds
    with each other, have no more nodes than `most_nodes`."""
    kinds = GapKinds([], [], [])
    for name in sorted(names):
        net_class, tracks = design.classes[name], design.tracks(name)
        for found, gaps in zip(kinds, gap_kinds(design, tracks), strict=True):
            found += [gap for gap in gaps if gap.level in net_class.levels]
    pitches = fitting_pitches(design)
    finer = (-(-min(track_pitches(design)) // parts) for parts in AT_ODDS)
    finer = (pitch for pitch in finer if usual.nodes * usual.pitch**2 <= most_nodes * pitch**2)
    return _coarsest(design, kinds, usual, [*pitches, *finer])


def _coarsest(design: Design, kinds: GapKinds, usual: Lattice, pitches: list[int]) -> Lattice | None:
    """The coarsest of the lattices, of these pitches in descending order, that pass next to the most tracks through
    gaps; None where none passes more than the `usual` one."""
    found = list[tuple[float, Lattice]]()
    for pitch in pitches:
        raster = _lattice_of(design, pitch)
        found.append((mean(shares_passed(kinds, raster)), raster))
        if found[-1][0] >= AS_GOOD:
            break
    most = max((share for share, _ in found), default=0)
    good = (raster for share, raster in found if share >= AS_GOOD * most)
    return next(good) if most > mean(shares_passed(kinds, usual)) else None


def lattice_of_steps(design: Design, usual: Lattice) -> Lattice:
    """The lattice to which lands that lie in rows are alike, as its pitch divides their steps, about as fine as the
    `usual` one; that one where few lands lie in rows, or no pitch up to a track divides the steps."""
    track, rare = min(track_pitches(design)), len(design.terminals) // IN_ROWS
    steps = [step for step, count in _steps(design).most_common(STEPS) if count > rare and step >= track]
    if not steps:
        return usual
    common = gcd(*steps)
    step = common if common >= track else steps[0]
    parts = range(max(1, round(step / usual.pitch)), -(-step // track) - 1, -1)
    pitch = next((step // n for n in parts if step % n == 0), usual.pitch)
    return usual if pitch == usual.pitch else _lattice_of(design, pitch)


def _lattice_of(design: Design, pitch: int) -> Lattice:
    """The lattice whose finest raster has this pitch, nm, and whose levels have as many lines a track."""
    tracks = track_pitches(design)
    pitches = nest([track * pitch // min(tracks) for track in tracks], tracks)
    return build_lattice(replace(design, lattice=tuple(pitches)), design.outline, 1)


def fitting_pitches(design: Design) -> list[int]:
    """Pitches of the finest raster that divide a track or a step from land to land, nm, descending."""
    track = min(track_pitches(design))
    least = -(-track // FINEST)
    found = {-(-track // parts) for parts in range(1, FINEST + 1)}
    for step, _ in _steps(design).most_common(STEPS):
        found.update(step // parts for parts in range(1, step // least + 1) if step % parts == 0)
    return sorted((p for p in found if least <= p <= track and -(-track // p) * p <= LOOSEST * track), reverse=True)


def _steps(design: Design) -> Counter[int]:
    """How often lands of a level that are neighbours in a row or column lie so far apart, nm."""
    lands, found = design.lands, Counter[int]()
    for axis in (0, 1):
        along, across, level = lands.places[:, axis], lands.places[:, 1 - axis], lands.levels
        along, across, level = np.stack([along, across, level])[:, np.lexsort((along, across, level))]
        step = np.diff(along)
        found.update(step[(np.diff(across) == 0) & (np.diff(level) == 0) & (step > 0)].tolist())
    return found
