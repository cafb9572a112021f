"""A package of nine dies and 20 000 nets: a hub, a ring of eight dies round it, balls under all of them."""

from __future__ import annotations

import numpy as np

from router.bench.nine import BUMP_PITCH, CORNERS, DIE_PITCH, SIDES, NineDies, facing
from router.bench.package import grid
from router.model.design import Design
from router.model.geometry import Placement, Points

# The hub is a full array; its middle block, as that of every die, goes to some of the balls below, evenly.
_HUB, _BLOCK = 122, 16
# Rows and columns of bumps by which a die of the ring meets the hub, and its neighbours in the ring.
_TO_HUB, _TO_NEXT = (31, 118), (16, 24)


def hub20k() -> Design:
    """2/2 µm on four levels, 30 × 30 mm: 4 × 3 656 nets from the hub to the dies at its sides, 8 × 384 round the ring,
    9 × 256 to the balls, all in an order that is planar. Fullest is a ring cut through the hub, at 69 %, but straight
    ways would take 102 % of the room at the hub's sides; balls without a net stand in the way."""
    dies = NineDies("hub")
    for turn in range(4):
        side, corner, after = SIDES[turn], CORNERS[turn], SIDES[(turn + 1) % 4]
        sector = hub_sector()
        dies.join("hub", side, _turned(sector, turn), _turned(side_field()[: len(sector)], turn))
        dies.join(side, corner, *(_turned(places, turn) for places in _across(upright=False)))
        dies.join(corner, after, *(_turned(places, turn) for places in _across(upright=True)))
    return dies.package("hub20k", _BLOCK)


def hub_sector() -> Points:
    """The quarter of the hub that faces east, without its middle block and without the corners of the array: row by
    row upwards, in each row from the edge inwards."""
    half = grid(_HUB, _HUB, 2)
    x, y = half[:, 0], half[:, 1]
    mine = (-x < y) & (y <= x) & (x > _BLOCK - 1) & ~((x == _HUB - 1) & (y == x))
    places = half[mine]
    inwards: Points = places[np.lexsort((-places[:, 0], places[:, 1]))] * (BUMP_PITCH // 2)
    return inwards


def side_field() -> Points:
    """The bumps of the eastern die that face the hub, in the order of `hub_sector`."""
    _, far = facing(*_TO_HUB)
    return far.reshape(*_TO_HUB, 2).swapaxes(0, 1).reshape(-1, 2)


def _across(*, upright: bool) -> tuple[Points, Points]:
    """Two fields that are each other's image: of the eastern and the north-eastern die across the gap between them, or,
    upright, of the north-eastern and the northern die."""
    near, far = (places + np.array([0, DIE_PITCH]) for places in facing(*_TO_NEXT))
    return (far, near) if upright else (near[:, ::-1], far[:, ::-1])


def _turned(places: Points, quarters: int) -> Points:
    return Placement(rotation=90 * quarters).apply(places)
