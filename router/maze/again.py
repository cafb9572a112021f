"""Another order for a package of which a few connections are left.

Fights that do not end go by what was routed before them: nets that lie otherwise from the start may leave room.
Restarts are an old remedy for searches whose cost varies by chance (Luby, Sinclair and Zuckerman 1993).
"""

from __future__ import annotations

from router.maze.ripup import Ripup

# So many orders are tried, where routing took no more node visits than this (half a second), and an order is given
# up when as many bring no better state. Of eight orders two completed a package in which two supplies surround each
# other.
ORDERS, CHEAP = 8, 5_000_000


def route_again(router: Ripup, seed: int, threads: int) -> bool:
    """Route all anew in other orders while connections are left that others block; the best state is kept. False when
    stopped early."""
    if router.searcher.visits > CHEAP:
        return True
    for order in range(1, ORDERS):
        left = router.left()
        if not any(router.blockers.get(c.id) for c in left) or router.searcher.visits > ORDERS * CHEAP:
            break
        best = router.state(router.connections[1:])
        router.begin(seed * ORDERS + order)
        finished = router.run(threads=threads, patient=CHEAP)
        if len(router.left()) >= len(left):
            router.restore(best)
        if not finished:
            return False
    return True
