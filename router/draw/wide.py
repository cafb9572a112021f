"""Wide metal keeps more than the usual spacing to other metal beside it, of its own net as well: what lies nearer is
joined to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from router.draw.mouths import ring_edges
from router.model.geometry import Points
from router.model.pdk import Level

Floats = NDArray[np.float64]

# What is thinner than twice this, nm, comes from rounding; and so much more than the spacing is left for the grid.
SLIVER, SLACK = 5.0, 2.0
# Coordinates of what is computed are rounded to this, nm.
GRID = 1e-3


class WideEdge(NamedTuple):
    """Ends (2, 2) of an edge, its metal on the left, and the spacing that it asks for, nm."""

    ends: Floats
    spacing: int


def wide_edges(level: Level, rings: dict[str, list[Points]]) -> dict[str, list[WideEdge]]:
    """Edges of wide metal, by net, that are long enough for a rule, and the most that such a rule asks for.

    rings: all metal of the level by net, each (n, 2) and counter-clockwise.
    """
    flat = [(net, ring) for net in rings if net for ring in rings[net]]
    if not level.wide or not flat:
        return {}
    count = np.array([len(ring) for _, ring in flat])
    edges, begin = ring_edges(np.concatenate([ring for _, ring in flat]), count)
    length = np.hypot(*(edges[:, 2:] - edges[:, :2]).T)
    longest, around = np.maximum.reduceat(length, begin), np.add.reduceat(length, begin)
    own = edges - np.repeat(edges[begin][:, [0, 1, 0, 1]], count, axis=0)
    area = np.add.reduceat(own[:, 0] * own[:, 3] - own[:, 2] * own[:, 1], begin) / 2
    asked = np.zeros(len(edges), dtype=np.int64)
    for rule in level.wide:
        # Of a long trace, twice its area are its width times its circumference; of a square, four times.
        for k in np.flatnonzero((longest > rule.run_length) & (4 * area > rule.width * around)).tolist():
            if not shapely.Polygon(flat[k][1]).buffer(-rule.width / 2).is_empty:
                ring = slice(begin[k], begin[k] + count[k])
                asked[ring] = np.maximum(asked[ring], np.where(length[ring] > rule.run_length, rule.spacing, 0))
    found: dict[str, list[WideEdge]] = defaultdict(list)
    for k in np.flatnonzero(asked).tolist():
        net, _ = flat[int(np.searchsorted(begin, k, side="right")) - 1]
        found[net].append(WideEdge(edges[k].reshape(2, 2), int(asked[k])))
    return found


def beside_wide(edges: list[WideEdge], rings: list[Points]) -> Iterator[tuple[shapely.Geometry, shapely.Polygon]]:
    """What lies between long edges of a net's wide metal and other metal of it that is nearer than these ask for, and
    the metal round that. rings: all metal of the net on the level."""
    shapes = np.array([shapely.Polygon(ring) for ring in rings], dtype=object)
    tree = shapely.STRtree(shapes)
    across = [_across(edge.ends, edge.spacing + SLACK) for edge in edges]
    strips = shapely.polygons([[a, a + way, b + way, b] for ((a, b), _), way in zip(edges, across, strict=True)])
    strip, near = tree.query(strips, predicate="intersects")
    # Metal that but touches a strip leaves no gap in it: that of the edge itself, beside nearly all strips.
    for k in np.unique(strip[~shapely.touches(strips[strip], shapes[near])]).tolist():
        metal = shapely.union_all(shapes[np.sort(near[strip == k])])
        yield from ((metal, gap) for gap in _between(metal, strips[k], across[k]))


def _across(edge: Floats, depth: float) -> Floats:
    """The way outwards, so far, from an edge of a ring that runs counter-clockwise."""
    along = (edge[1] - edge[0]) / np.hypot(*(edge[1] - edge[0]))
    return depth * np.array([along[1], -along[0]])


def _between(metal: shapely.Geometry, strip: shapely.Polygon, across: Floats) -> Iterator[shapely.Polygon]:
    """What lies between metal in a strip and the edge that the strip begins at."""
    rings = shapely.get_rings(shapely.get_parts(shapely.intersection(metal, strip)))
    sides = [pair for ring in rings for pair in pairwise(np.asarray(ring.coords))]
    shadows = shapely.convex_hull([shapely.multipoints([a, b, b - across, a - across]) for a, b in sides])
    solid = shadows[shapely.get_type_id(shadows) == shapely.GeometryType.POLYGON]
    gap = shapely.difference(shapely.intersection(shapely.union_all(solid, grid_size=GRID), strip), metal)
    parts = shapely.get_parts(
        shapely.buffer(shapely.buffer(gap, -SLIVER, join_style="mitre"), SLIVER, join_style="mitre")
    )
    yield from parts[~shapely.is_empty(parts)]
