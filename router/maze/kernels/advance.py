"""The inner loop of the search: one side of it goes on for a while. Arrays as in `kernels.search`."""

from __future__ import annotations

import numpy as np

from router.maze.kernels.compiled import inner, kernel
from router.maze.kernels.cuts import make_cut, may_cut
from router.maze.kernels.meet import COST, cuts_apart, meet, turn_price, twice_paid
from router.maze.kernels.nodes import (
    ACROSS,
    AXIS,
    BACK,
    BASE,
    BEND,
    CLOSED,
    DIAGONAL,
    DOWN,
    DX,
    DY,
    NX,
    NY,
    OX,
    OY,
    SOURCE,
    STEP,
    TILES,
    UP,
    WAY,
    cell_of,
    level_of,
    node_at,
    place_of,
)  # fmt: skip
from router.maze.kernels.prefetch import look_ahead
from router.maze.kernels.price import NO_COST, entry_fee, is_open, is_own, same_halos, to_goal
from router.maze.kernels.queue import AT, BUCKET_BITS, BUCKETS, FAR, FLOOR, FREE, USED, file_entry, refill

GOING, DONE, FULL = 0, 1, 2


@kernel
def take_over(
    label, slots, row, level, n, code, lev, d, new, net, net_of, fee, goals, back, costs, side, found,
):  # fmt: skip
    """The other side came to node `code` first. Note the way that a step there from `n` in direction `d` completes, of
    cost `new` but for the fees, and tell whether this side may have the node: while the other has not visited it, if
    the whole way promises to be cheaper from here."""
    via_cost, bend_cost, inside, axis, diagonal, lean = costs[0], costs[1], costs[2], costs[3], costs[4], costs[5]
    turn = turn_price(label[code].parent & WAY, d, level[lev, BEND], bend_cost)
    if turn >= 0:
        total = new + turn + label[code].g - twice_paid(slots, row + code, row + n, net, net_of, fee, inside)
        if total < found[COST] and cuts_apart(label, level, n, code, lev):
            meet(label, level, found, side, n, code, lev, total)
    if label[code].parent & CLOSED or label[code].parent & WAY == SOURCE:
        return False
    x, y = place_of(level, code, lev)
    price = entry_fee(slots, row + code, row + n, net, net_of, fee, inside)
    ahead = to_goal(x, y, lev, goals, axis, diagonal, via_cost, lean)
    behind = to_goal(x, y, lev, back, axis, diagonal, via_cost, lean)
    return new + price + ahead < label[code].g + behind


@inner
def step_to(
    node, label, slots, row, level, classes, n, code, lev, d, g, new, stay, net, net_of, fee, goals, back, costs, stamp,
    side, found,
):  # fmt: skip
    """What it costs to come to node `code` by a step in direction `d` from `n`, to which it cost `g`: `new` and fees;
    -1 where the step is not allowed or brings nothing. `stay` is the price of staying within the halos of `n`, -1
    while nobody has asked; returned as well."""
    trace_class, inside = classes[lev, 0], costs[2]
    mine = np.uint8(BACK if side else 0)
    if classes[lev, 3] and not is_own(node[code], trace_class, net):
        return np.int64(-1), stay
    known = label[code].stamp == stamp
    if known and label[code].parent & BACK != mine:
        if not take_over(
            label, slots, row, level, n, code, lev, d, new, net, net_of, fee, goals, back, costs, side, found
        ):
            return np.int64(-1), stay
        known = False
    elif known:
        if label[code].g <= g or label[code].parent & CLOSED:
            return np.int64(-1), stay
    elif not is_open(node[code], trace_class, net):
        return np.int64(-1), stay
    if slots[row + code, 0] != 0:
        if not same_halos(slots, row + code, row + n):
            price = entry_fee(slots, row + code, row + n, net, net_of, fee, inside)
        else:
            if stay < 0:
                stay = entry_fee(slots, row + n, row + n, net, net_of, fee, inside)
            price = stay
        if price < 0:
            return np.int64(-1), stay
        new += price
    if known and label[code].g <= new:
        return np.int64(-1), stay
    return new, stay


@kernel
def advance(
    node, label, slots, level, classes, slot_base, net, net_of, fee, goals, back, costs, stamp,
    heads, links, items, queue, pool, least_other, side, handed, stretch, found,
):  # fmt: skip
    """Visit up to `stretch` nodes from one side. goals, back: boxes round the ends of the other side, and of this one.
    least_other: no way of the other side that is not visited yet costs less.

    A cut touches memory far away, and most cuts are never worth their price: they are postponed in the queue, as
    -1 - node with the level they lead to.
    Returns (GOING, DONE when nothing cheaper than what is found may come from this side, or FULL; node visits).
    """
    via_cost, bend_cost, _, axis, diagonal, lean, no_cuts = costs
    mine = np.uint8(BACK if side else 0)
    # The sides try directions in opposite order, so that in the open they run into each other.
    sign, lead = (1, 0) if side == handed else (-1, 7)
    free, used = pool[FREE], pool[USED]
    at, floor, far = queue[AT], queue[FLOOR], queue[FAR]
    visits = 0
    status = GOING
    while visits < stretch:
        while at < BUCKETS and heads[at] < 0:
            at += 1
        if at == BUCKETS:
            if far < 0:
                status = DONE
                break
            far, floor = refill(heads, links, items, far)
            at = 0
            continue
        # What waits in the bucket of what is found is as good.
        if floor + ((at + 1) << BUCKET_BITS) > found[COST]:
            status = DONE
            break
        entry = np.int64(heads[at])
        heads[at] = links[entry]
        links[entry] = free
        free = entry
        n = np.int64(items[entry, 0])
        ix, iy = np.int64(items[entry, 2]), np.int64(items[entry, 3])
        cut = n < 0
        if cut:
            n = make_cut(
                node, label, slots, level, classes, slot_base, net, net_of, fee, costs, stamp, -n - 1, ix, side, found
            )
            if n < 0:
                continue
        lev = level_of(level, n)
        bend = level[lev, BEND]
        first, count, ways = lead & -bend, 8 // bend, 2
        if cut:
            count, ways = 1, 0
        parent = np.int64(label[n].parent & WAY)
        g = np.int64(label[n].g)
        if not cut:
            if label[n].parent & CLOSED or label[n].parent & BACK != mine:
                continue
            visits += 1
            label[n].parent |= np.uint8(CLOSED)
            if found[COST] < NO_COST:
                x, y = place_of(level, n, lev)
                if g + least_other - to_goal(x, y, lev, back, axis, diagonal, via_cost, lean) >= found[COST]:
                    continue
            if parent < 8:
                first, count = parent - sign * bend, 3
        base, tiles, step = level[lev, BASE], level[lev, TILES], level[lev, STEP]
        nx, ny, ox, oy = level[lev, NX], level[lev, NY], level[lev, OX], level[lev, OY]
        straight, slanted = level[lev, AXIS], level[lev, DIAGONAL]
        trace_class = classes[lev, 0]
        row = slot_base[lev, trace_class] - base
        stay = -1
        for turn in range(count + ways):
            there = lev
            if cut:
                code, new = n, g
                jx, jy = cell_of(level, n, lev)
            elif turn < count:
                d = (first + sign * bend * turn) & 7
                jx, jy = ix + DX[d], iy + DY[d]
                if jx < 0 or jy < 0 or jx >= nx or jy >= ny:
                    continue
                code = node_at(base, tiles, jx, jy)
                new = g + (slanted if d & 1 else straight) + classes[lev, ACROSS + (d & 3)]
                if parent < 8 and d != parent:
                    new += bend_cost
                new, stay = step_to(
                    node, label, slots, row, level, classes, n, code, lev, d, g, new, stay, net, net_of, fee, goals,
                    back, costs, stamp, side, found,
                )  # fmt: skip
                if new < 0:
                    continue
                label[code].stamp, label[code].g, label[code].parent = stamp, new, d | mine
                look_ahead(node, label, slots, row, base, tiles, jx, jy, d)
            else:
                there = lev - 1 if turn == count else lev + 1
                cut_class, back_way = (classes[lev, 1], UP) if there < lev else (classes[lev, 2], DOWN)
                sparse = (ix | iy) & no_cuts
                if not may_cut(node[n], label[n].mark, trace_class, cut_class, net, parent, back_way, sparse):
                    continue
                code, new = -n - 1, g + via_cost
                jx, jy = ix, iy
            key = new + to_goal(ox + jx * step, oy + jy * step, there, goals, axis, diagonal, via_cost, lean)
            if free >= 0:
                entry, free = free, np.int64(links[free])
            elif used < links.shape[0]:
                entry = used
                used += 1
            else:
                status = FULL
                break
            items[entry, 0], items[entry, 1], items[entry, 2], items[entry, 3] = code, key, jx, jy
            if there != lev:
                items[entry, 2] = there
            far = file_entry(heads, links, entry, max((key - floor) >> BUCKET_BITS, at), far)
        if status == FULL:
            break
    pool[FREE], pool[USED] = free, used
    queue[AT], queue[FLOOR], queue[FAR] = at, floor, far
    return status, visits
