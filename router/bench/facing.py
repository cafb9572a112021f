"""Two dies beside each other, every net from one to the other."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from router.bench.package import build, grid, part
from router.model.design import Design
from router.model.geometry import Points


class Dies(NamedTuple):
    """Bumps of either die: columns, rows and pitch; the middle of the second die, that of the first lying as far from
    that of the package on the other side; all in nm. The outline in µm."""

    columns: int
    rows: int
    pitch: int
    middle: tuple[int, int]
    outline: list[float]


_D2D512 = Dies(8, 64, 55_000, (272_500, 0), [1370, 3960])
_CROSS144 = Dies(12, 12, 60_000, (760_000, 0), [3840, 2320])
_CROSS256 = Dies(16, 16, 60_000, (980_000, 0), [4920, 2960])
_CORNER128 = Dies(16, 8, 55_000, (900_000, 650_000), [5200, 5200])
_BUS64 = Dies(4, 16, 55_000, (700_000, 290_000), [3200, 1860])
_HBM1024 = Dies(16, 64, 55_000, (634_000, 0), [2640, 4120])
_SEED = 1


def d2d512(levels: int) -> Design:
    """In like order: what is left on one die is left on the other, so ways cross over."""
    return _facing(f"d2d512_{levels}", levels, _D2D512, np.arange(8 * 64))


def d2d512m(levels: int) -> Design:
    """In mirrored order, which is planar: on one level, seven ways pass each gap that has room for just seven."""
    return _facing(f"d2d512m_{levels}", levels, _D2D512, _mirrored(_D2D512))


def hbm1024(levels: int) -> Design:
    """Bumps of memory stacks, staggered rows at 96 and 55 µm (JESD235), in mirrored order: straight ways of a net all
    cross those of others, and none has to."""
    return _facing(f"hbm1024_{levels}", levels, _HBM1024, _mirrored(_HBM1024), _staggered(_HBM1024))


def cross144(levels: int) -> Design:
    """In an order by chance: each way crosses 59 others, on average."""
    return _facing(f"cross144_{levels}", levels, _CROSS144, np.random.default_rng(_SEED).permutation(12 * 12))


def cross256(levels: int) -> Design:
    """In an order by chance: each way crosses 101 others, on average."""
    return _facing(f"cross256_{levels}", levels, _CROSS256, np.random.default_rng(_SEED).permutation(16 * 16))


def corner128(levels: int) -> Design:
    """In like order, but the second die lies to the right and above, and a quarter turned to the left: a bus round a
    corner, in reverse order behind it. Each way crosses 83 others, on average."""
    places = _places(_CORNER128)
    return _joined(f"corner128_{levels}", levels, _CORNER128, places, places @ np.array([[0, 1], [-1, 0]]))


def bus64(angles: str = "octilinear") -> Design:
    """In mirrored order, the second die to the right and above, on one level."""
    design = _facing("bus64" + "_any" * (angles == "any"), 1, _BUS64, _mirrored(_BUS64))
    return replace(design, pdk=design.pdk.with_angles(angles))


def _mirrored(dies: Dies) -> NDArray[np.int64]:
    """What is left on one die is right on the other: an order that is planar, (n,) as `image` below."""
    return np.arange(dies.rows * dies.columns).reshape(dies.rows, dies.columns)[:, ::-1].ravel()


def _facing(
    name: str, levels: int, dies: Dies, image: NDArray[np.int64], places: Points | None = None
) -> Design:  # fmt: skip
    """`image` (n,): the bump of the right die that belongs to each of the left one; `places` (n, 2): where bumps lie
    round the middle of either die, where they are no grid."""
    places = _places(dies) if places is None else places
    return _joined(name, levels, dies, places, places, image)


def _places(dies: Dies) -> Points:
    """The bumps of a die round its middle, (n, 2) nm, row by row."""
    return grid(dies.columns, dies.rows, dies.pitch)


def _staggered(dies: Dies) -> Points:
    """The bumps of a die round its middle, (n, 2) nm, row by row: columns 48 µm apart, each second half a pitch up."""
    row, column = np.divmod(np.arange(dies.rows * dies.columns), dies.columns)
    x = 48_000 * column - 24_000 * (dies.columns - 1)
    y = dies.pitch * row - dies.pitch // 2 * (dies.rows - 1) + dies.pitch // 2 * (column % 2)
    return np.stack([x, y], axis=1).astype(np.int64)


def _joined(
    name: str, levels: int, dies: Dies, left: Points, right: Points, image: NDArray[np.int64] | None = None
) -> Design:
    """Places `left` and `right` (n, 2) of bumps round the middle of either die; `image` (n,): the bump of the right die
    that belongs to each of the left one, where it is not the same."""
    image = np.arange(len(left)) if image is None else image
    shift = np.array(dies.middle, dtype=np.int64)
    of = [(row, column) for row in range(dies.rows) for column in range(dies.columns)]
    nets = [f"N{k}" for k in range(len(of))]
    first = part("left", "bump", 25, [f"A{row}_{column}" for row, column in of], left - shift, nets)
    pins = [f"B{of[k][0]}_{of[k][1]}" for k in image]
    second = part("right", "bump", 25, pins, right[image] + shift, nets)
    package = {"name": name, "pdk": "fine_2um", "levels": levels, "outline": dies.outline, "die": [first, second]}
    return build(package)
