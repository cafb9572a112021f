"""Straight ways that cross, against shapely."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from router.maze.kernels import crossing


@pytest.mark.parametrize("seed", range(4))
def test_ways_that_cross_and_boxes_that_meet_are_counted(plain: bool, seed: int) -> None:
    """On a small raster many ways touch, lie on each other, or have no length."""
    rng = np.random.default_rng(seed)
    pairs = rng.integers(-6, 7, (60, 2, 2)) * 1_000_000
    ways = np.array(sorted(sum(sorted(map(tuple, pair)), ()) for pair in pairs.tolist()), dtype=np.int64)
    nets = rng.integers(0, 25, 60)
    lines = np.array([shapely.LineString([way[:2], way[2:]]) for way in ways])
    boxes = shapely.box(*np.array([shapely.bounds(line) for line in lines]).T)
    proper = shapely.length(lines) > 0
    crosses = np.array([shapely.crosses(line, lines) & proper & proper[k] for k, line in enumerate(lines)])
    meets = np.array([shapely.intersects(box, boxes) for box in boxes])
    others = nets[:, None] != nets[None, :]
    expected = np.column_stack([(crosses & others).sum(axis=1), (meets & others).sum(axis=1)])
    assert crossing.count_crossings(ways, nets).tolist() == expected.tolist()
    assert expected[:, 0].max() > 3
