"""Which nets must cross a closed cut.

A net must cross the line round a region when one of its ends lies inside, land and all, and another one outside. It
need not when an end has terminals on both sides (they are joined in the die), or when a land or a fixed trace of its
own comes so near to the cut that a track of others could not pass between: there the net crosses on its own metal.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from router.model.design import Design
from router.plan.tracks import Narrowest

INSIDE, OUTSIDE, ON = 1, 2, 4
# Of an end with terminals inside and outside, or on the cut, one may choose.
_OF_END = np.array([0, INSIDE, OUTSIDE, ON, ON, ON, ON, ON], dtype=np.uint8)
_AT_ONCE = 256


@dataclass(frozen=True, slots=True)
class Ends:
    """Boxes (n, 4) int32 of what belongs to nets, grown by the reach of a track, sorted by end and net.

    `first` (e,): the first box of each end; `first_end` (m,): the first end of each of m nets; `nets` (m,) their
    indices in the design. A fixed trace counts as an end that is only ever on a cut: `metal` (e,) marks these.
    """

    boxes: NDArray[np.int32]
    first: NDArray[np.int64]
    first_end: NDArray[np.int64]
    nets: NDArray[np.int64]
    metal: NDArray[np.bool_]


def collect_ends(design: Design, least: Narrowest) -> Ends:
    """Ends and fixed traces of all nets that have something to join."""
    fixed: dict[int, list[list[int]]] = {}
    for trace in design.fixed:
        grown = trace.width + int(least.reach[trace.level])
        for a, b in zip(trace.points[:-1], trace.points[1:], strict=True):
            low, high = np.minimum(a, b) - grown, np.maximum(a, b) + grown
            fixed.setdefault(trace.net, []).append([*low.tolist(), *high.tolist()])
    reach = least.reach.tolist()
    land = [_land_box(t.x, t.y, t.width, t.height, reach[t.level]) for t in design.terminals]
    boxes: list[list[int]] = []
    first, first_end, nets, metal = [], [], [], []
    for index, net in enumerate(design.nets):
        if len(net.ends) > 1:
            nets.append(index)
            first_end.append(len(first))
            for group, is_metal in [([land[t] for t in end.terminals], False) for end in net.ends] + [
                ([box], True) for box in fixed.get(index, [])
            ]:
                first.append(len(boxes))
                metal.append(is_metal)
                boxes += group
    return Ends(
        np.array(boxes, dtype=np.int32).reshape(-1, 4),
        np.array(first, dtype=np.int64),
        np.array(first_end, dtype=np.int64),
        np.array(nets, dtype=np.int64),
        np.array(metal, dtype=bool),
    )


def _land_box(x: int, y: int, width: int, height: int, reach: int) -> list[int]:
    half_x, half_y = width // 2 + 1 + reach, height // 2 + 1 + reach
    return [x - half_x, y - half_y, x + half_x, y + half_y]


def must_cross(ends: Ends, regions: NDArray[np.int64]) -> NDArray[np.bool_]:
    """For regions (n, 4) as x0, y0, x1, y1 in nm: which of the m nets must cross the line round each, (m, n)."""
    if not len(ends.nets):
        return np.zeros((0, len(regions)), dtype=bool)
    parts = [_cross(ends, regions[at : at + _AT_ONCE].astype(np.int32)) for at in range(0, len(regions), _AT_ONCE)]
    return np.concatenate(parts, axis=1) if parts else np.zeros((len(ends.nets), 0), dtype=bool)


def _cross(ends: Ends, regions: NDArray[np.int32]) -> NDArray[np.bool_]:
    x0, y0, x1, y1 = regions.T
    left, low, right, high = (column[:, None] for column in ends.boxes.T)
    inside = (left > x0) & (right < x1) & (low > y0) & (high < y1)
    outside = (right < x0) | (left > x1) | (high < y0) | (low > y1)
    state = inside.astype(np.uint8) + (outside.astype(np.uint8) << 1)
    state[~(inside | outside)] = ON
    if len(ends.first) < len(state):
        state = np.bitwise_or.reduceat(state, ends.first, axis=0)
    state = _OF_END[state]
    state[ends.metal] &= ON
    found: NDArray[np.bool_] = np.bitwise_or.reduceat(state, ends.first_end, axis=0) == INSIDE | OUTSIDE
    return found
