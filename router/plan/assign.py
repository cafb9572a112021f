"""Balls for the nets that leave theirs open: short, and through cuts that have room.

The start is the shortest matching of bumps and balls. While a cut is too full that these nets cross, it gets a price
(`assign_price`) and the matching is found again. Kept is the matching whose fullest cut is least full, and of equals
the shortest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from router.model.design import Design, OpenBalls
from router.model.pdk import TerminalKind
from router.plan.assign_match import Places, match
from router.plan.assign_price import COMFORT, Toll, adjust, fullness, sides, too_full
from router.plan.assign_reach import find_walls
from router.plan.capacity import plan_capacity

Ints = NDArray[np.int64]

# Rounds of matching and pricing: fewer where very many nets make each of them slow.
_ROUNDS, _FEWEST, _NETS = 12, 4, 60_000
# Rounds without a better matching after which the search ends; one that leaves the fullest cut as it is counts thrice.
_PATIENCE = 5


def assign_balls(design: Design) -> Design:
    """The package with a ball for every place that is open, itself where none is; the same for the same package."""
    if not design.open:
        return design
    gathered = [_gather(design, group) for group in design.open]
    design, groups = replace(design, open=tuple(group for group, _ in gathered)), [places for _, places in gathered]
    chosen: list[Ints] | None = None
    tolls: list[Toll] = []
    best, best_rank, last, stale = design, (np.inf, np.inf), np.inf, 0
    count = sum(len(group.nets) for group in design.open)
    for turn in range(max(_FEWEST, min(_ROUNDS, _NETS // count))):
        chosen = [
            match(replace(places, sides=sides(design, group, places, tolls)), chosen[k] if chosen else None)
            for k, (group, places) in enumerate(zip(design.open, groups, strict=True))
        ]
        length = np.concatenate([places.lengths(balls) for places, balls in zip(groups, chosen, strict=True)])
        trial = design.with_balls(_pairs(design, chosen))
        full = too_full(design, plan_capacity(trial))
        rank = (round(max((fullness(cut) for cut in full), default=COMFORT), 2), float(length.sum()))
        stale += 1 if rank[0] != last else 3
        last = rank[0]
        if rank < best_rank:
            best, best_rank, stale = trial, rank, 0
        if stale >= _PATIENCE or not (full or tolls):
            break
        adjust(tolls, full, trial, float(length.mean()) / (turn + 1))
    return best


def _gather(design: Design, group: OpenBalls) -> tuple[OpenBalls, Places]:
    """A group without the balls that none of its nets can come to, unless too few are left, and where its nets come
    from."""
    starts = _starts(design, group)
    walls = find_walls(design, group, starts)
    kept = np.flatnonzero(walls.usable)
    if len(kept) >= len(group.nets):
        group, walls = replace(group, balls=tuple(group.balls[k] for k in kept)), walls.among(kept)
    points, balls = (design.lands.places[list(of)] for of in (chain.from_iterable(starts), group.balls))
    first = np.cumsum([0, *(len(terminals) for terminals in starts)])
    return group, Places(points, first, balls, walls)


def _starts(design: Design, group: OpenBalls) -> list[list[int]]:
    """For each place of a group all terminals of its net but balls, as one ball needs not lie near another."""
    found = []
    for index in group.nets:
        ends = [t for end in design.nets[index].ends for t in end.terminals]
        found.append([t for t in ends if design.terminals[t].kind is not TerminalKind.BALL] or ends)
    return found


def _pairs(design: Design, chosen: Sequence[Ints]) -> list[tuple[int, int]]:
    """The net and the ball (terminal) of each place."""
    return [
        (net, group.balls[ball])
        for group, balls in zip(design.open, chosen, strict=True)
        for net, ball in zip(group.nets, balls.tolist(), strict=True)
    ]
