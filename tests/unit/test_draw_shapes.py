"""Drawn traces and pads keep width, enclosure and the grid."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from router.draw.shapes import farthest, trace_octagon, trace_rings
from router.maze.obstacles import pad_obstacle
from router.model.geometry import GRID_SLACK, MOST_VERTICES
from router.model.pad_rings import pad_rings
from router.model.pdk import PadShape, ShapeKind
from router.read.design import read_design

STEPS = [(1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1)]
TOY = read_design("toy")
WIDTHS = [400, 425, 2000, 2001, 10_000, 30_001]


@st.composite
def octilinear_lines(draw: st.DrawFn) -> tuple[np.ndarray, int]:
    """A walk in steps of the eight directions, bending by at most 45°, some steps shorter than a mitre needs."""
    width = draw(st.sampled_from(WIDTHS))
    heading = draw(st.integers(0, 7))
    line = [(0, 0)]
    for turn, length in draw(
        st.lists(st.tuples(st.sampled_from([-1, 1]), st.integers(1, 4 * width)), min_size=1, max_size=9)
    ):
        dx, dy = STEPS[heading]
        line.append((line[-1][0] + dx * length, line[-1][1] + dy * length))
        heading = (heading + turn) % 8
    return np.array(line, dtype=np.int64), width


def polygons(rings: tuple[np.ndarray, ...]) -> shapely.Geometry:
    return shapely.union_all([shapely.polygons(ring) for ring in rings])


@settings(max_examples=150)
@given(octilinear_lines())
def test_traces_are_never_narrower_than_their_width(case: tuple[np.ndarray, int]) -> None:
    line, width = case
    rings = trace_rings(line, width)
    metal = polygons(rings).buffer(0.01)
    for a, b in pairwise(line):
        # Odd widths lie half a nanometre to the +x, +y side where the trace runs along an axis.
        shift = (width % 2) / 2 if (a == b).any() else 0
        segment = shapely.LineString([a + shift, b + shift])
        assert metal.contains(segment.buffer(width / 2 - shift, cap_style="flat"))
    for ring in rings:
        edges = np.diff(np.vstack([ring, ring[:1]]), axis=0)
        slanted = (edges != 0).all(axis=1)
        assert (np.abs(edges[slanted, 0]) == np.abs(edges[slanted, 1])).all(), "an edge left 45°"
        assert shapely.polygons(ring).is_valid
        assert shapely.polygons(ring).exterior.is_ccw
        assert ring.dtype == np.int64


@settings(max_examples=100)
@given(octilinear_lines())
def test_traces_stay_within_their_reach(case: tuple[np.ndarray, int]) -> None:
    line, width = case
    reach = farthest(np.array(trace_octagon(width)))
    for ring in trace_rings(line, width):
        assert shapely.distance(shapely.points(ring), shapely.LineString(line)).max() <= reach


def test_a_straight_trace_is_exactly_as_wide_as_asked() -> None:
    (ring,) = trace_rings(np.array([[0, 0], [50_000, 0]]), 2001)
    assert np.ptp(ring[:, 1]) == 2001
    assert (ring[:, 1].min(), ring[:, 1].max()) == (-1000, 1001)


def test_a_bend_of_45_degrees_is_one_mitred_ring() -> None:
    (ring,) = trace_rings(np.array([[0, 0], [20_000, 0], [40_000, 20_000]]), 2000)
    assert len(ring) == 10
    corners = np.array(trace_octagon(2000))
    assert {tuple(v) for v in (np.array([20_000, 0]) + corners[[6, 2]]).tolist()} <= {tuple(v) for v in ring.tolist()}


def test_half_nanometre_crossings_are_filled() -> None:
    """Two slants with an odd step between them cross between grid points on the inside."""
    line = np.array([[0, 0], [20_000, 20_000], [20_001, 20_000], [40_001, 0]])
    (ring,) = trace_rings(line, 2000)
    inner = [tuple(v) for v in ring.tolist() if 19_000 < v[0] < 21_000 and v[1] < 19_500]
    assert len(inner) == 2
    assert inner[0][1] == inner[1][1]
    assert abs(inner[0][0] - inner[1][0]) == 1


def test_right_angles_and_any_angle_are_drawn_without_spikes() -> None:
    for line in ([[0, 0], [20_000, 0], [20_000, 20_000]], [[0, 0], [20_000, 7_000], [50_000, -3_000]]):
        (ring,) = trace_rings(np.array(line), 2000)
        assert shapely.polygons(ring).is_valid
        assert shapely.distance(shapely.points(ring), shapely.LineString(line)).max() <= farthest(
            np.array(trace_octagon(2000))
        )


def test_a_trace_round_a_hole_is_drawn_as_overlapping_pieces() -> None:
    line = np.array([[0, 0], [30_000, 0], [30_000, 30_000], [0, 30_000], [0, 0]])
    rings = trace_rings(line, 2000)
    assert len(rings) == 4
    assert len(polygons(rings).interiors) == 1


def test_long_traces_are_split_below_the_vertex_limit() -> None:
    steps = np.array([[20_000, 0], [20_000, 20_000], [20_000, 0], [20_000, -20_000]] * 1500)
    line = np.concatenate([[[0, 0]], np.cumsum(steps, axis=0)])
    rings = trace_rings(line, 2000)
    assert len(rings) > 1
    assert max(len(ring) for ring in rings) <= MOST_VERTICES
    assert polygons(rings).geom_type == "Polygon"


def test_points_without_length_are_an_octagon() -> None:
    (ring,) = trace_rings(np.array([[5, 7], [5, 7]]), 2000)
    assert len(ring) == 8
    assert (ring.min(axis=0) == [-995, -993]).all()


def circle(diameter: int) -> PadShape:
    return PadShape("M", ShapeKind.CIRCLE, diameter, diameter)


@pytest.mark.parametrize("diameter", [400, 5_000, 5_001, 20_000, 25_000, 240_000, 310_000])
@pytest.mark.parametrize("chord_error", [10, 50, 100])
def test_circles_are_circumscribed_and_exact_on_the_axes(diameter: int, chord_error: int) -> None:
    (ring,) = pad_rings([circle(diameter)], chord_error)
    assert np.ptp(ring, axis=0).tolist() == [diameter, diameter]
    assert len(ring) % 8 == 0
    centre = (diameter % 2) / 2
    edges = shapely.linearrings(ring)
    assert shapely.distance(shapely.Point(centre, centre), edges) >= diameter / 2 - 0.5 * (diameter % 2) - 1e-6
    assert np.hypot(*ring.T).max() <= diameter / 2 + chord_error + 12


@pytest.mark.parametrize("chord_error", [10, 50])
@pytest.mark.parametrize("sizes", [(5_000, 10_000), (15_000, 25_000), (20_000, 30_000), (210_000, 230_000, 250_000)])
def test_enclosure_on_paper_is_enclosure_on_the_mask(sizes: tuple[int, ...], chord_error: int) -> None:
    rings = pad_rings([circle(size) for size in sizes], chord_error)
    for (small, inner), (large, outer) in pairwise(zip(sizes, rings, strict=True)):
        margin = shapely.distance(shapely.linearrings(inner), shapely.linearrings(outer))
        assert margin == pytest.approx((large - small) / 2, abs=1e-6)


def test_circles_with_facets_on_one_line_enclose_each_other_as_well() -> None:
    """Of the second one, two facets after each other lie on one line."""
    sizes = (30_944, 28_761, 19_733)
    rings = pad_rings([circle(size) for size in sizes], 1)
    for (large, outer), (small, inner) in pairwise(zip(sizes, rings, strict=True)):
        margin = shapely.distance(shapely.linearrings(inner), shapely.linearrings(outer))
        assert margin >= (large - small) // 2 - 1e-6


@given(
    kind=st.sampled_from([ShapeKind.CIRCLE, ShapeKind.OCTAGON]),
    cut=st.integers(200, 30_000),
    margins=st.tuples(st.integers(0, 8_000), st.integers(0, 8_000)),
    chord_error=st.sampled_from([2, 10, 50]),
)
@example(kind=ShapeKind.OCTAGON, cut=16_508, margins=(12_707, 635), chord_error=2)
def test_captures_enclose_their_cut_and_stand_out_no_farther_than_the_search_allows(
    kind: ShapeKind, cut: int, margins: tuple[int, int], chord_error: int
) -> None:
    sizes = [cut, *(cut + 2 * margin for margin in margins)]
    inner, *captures = pad_rings([PadShape("M", kind, size, size) for size in sizes], chord_error, cut=True)
    for ring, margin in zip(captures, margins, strict=True):
        assert shapely.distance(shapely.linearrings(inner), shapely.linearrings(ring)) >= margin - 1e-6
    for ring, size in zip((inner, *captures), sizes, strict=True):
        half = (size + 1) // 2
        if kind is ShapeKind.CIRCLE:
            assert np.hypot(*ring.T).max() <= half + chord_error + GRID_SLACK
        else:
            assert np.abs(ring).sum(axis=1).max() / np.sqrt(2) <= half + GRID_SLACK


@given(sizes=st.lists(st.integers(400, 40_000), min_size=1, max_size=5))
@example(sizes=[29_588, 33_287, 35_136, 36_985])
def test_octagons_round_others_stand_out_no_farther_than_the_search_allows(sizes: list[int]) -> None:
    sizes = sorted(sizes)
    rings = pad_rings([PadShape("M", ShapeKind.OCTAGON, size, size) for size in sizes], 2)
    for inside, (ring, size) in enumerate(zip(rings, sizes, strict=True)):
        pad = pad_obstacle(TOY, 0, ShapeKind.OCTAGON, (size, size), None, inside)
        assert np.abs(ring).sum(axis=1).max() / np.sqrt(2) <= pad.flat + pad.slack


def test_octagons_enclose_circles_and_measure_across_flats() -> None:
    octagon = PadShape("M", ShapeKind.OCTAGON, 60_000, 60_000)
    inner, outer = pad_rings([circle(40_000), octagon], 50)
    assert len(outer) == 8
    assert np.ptp(outer, axis=0).tolist() == [60_000, 60_000]
    assert shapely.distance(shapely.linearrings(inner), shapely.linearrings(outer)) >= 10_000 - 1e-6


@pytest.mark.parametrize(
    ("land", "opening", "chord_error"),
    [(200, 140, 2), (2_000, 1_400, 20), (80_000, 60_000, 50)],
)
def test_circles_round_octagons_stay_round(land: int, opening: int, chord_error: int) -> None:
    """What they enclose the corners of an octagon by is less than half the difference of the two sizes."""
    outer, inner = pad_rings([circle(land), PadShape("M", ShapeKind.OCTAGON, opening, opening)], chord_error)
    assert np.hypot(*outer.T).max() <= land / 2 + chord_error + 2
    assert shapely.polygons(outer).is_valid
    on_paper = land / 2 - opening / 2 * ShapeKind.OCTAGON.corner
    assert shapely.distance(shapely.linearrings(inner), shapely.linearrings(outer)) >= on_paper - 1


@pytest.mark.parametrize("diameters", [(286_870, 276_107, 262_363), (2_542, 2_109, 1_619), (365, 204, 109)])
def test_facets_of_a_nanometre_do_not_turn_inwards(diameters: tuple[int, ...]) -> None:
    for ring in pad_rings([circle(size) for size in diameters], 1):
        whole = shapely.polygons(ring)
        assert whole.is_valid and shapely.convex_hull(whole).area == whole.area


def test_oblongs_and_rectangles_measure_as_asked() -> None:
    for kind in (ShapeKind.OBLONG, ShapeKind.RECT):
        for width, height in ((100_000, 200_000), (200_001, 100_000)):
            (ring,) = pad_rings([PadShape("M", kind, width, height)], 50)
            assert np.ptp(ring, axis=0).tolist() == [width, height]
            assert shapely.polygons(ring).is_valid
    (rect,) = pad_rings([PadShape("M", ShapeKind.RECT, 60, 80)], 50)
    assert len(rect) == 4
