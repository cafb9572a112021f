"""Steiner trees of nets of a few ends: points between the ends at which branches meet make a tree shorter.

Iterated 1-Steiner (Kahng and Robins 1992): the point that shortens the spanning tree most is added, until none does.
Candidates lie where straight ways from two points cross, as for trees along the axes (Hanan 1966).
"""

from __future__ import annotations

from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from router.model.geometry import Points
from router.plan.decompose import Edge, Metric, join_groups, manhattan

# Pairs of directions of straight ways, (d, 2, 2).
AXES = np.array([*permutations(((1, 0), (0, 1)), 2)])
DIRECTIONS = np.array([*permutations(((1, 0), (0, 1), (1, 1), (1, -1)), 2)])
# A point that wins less of the length is not worth a branch.
LEAST_WON = 0.002


def steiner_tree(ends: Points, metric: Metric) -> tuple[Points, list[Edge]]:
    """The ends (n, 2), nm, with the points that are added behind them, (n + s, 2), and the edges that join them all:
    every point added has three or more."""
    points = ends
    shortest = float(lengths(points[None], metric)[0])
    for _ in range(len(ends) - 2):
        more = crossings(points, AXES if metric is manhattan else DIRECTIONS)
        if len(more) == 0:
            break
        found = lengths(np.concatenate([np.repeat(points[None], len(more), axis=0), more[:, None]], axis=1), metric)
        best = int(np.argmin(found))
        if found[best] > shortest * (1 - LEAST_WON):
            break
        points, shortest = np.concatenate([points, more[best : best + 1]]), float(found[best])
    while True:
        edges = join_groups([place[None] for place in points], metric)
        degree = np.bincount(np.array([edge[:2] for edge in edges], dtype=np.int64).ravel(), minlength=len(points))
        needed = (degree > 2) | (np.arange(len(points)) < len(ends))
        if needed.all():
            return points, edges
        points = points[needed]


def crossings(points: Points, directions: NDArray[np.int64]) -> Points:
    """Where lines along pairs (d, 2, 2) of directions through two of the points (n, 2) cross, (m, 2), within their
    box."""
    first, second = np.triu_indices(len(points), 1)
    (off_x, off_y), ((ux, vx), (uy, vy)) = (points[second] - points[first]).T[:, :, None], directions.T
    share = (off_x * vy - off_y * vx) / (ux * vy - uy * vx)
    places = points[first][:, None] + np.round(share[:, :, None] * directions[:, 0]).astype(np.int64)
    inside: Points = places[((places >= points.min(axis=0)) & (places <= points.max(axis=0))).all(axis=2)]
    return inside


def lengths(sets: NDArray[np.int64], metric: Metric) -> NDArray[np.float64]:
    """Lengths (m,) of the spanning trees of m sets of points (m, n, 2), nm (Prim 1957, all sets at once)."""
    each = np.arange(len(sets))
    nearest = np.full(sets.shape[:2], np.inf)
    joined = np.zeros(sets.shape[:2], dtype=np.bool_)
    total, current = np.zeros(len(sets)), np.zeros(len(sets), dtype=np.int64)
    for _ in range(sets.shape[1] - 1):
        joined[each, current] = True
        off = sets - sets[each, current][:, None]
        nearest = np.minimum(nearest, metric(off[..., 0], off[..., 1]))
        open_ = np.where(joined, np.inf, nearest)
        current = open_.argmin(axis=1)
        total += open_[each, current]
    return total
