"""Balls for the nets that leave theirs open: short, and through cuts that have room.

The start is the shortest matching of bumps and balls. Then the cuts that planning finds too full get a price, which
every net pays whose straight way crosses them, and the matching is found again; prices rise while a cut stays too full
(the negotiation of McMurchie and Ebeling 1995, on cuts). Kept is the matching whose fullest cut is least full, and of
equals the shortest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from router.model.design import Design, OpenBalls
from router.model.geometry import Box, Points
from router.model.pdk import TerminalKind
from router.plan.assign_match import Places, Side, match
from router.plan.capacity import plan_capacity
from router.plan.cut import Capacity, Cut

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

# A cut no fuller than this is left alone: it routes without trouble.
COMFORT = 0.6
_ROUNDS = 8
_PATIENCE = 3
# What crossing a cut costs more for each part of its comfort that it is over-full, in lengths of the mean connection.
_STEP = 1.0
# A cut that nothing passes counts as this full.
_BEYOND = 10.0

Prices = dict[tuple[Box, tuple[int, ...]], float]
"""What crossing a region on these levels costs, nm."""


def assign_balls(design: Design) -> Design:
    """The package with a ball for every place that is open, itself where none is; the same for the same package."""
    if not design.open:
        return design
    groups = [_places(design, group) for group in design.open]
    prices: Prices = {}
    chosen: list[Ints | None] = [None] * len(groups)
    best, best_rank, stale = design, (np.inf, np.inf), 0
    for _ in range(_ROUNDS):
        lengths = []
        for k, (group, places) in enumerate(zip(design.open, groups, strict=True)):
            balls = chosen[k] = match(replace(places, sides=_sides(design, group, places, prices)), chosen[k])
            lengths.append(places.lengths(balls))
        trial = design.with_balls(_pairs(design, chosen))
        full = _too_full(design, plan_capacity(trial))
        length = np.concatenate(lengths)
        rank = (round(max((_utilisation(cut) for cut in full), default=COMFORT), 2), float(length.sum()))
        best, best_rank, stale = (trial, rank, 0) if rank < best_rank else (best, best_rank, stale + 1)
        if not full or stale == _PATIENCE:
            break
        for cut in full:
            over = _utilisation(cut) / COMFORT - 1.0
            prices[cut.region, cut.levels] = prices.get((cut.region, cut.levels), 0.0) + _STEP * over * length.mean()
    return best


def _places(design: Design, group: OpenBalls) -> Places:
    """Where the nets of a group come from: all their terminals but balls, as one ball needs not lie near another."""
    points: list[tuple[int, int]] = []
    first = [0]
    for index in group.nets:
        ends = [design.terminals[t] for end in design.nets[index].ends for t in end.terminals]
        inner = [t for t in ends if t.kind is not TerminalKind.BALL] or ends
        points += [(t.x, t.y) for t in inner]
        first.append(len(points))
    balls = [(design.terminals[t].x, design.terminals[t].y) for t in group.balls]
    return Places(np.array(points, dtype=np.int64), np.array(first), np.array(balls, dtype=np.int64))


def _pairs(design: Design, chosen: Sequence[Ints | None]) -> list[tuple[int, int]]:
    return [
        (net, group.balls[ball])
        for group, balls in zip(design.open, chosen, strict=True)
        if balls is not None
        for net, ball in zip(group.nets, balls.tolist(), strict=True)
    ]


def _too_full(design: Design, capacity: Capacity) -> list[Cut]:
    """Cuts beyond comfort that nets with open places cross or land on."""
    free = {net for group in design.open for net in group.nets}
    cuts = (cut for family in capacity.families.values() for cut in family)
    return [cut for cut in cuts if cut.utilisation > COMFORT and not free.isdisjoint(cut.nets + cut.landing)]


def _utilisation(cut: Cut) -> float:
    return min(cut.utilisation, _BEYOND)


def _sides(design: Design, group: OpenBalls, places: Places, prices: Prices) -> tuple[Side, ...]:
    """The cuts with a price as this group sees them; nets that may use other levels too pay nothing."""
    sides = []
    for (region, levels), price in prices.items():
        inside = _inside(places.points, region)
        least, most = (f.reduceat(inside, places.first[:-1]) for f in (np.minimum, np.maximum))
        held = [set(design.classes[design.nets[n].net_class].levels) <= set(levels) for n in group.nets]
        side = np.where((least == most) & np.array(held), 2.0 * most - 1.0, 0.0)
        sides.append(Side(side, 2.0 * _inside(places.balls, region) - 1.0, price))
    return tuple(sides)


def _inside(points: Points, box: Box) -> Floats:
    x, y = points.T
    inside: Floats = ((x >= box.x0) & (x <= box.x1) & (y >= box.y0) & (y <= box.y1)).astype(np.float64)
    return inside
