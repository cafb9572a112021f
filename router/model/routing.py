"""What the maze router hands on: paths before they become traces, and how the search went."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from router.model.geometry import Points
from router.model.layout import Unrouted


@dataclass(frozen=True, slots=True)
class Path:
    """One connection of a net as a chain of points.

    `points` (n, 2) in nm and `levels` (n,) as level indices run together; two neighbours lie on one level, joined by
    a straight octilinear step, or at one place on neighbouring levels, joined by a via.
    """

    net: int
    points: Points
    levels: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class IterationStats:
    """The state after one pass of the router over its queue."""

    iteration: int
    unrouted: int
    ripped: int
    wirelength: int
    node_visits: int


@dataclass(frozen=True, slots=True)
class Routing:
    """The best state that was reached. `unrouted` is empty when every net is joined; `stopped` when time or the user
    ended the run early. `balls`: net (index) and ball (terminal) of each place that was open, where the search has
    exchanged some."""

    paths: tuple[Path, ...]
    unrouted: tuple[Unrouted, ...]
    iterations: tuple[IterationStats, ...]
    node_visits: int
    stopped: bool
    memory_bytes: int
    balls: tuple[tuple[int, int], ...] = ()

    @property
    def open_nets(self) -> set[str]:
        """The nets that are not joined."""
        return {part.net for part in self.unrouted}
