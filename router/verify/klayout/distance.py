"""How far places are from an edge."""

from __future__ import annotations

import math

import klayout.db as kdb


def distance_to(edge: kdb.Edge | kdb.DEdge, x: float, y: float) -> float:
    share = share_of(edge, x, y)
    return math.hypot(x - edge.x1 - share * edge.dx(), y - edge.y1 - share * edge.dy())


def share_of(edge: kdb.Edge | kdb.DEdge, x: float, y: float) -> float:
    """How far along an edge the place on it is that is nearest to (x, y), from 0 to 1."""
    along = ((x - edge.x1) * edge.dx() + (y - edge.y1) * edge.dy()) / (edge.dx() ** 2 + edge.dy() ** 2)
    return float(min(1.0, max(0.0, along)))


def side_of(part: kdb.Edge, sides: kdb.Shapes) -> kdb.Edge:
    """The edge that a part belongs to, whose ends were rounded to the grid."""
    near: list[kdb.Edge] = [shape.edge for shape in sides.each_touching(part.bbox().enlarged(1, 1))]
    return min(near, key=lambda edge: max(distance_to(edge, end.x, end.y) for end in (part.p1, part.p2)))
