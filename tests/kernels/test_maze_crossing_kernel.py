"""Straight ways that cross, against shapely."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from router.maze.kernels import crossing


def octilinear(offsets: np.ndarray) -> np.ndarray:
    """Lengths of the shortest octilinear ways over offsets (..., 2): diagonals first, then the rest along an axis."""
    diagonal = np.abs(offsets).min(axis=-1)
    return 2**0.5 * diagonal + np.abs(offsets).sum(axis=-1) - 2 * diagonal


def round_an_end(ways: np.ndarray) -> np.ndarray:
    """Whether the way of each row gets round an end of that of each column for less than 3 % of its length."""
    start, end = ways[:, None, :2], ways[:, None, 2:]
    by = [octilinear(start - at) + octilinear(end - at) for at in (ways[None, :, :2], ways[None, :, 2:])]
    found: np.ndarray = np.minimum(*by) < 1.03 * octilinear(start - end)
    return found


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
    crosses &= others
    barred = crosses & ~round_an_end(ways) & ~round_an_end(ways).T
    expected = np.column_stack([mask.sum(axis=1) for mask in (crosses, meets & others, barred)])
    count = crossing.count_crossings(ways, nets)
    assert count.tolist() == expected.tolist()
    assert expected[:, 0].max() > 3 and 0 < expected[:, 2].sum() < expected[:, 0].sum()
    assert crossing.sums_of_crossed(ways, nets, count).tolist() == (crosses.astype(np.int64) @ expected).tolist()
