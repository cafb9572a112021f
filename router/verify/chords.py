"""Ways through metal that get shorter as one of their ends goes on along the boundary: chords of what is round.

They tell nothing of how wide the metal is: in a circle there are chords of any length.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from router.verify.region import Floats, Ints, Region

Flags = NDArray[np.bool_]

# An end goes on round a corner that turns inwards by at most this, degrees, as those of an octagon do, their vertices
# being on the grid.
MOST_TURN = 47.0


def are_chords(region: Region, pairs: Ints) -> Flags:
    """Whether the shortest ways between pairs (k, 2) of edges are such chords, (k,)."""
    ends = region.edges[pairs].reshape(-1, 2, 2, 2)
    here, there, gaps = [], [], []
    for edge, end in ((0, 0), (0, 1), (1, 0), (1, 1)):
        here.append(ends[:, edge, end])
        there.append(_foot(here[-1], ends[:, 1 - edge]))
        gaps.append(np.hypot(*(there[-1] - here[-1]).T))
    nearest, row = np.argmin(gaps, axis=0), np.arange(len(pairs))
    a, b = np.array(here)[nearest, row], np.array(there)[nearest, row]
    edge = nearest // 2
    return _goes_on(region, pairs[row, edge], a, b) | _goes_on(region, pairs[row, 1 - edge], b, a)


def _foot(points: Floats, edges: Floats) -> Floats:
    """The place on each edge (k, 2, 2) that is nearest to a point (k, 2)."""
    along = edges[:, 1] - edges[:, 0]
    share = ((points - edges[:, 0]) * along).sum(axis=1) / (along**2).sum(axis=1)
    foot: Floats = np.where(share[:, None] < 1, edges[:, 0] + np.maximum(share, 0.0)[:, None] * along, edges[:, 1])
    return foot


def _goes_on(region: Region, edges: Ints, here: Floats, there: Floats) -> Flags:
    """Whether places (k, 2) on edges (k,) are ends of these, and the way from them to others (k, 2) gets shorter round
    the corner."""
    before = region.before()
    after = np.empty_like(before)
    after[before] = np.arange(len(before))
    goes_on = np.zeros(len(edges), dtype=np.bool_)
    for end, beside, back in ((region.edges[:, :2], before, -1), (region.edges[:, 2:], after, 1)):
        one, other = _along(region, edges), _along(region, beside[edges])
        turn = back * np.degrees(
            np.arctan2(one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0], (one * other).sum(axis=1))
        )
        at_end = (end[edges] == here).all(axis=1) & (turn <= MOST_TURN)
        goes_on |= at_end & (back * (other * (there - here)).sum(axis=1) > 0)
    return goes_on


def _along(region: Region, edges: Ints) -> Floats:
    """Edges (k,) as vectors (k, 2)."""
    along: Floats = region.edges[edges, 2:] - region.edges[edges, :2]
    return along
