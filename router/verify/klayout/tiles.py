"""Checks of polygons where cut edges were found suspicious.

Pairs of cut edges are found in no time, but through other edges as well. The check of polygons, where nothing stands
between the edges of a pair, takes long on long diagonals, so it is left with what lies around suspicious places, tile
by tile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import klayout.db as kdb

# Sides of tiles, in units of the grid.
TILE = 5_000_000
# How much farther than a rule reaches the surroundings of a tile go: the edges that come of cutting them off face none
# that reaches into the tile.
BEYOND = 10

Check = Callable[[kdb.Region, kdb.Region, int], kdb.EdgePairs]


def tile_by_tile(
    suspicious: Sequence[kdb.EdgePair], distance: int, one: kdb.Region, other: kdb.Region, *, check: Check
) -> Iterator[kdb.EdgePair]:
    """Pairs of edges of two regions that `check` finds around suspicious ones; some more than once."""
    if not suspicious:
        return
    places = kdb.EdgePairs(suspicious).extents(1).merged()
    spots, shapes = _shapes(places), [_shapes(region.interacting(places)) for region in (one, other)]
    for tile in _tiles(places.bbox(), max(TILE, distance)):
        if not any(True for _ in spots.each_touching(tile)):
            continue
        around = tile.enlarged(distance + BEYOND, distance + BEYOND)
        for pair in check(_cut(shapes[0], around), _cut(shapes[1], around), distance).each():
            if pair.first.bbox().touches(tile) or pair.second.bbox().touches(tile):
                yield pair


def _shapes(region: kdb.Region) -> kdb.Shapes:
    shapes = kdb.Shapes()
    shapes.insert(region)
    return shapes


def _tiles(box: kdb.Box, size: int) -> Iterator[kdb.Box]:
    for x in range(box.left, box.right, size):
        for y in range(box.bottom, box.top, size):
            yield kdb.Box(x, y, x + size, y + size)


def _cut(shapes: kdb.Shapes, box: kdb.Box) -> kdb.Region:
    found = kdb.Region()
    for shape in shapes.each_touching(box):
        found.insert(shape.polygon)
    return found & kdb.Region(box)
