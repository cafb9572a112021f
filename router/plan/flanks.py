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

# Sides of a keep-out that meet at a wider angle let a trace go round with legs that do not run side by side: legs that
# lie along the axes or at 45°, and, on levels of any angle, two that do not face each other in the eyes of sign-off, as
# they enclose 80° or more. The cosine between the directions of the sides, taken round the keep-out.
_SIDE_BY_SIDE = -np.sqrt(0.5)
_SIDE_BY_SIDE_TAUT = -np.cos(np.radians(80.0))
# Places are rounded by less than this, nm.
NOISE = 0.01


def closed_rings(design: Design, level: int) -> list[Points]:
    """Rings (n, 2) of a level that traces and cuts keep out of: its keep-outs, and flanks of those that are thin."""
    rings, rules = design.kept_out(level), design.pdk.levels[level]
    return rings + flanks(rings, rules.min_spacing, taut=rules.angles == "any")


def flanks(rings: Sequence[Points], spacing: int, *, taut: bool = False) -> list[Points]:
    """Rings beside keep-outs, also given as rings, where these, taken together, are thinner than `spacing`, nm; `taut`
    where traces run at any angle."""
    edges = _edges(shapely.orient_polygons(shapely.union_all([shapely.Polygon(ring) for ring in rings])))
    lines = shapely.linestrings(edges.reshape(-1, 2, 2))
    step = edges[:, 2:] - edges[:, :2]
    step /= np.hypot(step[:, 0], step[:, 1])[:, None]
    a, b = shapely.STRtree(lines).query(lines, predicate="dwithin", distance=spacing)
    facing = (step[a] * step[b]).sum(axis=1) < (_SIDE_BY_SIDE_TAUT if taut else _SIDE_BY_SIDE)
    return _strips(edges[a[facing]], edges[b[facing]], spacing)


def _edges(closed: shapely.Geometry) -> NDArray[np.float64]:
    """The edges (n, 4) of polygons, each with what is closed on its left."""
    outlines = [ring for part in shapely.get_parts(closed) for ring in (part.exterior, *part.interiors)]
    corners = [np.asarray(outline.coords) for outline in outlines]
    edges = np.concatenate([np.empty((0, 4)), *(np.hstack([ring[:-1], ring[1:]]) for ring in corners)])
    return np.asarray(edges[(edges[:, :2] != edges[:, 2:]).any(axis=1)])


def _strips(edges: NDArray[np.float64], others: NDArray[np.float64], spacing: int) -> list[Points]:
    """Strips to the right of edges (n, 4) where others, which run the other way, lie nearer than `spacing` on their
    left: each of two that face each other gets half of what is missing."""
    start, step = edges[:, :2], edges[:, 2:] - edges[:, :2]
    length = np.hypot(step[:, 0], step[:, 1])
    along = step / length[:, None]
    left = np.stack([-along[:, 1], along[:, 0]], axis=1)
    # The other edges, from end to beginning, as the edges see them: how far along them, and how far to the left.
    ends = others.reshape(-1, 2, 2)[:, ::-1] - start[:, None]
    far, depth = (ends * along[:, None]).sum(axis=2), (ends * left[:, None]).sum(axis=2)
    rise = (depth[:, 1] - depth[:, 0]) / (far[:, 1] - far[:, 0])
    limits = np.array([0.0, spacing]) - depth[:, :1]
    limits = np.divide(limits, rise[:, None], out=np.copysign(np.inf, limits), where=rise[:, None] != 0.0)
    limits = np.sort(limits + far[:, :1], axis=1)
    low = np.max([np.zeros(len(edges)), far[:, 0], limits[:, 0]], axis=0)
    high = np.min([length, far[:, 1], limits[:, 1]], axis=0)
    # A strip shorter than 1 nm is none; where the limits lie on one side of edges that run level, all of it is beyond.
    some = high - low >= 1.0
    places = np.stack([low, high], axis=1)[some]
    missing = (spacing - depth[some, :1] - rise[some, None] * (places - far[some, :1])) / 2
    inner = start[some, None] + places[:, :, None] * along[some, None]
    outer = inner - missing[:, :, None] * left[some, None]
    # On the grid, and no nearer.
    outer = np.where(left[some, None] < 0.0, np.ceil(outer - NOISE), np.floor(outer + NOISE))
    strips = np.concatenate([np.round(inner), outer[:, ::-1]], axis=1).astype(np.int64)
    apart = np.any(strips != np.roll(strips, 1, axis=1), axis=2)
    return [strip[kept] for strip, kept in zip(strips, apart, strict=True) if np.count_nonzero(kept) > 2]
