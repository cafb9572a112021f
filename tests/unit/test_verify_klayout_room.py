"""Shapes that plainly have room are acquitted, all others stay in doubt."""

from __future__ import annotations

import klayout.db as kdb
import pytest

from router.verify.klayout.room import compact, doubtful, off_pads, stand_apart


def circle(x: int, y: int, diameter: int) -> kdb.Polygon:
    half = diameter // 2
    return kdb.Polygon.ellipse(kdb.Box(x - half, y - half, x + half, y + half), 64)


PADS = compact(kdb.Region([circle(0, 0, 3000), circle(5000, 0, 3000)]))


@pytest.mark.parametrize(("x", "margin", "left"), [(0, 995, 0), (0, 1005, 1), (5000, 995, 0), (10, 995, 1)])
def test_a_shape_is_left_in_doubt_where_no_pad_holds_it_with_the_margin(x: int, margin: int, left: int) -> None:
    assert doubtful(kdb.Region(circle(x, 0, 1000)), PADS, margin).count() == left


def test_alike_shapes_at_other_places_of_alike_pads_are_told_apart() -> None:
    inner = kdb.Region([circle(0, 0, 1000), circle(5300, 0, 1000)])
    assert [p.bbox().center().x for p in doubtful(inner, PADS, 995).each()] == [5300]


def test_shapes_beside_pads_and_on_slanted_traces_are_left_in_doubt() -> None:
    trace = kdb.Polygon([kdb.Point(*p) for p in [(0, 0), (9000, 9000), (9700, 8300), (700, -700)]])
    assert doubtful(kdb.Region(circle(4800, 4100, 100)), compact(kdb.Region(trace)), 10).count() == 1
    assert doubtful(kdb.Region(circle(2500, 0, 100)), PADS, 0).count() == 1


def test_overlapping_pads_hold_what_one_of_them_holds() -> None:
    pads = compact(kdb.Region([circle(0, 0, 3000), circle(1000, 0, 3000)]))
    assert doubtful(kdb.Region(circle(1000, 0, 1000)), pads, 995).is_empty()


@pytest.mark.parametrize(("gap", "apart"), [(100, True), (90, False)])
def test_convex_shapes_stand_apart_by_their_outlines_not_their_boxes(gap: int, apart: bool) -> None:
    # Beside each other, and slantwise, where their boxes overlap.
    for dx, dy in ((1, 0), (0.6, 0.8)):
        x, y = round((1000 + gap) * dx), round((1000 + gap) * dy)
        assert stand_apart(kdb.Region([circle(0, 0, 1000), circle(x, y, 1000)]), 98) is apart


def test_a_shape_with_a_notch_is_left_to_the_check_of_edges() -> None:
    notched = [(0, 0), (0, 100), (40, 100), (40, 50), (50, 50), (50, 100), (100, 100), (100, 0)]
    assert not stand_apart(kdb.Region(kdb.Polygon([kdb.Point(*p) for p in notched])), 5)


def test_a_box_holds_what_lies_in_it_with_the_margin() -> None:
    frame = compact(kdb.Region(kdb.Box(0, 0, 10_000, 10_000)))
    trace = kdb.Polygon(
        [kdb.Point(*p) for p in [(100, 100), (100, 9900), (9900, 9900), (9900, 9800), (200, 9800), (200, 100)]]
    )
    assert doubtful(kdb.Region(trace), frame, 100).is_empty()
    assert doubtful(kdb.Region(trace), frame, 101).count() == 1


def test_places_are_left_where_no_single_pad_covers_them_all() -> None:
    groups = [[(0, 0), (1400, 0)], [(5000, 0), (6400, 0)], [(5000, 0), (6600, 0)], [(9000, 0)], [(5001, 0), (6400, 0)]]
    assert off_pads(groups, PADS) == [(5000, 0), (6600, 0), (9000, 0)]
    assert off_pads([[(6499, 0)], [(6500, 0)]], PADS) == [(6500, 0)], "the whole square of 1 nm"
