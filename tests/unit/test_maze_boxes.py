"""Boxes round the ends of a search: each asks for its part at each step, so that those of a pad are one."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from router.maze.kernels.nodes import TILES, node_at
from router.maze.kernels.paths import boxes_round, positions

# Two levels of 100 × 100 nodes, the second on every other line.
LEVELS = np.array(
    [
        [0, 100, 100, 0, 0, 1, 100, 141, 0, 4, 4, 4, 4, 1, 0],
        [4 * 4 * 1024, 50, 50, 0, 0, 2, 200, 282, 0, 4, 4, 4, 2, 1, 0],
    ],
    dtype=np.int64,
)


def pad(x: int, y: int, side: int, level: int = 0) -> NDArray[np.int64]:
    """The nodes of a square pad."""
    base, tiles = LEVELS[level, 0], LEVELS[level, TILES]
    return np.array([node_at.py_func(base, tiles, x + i, y + j) for j in range(side) for i in range(side)])


@pytest.mark.parametrize("level", [0, 1])
@pytest.mark.parametrize("side", [1, 3, 7])
def test_the_nodes_of_a_pad_share_a_box(side: int, level: int) -> None:
    step = int(LEVELS[level, 5])
    nodes = pad(20, 10, side, level)
    boxes = boxes_round(LEVELS, nodes, max(1, len(nodes) // 4))
    end = side - 1
    assert boxes.tolist() == [[20 * step, 10 * step, (20 + end) * step, (10 + end) * step, level, level]]


def test_pads_far_apart_have_boxes_of_their_own() -> None:
    boxes = boxes_round(LEVELS, np.concatenate([pad(10, 10, 4), pad(80, 60, 4)]), 8)
    assert boxes.tolist() == [[10, 10, 13, 13, 0, 0], [80, 60, 83, 63, 0, 0]]


def test_a_slanted_way_is_not_one_box() -> None:
    nodes = np.concatenate([pad(k, k, 1) for k in range(40)])
    boxes = boxes_round(LEVELS, nodes, 10)
    assert len(boxes) == 10


def test_each_node_lies_in_a_box() -> None:
    draw = np.random.default_rng(1)
    nodes = np.concatenate([pad(*draw.integers(0, 40, 2), 3, int(draw.integers(0, 2))) for _ in range(5)])
    boxes = boxes_round(LEVELS, nodes, 10)
    x, y, level = positions(LEVELS, nodes).T[..., None]
    inside = (boxes[:, 0] <= x) & (x <= boxes[:, 2]) & (boxes[:, 1] <= y) & (y <= boxes[:, 3])
    assert (inside & (boxes[:, 4] <= level) & (level <= boxes[:, 5])).any(axis=1).all()
