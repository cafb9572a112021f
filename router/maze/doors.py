"""Doors: gaps between edges of keep-outs that face each other, through which tracks pass as between lands."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from router.maze.phase import MOST_TRACKS, Gaps
from router.model.design import Keepout
from router.model.geometry import Points


def doors_between(keepouts: Sequence[Keepout], level: int, axis: int, width: int, spacing: int) -> Gaps:
    """Where centre lines of this width may run between keep-outs of a level, across x (axis 0) or y (1): first and last
    place of each door, (n, 2) nm. Keep-outs ask for no spacing."""
    edges = [_edges(keepout.ring, axis) for keepout in keepouts if level in keepout.levels]
    begin, end = (np.concatenate([pair[k] for pair in edges]) if edges else np.empty((0, 3), int) for k in (0, 1))
    end = end[np.argsort(end[:, 0], kind="stable")]
    reach, most = (width + 1) // 2, MOST_TRACKS * (width + spacing)
    first = np.searchsorted(end[:, 0], begin[:, 0] + 2 * reach)
    last = np.searchsorted(end[:, 0], begin[:, 0] + 2 * reach + most)
    found = []
    for (place, low, high), near in zip(begin, map(slice, first, last), strict=True):
        facing = np.flatnonzero((end[near, 1] < high) & (end[near, 2] > low))
        if len(facing):
            found.append((place + reach, end[near][facing[0], 0] - reach))
    return np.array(found, dtype=np.int64).reshape(-1, 2)


def _edges(ring: Points, axis: int) -> tuple[Points, Points]:
    """Edges of a ring across an axis with open room before them in its direction, and against it: place along the axis,
    and first and last place across, (n, 3) each."""
    ahead = np.roll(ring, -1, axis=0)
    area = (ring[:, 0] * ahead[:, 1] - ahead[:, 0] * ring[:, 1]).sum()
    rise = (ahead - ring)[:, 1 - axis] * (1 if (area > 0) == (axis == 0) else -1)
    across = np.sort(np.stack([ring[:, 1 - axis], ahead[:, 1 - axis]], axis=1), axis=1)
    edges = np.column_stack([ring[:, axis], across])
    straight = ring[:, axis] == ahead[:, axis]
    return edges[straight & (rise > 0)], edges[straight & (rise < 0)]
