"""Rip-up and reroute: committed routes are legal at all times; a new one may run over others, for a fee.

Whoever is run over is removed whole and queued again, and its fee grows with each removal, so that fights end. The best
state is kept. After Dees and Karger 1982 and Shin and Sangiovanni-Vincentelli 1987, with fees per distinct connection.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from router.maze.cost import Costs
from router.maze.footprint import Halos
from router.maze.kernels import paint
from router.maze.kernels.search import NEAR_CUT
from router.maze.search import NEVER, Searcher
from router.maze.trees import Connection, Tree
from router.maze.window import Window
from router.model.routing import IterationStats

# A run ends when this many searches a connection bring no better state.
PATIENCE = 60
LEAST_PATIENCE = 4000


@dataclass(slots=True)
class Ripup:
    """The router's state: who is routed where, and what running over them costs."""

    window: Window
    searcher: Searcher
    halos: Halos
    classes: list[NDArray[np.int64]]
    trees: list[Tree]
    connections: list[Connection]
    costs: Costs
    base_fee: int
    stop: Callable[[], bool]
    progress: Callable[[IterationStats], None]
    seen: NDArray[np.bool_] = field(init=False)
    met: NDArray[np.int64] = field(init=False)
    blockers: dict[int, set[int]] = field(default_factory=dict)
    stats: list[IterationStats] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.seen = np.zeros(len(self.connections), dtype=np.bool_)
        self.met = np.zeros(len(self.connections), dtype=np.int64)

    def brush(self, c: Connection, adding: bool) -> None:
        """Paint a connection's halo, or take it away."""
        window = self.window
        paint.paint_path(
            window.slots, window.lattice.levels, self.classes[c.net], window.slot_base, self.halos.table_of,
            self.halos.tables, self.halos.offsets, c.path, c.id, adding, window.spill, window.spilled,
        )  # fmt: skip

    def run_over(self, c: Connection, path: NDArray[np.int64]) -> list[int]:
        """Ids of the connections of other nets that the path comes too near to."""
        window = self.window
        count = paint.clashes(
            window.slots, window.lattice.levels, self.classes[c.net], window.slot_base, path, c.net,
            self.searcher.net_of, self.seen, self.met, window.spill, window.spilled,
        )  # fmt: skip
        return [int(i) for i in self.met[:count]]

    def remove(self, c: Connection) -> list[Connection]:
        """Take a connection and what hangs on it out; returns them all."""
        gone = self.trees[c.net].dependents(c)
        for other in gone:
            self.brush(other, False)
            other.path = None
        return gone

    def find(self, c: Connection, fee: NDArray[np.int32] | None = None) -> tuple[NDArray[np.int64], int, tuple[int, int]] | None:
        """A path for a connection with its cost and hooks; an empty one when both ends are already joined."""
        tree = self.trees[c.net]
        if tree.simple:
            found = self.searcher.find(c.net, self.classes[c.net], tree.end_nodes[c.a], tree.end_nodes[c.b], fee)
            return None if found is None else (*found, (c.a, c.b))
        here, there = tree.piece(c.a), tree.piece(c.b)
        if c.b in here[0]:
            return np.empty(0, dtype=np.int64), 0, (c.a, c.a)
        own_cuts = self.own_cuts(tree)
        self.window.node["mark"][own_cuts] |= NEAR_CUT
        found = self.searcher.find(c.net, self.classes[c.net], tree.nodes_of(*here), tree.nodes_of(*there), fee)
        self.window.node["mark"][own_cuts] &= ~np.uint8(NEAR_CUT)
        if found is None:
            return None
        path, cost = found
        return path, cost, (tree.item_at(int(path[0]), *here), tree.item_at(int(path[-1]), *there))

    def own_cuts(self, tree: Tree) -> NDArray[np.int64]:
        """Nodes that lie too near the net's own cuts for another."""
        levels = self.window.lattice.levels
        routed = [c.path for c in tree.connections if c.path is not None and len(c.path)]
        return np.unique(np.concatenate([np.empty(0, dtype=np.int64), *(paint.near_cuts(levels, p) for p in routed)]))

    def route(self, c: Connection) -> tuple[bool, list[Connection]]:
        """Route one connection; returns whether it is routed, and what had to go for it."""
        found = self.find(c)
        if found is None:
            return False, []
        path, _, hooks = found
        gone: list[Connection] = []
        for other in self.run_over(c, path) if len(path) else []:
            victim = self.connections[other]
            if victim.path is not None:
                gone += self.remove(victim)
                victim.removals += 1
                self.searcher.fee[victim.id] = min(self.searcher.fee[victim.id] * self.costs.growth, 1e7)
                self.blockers.setdefault(victim.id, set()).add(c.net)
        c.path, c.hooks = path, hooks
        if len(path):
            self.brush(c, True)
        return True, gone

    def run(self) -> bool:
        """Route all connections; False when stopped early. Afterwards the best state that was met is in place."""
        queue = deque(sorted(self.connections[1:], key=lambda c: (c.length, c.id)))
        failed: list[Connection] = []
        fewest = len(queue) + 1
        best: list[tuple[NDArray[np.int64] | None, tuple[int, int]]] = []
        idle, pass_left, ripped = 0, len(queue), 0
        patience = max(LEAST_PATIENCE, PATIENCE * len(queue))
        finished = True
        while queue:
            if self.stop():
                finished = False
                break
            c = queue.popleft()
            routed, gone = self.route(c)
            if not routed:
                failed.append(c)
            queue.extend(gone)
            ripped += len(gone)
            left = len(queue) + len(failed)
            idle += 1
            if left < fewest:
                fewest, idle = left, 0
                if left < 50 or left % 50 == 0:
                    best = [(k.path, k.hooks) for k in self.connections]
            if idle > patience:
                break
            pass_left -= 1
            if pass_left <= 0 or not queue:
                self.note(left, ripped)
                pass_left, ripped = max(len(queue), 1), 0
        if len(queue) + len(failed) > fewest and best:
            self.restore(best)
        return finished

    def note(self, left: int, ripped: int) -> None:
        length = sum(len(c.path) for c in self.connections[1:] if c.path is not None)
        stats = IterationStats(len(self.stats) + 1, left, ripped, length * self.window.lattice.pitch, self.searcher.visits)
        self.stats.append(stats)
        self.progress(stats)

    def restore(self, best: list[tuple[NDArray[np.int64] | None, tuple[int, int]]]) -> None:
        """Put an earlier state back."""
        for c in self.connections[1:]:
            if c.path is not None and len(c.path):
                self.brush(c, False)
        for c, (path, hooks) in zip(self.connections[1:], best[1:], strict=True):
            c.path, c.hooks = path, hooks
            if path is not None and len(path):
                self.brush(c, True)

    def improve(self, passes: int) -> None:
        """Reroute each connection without running over anybody, and keep what is cheaper."""
        no_fee = np.full_like(self.searcher.fee, NEVER)
        for _ in range(passes):
            gained = False
            for c in sorted(self.connections[1:], key=lambda c: (-c.length, c.id)):
                if self.stop():
                    return
                if c.path is None or not len(c.path) or len(self.trees[c.net].dependents(c)) > 1:
                    continue
                old_path, old_hooks = c.path, c.hooks
                self.remove(c)
                found = self.find(c, no_fee)
                assert found is not None
                path, _, hooks = found
                if not len(path) or self.run_over(c, path):
                    path, hooks = old_path, old_hooks
                gained |= len(path) != len(old_path)
                c.path, c.hooks = path, hooks
                self.brush(c, True)
            if not gained:
                break
