"""Arrays of pins: places, names in the A1 scheme, depopulation."""

from __future__ import annotations

import itertools
import string

import numpy as np
from numpy.typing import NDArray

from router.model.errors import InputError
from router.model.units import LIMIT_UM
from router.read.design_file import ArrayTable
from router.read.fields import PIN_LIMIT
from router.read.patterns import matches

# Letters that are read as digits or as other letters are left out of ball names.
LETTERS = [letter for letter in string.ascii_uppercase if letter not in "IOQSXZ"]


def row_letters(count: int) -> list[str]:
    """The letters of the first `count` rows: A … Y without I, O, Q, S, X, Z, then AA, AB …"""
    names: list[str] = []
    for length in itertools.count(1):
        for letters in itertools.product(LETTERS, repeat=length):
            if len(names) == count:
                return names
            names.append("".join(letters))
    return names


def array_pins(array: ArrayTable, where: str) -> tuple[list[str], NDArray[np.float64]]:
    """Names and places (n, 2) in µm about the array's middle, row by row from the upper left corner.

    Raises InputError for arrays of more than a million pins before anything is allocated, and for rings and pins that
    an array has not.
    """
    if array.nx * array.ny > PIN_LIMIT:
        raise InputError(where, f"an array of {array.nx * array.ny} pins", f"at most {PIN_LIMIT}")
    rings = (min(array.nx, array.ny) + 1) // 2
    if array.rings is not None and array.rings > rings:
        most = f"at most {rings}: {array.nx} × {array.ny} pins have no more"
        raise InputError(f"{where}.rings", str(array.rings), most)
    column, row = np.meshgrid(np.arange(array.nx), np.arange(array.ny))
    kept = _populated(array, column, row)
    column, row = column[kept], row[kept]
    names = _names(array, column, row, where)
    if max(array.nx * array.pitch[0], array.ny * array.pitch[1]) > LIMIT_UM:
        raise InputError(where, "an array wider than a metre", "a smaller one")
    x = (column - (array.nx - 1) / 2) * array.pitch[0]
    y = ((array.ny - 1) / 2 - row) * array.pitch[1]
    xy = np.stack([x, y], axis=1)
    if array.without:
        gone = np.zeros(len(names), dtype=bool)
        for pattern, indices in matches(array.without, names):
            if not indices:
                raise InputError(f"{where}.without", repr(pattern), "a pin of the array")
            gone[indices] = True
        names = [name for name, absent in zip(names, gone.tolist(), strict=True) if not absent]
        xy = xy[~gone]
    if not names:
        raise InputError(where, "an array without a pin", "at least one")
    return names, xy


def _populated(array: ArrayTable, column: NDArray[np.int64], row: NDArray[np.int64]) -> NDArray[np.bool_]:
    """True where a pin is left by `rings` and `centre_without`."""
    kept = np.ones(column.shape, dtype=bool)
    if array.rings is not None:
        ring = np.minimum.reduce([column, row, array.nx - 1 - column, array.ny - 1 - row])
        kept &= ring < array.rings
    if array.centre_without is not None:
        nx, ny = array.centre_without
        in_x = np.abs(2 * column - (array.nx - 1)) < nx
        in_y = np.abs(2 * row - (array.ny - 1)) < ny
        kept &= ~(in_x & in_y)
    return kept


def _names(array: ArrayTable, columns: NDArray[np.int64], rows: NDArray[np.int64], where: str) -> list[str]:
    letters = row_letters(array.ny)
    fields = ("{letters}", "{column}", "{row}", "{n}")
    template = array.names
    for field in fields:
        template = template.replace(field, "")
    if "{" in template or "}" in template or template == array.names:
        raise InputError(f"{where}.names", repr(array.names[:60]), f"a template of {', '.join(fields)}")
    names = []
    for n, (column, row) in enumerate(zip(columns.tolist(), rows.tolist(), strict=True), 1):
        name = array.names.replace("{letters}", letters[row]).replace("{column}", str(column + 1))
        names.append(name.replace("{row}", str(row + 1)).replace("{n}", str(n)))
    return names
