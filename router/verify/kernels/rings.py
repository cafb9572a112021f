"""Rings of vertices made tidy."""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray


@njit(cache=True)
def tidy(
    points: NDArray[np.int64], start: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Rings counter-clockwise, without repeated vertices and those inside straight edges.

    points: (n, 2), the vertices of all rings; start: (rings + 1,) where each begins. Returns the same for the rings
    that have an area, and for each of those whether one of its edges runs back along the one before.
    """
    kept = np.empty_like(points)
    kept_start = np.zeros_like(start)
    spiked = np.zeros(start.size - 1, dtype=np.bool_)
    distinct = np.empty(points.shape[0], dtype=np.int64)
    rings = count = 0
    for ring in range(start.size - 1):
        begin, end = start[ring], start[ring + 1]
        size = 0
        for k in range(begin, end):
            before = k - 1 if k > begin else end - 1
            if points[k, 0] != points[before, 0] or points[k, 1] != points[before, 1]:
                distinct[size] = k
                size += 1
        first = count
        area = 0
        for n in range(size):
            before, k, after = distinct[n - 1 if n else size - 1], distinct[n], distinct[(n + 1) % size]
            turn, along = corner(points, before, k, after)
            if turn != 0 or along <= 0:
                kept[count, 0], kept[count, 1] = points[k, 0], points[k, 1]
                count += 1
        size = count - first
        back = False
        for n in range(size):
            before, k, after = first + (n - 1 if n else size - 1), first + n, first + (n + 1) % size
            turn, along = corner(kept, before, k, after)
            back |= turn == 0 and along < 0
            ox, oy = kept[first, 0], kept[first, 1]
            area += (kept[k, 0] - ox) * (kept[after, 1] - oy) - (kept[k, 1] - oy) * (kept[after, 0] - ox)
        if size < 3 or area == 0:
            count = first
            continue
        if area < 0:
            for n in range(size // 2):
                k, other = first + n, count - 1 - n
                for axis in range(2):
                    kept[k, axis], kept[other, axis] = kept[other, axis], kept[k, axis]
        spiked[rings] = back
        rings += 1
        kept_start[rings] = count
    return kept[:count], kept_start[: rings + 1], spiked[:rings]


@njit(cache=True)
def corner(points: NDArray[np.int64], before: int, k: int, after: int) -> tuple[int, int]:
    """Cross and dot product of the edge into vertex k and the one out of it."""
    ix, iy = points[k, 0] - points[before, 0], points[k, 1] - points[before, 1]
    ox, oy = points[after, 0] - points[k, 0], points[after, 1] - points[k, 1]
    return ix * oy - iy * ox, ix * ox + iy * oy


@njit(cache=True)
def corners_only(
    points: NDArray[np.float64], start: NDArray[np.int64], noise: float
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Rings without vertices nearer than `noise` (nm) to the one before, or to the line between their neighbours.

    points: (n, 2), the vertices of all rings; start: (rings + 1,) where each begins. Returns the same; what is left of
    a ring may be too little for an area.
    """
    kept, kept_start = np.empty_like(points), np.zeros_like(start)
    distinct, left = np.empty(points.shape[0], dtype=np.int64), np.empty(points.shape[0], dtype=np.int64)
    count = 0
    for ring in range(start.size - 1):
        begin, end = start[ring], start[ring + 1]
        size = 0
        for k in range(begin, end):
            before = k - 1 if k > begin else end - 1
            if max(abs(points[k, 0] - points[before, 0]), abs(points[k, 1] - points[before, 1])) > noise:
                distinct[size] = k
                size += 1
        # Of vertices that crowd at a corner each lies on the line between its neighbours: what goes is no neighbour.
        before, first = distinct[size - 1], count
        for n in range(size):
            k, after = distinct[n], distinct[(n + 1) % size]
            if n == size - 1 and count > first:
                after = left[first]
            ix, iy = points[k, 0] - points[before, 0], points[k, 1] - points[before, 1]
            ox, oy = points[after, 0] - points[k, 0], points[after, 1] - points[k, 1]
            off = abs((ix + ox) * iy - (iy + oy) * ix)
            if off > noise * math.hypot(ix + ox, iy + oy) or ix * ox + iy * oy <= 0.0:
                kept[count, 0], kept[count, 1] = points[k, 0], points[k, 1]
                left[count] = before = k
                count += 1
        kept_start[ring + 1] = count
    return kept[:count], kept_start


@njit(cache=True)
def leftmost_vertices(points: NDArray[np.float64], start: NDArray[np.int64]) -> NDArray[np.int64]:
    """The leftmost vertex of each ring, and the lowest of those. points: (n, 2); start: (rings + 1,)."""
    leftmost = start[:-1].copy()
    for ring in range(leftmost.size):
        for k in range(start[ring] + 1, start[ring + 1]):
            best = leftmost[ring]
            if (points[k, 0], points[k, 1]) < (points[best, 0], points[best, 1]):
                leftmost[ring] = k
    return leftmost
