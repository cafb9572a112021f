"""Prices on cuts that planning finds too full, so that nets which may choose their balls choose others.

A price is a length that each net pays whose way crosses the cut. It rises while the cut is fuller than is comfortable
and falls where it is emptier, by less from round to round: the subgradient method on the relaxed capacities of the
cuts (Held, Wolfe and Crowder 1974).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from router.model.design import Design, OpenBalls
from router.model.geometry import Box, Points
from router.plan.assign_match import Places, Side
from router.plan.cut import Capacity, Cut

Floats = NDArray[np.float64]

# A cut no fuller than this is left alone: it routes without trouble.
COMFORT = 0.6
# Of cuts that are too full those as full as the fullest but for so much are dealt with first.
_NEARLY = 0.1
# A price moves at least by this share of a step.
_LEAST = 0.5
# A cut that nothing passes counts as this full.
_BEYOND = 5.0


@dataclass(slots=True)
class Toll:
    """What crossing the line round a region costs, nm, for nets held to these levels, where `room` tracks pass."""

    region: Box
    levels: tuple[int, ...]
    room: float
    price: float = 0.0


def fullness(cut: Cut) -> float:
    """Utilisation of a cut, bounded."""
    return min(cut.utilisation, _BEYOND)


def too_full(design: Design, capacity: Capacity) -> list[Cut]:
    """Cuts beyond comfort that nets with open places (of `design`) cross or land on."""
    free = {net for group in design.open for net in group.nets}
    cuts = (cut for family in capacity.families.values() for cut in family)
    return [cut for cut in cuts if cut.utilisation > COMFORT and not free.isdisjoint(cut.nets + cut.landing)]


def adjust(tolls: list[Toll], full: Sequence[Cut], trial: Design, step: float) -> None:
    """Raise and lower the prices after a trial, by `step` nm for a cut that is twice as full as is comfortable.

    `full` are the cuts beyond comfort in the trial; the others among `tolls` are counted by straight ways.
    """
    told = {(cut.region, cut.levels): cut for cut in full}
    least = max((fullness(cut) for cut in full), default=0.0) - _NEARLY
    known = {(toll.region, toll.levels) for toll in tolls}
    tolls += [
        Toll(cut.region, cut.levels, cut.room)
        for key, cut in told.items()
        if key not in known and fullness(cut) >= least
    ]  # fmt: skip
    ends = _Ends(trial)
    moves = np.zeros(len(tolls))
    for k, toll in enumerate(tolls):
        cut = told.get((toll.region, toll.levels))
        found = fullness(cut) if cut else min(ends.crossing(toll.region) / max(toll.room, 1.0), COMFORT)
        if not COMFORT < found < least:
            over = found / COMFORT - 1.0
            moves[k] = over if abs(over) > _LEAST else np.copysign(_LEAST, over)
    # Cuts side by side are crossed by the same nets, which pay for all of them.
    for up in (moves > 0, moves < 0):
        moves[up] /= max(1, int(np.count_nonzero(up)))
    for toll, move in zip(tolls, moves.tolist(), strict=True):
        toll.price = max(0.0, toll.price + step * move)


class _Ends:
    """The terminals of all nets as arrays, to count the nets across a region."""

    def __init__(self, design: Design) -> None:
        members = [[t for end in net.ends for t in end.terminals] for net in design.nets if net.ends]
        self._points = design.lands.places[list(chain.from_iterable(members))]
        self._first = np.cumsum([0, *(len(terminals) for terminals in members)])[:-1]

    def crossing(self, region: Box) -> int:
        """Nets with terminals inside and outside."""
        least, most = extremes(self._points, self._first, region)
        return int(np.count_nonzero(least != most))


def sides(design: Design, group: OpenBalls, places: Places, tolls: Sequence[Toll]) -> tuple[Side, ...]:
    """The cuts with a price as this group sees them; nets that may use other levels too pay nothing."""
    levels = [frozenset(design.class_of(net).levels) for net in group.nets]
    found = []
    for toll in tolls:
        if toll.price > 0.0:
            least, most = extremes(places.points, places.first[:-1], toll.region)
            held = np.array([own <= frozenset(toll.levels) for own in levels])
            lies = np.where((least == most) & held, 2.0 * most - 1.0, 0.0)
            found.append(Side(lies, 2.0 * _inside(places.balls, toll.region) - 1.0, toll.price))
    return tuple(found)


def extremes(points: Points, first: NDArray[np.int64], region: Box) -> tuple[Floats, Floats]:
    """For each run of points whether all of them lie in the region, and whether any does, as 0 or 1, both (n,)."""
    inside = _inside(points, region)
    return np.minimum.reduceat(inside, first), np.maximum.reduceat(inside, first)


def _inside(points: Points, box: Box) -> Floats:
    x, y = points.T
    inside: Floats = ((x >= box.x0) & (x <= box.x1) & (y >= box.y0) & (y <= box.y1)).astype(np.float64)
    return inside
