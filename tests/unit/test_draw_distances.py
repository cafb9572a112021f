"""Distances between traces that are moved: as much as asked for is enough."""

from __future__ import annotations

import numpy as np
import pytest

from router.draw.kernels.clear import excess
from router.maze.kernels.static import SEGMENT

# Half its width, no circle, rounding of slanted edges, spacing, no inset; and the same of the trace that is moved.
OTHER = np.array([5_000.0, 0.0, 4.0, 10_000.0, 0.0])
MOVED = np.array([5_000.0, 0.0, 10_000.0, 1.0, 0.0])


@pytest.mark.parametrize("upright", [False, True])
def test_a_trace_bends_at_the_least_distance_wherever_along_another(upright: bool) -> None:
    """The foot of the distance lies between the ends of a trace: a division says where, and is not exact."""
    for x in range(0, 600_000, 7_777):
        straight, bend = np.array([[-13_142.0, 0], [610_000, 0]]), np.array([[x - 90_000.0, 110_000], [x, 20_000]])
        if upright:
            straight, bend = straight[:, ::-1], bend[:, ::-1]
        assert excess(straight.ravel(), SEGMENT, OTHER, *bend.ravel(), MOVED, 0.0) == 0
        assert excess(bend.ravel(), SEGMENT, OTHER, *straight.ravel(), MOVED, 0.0) == 0
