"""Which balls a net can come to at all: none under a keep-out, and none that keep-outs wall off from its pins.

The centre line of a trace may take what half its width leaves between the keep-outs and the edge of each level. The
pieces of this area, joined where a cut fits with its capture pads, are the spaces of a net class; no net leaves the
spaces that its lands lie in. Lands of others stand in the way as well, but those the cuts of a plan count.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import networkx as nx
import numpy as np
import shapely
from numpy.typing import NDArray

from router.model.design import Design, NetClass, OpenBalls
from router.model.pdk import Pdk
from router.plan.cores import TOUCH, cores_of
from router.plan.flanks import closed_rings

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Geometries = NDArray[np.object_]
Spaces = frozenset[int]


@dataclass(frozen=True, slots=True)
class Walls:
    """What is closed: the kinds that places (n,) and balls (m,) are of, and which kinds come together."""

    places: Ints
    balls: Ints
    open: Bools

    def closed(self, places: Ints, balls: Ints) -> Bools:
        """Whether each of these places cannot come to each of these balls, (len(places), len(balls))."""
        shut: Bools = ~self.open[np.ix_(self.places[places], self.balls[balls])]
        return shut

    def among(self, balls: Ints) -> Walls:
        """The walls between the places and these balls."""
        return replace(self, balls=self.balls[balls])

    @property
    def usable(self) -> Bools:
        """Whether some place can come to each ball, (m,)."""
        some: Bools = np.any(self.open[:, self.balls], axis=0)
        return some


def find_walls(design: Design, group: OpenBalls, starts: Sequence[Sequence[int]]) -> Walls:
    """The walls between the places of a group, each of which starts at any of its terminals, and its balls."""
    classes = [design.nets[net].net_class for net in group.nets]
    names = sorted(set(classes))
    needed = sorted({terminal for terminals in starts for terminal in terminals}.union(group.balls))
    spaces = {name: _spaces(design, design.classes[name], needed) for name in names}
    own = [
        (name, frozenset[int]().union(*(spaces[name][t] for t in terminals)))
        for name, terminals in zip(classes, starts, strict=True)
    ]
    balls = [tuple(spaces[name][ball] for name in names) for ball in group.balls]
    place_kinds, ball_kinds = list(dict.fromkeys(own)), list(dict.fromkeys(balls))
    together = [[not mine.isdisjoint(ball[names.index(name)]) for ball in ball_kinds] for name, mine in place_kinds]
    return Walls(_kinds(own, place_kinds), _kinds(balls, ball_kinds), np.array(together, dtype=np.bool_))


def _kinds(values: Sequence[Hashable], kinds: Sequence[Hashable]) -> Ints:
    number = {kind: k for k, kind in enumerate(kinds)}
    return np.array([number[value] for value in values], dtype=np.int64)


def _spaces(design: Design, net_class: NetClass, needed: Sequence[int]) -> dict[int, Spaces]:
    """The spaces of a class that each of these terminals lies in: none for a land in a keep-out."""
    areas = {level: shapely.STRtree(_free(design, net_class, level, level)) for level in sorted(net_class.levels)}
    joined = nx.Graph()
    joined.add_nodes_from((level, k) for level, pieces in areas.items() for k in range(len(pieces)))
    for lower, upper in pairwise(areas):
        cuts = _inside(_free(design, net_class, lower, upper))
        below, above = (areas[level].query(cuts, "within")[1].tolist() for level in (lower, upper))
        joined.add_edges_from(((lower, a), (upper, b)) for a, b in zip(below, above, strict=True))
    space = {piece: k for k, pieces in enumerate(nx.connected_components(joined)) for piece in pieces}
    found = dict.fromkeys(needed, Spaces())
    for level in sorted({design.terminals[t].level for t in needed}):
        here = [t for t in needed if design.terminals[t].level == level]
        for terminal, piece in _left_into(design, net_class, areas, level, _clear(design, level, here)):
            found[terminal] |= {space[piece]}
    return found


def _left_into(
    design: Design, net_class: NetClass, areas: dict[int, shapely.STRtree], level: int, terminals: Sequence[int]
) -> Iterator[tuple[int, tuple[int, int]]]:
    """The pieces, as level and number, that these terminals of a level open into: those that hold their centres, or
    cuts in their lands where the class may not use the level."""
    nearest = net_class.nearest(level)
    doors = _free(design, net_class, min(level, nearest), max(level, nearest))
    pieces = areas[nearest].query(_inside(doors), "within")[1].tolist()
    lands, _ = cores_of(design, terminals)
    ways = shapely.centroid(lands) if level == nearest else lands
    for door, k in shapely.STRtree(ways).query(doors, "intersects").T.tolist():
        yield terminals[k], (nearest, pieces[door])


def _free(design: Design, net_class: NetClass, first: int, last: int) -> Geometries:
    """Where the centre line of a trace may lie on a level, or the centre of cuts from the first to the last level."""
    area, walls = design.outline, []
    for level in range(first, last + 1):
        reach = _half(design.pdk, net_class, level, level > first, level < last) - TOUCH
        inner = design.outline.grown(-(design.pdk.levels[level].edge_keepout + reach))
        area = inner if area.contains(inner) else area
        walls += [shapely.buffer(shapely.Polygon(ring), reach) for ring in closed_rings(design, level)]
    if area.width <= 0 or area.height <= 0:
        return np.zeros(0, dtype=np.object_)
    whole = shapely.Polygon(area.ring())
    return np.array(shapely.get_parts(shapely.difference(whole, shapely.union_all(walls))))


def _half(pdk: Pdk, net_class: NetClass, level: int, down: bool, up: bool) -> int:
    """Half the width of a trace on a level, or of the capture pads of cuts that come to it."""
    widths = [net_class.widths[level]]
    if down:
        widths.append(pdk.vias[level - 1].captures[1])
    if up:
        widths.append(pdk.vias[level].captures[0])
    return max(widths) // 2


def _inside(pieces: Geometries) -> Geometries:
    """A place inside each piece."""
    return np.asarray(shapely.point_on_surface(pieces))


def _clear(design: Design, level: int, terminals: Sequence[int]) -> list[int]:
    """Of these terminals those whose lands lie in no keep-out of their level."""
    cores, radius = cores_of(design, terminals)
    walls = shapely.STRtree([shapely.Polygon(ring) for ring in design.kept_out(level)])
    shut = set(walls.query(cores, "dwithin", distance=radius)[0].tolist())
    return [t for k, t in enumerate(terminals) if k not in shut]
