"""Lands that lie over lands of other nets on the next level, as bumps do over balls: no cut has room in them.

Their nets leave them along their own level, and most stay there until they are past all lands of their kind, as a cut
finds little room among these either.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely
from numpy.typing import NDArray

from router.model.design import Design
from router.plan.cores import cores_of

Ints = NDArray[np.int64]

# Fewer nets on a ring are too few to tell.
FEWEST_COVERED = 20
# Straight pieces of a quarter circle.
_SEGMENTS = 8


def covered_nets(design: Design) -> dict[int, Ints]:
    """By level (index) the nets, ascending, with a land there in which no cut to any other level has room, as one land
    of another net on that one leaves none."""
    owner = np.array(design.net_of_terminal(), dtype=np.int64)
    lands = shapely.buffer(*cores_of(design, range(len(owner))), quad_segs=_SEGMENTS)
    found = {}
    for level in np.unique(design.lands.levels[owner >= 0]).tolist():
        here = np.flatnonzero((design.lands.levels == level) & (owner >= 0))
        shut = np.full(len(here), len(design.pdk.vias) > 0)
        for other, least in _ways(design, level):
            others = np.flatnonzero(design.lands.levels == other)
            around = shapely.STRtree(shapely.buffer(lands[others], least, quad_segs=_SEGMENTS))
            mine, over = around.query(lands[here], predicate="covered_by")
            foreign = owner[others[over]] != owner[here[mine]]
            shut &= np.isin(np.arange(len(here)), mine[foreign])
        if shut.any():
            found[level] = np.unique(owner[here[shut]])
    return found


def _ways(design: Design, level: int) -> Iterator[tuple[int, int]]:
    """The levels to which cuts lead from one, and what a cut's centre keeps from lands of others there, nm."""
    vias = design.pdk.vias
    for other, beside in ((level - 1, vias[max(0, level - 1) : level]), (level + 1, vias[level : level + 1])):
        for via in beside:
            yield other, via.captures[other > level] // 2 + design.pdk.levels[other].min_spacing
