"""Lands of a bump table: their sizes, shapes and centres, from columns, from names of cells, or as a person said."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from router.model.draft import DraftPad
from router.model.errors import InputError
from router.model.geometry import Placement, Points
from router.model.pdk import ONE_SIZED, ShapeKind, TerminalKind
from router.model.units import text_size, text_um, to_nm
from router.read.formats.bumps_columns import Columns
from router.read.formats.lefdef_def import ORIENTATIONS
from router.read.formats.options import ImportOptions, Origin
from router.read.textfile import quoted

# What a table calls the pins of a chip's pads and of a package's balls; all others are bumps.
_KIND_OF_PIN = {
    **dict.fromkeys(("ball", "ballid", "ballnumber", "ballno", "ballname"), TerminalKind.BALL),
    **dict.fromkeys(("pad", "padid", "padnumber", "padno", "padname", "cell"), TerminalKind.PAD),
}
_DIAMETERS = ("diameter", "dia")
_SHAPES = {
    **{shape.value: shape for shape in ShapeKind},
    **dict.fromkeys(("round", "circular"), ShapeKind.CIRCLE),
    **dict.fromkeys(("rectangle", "rectangular", "square"), ShapeKind.RECT),
    **dict.fromkeys(("oct", "octagonal"), ShapeKind.OCTAGON),
    **dict.fromkeys(("oval", "obround"), ShapeKind.OBLONG),
}
# How an instance is turned in the words of layout editors. Those of DEF turn it within its box, whose lower left
# corner stays where it is.
_TURNS = {
    **{f"R{turn}": Placement(rotation=turn) for turn in (0, 90, 180, 270)},
    "MY": Placement(mirrored=True),
    **dict.fromkeys(("MYR90", "MY90"), Placement(rotation=90, mirrored=True)),
    "MX": Placement(rotation=180, mirrored=True),
    **dict.fromkeys(("MXR90", "MX90"), Placement(rotation=270, mirrored=True)),
}
_SIZE_IN_NAME = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)x(\d{1,6}(?:\.\d{1,3})?) ?um", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class RowLands:
    """For each row of a table the centre (n, 2) nm and the pad of its land; `guesses` are what was assumed."""

    xy: Points
    pads: list[DraftPad]
    guesses: list[str]


def lands_of(columns: Columns, options: ImportOptions) -> RowLands:
    """The lands of a table's rows. Raises InputError for a cell that is no length, shape, kind or orientation."""
    guesses: list[str] = []
    xy = _pair(columns, "x", "y")
    assert xy is not None
    sizes = _sizes(columns, options, guesses)
    turned, shift = _turned(columns, sizes)
    if options.origin is Origin.CORNER:
        _refuse_unknown(columns, sizes)
        xy = xy + shift
    sizes = np.where(turned[:, None], sizes[:, ::-1], sizes)
    pads = _pads(columns, sizes)
    untold = columns.words("shape") is None and columns.header("width") not in _DIAMETERS
    if untold and any(pad.width and pad.shape is ShapeKind.CIRCLE for pad in pads):
        guesses.append(f"{columns.table.path.name}: lands as wide as high are round: no column says their shape")
    return RowLands(xy, pads, guesses)


def _pair(columns: Columns, first: str, second: str) -> Points | None:
    one, other = columns.lengths(first), columns.lengths(second)
    if one is None or other is None:
        return None
    return np.stack([one, other], axis=1)


def _sizes(columns: Columns, options: ImportOptions, guesses: list[str]) -> NDArray[np.int64]:
    """Width and height (n, 2) in nm before any turn; 0 where nothing tells them."""
    table = columns.table
    given = _pair(columns, "width", "height")
    if given is None and (one := columns.lengths("width")) is not None:
        given = np.stack([one, one], axis=1)
    if given is not None:
        small = np.flatnonzero((given < 1).any(axis=1))
        if len(small):
            row = int(small[0])
            found = f"a land of {text_size(given[row, 0], given[row, 1])}"
            raise InputError(table.where(row), found, "sizes above 0 µm")
        return given
    default = options.pad_size or (0, 0)
    named = {cell: size_in_name(cell) for cell in dict.fromkeys(columns.words("cell") or ())}
    if any(named.values()):
        cells = ", ".join(cell for cell, size in named.items() if size)
        guesses.append(f"{table.path.name}: sizes of lands from the names of their cells: {cells[:200]}")
    sizes = [named[cell] or default for cell in columns.words("cell") or ()] or [default] * len(table.rows)
    return np.array(sizes, dtype=np.int64)


def size_in_name(cell: str) -> tuple[int, int] | None:
    """The size that a cell's name says, as in bump_40x40um."""
    found = _SIZE_IN_NAME.search(cell)
    sides = (to_nm(float(found[1])), to_nm(float(found[2]))) if found else (0, 0)
    return sides if all(sides) else None


def _turned(columns: Columns, sizes: NDArray[np.int64]) -> tuple[NDArray[np.bool_], Points]:
    """For each row whether its land lies on its side, and the way from its cell's origin to its centre, (n, 2) nm."""
    half = sizes // 2
    words = columns.words("orientation")
    turned, shift = np.zeros(len(sizes), dtype=bool), half.copy()
    for word in dict.fromkeys(words or ()):
        rows = np.array([other == word for other in words or ()])
        key = word.upper()
        if key in _TURNS:
            turned[rows] = _TURNS[key].swaps_axes
            shift[rows] = _TURNS[key].apply(half[rows])
        elif key in ORIENTATIONS:
            turned[rows] = ORIENTATIONS[key].swaps_axes
            shift[rows] = half[rows][:, ::-1] if ORIENTATIONS[key].swaps_axes else half[rows]
        elif word not in ("", "-"):
            row = int(np.flatnonzero(rows)[0])
            known = f"one of {', '.join((*_TURNS, *ORIENTATIONS))}"
            raise InputError(columns.table.where(row), f"the orientation {quoted(word)}", known)
    return turned, shift


def _refuse_unknown(columns: Columns, sizes: NDArray[np.int64]) -> None:
    unknown = np.flatnonzero(sizes[:, 0] == 0)
    if len(unknown):
        where = columns.table.where(int(unknown[0]))
        raise InputError(where, "a corner without the size of its pad", "columns for width and height, or --pad-size")


def _pads(columns: Columns, sizes: NDArray[np.int64]) -> list[DraftPad]:
    """A pad for each row, the same one for the same kind, shape, size, cell and style."""
    count = len(sizes)
    usual = _KIND_OF_PIN.get(columns.header("pin"), TerminalKind.BUMP)
    kinds = columns.words("kind") or [usual.value] * count
    shapes = columns.words("shape") or [""] * count
    cells = columns.words("cell") or [""] * count
    styles = columns.words("style") or [""] * count
    made: dict[tuple[str, str, str, str, int, int], DraftPad] = {}
    pads: list[DraftPad] = []
    for row, key in enumerate(zip(kinds, shapes, cells, styles, *sizes.T.tolist(), strict=True)):
        if key not in made:
            made[key] = _pad(columns, row, *key)
        pads.append(made[key])
    return pads


def _pad(columns: Columns, row: int, kind: str, shape: str, cell: str, style: str, width: int, height: int) -> DraftPad:
    where = columns.table.where(row)
    if kind.lower() not in list(TerminalKind):
        raise InputError(where, f"the kind {quoted(kind)}", f"one of {', '.join(TerminalKind)}")
    if shape and shape.lower() not in _SHAPES:
        raise InputError(where, f"the shape {quoted(shape)}", f"one of {', '.join(_SHAPES)}")
    terminal = TerminalKind(kind.lower())
    drawn = _SHAPES[shape.lower()] if shape else _usual_shape(columns, terminal, width, height)
    if drawn in ONE_SIZED and width != height:
        raise InputError(where, f"a {drawn} of {text_size(width, height)}", "one diameter")
    size = "" if not width else f" {text_um(width)}" if width == height else f" {text_size(width, height)}"
    name = " ".join(word for word in (cell, style, f"{drawn} {terminal}{size}") if word)
    return DraftPad(name, terminal, drawn, width, height, style=style)


def _usual_shape(columns: Columns, kind: TerminalKind, width: int, height: int) -> ShapeKind:
    """Diameters are round; so are bumps and balls that are as wide as high; pads and contacts are rectangles."""
    if columns.header("width") in _DIAMETERS:
        return ShapeKind.CIRCLE
    round_ones = (TerminalKind.BUMP, TerminalKind.BALL, TerminalKind.PILLAR)
    return ShapeKind.CIRCLE if kind in round_ones and width == height else ShapeKind.RECT
