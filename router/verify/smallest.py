"""The smallest width and the smallest space of a mask: measured in its polygons, whatever the rules ask for."""

from __future__ import annotations

import math

import numpy as np

from router.verify.edges import face
from router.verify.kernels.grid import Boundary, Grid, bin_edges
from router.verify.kernels.nearest import least_gap
from router.verify.region import MAX_CELLS, Floats, Ints, Owners, Region

# How far the first search looks, nm, and how much farther each next one.
_FIRST, _FARTHER = 1000.0, 4.0


def smallest_width(region: Region) -> float | None:
    """The least distance (nm) through the inside of an island, between edges opposite each other or between corners
    that point inwards; None without any. A disc is as wide as its diameter."""
    shapes = _distinct(region)
    width = _least(region.edges[shapes], _arriving(region)[shapes], region.owner[shapes], math.inf, inside=True)
    return width if math.isfinite(width) else None


def smallest_space(region: Region) -> float | None:
    """The least distance (nm) through a gap, between islands or between parts of one: measured likewise, and but for
    holes as the space rule measures it, where edges at an angle of less than 80° face each other too."""
    edges, arriving, shapes = region.edges, _arriving(region), _distinct(region)
    gap = _least(edges, arriving, region.owner, math.inf, apart=True)
    space = min(gap, _least(edges[shapes], arriving[shapes], region.owner[shapes], gap))
    if not math.isfinite(space):
        return None
    outwards = region.outwards()
    facing = face(outwards, outwards, space, euclidian=True)
    ring = np.repeat(np.arange(len(region.ring_polygon)), np.diff(region.ring_start))
    hole = np.append(False, np.diff(region.ring_polygon) == 0)[ring]
    one, other = facing.pairs.T
    across_a_hole = hole[one] & (ring[one] == ring[other])
    return min(space, float(facing.gaps[~across_a_hole].min(initial=math.inf)))


def _arriving(region: Region) -> Floats:
    """The edge before each one, as a vector (n, 2)."""
    arriving: Floats = (region.edges[:, 2:] - region.edges[:, :2])[region.before()]
    return arriving


def _least(
    edges: Floats, arriving: Floats, owner: Owners, most: float, *, inside: bool = False, apart: bool = False
) -> float:
    """The least gap below `most`, inf without any; with `apart` between islands, otherwise within one."""
    if not len(edges):
        return math.inf
    extent = min(most, float(np.hypot(*np.ptp(edges.reshape(-1, 2), axis=0))))
    reach = _FIRST
    while True:
        gap = least_gap(Boundary(edges, owner, _grid(edges, reach), not inside), arriving, not apart, min(reach, most))
        if math.isfinite(gap) or reach > extent:
            return float(gap)
        reach *= _FARTHER


def _grid(edges: Floats, reach: float) -> Grid:
    """Cells of a quarter of the reach, or of an edge's length: few to visit around an edge, and few edges in each."""
    low, high = edges.reshape(-1, 2).min(axis=0) - 1, edges.reshape(-1, 2).max(axis=0) + 1
    mean = np.hypot(edges[:, 2] - edges[:, 0], edges[:, 3] - edges[:, 1]).mean()
    cell = float(max(mean, reach / 4, np.sqrt((high - low).prod() / MAX_CELLS), (high - low).max() / MAX_CELLS))
    columns, rows = (int(size / cell) + 1 for size in (high - low).tolist())
    x0, y0 = low.tolist()
    return Grid(x0, y0, cell, columns, rows, *bin_edges(edges, 1.0, x0, y0, cell, columns, rows))


def _distinct(region: Region) -> Ints:
    """Edges of islands of which none is another one moved: pads and cuts repeat by the thousand."""
    order = np.argsort(region.owner, kind="stable")
    size = np.bincount(region.owner, minlength=region.islands)
    start = np.cumsum(size) - size
    kept = []
    for count in np.unique(size):
        rows = order[start[size == count][:, None] + np.arange(count)]
        shapes = np.round(region.edges[rows] - np.tile(region.edges[rows[:, :1], :2], 2), 3).reshape(len(rows), -1)
        _, first = np.unique(shapes, axis=0, return_index=True)
        kept.append(rows[np.sort(first)].reshape(-1))
    return np.concatenate(kept) if kept else np.empty(0, dtype=np.int64)
