"""How crowded the places of a package are: what straight ways of all nets would take of the room for traces there.

Cuts ask what must pass a closed line. Where many nets cross a small part of a long cut side by side none of them is
full, but the place is. Kin to the demand of Spindler and Johannes 2007, which lies evenly over the box of each net.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from router.model.design import Design, Net
from router.model.geometry import Box
from router.model.runs import numbered
from router.plan.decompose import spanning_tree

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# A square is so many tracks wide: of squares half or twice as wide, the order of the benchmark's cases is the same.
TRACKS = 64
# At most so many squares a side: larger ones serve where traces are very fine for the package.
MOST = 2000
# Of ten packages measured whose most crowded place takes such a share of its room or more, three were complete on their
# levels, all of less than 140 nets (`corner128` of the benchmark among them, with 80 %).
CROWDED = 0.75
# Ways are taken apart into pieces of at most this share of a square.
_PIECE = 0.5


@dataclass(frozen=True, slots=True)
class CrowdedSquare:
    """A square of the package, and the share of its room for traces that straight ways would take: more than 1 where
    nets have to go round."""

    box: Box
    share: float

    @property
    def doubtful(self) -> bool:
        """Whether a package with such a place is hardly complete on its levels, though no cut may say so."""
        return self.share >= CROWDED


@dataclass(frozen=True, slots=True)
class Squares:
    """A package cut into `nx` by `ny` squares, nearly."""

    outline: Box
    nx: int
    ny: int

    @property
    def size(self) -> Floats:
        """Width and height of a square, nm."""
        return np.array([self.outline.width / self.nx, self.outline.height / self.ny])

    def holding(self, xy: Floats) -> Ints:
        """Column and row (n, 2) of the squares that hold these places, from the outline's corner on."""
        cells: Ints = np.clip(np.floor(xy / self.size).astype(np.int64), 0, [self.nx - 1, self.ny - 1])
        return cells

    def summed(self, cells: Ints, values: Floats) -> Floats:
        """The sum (ny, nx) of the values of each square's cells."""
        flat = cells[:, 1] * self.nx + cells[:, 0]
        total: Floats = np.bincount(flat, weights=values, minlength=self.nx * self.ny).astype(np.float64)
        return total.reshape(self.ny, self.nx)

    def box(self, column: int, row: int) -> Box:
        """A square in the package."""
        x, y = (np.array([[column, row], [column + 1, row + 1]]) * self.size).T.round().astype(int).tolist()
        x0, y0 = self.outline.x0, self.outline.y0
        return Box(x0 + x[0], y0 + y[0], x0 + x[1], y0 + y[1])


def most_crowded(design: Design) -> CrowdedSquare | None:
    """The most crowded square of a package; None where no net needs a way, or no level is open to traces."""
    pitches = {name: _pitches(design, name) for name in design.classes}
    nets = [net for net in design.nets if len(net.ends) > 1 and pitches[net.net_class].any()]
    if not nets:
        return None
    squares, xy = _squares(design, min(int(pitches[net.net_class].min()) for net in nets)), _places(design)
    room, taken = _room(design, xy, squares), _taken(design, xy, nets, pitches, squares)
    share = np.divide(taken, room, out=np.zeros_like(taken), where=room > 0)
    row, column = np.unravel_index(int(np.argmax(share)), share.shape)
    return CrowdedSquare(squares.box(int(column), int(row)), float(share[row, column]))


def _pitches(design: Design, name: str) -> Ints:
    """Width plus spacing of a class on each of its levels; as wide metal where its traces are that."""
    tracks = design.tracks(name)
    return np.array([sum(tracks[k]) for k in design.classes[name].levels], dtype=np.int64)


def _squares(design: Design, track: int) -> Squares:
    sides = design.outline.width, design.outline.height
    return Squares(design.outline, *(min(MOST, max(1, round(side / (TRACKS * track)))) for side in sides))


def _taken(design: Design, xy: Floats, nets: list[Net], pitches: dict[str, Ints], squares: Squares) -> Floats:
    """Area (ny, nx) of the straight ways of nets, each as wide as a track of its class, nm²."""
    ways = [(net, edge) for net in nets for edge in _edges(design, net)]
    width = np.array([pitches[net.net_class].min() for net, _ in ways])
    begin, end = (xy[[net.ends[edge[k]].terminals[0] for net, edge in ways]] for k in (0, 1))
    length = np.hypot(*(end - begin).T)
    count = np.maximum(1, np.ceil(length / (_PIECE * squares.size.min()))).astype(np.int64)
    of, k = numbered(count)
    middle = begin[of] + (end - begin)[of] * ((k + 0.5) / count[of])[:, None]
    return squares.summed(squares.holding(middle), (length * width / count)[of])


def _edges(design: Design, net: Net) -> list[tuple[int, int]]:
    """The pairs of ends that a net is joined by."""
    if len(net.ends) == 2:
        return [(0, 1)]
    return [(a, b) for a, b, _ in spanning_tree(design, net)]


def _places(design: Design) -> Floats:
    """Centres (n, 2) of all terminals, from the outline's corner on."""
    corner = design.outline.x0, design.outline.y0
    return design.lands.places.astype(np.float64) - corner


def _room(design: Design, xy: Floats, squares: Squares) -> Floats:
    """Area (ny, nx) that the lands, with their spacing, leave to traces on all levels together, nm²."""
    size, level = design.lands.sizes.astype(np.float64), design.lands.levels
    room = np.zeros((squares.ny, squares.nx))
    for index, rules in enumerate(design.pdk.levels):
        on = level == index
        half = size[on] / 2 + rules.min_spacing
        blocked = _overlaps(squares, xy[on] - half, xy[on] + half)
        room += np.maximum(0.0, squares.size.prod() - blocked)
    return room


def _overlaps(squares: Squares, low: Floats, high: Floats) -> Floats:
    """Area (ny, nx) of rectangles (n, 2), (n, 2) within each square, nm²."""
    first, last = squares.holding(low), squares.holding(high)
    columns, rows = (last - first + 1).T
    of, k = numbered(columns * rows)
    cell = first[of] + np.column_stack([k % columns[of], k // columns[of]])
    sides = np.minimum(high[of], (cell + 1) * squares.size) - np.maximum(low[of], cell * squares.size)
    return squares.summed(cell, np.maximum(0.0, sides).prod(axis=1))
