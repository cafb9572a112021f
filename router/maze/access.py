"""Where a path may start or end: the lattice nodes of a terminal, and the stubs that join them to its centre.

A stub that would leave the land is made a static obstacle of its net before anything is routed, so that nobody comes
near it; all others lie within the land, whose halo is reserved anyway, and bend as suits the path. From lands that are
no wider than their traces, stubs lead as far as it takes to go on along lines of the lattice (see `leads`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import compress, islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from router.maze.footprint import CORNER
from router.maze.kernels.nodes import NX, NY
from router.maze.kernels.stubs import stub
from router.maze.lattice import Lattice
from router.maze.leads import Ground, find_leads
from router.maze.obstacles import Obstacle, trace_obstacles
from router.model.design import Design
from router.model.geometry import Points
from router.model.pdk import ShapeKind

# So many ways lead out of a land or a fixed trace that holds no node: the search takes the one that is free.
OUTSIDE_STUBS = 2

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Access:
    """Node ids of each terminal, best first, the stubs that leave a land, as obstacles, and the room within each land
    (see `StubEnd`)."""

    nodes: tuple[tuple[int, ...], ...]
    stubs: tuple[Obstacle, ...]
    room: tuple[int, ...]


class StubEnd(NamedTuple):
    """Where a stub leads to, nm. `room`: how far from there a trace may lie and still be within the land. `across`: the
    ends (2, 2) of a fixed trace's segment that it leads to, whichever side a path comes from; none for a land."""

    x: int
    y: int
    room: int
    across: tuple[tuple[int, int], tuple[int, int]] | None = None


def near_nodes(lattice: Lattice, level: int, xy: Points) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Nodes round each of n places (n, 2), nearest first: ids (n, 4) and where they lie from there (n, 4, 2), nm. One,
    two or four of them; the other ids are -1."""
    origin, pitch = np.array(lattice.origin(level)), lattice.level_pitch(level)
    low, high = (xy - origin) // pitch, -((origin - xy) // pitch)
    cells = np.stack([np.stack([x[:, 0], y[:, 1]], axis=1) for x in (low, high) for y in (low, high)], axis=1)
    same = low == high
    spare = np.stack([np.zeros(len(xy), dtype=np.bool_), same[:, 1], same[:, 0], same.any(axis=1)], axis=1)
    spare |= ((cells < 0) | (cells >= lattice.levels[level, [NX, NY]])).any(axis=2)
    ids = np.where(spare, -1, lattice.nodes_at(level, cells[..., 0], cells[..., 1]))
    offsets = origin + cells * pitch - xy[:, None, :]
    order = np.lexsort((ids, np.abs(offsets).sum(axis=2), spare), axis=1)
    return np.take_along_axis(ids, order, axis=1), np.take_along_axis(offsets, order[..., None], axis=1)


def neighbours(lattice: Lattice, level: int, x: int, y: int) -> list[int]:
    """Ids of the nodes round a place, nearest first."""
    ids, _ = near_nodes(lattice, level, np.array([[x, y]]))
    return [n for n in ids[0].tolist() if n >= 0]


def inside_lands(design: Design, terminals: list[int], offsets: NDArray[np.int64], half: NDArray[np.int64]) -> Flags:
    """Whether stubs' ends at offsets (n, k, 2) from the centres of n terminals, `half` (n,) wide to each side, stay
    within their lands."""
    size = design.lands.sizes[terminals, None]
    rectangles = {name for name, pad in design.pdk.pads.items() if pad.land.shape is ShapeKind.RECT}
    rect = np.array([design.terminals[t].pad in rectangles for t in terminals])[:, None]
    in_box = (np.abs(offsets) + half[:, None, None] <= size // 2).all(axis=2)
    in_round = np.hypot(offsets[..., 0], offsets[..., 1]) + half[:, None] * CORNER <= size.min(axis=2) / 2
    return np.where(rect, in_box, in_round)


def stubs_outside(
    design: Design, ground: Ground, terminal: int, near: list[int], offsets: NDArray[np.int64]
) -> Iterator[tuple[int, Points]]:
    """The nearest nodes to a terminal, of `near` at offsets (n, 2) from its centre, with the stubs that lead there; but
    for those that come too near to what stands beside the land, which may be narrower than its trace."""
    t = design.terminals[terminal]
    net_class = design.nets[ground.owner[terminal]].net_class
    for node, (dx, dy) in zip(near, offsets.tolist(), strict=True):
        points = stub(t.x + dx, t.y + dy, t.x, t.y, design.pdk.levels[t.level].bend)
        if node >= 0 and ground.keeps_off(terminal, net_class, points):
            yield node, points


def find_access(design: Design, lattice: Lattice) -> Access:
    """Access nodes of every terminal of a net that has something to join."""
    owner = design.net_of_terminal()
    nodes: list[tuple[int, ...]] = [()] * len(owner)
    stubs: dict[int, list[Obstacle]] = {}
    room, joined = np.zeros(len(owner), dtype=np.int64), np.isin(owner, design.joined)
    for level in range(len(design.pdk.levels)):
        here = np.flatnonzero(joined & (design.lands.levels == level)).tolist()
        if not here:
            continue
        widths = [design.class_of(owner[k]).widths[level] for k in here]
        half = (np.array(widths, dtype=np.int64) + 1) // 2
        ids, offsets = near_nodes(lattice, level, design.lands.places[here])
        within = inside_lands(design, here, offsets, half) & (ids >= 0)
        room[here] = np.where(within.any(axis=1), design.lands.sizes[here].min(axis=1) / 2 - half * CORNER, 0.0)
        for k, near, inside in zip(here, ids.tolist(), within.tolist(), strict=True):
            nodes[k] = tuple(compress(near, inside))
        narrow = [k for k in here if room[k] <= 0]
        if not narrow:
            continue
        ground = Ground(design, level, len(narrow))
        leads = find_leads(design, lattice, ground, narrow)
        for i, k in enumerate(here):
            if k in leads and leads[k].node not in nodes[k]:
                nodes[k], stubs[k] = (leads[k].node,), leads[k].metal
            elif not nodes[k]:
                found = list(islice(stubs_outside(design, ground, k, ids[i].tolist(), offsets[i]), OUTSIDE_STUBS))
                nodes[k] = tuple(node for node, _ in found)
                stubs[k] = [o for _, points in found for o in trace_obstacles(design, level, points, owner[k])]
    return Access(tuple(nodes), tuple(o for k in sorted(stubs) for o in stubs[k]), tuple(room.tolist()))
