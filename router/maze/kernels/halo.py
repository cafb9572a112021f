"""Which nodes round a shape are closed to another one."""

from __future__ import annotations

from router.maze.kernels.compiled import kernel, part
from router.maze.kernels.octagon import outline_gap


@kernel
def close_around(closed, pitch, flat, rounding, slack, diagonal_slack, spacing):
    """Mark the nodes of a square of them that are too near to its middle, as `footprint.closed_around` has them.

    closed (n, n) bool, n odd; pitch: of the nodes, nm; flat, rounding: of both shapes together, as in `outline_gap`;
    slack, diagonal_slack: what their outlines may take in any direction, and along diagonals; spacing: what they must
    keep, nm.
    """
    reach = closed.shape[0] // 2
    for i in range(reach + 1):
        for j in range(i + 1):
            taken = diagonal_slack if i == j else slack
            if outline_gap(i * pitch, j * pitch, flat, rounding, taken) < spacing:
                close_alike(closed, reach, i, j)
    for i in range(1, reach + 1):
        middle = (i - 0.5) * pitch
        if outline_gap(middle, middle, flat, rounding, diagonal_slack) < spacing:
            close_alike(closed, reach, i, i - 1)


@part
def close_alike(closed, reach, i, j):
    """Mark the nodes that lie (i, j) from the middle, either way along either axis."""
    for u, v in ((i, j), (j, i)):
        for x in (reach - u, reach + u):
            closed[reach - v, x] = closed[reach + v, x] = True
