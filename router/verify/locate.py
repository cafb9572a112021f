"""Which island of a region holds a point, and which islands of two masks overlap."""

from __future__ import annotations

import numpy as np

from router.verify.kernels.locate import edge_on_the_left, touching_pairs
from router.verify.region import BESIDE, Floats, Ints, Region


def islands_at(points: Floats, region: Region) -> Ints:
    """For each point (m, 2) the island it lies in, or -1. On a boundary either answer may come."""
    found = np.full(len(points), -1, dtype=np.int64)
    if not len(points) or not region.islands:
        return found
    hit = edge_on_the_left(points + BESIDE, region.edges, region.grid)
    inside = (hit >= 0) & (region.edges[hit, 3] < region.edges[hit, 1])
    found[inside] = region.owner[hit[inside]]
    return found


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
