"""What of a connection has a fee of its own: all of it, or what lies in one place.

A connection that pays for running over another gets all of it for one fee: where two hug the same two corners, and need
give way at one of them alone, each takes the other's place at both, for ever. With fees by place, as McMurchie and
Ebeling 1995 price congestion, they agree at each corner by itself. Where fights are few, this takes twice the visits.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from router.maze.connection import Connection
from router.maze.kernels import paths

# Squares of so many tracks a side are places; those so many squares apart along an axis share a fee.
SQUARE, APART = 10, 4


@dataclass(frozen=True, slots=True)
class Stretches:
    """Stretches of `count` connections, ids with that of none, have ids of their own: that of their connection, and
    `count` more for each place after the first. side: of the squares, in finest pitches; 0 where a connection is one.
    """

    count: int
    side: int = 0

    @property
    def places(self) -> int:
        """How many stretches a connection may have."""
        return APART**2 if self.side else 1

    @property
    def all_ids(self) -> int:
        """How many stretches there may be."""
        return self.count * self.places

    def owner(self, stretch: int) -> int:
        """Id of the connection that a stretch belongs to."""
        return stretch % self.count

    def for_each(self, of_connections: NDArray[np.int32]) -> NDArray[np.int32]:
        """What holds for each connection, (count,), for each stretch."""
        return np.tile(of_connections, self.places)

    def of(self, c: Connection, levels: NDArray[np.int64]) -> Iterator[tuple[int, NDArray[np.int64]]]:
        """Ids of the stretches of a connection's path, and their nodes; each ends where the next one begins. One may
        come more than once."""
        assert c.path is not None
        if not self.side or not len(c.path):
            yield c.id, c.path
            return
        squares = paths.positions(levels, c.path)[:, :2] // self.side % APART
        place = squares @ np.array([APART, 1])
        begins = [0, *(np.flatnonzero(np.diff(place)) + 1).tolist()]
        for begin, end in zip(begins, [*begins[1:], len(c.path)], strict=True):
            yield c.id + self.count * int(place[begin]), c.path[begin : end + 1]
