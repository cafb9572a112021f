"""Keep-outs thinner than the spacing of metal are closed to traces as if they were as thick."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from router.model.geometry import Points
from router.plan.flanks import flanks

SPACING = 10_000


def ring(*corners: tuple[float, float]) -> Points:
    return np.array([(round(x * 1000), round(y * 1000)) for x, y in corners], dtype=np.int64)


def box(x0: float, y0: float, x1: float, y1: float) -> Points:
    return ring((x0, y0), (x1, y0), (x1, y1), (x0, y1))


def closed(*rings: Points) -> shapely.Geometry:
    return shapely.union_all([shapely.Polygon(r) for r in [*rings, *flanks(rings, SPACING)]])


@pytest.mark.parametrize("turn", [1, -1])
def test_a_thin_keep_out_is_made_as_thick_as_the_spacing_and_no_longer(turn: int) -> None:
    assert closed(box(0, 0, 300, 1)[::turn]).equals(shapely.Polygon(box(0, -4.5, 300, 5.5)))
    twice = np.repeat(box(0, 0, 300, 1), 2, axis=0)
    assert closed(twice[::turn]).equals(shapely.Polygon(box(0, -4.5, 300, 5.5)))


@pytest.mark.parametrize(
    "rings",
    [
        [box(0, 0, 300, 10)],
        [box(0, 5 * k, 300, 5 * k + 5) for k in range(4)],
        [box(0, 0, 300, 300), box(0, 299, 300, 300)],
        [ring((0, 0), (300, 200), (300, -200))],
        [],
    ],
    ids=["just thick enough", "slices", "a slice within", "a wide corner", "none"],
)
def test_what_is_not_thin_is_left_alone(rings: list[Points]) -> None:
    assert flanks(rings, SPACING) == []


def test_a_small_one_is_thin_both_ways() -> None:
    cross = shapely.union(shapely.Polygon(box(-2.5, 0, 7.5, 5)), shapely.Polygon(box(0, -2.5, 5, 7.5)))
    assert closed(box(0, 0, 5, 5)).equals(cross)


def test_a_tip_is_as_thick_as_the_spacing_until_the_keep_out_is() -> None:
    wedge = ring((0, 0), (300, -30), (300, 30))
    grown = closed(wedge)
    assert grown.difference(shapely.Polygon(wedge)).bounds[2] < 52_000
    for x in (1_000, 20_000, 49_000):
        across = grown.intersection(shapely.LineString([(x, -50_000), (x, 50_000)]))
        assert across.length == pytest.approx(SPACING, rel=0.02)


def test_a_slanted_keep_out_is_as_thick_across() -> None:
    grown = closed(ring((0, 0), (1, -1), (201, 199), (200, 200)))
    assert grown.area == pytest.approx(SPACING * 200e3 * np.sqrt(2), rel=1e-3)
    assert not [part for part in shapely.get_parts(grown) if part.interiors]


def test_a_bent_one_is_thick_on_both_arms_and_within_its_bend() -> None:
    grown = closed(ring((0, 0), (300, 0), (300, 1), (1, 1), (1, 300), (0, 300)))
    assert grown.contains(shapely.Polygon(box(10, -4.5, 300, 5.5)))
    assert grown.contains(shapely.Polygon(box(-4.5, 10, 5.5, 300)))


def test_where_traces_run_at_any_angle_wider_tips_count_as_far_as_they_are_thin() -> None:
    wide, wider = (ring((0, 0), (300, y), (500, y), (500, -y), (300, -y)) for y in (200, 260))
    left, low, right, high = shapely.union_all([shapely.Polygon(r) for r in flanks([wide], SPACING, taut=True)]).bounds
    assert (low, high) == (-4_161, 4_161)
    assert left > -0.3 * SPACING
    assert right < 0.4 * SPACING
    assert flanks([wider], SPACING, taut=True) == []
