"""Scattered places → rectangular arrays, which GDSII holds as one reference each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from router.model.geometry import Points

# GDSII counts columns and rows in two bytes with a sign.
MOST = 32_767


@dataclass(frozen=True, slots=True)
class Array:
    """`columns` × `rows` places from (x, y), `pitch_x` and `pitch_y` apart (0 where there is one only)."""

    x: int
    y: int
    columns: int
    rows: int
    pitch_x: int
    pitch_y: int


def find_arrays(places: Points) -> list[Array]:
    """Arrays that hold each of the places (n, 2) once, in the order of their first place, by row and column.

    Rows are cut into runs of one pitch; equal runs at one pitch above each other are an array. So a full grid is one
    array, a ring of pads a few, and each half of a staggered grid one. No array has more than MOST columns or rows.
    """
    x, y = np.unique(places, axis=0).T
    row = _runs(y, x)
    first = np.flatnonzero(row.starts)
    runs = np.stack([x[row.order], y[row.order]], axis=1)[first]
    shape = np.stack([runs[:, 0], row.counts, row.pitches], axis=1)
    _, kind = np.unique(shape, axis=0, return_inverse=True)
    column = _runs(kind.reshape(-1), runs[:, 1])
    chosen = column.order[np.flatnonzero(column.starts)]
    table = np.column_stack([runs, row.counts, np.zeros_like(first), row.pitches, np.zeros_like(first)])[chosen]
    table[:, 3], table[:, 5] = column.counts, column.pitches
    return [Array(*values) for values in table[np.lexsort((table[:, 0], table[:, 1]))].tolist()]


@dataclass(frozen=True, slots=True)
class _Runs:
    """A stable `order` of the input; in it, where runs start (n,); for each run its number of places and its pitch."""

    order: NDArray[np.int64]
    starts: NDArray[np.bool_]
    counts: NDArray[np.int64]
    pitches: NDArray[np.int64]


def _runs(line: NDArray[np.int64], at: NDArray[np.int64]) -> _Runs:
    """Places `at` (n,) on each `line` (n,), cut wherever a gap is larger than one beside it: what stays is equal."""
    order = np.lexsort((at, line))
    far = np.iinfo(np.int64).max
    gaps = np.full(len(at) + 1, far)
    same = line[order][1:] == line[order][:-1]
    gaps[1:-1][same] = np.diff(at[order])[same]
    before, here, after = np.concatenate([[far], gaps[:-2]]), gaps[:-1], gaps[1:]
    starts = (here > before) | (here > after) | (here == far)
    first = np.flatnonzero(starts)
    starts |= (np.arange(len(at)) - first[np.cumsum(starts) - 1]) % MOST == 0
    first = np.flatnonzero(starts)
    counts = np.diff(np.append(first, len(at)))
    pitches = np.where(counts > 1, gaps[np.minimum(first + 1, len(at) - 1)], 0)
    return _Runs(order, starts, counts, pitches)
