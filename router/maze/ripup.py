"""Rip-up and reroute: committed routes are legal at all times; a new one may run over others, for a fee.

Whoever is run over is removed whole and queued again, and its fee grows with each removal, so that fights end. The best
state is kept. After Dees and Karger 1982 and Shin and Sangiovanni-Vincentelli 1987, with fees per distinct connection.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from router.maze.connection import Connection
from router.maze.finder import Finder, Found, as_found
from router.maze.footprint import Halos
from router.maze.kernels import paint, paths
from router.maze.memory import memory_taken
from router.maze.search import Searcher
from router.maze.stretches import Stretches
from router.maze.trees import Tree
from router.maze.watch import Watch
from router.maze.window import Window
from router.model.routing import IterationStats

# The connections that a path runs over, by id, each with the ids of those of its stretches.
Over = dict[int, list[int]]

# Fees stay far from the limits of the search's integers.
MOST_FEE = 10_000_000


class Standing(NamedTuple):
    """How a connection stands: the ends it is to join, its path, None where it has none, and the length of that, nm."""

    connection: Connection
    ends: tuple[int, int]
    found: Found | None
    routed: float


@dataclass(slots=True)
class Ripup:
    """The router's state: who is routed where, and what running over them costs.

    apart: per net, how far its cuts stand from each other on each level, (L,) finest pitches.
    stretches: what of a connection has a fee of its own.
    seen, met: per stretch id, room for `run_over` to work in.
    rank: per connection id, its place among those of equal length; first_fee: what running over it costs at first.
    blockers: per connection id, the nets that it has had to go for.
    fee_step: per connection id, what its fee grows by each time that it is run over; rips: how often it was.
    late: per connection id, how late its turn comes (see `crossing`).
    longer: per connection id, how far obstacles send it round, nm (see `around`).
    by_chance: the order in which they come, where it is not as usual (see `order`).
    most_bytes: memory of the process at which a run is stopped, None where it cannot come to that.
    way_back: during a run, how those connections stood in the best state that have changed since, by id.
    """

    window: Window
    searcher: Searcher
    halos: Halos
    classes: list[NDArray[np.int64]]
    apart: list[NDArray[np.int64]]
    trees: list[Tree]
    connections: list[Connection]
    fee_step: NDArray[np.int64]
    late: NDArray[np.int64]
    watch: Watch
    stretches: Stretches
    most_bytes: int | None = None
    seen: NDArray[np.bool_] = field(init=False)
    met: NDArray[np.int64] = field(init=False)
    rank: NDArray[np.int64] = field(init=False)
    longer: NDArray[np.int64] = field(init=False)
    first_fee: NDArray[np.int32] = field(init=False)
    rips: NDArray[np.int64] = field(init=False)
    finder: Finder = field(init=False)
    blockers: dict[int, set[int]] = field(default_factory=dict)
    by_chance: NDArray[np.int64] | None = None
    way_back: dict[int, Standing] | None = None
    stats: list[IterationStats] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.seen = np.zeros(len(self.searcher.fee), dtype=np.bool_)
        self.met = np.zeros(len(self.searcher.fee), dtype=np.int64)
        self.rank = np.arange(len(self.connections))
        self.longer = np.zeros(len(self.connections), dtype=np.int64)
        self.first_fee = self.searcher.fee.copy()
        self.rips = np.zeros(len(self.connections), dtype=np.int64)
        self.finder = Finder(
            self.searcher, self.classes, self.trees, self.rips, np.zeros(len(self.connections), dtype=np.bool_)
        )

    def shuffle(self, seed: int) -> None:
        """Order connections of equal length by chance; seed 0 keeps them as the netlist has them."""
        if seed:
            self.rank = np.random.default_rng(seed).permutation(len(self.connections))

    def mix(self, seed: int) -> None:
        """Let connections come in an order by chance, the same for the same seed."""
        self.by_chance = np.random.default_rng(seed).permutation(len(self.connections))

    def order(self) -> NDArray[np.int64]:
        """The place of each connection, by id, among those that wait for their turn. The farther obstacles send one
        round, the sooner is its turn; the more others it crosses, the later; and short ones come before long ones."""
        if self.by_chance is not None:
            return self.by_chance
        lengths = np.array([c.length for c in self.connections])
        order = np.empty(len(lengths), dtype=np.int64)
        order[np.lexsort((self.rank, lengths, self.late, -self.longer))] = np.arange(len(lengths))
        return order

    def left(self) -> list[Connection]:
        """The connections whose ends are not joined, by themselves or by others."""
        return [c for c in self.connections[1:] if self.trees[c.net].parted(c)]

    def shut(self, left: Iterable[Connection]) -> list[Connection]:
        """Those of connections that are left which have found no way at all, not even over others."""
        return [c for c in left if not self.blockers.get(c.id)]

    def missing(self) -> tuple[int, int]:
        """How many connections are left, and how many of these are shut in: the less, the better."""
        left = self.left()
        return len(left), len(self.shut(left))

    def brush(self, c: Connection, adding: bool) -> None:
        """Paint a connection's halo, or take it away."""
        window = self.window
        for stretch, path in self.stretches.of(c, window.lattice.levels):
            paint.paint_path(
                window.covered, window.slots, window.lattice.levels, self.classes[c.net], window.slot_base,
                self.halos.table_of, self.halos.tables, self.halos.offsets, path, stretch, adding, window.spill,
                window.spilled,
            )  # fmt: skip

    def run_over(self, c: Connection, path: NDArray[np.int64]) -> Over:
        """Ids of the connections of other nets that the path comes too near to, each with those of its stretches."""
        window = self.window
        count = paint.clashes(
            window.slots, window.lattice.levels, self.classes[c.net], window.slot_base, path, c.net,
            self.searcher.net_of, self.seen, self.met, window.spill, window.spilled,
        )  # fmt: skip
        over: Over = {}
        for stretch in self.met[:count].tolist():
            over.setdefault(self.stretches.owner(stretch), []).append(stretch)
        return over

    def stands_open(self, c: Connection, path: NDArray[np.int64]) -> bool:
        """Whether the static obstacles leave a path to the connection's net."""
        window = self.window
        return bool(paint.stands_open(window.node, window.lattice.levels, self.classes[c.net], path, c.net))

    def remove(self, c: Connection) -> list[Connection]:
        """Take a connection and what hangs on it out; returns them all."""
        gone = self.trees[c.net].dependents(c)
        for other in gone:
            self.clear(other)
        return gone

    def find(self, c: Connection) -> Found | None:
        """A path for a connection, or for another pair of ends of its net, on both sides of it; None where there is
        none."""
        found = self.finder.find(c)
        if found is None and self.trees[c.net].parts is not None:
            found = self.finder.find_elsewhere(c, *self.trees[c.net].halves(c))
        return found

    def put(self, c: Connection, found: Found, over: Over) -> list[Connection]:
        """Put a path in place that runs `over` these, as `run_over` tells; returns what had to go for it."""
        gone: list[Connection] = []
        for other, stretches in over.items():
            victim = self.connections[other]
            if victim.path is not None:
                gone += self.remove(victim)
                for k in stretches:
                    self.searcher.fee[k] = min(self.searcher.fee[k] + self.fee_step[other], MOST_FEE)
                self.rips[victim.id] += 1
                self.blockers.setdefault(victim.id, set()).add(c.net)
        self.commit(c, found)
        return gone

    def commit(self, c: Connection, found: Found) -> None:
        """Put a path in place."""
        self.keep(c)
        c.path, c.hooks, c.routed = found.path, found.hooks, self.length(found.path)
        c.a, c.b = found.ends
        self.window.keep_spill_sparse(len(c.path) * self.halos.widest)
        self.brush(c, True)
        if (parts := self.trees[c.net].parts) is not None:
            c.cuts = paths.near_cuts(self.window.lattice.levels, self.apart[c.net], c.path)
            parts.join(c)

    def has_room(self) -> bool:
        """Whether memory is left to go on."""
        return self.most_bytes is None or (memory_taken() or 0) <= self.most_bytes

    def parted(self, nets: Iterable[int]) -> list[Connection]:
        """Take out the connections of these nets whose ends are not joined although each has been routed, and return
        them.

        A connection that finds its ends joined by others adds no metal, and these may have gone since.
        """
        found: list[Connection] = []
        for tree in (self.trees[net] for net in nets):
            while not tree.whole and all(c.path is not None for c in tree.connections):
                c = next(c for c in tree.connections if tree.parted(c))
                found += self.remove(c)
        return found

    def state(self, connections: Iterable[Connection]) -> list[Standing]:
        """How these connections stand."""
        return [Standing(c, (c.a, c.b), as_found(c), c.routed) for c in connections]

    def keep(self, c: Connection) -> None:
        """Keep how a connection stands that is about to change, for the way back to the best state."""
        if self.way_back is not None and c.id not in self.way_back:
            (self.way_back[c.id],) = self.state([c])

    def restore(self, state: Sequence[Standing]) -> None:
        """Put back an earlier state of all connections that have changed since."""
        for standing in state:
            self.clear(standing.connection)
        for standing in state:
            standing.connection.a, standing.connection.b = standing.ends
            if standing.found is not None:
                self.commit(standing.connection, standing.found)

    def clear(self, c: Connection) -> None:
        """Take out the path of a connection, if it has one."""
        if c.path is not None:
            self.keep(c)
            self.brush(c, False)
            c.path, c.routed = None, 0.0
            if (parts := self.trees[c.net].parts) is not None:
                parts.leave(c)

    def cost(self, c: Connection, path: NDArray[np.int64]) -> int:
        """What a search would pay for a path of a connection that runs over nobody."""
        levels = self.window.lattice.levels
        return int(paths.path_cost(levels, self.classes[c.net], self.searcher.weights, path))

    def length(self, path: NDArray[np.int64]) -> float:
        """Length of a path, nm."""
        return float(paths.path_length(self.window.lattice.levels, path)) * self.window.lattice.pitch

    def whole_length(self) -> float:
        """Length of all that is routed, nm."""
        return sum(c.routed for c in self.connections)
