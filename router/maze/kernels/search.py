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

DX = np.array([1, 1, 0, -1, -1, -1, 0, 1], dtype=np.int64)
DY = np.array([0, 1, 1, 1, 0, -1, -1, -1], dtype=np.int64)


@njit(cache=True)
def is_open(record, class_id, net):
    """Whether static obstacles let this net's class stand on the node."""
    bit = np.uint16(1 << class_id)
    if record.blocked & bit:
        return False
    return not (record.single & bit) or record.owner == net


@njit(cache=True)
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


@njit(cache=True)
def octile(dx, dy, axis, diagonal):
    """Length of the shortest octilinear way over dx and dy steps."""
    if dx > dy:
        return axis * (dx - dy) + diagonal * dy
    return axis * (dy - dx) + diagonal * dx


@njit(cache=True)
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


@njit(cache=True)
def level_of(level, n):
    """Level of a node id."""
    l = 0
    while l + 1 < level.shape[0] and n >= level[l + 1, BASE]:
        l += 1
    return l


@njit(cache=True)
def refill(heads, links, items, far, floor, quantum):
    """Move the far entries that lie less than the span of the buckets above `floor` into them; returns the rest."""
    entry = far
    far = -1
    while entry >= 0:
        following = links[entry]
        bucket = (items[entry, 1] - floor) // quantum
        if bucket < BUCKETS:
            links[entry] = heads[bucket]
            heads[bucket] = entry
        else:
            links[entry] = far
            far = entry
        entry = following
    return far


@njit(cache=True)
def seed_queue(node, slots, level, classes, slot_base, net, net_of, fee, sources, goals, costs, stamp, links, items):
    """Put the sources into a chain of queue entries; returns (first entry, entries used, least key)."""
    via_cost, inside, axis, diagonal = costs[0], costs[2], costs[3], costs[4]
    far = -1
    used = 0
    floor = NO_COST
    for s in sources:
        l = level_of(level, s)
        c = classes[l, 0]
        if c < 0 or not is_open(node[s], c, net) or used >= links.shape[0]:
            continue
        local = s - level[l, BASE]
        price = entry_fee(slots, slot_base[l, c] + local, -1, net, net_of, fee, inside)
        if price < 0:
            continue
        iy = local // level[l, NX]
        ix = local - iy * level[l, NX]
        node[s].stamp = stamp
        node[s].g = price
        node[s].parent = SOURCE
        x = level[l, OX] + ix * level[l, STEP]
        y = level[l, OY] + iy * level[l, STEP]
        key = price + to_goal(x, y, l, goals, axis, diagonal, via_cost)
        floor = min(floor, key)
        items[used, 0] = s
        items[used, 1] = key
        items[used, 2] = ix
        items[used, 3] = iy
        links[used] = far
        far = used
        used += 1
    return far, used, floor


@njit(cache=True)
def search(
    node, slots, level, classes, slot_base, net, net_of, fee,
    sources, targets, goals, costs, stamp, heads, links, items, found,
):  # fmt: skip
    """Cheapest way from any source to any target node.

    sources, targets: int64 node ids. goals: (n, 6) boxes round the targets in finest pitches.
    costs: via, bend, inside a halo, axis and diagonal per finest pitch, width of a bucket.
    heads (BUCKETS,), links (M,), items (M, 4: node, key, column, row): the queue's memory. found (2,): goal, its cost.
    Returns (status, node visits).
    """
    via_cost, bend_cost, inside, axis, diagonal, quantum = costs
    levels = level.shape[0]
    heads[:] = -1
    room = links.shape[0]
    far, used, floor = seed_queue(
        node, slots, level, classes, slot_base, net, net_of, fee, sources, goals, costs, stamp, links, items
    )
    far = refill(heads, links, items, far, floor, quantum)
    for t in targets:
        node[t].mark |= TARGET
    free = -1
    visits = 0
    at = 0
    status = NO_PATH
    while True:
        while at < BUCKETS and heads[at] < 0:
            at += 1
        if at == BUCKETS:
            if far < 0:
                break
            floor = NO_COST
            entry = far
            while entry >= 0:
                floor = min(floor, items[entry, 1])
                entry = links[entry]
            far = refill(heads, links, items, far, floor, quantum)
            at = 0
            continue
        entry = heads[at]
        heads[at] = links[entry]
        links[entry] = free
        free = entry
        n = np.int64(items[entry, 0])
        parent = node[n].parent
        if parent & CLOSED:
            continue
        visits += 1
        g = node[n].g
        if node[n].mark & TARGET:
            found[0] = n
            found[1] = g
            status = FOUND
            break
        node[n].parent = parent | CLOSED
        ix = np.int64(items[entry, 2])
        iy = np.int64(items[entry, 3])
        l = level_of(level, n)
        base, nx, ny, ox, oy, step = level[l, BASE], level[l, NX], level[l, NY], level[l, OX], level[l, OY], level[l, STEP]
        trace_class = classes[l, 0]
        row = slot_base[l, trace_class] - base
        before = row + n
        first, last = 0, 8
        if parent < 8:
            first, last = parent + 7, parent + 10
        for turn in range(first, last + 2):
            if turn < last:
                d = turn & 7
                jx = ix + DX[d]
                jy = iy + DY[d]
                if jx < 0 or jy < 0 or jx >= nx or jy >= ny:
                    continue
                m = base + jy * nx + jx
                known = node[m].stamp == stamp
                if known and node[m].g <= g:
                    continue
                if not is_open(node[m], trace_class, net):
                    continue
                new = g + (level[l, DIAGONAL] if d & 1 else level[l, AXIS])
                if parent < 8 and d != parent:
                    new += bend_cost
                if slots[row + m, 0] != 0:
                    price = entry_fee(slots, row + m, before, net, net_of, fee, inside)
                    if price < 0:
                        continue
                    new += price
                there = l
                way = d
            else:
                there = l - 1 if turn == last else l + 1
                if there < 0 or there >= levels or classes[there, 0] < 0:
                    continue
                rising = there > l
                here_class = classes[l, 2] if rising else classes[l, 1]
                there_class = classes[there, 1] if rising else classes[there, 2]
                if here_class < 0 or there_class < 0 or parent == (DOWN if rising else UP):
                    continue
                if (node[n].mark & NO_CUT) or not is_open(node[n], here_class, net):
                    continue
                step_there = level[there, STEP]
                jx = (ox + ix * step - level[there, OX]) // step_there
                jy = (oy + iy * step - level[there, OY]) // step_there
                if jx < 0 or jy < 0 or jx >= level[there, NX] or jy >= level[there, NY]:
                    continue
                if jx * step_there != ox + ix * step - level[there, OX]:
                    continue
                if jy * step_there != oy + iy * step - level[there, OY]:
                    continue
                m = level[there, BASE] + jy * level[there, NX] + jx
                known = node[m].stamp == stamp
                if known and node[m].g <= g + via_cost:
                    continue
                if (node[m].mark & NO_CUT) or not is_open(node[m], there_class, net):
                    continue
                if not is_open(node[m], classes[there, 0], net) or too_near_last_cut(node, level, n, l):
                    continue
                price = entry_fee(slots, slot_base[l, here_class] + n - base, before, net, net_of, fee, inside)
                upper = entry_fee(
                    slots, slot_base[there, there_class] + m - level[there, BASE], before, net, net_of, fee, inside
                )
                if price < 0 or upper < 0:
                    continue
                new = g + price + upper + via_cost
                way = UP if rising else DOWN
            if known and node[m].g <= new:
                continue
            if free >= 0:
                entry = free
                free = links[entry]
            elif used < room:
                entry = used
                used += 1
            else:
                status = QUEUE_FULL
                break
            node[m].stamp = stamp
            node[m].g = new
            node[m].parent = way
            x = level[there, OX] + jx * level[there, STEP]
            y = level[there, OY] + jy * level[there, STEP]
            key = new + to_goal(x, y, there, goals, axis, diagonal, via_cost)
            items[entry, 0] = m
            items[entry, 1] = key
            items[entry, 2] = jx
            items[entry, 3] = jy
            bucket = max((key - floor) // quantum, at)
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


@njit(cache=True)
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


@njit(cache=True)
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


@njit(cache=True)
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
