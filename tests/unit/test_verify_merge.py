"""Polygons → merged regions, and points and overlaps among them."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from router.model.geometry import Box, Points
from router.verify.kernels.rings import corners_only
from router.verify.locate import islands_at, overlaps
from router.verify.merge import STRAIGHT, merge


def rect(x0: int, y0: int, x1: int, y1: int) -> Points:
    return Box(x0, y0, x1, y1).ring()


def ring(*xy: tuple[int, int]) -> Points:
    return np.array(xy, dtype=np.int64)


def test_nothing_gives_an_empty_region() -> None:
    region = merge([])
    assert region.islands == 0
    assert region.edges.shape == (0, 4)


def test_rings_without_area_are_left_out() -> None:
    region = merge([ring((0, 0), (10, 0)), ring((0, 0), (5, 5), (10, 10)), ring((3, 3), (3, 3), (3, 3))])
    assert region.islands == 0


def test_a_lone_polygon_stays_as_it_is_but_for_points_on_straight_edges() -> None:
    region = merge([ring((0, 0), (0, 0), (5, 0), (10, 0), (10, 7), (0, 7))[::-1]])
    assert region.areas().tolist() == [70]
    assert sorted(region.points.tolist()) == [[0, 0], [0, 7], [10, 0], [10, 7]]


@pytest.mark.parametrize(
    ("other", "islands", "area"),
    [
        (rect(10, 0, 20, 10), 1, 200),  # abutting
        (rect(5, 5, 15, 15), 1, 175),  # overlapping
        (rect(0, 0, 10, 10), 1, 100),  # the same twice
        (rect(2, 2, 8, 8), 1, 100),  # inside
        (rect(10, 10, 20, 20), 1, 200),  # corner to corner
        (rect(11, 0, 20, 10), 2, 190),  # 1 nm apart
    ],
)
def test_two_squares(other: Points, islands: int, area: int) -> None:
    region = merge([rect(0, 0, 10, 10), other])
    assert region.islands == islands
    assert region.areas().sum() == area


def test_a_frame_keeps_its_hole_and_the_island_in_it() -> None:
    frame = [rect(0, 0, 30, 5), rect(0, 25, 30, 30), rect(0, 0, 5, 30), rect(25, 0, 30, 30)]
    region = merge([*frame, rect(12, 12, 18, 18), rect(13, 13, 15, 15)])
    assert region.islands == 2
    assert sorted(region.areas().tolist()) == [36, 500]
    inner, hole, outer, away = islands_at(np.array([[15.0, 14.0], [8.0, 8.0], [2.0, 15.0], [40.0, 15.0]]), region)
    assert {inner, outer} == {0, 1}
    assert (hole, away) == (-1, -1)


def test_siblings_inside_a_plate_are_absorbed() -> None:
    region = merge([rect(0, 0, 100, 100), rect(10, 40, 20, 60), rect(40, 40, 60, 60), rect(45, 45, 50, 50)])
    assert region.islands == 1
    assert region.areas().tolist() == [10_000]


def test_a_polygon_that_touches_another_ones_slanted_edge_in_a_point_is_not_absorbed() -> None:
    region = merge([ring((0, 0), (20, 20), (0, 20)), ring((10, 10), (20, 0), (30, 10), (20, 15))])
    assert region.islands == 1
    assert region.areas().sum() == pytest.approx(200 + 150)


def test_a_keyhole_becomes_a_hole() -> None:
    keyhole = ring(
        (0, 0), (30, 0), (30, 30), (0, 30), (0, 15), (10, 15), (10, 20), (20, 20), (20, 10), (10, 10), (10, 15), (0, 15)
    )
    region = merge([keyhole])
    assert region.areas().tolist() == [800]
    assert len(region.ring_start) == 3
    assert len(region.edges) == 8


def test_a_polygon_that_overlaps_itself_is_filled() -> None:
    """A trace in a loop crosses itself; the crossing is metal, the middle of the loop is not."""
    loop = ring((0, 0), (40, 0), (40, 40), (10, 40), (10, -20), (20, -20), (20, 30), (30, 30), (30, 10), (0, 10))
    region = merge([loop])
    assert region.islands == 1
    assert region.areas().tolist() == [40 * 10 + 10 * 30 + 20 * 10 + 10 * 20 + 10 * 20]


def test_a_spike_without_area_goes() -> None:
    region = merge([ring((0, 0), (10, 0), (10, 5), (50, 5), (10, 5), (10, 10), (0, 10))])
    assert region.areas().tolist() == [100]
    assert region.boxes().tolist() == [[0, 0, 10, 10]]


def test_a_spike_joins_nothing() -> None:
    region = merge([ring((0, 0), (5, 0), (5, 3), (20, 3), (5, 3), (5, 5), (0, 5)), rect(10, 0, 15, 5)])
    assert region.islands == 2
    assert region.areas().tolist() == [25, 25]


def test_parts_of_a_ring_that_only_a_line_joins_are_islands() -> None:
    bridge = ring((5, 3), (10, 4), (10, 0), (15, 0), (15, 5), (10, 5), (10, 4), (5, 3))
    region = merge([np.concatenate([ring((0, 0), (5, 0)), bridge, ring((5, 5), (0, 5))]), rect(7, 3, 9, 4)])
    assert region.islands == 3
    assert sorted(region.areas().tolist()) == [2, 25, 25]


def test_a_ring_whose_halves_wind_both_ways_is_filled() -> None:
    region = merge([ring((0, 0), (10, 0), (0, 10), (10, 10))])
    assert region.islands == 1
    assert region.areas().tolist() == [50]


def test_slanted_edges_do_not_move_when_shapes_are_united() -> None:
    slope = ring((0, 0), (1000, 333), (1000, 433), (0, 100))
    region = merge([slope, rect(490, 100, 510, 400)])
    normal = np.array([-333.0, 1000.0]) / np.hypot(333, 1000)
    across = region.points @ normal
    on_sides = (np.abs(across) < 1e-6) | (np.abs(across - 100 * normal[1]) < 1e-6)
    assert on_sides.sum() == len(region.points) - 4


def test_overlaps_of_two_masks() -> None:
    metal = merge([rect(0, 0, 10, 10), rect(20, 0, 30, 10), rect(42, 2, 44, 4)])
    cuts = merge([rect(2, 2, 4, 4), rect(28, 2, 32, 4), rect(40, 0, 50, 10), rect(60, 0, 70, 10)])
    assert overlaps(cuts, metal).tolist() == [[0, 0], [1, 1], [2, 2]]
    assert overlaps(cuts, merge([])).tolist() == []


boxes = st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(1, 15), st.integers(1, 15))
triangles = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=3, max_size=3)


@settings(max_examples=150)
@given(st.lists(boxes, max_size=12), st.lists(triangles, max_size=6))
def test_area_and_islands_are_those_of_the_union(
    rects: list[tuple[int, ...]], points: list[list[tuple[int, int]]]
) -> None:
    rings = [rect(x, y, x + w, y + h) for x, y, w, h in rects] + [ring(*corners) for corners in points]
    region = merge(rings)
    solid = [shapely.Polygon(r) for r in rings if shapely.Polygon(r).area > 0]
    union = shapely.union_all(solid)
    assert region.areas().sum() == pytest.approx(union.area, abs=0.1)
    for number, point in enumerate(shapely.points(region.inner_points)):
        assert shapely.distance(union, point) < 1e-6
        assert islands_at(shapely.get_coordinates(point) - 2.0**-10, region)[0] in (number, -1)


@settings(max_examples=100)
@given(st.lists(boxes, min_size=1, max_size=12), st.integers(0, 60), st.integers(0, 60))
def test_points_are_found_in_their_island(rects: list[tuple[int, ...]], x: int, y: int) -> None:
    region = merge([rect(i, j, i + w, j + h) for i, j, w, h in rects])
    (found,) = islands_at(np.array([[x + 0.5, y + 0.5]]), region).tolist()
    inside = any(i < x + 0.5 < i + w and j < y + 0.5 < j + h for i, j, w, h in rects)
    assert (found >= 0) == inside


@pytest.mark.parametrize("first", range(5))
def test_vertices_that_crowd_at_a_slight_corner_leave_it(first: int) -> None:
    """Two a tenth of a nanometre apart, each on the line between its neighbours, at a bend of 0.01° between long edges:
    without both of them the edge would lie 130 nm away. Wherever the ring begins."""
    outline = [(0.0, 0.0), (1_000_000.0, 0.0), (1_000_000.1, 0.00002), (2_000_000.0, 174.0), (1_000_000.0, 900_000.0)]
    outline = outline[first:] + outline[:first]
    points, start = corners_only(np.array(outline), np.array([0, 5]), STRAIGHT)
    assert start.tolist() == [0, 4]
    assert np.hypot(*(points - np.array([1_000_000.0, 0.0])).T).min() < 1.0
