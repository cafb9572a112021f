"""Ways through metal that get shorter as one of their ends goes on along the boundary: chords of what is round.

They tell nothing of how wide the metal is: in a circle there are chords of any length.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import klayout.db as kdb

from router.verify.klayout.distance import share_of, side_of

# An end goes on round a corner that turns inwards by at most this, degrees, as those of an octagon do, their vertices
# being on the grid.
MOST_TURN = 47.0


def without_chords(found: kdb.EdgePairs, region: kdb.Region) -> Iterator[kdb.EdgePair]:
    """Pairs of edges of a region, but for those whose shortest way is such a chord."""
    sides, beside = kdb.Shapes(), dict[kdb.Edge, tuple[kdb.Edge, kdb.Edge]]()
    for polygon in region.interacting(found.extents(1)).each():
        for contour in range(polygon.holes() + 1):
            edges = list(polygon.each_edge(contour))
            for k, edge in enumerate(edges):
                sides.insert(edge)
                beside[edge] = edges[k - 1], edges[k + 1 - len(edges)]
    for pair in found.each():
        one, other = side_of(pair.first, sides), side_of(pair.second, sides)
        here, there = _shortest_way(one, other)
        if not _goes_on(one, *beside[one], here, there) and not _goes_on(other, *beside[other], there, here):
            yield pair


def _shortest_way(one: kdb.Edge, other: kdb.Edge) -> tuple[kdb.DPoint, kdb.DPoint]:
    """From one edge to another."""
    ways = [(end, _foot(other, end)) for end in _ends(one)] + [(_foot(one, end), end) for end in _ends(other)]
    return min(ways, key=lambda way: way[0].distance(way[1]))


def _ends(edge: kdb.Edge) -> tuple[kdb.DPoint, kdb.DPoint]:
    return edge.p1.to_dtype(1.0), edge.p2.to_dtype(1.0)


def _foot(edge: kdb.Edge, place: kdb.DPoint) -> kdb.DPoint:
    """The place on an edge that is nearest to another."""
    share = share_of(edge, place.x, place.y)
    return kdb.DPoint(edge.x1 + share * edge.dx(), edge.y1 + share * edge.dy())


def _goes_on(edge: kdb.Edge, before: kdb.Edge, after: kdb.Edge, here: kdb.DPoint, there: kdb.DPoint) -> bool:
    """Whether a place is an end of an edge, and the way from it to another gets shorter round the corner."""
    start, end = _ends(edge)
    way = there - here
    if here == start and _is_round(before, edge):
        return _dot(before, way) < 0
    return here == end and _is_round(edge, after) and _dot(after, way) > 0


def _is_round(before: kdb.Edge, after: kdb.Edge) -> bool:
    """Whether two edges, with the inside on their right, meet in a corner of a rounding."""
    cross = before.dx() * after.dy() - before.dy() * after.dx()
    return math.degrees(math.atan2(-cross, before.dx() * after.dx() + before.dy() * after.dy())) <= MOST_TURN


def _dot(edge: kdb.Edge, way: kdb.DVector) -> float:
    return float(edge.dx() * way.x + edge.dy() * way.y)
