"""Leads: how traces leave lands that are no wider than they are.

Such a trace leaves its land along its centre line, which need not be a line of the lattice. Where lands lie as near to
each other as their traces may, it can turn onto one only once it has passed its neighbours, and those of a row one
after the other: traces side by side that turn at once would come too near to each other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from router.maze.beside import kept_spacing, least_spacings
from router.maze.footprint import CORNER, collect_footprints
from router.maze.kernels.leads import FLAT, ROUNDING, keeps_off, lead_out, straight_out
from router.maze.kernels.nodes import NOWHERE, NX, NY, RUNS, TRACE
from router.maze.kernels.stubs import stub
from router.maze.lattice import Lattice
from router.maze.obstacles import NOBODY, Obstacle, border, collect_obstacles, trace_obstacles
from router.model.design import Design
from router.model.geometry import GRID_SLACK, HEADINGS, Points
from router.model.pdk import ANY_LENGTH
from router.plan.flanks import closed_rings

# How far beyond a lead the lattice line that it leads to is to be free, in tracks. Traces side by side turn 0.4 of a
# track after each other, or a whole one without diagonals: a lead is no longer than one for each land, and no longer
# than so many.
AHEAD, MOST_TRACKS = 8, 500
# A lead has at most so many segments.
SEGMENTS = 2
DIRECTIONS = np.array(HEADINGS[::2])

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Lead(NamedTuple):
    """The node that a path begins at, and the metal from there to the centre of the land."""

    node: int
    metal: list[Obstacle]


class _Narrow(NamedTuple):
    """A terminal that asks for a lead: its place, net, the way to the nearest other end of that, the footprint of its
    trace, half the width of that, nm, and directions (k, 2) straight out of the land, the best first."""

    terminal: int
    place: tuple[int, int]
    net: int
    aim: Ints
    footprint: int
    half: int
    ways: Ints

    @property
    def across(self) -> int:
        """The axis across the best direction."""
        return int(self.ways[0, 0] != 0)


def find_leads(design: Design, lattice: Lattice, ground: Ground, terminals: Sequence[int]) -> dict[int, Lead]:
    """The leads of terminals of a level, those that find one; they stand on the ground from then on."""
    found: dict[int, Lead] = {}
    level = ground.level
    narrow = (ground.narrow(design, terminal) for terminal in terminals)
    for land, side in _in_turn(design, [land for land in narrow if land is not None]):
        end = next(_ends(lattice, level, ground, land, side), None)
        if end is not None:
            points = stub(*(np.array(lattice.origin(level)) + np.array(end) * lattice.level_pitch(level)), *land.place,
                          design.pdk.levels[level].bend)  # fmt: skip
            metal = list(trace_obstacles(design, level, points, land.net))
            found[land.terminal] = Lead(lattice.node(level, *end), metal)
            ground.add(metal, land)
    return found


def _in_turn(design: Design, narrow: list[_Narrow]) -> list[tuple[_Narrow, int]]:
    """The lands in the order in which they find leads, each with the side to which these turn, 1 or −1: that to which
    most of the way leads that traces in one direction out of a component have to go. Those that turn to the side of
    others come after these."""
    component = {f"{c.name}.{pin}": k for k, c in enumerate(design.components) for pin in c.ids}
    row = [(component.get(design.terminals[n.terminal].id, -1), *n.ways[0].tolist()) for n in narrow]
    aside = Counter[tuple[int, ...]]()
    for land, key in zip(narrow, row, strict=True):
        aside[key] += int(land.aim[land.across])
    turns = [(land, 1 if aside[key] > 0 else -1) for land, key in zip(narrow, row, strict=True)]
    return sorted(turns, key=lambda turn: (turn[0].across, -turn[1] * turn[0].place[turn[0].across]))


class Ground:
    """What stands on a level, as `kernels.leads` reads it: `metal` (n, 8), what each footprint keeps from it, `kept`
    (n, k), nm, its `nets` (n,) and `boxes` (n, 4). `longest`: how long leads may be, in tracks. `lands`: so many leads
    may be added."""

    def __init__(self, design: Design, level: int, lands: int) -> None:
        self.longest = AHEAD + min(lands, MOST_TRACKS)
        self.shapes, self.level, self.bend = collect_footprints(design), level, design.pdk.levels[level].bend
        self.owner = design.net_of_terminal()
        obstacles = [o for o in collect_obstacles(design) if o.level == level]
        closed = _closed(design, level)
        kept = kept_spacing(design, level, self.shapes, obstacles)
        room = len(obstacles) + len(closed) + SEGMENTS * lands
        self.count, self.metal, self.boxes = 0, np.empty((room, 8)), np.empty((room, 4))
        self.kept, self.nets = np.empty((room, kept.shape[1])), np.empty(room, dtype=np.int64)
        self.rules, self.least = design.pdk.levels[level], np.empty(room)
        self._add(obstacles, kept)
        self._add(closed, np.repeat([[o.spacing] for o in closed], kept.shape[1], axis=1))

    def add(self, metal: list[Obstacle], land: _Narrow) -> None:
        """Let a lead stand as well; others keep from it what they keep from its land."""
        if metal:
            own = self.nets[: self.count] == land.net
            self._add(metal, np.repeat([self.kept[: self.count][own].min(axis=0)], len(metal), axis=0))

    def _add(self, metal: Sequence[Obstacle], kept: NDArray[Any]) -> None:
        here = slice(self.count, self.count + len(metal))
        rows = np.array([(*o.core, o.kind, o.flat, o.rounding, o.slack + GRID_SLACK) for o in metal], dtype=np.float64)
        grown = CORNER * rows[:, FLAT, None] + rows[:, ROUNDING, None]
        low, high = (pick(rows[:, :2], rows[:, 2:4]) for pick in (np.minimum, np.maximum))
        self.metal[here], self.boxes[here] = rows, np.hstack([low - grown, high + grown])
        self.kept[here], self.nets[here] = kept, [o.net for o in metal]
        asked, least = [o.spacing for o in metal], least_spacings(self.rules, metal)
        self.least[here] = np.where(self.nets[here] == NOBODY, asked, least)
        self.count += len(metal)

    def beside(self, net: int, footprint: int, place: tuple[int, int], reach: Ints) -> tuple[Floats, Floats, Floats]:
        """Metal of others within reach (2,) of a place along x and y, what a footprint keeps from it, and what the
        process asks for beside it in any case, nm."""
        boxes = self.boxes[: self.count]
        near = ((boxes[:, :2] <= place + reach) & (boxes[:, 2:] >= place - reach)).all(axis=1)
        near &= self.nets[: self.count] != net
        return self.metal[: self.count][near], self.kept[: self.count, footprint][near], self.least[: self.count][near]

    def keeps_off(self, terminal: int, net_class: str, points: Points) -> bool:
        """Whether a trace of a terminal's net along points (n, 2) keeps what the process asks for from what stands. For
        what a class asks besides, its land may have no room."""
        classes, net = self.shapes.of_class.get(net_class), self.owner[terminal]
        if classes is None or classes[self.level, TRACE] < 0:
            return True
        footprint = int(classes[self.level, TRACE])
        shape, end = self.shapes.of_level[self.level][footprint], points[-1]
        reach = np.abs(points - end).max(axis=0) + 2 * shape.half + int(self.kept[: self.count].max())
        metal, kept, least = self.beside(net, footprint, (int(end[0]), int(end[1])), reach)
        asked = np.maximum(least, self.rules.least_spacing(2 * shape.half, ANY_LENGTH))
        return bool(keeps_off(metal, np.minimum(kept, asked), shape.half, points))

    def narrow(self, design: Design, terminal: int) -> _Narrow | None:
        """What a terminal asks for; None where its net has no other end, or does not run on the level, or where no
        trace leads straight out."""
        t, net = design.terminals[terminal], self.owner[terminal]
        classes = self.shapes.of_class.get(design.nets[net].net_class)
        others = [k for end in design.nets[net].ends if terminal not in end.terminals for k in end.terminals]
        if classes is None or classes[self.level, TRACE] < 0 or classes[self.level, RUNS] == NOWHERE or not others:
            return None
        footprint = int(classes[self.level, TRACE])
        shape, place = self.shapes.of_level[self.level][footprint], (t.x, t.y)
        track = 2 * shape.half + shape.spacing
        lengths = np.array([t.width, t.height, t.width, t.height]) // 2 + track
        metal, kept, _ = self.beside(net, footprint, place, np.full(2, lengths.max() + track))
        out = straight_out(metal, kept, shape.half, *place, lengths)
        aims = design.lands.places[others] - place
        aim = aims[np.abs(aims).sum(axis=1).argmin()]
        order = np.argsort(-(DIRECTIONS @ aim), kind="stable")
        ways = DIRECTIONS[order[out[order]]]
        return _Narrow(terminal, place, net, aim, footprint, shape.half, ways) if len(ways) else None


def _ends(lattice: Lattice, level: int, ground: Ground, land: _Narrow, side: int) -> Iterator[tuple[int, int]]:
    """Columns and rows of the nodes to which a lead may come from a land, the best first; of the lines beside its
    centre that on a `side` first."""
    origin, pitch = np.array(lattice.origin(level)), lattice.level_pitch(level)
    shape, place = ground.shapes.of_level[level][land.footprint], np.array(land.place)
    track, count = 2 * shape.half + shape.spacing, lattice.levels[level, [NX, NY]]
    beside = track + 2 * pitch + int(ground.kept[: ground.count, land.footprint].max())
    for way in land.ways:
        along = int(way[0] == 0)
        sign, across = int(way[along]), 1 - along
        reach = np.where(way, (ground.longest + AHEAD) * track, beside)
        metal, kept, _ = ground.beside(land.net, land.footprint, land.place, reach)
        first = int(-sign * (place - origin)[along] % pitch)
        short = int((place - origin)[across] % pitch)
        for aside in (-short, pitch - short)[::-side] if short else (0,):
            length = lead_out(metal, kept, land.half, *land.place, int(way[0]), int(way[1]), aside, first, pitch,
                              ground.bend, ground.longest * track // pitch, AHEAD * track // pitch)  # fmt: skip
            end = place + length * way
            end[across] += aside
            cell = (end - origin) // pitch
            if length >= 0 and (cell >= 0).all() and (cell < count).all():
                yield int(cell[0]), int(cell[1])


def _closed(design: Design, level: int) -> list[Obstacle]:
    """The edge of the package, and those of keep-outs."""
    edge = border(level, design.outline.ring(), design.pdk.levels[level].edge_keepout)
    return edge + [o for ring in closed_rings(design, level) for o in border(level, ring, 0)]
