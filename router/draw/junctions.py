"""Places where traces of a net meet, by cuts or without, on whatever levels."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace

import numpy as np
import shapely
from numpy.typing import NDArray

from router.draw.centreline import NO_PAD, Line, NetPlace, Pad, capture_pads, land_pads
from router.maze.cost import Costs
from router.model.design import Design
from router.model.layout import Trace, Via


@dataclass(slots=True)
class Meetings:
    """All junctions of a package, as lists over them.

    lines: the traces, and behind them straps: one from each cut at the centre of a land to that land, still without
    length. ends: which lines end there, and with 1 for their last point, or else 0. of_via: the junction of each via.
    """

    lines: list[Line]
    nets: list[int] = field(default_factory=list)
    places: list[tuple[int, int]] = field(default_factory=list)
    levels: list[set[int]] = field(default_factory=list)
    ends: list[list[tuple[int, int]]] = field(default_factory=list)
    of_via: list[int] = field(default_factory=list)

    def has_cut(self, row: int) -> bool:
        """Only cuts bring traces of several levels together."""
        return len(self.levels[row]) > 1

    def add(self, net: int, place: tuple[int, int]) -> int:
        """Add a junction, still without levels and ends; returns its number."""
        self.nets.append(net)
        self.places.append(place)
        self.levels.append(set())
        self.ends.append([])
        return len(self.nets) - 1


def find_meetings(design: Design, lines: list[Line], vias: tuple[Via, ...]) -> Meetings:
    """The cuts at one place of a net are one junction, with the traces that end there on their levels; so are the
    traces that meet outside pads."""
    found = Meetings(list(lines))
    row_of: dict[NetPlace, int] = {}
    cuts: dict[tuple[int, int, int], int] = {}
    for via in vias:
        key = via.net, via.x, via.y
        if key not in cuts:
            cuts[key] = found.add(via.net, (via.x, via.y))
        found.of_via.append(cuts[key])
        for level in (via.index, via.index + 1):
            row_of[via.net, level, via.x, via.y] = cuts[key]
            found.levels[cuts[key]].add(level)
    bare = Counter(place_of(line, last) for line in lines for last in (0, 1) if line.pads[last] is NO_PAD)
    for place in (place for place, count in bare.items() if count > 1 and place not in row_of):
        net, level, x, y = place
        row_of[place] = found.add(net, (x, y))
        found.levels[-1].add(level)
    for k, line in enumerate(lines):
        for last in (0, 1):
            row = row_of.get(place_of(line, last))
            if row is not None:
                found.ends[row].append((k, last))
    add_straps(design, found, vias)
    return found


def place_of(line: Line, last: int) -> NetPlace:
    """Where a line begins, or, with 1 for `last`, ends."""
    x, y = line.trace.points[-last].tolist()
    return line.trace.net, line.trace.level, x, y


def add_straps(design: Design, found: Meetings, vias: tuple[Via, ...]) -> None:
    """Where a cut stands at the centre of a land, traces on the level of the land end at that; what joins the two is a
    strap."""
    cuts, lands = capture_pads(design, vias), land_pads(design)
    for row, (net, (x, y)) in enumerate(zip(found.nets, found.places, strict=True)):
        for level in sorted(found.levels[row]):
            place = net, level, x, y
            if place in lands and place in cuts:
                width = design.class_of(net).widths[level]
                strap = Trace(net, level, width, np.array([[x, y]], dtype=np.int64))
                others = [end for end in found.ends[row] if found.lines[end[0]].trace.level != level]
                found.ends[row] = [*others, (len(found.lines), 0)]
                found.lines.append(Line(strap, (cuts[place], lands[place])))


def with_lands(design: Design, lines: list[Line]) -> list[Line]:
    """The lines with the lands whose centres branches of their trees have come to as pads at their ends."""
    lands = land_pads(design)

    def pad(line: Line, last: int) -> Pad:
        return lands.get(place_of(line, last), NO_PAD) if line.held[last] else line.pads[last]

    return [replace(line, pads=(pad(line, 0), pad(line, 1))) for line in lines]


def given_metal(design: Design) -> list[shapely.Polygon]:
    """Traces that were given, each with as much about it as it is wide, in order."""
    return [shapely.LineString(f.points).buffer(f.width) for f in design.fixed]


def movable(design: Design, found: Meetings) -> NDArray[np.bool_]:
    """Which junctions (m,) may move: those from which traces lead on the outermost of their levels, but for places on
    traces of its net that were given."""
    given = shapely.STRtree(given_metal(design))
    moves = np.ones(len(found.nets), dtype=np.bool_)
    for row, (levels, ends) in enumerate(zip(found.levels, found.ends, strict=True)):
        moves[row] = {min(levels), max(levels)} <= {found.lines[k].trace.level for k, _ in ends}
    places = shapely.points(np.array(found.places, dtype=np.int64).reshape(-1, 2))
    rows, which = given.query(places, predicate="intersects")
    own = np.array(found.nets)[rows] == np.array([f.net for f in design.fixed], dtype=np.int64)[which]
    moves[rows[own]] = False
    return moves


def hidden_in_lands(design: Design, lines: list[Line]) -> NDArray[np.int64]:
    """How far from its first and last point a trace runs within a land (n, 2), nm."""
    owners = design.net_of_terminal()
    lands = {(net, t.level, t.x, t.y): t for net, t in zip(owners, design.terminals, strict=True)}
    hidden = np.zeros((len(lines), 2), dtype=np.int64)
    for k, line in enumerate(lines):
        for last in (0, 1):
            land = lands.get(place_of(line, last))
            if land is not None and (last or len(line.trace.points) > 1):
                hidden[k, last] = max(0, min(land.width, land.height) - line.trace.width) // 2
    return hidden


def corner_prices(design: Design, lines: list[Line]) -> NDArray[np.float64]:
    """What each corner of traces costs (n,), nm: half their width, but nothing where they are pulled taut later on."""
    pulled = [design.pdk.levels[line.trace.level].angles == "any" for line in lines]
    return np.where(pulled, 0.0, [-(-line.trace.width // 2) for line in lines])


def level_prices(design: Design, lines: list[Line]) -> NDArray[np.float64]:
    """What a nanometre of each trace costs (n,): on levels that its net may not use, but comes to, as much more as it
    costs the search, so that ways there stay short."""
    dear = 1.0 + Costs().between
    classes = [design.class_of(line.trace.net) for line in lines]
    prices = [1.0 if line.trace.level in c.levels else dear for line, c in zip(lines, classes, strict=True)]
    return np.array(prices, dtype=np.float64)
