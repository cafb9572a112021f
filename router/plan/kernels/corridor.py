"""A negotiated route of many connections over coarse tiles.

After PathFinder (McMurchie and Ebeling 1995): every connection takes its cheapest way; what is used beyond its room
costs more from round to round, now (`present`) and for what it was (`past`), until nothing is used beyond its room.
Each search is A* (Hart, Nilsson and Raphael 1968) on a circular bucket queue (Dial 1969), last in first out. Cells and
their stocks of tracks: see `stocks`; ways that cross: see `crossings`.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from router.plan.kernels.crossings import crossings, enter
from router.plan.kernels.stocks import DX, DY, SOURCE, STEP, charge, step_price, stock_price

DIAGONAL = 1414
# Dearest step that the queue can hold.
DEAREST = 60_000
BUCKETS, BUCKET_BITS = 4096, 4
DONE, QUEUE_FULL, ROOM_FULL = 0, 1, 2
# Price of a turn by so many eighths.
_TURN = np.array([0, 20, 200, 500, 1000, 500, 200, 20], dtype=np.int64)


@njit(cache=True)
def to_goal(x, y, lev, goal, via_price):
    """Least cost from a cell to the box (x0, y0, x1, y1, lowest, highest level) of the goals."""
    dx = max(goal[0] - x, x - goal[2], 0)
    dy = max(goal[1] - y, y - goal[3], 0)
    cost = STEP * max(dx, dy) + (DIAGONAL - STEP) * min(dx, dy)
    return cost + via_price * max(goal[4] - lev, lev - goal[5], 0)


@njit(cache=True)
def search(
    used, room, past, shape, takes, cuts, via_price, present, mark, is_goal, stamp, box, goal,
    sources, cost, seen, came, heads, links, items, found, passes, corners, cross,
):  # fmt: skip
    """A* from the cells `sources` to those marked in `is_goal`; returns (status, goal cell or -1, visits)."""
    levels, ny, nx = shape
    plane = nx * ny
    heads[:] = -1
    floor = np.int64(1) << 60
    for k in range(sources.shape[0]):
        n = np.int64(sources[k])
        items[k, 0], items[k, 2], links[k] = n, 0, -1
        items[k, 1] = to_goal(n % nx, (n % plane) // nx, n // plane, goal, via_price)
        floor = min(floor, items[k, 1])
        seen[n], cost[n], came[n] = stamp, 0, SOURCE
    for k in range(sources.shape[0]):
        items[k, 1] = min(items[k, 1], floor + DEAREST)
        bucket = (items[k, 1] >> BUCKET_BITS) % BUCKETS
        links[k] = heads[bucket]
        heads[bucket] = k
    at = (floor >> BUCKET_BITS) % BUCKETS
    free_entry, used_entries, visits, empty = np.int64(-1), np.int64(sources.shape[0]), 0, 0
    while empty <= BUCKETS:
        entry = np.int64(heads[at])
        if entry < 0:
            at = (at + 1) % BUCKETS
            empty += 1
            continue
        empty = 0
        heads[at] = links[entry]
        links[entry] = free_entry
        free_entry = entry
        n, key, g = np.int64(items[entry, 0]), np.int64(items[entry, 1]), np.int64(items[entry, 2])
        if cost[n] != g:
            continue
        visits += 1
        if is_goal[n] == stamp:
            return DONE, n, visits
        lev, x, y = n // plane, n % nx, (n % plane) // nx
        way = came[n]
        for d in range(10):
            there, jx, jy = lev, x, y
            if d < 8:
                jx, jy = x + DX[d], y + DY[d]
                if jx < box[0] or jy < box[1] or jx > box[2] or jy > box[3]:
                    continue
                m = n + DY[d] * nx + DX[d]
                new = g + (DIAGONAL if d & 1 else STEP)
                if seen[m] == stamp and cost[m] <= new:
                    continue
                if way < 8:
                    new += _TURN[(d - way) & 7]
                free = mark[n] == stamp or mark[m] == stamp
                price = step_price(used, room, past, n, d, nx, takes[lev], present, free, found)
                price += cross * crossings(passes, corners, n, way, d, nx)
            else:
                there = lev - 1 if d == 8 else lev + 1
                if there < 0 or there >= levels or takes[there] <= 0.0:
                    continue
                m = n + (there - lev) * plane
                new = g + via_price
                low = min(lev, there)
                price = 0.0
                for cell, take in ((n, cuts[low, lev - low]), (m, cuts[low, there - low])):
                    if not (mark[cell] == stamp and room[3 * cell] < take):
                        price += stock_price(used, room, past, 3 * cell, take, present)
            new += np.int64(min(price, DEAREST))
            if seen[m] == stamp and cost[m] <= new:
                continue
            seen[m], cost[m], came[m] = stamp, new, d
            if free_entry >= 0:
                entry, free_entry = free_entry, np.int64(links[free_entry])
            elif used_entries < links.shape[0]:
                entry = used_entries
                used_entries += 1
            else:
                return QUEUE_FULL, -1, visits
            reach = max(key, new + to_goal(jx, jy, there, goal, via_price))
            items[entry, 0], items[entry, 1], items[entry, 2] = m, reach, new
            bucket = (reach >> BUCKET_BITS) % BUCKETS
            links[entry] = heads[bucket]
            heads[bucket] = entry
    return DONE, -1, visits


@njit(cache=True)
def trace(goal, came, nx, plane, way):
    """Cells from the source to the goal into `way`; their count, or -1 when it is too short."""
    n, count = np.int64(goal), 0
    while True:
        if count == way.shape[0]:
            return -1
        way[count] = n
        count += 1
        step = came[n]
        if step == SOURCE:
            break
        if step < 8:
            n -= DY[step] * nx + DX[step]
        else:
            n += plane if step == 8 else -plane
    for k in range(count // 2):
        way[k], way[count - 1 - k] = way[count - 1 - k], way[k]
    return count


@njit(cache=True)
def bounds(cells, nx, plane, box):
    """Smallest box (x0, y0, x1, y1, lowest, highest level) round cells."""
    box[0], box[1], box[2], box[3], box[4], box[5] = nx, plane, -1, -1, plane, -1
    for n in cells:
        lev, x, y = n // plane, n % nx, (n % plane) // nx
        box[0], box[1], box[2], box[3] = min(box[0], x), min(box[1], y), max(box[2], x), max(box[3], y)
        box[4], box[5] = min(box[4], lev), max(box[5], lev)


@njit(cache=True)
def route_some(
    which, begin, used, room, past, shape, present, via_price, spare,
    source_of, sources, target_of, targets, takes, of_class, cuts,
    old_of, old, new_of, new, mark, is_goal, cost, seen, came, heads, links, items, serial, passes, corners, cross,
):  # fmt: skip
    """Reroute the connections `which`, from number `begin` on, one after another.

    used, room, past (3·cells,): stocks, see above; shape: levels, ny, nx; cuts (levels - 1, 2): stock that a cut takes
    of its cell on the lower and upper level. source_of, target_of (n + 1,) into sources, targets: cells of both ends of
    each connection. takes (classes, levels): tracks a class takes, 0 where it may not be; of_class (n,). old_of (n, 2),
    old: where paths begin and end, and their cells; the same for `new_of`, `new`, which is filled. `spare`: tiles that
    a search may leave the box of its ends by. serial (3,): stamps used, cells filled in `new`, visits. cross: price of
    crossing another way.
    Returns (status, connections done).
    """
    ny, nx = shape[1], shape[2]
    plane = nx * ny
    found = np.empty(5, dtype=np.int64)
    goal, box = np.empty(6, dtype=np.int64), np.empty(6, dtype=np.int64)
    for i in range(begin, which.shape[0]):
        c = which[i]
        from_cells, to_cells = sources[source_of[c] : source_of[c + 1]], targets[target_of[c] : target_of[c + 1]]
        take, cut = takes[of_class[c]], cuts[of_class[c]]
        bounds(to_cells, nx, plane, goal)
        bounds(from_cells, nx, plane, box)
        serial[0] += 1
        stamp = serial[0]
        for n in from_cells:
            mark[n] = stamp
        for n in to_cells:
            mark[n] = stamp
            is_goal[n] = stamp
        before = old[old_of[c, 0] : old_of[c, 1]]
        charge(used, room, before, take, cut, nx, plane, mark, stamp, -1.0, found)
        enter(before, nx, plane, passes, corners, -1)
        for k in range(2):
            box[k], box[k + 2] = min(box[k], goal[k]), max(box[k + 2], goal[k + 2])
        extra = spare + max(box[2] - box[0], box[3] - box[1]) // 4
        for k in range(2):
            box[k], box[k + 2] = max(0, box[k] - extra), min(shape[2 - k] - 1, box[k + 2] + extra)
        status, last, visits = search(
            used, room, past, shape, take, cut, via_price, present, mark, is_goal, stamp, box, goal,
            from_cells, cost, seen, came, heads, links, items, found, passes, corners, cross,
        )  # fmt: skip
        count = trace(last, came, nx, plane, new[serial[1] :]) if last >= 0 else 0
        if status == QUEUE_FULL or count < 0:
            charge(used, room, before, take, cut, nx, plane, mark, stamp, 1.0, found)
            enter(before, nx, plane, passes, corners, 1)
            return (QUEUE_FULL if status == QUEUE_FULL else ROOM_FULL), i
        serial[2] += visits
        new_of[c, 0], new_of[c, 1] = serial[1], serial[1] + count
        serial[1] += count
        path = new[new_of[c, 0] : new_of[c, 1]]
        charge(used, room, path, take, cut, nx, plane, mark, stamp, 1.0, found)
        enter(path, nx, plane, passes, corners, 1)
    return DONE, which.shape[0]


@njit(cache=True)
def gather(which, path_of, path, out_of, out):
    """Put the paths of some connections one after another; returns the cells filled."""
    at = 0
    for c in which:
        begin, end = path_of[c, 0], path_of[c, 1]
        out[at : at + end - begin] = path[begin:end]
        out_of[c, 0], out_of[c, 1] = at, at + end - begin
        at += end - begin
    return at
