"""Balls of an AIF file whose places are told by the grid of [BGA] alone."""

from __future__ import annotations

import numpy as np

from router.model.errors import InputError
from router.model.geometry import Box
from router.read.arrays import row_letters
from router.read.formats.aif_file import AifFile
from router.read.formats.aif_pads import AifPad, read_shape
from router.read.textfile import quoted

# A few figures make a grid: more than any package has would be a mistake in one of them.
_BALL_LIMIT = 100_000
_CORNERS = ("UL", "UR", "LL", "LR")


def ball_grid(file: AifFile, lost: list[str]) -> tuple[dict[str, tuple[int, int]], AifPad | None]:
    """Places of balls by name, in nm about the package's middle, and their shape; empty where no grid is told.

    Rows are lettered from A1's corner without I, O, Q, S, X and Z. DEPOPULATION takes out the middle of so many balls,
    REPOPULATION puts back a smaller one. Raises InputError for figures that make no grid.
    """
    entry = file.find("BGA", "BALL")
    pad = read_shape(file, entry, lost) if entry else None
    pitch, populated = file.lengths("BGA", "PITCH", 1), file.counts("BGA", "POPULATION")
    without, again = file.counts("BGA", "DEPOPULATION") or (0, 0), file.counts("BGA", "REPOPULATION") or (0, 0)
    corner = _corner(file)
    if pitch is None or populated is None:
        return {}, pad
    nx, ny = populated
    if pitch[0] <= 0 or nx * ny > _BALL_LIMIT:
        entry = file.find("BGA", "POPULATION")
        assert entry is not None
        found = f"{nx} × {ny} balls at a pitch of {file.text('BGA', 'PITCH')}"
        raise InputError(file.where(entry.line), found, f"a pitch above 0 and at most {_BALL_LIMIT} balls")
    letters = row_letters(ny)
    places: dict[str, tuple[int, int]] = {}
    for row in range(ny):
        for column in range(nx):
            # Twice the distance from the middle, in pitches.
            x, y = 2 * column - (nx - 1), (ny - 1) - 2 * row
            if _inside(x, y, without) and not _inside(x, y, again):
                continue
            x, y = (-x if "R" in corner else x), (-y if "L" in corner[0] else y)
            places[f"{letters[row]}{column + 1}"] = (x * pitch[0] // 2, y * pitch[0] // 2)
    return places, pad


def _corner(file: AifFile) -> str:
    entry = file.find("BGA", "A1")
    corner = entry.value.upper() if entry else "UL"
    if entry and corner not in _CORNERS:
        raise InputError(file.where(entry.line), f"A1={quoted(entry.value)}", f"one of {', '.join(_CORNERS)}")
    return corner


def _inside(x: int, y: int, block: tuple[int, int]) -> bool:
    return abs(x) < block[0] and abs(y) < block[1]


def package_outline(file: AifFile, lost: list[str]) -> Box | None:
    """OUTLINE=POLYGON polygons thickness points x y …, else WIDTH and HEIGHT about the origin; None without either.

    Raises InputError for an outline that is no polygon."""
    size = file.size("BGA")
    entry = file.find("BGA", "OUTLINE")
    if entry is None:
        return Box.about((0, 0), size) if size else None
    words = entry.value.replace(",", " ").split()
    where = file.where(entry.line)
    if len(words) < 10 or words[0].upper() != "POLYGON" or words[1] != "1" or len(words) % 2:
        raise InputError(where, f"OUTLINE={quoted(entry.value)}", "POLYGON 1 thickness points x0 y0 x1 y1 …")
    numbers = [file.length(word, entry.line) for word in words[4:]]
    corners = np.array(numbers, dtype=np.int64).reshape(-1, 2)
    box = Box.around(corners)
    if box.width <= 0 or box.height <= 0:
        raise InputError(where, f"OUTLINE={quoted(entry.value)}", "a polygon with an area")
    if {(x, y) for x, y in corners.tolist()} != {(x, y) for x, y in box.ring().tolist()}:
        lost.append("the outline's corners: the package is its box")
    return box
