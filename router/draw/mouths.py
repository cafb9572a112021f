"""Places where the metal of one net faces itself across less than the spacing, found among all its rings at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from router.draw.kernels.mouths import mouths
from router.model.geometry import Points
from router.model.runs import begins, following

Places = NDArray[np.float64]

# Edges of a long ring that share a box.
STRETCH = 24


def nets_with_mouths(
    rings: Sequence[tuple[str, Points]], spacing: float, fresh: int | None = None
) -> list[str]:  # fmt: skip
    """Nets, sorted, that may face themselves somewhere.

    `rings` are nets and rings of theirs, counter-clockwise, which may overlap; edges that a further ring covers count
    as well. Of the two rings one is among the last `fresh`, if there is such a number.
    """
    if not rings:
        return []
    names, owner = np.unique(np.array([net for net, _ in rings]), return_inverse=True)
    new = np.arange(len(rings)) >= (0 if fresh is None else len(rings) - fresh)
    points, count = np.concatenate([ring for _, ring in rings]), np.array([len(ring) for _, ring in rings])
    edges, begin = ring_edges(points, count)
    turn = _turns(edges, count)
    convex = np.minimum.reduceat(turn, begin) >= 0
    _, _, ring = _between(edges, np.append(begin, len(edges)), owner, convex, new, spacing)
    return [str(name) for name in names[np.unique(owner[ring])]]


def mouths_of(metal: shapely.Geometry, spacing: float) -> Places:
    """Points (m, 2) midway between edges of one net's merged metal that face each other there."""
    places, _ = _facing(metal, spacing)
    return places


def gaps_of(metal: shapely.Geometry, spacing: float) -> list[shapely.Geometry]:
    """What lies between edges of one net's merged metal that face each other, no farther from their mouth than the
    spacing."""
    places, edges = _facing(metal, spacing)
    hulls = shapely.convex_hull(shapely.multipoints(edges.reshape(-1, 4, 2)))
    near = shapely.buffer(shapely.points(places), spacing, quad_segs=2)
    return list(shapely.intersection(hulls, near))


def _facing(metal: shapely.Geometry, spacing: float) -> tuple[Places, Places]:
    """Mouths (m, 2) of merged metal, and the two edges of each, (m, 2, 4)."""
    rings = shapely.get_rings(shapely.get_parts(shapely.orient_polygons(metal)))
    count = shapely.get_num_coordinates(rings) - 1
    last = np.cumsum(count + 1) - 1
    points = np.delete(shapely.get_coordinates(rings), last, axis=0)
    edges, begin = ring_edges(points, count)
    # A long ring is searched in stretches, each with a box of its own.
    bounds = np.unique(np.append(begin, np.arange(0, len(edges) + STRETCH, STRETCH).clip(max=len(edges))))
    none, all_new = np.zeros(len(bounds) - 1, dtype=np.int64), np.ones(len(bounds) - 1, dtype=np.bool_)
    places, pairs, _ = _between(edges, bounds, none, ~all_new, all_new, spacing)
    return places, edges[pairs]


def ring_edges(points: Points | Places, count: NDArray[np.int64]) -> tuple[Places, NDArray[np.int64]]:
    """Edges (M, 4) of rings whose `points` (M, 2) come one ring after another, and where each ring begins."""
    return np.concatenate([points, points[following(count)]], axis=1).astype(np.float64), begins(count)


def _turns(edges: Places, count: NDArray[np.int64]) -> NDArray[np.float64]:
    """Cross product of each edge and the next of its ring, positive where the ring turns left."""
    step = edges[:, 2:] - edges[:, :2]
    after = step[following(count)]
    return np.asarray(step[:, 0] * after[:, 1] - step[:, 1] * after[:, 0])


def _between(
    edges: Places, bounds: NDArray[np.int64], owner: NDArray[np.int64], convex: NDArray[np.bool_],
    new: NDArray[np.bool_], spacing: float,
) -> tuple[Places, NDArray[np.int64], NDArray[np.int64]]:  # fmt: skip
    """Places (m, 2) between edges that face each other, these (m, 2), and the stretch (m,) of one of them.

    `edges` (M, 4) have their metal on the left; stretch k is those from bounds[k] to bounds[k + 1], of net `owner`.
    """
    begin = bounds[:-1]
    low = np.minimum.reduceat(np.minimum(edges[:, :2], edges[:, 2:]), begin)
    high = np.maximum.reduceat(np.maximum(edges[:, :2], edges[:, 2:]), begin)
    order = np.lexsort((low[:, 0], owner))
    spans, boxes = np.stack([begin, bounds[1:]], axis=1), np.concatenate([low, high], axis=1)
    places, pairs, found = mouths(edges, spans[order], boxes[order], owner[order], convex[order], new[order], spacing)
    return places, pairs, order[found]
