"""What a net has before it is routed: ends, and traces the user fixed, each with the lattice nodes that reach it.

Ends and fixed traces whose metal meets are one piece already.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import compress
from typing import NamedTuple

import networkx as nx
import numpy as np
import shapely
from numpy.typing import NDArray

from router.maze.access import Access, StubEnd
from router.maze.kernels.stubs import stub
from router.maze.lattice import Lattice
from router.maze.obstacles import Obstacle, trace_obstacles
from router.maze.onto_fixed import head_on_stubs, node_place, nodes_on, side_stubs
from router.model.design import Design, FixedTrace
from router.model.geometry import Points
from router.model.outlines import core


@dataclass(frozen=True, slots=True)
class Piece:
    """Ends and fixed traces that are joined from the start.

    `places` (n, 2): terminal centres and corners of fixed traces, nm. `stubs`: for each node that reaches the piece
    from beside it, where its stub leads to; `nodes`: all nodes that reach it.
    """

    name: str
    places: Points
    stubs: dict[int, StubEnd]
    nodes: NDArray[np.int64]


class Metal(NamedTuple):
    """Lands of a net and its fixed traces, arrays over them: of which end, or from the number of ends on of which fixed
    trace; the level; a figure, and how far round it the metal reaches; the box of that."""

    owner: NDArray[np.int64]
    level: NDArray[np.int64]
    figure: NDArray[np.object_]
    reach: NDArray[np.float64]
    box: NDArray[np.object_]


def metal_of(design: Design, net: int, fixed: list[FixedTrace]) -> Metal:
    """What a net with fixed traces has before it is routed."""
    ends, terminals = design.nets[net].ends, design.terminals
    parts = [
        (k, terminals[t].level, *core(terminals[t], design.pdk.pads[terminals[t].pad].land))
        for k, end in enumerate(ends)
        for t in end.terminals
    ]
    parts += [(len(ends) + k, f.level, shapely.LineString(f.points), f.width / 2) for k, f in enumerate(fixed)]
    owner, level, figure, reach = (np.array(column) for column in zip(*parts, strict=True))
    return Metal(
        owner, level, figure, reach, shapely.box(*(shapely.bounds(figure) + reach[:, None] * (-1, -1, 1, 1)).T)
    )


def joined(metal: Metal, ends: int, fixed: int) -> list[tuple[list[int], list[int]]]:
    """Groups of so many ends and fixed traces of a net whose metal meets, in order."""
    owner, level, figure, reach, boxes = metal
    traces = np.flatnonzero(owner >= ends)
    trace, other = shapely.STRtree(boxes).query(boxes[traces])
    trace = traces[trace]
    near = shapely.distance(figure[trace], figure[other]) < reach[trace] + reach[other]
    pairs = np.stack([owner[trace], owner[other]], axis=1)[near & (level[trace] == level[other])]
    graph = nx.Graph()
    graph.add_nodes_from(range(ends + fixed))
    graph.add_edges_from(pairs.tolist())
    groups = sorted(sorted(group) for group in nx.connected_components(graph))
    return [([k for k in g if k < ends], [k - ends for k in g if k >= ends]) for g in groups]


def loose_ends(metal: Metal, fixed: list[FixedTrace]) -> NDArray[np.bool_]:
    """Which of the first and last points (n, 2) of a net's fixed traces no other metal of it covers."""
    first = len(metal.owner) - len(fixed)
    places = shapely.points(np.array([f.points[[0, -1]] for f in fixed]).reshape(-1, 2))
    end, other = shapely.STRtree(metal.box).query(places)
    trace = first + end // 2
    covers = shapely.distance(metal.figure[other], places[end]) <= metal.reach[other]
    loose = np.ones(len(places), dtype=np.bool_)
    loose[end[covers & (other != trace) & (metal.level[other] == metal.level[trace])]] = False
    return loose.reshape(-1, 2)


def fixed_stubs(lattice: Lattice, metal: Metal, fixed: list[FixedTrace]) -> list[dict[int, StubEnd]]:
    """The nodes beside each fixed trace of a net, and ahead of its loose ends, and where their stubs lead to."""
    found = []
    for f, loose in zip(fixed, loose_ends(metal, fixed).tolist(), strict=True):
        stubs = side_stubs(lattice, f.level, f.points)
        for way in compress((f.points, f.points[::-1]), loose):
            stubs = head_on_stubs(lattice, f.level, way) | stubs
        found.append(stubs)
    return found


def find_pieces(design: Design, lattice: Lattice, access: Access) -> tuple[list[list[Piece]], list[Obstacle]]:
    """Pieces of every net, and the stubs at fixed traces as obstacles."""
    fixed_of: dict[int, list[FixedTrace]] = {}
    for fixed in design.fixed:
        fixed_of.setdefault(fixed.net, []).append(fixed)
    obstacles: list[Obstacle] = []
    pieces = []
    for index, net in enumerate(design.nets):
        mine = fixed_of.get(index, [])
        stubs: list[dict[int, StubEnd]] = []
        groups = [([e], list[int]()) for e in range(len(net.ends))]
        if mine:
            metal = metal_of(design, index, mine)
            stubs, groups = fixed_stubs(lattice, metal, mine), joined(metal, len(net.ends), len(mine))
        pieces.append(
            [make_piece(design, lattice, access, index, ends, [(mine[k], stubs[k]) for k in ks]) for ends, ks in groups]
        )
        for f, leading in zip(mine, stubs, strict=True):
            for node, end in leading.items():
                bend = design.pdk.levels[f.level].bend
                points = stub(*node_place(lattice, f.level, node), end.x, end.y, bend)
                obstacles += trace_obstacles(design, f.level, points, index)
    return pieces, obstacles


def make_piece(
    design: Design,
    lattice: Lattice,
    access: Access,
    net: int,
    ends: list[int],
    fixed: list[tuple[FixedTrace, dict[int, StubEnd]]],
) -> Piece:
    """One piece from its ends and fixed traces, with the stubs of these."""
    terminals = [t for end in ends for t in design.nets[net].ends[end].terminals]
    stubs: dict[int, StubEnd] = {}
    nodes: list[int] = []
    for t in terminals:
        end = StubEnd(design.terminals[t].x, design.terminals[t].y, access.room[t])
        for node in access.nodes[t]:
            stubs[node] = end
        nodes += access.nodes[t]
    for f, leading in fixed:
        on = nodes_on(lattice, f.level, f.points)
        beside = {n: end for n, end in leading.items() if n not in on}
        stubs |= beside
        nodes += [*on, *beside]
    lines = [*(design.lands.places[t : t + 1] for t in terminals), *(f.points for f, _ in fixed)]
    places = lines[0] if len(lines) == 1 else np.concatenate(lines)
    name = design.terminals[terminals[0]].id if terminals else f"fixed trace of {design.nets[net].name}"
    return Piece(name, places, stubs, np.array(nodes, dtype=np.int64))
