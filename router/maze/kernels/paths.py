"""What the nodes of a path tell: where they lie, how long it is, what a search pays for it."""

from __future__ import annotations

import numpy as np

from router.maze.kernels.compiled import inner, kernel
from router.maze.kernels.nodes import (
    ACROSS,
    APART_MIXED,
    AXIS_COST,
    BASE,
    DIAGONAL_COST,
    NX,
    NY,
    PASSING,
    RUNS,
    SOURCE,
    STEP,
    TILES,
    UP,
    cell_of,
    level_of,
    node_at,
    place_of,
)
from router.maze.kernels.price import TURN, VIA
from router.model.kernels import compiled


@inner
def direction(dx, dy):
    """Index of a unit step among the eight directions."""
    if dx > 0:
        return 1 if dy > 0 else (7 if dy < 0 else 0)
    if dx < 0:
        return 3 if dy > 0 else (5 if dy < 0 else 4)
    return 2 if dy > 0 else 6


@compiled
def positions(level, nodes):
    """Place (n, 3) of each of n nodes: x, y in finest pitches, and level."""
    places = np.empty((nodes.shape[0], 3), dtype=np.int64)
    for i in range(nodes.shape[0]):
        lev = level_of(level, nodes[i])
        places[i, 0], places[i, 1] = place_of(level, nodes[i], lev)
        places[i, 2] = lev
    return places


@inner
def widen(box, x0, y0, x1, y1, low, high):
    """Let a box hold another one."""
    box[0], box[1], box[4] = min(box[0], x0), min(box[1], y0), min(box[4], low)
    box[2], box[3], box[5] = max(box[2], x1), max(box[3], y1), max(box[5], high)


@inner
def holds(level, box):
    """How many nodes a box may hold on each of its levels together, taken as on the first."""
    step = level[box[4], STEP]
    return ((box[2] - box[0]) // step + 1) * ((box[3] - box[1]) // step + 1) * (box[5] - box[4] + 1)


@compiled
def boxes_round(level, nodes, count):
    """Boxes (at most `count`, 6) round nodes, in stretches of equal length as they come: least and greatest x and y in
    finest pitches, least and greatest level. Boxes that one fills as well as they do, as those of a pad, are one."""
    boxes = np.empty((count, 6), dtype=np.int64)
    both = np.empty(6, dtype=np.int64)
    last = -1
    for stretch in np.array_split(nodes, count):
        last += 1
        for i in range(stretch.shape[0]):
            lev = level_of(level, stretch[i])
            x, y = place_of(level, stretch[i], lev)
            if i == 0:
                boxes[last] = x, y, x, y, lev, lev
            widen(boxes[last], x, y, x, y, lev, lev)
        while last > 0:
            both[:] = boxes[last - 1]
            x0, y0, x1, y1, low, high = boxes[last]
            widen(both, x0, y0, x1, y1, low, high)
            if holds(level, both) > holds(level, boxes[last - 1]) + holds(level, boxes[last]):
                break
            last -= 1
            boxes[last] = both
    return boxes[: last + 1]


@compiled
def near_cuts(level, distance, path):
    """Ids of the nodes, on the levels a path's cuts join, that lie too near to such a cut for another of the net:
    nearer than the `distance` (L,) of the level, in finest pitches."""
    found = []
    for i in range(1, path.shape[0]):
        if level_of(level, path[i]) == level_of(level, path[i - 1]):
            continue
        for n in (path[i - 1], path[i]):
            lev = level_of(level, n)
            ix, iy = cell_of(level, n, lev)
            apart = distance[lev]
            span = apart // level[lev, STEP]
            for jy in range(max(0, iy - span), min(level[lev, NY], iy + span + 1)):
                for jx in range(max(0, ix - span), min(level[lev, NX], ix + span + 1)):
                    d = ((jx - ix) ** 2 + (jy - iy) ** 2) * level[lev, STEP] ** 2
                    if d < apart * apart:
                        found.append(node_at(level[lev, BASE], level[lev, TILES], jx, jy))
    out = np.empty(len(found), dtype=np.int64)
    for i in range(len(found)):
        out[i] = found[i]
    return out


@kernel
def path_length(level, path):
    """Length of a path in finest pitches."""
    total = 0.0
    before, ax, ay = -1, 0, 0
    for i in range(path.shape[0]):
        lev = level_of(level, path[i])
        bx, by = cell_of(level, path[i], lev)
        if lev == before:
            slanted = ax != bx and ay != by
            total += level[lev, STEP] * (1.4142135623730951 if slanted else 1.0)
        before, ax, ay = lev, bx, by
    return total


@inner
def leaves_cut(level, lev, path, i, way):
    """Whether step `i` of a path on level `lev` lies so near to the last cut before it (`way` -1), or the first behind
    it (1), that no other may stand there."""
    k = i - 1 if way < 0 else i
    far = k
    while 0 < far < path.shape[0] - 1 and level_of(level, path[far + way]) == lev:
        far += way
    if far == 0 or far == path.shape[0] - 1:
        return False
    ax, ay = cell_of(level, path[k], lev)
    bx, by = cell_of(level, path[far], lev)
    apart = level[lev, APART_MIXED]
    return k == far or 4 * ((ax - bx) ** 2 + (ay - by) ** 2) * level[lev, STEP] ** 2 < 9 * apart * apart


@kernel
def path_cost(level, classes, costs, path):
    """The least that a search pays for a path that runs over nobody. classes, costs: as in `kernels.search`."""
    total, before = 0, SOURCE
    for i in range(1, path.shape[0]):
        lev = level_of(level, path[i])
        if lev != level_of(level, path[i - 1]):
            total += costs[VIA]
            before = UP
            continue
        ax, ay = cell_of(level, path[i - 1], lev)
        bx, by = cell_of(level, path[i], lev)
        d = direction(bx - ax, by - ay)
        total += level[lev, DIAGONAL_COST] if d & 1 else level[lev, AXIS_COST]
        passing = classes[lev, RUNS] == PASSING
        if not passing or not (leaves_cut(level, lev, path, i, -1) or leaves_cut(level, lev, path, i, 1)):
            total += classes[lev, ACROSS + (d & 3)]
        if before < 8 and d != before:
            total += costs[TURN]
        before = d
    return total
