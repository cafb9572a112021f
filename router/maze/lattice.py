"""Nested lattices: each level has its own pitch, a multiple of the finest, so that a via lies on nodes of both."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from router.maze.cost import AXIS, DIAGONAL
from router.maze.doors import gaps_beside_walls
from router.maze.kernels.nodes import (
    APART,
    APART_UP,
    AXIS_COST,
    BASE,
    BEND,
    DIAGONAL_COST,
    EVEN,
    NX,
    NY,
    OX,
    OY,
    STACK,
    STEP,
    TILE,
    TILES,
    node_at,
)
from router.maze.phase import Gaps, gaps_between, lay_lines, tracks_through
from router.model.design import Design
from router.model.geometry import Box
from router.model.pdk import Pdk, ViaRule
from router.model.runs import begins
from router.plan.levels import passed_levels


@dataclass(frozen=True, slots=True)
class Lattice:
    """The nodes of one window.

    `x0`, `y0`: place of the finest raster's origin, nm; `pitch`: its pitch, nm. `levels` (L, 15) as `kernels.nodes` has
    it.
    """

    x0: int
    y0: int
    pitch: int
    levels: NDArray[np.int64]

    @property
    def nodes(self) -> int:
        """Number of nodes on all levels."""
        return int(np.sum(self.levels[:, NX] * self.levels[:, NY]))

    @property
    def all_ids(self) -> int:
        """Node ids of all levels."""
        return sum(self.ids(level) for level in range(len(self.levels)))

    def ids(self, level: int) -> int:
        """Node ids of a level: its tiles are whole, the last of a row or column reaches beyond the edge."""
        ny, tiles = self.levels[level, [NY, TILES]].tolist()
        return int(tiles * -(-ny // TILE) * TILE * TILE)

    def node(self, level: int, column: int, row: int) -> int:
        """Node id at a column and row of a level."""
        base, tiles = self.levels[level, [BASE, TILES]].tolist()
        return int(node_at(base, tiles, column, row))

    def nodes_at(self, level: int, columns: NDArray[np.int64], rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Node ids at columns and rows of a level, elementwise."""
        base, tiles = self.levels[level, [BASE, TILES]]
        ids: NDArray[np.int64] = node_at.py_func(base, tiles, columns, rows)
        return ids

    def level_pitch(self, level: int) -> int:
        """Pitch of a level, nm."""
        return int(self.levels[level, STEP]) * self.pitch

    def origin(self, level: int) -> tuple[int, int]:
        """Place of a level's first node, nm."""
        ox, oy = self.levels[level, [OX, OY]].tolist()
        return self.x0 + ox * self.pitch, self.y0 + oy * self.pitch


# Tracks side by side lie no farther apart than this many times as far as a finer lattice lets them.
LOOSEST = 1.1


class TrackGaps(NamedTuple):
    """Where centre lines may run between neighbouring lands, between walls, or between both, of a level along an axis:
    see `gaps_between` and `gaps_beside_walls`. track: the pitch of the level's tracks, nm."""

    level: int
    axis: int
    gaps: Gaps
    track: int


class GapKinds(NamedTuple):
    """Gaps of each level and axis that count apart, a few doors as much as all lands: between neighbouring `lands`;
    `doors` between keep-outs and the package edge; `lanes` between these and lands."""

    lands: list[TrackGaps]
    doors: list[TrackGaps]
    lanes: list[TrackGaps]


def narrowest_tracks(design: Design) -> list[tuple[int, int]]:
    """Width and spacing of the narrowest net class in use, for each level, nm."""
    names = sorted({design.nets[k].net_class for k in design.joined} or set(design.classes))
    tracks = []
    for index, level in enumerate(design.pdk.levels):
        users = [design.tracks(name)[index] for name in names if index in design.classes[name].levels]
        tracks.append(min(users, key=sum, default=(level.default_width, level.default_spacing)))
    return tracks


def track_pitches(design: Design) -> list[int]:
    """Narrowest width plus spacing of the net classes in use, for each level, nm."""
    return [sum(track) for track in narrowest_tracks(design)]


def level_pitches(design: Design, divisor: int | Fraction) -> list[int]:
    """Pitch of each level, nm: the user's, or the track pitch divided by `divisor`, rounded up; nested (see `nest`)."""
    tracks = track_pitches(design)
    given = [design.lattice[index] if index < len(design.lattice) else 0 for index in range(len(tracks))]
    wished = [pitch or -(-track // divisor) for pitch, track in zip(given, tracks, strict=True)]
    return nest(
        wished, [0 if own else max(track, pitch) for own, track, pitch in zip(given, tracks, wished, strict=True)]
    )


def nest(wished: list[int], tracks: list[int]) -> list[int]:
    """Pitches of which each is a multiple of all finer ones, nm, none coarser than wished: a cut stands on nodes of
    both its levels, and would find few in common where one pitch is no multiple of the other. Tracks as near to each
    other as the level's track pitch allows are worth a finer pitch, but where that is 0: there the wish counts."""
    found, unit = [0] * len(wished), min(wished)
    for level in sorted(range(len(wished)), key=lambda k: wished[k]):
        if tracks[level] == 0:
            unit = found[level] = wished[level] // unit * unit
            continue
        apart = {pitch: -(-tracks[level] // pitch) * pitch for pitch in range(unit, wished[level] + 1, unit)}
        most = LOOSEST * min(apart.values())
        unit = found[level] = max(pitch for pitch in apart if apart[pitch] <= most)
    return found


def gap_kinds(design: Design, tracks: list[tuple[int, int]] | None = None) -> GapKinds:
    """The gaps of a package for tracks of a width and spacing on each level, nm; the narrowest where none are given."""
    kinds = GapKinds([], [], [])
    for level, track in enumerate(tracks or narrowest_tracks(design)):
        for axis in (0, 1):
            for kind, gaps in zip(kinds, _gaps_along(design, level, axis, *track), strict=True):
                kind.append(TrackGaps(level, axis, gaps, sum(track)))
    return kinds


def _gaps_along(design: Design, level: int, axis: int, width: int, spacing: int) -> tuple[Gaps, Gaps, Gaps]:
    """The gaps of each kind, as `GapKinds` has them, of a level along an axis."""
    between_lands = gaps_between(design.lands, level, axis, width, spacing)
    return between_lands, *gaps_beside_walls(design, level, axis, width, spacing)


def passes(gaps: list[TrackGaps], lattice: Lattice) -> int:
    """Tracks that gaps pass on a lattice, all together."""
    return sum(
        tracks_through(g.gaps, g.track, lattice.level_pitch(g.level), lattice.origin(g.level)[g.axis]) for g in gaps
    )


def pair_distances(pdk: Pdk, level: int) -> tuple[int, int, int]:
    """Least distances of two cuts of one net on a level of which none, one, or both lead up, nm: capture pads keep
    their spacing, and so do cuts of one kind, corner to corner, as well as those that stack on them."""
    spacing, ways = pdk.levels[level].min_spacing, stacked(pdk, level)
    captures = [kinds[0].captures[upper] if kinds else 0 for kinds, upper in zip(ways, (1, 0), strict=True)]
    down, up = (
        max([capture + spacing, *(ceil(via.cut * via.shape.corner) + via.spacing for via in kinds)])
        for kinds, capture in zip(ways, captures, strict=True)
    )
    return down, -(-sum(captures) // 2) + spacing, up


def stacked(pdk: Pdk, level: int) -> tuple[list[ViaRule], list[ViaRule]]:
    """The kinds of cuts by which a way may come to a level without a trace on another, from below and from above, the
    nearest first."""
    low, high = max(0, level - 1), min(len(pdk.vias), level + 1)
    while low > 0 and pdk.vias[low - 1].stackable:
        low -= 1
    while 0 < high < len(pdk.vias) and pdk.vias[high - 1].stackable:
        high += 1
    return list(pdk.vias[low:level][::-1]), list(pdk.vias[level:high])


def build_lattice(design: Design, box: Box, divisor: int | Fraction, onto: Lattice | None = None) -> Lattice:
    """Lattice over `box`. Where its lines lie is said by `lay_lines`; where the pitches allow it, they are
    lines of the finer lattice `onto`."""
    pitches, tracks = level_pitches(design, divisor), narrowest_tracks(design)
    finest = min(pitches)
    levels = _level_rows(design.pdk, pitches, [sum(track) for track in tracks])
    origin, passed = [], passed_levels(design)
    for axis, (low, high, offset, count) in enumerate(((box.x0, box.x1, OX, NX), (box.y0, box.y1, OY, NY))):
        line = None
        if onto is not None and finest % onto.pitch == 0:
            line = (onto.x0, onto.y0)[axis], onto.pitch
        gaps = [np.concatenate(_gaps_along(design, level, axis, *track)) for level, track in enumerate(tracks)]
        places, on = design.lands.places[:, axis], design.lands.levels
        phase, offsets = lay_lines(places, on, pitches, [sum(track) for track in tracks], gaps, line, passed)
        first = low + (phase - low) % finest
        levels[:, offset] = (phase + np.array(offsets) - first) % pitches // finest
        levels[:, count] = np.maximum(0, (high - first - levels[:, offset] * finest) // pitches + 1)
        origin.append(first)
    levels[:, TILES] = -(-levels[:, NX] // TILE)
    ids = levels[:, TILES] * -(-levels[:, NY] // TILE) * TILE * TILE
    levels[:, BASE] = begins(ids)
    return Lattice(origin[0], origin[1], finest, levels)


def _level_rows(pdk: Pdk, pitches: list[int], tracks: list[int]) -> NDArray[np.int64]:
    """What levels of these pitches and track pitches, nm, are in a lattice, (L, 15) as `kernels.nodes` has it, but for
    where their nodes lie."""
    levels = np.zeros((len(pitches), EVEN + 1), dtype=np.int64)
    levels[:, STEP] = np.array(pitches) // min(pitches)
    levels[:, AXIS_COST], levels[:, DIAGONAL_COST] = AXIS * levels[:, STEP], DIAGONAL * levels[:, STEP]
    levels[1:-1, STACK] = [via.stackable for via in pdk.vias[:-1]]
    apart = np.array([pair_distances(pdk, level) for level in range(len(pitches))], dtype=np.int64)
    levels[:, APART : APART_UP + 1] = -(-apart // min(pitches))
    levels[:, BEND] = [level.bend for level in pdk.levels]
    levels[:, EVEN] = [pitch**2 >= 2 * track**2 for pitch, track in zip(pitches, tracks, strict=True)]
    return levels
