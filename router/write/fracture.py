"""Merged metal → polygons that any mask writer takes: without holes, of few vertices, side by side without overlap."""

from __future__ import annotations

from collections.abc import Iterator

import klayout.db as kdb

from router.model.geometry import MOST_VERTICES


def fracture(region: kdb.Region, most: int = MOST_VERTICES) -> list[kdb.Polygon]:
    """The region merged and cut, along x and y only, into simple polygons of at most `most` vertices.

    Where a cut meets a slanted edge the new vertex lies on the grid, for the polygons on both sides alike; so that edge
    is bent by less than 1 nm.
    """
    return [piece for polygon in region.merged(True, 0).each() for piece in _pieces(polygon, most)]


def _pieces(polygon: kdb.Polygon, most: int) -> Iterator[kdb.Polygon]:
    todo = [polygon]
    while todo:
        piece = todo.pop()
        if piece.holes() or piece.num_points_hull() > most:
            todo += _halves(piece)
        else:
            yield piece


def _halves(polygon: kdb.Polygon) -> list[kdb.Polygon]:
    """Both sides of a cut across the longer side: through the hole nearest the middle, else through the middle."""
    box = polygon.bbox()
    across = box.width() >= box.height()
    middle = box.center().x if across else box.center().y
    holes = [kdb.Polygon(list(polygon.each_point_hole(n))).bbox().center() for n in range(polygon.holes())]
    cut = min((hole.x if across else hole.y for hole in holes), key=lambda at: abs(at - middle), default=middle)
    if across:
        low, high = kdb.Box(box.left, box.bottom, cut, box.top), kdb.Box(cut, box.bottom, box.right, box.top)
    else:
        low, high = kdb.Box(box.left, box.bottom, box.right, cut), kdb.Box(box.left, cut, box.right, box.top)
    # Not Region's operators: they join holes to the outline by slits.
    cutter, both = kdb.EdgeProcessor(), kdb.EdgeProcessor.ModeAnd
    sides = (cutter.boolean_p2p([polygon], [kdb.Polygon(side)], both, False, True) for side in (low, high))
    return [piece for pieces in sides for piece in pieces]
