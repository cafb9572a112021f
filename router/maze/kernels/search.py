"""A* over the lattice of one window, with fees for the halos of committed connections.

Hart, Nilsson and Raphael 1968 for the search; a bucket queue (Dial 1969) with last-in-first-out buckets, so that among
equals the search runs straight at its goal. Fees follow the rip-up routers of Dees and Karger 1982: a step into the
halo of a committed connection is allowed, at a price, and the caller removes what was run over.

Arrays, all of one window (lengths: N nodes, L levels, K classes a level):
  node      (N,) records of `window.NODE`: search state and static obstacles
  slots     (sum of K·nodes, 4) ids of the connections whose halo covers a node for a class, 0 = empty, packed left
  level     (L, 11) int64, see `kernels.nodes`
  classes   (L, 4) int64: class ids of this net's trace, of its via down, of its via up, -1 where not allowed; 1 where
            its traces may run on their own lands alone
  slot_base (L, K) int64: where the slots of a class begin
"""

from __future__ import annotations

import numpy as np
from numba import njit

from router.maze.kernels.cuts import make_cut, may_cut
from router.maze.kernels.nodes import (
    AXIS,
    BASE,
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
    TARGET,
    TILES,
    UP,
    cell_of,
    level_of,
    node_at,
    place_of,
)  # fmt: skip
from router.maze.kernels.price import NO_COST, entry_fee, is_open, is_own, same_halos, to_goal

FOUND, NO_PATH, QUEUE_FULL = 0, 1, 2
BUCKETS = 8192
# A bucket is this many bits of cost wide: about a third of a step.
BUCKET_BITS = 5


@njit(cache=True, error_model="numpy")
def refill(heads, links, items, far):
    """Put the cheapest far entries into the buckets; returns the rest, and the key of the first bucket."""
    floor = NO_COST
    entry = far
    while entry >= 0:
        floor = min(floor, items[entry, 1])
        entry = links[entry]
    entry = far
    far = -1
    while entry >= 0:
        following = links[entry]
        bucket = (items[entry, 1] - floor) >> BUCKET_BITS
        if bucket < BUCKETS:
            links[entry] = heads[bucket]
            heads[bucket] = entry
        else:
            links[entry] = far
            far = entry
        entry = following
    return far, floor


@njit(cache=True, error_model="numpy")
def seed_queue(node, slots, level, classes, slot_base, net, net_of, fee, sources, goals, costs, stamp, links, items):
    """Put the sources into the queue as far entries; returns (first far entry, entries used)."""
    via_cost, inside, axis, diagonal, lean = costs[0], costs[2], costs[3], costs[4], costs[5]
    far = -1
    used = 0
    for s in sources:
        lev = level_of(level, s)
        c = classes[lev, 0]
        if c < 0 or not is_open(node[s], c, net) or used == links.shape[0]:
            continue
        local = s - level[lev, BASE]
        price = entry_fee(slots, slot_base[lev, c] + local, -1, net, net_of, fee, inside)
        if price < 0:
            continue
        x, y = place_of(level, s, lev)
        node[s].stamp = stamp
        node[s].g = price
        node[s].parent = SOURCE
        items[used, 0] = s
        items[used, 1] = price + to_goal(x, y, lev, goals, axis, diagonal, via_cost, lean)
        items[used, 2], items[used, 3] = cell_of(level, s, lev)
        links[used] = far
        far = used
        used += 1
    return far, used


@njit(cache=True, error_model="numpy")
def search(
    node, slots, level, classes, slot_base, net, net_of, fee,
    sources, targets, goals, costs, stamp, heads, links, items, found,
):  # fmt: skip
    """Cheapest way from any source to any target node.

    sources, targets: int64 node ids. goals: (n, 6) boxes round the targets in finest pitches.
    costs: via, bend, inside a halo, axis and diagonal per finest pitch; the bound's lean (see `to_goal`); the bits of
    columns and rows without cuts but for those on lands of the net: of two cuts a step apart, one is enough.
    heads (BUCKETS,), links (M,), items (M, 4: node, key, column, row): the queue's memory. found (2,): goal, its cost.
    A cut touches memory far away, and most cuts are never worth their price: they are postponed in the queue, as
    -1 - node with the level they lead to.
    Returns (status, node visits).
    """
    via_cost, bend_cost, inside, axis, diagonal, lean, no_cuts = costs
    heads[:] = -1
    far, used = seed_queue(
        node, slots, level, classes, slot_base, net, net_of, fee, sources, goals, costs, stamp, links, items
    )
    for t in targets:
        node[t].mark |= TARGET
    free, at, floor = np.int64(-1), BUCKETS, np.int64(0)
    visits = 0
    status = NO_PATH
    while True:
        while at < BUCKETS and heads[at] < 0:
            at += 1
        if at == BUCKETS:
            if far < 0:
                break
            far, floor = refill(heads, links, items, far)
            at = 0
            continue
        entry = np.int64(heads[at])
        heads[at] = links[entry]
        links[entry] = free
        free = entry
        n = np.int64(items[entry, 0])
        ix, iy = np.int64(items[entry, 2]), np.int64(items[entry, 3])
        first, last, ways = 0, 8, 2
        cut = n < 0
        if cut:
            n = make_cut(node, slots, level, classes, slot_base, net, net_of, fee, costs, stamp, -n - 1, ix)
            if n < 0:
                continue
            first, last, ways = 0, 1, 0
        lev = level_of(level, n)
        parent = node[n].parent
        g = np.int64(node[n].g)
        if not cut:
            if parent & CLOSED:
                continue
            visits += 1
            if node[n].mark & TARGET:
                found[0], found[1] = n, g
                status = FOUND
                break
            node[n].parent = parent | CLOSED
            if parent < 8:
                first, last = parent + 7, parent + 10
        base, tiles, step = level[lev, BASE], level[lev, TILES], level[lev, STEP]
        nx, ny = level[lev, NX], level[lev, NY]
        trace_class, lands_only = classes[lev, 0], classes[lev, 3]
        row = slot_base[lev, trace_class] - base
        stay = -1
        for turn in range(first, last + ways):
            there = lev
            if cut:
                code, new = n, g
                jx, jy = cell_of(level, n, lev)
            elif turn < last:
                d = turn & 7
                jx, jy = ix + DX[d], iy + DY[d]
                if jx < 0 or jy < 0 or jx >= nx or jy >= ny:
                    continue
                code = node_at(base, tiles, jx, jy)
                known = node[code].stamp == stamp
                if (known and node[code].g <= g) or not is_open(node[code], trace_class, net):
                    continue
                if lands_only and not is_own(node[code], trace_class, net):
                    continue
                new = g + (level[lev, DIAGONAL] if d & 1 else level[lev, AXIS])
                if parent < 8 and d != parent:
                    new += bend_cost
                if slots[row + code, 0] != 0:
                    if not same_halos(slots, row + code, row + n):
                        price = entry_fee(slots, row + code, row + n, net, net_of, fee, inside)
                    else:
                        if stay < 0:
                            stay = entry_fee(slots, row + n, row + n, net, net_of, fee, inside)
                        price = stay
                    if price < 0:
                        continue
                    new += price
                if known and node[code].g <= new:
                    continue
                node[code].stamp, node[code].g, node[code].parent = stamp, new, d
            else:
                there = lev - 1 if turn == last else lev + 1
                cut_class, back = (classes[lev, 1], UP) if there < lev else (classes[lev, 2], DOWN)
                if not may_cut(node[n], trace_class, cut_class, net, parent, back, (ix | iy) & no_cuts):
                    continue
                code, new = -n - 1, g + via_cost
                jx, jy = ix, iy
            key = new + to_goal(
                level[lev, OX] + jx * step, level[lev, OY] + jy * step, there, goals, axis, diagonal, via_cost, lean
            )
            if free >= 0:
                entry, free = free, np.int64(links[free])
            elif used < links.shape[0]:
                entry = used
                used += 1
            else:
                status = QUEUE_FULL
                break
            items[entry, 0], items[entry, 1], items[entry, 2], items[entry, 3] = code, key, jx, jy
            if there != lev:
                items[entry, 2] = there
            bucket = max((key - floor) >> BUCKET_BITS, at)
            if bucket < BUCKETS:
                links[entry] = heads[bucket]
                heads[bucket] = entry
            else:
                links[entry] = far
                far = entry
        if status == QUEUE_FULL:
            break
    for t in targets:
        node[t].mark &= ~TARGET
    return status, visits
