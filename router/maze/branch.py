"""Trees of a few ends made shorter: branches where a Steiner tree has them. Nobody else is run over."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from router.maze.connection import NOTHING, Connection
from router.maze.cost import AXIS
from router.maze.footprint import levels_of
from router.maze.kernels import paths
from router.maze.kernels.nodes import NX, NY
from router.maze.ledger import Ledger
from router.maze.legs import Leg, joined, nodes_at, places_of, pruned, ways
from router.maze.ripup import Ripup
from router.maze.search import NEVER, Terms
from router.maze.trees import Tree
from router.model.geometry import Points
from router.plan.decompose import Edge
from router.plan.steiner import steiner_tree

Ints = NDArray[np.int64]

# Trees of more ends are left alone: those of 100 to 230 ends of the example `duo` would win 0.2 %.
MOST_ENDS = 10


def shorten_trees(router: Ripup) -> None:
    """Make trees of up to ten ends shorter, without running over anybody, as long as it pays."""
    no_fee = np.full_like(router.searcher.fee, NEVER)
    ledger = Ledger(router)
    for tree in router.trees:
        if router.watch.stop() or not ledger.pays():
            return
        if tree.parts is not None and len(tree.pieces) <= MOST_ENDS and tree.whole:
            ledger.shorter += branch(router, tree, no_fee)


@dataclass(frozen=True, slots=True)
class Brancher:
    """Looks for legs of one tree that run over nobody, at fees (C + 1,) that forbid it."""

    router: Ripup
    tree: Tree
    no_fee: NDArray[np.int32]

    @property
    def first(self) -> Connection:
        """A connection of the tree: on nodes and levels, all have the same rights."""
        return self.tree.connections[0]

    def cost(self, legs: list[Leg]) -> int:
        """What a search pays for legs."""
        return sum(self.router.cost(self.first, leg.path) for leg in legs)

    def find(self, legs: list[Leg], sources: Ints, targets: Ints, limit: int) -> Ints | None:
        """A path beside legs that costs less than `limit`, None where there is none."""
        router, c = self.router, self.first
        levels, classes = router.window.lattice.levels, router.classes[c.net]
        cuts = [paths.near_cuts(levels, router.apart[c.net], leg.path) for leg in legs]
        terms = Terms(self.no_fee, limit, own_cuts=np.concatenate([NOTHING, *cuts]))
        path = router.searcher.find(c.net, classes, sources, targets, terms)
        return None if path is None or router.run_over(c, path) else path

    def along(self, points: Points, edges: list[Edge], limit: int) -> list[Leg] | None:
        """Legs along a Steiner tree that cost less than `limit` together, None where there are none. Each begins on
        those before it, wherever that is nearest."""
        ends = [piece.nodes for piece in self.tree.pieces]
        goals = [*ends, *(self.nodes_near(place) for place in points[len(ends) :])]
        legs: list[Leg] = []
        to_go = sum(length for _, _, length in edges)
        for _, goal, length in edges:
            to_go -= length
            most = limit - self.cost(legs) - int(to_go / self.router.window.lattice.pitch * AXIS)
            here, there = places_of(legs), {goal} if goal < len(ends) else set()
            path = self.find(legs, nodes_at(self.tree, legs, here), goals[goal], most)
            if path is None:
                return None
            legs = joined(self.tree, legs, path, here, there)
        return pruned(legs)

    def nodes_near(self, place: Points) -> Ints:
        """The nodes nearest to a place on each level that the net may use."""
        raster = self.router.window.lattice
        found = []
        for level in levels_of(self.router.classes[self.first.net]).tolist():
            cell = np.round((place - raster.origin(level)) / raster.level_pitch(level)).astype(np.int64)
            found.append(raster.node(level, *np.clip(cell, 0, raster.levels[level, [NX, NY]] - 1).tolist()))
        return np.array(found, dtype=np.int64)


def branch(router: Ripup, tree: Tree, no_fee: NDArray[np.int32]) -> float:
    """Lay a tree that is whole anew along a Steiner tree where that costs less; by how much it is shorter then, nm."""
    before = sum(router.cost(c, c.path) for c in tree.connections if c.path is not None)
    length = sum(c.routed for c in tree.connections)
    points, edges = steiner_tree(np.stack([piece.places[0] for piece in tree.pieces]), tree.metric)
    legs = Brancher(router, tree, no_fee).along(points, edges, before)
    if legs is not None:
        for c in tree.connections:
            router.clear(c)
        for c, found in zip(tree.connections, ways(legs, [c.id for c in tree.connections]), strict=True):
            router.commit(c, found)
    return length - sum(c.routed for c in tree.connections)
