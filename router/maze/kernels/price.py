"""What a step costs, and whether it is allowed: static obstacles, fees for halos, the bound to the goal."""

from __future__ import annotations

import numpy as np

from router.maze.kernels.compiled import inner
from router.maze.kernels.natural import natural

# Columns of `costs`, see `kernels.search`.
VIA, TURN, INSIDE, AXIS, DIAGONAL, LEAN, NO_CUTS = range(7)
NO_COST = np.int32(2**31 - 1)
# Ways that fees make dearer than this cost so much: two halves of a way, and what lies between, stay below `NO_COST`.
MOST_COST = 2**30 - 2**26


@inner
def is_open(record, class_id, net):
    """Whether static obstacles let this net's class stand on the node."""
    bit = np.uint16(1 << class_id)
    if record.single & bit:
        return record.owner == net
    return not (record.blocked & bit)


@inner
def is_own(record, class_id, net):
    """Whether the node lies on or round a land of the net, where this class may stand and others' may not."""
    return bool(record.single & np.uint16(1 << class_id)) and record.owner == net


@inner
def is_covered(record, class_id):
    """Whether this class, standing on the node, lies wholly on a land of the node's owner, and is marked so: others
    keep from that land what they have to, and nothing more from what lies on it. See `kernels.static.cover_lands`."""
    return bool(record.single & record.blocked & np.uint16(1 << class_id))


@inner
def same_halos(slots, a, b):
    """Whether two slot rows hold the same connections in the same order."""
    differ = slots[a, 0] ^ slots[b, 0]
    for k in range(1, 4):
        differ |= slots[a, k] ^ slots[b, k]
    return differ == 0


@inner
def entry_fee(slots, here, before, net, net_of, fee, inside):
    """Price of standing at slot row `here` when coming from row `before` (-1: from nowhere); -1 if never allowed."""
    price = 0
    for k in range(4):
        occupant = natural(slots[here, k])
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


@inner
def octile(dx, dy, axis, diagonal):
    """Length of the shortest octilinear way over dx and dy steps."""
    if dx > dy:
        return axis * (dx - dy) + diagonal * dy
    return axis * (dy - dx) + diagonal * dx


@inner
def to_goal(x, y, level, goals, axis, diagonal, via_cost, lean):
    """A lower bound of the cost from (x, y, level) to the nearest goal box (x0, y0, x1, y1, lowest, highest level).

    `lean`, in 1/1024, is added in proportion: of ways that differ by a trifle, the one farther ahead goes on.
    """
    best = NO_COST
    for k in range(goals.shape[0]):
        dx = max(goals[k, 0] - x, x - goals[k, 2], 0)
        dy = max(goals[k, 1] - y, y - goals[k, 3], 0)
        cost = octile(dx, dy, axis, diagonal)
        cost += via_cost * max(goals[k, 4] - level, level - goals[k, 5], 0)
        best = min(best, cost)
    return best + ((best * lean) >> 10)
