"""Where the two halves of a search meet: what their way costs, and whether it may be taken.

found  (4,) int64: the cheapest way so far, as the node that the search from the source came from last, the node where
       both met, the node that the search from the target came from last (-1 where there is none), and what it costs;
       what it has to cost less than, while there is none
"""

from __future__ import annotations

import numpy as np

from router.maze.kernels.compiled import inner, part
from router.maze.kernels.nodes import (
    APART,
    APART_MIXED,
    APART_UP,
    BASE,
    CUT,
    DX,
    DY,
    SOURCE,
    STEP,
    TILES,
    UP,
    WAY,
    cell_of,
    node_at,
    step_back,
)
from router.maze.kernels.price import entry_fee

HERE, BETWEEN, THERE, COST = 0, 1, 2, 3


@inner
def nothing_found(found, limit):
    """Before the search; ways that cost `limit` or more are not looked for."""
    found[HERE], found[BETWEEN], found[THERE], found[COST] = -1, -1, -1, limit


@inner
def meet(label, level, found, side, n, m, there, total):
    """Note a way from node `n` of a side to node `m` on level `there`, which the other side came to first.

    Kept is the node from which it did: that one is closed, whereas `m` may still be taken over.
    """
    before = np.int64(-1)
    way = label[m].parent & WAY
    if way != SOURCE:
        before = step_back(level, m, there, way)[0]
    found[BETWEEN], found[COST] = m, total
    if side == 0:
        found[HERE], found[THERE] = n, before
    else:
        found[HERE], found[THERE] = before, n


@inner
def twice_paid(slots, here, before, net, net_of, fee, inside):
    """Fees that both ways pay which meet at slot row `here`, one of them coming from row `before`."""
    if slots[here, 0] == 0:
        return 0
    alone = entry_fee(slots, here, -1, net, net_of, fee, inside)
    return alone - entry_fee(slots, here, before, net, net_of, fee, inside)


@inner
def turn_price(way, d, bend, bend_cost):
    """Price of the turn where a step in direction `d` leads to a node that the other side came to by `way`; -1 where it
    is no bend of the level, which turns by `bend` in units of 45°."""
    if way >= 8:
        return 0
    turn = (way + 4 - d) & 7
    if turn == 0:
        return 0
    return bend_cost if turn == bend or turn == 8 - bend else -1


@part
def last_cut(label, level, n, lev):
    """Place, in finest pitches, of the cut by which the way to `n` came to its level, and whether it leads up from
    there; -1 thrice where none is near."""
    none = np.int64(-1), np.int64(-1), np.int64(-1)
    if not label[n].parent & CUT:
        return none
    ix, iy = cell_of(level, n, lev)
    farthest = max(level[lev, APART], level[lev, APART_MIXED], level[lev, APART_UP])
    for _ in range(4 * farthest + 4):
        way = label[n].parent & WAY
        if way == SOURCE:
            break
        if way >= 8:
            return ix * level[lev, STEP], iy * level[lev, STEP], np.int64(UP - way)
        ix -= DX[way]
        iy -= DY[way]
        n = node_at(level[lev, BASE], level[lev, TILES], ix, iy)
    return none


@inner
def cuts_apart(label, level, n, m, lev):
    """Whether the cuts by which two ways came to a level, to meet between `n` and `m`, are not too near each other."""
    ax, ay, first = last_cut(label, level, n, lev)
    bx, by, other = last_cut(label, level, m, lev)
    if ax < 0 or bx < 0:
        return True
    apart = level[lev, APART + first + other]
    return (ax - bx) * (ax - bx) + (ay - by) * (ay - by) >= apart * apart
