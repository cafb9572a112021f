"""Smallest width and space against KLayout's checks: none is found at that distance, some just above it."""

from __future__ import annotations

from collections.abc import Callable

import klayout.db as kdb
import numpy as np
import pytest

from router.model.geometry import Box, Points
from router.verify.kernels.facing import IGNORED_ANGLE
from router.verify.merge import merge
from router.verify.smallest import smallest_space, smallest_width

Check = Callable[[int], kdb.EdgePairs]


def region(rings: list[Points]) -> kdb.Region:
    shapes = kdb.Region()
    for ring in rings:
        shapes.insert(kdb.Polygon([kdb.Point(x, y) for x, y in ring.tolist()]))
    return shapes.merged()


def least(check: Check, most: int = 100_000) -> float | None:
    """The least distance that KLayout's check finds: it reports what is nearer than it is asked for."""
    if check(most).is_empty():
        return None
    low, high = 0, most
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if check(middle).count() else (middle, high)
    return low


def checks(shapes: kdb.Region, *, projected: bool = False) -> tuple[Check, Check]:
    metric = kdb.Metrics.Projection if projected else kdb.Metrics.Euclidian
    return (
        lambda d: shapes.width_check(d, metrics=metric, ignore_angle=IGNORED_ANGLE),
        lambda d: shapes.space_check(d, ignore_angle=IGNORED_ANGLE),
    )


def comb(teeth: int) -> Points:
    """A comb whose teeth are 2000 wide, its gaps 3000, but the last one 1999."""
    x, points = 0, [(0, 0)]
    for tooth in range(teeth):
        points += [(x, 20_000), (x + 2000, 20_000), (x + 2000, 5000)]
        x += 2000 + (3000 if tooth < teeth - 2 else 1999)
        points.append((x, 5000))
    return np.array([*points[:-2], (points[-3][0], 0)], dtype=np.int64)


def test_a_notch_counts_as_a_space() -> None:
    drawn = merge([comb(5)])
    assert smallest_width(drawn) == 2000
    assert smallest_space(drawn) == 1999


def test_nothing_is_found_where_nothing_is() -> None:
    assert smallest_width(merge([])) is None
    assert smallest_space(merge([])) is None
    square = merge([Box(0, 0, 5_000_000, 7_000_000).ring()])
    assert smallest_width(square) == 5_000_000
    assert smallest_space(square) is None


def test_a_hole_is_a_space_and_corners_that_kiss_have_none() -> None:
    frame = [Box(0, 0, 9000, 1000), Box(0, 8000, 9000, 9000), Box(0, 0, 1500, 9000), Box(8000, 0, 9000, 9000)]
    assert smallest_space(merge([box.ring() for box in frame])) == 6500
    kissing = merge([Box(0, 0, 1000, 1000).ring(), Box(1000, 1000, 2000, 2000).ring()])
    assert smallest_space(kissing) == 0
    apart = merge([Box(0, 0, 1000, 1000).ring(), Box(1300, 1400, 2000, 2000).ring()])
    assert smallest_space(apart) == pytest.approx(500)


def test_what_lies_between_decides() -> None:
    """Two arms of one shape, 40 wide together with their gap, are 15 wide each."""
    arms = [Box(0, 0, 15_000, 90_000), Box(25_000, 0, 40_000, 90_000), Box(0, 0, 40_000, 20_000)]
    assert smallest_width(merge([box.ring() for box in arms])) == 15_000


def test_the_one_narrow_among_thousands_is_found() -> None:
    places = [(x, y) for x in range(0, 3_000_000, 50_000) for y in range(0, 3_000_000, 50_000)]
    boxes = [Box(x, y, x + 20_000, y + 20_000) for x, y in places]
    boxes[1234] = Box(boxes[1234].x0, boxes[1234].y0, boxes[1234].x1 - 1, boxes[1234].y1 + 7)
    drawn = merge([box.ring() for box in boxes])
    assert smallest_width(drawn) == 19_999
    assert smallest_space(drawn) == 29_993


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("grid", [1, 250])
def test_rectangles_are_measured_to_the_nanometre(seed: int, grid: int) -> None:
    rng = np.random.default_rng(seed)
    corners = rng.integers(0, 60_000 // grid, (12, 2)) * grid
    sizes = rng.integers(2_000 // grid, 15_000 // grid, (12, 2)) * grid
    rings = [Box(*low, *(low + size)).ring() for low, size in zip(corners.tolist(), sizes, strict=True)]
    drawn = merge(rings)
    width, space = checks(region(rings))
    same(smallest_width(drawn), least(width), 0)
    same(smallest_space(drawn), least(space), 0)


@pytest.mark.parametrize("seed", range(20))
def test_shapes_at_any_angle_are_measured_to_a_nanometre(seed: int) -> None:
    """Traces, discs and octagons, each in a place of its own, so that no slanted edges cross."""
    rng = np.random.default_rng(seed)
    rings = []
    for n in range(16):
        centre = np.array([n % 4, n // 4]) * 9000
        if n % 2:
            angles = (np.arange(8 + 8 * (n % 3)) + 0.5) * 2 * np.pi / (8 + 8 * (n % 3))
            ring = rng.integers(1500, 4200) * np.stack([np.cos(angles), np.sin(angles)], axis=1)
        else:
            along = rng.choice([-1, 1], 2) * rng.integers(300, 2600, 2)
            across = np.array([-along[1], along[0]]) / np.hypot(*along) * rng.integers(700, 1600)
            ring = np.array([-along - across, along - across, along + across, -along + across])
        rings.append(np.rint(ring + centre).astype(np.int64))
    drawn, (_, space) = merge(rings), checks(region(rings))
    opposite_width, _ = checks(region(rings), projected=True)
    same(smallest_width(drawn), least(opposite_width), 1.5)
    same(smallest_space(drawn), least(space), 1.5)


def test_a_disc_is_as_wide_as_its_diameter_and_so_is_a_round_hole() -> None:
    disc = round_ring(0, 0, 40_000)
    assert smallest_width(merge([disc])) == pytest.approx(80_000, abs=1), "corners lie on the grid"
    plate = np.concatenate([Box(-90_000, -90_000, 90_000, 90_000).ring(), [[-90_000, -90_000]]])
    keyhole = np.concatenate([plate, round_ring(0, 0, 40_000)[::-1], round_ring(0, 0, 40_000)[-1:]])
    assert smallest_space(merge([keyhole])) == pytest.approx(80_000, abs=1)


def test_a_neck_between_corners_that_point_inwards() -> None:
    """Two cuts from opposite sides of a bar, 300 past each other along it, leave 400 of its width."""
    xs = [0, 5000, 5000, 6000, 6000, 20_000, 20_000, 7300, 7300, 6300, 6300, 0]
    ys = [0, 0, 800, 800, 0, 0, 2000, 2000, 1200, 1200, 2000, 2000]
    ring = np.stack([xs, ys], axis=1)
    assert smallest_width(merge([ring])) == 500
    assert least(checks(region([ring]))[0]) == 500


def round_ring(x: int, y: int, radius: int) -> Points:
    """A ring of 64 corners with a side across each axis, `radius` away."""
    angles = (np.arange(64) + 0.5) * np.pi / 32
    reach = radius / np.cos(np.pi / 64)
    return np.rint(np.array([x, y]) + reach * np.stack([np.cos(angles), np.sin(angles)], axis=1)).astype(np.int64)


def same(found: float | None, expected: float | None, tolerance: float) -> None:
    """KLayout's distances are whole nanometres: it finds the least one that is larger than the true one."""
    assert (found is None) == (expected is None)
    if found is not None and expected is not None:
        assert np.floor(found) == expected if not tolerance else abs(found - expected) <= tolerance, (found, expected)
