"""Rings of vertices made tidy."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from router.model.kernels import compiled


@compiled
def tidy(points: NDArray[np.int64], start: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rings counter-clockwise, without repeated vertices, those inside straight edges, and spikes of no width.

    points: (n, 2), the vertices of all rings; start: (rings + 1,) where each begins. Returns the same for the rings
    of which something is left. Those whose parts wind both ways and cancel out are left as they are.
    """
    kept, kept_start = np.empty_like(points), np.zeros_like(start)
    rings = count = 0
    for ring in range(start.size - 1):
        first, size = count, 0
        for k in range(start[ring], start[ring + 1]):
            kept[first + size, 0], kept[first + size, 1] = points[k, 0], points[k, 1]
            size = straightened(kept, first, size + 1)
        # What is left may still meet itself where it closes: there, vertices go at the end or at the beginning.
        low = 0
        while size - low >= 3:
            if turn(kept, first + size - 2, first + size - 1, first + low) == 0:
                size -= 1
            elif turn(kept, first + size - 1, first + low, first + low + 1) == 0:
                low += 1
            else:
                break
        if size - low < 3:
            continue
        for k in range(first, first + size - low):
            kept[k, 0], kept[k, 1] = kept[k + low, 0], kept[k + low, 1]
        count = first + size - low
        if twice_the_area(kept, first, count) < 0:
            turn_round(kept, first, count)
        rings += 1
        kept_start[rings] = count
    return kept[:count], kept_start[: rings + 1]


@compiled
def straightened(points: NDArray[np.int64], first: int, size: int) -> int:
    """How many of `size` vertices from `first` on are left, when the last but one goes as long as it is no corner."""
    while size >= 2:
        last = first + size - 1
        if points[last, 0] == points[last - 1, 0] and points[last, 1] == points[last - 1, 1]:
            size -= 1
        elif size >= 3 and turn(points, last - 2, last - 1, last) == 0:
            points[last - 1, 0], points[last - 1, 1] = points[last, 0], points[last, 1]
            size -= 1
        else:
            break
    return size


@compiled
def turn(points: NDArray[np.int64], before: int, k: int, after: int) -> int:
    """Cross product of the edge into vertex k and the one out of it: 0 where it is no corner, but a vertex inside an
    edge or the tip of a spike."""
    ix, iy = points[k, 0] - points[before, 0], points[k, 1] - points[before, 1]
    ox, oy = points[after, 0] - points[k, 0], points[after, 1] - points[k, 1]
    return int(ix * oy - iy * ox)


@compiled
def twice_the_area(points: NDArray[np.int64], first: int, end: int) -> int:
    """Of the ring `first`..`end`, negative where it runs clockwise."""
    area, ox, oy = 0, points[first, 0], points[first, 1]
    for k in range(first, end - 1):
        area += (points[k, 0] - ox) * (points[k + 1, 1] - oy) - (points[k, 1] - oy) * (points[k + 1, 0] - ox)
    return area


@compiled
def turn_round(points: NDArray[np.int64], first: int, end: int) -> None:
    """Make the ring `first`..`end` run the other way."""
    for n in range((end - first) // 2):
        k, other = first + n, end - 1 - n
        for axis in range(2):
            points[k, axis], points[other, axis] = points[other, axis], points[k, axis]


@compiled
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
