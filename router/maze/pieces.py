"""What a net has before it is routed: ends, and traces the user fixed, each with the lattice nodes that reach it.

Ends and fixed traces whose metal meets are one piece already.
"""

from __future__ import annotations

from dataclasses import dataclass

import networkx as nx
import numpy as np
import shapely
from numpy.typing import NDArray

from router.maze.access import OUTSIDE_STUBS, Access, StubEnd, neighbours
from router.maze.kernels.nodes import cell_of
from router.maze.kernels.stubs import stub
from router.maze.lattice import Lattice
from router.maze.obstacles import Obstacle, trace_obstacles
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


def nodes_on(lattice: Lattice, level: int, line: Points) -> list[int]:
    """Nodes that lie exactly on the centre line (n, 2) of a fixed trace."""
    nx_, ny = (int(v) for v in lattice.levels[level, 1:3])
    pitch = lattice.level_pitch(level)
    local = line - np.array(lattice.origin(level))
    found = set()
    for (ax, ay), (bx, by) in zip(local[:-1].tolist(), local[1:].tolist(), strict=True):
        run = max(abs(bx - ax), abs(by - ay))
        if run == 0 or (ax != bx and ay != by and abs(bx - ax) != abs(by - ay)):
            continue
        sx, sy = int(np.sign(bx - ax)), int(np.sign(by - ay))
        t = np.arange((-ax * sx if sx else -ay * sy) % pitch, run + 1, pitch)
        x, y = ax + t * sx, ay + t * sy
        on = (x % pitch == 0) & (y % pitch == 0)
        i, j = x[on] // pitch, y[on] // pitch
        inside = (i >= 0) & (j >= 0) & (i < nx_) & (j < ny)
        found |= {lattice.node(level, *cell) for cell in zip(i[inside].tolist(), j[inside].tolist(), strict=True)}
    return sorted(found)


def side_stubs(lattice: Lattice, level: int, line: Points) -> dict[int, StubEnd]:
    """Nodes on both sides of a fixed trace that lies off the lattice, at the ends and amid its centre line (n, 2), none
    of them beyond its ends, and where on the line their stubs lead to."""
    found: dict[int, StubEnd] = {}
    middle = (len(line) - 1) // 2
    for a, b, share in ((0, 1, 0.0), (middle, middle + 1, 0.5), (-1, -2, 0.0)):
        x, y = np.round(line[a] + share * (line[b] - line[a])).astype(int).tolist()
        beside = [(n, foot(line[a], line[b], node_place(lattice, level, n))) for n in neighbours(lattice, level, x, y)]
        across = tuple(line[a].tolist()), tuple(line[b].tolist())
        found |= {n: StubEnd(*place, 0, across) for n, place in beside if place is not None}
    if not found:
        x, y = line[0].tolist()
        found = dict.fromkeys(neighbours(lattice, level, x, y)[:OUTSIDE_STUBS], StubEnd(x, y, room=0))
    return found


def foot(a: Points, b: Points, place: tuple[int, int]) -> tuple[int, int] | None:
    """Where a stub from a place meets the segment from a to b, which may be a point: straight across, or along an axis
    where the segment runs at 45°; None beyond its ends."""
    step, off = (b - a).astype(float), np.array(place, dtype=float) - a
    if abs(step[0]) == abs(step[1]):
        share = off[0] / step[0] if step[0] else 0.0
    else:
        share = float(off @ step / (step @ step))
    if not 0 <= share <= 1:
        return None
    x, y = np.round(a + share * step).astype(int).tolist()
    return x, y


def joined(design: Design, net: int, fixed: list[FixedTrace]) -> list[tuple[list[int], list[int]]]:
    """Groups of (ends, fixed traces) whose metal meets, in order."""
    ends, terminals = design.nets[net].ends, design.terminals
    parts = [
        (k, terminals[t].level, *core(terminals[t], design.pdk.pads[terminals[t].pad].land))
        for k, end in enumerate(ends)
        for t in end.terminals
    ]
    parts += [(len(ends) + k, f.level, shapely.LineString(f.points), f.width / 2) for k, f in enumerate(fixed)]
    owner, level, figure, reach = (np.array(column) for column in zip(*parts, strict=True))
    boxes = shapely.box(*(shapely.bounds(figure) + reach[:, None] * (-1, -1, 1, 1)).T)
    traces = np.flatnonzero(owner >= len(ends))
    trace, other = shapely.STRtree(boxes).query(boxes[traces])
    trace = traces[trace]
    near = shapely.distance(figure[trace], figure[other]) < reach[trace] + reach[other]
    pairs = np.stack([owner[trace], owner[other]], axis=1)[near & (level[trace] == level[other])]
    graph = nx.Graph()
    graph.add_nodes_from(range(len(ends) + len(fixed)))
    graph.add_edges_from(pairs.tolist())
    groups = sorted(sorted(group) for group in nx.connected_components(graph))
    return [([k for k in g if k < len(ends)], [k - len(ends) for k in g if k >= len(ends)]) for g in groups]


def find_pieces(design: Design, lattice: Lattice, access: Access) -> tuple[list[list[Piece]], list[Obstacle]]:
    """Pieces of every net, and the stubs at fixed traces as obstacles."""
    fixed_of: dict[int, list[FixedTrace]] = {}
    for fixed in design.fixed:
        fixed_of.setdefault(fixed.net, []).append(fixed)
    obstacles: list[Obstacle] = []
    pieces = []
    for index, net in enumerate(design.nets):
        mine = fixed_of.get(index, [])
        groups = joined(design, index, mine) if mine else [([e], []) for e in range(len(net.ends))]
        pieces.append([make_piece(design, lattice, access, index, ends, [mine[k] for k in ks]) for ends, ks in groups])
        for f in mine:
            for node, end in side_stubs(lattice, f.level, f.points).items():
                bend = design.pdk.levels[f.level].bend
                points = stub(*node_place(lattice, f.level, node), end.x, end.y, bend)
                obstacles += trace_obstacles(design, f.level, points, index)
    return pieces, obstacles


def node_place(lattice: Lattice, level: int, node: int) -> tuple[int, int]:
    """Place of a node, nm."""
    x0, y0 = lattice.origin(level)
    pitch = lattice.level_pitch(level)
    column, row = cell_of(lattice.levels, node, level)
    return x0 + int(column) * pitch, y0 + int(row) * pitch


def make_piece(
    design: Design, lattice: Lattice, access: Access, net: int, ends: list[int], fixed: list[FixedTrace]
) -> Piece:
    """One piece from its ends and fixed traces."""
    terminals = [t for end in ends for t in design.nets[net].ends[end].terminals]
    stubs: dict[int, StubEnd] = {}
    nodes: list[int] = []
    for t in terminals:
        end = StubEnd(design.terminals[t].x, design.terminals[t].y, access.room[t])
        for node in access.nodes[t]:
            stubs[node] = end
        nodes += access.nodes[t]
    for f in fixed:
        on = nodes_on(lattice, f.level, f.points)
        beside = {n: end for n, end in side_stubs(lattice, f.level, f.points).items() if n not in on}
        stubs |= beside
        nodes += [*on, *beside]
    lines = [*(design.lands[t : t + 1, :2] for t in terminals), *(f.points for f in fixed)]
    places = lines[0] if len(lines) == 1 else np.concatenate(lines)
    name = design.terminals[terminals[0]].id if terminals else f"fixed trace of {design.nets[net].name}"
    return Piece(name, places, stubs, np.array(nodes, dtype=np.int64))
