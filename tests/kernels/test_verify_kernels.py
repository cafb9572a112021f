"""The judge's kernels, compiled and as plain Python, against direct computation on small inputs."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import shapely

from router.model.geometry import Box
from router.verify.kernels.calipers import widths
from router.verify.kernels.coverage import tile_areas
from router.verify.kernels.depth import go_deep
from router.verify.kernels.facing import facing, facing_pairs
from router.verify.kernels.grid import Boundary, Grid, bin_edges
from router.verify.kernels.locate import edge_on_the_left, segments_touch, touching_pairs
from router.verify.kernels.touching import join_touching, segments_meet
from router.verify.region import grid_of

Kernel = Callable[..., Any]


def both(kernel: Any) -> Any:
    return pytest.mark.parametrize("run", [kernel, kernel.py_func], ids=["compiled", "python"])


def random_edges(seed: int, count: int, span: int = 100) -> np.ndarray:
    rng = np.random.default_rng(seed)
    ends = rng.integers(0, span, (count, 4))
    ends[:, 2:] += (ends[:, :2] == ends[:, 2:]).all(axis=1)[:, None]
    return ends.astype(np.float64)


def closed(*corners: tuple[float, float]) -> np.ndarray:
    points = np.array(corners, dtype=np.float64)
    return np.hstack([points, np.roll(points, -1, axis=0)])


SQUARE = closed((0, 0), (10, 0), (10, 10), (0, 10))


@both(bin_edges)
@pytest.mark.parametrize("reach", [0.0, 3.0])
def test_every_cell_near_an_edge_holds_it(run: Kernel, reach: float) -> None:
    edges = random_edges(1, 30)
    starts, items = run(edges, reach, -10.0, -10.0, 7.0, 20, 20)
    lines = shapely.linestrings(edges.reshape(-1, 2, 2))
    for c in range(400):
        x, y = -10 + c % 20 * 7, -10 + c // 20 * 7
        inside = items[starts[c] : starts[c + 1]].tolist()
        assert inside == sorted(set(inside))
        near = shapely.distance(lines, shapely.box(x, y, x + 7, y + 7)) < reach - 1e-9
        assert set(np.flatnonzero(near)) <= set(inside)


def test_a_long_diagonal_is_entered_along_its_course() -> None:
    grid = grid_of(np.array([[0.0, 0.0, 1e6, 1e6], *([0.0, k, 1000.0, k] for k in range(0, 1000, 10))]), 1.0)
    entered = np.count_nonzero(grid.items == 0)
    assert grid.columns / 2 < entered < 4 * grid.columns


@both(facing)
@pytest.mark.parametrize(
    ("a", "b", "found"),
    [
        ((0, 0, 10, 0), (10, 5, 0, 5), True),  # opposite, 5 apart, free sides towards each other
        ((10, 0, 0, 0), (0, 5, 10, 5), False),  # backs towards each other
        ((0, 0, 10, 0), (0, 5, 10, 5), False),  # same direction
        ((0, 0, 10, 0), (10, 6, 0, 6), False),  # exactly at the distance
        ((0, 0, 10, 0), (20, 5, 12, 5), True),  # past the end, corner to corner 5.39
        ((0, 0, 10, 0), (20, 5, 14, 5), False),  # 6.4
        ((0, 0, 10, 0), (10, 0, 10, 10), False),  # right angle
        ((0, 0, 10, 0), (10, 0, 5, 8), True),  # acute corner
        ((0, 0, 100, 0), (100, 0, 82, 100), True),  # corner of 79.8°
        ((0, 0, 100, 0), (100, 0, 83, 100), False),  # corner of 80.4°
        ((0, 0, 10, 0), (5, 1, 4.9, 9), False),  # nearly at right angles, no corner
        ((0, 0, 10, 0), (5, 8, 10, 0), False),  # acute, seen from outside
        ((0, 0, 10, 0), (20, 0, 10, 0), True),  # two corners kissing
        ((0, 0, 10, 0), (20, 0, 11, 0), False),  # on one line, apart
        ((0, 0, 3, 4), (3, 9, 0, 5), True),  # slanted, 3 apart
    ],
)
def test_facing(run: Kernel, a: tuple[float, ...], b: tuple[float, ...], found: bool) -> None:
    out = np.empty(12)
    assert run(np.array(a, dtype=float), np.array(b, dtype=float), 6.0, True, out) is found
    assert run(np.array(b, dtype=float), np.array(a, dtype=float), 6.0, True, out) is found


@both(facing)
def test_facing_by_projection_sees_only_what_lies_opposite(run: Kernel) -> None:
    out = np.empty(12)
    a, b = np.array([0.0, 0.0, 10.0, 0.0]), np.array([20.0, 5.0, 12.0, 5.0])
    assert not run(a, b, 6.0, False, out)
    assert run(a, np.array([20.0, 5.0, 8.0, 5.0]), 6.0, False, out)
    assert out[:4].tolist() == [8, 0, 10, 5]


def boundary(edges: np.ndarray, *, outwards: bool = False, owner: np.ndarray | None = None) -> Boundary:
    of_edge = np.zeros(len(edges)) if owner is None else owner
    return Boundary(edges, of_edge.astype(np.int32), grid_of(edges, 1.0), outwards)


def within(edges: Boundary, distance: float, run: Kernel, one_owner: bool = True) -> np.ndarray:
    found = run(edges, edges, True, one_owner, distance, 1.0, True)
    assert len(np.unique(found[:, :2], axis=0)) == len(found)
    return found


@both(facing_pairs)
def test_width_of_a_bar(run: Kernel) -> None:
    bar = boundary(closed((0, 0), (100, 0), (100, 8), (0, 8)))
    assert len(within(bar, 8.0, run)) == 0
    ((i, j, gap, *box),) = within(bar, 9.0, run).tolist()
    assert (i, j, gap) == (0, 2, 8)
    assert box == [0, 0, 100, 8]


@both(facing_pairs)
def test_what_stands_between_shields(run: Kernel) -> None:
    """Three plates: the outer two do not see each other."""
    plates = [closed((0, y), (50, y), (50, y + 4), (0, y + 4)) for y in (0, 6, 12)]
    pairs = within(boundary(np.concatenate(plates), outwards=True), 20.0, run)[:, :2].astype(int)
    assert {(i // 4, j // 4) for i, j in pairs.tolist()} == {(0, 1), (1, 2)}


@both(facing_pairs)
@pytest.mark.parametrize("of_first", [True, False])
def test_either_of_two_boundaries_shields(run: Kernel, of_first: bool) -> None:
    low, plate, high = (closed((0, y), (50, y), (50, y + 4), (0, y + 4)) for y in (0, 6, 12))
    one = boundary(np.concatenate([low, plate]) if of_first else low, outwards=True)
    other = boundary(high if of_first else np.concatenate([high, plate]), outwards=True)
    found = run(one, other, False, False, 20.0, 1.0, True)
    assert {(int(i) // 4, int(j) // 4) for i, j in found[:, :2]} == ({(1, 0)} if of_first else {(0, 1)})


@both(facing_pairs)
def test_pairs_of_two_sets_only(run: Kernel) -> None:
    inner, outer = boundary(SQUARE, outwards=True), boundary(closed((-2, -2), (12, -2), (12, 12), (-2, 12)))
    found = run(inner, outer, False, False, 3.0, 1.0, True)
    assert {(int(i), int(j)) for i, j in found[:, :2]} == {(0, 0), (1, 1), (2, 2), (3, 3)}
    assert set(found[:, 2]) == {2.0}


@both(facing_pairs)
def test_many_findings_outgrow_the_first_list(run: Kernel) -> None:
    bars = np.concatenate([closed((0, 3 * k), (50, 3 * k), (50, 3 * k + 1), (0, 3 * k + 1)) for k in range(300)])
    owner = np.repeat(np.arange(300), 4)
    found = within(boundary(bars, owner=owner), 2.0, run)
    assert {int(owner[int(i)]) for i in found[:, 0]} == set(range(300))


@pytest.mark.parametrize("outwards", [False, True])
@pytest.mark.parametrize("seed", range(5))
def test_the_grid_changes_no_finding(seed: int, outwards: bool) -> None:
    """A crowd of edges of all lengths gives the same pairs and gaps when all of them lie in one cell."""
    rng = np.random.default_rng(seed)
    ends = rng.uniform(0, 3000, (400, 2))
    edges = np.hstack([ends, ends + rng.normal(size=(400, 2)) * rng.choice([3, 30, 300], (400, 1))])
    fine = boundary(edges, outwards=outwards)
    one_cell = fine._replace(grid=Grid(-5e3, -5e3, 2e4, 1, 1, np.array([0, 400]), np.arange(400, dtype=np.int32)))
    expected = within(one_cell, 90.0, facing_pairs)
    found = within(fine, 90.0, facing_pairs)
    assert len(fine.grid.items) > 600
    assert len(expected) > 50
    assert sorted(found.tolist()) == sorted(expected.tolist())


@both(go_deep)
@pytest.mark.parametrize("outwards", [False, True])
def test_behind_which_edges_metal_goes_deep(run: Kernel, outwards: bool) -> None:
    """A bar 8 high with a head of 30 × 30: deep behind the sides of the head and the end of the bar."""
    shape = closed((0, 0), (100, 0), (100, -10), (130, -10), (130, 20), (100, 20), (100, 8), (60, 8), (0, 9))
    edges = shape[:, [2, 3, 0, 1]] if outwards else shape
    deep = run(boundary(np.ascontiguousarray(edges), outwards=outwards), np.arange(len(edges)), 20.0, 1e-3)
    assert np.flatnonzero(deep).tolist() == [1, 2, 3, 4, 5, 8]


@both(segments_meet)
def test_segments_meet_as_shapely_says(run: Kernel) -> None:
    edges = random_edges(3, 60, span=12).astype(np.int64)
    lines = shapely.linestrings(edges.reshape(-1, 2, 2))
    for i in range(60):
        for j in range(i):
            assert run(edges[i], edges[j]) == shapely.intersects(lines[i], lines[j])


@both(segments_touch)
def test_segments_touch_as_shapely_says(run: Kernel) -> None:
    edges = random_edges(4, 50, span=12)
    lines = shapely.linestrings(edges.reshape(-1, 2, 2))
    for i in range(50):
        for j in range(i):
            assert run(edges[i], edges[j]) == shapely.intersects(lines[i], lines[j])


@both(touching_pairs)
def test_touching_pairs(run: Kernel) -> None:
    edges = random_edges(5, 40, span=60)
    lines = shapely.linestrings(edges.reshape(-1, 2, 2))
    found = {tuple(pair) for pair in run(edges[:15], boundary(edges[15:])).tolist()}
    assert found == {(i, j) for i in range(15) for j in range(25) if shapely.intersects(lines[i], lines[15 + j])}


@both(join_touching)
def test_islands_and_tangles(run: Kernel) -> None:
    rings = [
        closed((0, 0), (10, 0), (10, 10), (0, 10)),
        closed((20, 0), (30, 0), (30, 10), (20, 10)),
        closed((9, 4), (21, 4), (21, 6), (9, 6)),
        closed((40, 0), (50, 0), (40, 10), (50, 10)),
    ]
    edges = np.concatenate(rings).astype(np.int64)
    polygon = np.repeat(np.arange(4), 4).astype(np.int32)
    root, tangled = run(edges, polygon, np.arange(0, 17, 4), grid_of(edges.astype(float), 1.0))
    assert root.tolist() == [0, 0, 0, 3]
    assert tangled.tolist() == [False, False, False, True]


@both(edge_on_the_left)
def test_edge_on_the_left(run: Kernel) -> None:
    edges = np.concatenate([SQUARE, SQUARE + 20])
    points = np.array([[5.5, 5.5], [15.5, 5.5], [25.5, 25.5], [-3.5, 5.5], [5.5, 15.5]])
    assert run(points, edges, grid_of(edges, 1.0)).tolist() == [3, 1, 7, -1, -1]


@both(edge_on_the_left)
def test_points_outside_the_grid(run: Kernel) -> None:
    points = np.array([[5.5, -500.5], [5.5, 500.5], [500.5, 5.5]])
    assert run(points, SQUARE, grid_of(SQUARE, 1.0)).tolist() == [-1, -1, 1]


@both(widths)
def test_widths(run: Kernel) -> None:
    octagon = closed(*((math.cos(a) * 10, math.sin(a) * 10) for a in np.arange(8) * math.pi / 4))
    bar = closed((0, 0), (30, 0), (30, 4), (0, 4))
    angle = closed((0, 0), (30, 0), (30, 4), (5, 4), (5, 20), (0, 20))
    owner = np.repeat([1, 0, 2], [8, 4, 6]).astype(np.int32)
    least, most, bite = run(np.concatenate([octagon, bar, angle]), owner, 3)
    assert least.tolist() == pytest.approx([4, 20 * math.cos(math.pi / 8), 4])
    assert most.tolist() == pytest.approx([30, 20 * math.cos(math.pi / 8), 30])
    assert bite.tolist() == pytest.approx([0, 0, 25])


@both(tile_areas)
def test_tile_areas_add_up_as_clipped_polygons(run: Kernel) -> None:
    rng = np.random.default_rng(7)
    xs, ys = np.array([0.0, 15.0, 20.0, 50.0, 70.0]), np.array([0.0, 30.0, 31.0, 80.0])
    for _ in range(20):
        shape = shapely.orient_polygons(shapely.convex_hull(shapely.multipoints(rng.uniform(-20, 100, (8, 2)))))
        edges = closed(*shapely.get_coordinates(shape)[:-1].tolist())
        expected = [
            [shapely.area(shapely.clip_by_rect(shape, xs[i], ys[j], xs[i + 1], ys[j + 1])) for i in range(4)]
            for j in range(3)
        ]
        assert run(edges, xs, ys) == pytest.approx(np.array(expected), abs=1e-6)


@both(tile_areas)
def test_tile_areas_of_a_box_on_the_lines(run: Kernel) -> None:
    box = Box(10, 10, 30, 20).ring().astype(float)
    edges = np.hstack([box, np.roll(box, -1, axis=0)])
    lines = np.array([0.0, 10.0, 20.0, 30.0, 40.0])
    areas = run(edges, lines, lines)
    assert areas.tolist() == [[0, 0, 0, 0], [0, 100, 100, 0], [0, 0, 0, 0], [0, 0, 0, 0]]


def test_a_grid_of_few_long_edges_stays_small() -> None:
    grid: Grid = grid_of(np.array([[0.0, 0.0, 1e9, 1.0], [0.0, 10.0, 1e9, 11.0]]), 1.0)
    assert grid.columns * grid.rows < 100


def test_crowds_far_apart_have_small_cells() -> None:
    rng = np.random.default_rng(5)
    ends = rng.uniform(0, 1e5, (4000, 2)) + rng.choice([0, 5e7], (4000, 1))
    grid = grid_of(np.hstack([ends, ends + rng.normal(size=(4000, 2)) * 1000]), 1.0)
    assert grid.columns * grid.rows < 5e6
    assert np.diff(grid.starts).max() < 400
