"""Whose turn it is: the connections that wait to be routed, and which of them may be searched for at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from heapq import heappop, heappush

import numpy as np
from numpy.typing import NDArray

from router.maze.connection import Connection
from router.maze.finder import Found
from router.maze.kernels import paths
from router.maze.trees import Tree
from router.model.runs import begins

# So many are taken together, and their ends lie so many finest pitches apart. Of 60 000 searches on packages of the
# benchmark, one met another that it was taken together with.
AT_ONCE, APART = 16, 10

Box = tuple[int, int, int, int]


@dataclass(slots=True)
class Turns:
    """A queue of connections. The less often one was run over, the sooner is its turn: so those that fight wait until
    the others lie.

    rips, order: per connection id, how often it was run over, and its place among those that were as often.
    """

    levels: NDArray[np.int64]
    trees: list[Tree]
    connections: list[Connection]
    rips: NDArray[np.int64]
    order: NDArray[np.int64]
    waiting: list[tuple[int, ...]] = field(default_factory=list)
    boxes: dict[int, Box] = field(init=False)

    def __post_init__(self) -> None:
        self.boxes = end_boxes(self.levels, self.trees, self.connections)

    def __len__(self) -> int:
        return len(self.waiting)

    def push(self, c: Connection) -> None:
        """Let a connection wait for its turn."""
        heappush(self.waiting, (int(self.rips[c.id]), int(self.order[c.id]), c.id))

    def pop(self) -> Connection:
        """The next connection."""
        return self.connections[heappop(self.waiting)[-1]]

    def together(self, c: Connection) -> list[Connection]:
        """A connection whose turn it is, and those that follow it as long as none has been run over yet, and the ends
        of all lie apart: each may be searched for without knowing of the others, and whoever has to go for one of them
        comes after them in any case. Nets of more than two ends come alone.

        So the order is that of a search after the other, as whoever meets another is searched for again. Others taken
        for those that lie too near, full packages took up to twice the visits.
        """
        batch = [c]
        taken: list[tuple[int, ...]] = []
        while len(batch) < AT_ONCE and self.waiting and self.follows(batch):
            taken.append(heappop(self.waiting))
            batch.append(self.connections[taken[-1][-1]])
        for turn in taken:
            heappush(self.waiting, turn)
        return batch

    def follows(self, batch: list[Connection]) -> bool:
        """Whether the next connection may be searched for at once with those of a batch."""
        c = self.connections[self.waiting[0][-1]]
        return all(k.id in self.boxes and self.rips[k.id] == 0 for k in (c, batch[0])) and all(
            self.lie_apart(c, other) for other in batch
        )

    def lie_apart(self, a: Connection, b: Connection) -> bool:
        """Whether the boxes round the ends of two connections lie apart."""
        ax0, ay0, ax1, ay1 = self.boxes[a.id]
        bx0, by0, bx1, by1 = self.boxes[b.id]
        return bx0 - ax1 > APART or ax0 - bx1 > APART or by0 - ay1 > APART or ay0 - by1 > APART


@dataclass(slots=True)
class Ahead:
    """Ways that were searched for at once and wait for their turn, by connection id, and whose turn has been since."""

    ways: dict[int, Found | None] = field(default_factory=dict)
    lately: set[int] = field(default_factory=set)


def end_boxes(levels: NDArray[np.int64], trees: list[Tree], connections: list[Connection]) -> dict[int, Box]:
    """The box round the ends of each connection of a net of two ends, by id, finest pitches; none where traces of the
    net are too wide to leave either end."""
    simple = [c for c in connections[1:] if trees[c.net].parts is None]
    ends = {c.id: np.concatenate([trees[c.net].pieces[end].nodes for end in (c.a, c.b)]) for c in simple}
    ends = {c: nodes for c, nodes in ends.items() if len(nodes)}
    if not ends:
        return {}
    places = paths.positions(levels, np.concatenate(list(ends.values())))[:, :2]
    begin = begins(np.array([len(nodes) for nodes in ends.values()]))
    boxes = np.hstack([np.minimum.reduceat(places, begin), np.maximum.reduceat(places, begin)]).tolist()
    return {c: (x0, y0, x1, y1) for c, (x0, y0, x1, y1) in zip(ends, boxes, strict=True)}
