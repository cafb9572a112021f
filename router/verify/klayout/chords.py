"""Ways through metal that get shorter as one of their ends goes on along the boundary: chords of what is round.

They tell nothing of how wide the metal is: in a circle there are chords of any length.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property

import klayout.db as kdb

from router.verify.klayout.distance import side_of

# An end goes on round a corner that turns inwards by at most this, degrees, as those of an octagon do, their vertices
# being on the grid.
MOST_TURN = 47.0

# Plain numbers: a pad may have fifteen short chords, and with objects of the engine they took three times as long.
Point = tuple[float, float]
Side = tuple[int, int, int, int]


def without_chords(found: kdb.EdgePairs, region: kdb.Region) -> Iterator[kdb.EdgePair]:
    """Pairs of edges of a region, but for those whose shortest way is such a chord."""
    boundary = _Boundary(region.interacting(found.extents(1)))
    for pair in found.each():
        one, other = boundary.number(pair.first), boundary.number(pair.second)
        here, there = _shortest_way(boundary.sides[one], boundary.sides[other])
        if not boundary.goes_on(one, here, there) and not boundary.goes_on(other, there, here):
            yield pair


class _Boundary:
    """The sides of polygons, with the inside on their right, and which of them follow each other."""

    def __init__(self, region: kdb.Region) -> None:
        self.sides: list[Side] = []
        self.before: list[int] = []
        self.after: list[int] = []
        self.from_: dict[Point, list[int]] = defaultdict(list)
        self.to: dict[Point, list[int]] = defaultdict(list)
        for polygon in region.each():
            for contour in range(polygon.holes() + 1):
                self._add([(e.x1, e.y1, e.x2, e.y2) for e in polygon.each_edge(contour)])

    def _add(self, ring: list[Side]) -> None:
        first = len(self.sides)
        for k, side in enumerate(ring):
            self.before.append(first + (k - 1) % len(ring))
            self.after.append(first + (k + 1) % len(ring))
            self.from_[side[:2]].append(first + k)
            self.to[side[2:]].append(first + k)
        self.sides += ring

    def number(self, part: kdb.Edge) -> int:
        """The side that a part belongs to. Most parts begin or end where it does."""
        x1, y1, x2, y2 = part.x1, part.y1, part.x2, part.y2
        if (x1, y1) != (x2, y2):
            for there in (self.from_.get((x1, y1), ()), self.to.get((x2, y2), ())):
                if len(there) == 1:
                    return there[0]
        side = side_of(part, self._shapes)
        return next(k for k in self.from_[side.x1, side.y1] if self.sides[k][2:] == (side.x2, side.y2))

    @cached_property
    def _shapes(self) -> kdb.Shapes:
        shapes = kdb.Shapes()
        for side in self.sides:
            shapes.insert(kdb.Edge(*side))
        return shapes

    def goes_on(self, number: int, here: Point, there: Point) -> bool:
        """Whether a place is an end of a side, and the way from it to another gets shorter round the corner."""
        side, way = self.sides[number], (there[0] - here[0], there[1] - here[1])
        if here == side[:2] and _is_round(before := self.sides[self.before[number]], side):
            return _dot(before, way) < 0
        return here == side[2:] and _is_round(side, after := self.sides[self.after[number]]) and _dot(after, way) > 0


def _shortest_way(one: Side, other: Side) -> tuple[Point, Point]:
    """From one side to another."""
    ways: list[tuple[Point, Point]] = [(end, _foot(other, end)) for end in (one[:2], one[2:])]
    ways += [(_foot(one, end), end) for end in (other[:2], other[2:])]
    return min(ways, key=lambda way: math.dist(*way))


def _foot(side: Side, place: Point) -> Point:
    """The place on a side that is nearest to another."""
    x, y, dx, dy = side[0], side[1], side[2] - side[0], side[3] - side[1]
    share = ((place[0] - x) * dx + (place[1] - y) * dy) / (dx * dx + dy * dy)
    return (x + share * dx, y + share * dy) if 0 < share < 1 else side[:2] if share <= 0 else side[2:]


def _is_round(before: Side, after: Side) -> bool:
    """Whether two sides, with the inside on their right, meet in a corner of a rounding."""
    ax, ay, bx, by = before[2] - before[0], before[3] - before[1], after[2] - after[0], after[3] - after[1]
    return math.degrees(math.atan2(ay * bx - ax * by, ax * bx + ay * by)) <= MOST_TURN


def _dot(side: Side, way: Point) -> float:
    return (side[2] - side[0]) * way[0] + (side[3] - side[1]) * way[1]
