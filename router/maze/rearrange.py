"""Rearranging what is routed: a detour is straightened at the expense of those in its way, who then find other ways.

A connection takes the way that it would have if it were alone. Whoever it runs over is routed again, and may run over
others in turn, as in rip-up; all of it is kept if the wirelength is less in the end, and undone otherwise. That is a
search of large neighbourhoods (Shaw 1998), where a neighbourhood is the fight that a free way starts.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

import numpy as np

from router.maze.connection import Connection
from router.maze.cost import AXIS
from router.maze.ledger import Ledger
from router.maze.ripup import Ripup
from router.maze.search import NO_LIMIT

# A free way runs over no more than so many connections. With 4, three of 17 packages are 0.4 to 0.8 % longer, one is
# 1.3 % shorter, and the others are as long within 0.2 %, for 0.76 to 1.38 times the visits; 12 bring no more. An
# attempt ends after so many searches for each of them: half as many win half as much.
MOST_VICTIMS, SEARCHES = 8, 8
# Whoever had to go may run over so many others for no detour of its own. With more, a sixth more visits win a twentieth
# more.
FEES = 1
# Sums of lengths in another order differ by less than this, nm: no attempt is kept for it.
LEAST_GAIN = 1.0


@dataclass(slots=True)
class Rearranger:
    """Attempts over one router.

    changed: by connection id, the last attempt that changed it. tried: by connection id, the last attempt to straighten
    it, and the connections in its way then.
    """

    router: Ripup
    attempts: int = 0
    changed: dict[int, int] = field(default_factory=dict)
    tried: dict[int, tuple[int, list[int]]] = field(default_factory=dict)

    def worth(self, c: Connection) -> bool:
        """Whether a connection makes a detour, and something has changed since it was tried in vain."""
        if not c.detours:
            return False
        attempt, others = self.tried.get(c.id, (-1, []))
        return attempt < 0 or any(self.changed.get(k, -1) >= attempt for k in (c.id, *others))

    def attempt(self, c: Connection) -> float:
        """Straighten a connection; by how much all are shorter, nm, 0 where it came to nothing and is undone."""
        router = self.router
        self.attempts += 1
        router.searcher.fee[:] = router.first_fee
        router.way_back = {}
        shorter = -self.longer() if self.straighten(c) else 0.0
        if shorter >= LEAST_GAIN:
            self.changed.update((k, self.attempts) for k in router.way_back)
        else:
            router.restore(list(router.way_back.values()))
            shorter = 0.0
        router.way_back = None
        return shorter

    def straighten(self, c: Connection) -> bool:
        """Put a connection on its free way, and route again whoever had to go; whether all are routed then, and may be
        shorter together."""
        router = self.router
        assert c.path is not None
        limit = router.cost(c, c.path)
        others = [k for k in router.remove(c) if k is not c]
        free = router.finder.find(c, np.zeros_like(router.first_fee), limit)
        victims = {} if free is None else router.run_over(c, free.path)
        self.tried[c.id] = self.attempts, list(victims)
        if free is None or len(victims) > MOST_VICTIMS:
            return False
        waiting = deque([*router.put(c, free, victims), *others])
        for _ in range(SEARCHES * (1 + len(victims))):
            if self.longer() >= 0:
                return False
            waiting = waiting or deque(router.parted(self.nets()))
            if not waiting:
                return True
            k = waiting.popleft()
            found = router.finder.find(k, limit=self.most(k))
            if found is None:
                return False
            waiting.extend(router.put(k, found, router.run_over(k, found.path)))
        return False

    def most(self, c: Connection) -> int:
        """What a way for a connection may cost: as much as its last one, what has been won so far, and some fees."""
        router = self.router
        assert router.way_back is not None
        before = router.way_back[c.id].found
        if before is None or len(before.path) == 0:
            return NO_LIMIT
        won = -self.longer() / router.window.lattice.pitch * AXIS
        return int(router.cost(c, before.path) + won + FEES * router.first_fee[c.id])

    def nets(self) -> list[int]:
        """The nets of what has changed in this attempt."""
        assert self.router.way_back is not None
        return sorted({k.connection.net for k in self.router.way_back.values()})

    def longer(self) -> float:
        """By how much all that has changed in this attempt is longer than before, nm, at least; what is not routed will
        have its shortest way."""
        assert self.router.way_back is not None
        return sum(
            (k.connection.length if k.connection.path is None else k.connection.routed) - k.routed
            for k in self.router.way_back.values()
        )


def rearrange(router: Ripup) -> None:
    """Straighten detours, the longest first, until there is none left to straighten, as long as it pays."""
    ledger, work = Ledger(router), Rearranger(router)
    while detours := [c for c in router.connections[1:] if work.worth(c)]:
        for c in sorted(detours, key=lambda c: (c.length - c.routed, router.rank[c.id])):
            if router.watch.stop() or not ledger.pays():
                return
            if work.worth(c):
                ledger.shorter += work.attempt(c)
