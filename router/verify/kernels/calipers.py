"""How wide shapes are across each of their edges."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from router.model.kernels import compiled


@compiled
def widths(
    edges: NDArray[np.float64], owner: NDArray[np.int32], islands: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """For each island, in nm: how far it reaches at least and at most behind one of its edges, at right angles to it,
    and how far it stands out in front of one, as it does where it has a bite or a hole.

    edges: (n, 4), the inside on their left; the edges of an island follow one another in `owner`.
    """
    least, most, bite = np.full(islands, np.inf), np.zeros(islands), np.zeros(islands)
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
            least[island], most[island] = min(least[island], high), max(most[island], high)
            bite[island] = max(bite[island], -low)
        begin = end
    return least, most, bite
