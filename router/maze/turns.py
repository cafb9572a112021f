"""Whose turn it is: the connections that wait to be routed, and which of them may be searched for at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from heapq import heappop, heappush

import numpy as np
from numpy.typing import NDArray

from router.maze.connection import Connection
from router.maze.kernels import paths
from router.maze.trees import Tree

# So many are taken together, and their ends lie so many finest pitches apart. Of 60 000 searches on packages of the
# benchmark, one met another that it was taken together with.
AT_ONCE, APART = 16, 10

Box = tuple[int, int, int, int]


@dataclass(slots=True)
class Turns:
    """A queue of connections. The less often one was run over, the sooner is its turn, and short ones come before long
    ones: so those that fight wait until the others lie.

    rips, rank: per connection id, how often it was run over, and the order among equals.
    """

    levels: NDArray[np.int64]
    trees: list[Tree]
    connections: list[Connection]
    rips: NDArray[np.int64]
    rank: NDArray[np.int64]
    waiting: list[tuple[int, int, int, int]] = field(default_factory=list)
    boxes: dict[int, Box] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.waiting)

    def push(self, c: Connection) -> None:
        """Let a connection wait for its turn."""
        heappush(self.waiting, (int(self.rips[c.id]), c.length, int(self.rank[c.id]), c.id))

    def pop(self) -> Connection:
        """The next connection."""
        return self.connections[heappop(self.waiting)[-1]]

    def together(self, c: Connection) -> list[Connection]:
        """A connection whose turn it is, and those that follow it as long as none has been run over yet, and the ends
        of all lie apart: each may be searched for without knowing of the others, and whoever has to go for one of them
        comes after them in any case. Nets of more than two ends come alone.

        So the order is that of a search after the other. Others taken for those that lie too near, full packages took
        up to twice the visits.
        """
        batch = [c]
        taken: list[tuple[int, int, int, int]] = []
        while len(batch) < AT_ONCE and self.waiting and self.follows(batch):
            taken.append(heappop(self.waiting))
            batch.append(self.connections[taken[-1][-1]])
        for turn in taken:
            heappush(self.waiting, turn)
        return batch

    def follows(self, batch: list[Connection]) -> bool:
        """Whether the next connection may be searched for at once with those of a batch."""
        c = self.connections[self.waiting[0][-1]]
        return all(self.trees[k.net].parts is None and self.rips[k.id] == 0 for k in (c, batch[0])) and all(
            self.lie_apart(c, other) for other in batch
        )

    def lie_apart(self, a: Connection, b: Connection) -> bool:
        """Whether the boxes round the ends of two connections lie apart."""
        ax0, ay0, ax1, ay1 = self.box(a)
        bx0, by0, bx1, by1 = self.box(b)
        return max(bx0 - ax1, ax0 - bx1, by0 - ay1, ay0 - by1) > APART

    def box(self, c: Connection) -> Box:
        """The box round the ends of a connection, finest pitches."""
        if c.id not in self.boxes:
            pieces = self.trees[c.net].pieces
            nodes = np.concatenate([pieces[c.a].nodes, pieces[c.b].nodes])
            x0, y0, x1, y1, _, _ = paths.boxes_round(self.levels, nodes, 1)[0].tolist()
            self.boxes[c.id] = x0, y0, x1, y1
        return self.boxes[c.id]
