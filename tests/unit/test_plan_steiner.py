"""Steiner trees: points that shorten the spanning tree of a net of a few ends."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from router.plan.decompose import join_groups, manhattan, octilinear
from router.plan.steiner import DIRECTIONS, crossings, lengths, steiner_tree


def tree_length(points: np.ndarray, edges: list[tuple[int, int, float]], metric) -> float:
    for a, b, length in edges:
        assert length == pytest.approx(float(metric(*(points[a] - points[b])[:, None])[0]))
    return sum(length for _, _, length in edges)


def test_four_corners_of_a_square_meet_along_the_axes_in_a_bar() -> None:
    corners = np.array([(0, 0), (1000, 0), (0, 1000), (1000, 1000)])
    points, edges = steiner_tree(corners, manhattan)
    assert tree_length(points, edges, manhattan) == 3000, "no shorter tree along the axes"
    assert len(points) == 4


def test_a_cross_meets_in_its_middle() -> None:
    ends = np.array([(0, 500), (1000, 500), (500, 0), (500, 1000)])
    points, edges = steiner_tree(ends, manhattan)
    assert points[4:].tolist() == [[500, 500]]
    assert tree_length(points, edges, manhattan) == 2000


def test_slanted_ways_may_meet_off_the_rows_and_columns_of_the_ends() -> None:
    """By hand: three ends of a flat triangle meet where a way at 45° from each side comes to the third one's column."""
    ends = np.array([(0, 0), (1000, 0), (400, 800)])
    points, edges = steiner_tree(ends, octilinear)
    best = min(float(np.sum(octilinear(*(ends - (x, y)).T))) for x, y in product(range(0, 1001, 20), range(0, 801, 20)))
    assert tree_length(points, edges, octilinear) == pytest.approx(best, rel=1e-3)
    assert len(points) == 4 and points[3, 0] == 400


@pytest.mark.parametrize("metric", [manhattan, octilinear])
def test_trees_are_no_longer_than_spanning_trees_and_all_points_added_have_three_edges(metric) -> None:
    chance = np.random.default_rng(1)
    won = []
    for count in range(2, 9):
        ends = chance.integers(0, 5000, (count, 2))
        points, edges = steiner_tree(ends, metric)
        assert np.array_equal(points[:count], ends) and len(edges) == len(points) - 1
        degree = np.bincount(np.array([edge[:2] for edge in edges]).ravel(), minlength=len(points))
        assert (degree > 0).all() and (degree[count:] > 2).all()
        spanning = sum(edge[2] for edge in join_groups([end[None] for end in ends], metric))
        won.append(1 - tree_length(points, edges, metric) / spanning)
    assert min(won) >= 0 and max(won) > 0.02


def test_ends_in_one_place_are_no_harm() -> None:
    points, edges = steiner_tree(np.array([(10, 10), (10, 10), (500, 10)]), octilinear)
    assert len(points) == 3 and sum(edge[2] for edge in edges) == 490


def test_lengths_of_many_sets_at_once_are_those_of_each() -> None:
    sets = np.random.default_rng(2).integers(0, 900, (20, 6, 2))
    single = [sum(edge[2] for edge in join_groups([p[None] for p in points], octilinear)) for points in sets]
    assert lengths(sets, octilinear) == pytest.approx(single)


def test_crossings_lie_within_the_box_of_the_points() -> None:
    points = np.array([(0, 0), (300, 100)])
    found = crossings(points, DIRECTIONS)
    assert {(300, 0), (0, 100), (100, 100), (200, 0)} <= {tuple(place) for place in found.tolist()}
    assert (found >= 0).all() and (found <= (300, 100)).all()
