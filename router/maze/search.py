"""One search in a window: sources, targets and prices in; a path of node ids out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from router.maze.connection import NOTHING
from router.maze.cost import AXIS, DIAGONAL, Costs
from router.maze.kernels import search as kernel
from router.maze.kernels.meet import BETWEEN, COST, HERE, THERE
from router.maze.kernels.nodes import BEND, NEAR_CUT
from router.maze.kernels.price import NO_COST, NO_CUTS
from router.maze.labels import Labels
from router.maze.window import Window

NEVER = -1
NO_LIMIT = int(NO_COST)
# Visits, some seconds' worth, after which a search asks whether it is to go on.
PAUSE = 10_000_000


Ints = NDArray[np.int64]


class Terms(NamedTuple):
    """On what terms a way is looked for.

    fee: what running over each stretch costs, in place of the searcher's own. limit: it has to cost less.
    handed: which way round directions are tried first, 0 or 1 (see `Finder.hand`). own_cuts: nodes on which no cut of
    it stands, as they are too near to those that its net has.
    """

    fee: NDArray[np.int32] | None = None
    limit: int = NO_LIMIT
    handed: int = 0
    own_cuts: Ints = NOTHING


ANY = Terms()


@dataclass(slots=True)
class Searcher:
    """Runs searches in one window. `visits` counts node visits of all of them, `paid` is what the last way cost.

    `net_of`, `fee`: per stretch id, its net and the price of running over it (NEVER: may not be run over). `stop` is
    asked during long searches, which then end without a path.
    """

    window: Window
    net_of: NDArray[np.int32]
    fee: NDArray[np.int32]
    weights: NDArray[np.int64]
    labels: Labels
    stop: Callable[[], bool] = lambda: False
    visits: int = 0
    paid: int = 0

    def find(self, net: int, classes: Ints, sources: Ints, targets: Ints, terms: Terms = ANY) -> Ints | None:
        """Cheapest path of a net from a source to a target as node ids; None when there is none on these terms, nor
        where one side has no node. classes (L, 8): see `Footprints`.

        Cuts stand on every other column and row, and on each other. Where that is not enough they stand on all, and
        the search goes from one end alone, the one that may be shut in: two sides that shut each other in may miss a
        way. Not so where a way is known already.
        """
        if not len(sources) or not len(targets):
            return None
        turned = False
        status, side, found = self._search(net, classes, (sources, targets), terms, self.weights, both=True)
        if status == kernel.NO_PATH and terms.limit == NO_LIMIT:
            turned, weights = side == 1, self.weights.copy()
            weights[NO_CUTS] = 0
            ends = (targets, sources) if turned else (sources, targets)
            status, _, found = self._search(net, classes, ends, terms, weights, both=False)
        if status != kernel.FOUND:
            return None
        self.paid = int(found[COST])
        way = self.labels.way(self.window.lattice.levels, *found[[HERE, BETWEEN, THERE]].tolist())
        return way[::-1].copy() if turned else way

    def _search(
        self, net: int, classes: Ints, ends: tuple[Ints, Ints], terms: Terms, weights: Ints, *, both: bool
    ) -> tuple[int, int, Ints]:
        """Run the kernel, with larger queues where they are full, and on where it pauses: its status, the side that
        came to its end, and what was found (4,), as `kernels.meet` has it."""
        window, labels = self.window, self.labels
        found, visited = np.zeros(4, dtype=np.int64), np.zeros(2, dtype=np.int64)
        queues, pool = np.empty((2, 4), dtype=np.int64), np.empty(2, dtype=np.int64)
        status, stamp = kernel.FOUND, 0
        while True:
            if status != kernel.PAUSED:
                stamp = labels.next_stamp()
                visited[:] = 0
            labels.label["mark"][terms.own_cuts] |= NEAR_CUT
            status, visits, side = kernel.search(
                window.node, labels.label, window.slots, window.lattice.levels, classes, window.slot_base, net,
                self.net_of, self.fee if terms.fee is None else terms.fee, *ends, weights, terms.limit, both,
                terms.handed, stamp, labels.heads, labels.items, labels.keys, found, queues, pool, visited, PAUSE,
            )  # fmt: skip
            labels.label["mark"][terms.own_cuts] &= ~NEAR_CUT
            if status == kernel.PAUSED and not self.stop():
                continue
            labels.visits += visits
            if status != kernel.QUEUE_FULL:
                self.visits += visits
                return status, side, found
            labels.grow_queue()


def weights(costs: Costs, track: float, levels: NDArray[np.int64]) -> NDArray[np.int64]:
    """The kernel's cost vector. `track`: finest track pitch in finest lattice pitches; `levels`: those of the lattice.
    Where none has diagonals, the bound of the way still to go counts two steps for one."""
    lean, few_cuts = round(costs.lean * 1024), 1
    diagonal = DIAGONAL if (levels[:, BEND] == 1).any() else 2 * AXIS
    return np.array(
        [costs.via * track * AXIS, costs.bend * AXIS, costs.inside * AXIS, AXIS, diagonal, lean, few_cuts],
        dtype=np.int64,
    )
