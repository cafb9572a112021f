"""Which island of a region holds a point, and which islands of two masks overlap."""

from __future__ import annotations

from itertools import product

import numpy as np

from router.verify.kernels.locate import edge_on_the_left, touching_pairs
from router.verify.region import BESIDE, Floats, Ints, Region

# Steps to the corners of the grid's square around a place and to the middles of its sides, nm.
_REACH = 1 + 4 * BESIDE
_AROUND = [(_REACH * dx, _REACH * dy) for dx, dy in product((-1, 0, 1), repeat=2) if dx or dy]


def islands_at(points: Floats, region: Region) -> Ints:
    """For each point (m, 2) the island it lies in, or -1. On a boundary either answer may come."""
    found = np.full(len(points), -1, dtype=np.int64)
    if not len(points) or not region.islands:
        return found
    hit = edge_on_the_left(points + BESIDE, region.edges, region.grid)
    inside = (hit >= 0) & (region.edges[hit, 3] < region.edges[hit, 1])
    found[inside] = region.owner[hit[inside]]
    return found


def islands_near(points: Floats, region: Region) -> Ints:
    """As `islands_at`, for places on the grid: an island on whose boundary one lies, or which it misses by a step of
    the grid, holds it too."""
    found = islands_at(points, region)
    for dx, dy in _AROUND:
        lost = np.flatnonzero(found < 0)
        found[lost] = islands_at(points[lost] + (dx, dy), region)
    return found


def holes_in(a: Region, b: Region) -> Ints:
    """The islands of `a` that reach into holes of `b`, at the boundary of these; some that cross it are missing."""
    outer = np.append(True, np.diff(b.ring_polygon) > 0)[: len(b.ring_polygon)]
    start = b.ring_start[:-1][~outer]
    edge = b.edges[start]
    along = edge[:, 2:] - edge[:, :2]
    outwards = along[:, ::-1] * [1, -1] / np.hypot(along[:, 0], along[:, 1])[:, None]
    found = islands_at((edge[:, :2] + edge[:, 2:]) / 2 + 4 * BESIDE * outwards, a)
    return np.unique(found[found >= 0])


def overlaps(a: Region, b: Region) -> Ints:
    """Pairs (k, 2) of an island of `a` and one of `b` that overlap or touch, sorted, each once."""
    if not a.islands or not b.islands:
        return np.empty((0, 2), dtype=np.int64)
    touching = touches(a, b)
    in_b, in_a = islands_at(a.inner_points, b), islands_at(b.inner_points, a)
    a_in_b = np.stack([np.arange(a.islands), in_b], axis=1)[in_b >= 0]
    b_in_a = np.stack([in_a, np.arange(b.islands)], axis=1)[in_a >= 0]
    return np.unique(np.concatenate([touching, a_in_b, b_in_a]), axis=0)


def touches(a: Region, b: Region) -> Ints:
    """Pairs (k, 2) of islands of `a` and `b` whose boundaries meet, sorted, each once."""
    pairs = touching_pairs(a.edges, b.inwards())
    met = np.stack([a.owner[pairs[:, 0]], b.owner[pairs[:, 1]]], axis=1).astype(np.int64)
    return np.unique(met, axis=0)
