"""The parts of a net of many ends: which of its ends and connections are joined, and where these lie.

A supply may have thousands of ends. Whatever is asked at each search looks at arrays with a row an item, and at the
nodes of those items alone that lie near.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from router.maze.connection import NOTHING, Connection
from router.maze.kernels.parts import label_parts
from router.maze.kernels.paths import boxes_round, positions
from router.maze.pieces import Piece

Ints = NDArray[np.int64]

NOWHERE = -1
# A box that meets every other, and one that meets none.
ALL = np.array([-1, -1, 1, 1], dtype=np.int64) << 40
EMPTY = np.array([1, 1, -1, -1], dtype=np.int64) << 41


class Nodes(NamedTuple):
    """Nodes of a net (n,), and what each belongs to (n,): see `Connection.hooks`."""

    ids: Ints
    hooks: Ints

    def hook_at(self, node: int) -> int:
        """What a node belongs to: an end, else the oldest connection through it."""
        return int(self.hooks[np.argmax(self.ids == node)])


@dataclass(slots=True)
class Parts:
    """The items of a net: its ends, then its connections.

    levels: those of the lattice. hooks: per item, how `Connection.hooks` has it. joins: per connection, the items that
    its path joins, (C, 2), NOWHERE where it has none. boxes: per item, round its nodes, (E + C, 4) finest pitches:
    least x and y, greatest x and y. cut_boxes: per connection, round the nodes too near to its cuts, (C, 4).
    """

    levels: Ints
    pieces: list[Piece]
    connections: list[Connection]
    hooks: Ints = field(init=False)
    joins: Ints = field(init=False)
    boxes: Ints = field(init=False)
    cut_boxes: Ints = field(init=False)
    _labels: Ints | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        count = len(self.connections)
        self.hooks = np.concatenate([np.arange(len(self.pieces)), [-c.id for c in self.connections]])
        self.joins = np.full((count, 2), NOWHERE, dtype=np.int64)
        # Column by column, as all boxes are compared at once.
        self.boxes = np.asfortranarray(np.tile(EMPTY, (len(self.hooks), 1)))
        self.cut_boxes = np.asfortranarray(np.tile(EMPTY, (count, 1)))
        for end, piece in enumerate(self.pieces):
            self.boxes[end] = self.box(piece.nodes)

    def box(self, nodes: Ints) -> Ints:
        """The box round nodes (4,), finest pitches; an empty one round none."""
        if len(nodes) == 0:
            return EMPTY
        found: Ints = boxes_round(self.levels, nodes, 1)[0, :4]
        return found

    def item(self, hook: int) -> int:
        """The item that a hook stands for."""
        return hook if hook >= 0 else len(self.pieces) - hook - self.connections[0].id

    def join(self, c: Connection) -> None:
        """Take note of the path of a connection that had none."""
        k = c.id - self.connections[0].id
        assert c.path is not None and self.joins[k, 0] == NOWHERE
        self.joins[k] = [self.item(hook) for hook in c.hooks]
        self.boxes[len(self.pieces) + k] = self.box(c.path)
        self.cut_boxes[k] = self.box(c.cuts)
        if self._labels is not None:
            members = self._labels[[len(self.pieces) + k, *self.joins[k]]].tolist()
            for label in members:
                self._labels[self._labels == label] = min(members)

    def leave(self, c: Connection) -> None:
        """Take note that a connection has no path any more."""
        k = c.id - self.connections[0].id
        self.joins[k] = NOWHERE
        self.boxes[len(self.pieces) + k] = self.cut_boxes[k] = EMPTY
        self._labels = None

    def labels(self) -> Ints:
        """The part that each item belongs to, (E + C,)."""
        if self._labels is None:
            self._labels = label_parts(len(self.pieces), self.joins)
        return self._labels

    def part(self, end: int) -> Ints:
        """The items that are joined with an end, in order."""
        labels = self.labels()
        return np.flatnonzero(labels == labels[end])

    def of(self, ends: set[int]) -> Ints:
        """These ends, and the connections that are joined with any of them, in order."""
        labels, count = self.labels(), len(self.pieces)
        wanted = np.isin(labels, labels[sorted(ends)])
        wanted[:count] = np.isin(np.arange(count), sorted(ends))
        return np.flatnonzero(wanted)

    def joined(self, a: int, b: int) -> bool:
        """Whether two ends are joined."""
        labels = self.labels()
        return bool(labels[a] == labels[b])

    def end_near(self, hook: int, ends: set[int]) -> int:
        """An end, of those given, that is joined with what a hook stands for."""
        return hook if hook >= 0 else next(end for end in sorted(ends) if self.joined(end, self.item(hook)))

    def nodes(self, items: Ints) -> Nodes:
        """The nodes of items, those of a connection in the order of its path."""
        ends = len(self.pieces)
        found = [self.pieces[i].nodes if i < ends else self.connections[i - ends].path for i in items.tolist()]
        parts = [NOTHING if nodes is None else nodes for nodes in found]
        return Nodes(np.concatenate(parts), self.hooks[items].repeat([len(nodes) for nodes in parts]))

    def nodes_near(self, items: Ints, box: Ints) -> tuple[Nodes, bool]:
        """The nodes of items that lie within a box, all where none does; and whether these are not all."""
        some = items[meet(self.boxes, box)[items]]
        if len(some) == 0:
            return self.nodes(items), False
        found = self.nodes(some)
        places = positions(self.levels, found.ids)
        near = meet(places[:, [0, 1, 0, 1]], box)
        if not near.any():
            return self.nodes(items), False
        return Nodes(found.ids[near], found.hooks[near]), len(some) < len(items) or not bool(near.all())

    def cuts(self, box: Ints) -> tuple[Ints, bool]:
        """The nodes too near to cuts of the net for another, those that come into a box at least; and whether these are
        not all."""
        near = meet(self.cut_boxes, box)
        some = [self.connections[k].cuts for k in np.flatnonzero(near).tolist()]
        return np.concatenate([NOTHING, *some]), len(some) < int(np.count_nonzero(self.cut_boxes[:, 0] < EMPTY[0]))

    def dependents(self, c: Connection) -> list[Connection]:
        """The connection and all that hang on it, directly or not."""
        ends = len(self.pieces)
        gone = np.zeros(len(self.hooks), dtype=np.bool_)
        gone[self.item(-c.id)] = True
        before = 0
        while (count := int(np.count_nonzero(gone))) > before:
            before = count
            gone[ends:] |= (gone[self.joins] & (self.joins != NOWHERE)).any(axis=1)
        return [self.connections[k] for k in np.flatnonzero(gone[ends:]).tolist()]


def meet(boxes: Ints, box: Ints) -> NDArray[np.bool_]:
    """Which of boxes (n, 4) meet another (4,)."""
    x0, y0, x1, y1 = box.tolist()
    found: NDArray[np.bool_] = (boxes[:, 0] <= x1) & (boxes[:, 1] <= y1) & (boxes[:, 2] >= x0) & (boxes[:, 3] >= y0)
    return found
