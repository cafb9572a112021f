"""What a search writes: how it came to each node, its queues, and the way it found. Searches at once have one each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from router.maze.kernels.nodes import whole_way
from router.maze.kernels.queue import BUCKETS
from router.maze.memory import lazy_zeros

LABEL = np.dtype(
    [
        ("g", np.int32),  # cost from the end where the search began, valid where stamp is that of the search
        ("stamp", np.uint16),
        ("parent", np.uint8),  # how the search came here, see `kernels.nodes`
        ("mark", np.uint8),
    ]
)
FIRST_QUEUE, FIRST_WAY = 1 << 20, 1 << 16
# Labels take about this much memory at most: on a package of 20 000 nets, the visits that come to it at so many bytes
# each had taken just that. What one search has written is of no use to the next.
MOST_BYTES, BYTES_A_VISIT = 1 << 30, 32


@dataclass(slots=True)
class Labels:
    """The labels of all nodes of a window, and room for open ones and for a way; all of it grows as it is needed."""

    label: NDArray[np.void]
    stamp: int
    visits: int
    heads: NDArray[np.int32]
    items: NDArray[np.int32]
    keys: NDArray[np.int32]
    nodes: NDArray[np.int64]

    def next_stamp(self) -> int:
        """A stamp no node carries. When all have been used, or a large window has been looked at for long, the labels
        are new ones: old ones cannot be cleared without taking memory for nodes that nobody came to."""
        self.stamp += 1
        if self.stamp == 1 << 16 or min(self.visits * BYTES_A_VISIT, self.label.nbytes) > MOST_BYTES:
            self.label = lazy_zeros(len(self.label), LABEL).view(type(self.label))
            self.stamp, self.visits = 1, 0
        return self.stamp

    def grow_queue(self) -> None:
        """Twice the room for open nodes."""
        self.keys = np.empty(2 * len(self.keys), dtype=np.int32)
        self.items = np.empty((len(self.keys), 4), dtype=np.int32)

    def way(self, levels: NDArray[np.int64], here: int, between: int, there: int) -> NDArray[np.int64]:
        """Nodes of the way found, from end to end: see `nodes.whole_way`."""
        while True:
            count = whole_way(self.label, levels, here, between, there, self.nodes)
            if count >= 0:
                return self.nodes[:count].copy()
            self.nodes = np.empty(2 * len(self.nodes), dtype=np.int64)


def label_bytes(nodes: int) -> int:
    """Memory that the labels of so many node ids take at most, about."""
    return min(nodes * LABEL.itemsize, MOST_BYTES)


def open_labels(nodes: int) -> Labels:
    """Labels of so many node ids; memory is taken as nodes are looked at."""
    return Labels(
        label=lazy_zeros(nodes, LABEL),
        stamp=0,
        visits=0,
        heads=np.empty((2, BUCKETS), dtype=np.int32),
        items=np.empty((FIRST_QUEUE, 4), dtype=np.int32),
        keys=np.empty(FIRST_QUEUE, dtype=np.int32),
        nodes=np.empty(FIRST_WAY, dtype=np.int64),
    )
