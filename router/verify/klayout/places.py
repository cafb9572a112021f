"""Which of many places lie on a region.

By one pass over all of them that is cheap to say. To ask for each takes as long as its polygon has corners, so that is
left for places near an edge.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

import klayout.db as kdb

Place = tuple[int, int]

# A place lies well on a region with so much of it around, nm: the engine rounds what it computes by 1 at most.
AROUND = kdb.Box(-3, -3, 3, 3)


def spots(places: Iterable[Place], around: kdb.Box) -> kdb.Region:
    """A box round each place, nm; they stay apart where they meet."""
    region = kdb.Region()
    region.merged_semantics = False
    for x, y in places:
        region.insert(around.moved(x, y))
    return region


def well_on(region: kdb.Region, places: Iterable[Place]) -> dict[Place, kdb.PolygonWithProperties]:
    """Places well on a region, and what lies around each, with the properties of its polygon. Some of those whose boxes
    meet are left out, as these become one."""
    found = {}
    for part in region.and_(spots(places, AROUND), kdb.Region.NoPropertyConstraint).each():
        centre = part.bbox().center()
        if part.is_box() and part.bbox() == AROUND.moved(centre.x, centre.y):
            found[centre.x, centre.y] = part
    return found


def uncovered(region: kdb.Region, places: Collection[Place]) -> list[Place]:
    """The places that are not on a region with the whole square of 1 nm right of and above them."""
    amid = well_on(region, places)
    near = spots((place for place in places if place not in amid), kdb.Box(0, 0, 1, 1))
    return [(spot.bbox().left, spot.bbox().bottom) for spot in near.not_inside(region).each()]
