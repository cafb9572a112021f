"""The inner loop of the search: one side of it goes on for a while. Arrays as in `kernels.search`."""

from __future__ import annotations

import numpy as np

from router.maze.kernels.compiled import inner, part
from router.maze.kernels.cuts import has_cuts, make_cut, too_near_last_cut
from router.maze.kernels.meet import COST, cuts_apart, meet, turn_price, twice_paid
from router.maze.kernels.natural import natural
from router.maze.kernels.nodes import (
    ACROSS,
    AXIS_COST,
    BACK,
    BASE,
    BEND,
    CLOSED,
    CUT,
    CUT_DOWN,
    DIAGONAL_COST,
    DX,
    DY,
    EVEN,
    NEAR_CUT,
    NOWHERE,
    NX,
    NY,
    OX,
    OY,
    PASSING,
    RUNS,
    SOURCE,
    STEP,
    TILES,
    TRACE,
    UP,
    WAY,
    cell_of,
    level_of,
    node_at,
    place_of,
)  # fmt: skip
from router.maze.kernels.prefetch import look_ahead
from router.maze.kernels.price import (
    AXIS,
    DIAGONAL,
    INSIDE,
    LEAN,
    MOST_COST,
    NO_COST,
    TURN,
    VIA,
    entry_fee,
    is_open,
    is_own,
    same_halos,
    to_goal,
)
from router.maze.kernels.queue import (
    AT,
    BUCKET_BITS,
    BUCKETS,
    COLUMN,
    FAR,
    FLOOR,
    FREE,
    NEXT,
    NODE,
    ROW,
    USED,
    push,
    refill,
)

GOING, DONE, FULL = 0, 1, 2
# A visit puts no more entries into the queue: eight steps and two cuts.
MOST_PUSHES = 10


@part
def take_over(query, side, row, n, code, lev, d, new):
    """The other side came to node `code` first. Note the way that a step there from `n` in direction `d` completes, of
    cost `new` but for the fees, and tell whether this side may have the node: while the other has not visited it, if
    the whole way promises to be cheaper from here."""
    label, slots, level, costs, found = query.label, query.slots, query.level, query.costs, query.found
    net, net_of, fee, inside = query.net, query.net_of, query.fee, costs[INSIDE]
    turn = turn_price(label[code].parent & WAY, d, level[lev, BEND], costs[TURN])
    if turn >= 0:
        total = new + turn + label[code].g - twice_paid(slots, row + code, row + n, net, net_of, fee, inside)
        if total < found[COST] and cuts_apart(label, level, n, code, lev):
            meet(label, level, found, side.number, n, code, lev, total)
    if label[code].parent & CLOSED or label[code].parent & WAY == SOURCE:
        return False
    x, y = place_of(level, code, lev)
    price = entry_fee(slots, row + code, row + n, net, net_of, fee, inside)
    ahead = to_goal(x, y, lev, side.goals, costs[AXIS], costs[DIAGONAL], costs[VIA], costs[LEAN])
    behind = to_goal(x, y, lev, side.back, costs[AXIS], costs[DIAGONAL], costs[VIA], costs[LEAN])
    return new + price + ahead < label[code].g + behind


@inner
def step_to(query, side, row, n, code, lev, d, g, new, stay):
    """What it costs to come to node `code` by a step in direction `d` from `n`, to which it cost `g`: `new` and fees;
    -1 where the step is not allowed or brings nothing. `stay` is the price of staying within the halos of `n`, -1
    while nobody has asked; returned as well."""
    node, label, slots, classes = query.node, query.label, query.slots, query.classes
    net, net_of, fee = query.net, query.net_of, query.fee
    trace_class, inside = classes[lev, TRACE], query.costs[INSIDE]
    mine = np.uint8(BACK if side.number else 0)
    if classes[lev, RUNS] == NOWHERE and not is_own(node[code], trace_class, net):
        return np.int64(-1), stay
    known = label[code].stamp == query.stamp
    if known and label[code].parent & BACK != mine:
        if not take_over(query, side, row, n, code, lev, d, new):
            return np.int64(-1), stay
        known = False
    elif known:
        if label[code].g <= g or label[code].parent & CLOSED:
            return np.int64(-1), stay
    elif not is_open(node[code], trace_class, net):
        return np.int64(-1), stay
    here, before = natural(row + code), natural(row + n)
    if slots[here, 0] != 0:
        same = same_halos(slots, here, before)
        if same and stay >= 0:
            price = stay
        else:
            price = entry_fee(slots, here, before, net, net_of, fee, inside)
            if same:
                stay = price
        if price < 0:
            return np.int64(-1), stay
        new = min(new + price, max(new, MOST_COST))
    if known and label[code].g <= new:
        return np.int64(-1), stay
    return new, stay


@inner
def advance(query, side, least_other, handed, stretch):
    """Visit up to `stretch` nodes from one side. least_other: no way of the other side that is not visited yet costs
    less. handed: the side (0 or 1) that tries directions counter-clockwise.

    A cut touches memory far away, and most cuts are never worth their price: they are postponed in the queue, as
    -1 - node with the level they lead to for a column.
    Returns (GOING, DONE when nothing cheaper than what is found may come from this side, or FULL; node visits).
    """
    node, label, slots, level, classes = query.node, query.label, query.slots, query.level, query.classes
    net, found = query.net, query.found
    via_cost, bend_cost, _, axis, diagonal, lean, no_cuts = query.costs
    goals, heads, items, keys, queue, pool = side.goals, side.heads, side.items, side.keys, side.queue, side.pool
    side_bit = np.int64(BACK if side.number else 0)
    # The sides try directions in opposite order, so that in the open they run into each other.
    sign, lead = (1, 0) if side.number == handed else (-1, 7)
    free, used = pool[FREE], pool[USED]
    at, floor, far = natural(queue[AT]), queue[FLOOR], queue[FAR]
    visits = 0
    status = GOING
    while visits < stretch:
        while at < BUCKETS and heads[at] < 0:
            at = natural(at + 1)
        if at == BUCKETS:
            if far < 0:
                status = DONE
                break
            far, floor = refill(heads, items, keys, far)
            at = 0
            continue
        # What waits in the bucket of what is found is as good.
        if floor + ((at + 1) << BUCKET_BITS) > found[COST]:
            status = DONE
            break
        if used + MOST_PUSHES > keys.shape[0]:
            status = FULL
            break
        entry = natural(heads[at])
        n = np.int64(items[entry, NODE])
        ix, iy = np.int64(items[entry, COLUMN]), np.int64(items[entry, ROW])
        heads[at] = items[entry, NEXT]
        items[entry, NEXT] = free
        free = entry
        if n < 0:
            n = make_cut(query, side.number, -n - 1, ix)
            if n >= 0:
                n = natural(n)
                lev = natural(level_of(level, n))
                ix, iy = cell_of(level, n, lev)
                x, y = level[lev, OX] + ix * level[lev, STEP], level[lev, OY] + iy * level[lev, STEP]
                key = label[n].g + to_goal(x, y, lev, goals, axis, diagonal, via_cost, lean)
                free, used, far = push(heads, items, keys, n, key, ix, iy, floor, at, free, used, far)
            continue
        n = natural(n)
        # What waits twice, or has been taken over, is passed by.
        parent = np.int64(label[n].parent)
        if parent & CLOSED or parent & BACK != side_bit:
            continue
        visits += 1
        label[n].parent = parent | CLOSED
        come = side_bit | parent & CUT
        parent &= WAY
        g = np.int64(label[n].g)
        lev = natural(level_of(level, n))
        ox, oy, step = level[lev, OX], level[lev, OY], level[lev, STEP]
        x, y = ox + ix * step, oy + iy * step
        if (
            found[COST] < NO_COST
            and g + least_other - to_goal(x, y, lev, side.back, axis, diagonal, via_cost, lean) >= found[COST]
        ):
            continue
        bend = level[lev, BEND]
        first, count = lead & -bend, 8 >> (bend - 1)
        if parent < 8:
            first, count = parent - sign * bend, 3
        base, tiles = level[lev, BASE], level[lev, TILES]
        nx, ny = level[lev, NX], level[lev, NY]
        straight, slanted = level[lev, AXIS_COST], level[lev, DIAGONAL_COST]
        trace_class = natural(classes[lev, TRACE])
        row = query.slot_base[lev, trace_class] - base
        odd = (ix + iy) & level[lev, EVEN]
        priced = classes[lev, RUNS] != PASSING or not too_near_last_cut(label, level, n, lev, -1)
        stay = -1
        for turn in range(count):
            d = (first + sign * bend * turn) & 7
            if d & odd:
                continue
            jx, jy = ix + DX[d], iy + DY[d]
            if jx < 0 or jy < 0 or jx >= nx or jy >= ny:
                continue
            code = natural(node_at(base, tiles, jx, jy))
            new = g + (slanted if d & 1 else straight)
            if priced:
                new += classes[lev, ACROSS + (d & 3)]
            if parent < 8 and d != parent:
                new += bend_cost
            new, stay = step_to(query, side, row, n, code, lev, d, g, new, stay)
            if new < 0:
                continue
            label[code].stamp, label[code].g, label[code].parent = query.stamp, new, d | come
            look_ahead(node, label, slots, row, base, tiles, jx, jy, d)
            key = new + to_goal(ox + jx * step, oy + jy * step, lev, goals, axis, diagonal, via_cost, lean)
            free, used, far = push(heads, items, keys, code, key, jx, jy, floor, at, free, used, far)
        if not label[n].mark & NEAR_CUT:
            # An end may be shut in, a land of the net has no other place for a cut, and cuts stack where they stand.
            held = parent >= 8 or is_own(node[n], trace_class, net)
            for rising in range(2):
                there, cut_class = lev - 1 + 2 * rising, classes[lev, CUT_DOWN + rising]
                # A way does not go back by the cut that it came by.
                if cut_class < 0 or parent == UP - rising:
                    continue
                if not (held or has_cuts(level, lev, there, ix, iy, no_cuts)) or not is_open(node[n], cut_class, net):
                    continue
                key = g + via_cost + to_goal(x, y, there, goals, axis, diagonal, via_cost, lean)
                free, used, far = push(heads, items, keys, -n - 1, key, there, iy, floor, at, free, used, far)
    pool[FREE], pool[USED] = free, used
    queue[AT], queue[FLOOR], queue[FAR] = at, floor, far
    return status, visits
