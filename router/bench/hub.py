"""A package of nine dies and 20 000 nets: a hub, a ring of eight dies round it, balls under all of them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from router.bench.package import build, grid, part
from router.model.design import Design
from router.model.geometry import Points

_BUMP_PITCH, _BALL_PITCH = 55_000, 400_000
# Dies stand this far apart, centre to centre, and their outermost rows of bumps this far from their middle.
_DIE_PITCH, _EDGE = 9_600_000, 3_450_000
# The hub is a full array; its middle block, as that of every die, goes to some of the balls below, evenly.
_HUB, _BLOCK, _BALLS = 122, 16, 24
# Rows and columns of bumps by which a die of the ring meets the hub, and its neighbours in the ring.
_TO_HUB, _TO_NEXT = (31, 118), (16, 24)
_SIDES = ("east", "north", "west", "south")
_CORNERS = ("northeast", "northwest", "southwest", "southeast")


@dataclass(slots=True)
class _Die:
    """Bumps of a die as they are gathered; `xy` in package coordinates."""

    xy: list[Points] = field(default_factory=list)
    nets: list[str] = field(default_factory=list)

    def add(self, xy: Points, nets: list[str]) -> None:
        self.xy.append(xy)
        self.nets += nets


def big20k() -> Design:
    """2/2 µm on four levels, 30 × 30 mm: 4 × 3 656 nets from the hub to the dies at its sides, 8 × 384 round the ring,
    9 × 256 to the balls, all in an order that is planar. Fullest is a ring cut through the hub, at 69 %; balls without
    a net stand in the way."""
    dies = {name: _Die() for name in ("hub", *_SIDES, *_CORNERS)}
    for turn in range(4):
        side, corner, after = _SIDES[turn], _CORNERS[turn], _SIDES[(turn + 1) % 4]
        sector = hub_sector()
        _join(dies, "hub", side, _turned(sector, turn), _turned(side_field()[: len(sector)], turn))
        _join(dies, side, corner, *(_turned(places, turn) for places in _across(upright=False)))
        _join(dies, corner, after, *(_turned(places, turn) for places in _across(upright=True)))
    balls, spread = _Die(), np.arange(_BLOCK) * _BALLS // _BLOCK
    for name, die in dies.items():
        centre = np.array(_centre(name), dtype=np.int64)
        nets = [f"{name}_ball_{k}" for k in range(_BLOCK * _BLOCK)]
        die.add(grid(_BLOCK, _BLOCK, _BUMP_PITCH) + centre, nets)
        below = np.full((_BALLS, _BALLS), "", dtype=object)
        below[np.ix_(spread, spread)] = np.reshape(nets, (_BLOCK, _BLOCK))
        balls.add(grid(_BALLS, _BALLS, _BALL_PITCH) + centre, below.ravel().tolist())
    package = {
        "name": "big20k", "pdk": "fine_2um", "levels": 4, "outline": [30_000, 30_000],
        "die": [_part(name, "bump", 25, die) for name, die in dies.items()],
        "balls": [_part("balls", "ball", 240, balls)],
    }  # fmt: skip
    return build(package)


def hub_sector() -> Points:
    """The quarter of the hub that faces east, without its middle block and without the corners of the array: row by
    row upwards, in each row from the edge inwards."""
    half = grid(_HUB, _HUB, 2)
    x, y = half[:, 0], half[:, 1]
    mine = (-x < y) & (y <= x) & (x > _BLOCK - 1) & ~((x == _HUB - 1) & (y == x))
    places = half[mine]
    inwards: Points = places[np.lexsort((-places[:, 0], places[:, 1]))] * (_BUMP_PITCH // 2)
    return inwards


def side_field() -> Points:
    """The bumps of the eastern die that face the hub, in the order of `hub_sector`."""
    deep, wide = _TO_HUB
    y, x = np.meshgrid(2 * np.arange(wide) - (wide - 1), np.arange(deep), indexing="ij")
    left = _DIE_PITCH - _EDGE
    places: Points = np.stack([left + x.ravel() * _BUMP_PITCH, y.ravel() * (_BUMP_PITCH // 2)], axis=1)
    return places.astype(np.int64)


def _across(*, upright: bool) -> tuple[Points, Points]:
    """Two fields that are each other's image: of the eastern and the north-eastern die across the gap between them, or,
    upright, of the north-eastern and the northern die."""
    deep, wide = _TO_NEXT
    row, column = np.meshgrid(np.arange(deep), 2 * np.arange(wide) - (wide - 1), indexing="ij")
    outwards, along = _EDGE - row.ravel() * _BUMP_PITCH, _DIE_PITCH + column.ravel() * (_BUMP_PITCH // 2)
    near = np.stack([along, outwards], axis=1).astype(np.int64)
    far = np.stack([along, _DIE_PITCH - outwards], axis=1).astype(np.int64)
    return (far[:, ::-1], near[:, ::-1]) if upright else (near, far)


def _turned(places: Points, quarters: int) -> Points:
    for _ in range(quarters):
        places = np.stack([-places[:, 1], places[:, 0]], axis=1)
    return places


def _centre(name: str) -> tuple[int, int]:
    x = _DIE_PITCH * (("east" in name) - ("west" in name))
    return x, _DIE_PITCH * (("north" in name) - ("south" in name))


def _join(dies: dict[str, _Die], a: str, b: str, at_a: Points, at_b: Points) -> None:
    nets = [f"{a}_{b}_{k}" for k in range(len(at_a))]
    dies[a].add(at_a, nets)
    dies[b].add(at_b, nets)


def _part(name: str, pad: str, size: float, die: _Die) -> dict[str, object]:
    xy = np.concatenate(die.xy)
    return part(name, pad, size, [str(k) for k in range(1, len(xy) + 1)], xy, die.nets)
