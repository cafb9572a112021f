"""How wide shapes are across each of their edges."""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray


@njit(cache=True)
def widths(
    edges: NDArray[np.float64], owner: NDArray[np.int32], islands: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Least and greatest extent (nm) of each island at right angles to one of its edges.

    edges: (n, 4); the edges of an island follow one another in `owner`.
    """
    least, most = np.full(islands, np.inf), np.zeros(islands)
    begin = 0
    while begin < owner.size:
        end = begin
        while end < owner.size and owner[end] == owner[begin]:
            end += 1
        island = owner[begin]
        for i in range(begin, end):
            dx, dy = edges[i, 2] - edges[i, 0], edges[i, 3] - edges[i, 1]
            length = math.hypot(dx, dy)
            low, high = 0.0, 0.0
            for k in range(begin, end):
                across = (dx * (edges[k, 1] - edges[i, 1]) - dy * (edges[k, 0] - edges[i, 0])) / length
                low, high = min(low, across), max(high, across)
            least[island], most[island] = min(least[island], high - low), max(most[island], high - low)
        begin = end
    return least, most
