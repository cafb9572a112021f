"""Places looked for all at once are the same as asked for one by one, at edges as well."""

from __future__ import annotations

from itertools import product

import klayout.db as kdb
import numpy as np
import pytest

from router.verify.klayout.places import Place, uncovered, well_on

HOLE = kdb.Polygon(kdb.Box(0, 0, 40, 40))
HOLE.insert_hole(kdb.Box(11, 11, 29, 29))
SLANTED = kdb.Polygon([kdb.Point(*corner) for corner in ((60, 0), (103, 7), (95, 41), (51, 29))])
TIP = kdb.Polygon([kdb.Point(*corner) for corner in ((120, 0), (160, 3), (120, 5))])
EVERYWHERE = list(product(range(-5, 165), range(-5, 46)))


def alone(region: kdb.Region, x: int, y: int) -> bool:
    """Whether the square of 1 nm at a place lies on the region, by asking for this one."""
    return bool(kdb.Region(kdb.Box(x, y, x + 1, y + 1)).inside(region).count())


def some(seed: int) -> list[Place]:
    """Sixty of the places: the boxes of few of these meet."""
    picked = np.random.default_rng(seed).choice(len(EVERYWHERE), 60, replace=False)
    return [EVERYWHERE[k] for k in picked.tolist()]


@pytest.mark.parametrize("places", [EVERYWHERE, *(some(seed) for seed in range(20))])
def test_what_is_uncovered_is_so_when_asked_for_alone(places: list[Place]) -> None:
    region = kdb.Region([HOLE, SLANTED, TIP])
    expected = {(x, y) for x, y in places if not alone(region, x, y)}
    assert set(uncovered(region, places)) == expected
    assert not expected & set(well_on(region, places))


@pytest.mark.parametrize("seed", range(20))
def test_places_well_on_a_region_are_told_the_properties_of_their_polygon(seed: int) -> None:
    named = kdb.Region()
    for name, polygon in enumerate((HOLE, SLANTED, TIP)):
        named.insert(kdb.PolygonWithProperties(polygon, {0: name}))
    found = well_on(named, some(seed))
    assert found
    for (x, y), part in found.items():
        assert (HOLE, SLANTED, TIP)[part.property(0)].inside(kdb.Point(x, y))
