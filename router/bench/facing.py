"""Two dies that face each other, every net from one to the other."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from router.bench.package import build, grid, part
from router.model.design import Design


class Dies(NamedTuple):
    """Bumps of either die: columns, rows and pitch; how far the dies' middles lie from that of the package; all in nm.
    The outline in µm."""

    columns: int
    rows: int
    pitch: int
    middle: int
    outline: list[float]


_D2D512 = Dies(8, 64, 55_000, 272_500, [1370, 3960])
_CROSS144 = Dies(12, 12, 60_000, 760_000, [3840, 2320])
_CROSS256 = Dies(16, 16, 60_000, 980_000, [4920, 2960])
_SEED = 1


def d2d512(levels: int) -> Design:
    """In like order: what is left on one die is left on the other, so ways cross over."""
    return _facing(f"d2d512_{levels}", levels, _D2D512, np.arange(8 * 64))


def d2d512m(levels: int) -> Design:
    """In mirrored order, which is planar: on one level, seven ways pass each gap that has room for just seven."""
    return _facing(f"d2d512m_{levels}", levels, _D2D512, np.arange(8 * 64).reshape(64, 8)[:, ::-1].ravel())


def cross144(levels: int) -> Design:
    """In an order by chance: each way crosses 59 others, on average."""
    return _facing(f"cross144_{levels}", levels, _CROSS144, np.random.default_rng(_SEED).permutation(12 * 12))


def cross256(levels: int) -> Design:
    """In an order by chance: each way crosses 101 others, on average."""
    return _facing(f"cross256_{levels}", levels, _CROSS256, np.random.default_rng(_SEED).permutation(16 * 16))


def _facing(name: str, levels: int, dies: Dies, image: np.ndarray) -> Design:
    """`image` (n,): the bump of the right die that belongs to each of the left one."""
    places = grid(dies.columns, dies.rows, dies.pitch)
    shift = np.array([dies.middle, 0], dtype=np.int64)
    of = [(row, column) for row in range(dies.rows) for column in range(dies.columns)]
    nets = [f"N{k}" for k in range(len(of))]
    left = part("left", "bump", 25, [f"A{row}_{column}" for row, column in of], places - shift, nets)
    pins = [f"B{of[k][0]}_{of[k][1]}" for k in image]
    right = part("right", "bump", 25, pins, places[image] + shift, nets)
    package = {"name": name, "pdk": "fine_2um", "levels": levels, "outline": dies.outline, "die": [left, right]}
    return build(package)
