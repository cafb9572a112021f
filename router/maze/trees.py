"""The connections of a net and which hang on which: a net of many ends is grown as a tree, its metal shared."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from router.maze.pieces import Piece

NOTHING = np.empty(0, dtype=np.int64)


@dataclass(slots=True)
class Connection:
    """Joins end `a` of a net with end `b`. `path` holds node ids when routed.

    `hooks` are the items of the net that the path begins and ends on: an end (its index) or another connection
    (-id). When such a connection goes, this one goes too. `cuts` are the nodes too near to its cuts for another.
    """

    id: int
    net: int
    a: int
    b: int
    length: int
    path: NDArray[np.int64] | None = None
    hooks: tuple[int, int] = (0, 0)
    cuts: NDArray[np.int64] = field(default_factory=lambda: NOTHING)


@dataclass(slots=True)
class Tree:
    """The state of one net: its pieces, called ends here, and the connections that are to join them."""

    pieces: list[Piece]
    connections: list[Connection] = field(default_factory=list)

    @property
    def simple(self) -> bool:
        """Two ends: no metal to share."""
        return len(self.connections) == 1

    @property
    def whole(self) -> bool:
        """Whether all ends are joined."""
        return self.simple or len(self.pieces) < 2 or len(self.piece(0)[0]) == len(self.pieces)

    def piece(self, end: int) -> tuple[set[int], list[Connection]]:
        """Ends and routed connections that are joined to `end`."""
        beside: dict[int, list[Connection]] = {}
        for c in self.connections:
            if c.path is not None:
                for item in (*c.hooks, -c.id):
                    beside.setdefault(item, []).append(c)
        seen = {end}
        members: dict[int, Connection] = {}
        waiting = [end]
        while waiting:
            for c in beside.get(waiting.pop(), ()):
                members.setdefault(c.id, c)
                for item in (*c.hooks, -c.id):
                    if item not in seen:
                        seen.add(item)
                        waiting.append(item)
        return {item for item in seen if item >= 0}, [members[k] for k in sorted(members)]

    def halves(self, c: Connection) -> tuple[set[int], set[int]]:
        """The ends on either side of a connection in the net's spanning tree, routed or not."""
        side = {c.a}
        grew = True
        while grew:
            found = {e for k in self.connections if k is not c and {k.a, k.b} & side for e in (k.a, k.b)} - side
            side |= found
            grew = bool(found)
        return side, set(range(len(self.pieces))) - side

    def members_of(self, ends: set[int]) -> list[Connection]:
        """Routed connections that are joined to any of the ends."""
        found = {c.id: c for end in ends for c in self.piece(end)[1]}
        return [found[k] for k in sorted(found)]

    def end_near(self, item: int, ends: set[int]) -> int:
        """An end, of those given, that is joined to an item."""
        if item >= 0:
            return item
        return next(end for end in sorted(ends) if any(c.id == -item for c in self.piece(end)[1]))

    def nodes_of(self, ends: set[int], members: list[Connection]) -> NDArray[np.int64]:
        """Node ids of a piece, those of a connection in the order of its path."""
        parts = [self.pieces[e].nodes for e in sorted(ends)] + [c.path for c in members if c.path is not None]
        return np.concatenate(parts)

    def item_at(self, node: int, ends: set[int], members: list[Connection]) -> int:
        """What a node of a piece belongs to: an end, else the oldest connection through it."""
        for end in sorted(ends):
            if node in self.pieces[end].nodes:
                return end
        return next(-c.id for c in members if c.path is not None and node in c.path)

    def joints(self) -> set[int]:
        """Nodes at which more than one connection begins or ends."""
        if self.simple:
            return set()
        paths = [c.path for c in self.connections if c.path is not None and len(c.path)]
        ends = Counter(node for path in paths for node in {int(path[0]), int(path[-1])})
        return {node for node, count in ends.items() if count > 1}

    def dependents(self, first: Connection) -> list[Connection]:
        """The connection and all that hang on it, directly or not, routed ones only."""
        gone = [first]
        names = {-first.id}
        grew = not self.simple
        while grew:
            grew = False
            for c in self.connections:
                if c.path is not None and c not in gone and names.intersection(c.hooks):
                    gone.append(c)
                    names.add(-c.id)
                    grew = True
        return gone
