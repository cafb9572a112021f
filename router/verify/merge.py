"""Polygons of one mask → merged regions.

Only polygons that touch another are united (shapely, in floating point, so that no slanted edge moves by rounding);
all others stay exactly as they are in the file. Shapes that ought to abut along a slanted edge must overlap: rounded
each for itself, they leave slits, which are gaps like any other.
"""

from __future__ import annotations

from collections.abc import Sequence

import gdstk
import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from router.model.geometry import Points
from router.verify.kernels.locate import edge_on_the_left
from router.verify.kernels.rings import corners_only, tidy
from router.verify.kernels.touching import join_touching
from router.verify.region import BESIDE, Floats, Ints, Region, edges_of, grid_of

# A vertex nearer to the line of its neighbours than this (nm) is no corner.
STRAIGHT = 1e-3


def merge(rings: Sequence[Points]) -> Region:
    """Unite closed rings (n, 2) of integer nanometres, given in any direction. Rings without area are left out."""
    rings = [ring for ring in rings if len(ring) >= 3]
    corners = np.concatenate(rings).astype(np.int64, copy=False) if rings else np.empty((0, 2), dtype=np.int64)
    points, start = tidy(corners, _starts([len(ring) for ring in rings]))
    count = len(start) - 1
    if count == 0:
        return _region(np.empty((0, 2)), np.zeros(1, np.int64), np.empty(0, np.int64), np.empty(0, np.int64))
    edges = edges_of(points, start)
    polygon = np.repeat(np.arange(count), np.diff(start)).astype(np.int32)
    grid = grid_of(edges.astype(np.float64), 1.0)
    root, tangled = join_touching(edges, polygon, start, grid)
    _, island, size = np.unique(root, return_inverse=True, return_counts=True)
    alone = (size[island] == 1) & ~tangled
    kept = alone[polygon]
    rounds = np.diff(start)[alone]
    more = _united(points, start, tangled, island, np.flatnonzero(~alone))
    singles = np.arange(len(rounds))
    return _absorbed(
        _region(
            np.vstack([points[kept].astype(np.float64), more.points]),
            _starts(np.concatenate([rounds, np.diff(more.ring_start)])),
            np.concatenate([singles, more.ring_polygon + len(singles)]),
            np.concatenate([island[alone], more.polygon_island + count]),
        )
    )


def _region(points: Floats, ring_start: Ints, ring_polygon: Ints, island: Ints) -> Region:
    """With islands numbered from 0 in the order of their first polygon."""
    _, first, inverse = np.unique(island, return_index=True, return_inverse=True)
    rank = np.argsort(np.argsort(first))
    return Region(points, ring_start, ring_polygon, rank[inverse].astype(np.int64), len(first))


def _starts(sizes: ArrayLike) -> Ints:
    """Where each of some runs of these sizes begins, and the end."""
    return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)


def _united(points: Points, start: Ints, tangled: NDArray[np.bool_], island: Ints, members: Ints) -> Region:
    """The union of all islands among `members` (polygons), numbered from 0."""
    size = np.diff(start)
    polygon = np.repeat(np.arange(len(size)), size)
    chosen = np.isin(polygon, members)
    shapes = shapely.polygons(shapely.linearrings(points[chosen], indices=np.searchsorted(members, polygon[chosen])))
    for place in np.flatnonzero(tangled[members]).tolist():
        p = members[place]
        shapes[place] = _untangled(points[start[p] : start[p + 1]])
    order = np.argsort(island[members], kind="stable")
    _, rank = np.unique(island[members][order], return_inverse=True)
    together = shapely.geometrycollections(shapes[order], indices=rank)
    parts, of = shapely.get_parts(shapely.union_all(together[:, None], axis=1), return_index=True)
    return as_region(parts, _linked(parts, of))


def _linked(parts: NDArray[np.object_], of: Ints) -> Ints:
    """Numbers (k,) of the islands of parts (k,), by the numbers (k,) of those they were thought to be of: what was
    joined by lines of no width alone, as where a ring runs out and back, lies apart."""
    several = np.flatnonzero(np.bincount(of)[of] > 1)
    pairs = several[shapely.STRtree(parts[several]).query(parts[several], predicate="dwithin", distance=STRAIGHT)]
    one, other = pairs[:, of[pairs[0]] == of[pairs[1]]]
    graph = coo_array((np.ones(len(one)), (one, other)), shape=(len(parts), len(parts)))
    _, number = connected_components(graph, directed=False)
    return np.asarray(number, dtype=np.int64)


def _untangled(ring: Points) -> shapely.Geometry:
    """A polygon that meets itself, as the area it winds round: self-overlaps filled, keyhole slits closed."""
    pieces = gdstk.boolean([gdstk.Polygon(ring.tolist())], [], "or", precision=1e-3)
    return shapely.union_all([shapely.make_valid(shapely.Polygon(piece.points)) for piece in pieces])


def as_region(shapes: NDArray[np.object_], numbers: Ints) -> Region:
    """Shapely polygons, each under the number of its island, as arrays; straight runs of vertices become one edge."""
    parts, of = shapely.get_parts(shapes, return_index=True)
    areal = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    polygons = shapely.orient_polygons(parts[areal])
    rings, ring_polygon = shapely.get_rings(polygons, return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    last = np.append(ring[1:] != ring[:-1], True) if len(ring) else np.empty(0, dtype=bool)
    # Slanted edges that cross in one place may leave several vertices there.
    points, start = corners_only(points[~last], _starts(np.bincount(ring[~last], minlength=len(rings))), STRAIGHT)
    size = np.diff(start)
    outer = np.append(True, np.diff(ring_polygon) > 0)[: len(rings)]
    real = size[outer] >= 3
    kept = (size >= 3) & real[ring_polygon]
    renumbered = (np.cumsum(real) - 1)[ring_polygon[kept]]
    island = numbers[of[areal]][real]
    return Region(points[np.repeat(kept, size)], _starts(size[kept]), renumbered, island, len(numbers))


def _absorbed(region: Region) -> Region:
    """Without polygons that lie inside another one.

    Boundaries of different islands do not meet here, so islands nest like brackets: the first edge left of a polygon
    belongs to the one around it or to a sibling in the same surroundings.
    """
    count = len(region.polygon_island)
    if count < 2:
        return region
    outer = np.flatnonzero(np.append(True, np.diff(region.ring_polygon) > 0))
    ring = np.repeat(np.arange(len(region.ring_polygon)), np.diff(region.ring_start))
    (x, y), begin = region.points.T, region.ring_start[:-1]
    left = np.minimum.reduceat(x, begin)
    lowest = np.minimum.reduceat(np.where(x == left[ring], y, np.inf), begin)
    leftmost = np.column_stack([left, lowest])[outer]
    hit = edge_on_the_left(leftmost + np.array([-BESIDE, BESIDE]), region.edges, region.grid)
    neighbour = np.where(hit >= 0, region.ring_polygon[ring[hit]], -1)
    # Polygons of one island touch in a corner at most: the point beside it may lie in the other one, they do not.
    apart = region.polygon_island[neighbour] != region.polygon_island
    inside = (apart & (region.edges[hit, 3] < region.edges[hit, 1])).tolist()
    around = [-1] * count
    for p in np.argsort(leftmost[:, 0], kind="stable").tolist():
        q = int(neighbour[p])
        if q >= 0:
            around[p] = q if inside[p] else around[q]
    keep = np.array(around) < 0
    if keep.all():
        return region
    kept_ring = keep[region.ring_polygon]
    size = np.diff(region.ring_start)[kept_ring]
    return _region(
        region.points[kept_ring[ring]],
        _starts(size),
        (np.cumsum(keep) - 1)[region.ring_polygon[kept_ring]],
        region.polygon_island[keep],
    )
