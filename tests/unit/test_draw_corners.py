"""Corners of the space beside metal that are too sharp are cut off by triangles."""

from __future__ import annotations

import math

import pytest
import shapely

from router.draw.corners import sharp_corners

PLACE = shapely.box(-20_000, -20_000, 20_000, 20_000)


def wedge(degrees: float) -> shapely.Polygon:
    """A block whose upper side has a notch of this angle, symmetric, 4 µm deep."""
    half = 4000 * math.tan(math.radians(degrees / 2))
    return shapely.Polygon([(-9000, -9000), (9000, -9000), (9000, 0), (half, 0), (0, -4000), (-half, 0), (-9000, 0)])


@pytest.mark.parametrize(("degrees", "count"), [(60, 1), (85, 1), (89.5, 1), (89.8, 0), (90, 0), (120, 0)])
def test_what_is_sharper_than_allowed_is_cut_off(degrees: float, count: int) -> None:
    metal = wedge(degrees)
    found = sharp_corners(metal, 90, 600, PLACE)
    assert len(found) == count
    filled = shapely.union_all([metal, *found])
    assert not sharp_corners(filled, 90, 600, PLACE)
    if count:
        added = filled.area - metal.area
        assert added == pytest.approx(600**2 * math.sin(math.radians(degrees)) / 2)
        assert metal.intersection(found[0]).area > 0, "it holds on to the metal"


def test_corners_of_the_metal_itself_are_left_alone() -> None:
    spike = shapely.Polygon([(0, 0), (10_000, 0), (0, 3000)])
    assert sharp_corners(spike, 90, 600, PLACE) == []


def test_corners_of_a_hole_are_found() -> None:
    block = shapely.box(0, 0, 10_000, 10_000)
    hole = shapely.Polygon([(2000, 2000), (8000, 2000), (2000, 5000)])
    assert len(sharp_corners(block.difference(hole), 89, 300, PLACE)) == 2


def test_corners_outside_the_place_are_left_alone() -> None:
    assert sharp_corners(wedge(60), 90, 600, shapely.box(-9000, -3990, 9000, 0)) == []


def test_a_short_edge_limits_the_triangle() -> None:
    metal = shapely.Polygon([(-5000, -5000), (5000, -5000), (5000, 3000), (-100, -300), (0, 0), (-5000, 0)])
    (triangle,) = sharp_corners(metal, 90, 600, PLACE)
    assert triangle.area < 600**2 / 2


@pytest.mark.parametrize(("leg", "count"), [(3, 0), (30, 0), (100, 1), (1000, 1)])
def test_a_corner_that_the_grid_makes_sharp_is_left_alone(leg: float, count: int) -> None:
    """89° between a long edge and one of a few nanometres, whose end may lie half a nanometre off."""
    turn = math.radians(89)
    tip = leg * math.cos(turn), leg * math.sin(turn)
    metal = shapely.Polygon([(-5000, -5000), (5000, -5000), (5000, 0), (0, 0), tip, (-5000, 4000)])
    assert len(sharp_corners(metal, 90, 600, PLACE)) == count
