"""Doors and lanes: gaps between edges of keep-outs or the package, and between these and lands, where tracks pass."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from router.maze.phase import MOST_TRACKS, Gaps
from router.model.design import Design
from router.model.geometry import Points
from router.model.runs import begins, following

Values = NDArray[np.int64]


class _Ordered(NamedTuple):
    """Lands of a level in the order of their centres along an axis, nm: centres along and across it, and the sides that
    are met first on the way along it, as far off as traces keep."""

    along: Values
    across: Values
    side: Values


class WallGaps(NamedTuple):
    """Where centre lines may run, first and last place of each gap, (n, 2) nm: `doors` between walls that face each
    other, and `lanes` between these and lands, one for each row or column of lands."""

    doors: Gaps
    lanes: Gaps


def gaps_beside_walls(design: Design, level: int, axis: int, width: int, spacing: int) -> WallGaps:
    """Where centre lines of this width may run across x (axis 0) or y (1) beside edges of keep-outs and of the package,
    which ask for no spacing."""
    begin, end = _walls(design, level, axis)
    reach, most = (width + 1) // 2, MOST_TRACKS * (width + spacing)
    here = design.lands.levels == level
    along, across = design.lands.places[here, axis], design.lands.places[here, 1 - axis]
    half = (design.lands.sizes[here, axis] + 1) // 2 + spacing
    mirrored = np.array([-1, 1, 1])
    before = _to_lands(begin, end, _in_order(along, across, half), reach, most)
    behind = _to_lands(end * mirrored, begin * mirrored, _in_order(-along, across, half), reach, most)
    lanes = (*before, *((-high, -low) for low, high in behind))
    return WallGaps(_as_gaps(_to_walls(begin, end, reach, most)), _as_gaps(lanes))


def _as_gaps(found: Iterable[tuple[int, int]]) -> Gaps:
    return np.array([*found], dtype=np.int64).reshape(-1, 2)


def _in_order(along: Values, across: Values, half: Values) -> _Ordered:
    order = np.argsort(along, kind="stable")
    return _Ordered(along[order], across[order], (along - half)[order])


def _to_walls(begin: Points, end: Points, reach: int, most: int) -> Iterator[tuple[int, int]]:
    """The doors from walls to the nearest that faces them."""
    end = end[np.argsort(end[:, 0], kind="stable")]
    first = np.searchsorted(end[:, 0], begin[:, 0] + 2 * reach)
    last = np.searchsorted(end[:, 0], begin[:, 0] + 2 * reach + most)
    for (place, low, high), near in zip(begin.tolist(), map(slice, first, last), strict=True):
        facing = np.flatnonzero((end[near, 1] < high) & (end[near, 2] > low))
        if len(facing):
            yield place + reach, int(end[near][facing[0], 0]) - reach


def _to_lands(begin: Points, end: Points, lands: _Ordered, reach: int, most: int) -> Iterator[tuple[int, int]]:
    """The lanes from walls to the first land of each row that faces them, where no other wall stands between."""
    wide = int((lands.along - lands.side).max(initial=0))
    first = np.searchsorted(lands.along, begin[:, 0])
    last = np.searchsorted(lands.along, begin[:, 0] + 2 * reach + most + wide)
    for (place, low, high), near in zip(begin.tolist(), map(slice, first, last), strict=True):
        facing = np.flatnonzero((lands.across[near] > low) & (lands.across[near] < high))
        if not len(facing):
            continue
        rows, nearest = np.unique(lands.across[near][facing], return_index=True)
        side = lands.side[near][facing[nearest]]
        open_ = (side >= place + 2 * reach) & (side < place + 2 * reach + most)
        for row, there in zip(rows[open_].tolist(), side[open_].tolist(), strict=True):
            between = (end[:, 0] > place) & (end[:, 0] < there) & (end[:, 1] < row) & (end[:, 2] > row)
            if not between.any():
                yield place + reach, there - reach


def _walls(design: Design, level: int, axis: int) -> tuple[Points, Points]:
    """Edges of keep-outs and of the package across an axis with open room before them in its direction, and against it:
    place along the axis, and first and last place across, (n, 3) each."""
    inner = design.outline.grown(-design.pdk.levels[level].edge_keepout)
    # What is open lies without a keep-out, but within the package.
    rings = [(ring, 1) for ring in design.kept_out(level)] + [(inner.ring(), -1)]
    counts = np.array([len(ring) for ring, _ in rings])
    points = np.concatenate([ring for ring, _ in rings])
    ahead = points[following(counts)]
    areas = np.add.reduceat(points[:, 0] * ahead[:, 1] - ahead[:, 0] * points[:, 1], begins(counts))
    sense = np.where((areas > 0) == (axis == 0), 1, -1) * [side for _, side in rings]
    rise = (ahead - points)[:, 1 - axis] * np.repeat(sense, counts)
    across = np.sort(np.stack([points[:, 1 - axis], ahead[:, 1 - axis]], axis=1), axis=1)
    edges = np.column_stack([points[:, axis], across])
    straight = points[:, axis] == ahead[:, axis]
    return edges[straight & (rise > 0)], edges[straight & (rise < 0)]
