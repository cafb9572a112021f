"""The connections of a net and which hang on which: a net of many ends is grown as a tree, its metal shared."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from router.maze.connection import Connection
from router.maze.kernels.parts import label_parts
from router.maze.parts import NOWHERE, Parts
from router.maze.pieces import Piece
from router.plan.decompose import Metric, octilinear


@dataclass(slots=True)
class Tree:
    """The state of one net: its pieces, called ends here, and the connections that are to join them.

    `parts`: what of it is joined, None where it has two ends: there is no metal to share. `metric`: how long its ways
    are.
    """

    pieces: list[Piece]
    connections: list[Connection]
    parts: Parts | None = None
    metric: Metric = octilinear

    @property
    def whole(self) -> bool:
        """Whether all ends are joined."""
        return self.parts is None or not self.parts.labels()[: len(self.pieces)].any()

    def parted(self, c: Connection) -> bool:
        """Whether the ends of a connection are not joined, by itself or by others."""
        return c.path is None if self.parts is None else not self.parts.joined(c.a, c.b)

    def halves(self, c: Connection) -> tuple[set[int], set[int]]:
        """The ends on either side of a connection in the net's spanning tree, routed or not."""
        pairs = [(NOWHERE, NOWHERE) if k is c else (k.a, k.b) for k in self.connections]
        labels = label_parts(len(self.pieces), np.array(pairs, dtype=np.int64))[: len(self.pieces)]
        side = set(np.flatnonzero(labels == labels[c.a]).tolist())
        return side, set(range(len(self.pieces))) - side

    def joints(self) -> set[int]:
        """Nodes at which more than one connection begins or ends."""
        if self.parts is None:
            return set()
        paths = [c.path for c in self.connections if c.path is not None and len(c.path)]
        ends = Counter(node for path in paths for node in {int(path[0]), int(path[-1])})
        return {node for node, count in ends.items() if count > 1}

    def dependents(self, c: Connection) -> list[Connection]:
        """The connection and all that hang on it, directly or not, routed ones only."""
        return [c] if self.parts is None else self.parts.dependents(c)
