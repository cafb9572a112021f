"""Flanks of keep-outs thinner than the spacing of metal: strips that are closed as well.

A trace that goes round the tip of such a keep-out would stand nearer to itself than the spacing, and no fill can close
that gap, as the keep-out lies in it. With its flanks a keep-out is as thick as the spacing; its tip stays where it is.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from router.model.design import Design
from router.model.geometry import Points

# Sides of a keep-out that meet at a wider angle let a trace go round with legs that do not run side by side: legs lie
# along the axes or at 45°. The cosine between their directions, taken round the keep-out.
SIDE_BY_SIDE = -np.sqrt(0.5)
# Places are rounded by less than this, nm.
NOISE = 0.01


def closed_rings(design: Design, level: int) -> list[Points]:
    """Rings (n, 2) of a level that traces and cuts keep out of: its keep-outs, and flanks of those that are thin."""
    rings = [keepout.ring for keepout in design.keepouts if level in keepout.levels]
    return rings + flanks(rings, design.pdk.levels[level].min_spacing)


def flanks(rings: Sequence[Points], spacing: int) -> list[Points]:
    """Rings beside keep-outs, also given as rings, where these, taken together, are thinner than `spacing`, nm."""
    closed = shapely.orient_polygons(shapely.union_all([shapely.Polygon(ring) for ring in rings]))
    edges = _edges(closed)
    lines = shapely.linestrings(edges.reshape(-1, 2, 2))
    step = edges[:, 2:] - edges[:, :2]
    step /= np.hypot(step[:, 0], step[:, 1])[:, None]
    pairs = shapely.STRtree(lines).query(lines, predicate="dwithin", distance=spacing).T
    pairs = pairs[(step[pairs[:, 0]] * step[pairs[:, 1]]).sum(axis=1) < SIDE_BY_SIDE]
    found = [_flank(edges[a], edges[b], spacing) for a, b in pairs.tolist()]
    return [ring for ring in found if len(ring) > 2]


def _edges(closed: shapely.Geometry) -> NDArray[np.float64]:
    """The edges (n, 4) of polygons, each with what is closed on its left."""
    outlines = [ring for part in shapely.get_parts(closed) for ring in (part.exterior, *part.interiors)]
    corners = [np.asarray(outline.coords) for outline in outlines]
    return np.concatenate([np.empty((0, 4)), *(np.hstack([ring[:-1], ring[1:]]) for ring in corners)])


def _flank(edge: NDArray[np.float64], other: NDArray[np.float64], spacing: int) -> Points:
    """The strip to the right of an edge (4,), where another that runs the other way lies nearer than `spacing` on its
    left: each of the two gets half of what is missing. No points where it does not."""
    start, step = edge[:2], edge[2:] - edge[:2]
    length = np.hypot(*step)
    along, left = step / length, np.array([-step[1], step[0]]) / length
    # The other edge as this one sees it: places along this one, and how far to its left.
    (last, first), (depth_last, depth_first) = ((other.reshape(2, 2) - start) @ np.stack([along, left], axis=1)).T
    rise = (depth_last - depth_first) / (last - first)
    ends = np.clip([0.0, length], first, last)
    if rise:
        limits = first + (np.array([0.0, spacing]) - depth_first) / rise
        ends = np.clip(ends, limits.min(), limits.max())
    depth = depth_first + rise * (ends - first)
    if ends[1] - ends[0] < 1.0 or not 0.0 <= depth.mean() < spacing:
        return np.empty((0, 2), dtype=np.int64)
    inner = start + ends[:, None] * along
    outer = inner - (spacing - depth)[:, None] / 2 * left
    # On the grid, and no nearer.
    away = np.where(left < 0.0, np.ceil(outer - NOISE), np.floor(outer + NOISE))
    ring = np.round([*inner, *away[::-1]]).astype(np.int64)
    return np.asarray(ring[np.any(ring != np.roll(ring, 1, axis=0), axis=1)])
