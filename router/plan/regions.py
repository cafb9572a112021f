"""Where cuts may be fullest: through and between rows of pads, round dies, between dies, across the package.

Regions are rows (x0, y0, x1, y1) of indices of the lines across the package, so that all their sides lie on them.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise, product

import numpy as np
from numpy.typing import NDArray

from router.model.design import ComponentKind, Design
from router.plan.tracks import OUTSIDE

Ints = NDArray[np.int64]

# More rows of pads than this are thinned out, those with the fewest pads first.
_MOST_ROWS = 128
# Corner regions are tried on so many lines of each direction.
_CORNER_LINES = 20


@dataclass(frozen=True, slots=True)
class Frame:
    """The box about the pads of a die or of all dies, nm, and the distinct x and y of its pads."""

    name: str
    x: Ints
    y: Ints


def frames(design: Design) -> list[Frame]:
    """Each die, and where there are several, all of them."""
    found = []
    for part in design.components:
        if part.kind is ComponentKind.DIE and len(part.ids):
            places = part.placement.apply(part.xy)
            found.append(Frame(part.name, np.unique(places[:, 0]), np.unique(places[:, 1])))
    if len(found) > 1:
        everything = [np.unique(np.concatenate([getattr(f, axis) for f in found])) for axis in "xy"]
        found.append(Frame("all dies", *everything))
    return found


def line_places(design: Design, axis: int) -> Ints:
    """Coordinates of the lines x = (axis 0) or y = (axis 1): outside, rows of pads, between rows, edges of parts,
    middles of keep-outs, outside."""
    centres = np.array([(t.x, t.y)[axis] for t in design.terminals], dtype=np.int64)
    rows, many = np.unique(centres, return_counts=True)
    if len(rows) > _MOST_ROWS:
        rows = np.sort(rows[np.argsort(-many, kind="stable")[:_MOST_ROWS]])
    between = (rows[1:] + rows[:-1]) // 2
    others = [(k.ring[:, axis].min() + k.ring[:, axis].max()) // 2 for k in design.keepouts]
    for part in design.components:
        if part.kind is not ComponentKind.BALLS:
            others += part.placement.apply(part.outline.ring())[:, axis].tolist()
    others += [(a[1] + b[0]) // 2 for a, b in pairwise(sorted(_spans(design, axis))) if a[1] < b[0]]
    places = np.unique(np.concatenate([rows, between, np.array(others, dtype=np.int64)]))
    return np.concatenate([[-OUTSIDE], places, [OUTSIDE]])


def _spans(design: Design, axis: int) -> list[tuple[int, int]]:
    """From the first to the last pad of each die."""
    return [(int(v[0]), int(v[-1])) for f in frames(design) if f.name != "all dies" for v in [(f.x, f.y)[axis]]]


def line_regions(x: Ints, y: Ints) -> Ints:
    """What lies to one side of each line across the package."""
    vertical = [(0, 0, i, len(y) - 1) for i in range(1, len(x) - 1)]
    horizontal = [(0, 0, len(x) - 1, j) for j in range(1, len(y) - 1)]
    return np.array(vertical + horizontal, dtype=np.int64).reshape(-1, 4)


def gap_regions(design: Design, x: Ints, y: Ints) -> Ints:
    """Lines across the package in the middle of the gap between neighbouring dies."""
    found = []
    for axis, at in ((0, x), (1, y)):
        for a, b in pairwise(sorted(_spans(design, axis))):
            if a[1] < b[0]:
                k = int(np.searchsorted(at, (a[1] + b[0]) // 2))
                found.append((0, 0, k, len(y) - 1) if axis == 0 else (0, 0, len(x) - 1, k))
    return np.array(sorted(set(found)), dtype=np.int64).reshape(-1, 4)


def ring_regions(design: Design, x: Ints, y: Ints) -> Ints:
    """Rings round each die: through and between its rows of pads from the inside out, and on to the package edge."""
    found = []
    for frame in frames(design):
        inside = min(len(frame.x), len(frame.y)) // 2
        for k in range(inside):
            box = np.array([frame.x[k], frame.y[k], frame.x[-1 - k], frame.y[-1 - k]])
            step = np.array([_step(frame.x, k), _step(frame.y, k), -_step(frame.x, k), -_step(frame.y, k)])
            found += [_nearest(x, y, box), _nearest(x, y, box - step // 2)]
        box = np.array([frame.x[0], frame.y[0], frame.x[-1], frame.y[-1]])
        sides = _nearest(x, y, box)
        distances = np.unique(np.concatenate([np.abs(x[1:-1] - box[0]), np.abs(x[1:-1] - box[2])]))
        for d in distances[:: max(1, len(distances) // 64)]:
            found.append(_nearest(x, y, box + np.array([-d, -d, d, d])))
        found.append(sides)
    return np.unique(np.array(found, dtype=np.int64).reshape(-1, 4), axis=0)


def _step(rows: Ints, k: int) -> int:
    return int(rows[k + 1] - rows[k]) if k + 1 < len(rows) else 0


def _nearest(x: Ints, y: Ints, box: Ints) -> tuple[int, ...]:
    """The lines nearest to the sides of a box; outside where it leaves all lines behind."""
    found = []
    for value, at in zip(box.tolist(), (x, y, x, y), strict=True):
        k = int(np.clip(np.searchsorted(at, value), 1, len(at) - 1))
        k -= int(value - at[k - 1] < at[k] - value)
        found.append(k)
    return tuple(found)


def corner_regions(x: Ints, y: Ints) -> Ints:
    """The four regions about each crossing of some lines."""
    found = []
    for i, j in product(_some(len(x)), _some(len(y))):
        last_x, last_y = len(x) - 1, len(y) - 1
        found += [(0, 0, i, j), (i, 0, last_x, j), (0, j, i, last_y), (i, j, last_x, last_y)]
    return np.array(found, dtype=np.int64).reshape(-1, 4)


def _some(count: int) -> list[int]:
    """Some of the indices 1 … count - 2, evenly."""
    return sorted({int(k) for k in np.linspace(1, count - 2, min(count - 2, _CORNER_LINES))})


def neighbours(region: Ints, last: tuple[int, int], reach: int) -> Ints:
    """The region with one side moved by up to `reach` lines, for each of its sides."""
    rows = []
    for k in range(4):
        for move in (*range(-reach, 0), *range(1, reach + 1)):
            row = region.copy()
            row[k] += move
            if 0 <= row[0] < row[2] <= last[0] and 0 <= row[1] < row[3] <= last[1]:
                rows.append(row)
    return np.array(rows, dtype=np.int64).reshape(-1, 4)
