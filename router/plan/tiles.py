"""Square tiles over a package, and how many tracks they pass: what a coarse route has to share.

Tracks are counted on several lines across each tile, with pads, keep-outs, fixed traces and the package edge deducted
(`plan.tracks`). A passage to the next tile has the fewest tracks of the lines between the two centres; a tile itself
holds the mean of all its lines, which is its free area in lengths of track.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from router.model.design import Design
from router.plan.tracks import OUTSIDE, Arcs, Lines, Narrowest, collect_lands, free_lines, keys

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Lines across a tile on which tracks are counted; even.
_LINES = 8


@dataclass(frozen=True, slots=True)
class Tiles:
    """`nx` × `ny` tiles of side `size` on each of `levels`, the first with its corner at (x0, y0); nm."""

    x0: int
    y0: int
    size: int
    nx: int
    ny: int
    levels: int

    @property
    def shape(self) -> tuple[int, int, int]:
        """Levels, rows, columns: a cell (level, x, y) has the number (level·ny + y)·nx + x."""
        return self.levels, self.ny, self.nx

    def cells(self, places: Ints) -> Ints:
        """Numbers of the cells at places (n, 3): x, y in nm, level. Places outside count to the nearest tile."""
        x = np.clip((places[:, 0] - self.x0) // self.size, 0, self.nx - 1)
        y = np.clip((places[:, 1] - self.y0) // self.size, 0, self.ny - 1)
        found: Ints = (places[:, 2] * self.ny + y) * self.nx + x
        return found

    def split(self, cells: NDArray[np.int32]) -> NDArray[np.int32]:
        """Level, tile x and tile y of cells, (n, 3)."""
        row, x = np.divmod(cells, self.nx)
        level, y = np.divmod(row, self.ny)
        return np.stack([level, x, y], axis=1).astype(np.int32)


def lay_tiles(design: Design, size: int) -> Tiles:
    """Tiles of this side from the lower left corner of the outline on."""
    box = design.outline
    return Tiles(box.x0, box.y0, size, -(-box.width // size), -(-box.height // size), len(design.pdk.levels))


def count_room(design: Design, tiles: Tiles, least: Narrowest) -> NDArray[np.float32]:
    """Tracks of the narrowest class, (levels, ny, nx, 3): in a cell, to the next in x, and in y; 0 beyond the last."""
    lands = collect_lands(design)
    room = np.zeros((*tiles.shape, 3), dtype=np.float32)
    upright = free_lines(design, lands, 0, _places(tiles.x0, tiles.size, tiles.nx), least)
    lying = free_lines(design, lands, 1, _places(tiles.y0, tiles.size, tiles.ny), least)
    for level in range(tiles.levels):
        across = _passing(upright, level, tiles.y0, tiles.size, tiles.ny)
        up = _passing(lying, level, tiles.x0, tiles.size, tiles.nx)
        room[level, :, :, 0] = (_mean(across).T + _mean(up)) / 2
        room[level, :, :-1, 1] = _least(across).T
        room[level, :-1, :, 2] = _least(up)
    return room


def _places(start: int, size: int, count: int) -> Ints:
    """Lines across the tiles, and one outside on either side."""
    inner = start + (2 * np.arange(count * _LINES) + 1) * size // (2 * _LINES)
    return np.concatenate([[-OUTSIDE], inner, [OUTSIDE]])


def _passing(lines: Lines, level: int, start: int, size: int, count: int) -> Floats:
    """Tracks that cross each line within each of `count` tiles along it, (lines, count)."""
    arcs = lines.arcs[level]
    many = len(lines.at) - 2
    if arcs is None or not len(arcs.start):
        return np.zeros((many, count))
    ends = keys(np.arange(1, many + 1)[:, None], (start + size * np.arange(count + 1))[None, :])
    return np.diff(_up_to(arcs, ends.ravel()).reshape(many, count + 1), axis=1)


def _up_to(arcs: Arcs, place: Ints) -> Floats:
    """Tracks on all arcs before places (keys, ascending); an arc's tracks are spread evenly over it."""
    k = np.searchsorted(arcs.end, place, side="left")
    arc = np.minimum(k, len(arcs.start) - 1)
    begun = (k < len(arcs.start)) & (arcs.start[arc] < place)
    length = np.maximum(arcs.end[arc] - arcs.start[arc], 1)
    share = np.where(begun, (place - arcs.start[arc]) / length, 0.0)
    found: Floats = arcs.before[0, k] + share * (arcs.before[0, arc + 1] - arcs.before[0, arc])
    return found


def _mean(passing: Floats) -> Floats:
    """Tracks on the lines across each tile, (tiles across, tiles along)."""
    found: Floats = passing.reshape(-1, _LINES, passing.shape[1]).mean(axis=1)
    return found


def _least(passing: Floats) -> Floats:
    """Fewest tracks of the lines between the centres of neighbouring tiles, (tiles across - 1, tiles along)."""
    between = passing[_LINES // 2 : len(passing) - _LINES // 2]
    found: Floats = between.reshape(-1, _LINES, passing.shape[1]).min(axis=1)
    return found
