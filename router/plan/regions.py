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

# More rows of pads than this are thinned out, those with the fewest pads first; of rows alike those stay whose number
# times the golden ratio has the least fraction, which lie evenly (Steinhaus 1958).
_MOST_ROWS = 128
_GOLDEN = (5**0.5 - 1) / 2
# Corner regions are tried on so many lines of each direction.
_CORNER_LINES = 16
# Rings outside an array lie at so many distances.
_RINGS = 48
_GAP = 3
# Pads in a block, on average, if both directions have as many blocks.
_LEAST_PADS = 4


@dataclass(frozen=True, slots=True)
class Array:
    """The distinct x and y of pads that lie together, nm, ascending."""

    x: Ints
    y: Ints

    def rings(self) -> Ints:
        """The rectangles (n, 4) through the rows of pads, from the outermost on, and half a step outside of each."""
        row = np.arange(min(len(self.x), len(self.y)) // 2)
        through = np.stack([self.x[row], self.y[row], self.x[-1 - row], self.y[-1 - row]], axis=1)
        step = np.stack([at[row + 1] - at[row] for at in (self.x, self.y)], axis=1)
        between: Ints = through - np.concatenate([step, -step], axis=1) // 2
        return np.concatenate([through, between])


def arrays(design: Design) -> list[Array]:
    """The pads of all dies, of each die, and of each block of a die that wide gaps set apart."""
    dies = [part.placement.apply(part.xy) for part in design.components if part.kind is ComponentKind.DIE]
    dies = [places for places in dies if len(places)]
    groups = [np.concatenate(dies), *dies] if dies else []
    for places in dies:
        columns, rows = (_blocks(places[:, axis]) for axis in (0, 1))
        together = columns * (rows.max() + 1) + rows
        groups += [places[together == k] for k in np.unique(together)]
    return [Array(np.unique(places[:, 0]), np.unique(places[:, 1])) for places in groups]


def _blocks(places: Ints) -> Ints:
    """For each coordinate the number of its block; a gap of three usual steps parts two blocks. Pads without rows, with
    gaps wherever one looks, are one block."""
    rows, of = np.unique(places, return_inverse=True)
    steps = np.diff(rows)
    apart = steps > _GAP * np.median(steps) if len(steps) else np.zeros(0, dtype=bool)
    if (1 + np.count_nonzero(apart)) ** 2 > len(places) / _LEAST_PADS:
        apart[:] = False
    block: Ints = np.concatenate([[0], np.cumsum(apart)])[of]
    return block


def line_places(design: Design, axis: int) -> Ints:
    """Coordinates of the lines x = (axis 0) or y = (axis 1): outside, rows of pads, between rows, edges of parts,
    middles of keep-outs, outside."""
    rows, many = np.unique(design.lands.places[:, axis], return_counts=True)
    if len(rows) > _MOST_ROWS:
        evenly = np.arange(len(rows)) * _GOLDEN % 1
        rows = np.sort(rows[np.lexsort((evenly, -many))[:_MOST_ROWS]])
    between = (rows[1:] + rows[:-1]) // 2
    others = [(k.ring[:, axis].min() + k.ring[:, axis].max()) // 2 for k in design.keepouts]
    for part in design.components:
        if part.kind is not ComponentKind.BALLS:
            others += part.placement.apply(part.outline.ring())[:, axis].tolist()
    others += [middle for middle, _ in _gaps(design, axis)]
    places = np.unique(np.concatenate([rows, between, np.array(others, dtype=np.int64)]))
    return np.concatenate([[-OUTSIDE], places, [OUTSIDE]])


def _gaps(design: Design, axis: int) -> list[tuple[int, int]]:
    """Middle and width of the gaps between the pads of neighbouring dies."""
    dies = [p.placement.apply(p.xy)[:, axis] for p in design.components if p.kind is ComponentKind.DIE and len(p.ids)]
    spans = sorted((int(places.min()), int(places.max())) for places in dies)
    return [((a[1] + b[0]) // 2, b[0] - a[1]) for a, b in pairwise(spans) if a[1] < b[0]]


def all_regions(design: Design, x: Ints, y: Ints) -> dict[str, Ints]:
    """Regions (n, 4) by family, as indices of the lines x = and y = on which their sides lie."""
    return {
        "gap": gap_regions(design, x, y),
        "line": line_regions(x, y),
        "ring": ring_regions(design, x, y),
        "corner": corner_regions(x, y),
    }


def line_regions(x: Ints, y: Ints) -> Ints:
    """What lies to one side of each line across the package: regions (m, 4) as indices of x (n,) and y (k,)."""
    vertical = [(0, 0, i, len(y) - 1) for i in range(1, len(x) - 1)]
    horizontal = [(0, 0, len(x) - 1, j) for j in range(1, len(y) - 1)]
    return np.array(vertical + horizontal, dtype=np.int64).reshape(-1, 4)


def gap_regions(design: Design, x: Ints, y: Ints) -> Ints:
    """Lines across the package in the middle of the gap between neighbouring dies, as `line_regions`."""
    last_x, last_y = len(x) - 1, len(y) - 1
    found = {(0, 0, int(np.searchsorted(x, middle)), last_y) for middle, _ in _gaps(design, 0)}
    found |= {(0, 0, last_x, int(np.searchsorted(y, middle))) for middle, _ in _gaps(design, 1)}
    return np.array(sorted(found), dtype=np.int64).reshape(-1, 4)


def ring_regions(design: Design, x: Ints, y: Ints) -> Ints:
    """Rings round each array of pads: through and between its rows from the inside out, and on to the package edge, as
    `line_regions`."""
    found = [np.empty((0, 4), dtype=np.int64)]
    for array in arrays(design):
        box = np.array([array.x[0], array.y[0], array.x[-1], array.y[-1]])
        distances = np.unique(np.concatenate([box[0] - x[1:-1], x[1:-1] - box[2]]))
        distances = distances[distances > 0]
        some = distances[:: max(1, len(distances) // _RINGS)]
        found += [array.rings(), box + some[:, None] * np.array([-1, -1, 1, 1])]
    boxes = np.concatenate(found)
    sides = [_nearest(at, boxes[:, k]) for k, at in enumerate((x, y, x, y))]
    return np.unique(np.stack(sides, axis=1), axis=0)


def _nearest(lines: Ints, places: Ints) -> Ints:
    """The lines nearest to places (n,); outside for those that leave all lines behind."""
    after = np.clip(np.searchsorted(lines, places), 1, len(lines) - 1)
    nearest: Ints = after - (places - lines[after - 1] < lines[after] - places)
    return nearest


def corner_regions(x: Ints, y: Ints) -> Ints:
    """The four regions about each crossing of some lines, as `line_regions`."""
    found = []
    for i, j in product(_some(len(x)), _some(len(y))):
        last_x, last_y = len(x) - 1, len(y) - 1
        found += [(0, 0, i, j), (i, 0, last_x, j), (0, j, i, last_y), (i, j, last_x, last_y)]
    return np.array(found, dtype=np.int64).reshape(-1, 4)


def _some(count: int) -> list[int]:
    """Some of the indices 1 … count - 2, evenly."""
    return sorted({int(k) for k in np.linspace(1, count - 2, min(count - 2, _CORNER_LINES))})


def neighbours(region: Ints, last: tuple[int, int], reach: int) -> Ints:
    """The region (4,) with one side moved by up to `reach` lines, for each of its sides, (m, 4)."""
    rows = []
    for k in range(4):
        for move in (*range(-reach, 0), *range(1, reach + 1)):
            row = region.copy()
            row[k] += move
            if 0 <= row[0] < row[2] <= last[0] and 0 <= row[1] < row[3] <= last[1]:
                rows.append(row)
    return np.array(rows, dtype=np.int64).reshape(-1, 4)
