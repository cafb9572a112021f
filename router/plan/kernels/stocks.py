"""Track room of cells: what a step takes of it, and what that costs.

A cell is a tile on a level, (level·ny + y)·nx + x. It has three stocks of tracks, `room` (3·cells,) and what is taken
of them, `used`: 0 the cell itself, 1 the passage to the next cell in x, 2 to the next cell in y.
"""

from __future__ import annotations

import numpy as np
from numba import njit

# A straight step to the next tile costs STEP; a diagonal one takes √2 as much of the track room.
STEP, SLANT = 1000, 1.4142
# What a passage without room for a single track costs; what a full stock costs in proportion to how full it is: ways
# that lie on the emptier of two levels leave room for those that cannot.
WALL, SPREAD = 20_000, 50.0
SOURCE = 10
DX = np.array([1, 1, 0, -1, -1, -1, 0, 1], dtype=np.int64)
DY = np.array([0, 1, 1, 1, 0, -1, -1, -1], dtype=np.int64)


@njit(cache=True)
def direction(n, m, nx, plane):
    """The direction, 0..7, of the step from cell n to its neighbour m on the same level."""
    dx, dy = m % nx - n % nx, (m % plane) // nx - (n % plane) // nx
    d = 0
    while DX[d] != dx or DY[d] != dy:
        d += 1
    return d


@njit(cache=True)
def stock_price(used, room, past, r, take, present):
    """What taking so much more of a stock costs."""
    over = used[r] + take - room[r]
    price = past[r] * take + SPREAD * take * (used[r] + take) / (room[r] + 0.5)
    if over > 0.0:
        price += present * over
        if room[r] < 0.5 * take:
            price += WALL
    return price


@njit(cache=True)
def stocks(n, d, nx, found):
    """The stocks that step d (0..7) from cell n takes of, into `found`, all but the last one passages; their count."""
    dx, dy = DX[d], DY[d]
    m = n + dy * nx + dx
    if d & 1:
        west = n if dx > 0 else n - 1
        south = n if dy > 0 else n - nx
        found[0] = 3 * west + 1
        found[1] = 3 * (west + dy * nx) + 1
        found[2] = 3 * south + 2
        found[3] = 3 * (south + dx) + 2
        found[4] = 3 * m
        return 5
    if dx != 0:
        found[0] = 3 * min(n, m) + 1
    else:
        found[0] = 3 * min(n, m) + 2
    found[1] = 3 * m
    return 2


@njit(cache=True)
def step_price(used, room, past, n, d, nx, take, present, free, found):
    """What step d from cell n costs beyond its length. `free`: it leaves or enters a cell of one of its own ends, whose
    land may be what leaves no room there."""
    count = stocks(n, d, nx, found)
    price = 0.0
    part = 0.5 * SLANT * take if d & 1 else take
    for k in range(count):
        r = found[k]
        if k == count - 1:
            part = SLANT * take if d & 1 else take
        if not (free and room[r] < take):
            price += stock_price(used, room, past, r, part, present)
    return price


@njit(cache=True)
def charge(used, room, path, takes, cuts, nx, plane, mark, stamp, sign, found):
    """Take the stocks of a path (cells in order), or give them back."""
    for k in range(1, path.shape[0]):
        n, m = np.int64(path[k - 1]), np.int64(path[k])
        lev, there = n // plane, m // plane
        if lev != there:
            low = min(lev, there)
            for cell, take in ((n, cuts[low, lev - low]), (m, cuts[low, there - low])):
                if not (mark[cell] == stamp and room[3 * cell] < take):
                    used[3 * cell] += sign * take
            continue
        d = direction(n, m, nx, plane)
        free = mark[n] == stamp or mark[m] == stamp
        count = stocks(n, d, nx, found)
        take = takes[lev]
        part = 0.5 * SLANT * take if d & 1 else take
        for j in range(count):
            r = found[j]
            if j == count - 1:
                part = SLANT * take if d & 1 else take
            if not (free and room[r] < take):
                used[r] += sign * part


@njit(cache=True)
def through(over, nx, plane, path_of, path, hit):
    """Mark in `hit` the connections whose path takes of a stock that is `over` its room."""
    found = np.empty(5, dtype=np.int64)
    for c in range(path_of.shape[0]):
        hit[c] = False
        for k in range(path_of[c, 0] + 1, path_of[c, 1]):
            n, m = np.int64(path[k - 1]), np.int64(path[k])
            if n // plane != m // plane:
                hit[c] |= over[3 * n] or over[3 * m]
                continue
            for j in range(stocks(n, direction(n, m, nx, plane), nx, found)):
                hit[c] |= over[found[j]]
