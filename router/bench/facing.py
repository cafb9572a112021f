"""Two dies that face each other: 8 × 64 bumps each at 55 µm, every net to its own image."""

from __future__ import annotations

import numpy as np

from router.bench.package import build, grid, part
from router.model.design import Design

_COLUMNS, _ROWS, _PITCH, _MIDDLE = 8, 64, 55_000, 272_500


def d2d512(levels: int) -> Design:
    """In like order: what is left on one die is left on the other, so ways cross over."""
    return _facing(f"d2d512_{levels}", levels, mirrored=False)


def d2d512m(levels: int) -> Design:
    """In mirrored order, which is planar: on one level, seven ways pass each gap that has room for just seven."""
    return _facing(f"d2d512m_{levels}", levels, mirrored=True)


def _facing(name: str, levels: int, *, mirrored: bool) -> Design:
    places = grid(_COLUMNS, _ROWS, _PITCH)
    shift = np.array([_MIDDLE, 0], dtype=np.int64)
    of = [(row, column) for row in range(_ROWS) for column in range(_COLUMNS)]
    nets = [f"N{k}" for k in range(len(of))]
    left = part("left", "bump", 25, [f"A{row}_{column}" for row, column in of], places - shift, nets)
    image = [row * _COLUMNS + (_COLUMNS - 1 - column if mirrored else column) for row, column in of]
    pins = [f"B{of[k][0]}_{of[k][1]}" for k in image]
    right = part("right", "bump", 25, pins, places[image] + shift, nets)
    package = {"name": name, "pdk": "fine_2um", "levels": levels, "outline": [1370, 3960], "die": [left, right]}
    return build(package)
