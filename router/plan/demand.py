"""Which nets must cross a closed cut.

A net must cross the line round a region when one of its ends lies inside, land and all, and another one outside. It
need not when an end has terminals on both sides (they are joined in the die), or when a land or a fixed trace of its
own comes so near to the cut that a track of others could not pass between: there it crosses on its own metal. Nets
that have one end on the cut itself and another off it are counted apart, as nets that land there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from router.model.design import Design, Net
from router.plan.tracks import Ints, Narrowest

Bools = NDArray[np.bool_]

INSIDE, OUTSIDE, ON, FIXED = 1, 2, 4, 8
# Of an end with terminals inside and outside one may choose: that is as good as one on the cut.
_OF_END = np.array([0, INSIDE, OUTSIDE, ON, ON, ON, ON, ON], dtype=np.uint8)
_CROSSES, _LANDS = (np.isin(np.arange(16), states) for states in ((INSIDE | OUTSIDE,), (INSIDE | ON, OUTSIDE | ON)))
_AT_ONCE = 128


@dataclass(frozen=True, slots=True)
class Ends:
    """What belongs to m nets, as n boxes grown by the reach of a track, against the lines x and y across a package.

    `left`, `right` (lines of x, n) and `below`, `above` (lines of y, n): whether a box lies wholly to that side of a
    line. First come the boxes of `pairs` nets of two terminals, one for each, then another for each. Of the rest
    `first` is the first box of each end, `first_end` the first end of each net; `fixed` marks boxes of fixed traces.
    `nets` (m,) are indices into the design, in this order.
    """

    left: Bools
    right: Bools
    below: Bools
    above: Bools
    pairs: int
    first: Ints
    first_end: Ints
    fixed: Bools
    nets: Ints


def collect_ends(design: Design, least: Narrowest, x: Ints, y: Ints) -> Ends:
    """Ends and fixed traces of all nets that have something to join."""
    land = _land_boxes(design, least)
    metal = _fixed_boxes(design, least)
    pairs = [k for k in design.joined if k not in metal and _is_pair(design.nets[k])]
    others = [k for k in design.joined if k in metal or not _is_pair(design.nets[k])]
    boxes = [land[design.nets[k].ends[side].terminals[0]] for side in (0, 1) for k in pairs]
    first: list[int] = []
    first_end: list[int] = []
    fixed = [False] * len(boxes)
    for k in others:
        first_end.append(len(first))
        ends = [[land[t] for t in end.terminals] for end in design.nets[k].ends]
        for count, end in enumerate(ends + [[box] for box in metal.get(k, [])]):
            first.append(len(boxes))
            boxes += end
            fixed += [count >= len(ends)] * len(end)
    x0, y0, x1, y1 = np.array(boxes, dtype=np.int64).reshape(-1, 4).T
    return Ends(
        x1 < x[:, None], x0 > x[:, None], y1 < y[:, None], y0 > y[:, None], len(pairs),
        np.array(first, dtype=np.int64), np.array(first_end, dtype=np.int64), np.array(fixed, dtype=bool),
        np.array(pairs + others, dtype=np.int64),
    )  # fmt: skip


def _is_pair(net: Net) -> bool:
    return len(net.ends) == 2 and all(len(end.terminals) == 1 for end in net.ends)


def _land_boxes(design: Design, least: Narrowest) -> list[tuple[int, int, int, int]]:
    boxes, reach = [], least.reach.tolist()
    for t in design.terminals:
        half_x, half_y = t.width // 2 + 1 + reach[t.level], t.height // 2 + 1 + reach[t.level]
        boxes.append((t.x - half_x, t.y - half_y, t.x + half_x, t.y + half_y))
    return boxes


def _fixed_boxes(design: Design, least: Narrowest) -> dict[int, list[tuple[int, int, int, int]]]:
    """Boxes about the segments of fixed traces, by net."""
    boxes: dict[int, list[tuple[int, int, int, int]]] = {}
    for trace in design.fixed:
        grown = trace.width + int(least.reach[trace.level])
        for a, b in zip(trace.points[:-1], trace.points[1:], strict=True):
            (x0, y0), (x1, y1) = (np.minimum(a, b) - grown).tolist(), (np.maximum(a, b) + grown).tolist()
            boxes.setdefault(trace.net, []).append((x0, y0, x1, y1))
    return boxes


def crossing(ends: Ends, regions: Ints) -> tuple[Bools, Bools]:
    """For regions (n, 4), indices of the lines x0, y0, x1, y1: the nets that must cross the line round each, and those
    that land on it, both (n, m)."""
    parts = [_states(ends, regions[k : k + _AT_ONCE]) for k in range(0, len(regions), _AT_ONCE)]
    states = np.concatenate([np.zeros((0, len(ends.nets)), dtype=np.uint8), *parts])
    return _CROSSES[states], _LANDS[states]


def _states(ends: Ends, regions: Ints) -> NDArray[np.uint8]:
    """For each region and net where all its ends lie, as flags."""
    x0, y0, x1, y1 = regions.T
    inside = ends.right[x0] & ends.left[x1] & ends.above[y0] & ends.below[y1]
    outside = ends.left[x0] | ends.right[x1] | ends.below[y0] | ends.above[y1]
    state: NDArray[np.uint8] = np.where(inside, np.uint8(INSIDE), np.where(outside, np.uint8(OUTSIDE), np.uint8(ON)))
    paired: NDArray[np.uint8] = state[:, : ends.pairs] | state[:, ends.pairs : 2 * ends.pairs]
    if not len(ends.first):
        return paired
    state[:, ends.fixed] = np.where(state[:, ends.fixed] == ON, FIXED, 0)
    state = np.bitwise_or.reduceat(state, ends.first, axis=1)
    state = np.where(state < FIXED, _OF_END[state & (FIXED - 1)], state)
    return np.concatenate([paired, np.bitwise_or.reduceat(state, ends.first_end, axis=1)], axis=1)
