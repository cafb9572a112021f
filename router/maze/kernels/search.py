"""A* over the lattice of one window, with fees for the halos of committed connections.

Hart, Nilsson and Raphael 1968 for the search; a bucket queue (Dial 1969) with last-in-first-out buckets, so that among
equals the search runs straight at its goal. Fees follow the rip-up routers of Dees and Karger 1982: a step into the
halo of a committed connection is allowed, at a price, and the caller removes what was run over.

Arrays, all of one window (lengths: N nodes, L levels, K classes a level):
  node      (N,) records of `window.NODE`: search state and static obstacles
  slots     (sum of K·nodes, 4) ids of the connections whose halo covers a node for a class, 0 = empty, packed left
  level     (L, 10) int64: base, nx, ny, offset x, offset y, step in finest pitches, axis cost, diagonal cost, 1 where
            the cut above may stand straight on the cut below, and the least distance of a net's other cuts on the
            level, in finest pitches
  classes   (L, 3) int64: class ids of this net's trace, of its via down, of its via up; -1 where not allowed
  slot_base (L, K) int64: where the slots of a class begin
"""

from __future__ import annotations

import numpy as np
from numba import njit

BASE, NX, NY, OX, OY, STEP, AXIS, DIAGONAL, STACK, APART = range(10)
DOWN, UP, SOURCE = 8, 9, 15
CLOSED = 0x80
# Marks on nodes: a goal; too near to a cut of the net; on the edge of a pad, where a cut would make a notch.
TARGET, NEAR_CUT, PAD_EDGE = 1, 2, 4
NO_CUT = NEAR_CUT | PAD_EDGE
FOUND, NO_PATH, QUEUE_FULL = 0, 1, 2
NO_COST = np.int32(2**31 - 1)
BUCKETS = 8192
# A bucket is this many bits of cost wide: about a third of a step.
BUCKET_BITS = 5

DX = np.array([1, 1, 0, -1, -1, -1, 0, 1], dtype=np.int64)
DY = np.array([0, 1, 1, 1, 0, -1, -1, -1], dtype=np.int64)


@njit(cache=True, error_model="numpy")
def is_open(record, class_id, net):
    """Whether static obstacles let this net's class stand on the node."""
    bit = np.uint16(1 << class_id)
    if record.blocked & bit:
        return False
    return not (record.single & bit) or record.owner == net


@njit(cache=True, error_model="numpy")
def entry_fee(slots, here, before, net, net_of, fee, inside):
    """Price of standing at slot row `here` when coming from row `before` (-1: from nowhere); -1 if never allowed."""
    price = 0
    for k in range(4):
        occupant = slots[here, k]
        if occupant == 0:
            break
        if net_of[occupant] == net:
            continue
        if fee[occupant] < 0:
            return -1
        price += inside
        known = False
        if before >= 0:
            for m in range(4):
                if slots[before, m] == occupant:
                    known = True
                    break
        if not known:
            price += fee[occupant]
    return price


@njit(cache=True, error_model="numpy")
def octile(dx, dy, axis, diagonal):
    """Length of the shortest octilinear way over dx and dy steps."""
    if dx > dy:
        return axis * (dx - dy) + diagonal * dy
    return axis * (dy - dx) + diagonal * dx


@njit(cache=True, error_model="numpy")
def to_goal(x, y, level, goals, axis, diagonal, via_cost):
    """A lower bound of the cost from (x, y, level) to the nearest goal box (x0, y0, x1, y1, lowest, highest level)."""
    best = NO_COST
    for k in range(goals.shape[0]):
        dx = max(goals[k, 0] - x, x - goals[k, 2], 0)
        dy = max(goals[k, 1] - y, y - goals[k, 3], 0)
        cost = octile(dx, dy, axis, diagonal)
        cost += via_cost * max(goals[k, 4] - level, level - goals[k, 5], 0)
        best = min(best, cost)
    return best


@njit(cache=True, error_model="numpy")
def level_of(level, n):
    """Level of a node id."""
    l = 0
    while l + 1 < level.shape[0] and n >= level[l + 1, BASE]:
        l += 1
    return l


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
    via_cost, inside, axis, diagonal = costs[0], costs[2], costs[3], costs[4]
    far = -1
    used = 0
    for s in sources:
        l = level_of(level, s)
        c = classes[l, 0]
        if c < 0 or not is_open(node[s], c, net) or used == links.shape[0]:
            continue
        local = s - level[l, BASE]
        price = entry_fee(slots, slot_base[l, c] + local, -1, net, net_of, fee, inside)
        if price < 0:
            continue
        x, y = place_of(level, s, l)
        node[s].stamp = stamp
        node[s].g = price
        node[s].parent = SOURCE
        items[used, 0] = s
        items[used, 1] = price + to_goal(x, y, l, goals, axis, diagonal, via_cost)
        items[used, 2] = local % level[l, NX]
        items[used, 3] = local // level[l, NX]
        links[used] = far
        far = used
        used += 1
    return far, used


@njit(cache=True, error_model="numpy")
def cut_price(node, slots, level, classes, slot_base, net, net_of, fee, inside, n, l, m, there):
    """Fees of a cut from node n on level l to node m on level `there`; -1 where there may be none."""
    rising = there > l
    here_class = classes[l, 2] if rising else classes[l, 1]
    there_class = classes[there, 1] if rising else classes[there, 2]
    if (node[n].mark | node[m].mark) & NO_CUT:
        return -1
    if not is_open(node[n], here_class, net) or not is_open(node[m], there_class, net):
        return -1
    if not is_open(node[m], classes[there, 0], net):
        return -1
    local = n - level[l, BASE]
    before = slot_base[l, classes[l, 0]] + local
    price = entry_fee(slots, slot_base[l, here_class] + local, before, net, net_of, fee, inside)
    upper = entry_fee(slots, slot_base[there, there_class] + m - level[there, BASE], before, net, net_of, fee, inside)
    if price < 0 or upper < 0 or too_near_last_cut(node, level, n, l):
        return -1
    return price + upper


@njit(cache=True, error_model="numpy")
def make_cut(node, slots, level, classes, slot_base, net, net_of, fee, costs, stamp, n, there):
    """Carry out a postponed cut from node n to level `there`; returns the node it leads to, -1 when it brings nothing."""
    l = level_of(level, n)
    x, y = place_of(level, n, l)
    ox, oy, step = x - level[there, OX], y - level[there, OY], level[there, STEP]
    ix, iy = ox // step, oy // step
    if ix < 0 or iy < 0 or ix >= level[there, NX] or iy >= level[there, NY] or ix * step != ox or iy * step != oy:
        return -1
    m = level[there, BASE] + iy * level[there, NX] + ix
    new = node[n].g + costs[0]
    if node[m].stamp == stamp and node[m].g <= new:
        return -1
    price = cut_price(node, slots, level, classes, slot_base, net, net_of, fee, costs[2], n, l, m, there)
    new += price
    if price < 0 or (node[m].stamp == stamp and node[m].g <= new):
        return -1
    node[m].stamp = stamp
    node[m].g = new
    node[m].parent = UP if there > l else DOWN
    return m


@njit(cache=True, error_model="numpy")
def search(
    node, slots, level, classes, slot_base, net, net_of, fee,
    sources, targets, goals, costs, stamp, heads, links, items, found,
):  # fmt: skip
    """Cheapest way from any source to any target node.

    sources, targets: int64 node ids. goals: (n, 6) boxes round the targets in finest pitches.
    costs: via, bend, inside a halo, axis and diagonal per finest pitch.
    heads (BUCKETS,), links (M,), items (M, 4: node, key, column, row): the queue's memory. found (2,): goal, its cost.
    A cut touches memory far away, and most cuts are never worth their price: they are postponed in the queue, as
    -1 - node with the level they lead to.
    Returns (status, node visits).
    """
    via_cost, bend_cost, inside, axis, diagonal = costs
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
        l = level_of(level, n)
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
        base, nx, ny, step = level[l, BASE], level[l, NX], level[l, NY], level[l, STEP]
        trace_class = classes[l, 0]
        row = slot_base[l, trace_class] - base
        for turn in range(first, last + ways):
            there = l
            if cut:
                code, new = n, g
                jx, jy = (n - base) % nx, (n - base) // nx
            elif turn < last:
                d = turn & 7
                jx, jy = ix + DX[d], iy + DY[d]
                if jx < 0 or jy < 0 or jx >= nx or jy >= ny:
                    continue
                code = base + jy * nx + jx
                known = node[code].stamp == stamp
                if known and node[code].g <= g or not is_open(node[code], trace_class, net):
                    continue
                new = g + (level[l, DIAGONAL] if d & 1 else level[l, AXIS])
                if parent < 8 and d != parent:
                    new += bend_cost
                if slots[row + code, 0] != 0:
                    price = entry_fee(slots, row + code, row + n, net, net_of, fee, inside)
                    if price < 0:
                        continue
                    new += price
                if known and node[code].g <= new:
                    continue
                node[code].stamp, node[code].g, node[code].parent = stamp, new, d
            else:
                there = l - 1 if turn == last else l + 1
                if classes[l, 1 if there < l else 2] < 0 or parent == (UP if there < l else DOWN):
                    continue
                code, new = -n - 1, g + via_cost
                jx, jy = ix, iy
            key = new + to_goal(
                level[l, OX] + jx * step, level[l, OY] + jy * step, there, goals, axis, diagonal, via_cost
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
            if there != l:
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


@njit(cache=True, error_model="numpy")
def place_of(level, n, l):
    """Place of a node of level l, in finest pitches."""
    local = n - level[l, BASE]
    iy = local // level[l, NX]
    ix = local - iy * level[l, NX]
    return level[l, OX] + ix * level[l, STEP], level[l, OY] + iy * level[l, STEP]


@njit(cache=True, error_model="numpy")
def step_back(level, n, l, way):
    """The node and level from which `n` on level `l` was entered by `way`."""
    local = n - level[l, BASE]
    nx = level[l, NX]
    iy = local // nx
    ix = local - iy * nx
    if way < 8:
        return n - DY[way] * nx - DX[way], l
    there = l + 1 if way == DOWN else l - 1
    jx = (level[l, OX] + ix * level[l, STEP] - level[there, OX]) // level[there, STEP]
    jy = (level[l, OY] + iy * level[l, STEP] - level[there, OY]) // level[there, STEP]
    return level[there, BASE] + jy * level[there, NX] + jx, there


@njit(cache=True, error_model="numpy")
def too_near_last_cut(node, level, n, l):
    """Whether the way that leads to `n` came to its level by a cut too near for another, and not one to stack on."""
    apart = level[l, APART]
    nx = level[l, NX]
    start = n - level[l, BASE]
    for steps in range(4 * apart + 4):
        way = node[n].parent & ~np.uint8(CLOSED)
        if way == SOURCE:
            return False
        if way >= 8:
            if steps == 0:
                return not level[l, STACK]
            local = n - level[l, BASE]
            dx = (local % nx - start % nx) * level[l, STEP]
            dy = (local // nx - start // nx) * level[l, STEP]
            return dx * dx + dy * dy < apart * apart
        n -= DY[way] * nx + DX[way]
    return False


@njit(cache=True, error_model="numpy")
def trace_back(node, level, goal, way_nodes):
    """Node ids from goal to source into `way_nodes`; returns their count, or -1 if the array is too short."""
    l = level_of(level, goal)
    n = goal
    count = 0
    while True:
        if count == way_nodes.shape[0]:
            return -1
        way_nodes[count] = n
        count += 1
        way = node[n].parent & 0x7F
        if way == SOURCE:
            return count
        n, l = step_back(level, n, l, way)
