"""Edges of a mask with many around those of a mask with few: the engine finds the same pairs as among all."""

from __future__ import annotations

import klayout.db as kdb
import numpy as np
import pytest

from router.verify.klayout.facing import ANGLE, FEWER, around

DISTANCE, SIDE = 500, 20_000


def edges_of(boxes: list[kdb.Box]) -> kdb.Edges:
    edges = kdb.Region(boxes).edges()
    edges.merged_semantics = False
    return edges


def pairs(outer: kdb.Edges, inner: kdb.Edges) -> set[str]:
    found = outer.enclosing_check(inner, DISTANCE, False, kdb.Region.Euclidian, ANGLE, None, None)
    return {str(pair) for pair in found.each()}


@pytest.mark.parametrize("seed", range(5))
def test_the_same_pairs_are_found_among_fewer_edges(seed: int) -> None:
    rng = np.random.default_rng(seed)
    corners = rng.integers(0, SIDE - 300, (400, 2)).tolist()
    inner = edges_of([kdb.Box(x, y, x + 300, y + 300) for x, y in corners])
    outline = edges_of([kdb.Box(0, 0, SIDE, SIDE)])
    assert inner.count() > FEWER * outline.count()
    near, sides = around(inner, outline, DISTANCE)
    assert pairs(sides, near) == pairs(outline, inner) != set()
    assert near.count() < inner.count() / 4
    turned = around(outline, inner, DISTANCE)
    assert (str(turned[0]), str(turned[1])) == (str(sides), str(near))


def test_edges_of_masks_alike_are_all_compared() -> None:
    one, other = edges_of([kdb.Box(0, 0, 100, 100)]), edges_of([kdb.Box(5000, 0, 5100, 100)])
    assert around(one, other, DISTANCE) == (one, other)
