"""Which ball each open place takes: the cheapest matching of places and balls, exact for hundreds, by tiles for more.

Places and balls are halved together until a part is small (a start that is a matching already, as good as the balls
lie like the bumps), each part is solved exactly, and then parts that are cut otherwise are solved again and again.
Straight lines between matched places of least total length never cross one another, which is what one level asks for;
so lengths are Euclidean here.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.spatial import cKDTree

from router.model.geometry import Points
from router.model.runs import begins, numbered
from router.plan.assign_reach import Walls

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

# Places and balls of a part that is solved exactly; memory is bounded by the product.
_TILE = 240
_EXACT = 1 << 20
# So many passes, fewer from an earlier matching; they end when one gains less than this share of the cost.
_PASSES, _AGAIN, _GAIN = 12, 5, 5e-5
# Balls that nobody has are offered to a part: so many near each of its bumps.
_SPARE = 4
# Of ways equal in sum, as along one line of bumps and balls, the ones that are equal among themselves are taken.
_EVEN = 1e-4
_TURN = 2.399963
# Worse than any way, nm: a ball that a place cannot come to is taken where there is no other.
_CLOSED = 1e12
# Distances to so many points of a place are measured one by one; of more, a tree finds the nearest.
_FEW = 4


@dataclass(frozen=True, slots=True)
class Side:
    """A cut with a price: on which side each place (n,) and each ball (m,) lies, 1 inside, -1 outside, and 0 for a
    place that has ends on both, and what a net pays to cross, nm."""

    places: Floats
    balls: Floats
    price: float


@dataclass(frozen=True, slots=True)
class Places:
    """`n` open places as points (k, 2), those of place i being first[i] to first[i + 1]: any of them will do; the
    balls (m, 2); what walls them off from each other; and the cuts with a price."""

    points: Points
    first: Ints
    balls: Points
    walls: Walls | None = None
    sides: tuple[Side, ...] = ()
    middle: Floats = field(init=False)
    """The mean of the points of each place (n, 2)."""

    def __post_init__(self) -> None:
        total = np.add.reduceat(self.points.astype(np.float64), self.first[:-1], axis=0)
        object.__setattr__(self, "middle", total / np.diff(self.first)[:, None])

    def cost(self, places: Ints, balls: Ints) -> Floats:
        """What each of these balls costs each of these places, (len(places), len(balls)): the distance to the nearest
        point of the place, and the prices of the cuts between."""
        found, ball_xy = np.empty((len(places), len(balls))), self.balls[balls]
        count = np.diff(self.first)[places]
        few = count <= _FEW
        if few.any():
            place, number = numbered(count[few])
            apart = self.points[self.first[places[few]][place] + number, None] - ball_xy[None]
            found[few] = np.minimum.reduceat(np.hypot(apart[..., 0], apart[..., 1]), begins(count[few]), axis=0)
        for row in np.flatnonzero(~few):
            points = self.points[self.first[places[row]] : self.first[places[row] + 1]]
            found[row] = cKDTree(points).query(ball_xy)[0]
        for side in self.sides:
            half = side.price / 2 * side.places[places]
            found += np.abs(half)[:, None] - half[:, None] * side.balls[balls][None]
        return found

    def lengths(self, balls: Ints) -> Floats:
        """The straight way of each place (n,) to its ball: to the nearest of its points."""
        apart = self.points - np.repeat(self.balls[balls], np.diff(self.first), axis=0)
        nearest: Floats = np.minimum.reduceat(np.hypot(apart[:, 0], apart[:, 1]), self.first[:-1])
        return nearest


def match(places: Places, start: Ints | None = None) -> Ints:
    """The ball of each place (n,), no ball twice. `start` is a matching to begin with."""
    count, every = len(places.first) - 1, np.arange(len(places.balls))
    rows = np.arange(count)
    if count * len(every) <= _EXACT:
        return _solved(places, rows, every)[0]
    balls = _halved(places) if start is None else start.copy()
    before = np.inf
    for turn in range(_PASSES if start is None else _AGAIN):
        total = 0.0
        spare = _Spare(places, balls)
        for tile in _tiles(_seen(places, balls, turn), rows):
            candidates = np.concatenate([balls[tile], spare.near(tile, balls)])
            balls[tile], paid = _solved(places, tile, candidates)
            spare.take(candidates, balls[tile])
            total += paid
        if total > before * (1 - _GAIN):
            break
        before = total
    return balls


def _solved(places: Places, rows: Ints, balls: Ints) -> tuple[Ints, float]:
    """The cheapest matching of these places with these balls, and what it costs."""
    cost = places.cost(rows, balls)
    cost += _EVEN * cost**2 / max(1.0, float(np.mean(cost)))
    if places.walls is not None:
        cost[places.walls.closed(rows, balls)] += _CLOSED
    row, column = linear_sum_assignment(cost)
    return balls[column], float(cost[row, column].sum())


def _halved(places: Places) -> Ints:
    """Places and balls halved together, along the longer side of what is left, and matched in small parts."""
    middle, found = places.middle, np.empty(len(places.first) - 1, dtype=np.int64)
    parts = [(np.arange(len(middle)), np.arange(len(places.balls)))]
    while parts:
        rows, balls = parts.pop()
        if len(rows) <= _TILE:
            found[rows] = _solved(places, rows, _nearest(places, rows, balls))[0]
            continue
        axis = int(np.argmax(np.ptp(middle[rows], axis=0)))
        rows = rows[np.lexsort((rows, middle[rows, 1 - axis], middle[rows, axis]))]
        balls = balls[np.lexsort((balls, places.balls[balls, 1 - axis], places.balls[balls, axis]))]
        half = len(rows) // 2
        border = middle[rows[half - 1 : half + 1], axis].mean()
        taken = int(np.count_nonzero(places.balls[balls, axis] < border))
        taken = min(max(taken, half), len(balls) - (len(rows) - half))
        parts += [(rows[:half], balls[:taken]), (rows[half:], balls[taken:])]
    return found


def _nearest(places: Places, rows: Ints, balls: Ints) -> Ints:
    """Of these balls the nearest to the middle of a part, as many as it may need."""
    apart = places.balls[balls] - places.middle[rows].mean(axis=0)
    nearest: Ints = balls[np.argsort(np.hypot(*apart.T), kind="stable")[: 4 * _TILE]]
    return nearest


def _seen(places: Places, balls: Ints, turn: int) -> Floats:
    """Where each place is taken to lie, (n, 2): on the way from its bumps to its ball, seen from turn to turn from
    another direction, so that parts are cut otherwise."""
    share = (0.5, 0.0, 1.0, 0.25, 0.75)[turn % 5]
    at = (1 - share) * places.middle + share * places.balls[balls]
    cos, sin = np.cos(turn * _TURN), np.sin(turn * _TURN)
    seen: Floats = at @ np.array([[cos, -sin], [sin, cos]])
    return seen


def _tiles(at: Floats, rows: Ints) -> list[Ints]:
    """Parts of at most so many places that lie together."""
    if len(rows) <= _TILE:
        return [rows]
    axis = int(np.argmax(np.ptp(at[rows], axis=0)))
    rows = rows[np.lexsort((rows, at[rows, 1 - axis], at[rows, axis]))]
    half = len(rows) // 2
    return _tiles(at, rows[:half]) + _tiles(at, rows[half:])


class _Spare:
    """Balls that nobody has, (f,) at the beginning of a pass, and which of all balls are still free."""

    def __init__(self, places: Places, balls: Ints) -> None:
        self._places = places
        self._free = np.ones(len(places.balls), dtype=bool)
        self._free[balls] = False
        self._first = np.flatnonzero(self._free)
        self._tree = cKDTree(places.balls[self._first]) if len(self._first) > _TILE else None

    def near(self, tile: Ints, balls: Ints) -> Ints:
        """Near the bumps and near the balls of a part; with prices also the cheapest for the place amid it."""
        places, first = self._places, self._first
        if self._tree is not None:
            at = np.concatenate([places.middle[tile], places.balls[balls[tile]]])
            offered = [first[np.unique(self._tree.query(at, _SPARE)[1])]]
            if places.sides:
                centre = places.middle[tile]
                amid = tile[np.argmin(np.hypot(*(centre - centre.mean(axis=0)).T))]
                cost = places.cost(np.array([amid]), first)[0]
                offered.append(first[np.argsort(cost, kind="stable")[: _TILE // 2]])
            first = np.unique(np.concatenate(offered))
        return first[self._free[first]]

    def take(self, candidates: Ints, taken: Ints) -> None:
        """Of these balls only the others are free now."""
        self._free[candidates] = True
        self._free[taken] = False
