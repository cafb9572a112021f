"""A connection of a net: two of its ends, and the way that joins them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

NOTHING = np.empty(0, dtype=np.int64)
# A way longer than this multiple of the shortest one is a detour: worth another search.
DETOUR = 1.004


@dataclass(slots=True)
class Connection:
    """Joins end `a` of a net with end `b`. `path` holds node ids when routed; `routed` is its length, nm, and `length`
    that of the shortest way.

    `hooks` are the items of the net that the path begins and ends on: an end (its index) or another connection
    (-id). When such a connection goes, this one goes too. `cuts` are the nodes too near to its cuts for another.
    """

    id: int
    net: int
    a: int
    b: int
    length: int
    path: NDArray[np.int64] | None = None
    hooks: tuple[int, int] = (0, 0)
    routed: float = 0.0
    cuts: NDArray[np.int64] = field(default_factory=lambda: NOTHING)

    @property
    def detours(self) -> bool:
        """Whether it has a way that is a detour."""
        return self.routed > DETOUR * self.length
