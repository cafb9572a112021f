"""What islands measure, from their edges."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from router.model.kernels import compiled


@compiled
def island_boxes(edges: NDArray[np.float64], owner: NDArray[np.int32], islands: int) -> NDArray[np.float64]:
    """x0, y0, x1, y1 of each island, shape (islands, 4). edges: (n, 4), closed rings."""
    boxes = np.empty((islands, 4), dtype=np.float64)
    for i in range(islands):
        boxes[i, 0], boxes[i, 1], boxes[i, 2], boxes[i, 3] = np.inf, np.inf, -np.inf, -np.inf
    for i in range(edges.shape[0]):
        box, x, y = boxes[owner[i]], edges[i, 0], edges[i, 1]
        box[0], box[1], box[2], box[3] = min(box[0], x), min(box[1], y), max(box[2], x), max(box[3], y)
    return boxes


@compiled
def longest_edges(edges: NDArray[np.float64], owner: NDArray[np.int32], islands: int) -> NDArray[np.int64]:
    """The longest edge of each island, the first among equals; shape (islands,)."""
    longest, most = np.full(islands, -1, dtype=np.int64), np.full(islands, -1.0)
    for i in range(edges.shape[0]):
        square = (edges[i, 2] - edges[i, 0]) ** 2 + (edges[i, 3] - edges[i, 1]) ** 2
        if square > most[owner[i]]:
            most[owner[i]], longest[owner[i]] = square, i
    return longest
