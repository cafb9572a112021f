"""Other orders for a package of which a few connections are left, or whose ways are long.

Fights that do not end, and ways that lead far round, go by what was routed before them: nets that lie otherwise from
the start may leave room. Restarts are an old remedy for searches whose cost varies by chance (Luby, Sinclair and
Zuckerman 1993).
"""

from __future__ import annotations

from router.maze.improve import improve
from router.maze.patience import PATIENT_VISITS
from router.maze.rearrange import rearrange
from router.maze.ripup import Ripup

# So many orders are tried, as long as node visits times what is left are no more than the visits that a run goes on in
# vain: the more are left, the less is hoped for. Of 170 packages with 4 to 25 nets on one level 28 were not complete
# where a run went on in vain sixteen times as long, and 22 with orders by chance, after two thirds of the visits.
ORDERS = 16
# Where nothing is left, as long as ways are longer by this factor than they were without all others, and up to so many
# node visits in all, about a second.
LONG, QUICK = 1.1, 10_000_000


def settle(router: Ripup, seed: int, threads: int) -> bool:
    """Make what is routed shorter, and route all anew in other orders where these may bring more; the best state is
    kept. False when stopped early."""
    shorten(router)
    for order in range(1, ORDERS):
        if not (may_be_complete(router) or may_be_shorter(router)):
            break
        best, before = router.state(router.connections[1:]), outcome(router)
        router.begin(seed * ORDERS + order)
        finished = router.run(threads=threads, patient=PATIENT_VISITS // ORDERS)
        if finished:
            shorten(router)
        if outcome(router) >= before:
            router.restore(best)
        if not finished:
            return False
    return True


def shorten(router: Ripup) -> None:
    """Make what is routed shorter as it lies."""
    rearrange(router)
    improve(router)


def outcome(router: Ripup) -> tuple[int, float]:
    """How many connections are left, and the length of all, nm, of those that are left the shortest: the less, the
    better."""
    left = router.left()
    return len(left), router.whole_length() + sum(c.length for c in left)


def may_be_complete(router: Ripup) -> bool:
    """Whether a few connections are left, and others block them."""
    left = router.left()
    hopeless = router.searcher.visits * len(left) > PATIENT_VISITS
    return not hopeless and any(router.blockers.get(c.id) for c in left)


def may_be_shorter(router: Ripup) -> bool:
    """Whether ways are long, and it takes little to look for others."""
    alone = sum(c.length for c in router.connections) + int(router.longer.sum())
    return router.searcher.visits <= QUICK and router.whole_length() > LONG * alone and not router.left()
