"""A* over the lattice of one window from both ends at once, with fees for the halos of committed connections.

Hart, Nilsson and Raphael 1968 for the search; from both ends, with what each side knows of the other, after Pijls and
Post 2009. Where a way has to run over somebody near one of its ends, the search from the other end would look at all
that lies between before it paid: the side goes on that has gained more for its visits (see `side_to_go`).
Fees follow the rip-up routers of Dees and Karger 1982: a step into the halo of a committed connection is allowed, at a
price, and the caller removes what was run over.

Arrays, all of one window (lengths: N nodes, L levels, K classes a level):
  node      (N,) records of `window.NODE`: static obstacles
  label     (N,) records of `labels.LABEL`: how far this search and earlier ones came
  slots     (sum of K·nodes, 4) ids of the connections whose halo covers a node for a class, 0 = empty, packed left
  level     (L, 15) int64, see `kernels.nodes`
  classes   (L, 8) int64: class ids of this net's trace, of its via down, of its via up, -1 where not allowed; where its
            traces may run, see `kernels.nodes`; what steps along each of four axes cost it more, from that of
            x round to the left
  slot_base (L, K) int64: where the slots of a class begin
"""

from __future__ import annotations

import numpy as np

from router.maze.kernels.advance import DONE, FULL, GOING, advance
from router.maze.kernels.compiled import inner, part
from router.maze.kernels.meet import BETWEEN, COST, nothing_found
from router.maze.kernels.nodes import BACK, BASE, SOURCE, TRACE, cell_of, level_of, place_of
from router.maze.kernels.paths import boxes_round
from router.maze.kernels.price import AXIS, DIAGONAL, INSIDE, LEAN, NO_COST, VIA, entry_fee, is_open, to_goal
from router.maze.kernels.query import Query, Side
from router.maze.kernels.queue import COLUMN, FREE, NEXT, NODE, ROW, START, USED, least_key, open_queue
from router.model.kernels import compiled

FOUND, NO_PATH, QUEUE_FULL, PAUSED = 0, 1, 2, 3
# A side goes on for so many visits before the other is asked.
STRETCH = 32
# More boxes round the goals would bound the way to the nearest better, but each is asked at each step.
MOST_GOALS = 10
# What a side has gained is counted from so much, in units of cost: half a step. Half or twice as much changes the
# visits of full packages by up to a third, now one way and now the other.
HEAD_START = 50


@part
def seed(query, side, ends):
    """Put the ends of a side into its queue; False where there is no room. An end of both sides is a way."""
    label, level, costs, found = query.label, query.level, query.costs, query.found
    items, keys, pool = side.items, side.keys, side.pool
    mark = BACK if side.number else 0
    far, start = np.int64(-1), np.int64(NO_COST)
    for s in ends:
        lev = level_of(level, s)
        c = query.classes[lev, TRACE]
        if c < 0 or not is_open(query.node[s], c, query.net):
            continue
        row = query.slot_base[lev, c] + s - level[lev, BASE]
        price = entry_fee(query.slots, row, -1, query.net, query.net_of, query.fee, costs[INSIDE])
        if price < 0:
            continue
        if label[s].stamp == query.stamp:
            if label[s].parent & BACK != mark and price < found[COST]:
                found[BETWEEN], found[COST] = s, price
            continue
        used = pool[USED]
        if used == keys.shape[0]:
            return False
        x, y = place_of(level, s, lev)
        label[s].stamp = query.stamp
        label[s].g = price
        label[s].parent = SOURCE | mark
        ahead = to_goal(x, y, lev, side.goals, costs[AXIS], costs[DIAGONAL], costs[VIA], costs[LEAN])
        keys[used] = price + ahead
        items[used, NODE], items[used, NEXT] = s, far
        items[used, COLUMN], items[used, ROW] = cell_of(level, s, lev)
        start = min(start, np.int64(keys[used]))
        far = used
        pool[USED] = used + 1
    open_queue(side.queue, far, start)
    return True


@inner
def side_to_go(onward, backward, visited):
    """The side that goes on, by their queues: the one that has gained more, by how much dearer than at first its
    cheapest way has become, for each of its visits. A side shut in gains fees for few visits; one in the open visits
    all there is."""
    gained = least_key(onward) - onward[START], least_key(backward) - backward[START]
    return 1 if visited[1] * (gained[0] + HEAD_START) < visited[0] * (gained[1] + HEAD_START) else 0


@compiled
def goal_boxes(level, ends):
    """Boxes round the ends of a side, (n, 6) as in `boxes_round`: the nodes of one pad share a box."""
    return boxes_round(level, ends, min(MOST_GOALS, -(-len(ends) // 4)))


@part
def begin(query, onward, backward, sources, targets, limit):
    """Empty the queues and put the ends of both sides into theirs; False where there is no room."""
    onward.heads[:], backward.heads[:] = -1, -1
    onward.pool[FREE], onward.pool[USED] = -1, 0
    nothing_found(query.found, limit)
    return seed(query, onward, sources) and seed(query, backward, targets)


@part
def take_turns(query, onward, backward, both, handed, visited, pause):
    """Let the sides go on, or the first one alone, until one is done or finds its queue full, or after `pause` visits;
    returns how `advance` ended last, and on which side.

    A kernel of its own: where references to arrays are counted, fields of a query are read again at each step.
    """
    status, side = GOING, 0
    until = visited.sum() + pause
    while status == GOING and visited.sum() < until:
        side = side_to_go(onward.queue, backward.queue, visited) if both else 0
        here, other = (backward, onward) if side else (onward, backward)
        status, visits = advance(query, here, least_key(other.queue), handed, STRETCH)
        visited[side] += visits
    return status, side


@compiled(error_model="numpy", nogil=True)
def search(
    node, label, slots, level, classes, slot_base, net, net_of, fee,
    sources, targets, costs, limit, both, handed, stamp, heads, items, keys, found, queues, pool, visited, pause,
):  # fmt: skip
    """Cheapest way from any source to any target node.

    sources, targets: int64 node ids.
    costs: via, bend, inside a halo, axis and diagonal per finest pitch; the bound's lean (see `to_goal`); the bits of
    columns and rows without cuts but for those on lands of the net: of two cuts a step apart, one is enough.
    limit: a way has to cost less. both: whether to search from both ends. heads (2, BUCKETS), items, keys: see
    `kernels.queue`. found: see `kernels.meet`. queues (2, 4), pool (2,): the state of both queues; visited (2,): node
    visits of each side so far, none where the search begins: one that is PAUSED, after `pause` visits, goes on when it
    is called again. Returns the status, the node visits, and, without a way, the side (0 or 1) that came to its end.
    """
    to_targets, to_sources = goal_boxes(level, targets), goal_boxes(level, sources)
    query = Query(node, label, slots, level, classes, slot_base, net, net_of, fee, costs, stamp, found)
    onward = Side(0, to_targets, to_sources, heads[0], items, keys, queues[0], pool)
    backward = Side(1, to_sources, to_targets, heads[1], items, keys, queues[1], pool)
    if visited.sum() == 0 and not begin(query, onward, backward, sources, targets, limit):
        return QUEUE_FULL, 0, 0
    status, side = take_turns(query, onward, backward, both, handed, visited, pause)
    if status == GOING:
        return PAUSED, visited.sum(), side
    if status == FULL:
        return QUEUE_FULL, visited.sum(), side
    return FOUND if status == DONE and found[BETWEEN] >= 0 else NO_PATH, visited.sum(), side
