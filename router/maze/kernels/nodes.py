"""How node ids, levels and directions hang together in the kernels.

Node ids run through the levels one after another, each level tile by tile and each tile row by row: what lies near
in the package lies near in memory, and memory of tiles that nobody touches is never taken. A level's row of numbers is
  level      (L, 15) int64: base, nx, ny, offset x, offset y, step in finest pitches, axis cost, diagonal cost, 1 where
             the cut above may stand straight on the cut below, the least distances of two cuts of a net on the level
             of which none, one, or both lead up, in finest pitches, tiles in a row of tiles, the turn at a bend, in
             units of 45°, and 1 where diagonals join nodes of even columns plus rows alone: two that cross would have
             no node near in common
"""

from __future__ import annotations

import numpy as np

from router.maze.kernels.compiled import inner, kernel, part

(
    BASE, NX, NY, OX, OY, STEP, AXIS_COST, DIAGONAL_COST, STACK, APART, APART_MIXED, APART_UP, TILES, BEND, EVEN,
) = range(15)  # fmt: skip
# Columns of `classes`: the footprint of a trace, of a cut down and of a cut up, whether traces may run on a level, and
# where the prices of axes begin. On one that they may only pass the prices are not asked for as long as the last cut is
# too near for the next.
TRACE, CUT_DOWN, CUT_UP, RUNS, ACROSS = range(5)
FREELY, NOWHERE, PASSING = 0, 1, 2
# A tile has this many bits of nodes a side.
TILE_BITS = 5
TILE = 1 << TILE_BITS
IN_TILE = TILE - 1
# How a node was entered: one of eight directions, by a cut, or not at all; the bits that tell; whether there is a cut
# on the way, whether the search from the target did, and whether it has been visited.
DOWN, UP, SOURCE = 8, 9, 15
WAY, CUT, BACK, CLOSED = 0x0F, 0x20, 0x40, 0x80
# Mark on nodes too near to a cut of the net for another.
NEAR_CUT = np.uint8(1)

DX = np.array([1, 1, 0, -1, -1, -1, 0, 1], dtype=np.int64)
DY = np.array([0, 1, 1, 1, 0, -1, -1, -1], dtype=np.int64)


@inner
def level_of(level, n):
    """Level of a node id."""
    lev = 0
    while lev + 1 < level.shape[0] and n >= level[lev + 1, BASE]:
        lev += 1
    return lev


@inner
def node_at(base, tiles, ix, iy):
    """Node id at a column and row of the level that begins at `base` and has `tiles` tiles in a row."""
    tile = (iy >> TILE_BITS) * tiles + (ix >> TILE_BITS)
    return base + (((tile << TILE_BITS) + (iy & IN_TILE)) << TILE_BITS) + (ix & IN_TILE)


@inner
def cell_of(level, n, lev):
    """Column and row of a node of level `lev`."""
    local = n - level[lev, BASE]
    tile = local >> (2 * TILE_BITS)
    ty = tile // level[lev, TILES]
    tx = tile - ty * level[lev, TILES]
    return (tx << TILE_BITS) + (local & IN_TILE), (ty << TILE_BITS) + ((local >> TILE_BITS) & IN_TILE)


@inner
def place_of(level, n, lev):
    """Place of a node of level `lev`, in finest pitches."""
    ix, iy = cell_of(level, n, lev)
    return level[lev, OX] + ix * level[lev, STEP], level[lev, OY] + iy * level[lev, STEP]


@inner
def step_back(level, n, lev, way):
    """The node and level from which `n` on level `lev` was entered by `way`."""
    ix, iy = cell_of(level, n, lev)
    if way < 8:
        return node_at(level[lev, BASE], level[lev, TILES], ix - DX[way], iy - DY[way]), lev
    there = lev + 1 if way == DOWN else lev - 1
    jx = (level[lev, OX] + ix * level[lev, STEP] - level[there, OX]) // level[there, STEP]
    jy = (level[lev, OY] + iy * level[lev, STEP] - level[there, OY]) // level[there, STEP]
    return node_at(level[there, BASE], level[there, TILES], jx, jy), there


@inner
def cut_class(classes, lev, there):
    """The footprint on level `lev` of a cut from there to level `there`, of a net of these classes."""
    return classes[lev, CUT_UP] if there > lev else classes[lev, CUT_DOWN]


@part
def trace_back(label, level, last, way_nodes, count):
    """Node ids from the last of a way to the end it began at, into `way_nodes` from place `count` on; returns the place
    after them, or -1 if the array is too short."""
    lev = level_of(level, last)
    n = last
    while True:
        if count == way_nodes.shape[0]:
            return -1
        way_nodes[count] = n
        count += 1
        way = label[n].parent & WAY
        if way == SOURCE:
            return count
        n, lev = step_back(level, n, lev, way)


@kernel
def whole_way(label, level, here, between, there, way_nodes):
    """Node ids of a way from end to end into `way_nodes`: back from `here`, the last one of its first side, the other
    way round, `between`, and on from `there`. Sides that are empty are less than 0. Returns how many nodes these are,
    or -1 if the array is too short."""
    count = 0
    if here >= 0:
        count = trace_back(label, level, here, way_nodes, 0)
        for k in range(count // 2):
            way_nodes[k], way_nodes[count - 1 - k] = way_nodes[count - 1 - k], way_nodes[k]
    if count < 0 or count == way_nodes.shape[0]:
        return -1
    way_nodes[count] = between
    return count + 1 if there < 0 else trace_back(label, level, there, way_nodes, count + 1)
