"""Other orders for a package of which a few connections are left.

Fights that do not end go by what was routed before them: nets that lie otherwise from the start may leave room.
Restarts are an old remedy for searches whose cost varies by chance (Luby, Sinclair and Zuckerman 1993).
"""

from __future__ import annotations

from router.maze.patience import PATIENT_VISITS
from router.maze.ripup import Ripup

# So many orders are tried, as long as node visits times what is left are no more than the visits that a run goes on in
# vain: the more are left, the less is hoped for. Of 170 packages with 4 to 25 nets on one level 28 were not complete
# where a run went on in vain sixteen times as long, and 22 with orders by chance, after two thirds of the visits.
ORDERS = 16


def route_again(router: Ripup, seed: int, threads: int) -> bool:
    """Route all anew in other orders while connections are left that others block; the best state is kept. False when
    stopped early."""
    for order in range(1, ORDERS):
        left = router.left()
        hopeless = router.searcher.visits * len(left) > PATIENT_VISITS
        if hopeless or not any(router.blockers.get(c.id) for c in left):
            break
        best = router.state(router.connections[1:])
        router.begin(seed * ORDERS + order)
        finished = router.run(threads=threads, patient=PATIENT_VISITS // ORDERS)
        if len(router.left()) >= len(left):
            router.restore(best)
        if not finished:
            return False
    return True
