"""Findings that touch are one violation, however many there are and wherever they lie."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from router.verify.findings import clusters


def groups(number: np.ndarray) -> set[frozenset[int]]:
    return {frozenset(np.flatnonzero(number == n).tolist()) for n in set(number.tolist())}


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("shape", [(60, 60), (400, 20), (20, 400)])
def test_groups_are_of_boxes_of_one_key_that_touch(seed: int, shape: tuple[int, int]) -> None:
    rng = np.random.default_rng(seed)
    low, key = rng.integers(0, shape, (80, 2)), rng.integers(0, 3, 80)
    # Some are lines or points.
    boxes = np.hstack([low, low + rng.integers(0, 9, (80, 2))]).astype(np.float64)
    graph = nx.Graph()
    graph.add_nodes_from(range(80))
    for a in range(80):
        for b in range(a):
            apart = np.maximum(boxes[a, :2] - boxes[b, 2:], boxes[b, :2] - boxes[a, 2:]).max()
            if key[a] == key[b] and apart <= 0:
                graph.add_edge(a, b)
    assert groups(clusters(boxes, key)) == {frozenset(group) for group in nx.connected_components(graph)}


def test_places_with_very_many_findings_each() -> None:
    """As between round pads of many sides: 40 million pairs touch."""
    places = np.repeat(np.arange(40), 1000)
    low = np.random.default_rng(0).uniform(0, 10, (40_000, 2)) + 30 * np.stack([places % 7, places // 7], axis=1)
    number = clusters(np.hstack([low, low + 10]), places)
    assert groups(number) == {frozenset(np.flatnonzero(places == k).tolist()) for k in range(40)}


def test_no_boxes_are_no_groups() -> None:
    assert len(clusters(np.empty((0, 4)), np.empty(0, dtype=np.int64))) == 0
