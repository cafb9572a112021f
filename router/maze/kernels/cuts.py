"""Cuts between levels in the search: where one may stand, and what it costs."""

from __future__ import annotations

import numpy as np

from router.maze.kernels.compiled import inner, kernel, part
from router.maze.kernels.meet import COST, meet, twice_paid
from router.maze.kernels.nodes import (
    APART,
    APART_MIXED,
    APART_UP,
    BACK,
    BASE,
    CLOSED,
    CUT,
    DOWN,
    DX,
    DY,
    NEAR_CUT,
    NX,
    NY,
    OX,
    OY,
    SOURCE,
    STACK,
    STEP,
    TILES,
    TRACE,
    UP,
    WAY,
    cell_of,
    cut_class,
    level_of,
    node_at,
    place_of,
)  # fmt: skip
from router.maze.kernels.price import INSIDE, MOST_COST, VIA, entry_fee, is_open


@kernel
def too_near_last_cut(label, level, n, lev, rising):
    """Whether the way that leads to `n` came to its level by a cut too near for another, up where `rising` is 1, down
    where it is 0, on as it came where it is -1, and not one to stack on. Half as far again the way between two cuts
    has to be straight: a bend would make a notch of the room between them."""
    if not label[n].parent & CUT:
        return False
    farthest = max(level[lev, APART], level[lev, APART_MIXED], level[lev, APART_UP])
    base, tiles = level[lev, BASE], level[lev, TILES]
    ix, iy = cell_of(level, n, lev)
    jx, jy = ix, iy
    last, bent = label[n].parent & WAY, False
    for steps in range(4 * farthest + 4):
        way = label[n].parent & WAY
        if way == SOURCE:
            return False
        if way >= 8:
            if steps == 0:
                return not level[lev, STACK]
            apart = level[lev, APART + (1 if rising < 0 else rising + UP - way)]
            dx, dy = (jx - ix) * level[lev, STEP], (jy - iy) * level[lev, STEP]
            square = dx * dx + dy * dy
            return square < apart * apart or (bent and 4 * square < 9 * apart * apart)
        bent |= way != last
        jx -= DX[way]
        jy -= DY[way]
        n = node_at(base, tiles, jx, jy)
    return False


@inner
def has_cuts(level, lev, there, ix, iy, no_cuts):
    """Whether cuts between two levels stand on a node of the first: on what is a node of both, but where they have the
    same ones only on columns and rows without the bits `no_cuts`."""
    step, other = level[lev, STEP], level[there, STEP]
    if step == other:
        return (ix | iy) & no_cuts == 0
    dx, dy = level[lev, OX] + ix * step - level[there, OX], level[lev, OY] + iy * step - level[there, OY]
    return other < step or (dx % other == 0 and dy % other == 0)


@inner
def cut_price(query, n, lev, m, there):
    """Fees of a cut from node n on level `lev`, where it may stand, to node m on level `there`; -1 where it may not
    stand."""
    node, slots, level, classes, slot_base = query.node, query.slots, query.level, query.classes, query.slot_base
    net, net_of, fee, inside = query.net, query.net_of, query.fee, query.costs[INSIDE]
    here_class, there_class = cut_class(classes, lev, there), cut_class(classes, there, lev)
    stands = is_open(node[m], there_class, net) and is_open(node[m], classes[there, TRACE], net)
    if not stands or query.label[m].mark & NEAR_CUT:
        return -1
    local = n - level[lev, BASE]
    before = slot_base[lev, classes[lev, TRACE]] + local
    price = entry_fee(slots, slot_base[lev, here_class] + local, before, net, net_of, fee, inside)
    upper = entry_fee(slots, slot_base[there, there_class] + m - level[there, BASE], before, net, net_of, fee, inside)
    return -1 if price < 0 or upper < 0 else price + upper


@part
def make_cut(query, side, n, there):
    """Carry out the postponed cut of a side (0 or 1) from node n to level `there`; returns the node it leads to, -1 if
    it brings nothing. Where the other side came to that node first, the way is noted."""
    label, slots, level, classes, slot_base = query.label, query.slots, query.level, query.classes, query.slot_base
    costs, found = query.costs, query.found
    lev = level_of(level, n)
    x, y = place_of(level, n, lev)
    ox, oy, step = x - level[there, OX], y - level[there, OY], level[there, STEP]
    ix, iy = ox // step, oy // step
    if ix < 0 or iy < 0 or ix >= level[there, NX] or iy >= level[there, NY] or ix * step != ox or iy * step != oy:
        return -1
    m = node_at(level[there, BASE], level[there, TILES], ix, iy)
    mine = BACK if side else 0
    new = label[n].g + costs[VIA]
    known = label[m].stamp == query.stamp
    foreign = known and label[m].parent & BACK != mine
    if known and not foreign and label[m].g <= new:
        return -1
    price = cut_price(query, n, lev, m, there)
    if price < 0:
        return -1
    new = min(new + price, max(new, MOST_COST))
    if foreign:
        here = slot_base[there, classes[there, TRACE]] + m - level[there, BASE]
        before = slot_base[lev, classes[lev, TRACE]] + n - level[lev, BASE]
        twice = twice_paid(slots, here, before, query.net, query.net_of, query.fee, costs[INSIDE])
        total = new + label[m].g - twice
        if total < found[COST]:
            rising = np.int64(there > lev)
            near = too_near_last_cut(label, level, n, lev, rising)
            near = near or too_near_last_cut(label, level, m, there, 1 - rising)
            if not near:
                meet(label, level, found, side, n, m, there, total)
        return -1
    if known and (label[m].g <= new or label[m].parent & CLOSED):
        return -1
    if too_near_last_cut(label, level, n, lev, np.int64(there > lev)):
        return -1
    label[m].stamp = query.stamp
    label[m].g = new
    label[m].parent = (UP if there > lev else DOWN) | CUT | mine
    return m
