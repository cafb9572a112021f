"""One search in a window: sources, targets and prices in; a path of node ids out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from router.maze.cost import AXIS, DIAGONAL, Costs
from router.maze.kernels import search as kernel
from router.maze.kernels.meet import COST
from router.maze.kernels.nodes import BEND, NEAR_CUT
from router.maze.kernels.price import NO_COST
from router.maze.labels import Labels
from router.maze.window import Window

NEVER = -1
NO_LIMIT = int(NO_COST)
NO_NODES = np.empty(0, dtype=np.int64)
# Place of the bits of columns and rows without cuts among the weights.
NO_CUTS = 6
# Visits, some seconds' worth, after which a search asks whether it is to go on.
PAUSE = 10_000_000


@dataclass(slots=True)
class Searcher:
    """Runs searches in one window. `visits` counts node visits of all of them, `paid` is what the last way cost.

    `net_of`, `fee`: per connection id, its net and the price of running over it (NEVER: may not be run over). `stop` is
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

    def find(
        self, net: int, classes: NDArray[np.int64], sources: NDArray[np.int64], targets: NDArray[np.int64],
        fee: NDArray[np.int32] | None = None, handed: int = 0, own_cuts: NDArray[np.int64] = NO_NODES,
        limit: int = NO_LIMIT,
    ) -> NDArray[np.int64] | None:  # fmt: skip
        """Cheapest path of a net from a source to a target as node ids; None when there is none that costs less than
        `limit`, nor where one side has no node. No cut of it stands on `own_cuts`, which are too near to those that the
        net has.

        classes (L, 8): see `Footprints`. fee: in place of the searcher's own. handed: which way round directions are
        tried first, 0 or 1 (see `Finder.hand`).

        Cuts stand on every other column and row. Where that is not enough they stand on all, and the search goes from
        one end alone, the one that may be shut in: two sides that shut each other in may miss a way. Not so where a way
        is known already.
        """
        if not len(sources) or not len(targets):
            return None
        window, labels = self.window, self.labels
        levels = window.lattice.levels
        found = np.zeros(4, dtype=np.int64)
        weights, both = self.weights, True
        ends, turned = (sources, targets), False
        queues, pool, visited = np.empty((2, 4), dtype=np.int64), np.empty(2, dtype=np.int64), np.zeros(2, np.int64)
        status, stamp = kernel.FOUND, 0
        while True:
            if status != kernel.PAUSED:
                stamp = labels.next_stamp()
                visited[:] = 0
            if len(own_cuts):
                labels.label["mark"][own_cuts] |= NEAR_CUT
            status, visits, side = kernel.search(
                window.node, labels.label, window.slots, levels, classes, window.slot_base, net, self.net_of,
                self.fee if fee is None else fee, *ends, weights, limit, both, handed, stamp, labels.heads,
                labels.items, labels.keys, found, queues, pool, visited, PAUSE,
            )  # fmt: skip
            if len(own_cuts):
                labels.label["mark"][own_cuts] &= ~NEAR_CUT
            if status == kernel.PAUSED and not self.stop():
                continue
            labels.visits += visits
            if status == kernel.QUEUE_FULL:
                labels.grow_queue()
                continue
            self.visits += visits
            if status == kernel.NO_PATH and both and limit == NO_LIMIT:
                weights, both, turned = self.weights.copy(), False, side == 1
                weights[NO_CUTS] = 0
                if turned:
                    ends = ends[::-1]
            else:
                break
        if status != kernel.FOUND:
            return None
        self.paid = int(found[COST])
        way = labels.way(levels, *found[:3].tolist())
        return way[::-1].copy() if turned else way


def weights(costs: Costs, track: float, levels: NDArray[np.int64]) -> NDArray[np.int64]:
    """The kernel's cost vector. `track`: finest track pitch in finest lattice pitches; `levels`: those of the lattice.
    Where none has diagonals, the bound of the way still to go counts two steps for one."""
    lean, few_cuts = round(costs.lean * 1024), 1
    diagonal = DIAGONAL if (levels[:, BEND] == 1).any() else 2 * AXIS
    return np.array(
        [costs.via * track * AXIS, costs.bend * AXIS, costs.inside * AXIS, AXIS, diagonal, lean, few_cuts],
        dtype=np.int64,
    )
