"""Places where the metal of one net faces itself across less than the spacing, found among all its rings at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from router.draw.kernels.mouths import mouths
from router.model.geometry import Points

Places = NDArray[np.float64]


def find_mouths(rings: Sequence[tuple[str, Points]], spacing: float, fresh: int | None = None) -> dict[str, Places]:
    """For each net with such places, points (m, 2) midway between edges that face each other there.

    `rings` are nets and rings of theirs, counter-clockwise, which may overlap; what a further ring covers is found as
    well. Of the two rings one is among the last `fresh`, if there is such a number.
    """
    if not rings:
        return {}
    names, owner = np.unique(np.array([net for net, _ in rings]), return_inverse=True)
    new = np.arange(len(rings)) >= (0 if fresh is None else len(rings) - fresh)
    places, ring = _between(
        np.concatenate([ring for _, ring in rings]), np.array([len(ring) for _, ring in rings]), owner, new, spacing
    )  # fmt: skip
    return {str(names[index]): places[owner[ring] == index] for index in np.unique(owner[ring]).tolist()}


def has_mouth(metal: shapely.Geometry, place: shapely.Polygon, spacing: float) -> bool:
    """Whether the merged metal of one net faces itself within a place."""
    parts = shapely.get_parts(shapely.orient_polygons(metal))
    rings = shapely.get_rings(parts)
    count = shapely.get_num_coordinates(rings) - 1
    last = np.cumsum(count + 1) - 1
    points = np.delete(shapely.get_coordinates(rings), last, axis=0)
    places, _ = _between(points, count, np.zeros(len(rings), np.int64), np.ones(len(rings), np.bool_), spacing)
    return bool(shapely.contains_xy(place, places).any())


def _between(
    points: Points | Places, count: NDArray[np.int64], owner: NDArray[np.int64], new: NDArray[np.bool_], spacing: float
) -> tuple[Places, NDArray[np.int64]]:
    """Places (m, 2) between edges that face each other, and the ring (m,) of one of them.

    `points` (M, 2) of all rings with metal to their left; `count`, `owner`, `new` of each ring.
    """
    points = points.astype(np.float64)
    begin = np.cumsum(count) - count
    after = np.arange(1, len(points) + 1)
    after[begin + count - 1] = begin
    step = points[after] - points
    turn = step[:, 0] * step[after, 1] - step[:, 1] * step[after, 0]
    boxes = np.concatenate([np.minimum.reduceat(points, begin), np.maximum.reduceat(points, begin)], axis=1)
    order = np.lexsort((boxes[:, 0], owner))
    places, found = mouths(
        np.concatenate([points, points[after]], axis=1), np.stack([begin, begin + count], axis=1)[order],
        boxes[order], owner[order], np.minimum.reduceat(turn, begin)[order] >= 0, new[order], spacing,
    )  # fmt: skip
    return places, order[found]
