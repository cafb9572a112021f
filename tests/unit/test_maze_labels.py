"""What a search writes: its memory."""

from __future__ import annotations

import pytest

from router.maze import labels as labels_module
from router.maze.cost import Costs
from router.maze.labels import label_bytes, open_labels
from router.maze.lattice import build_lattice
from router.maze.problem import prepare, start
from router.model.design import Design


def test_labels_of_a_large_window_are_given_back_now_and_then(
    small_design: Design, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After so many visits the next search has new ones, of which it takes what it needs; the way is the same."""
    problem = prepare(small_design, build_lattice(small_design, small_design.outline, 2))
    (c,) = [c for c in problem.connections[1:] if problem.trees[c.net].parts is None][:1]
    ways, kept = [], []
    for most in (labels_module.MOST_BYTES, 1):
        monkeypatch.setattr(labels_module, "MOST_BYTES", most)
        ripup = start(problem, Costs())
        labels = ripup.searcher.labels
        first = labels.label
        for _ in range(3):
            found = ripup.finder.find(c)
            assert found is not None
            ways.append(found.path.tolist())
        kept.append(labels.label is first)
        assert label_bytes(len(first)) == min(first.nbytes, most)
        assert (labels.stamp, labels.visits > 0) == ((3, True) if kept[-1] else (1, True))
    assert kept == [True, False]
    assert all(way == ways[0] for way in ways)


def test_when_all_stamps_were_used_no_node_carries_the_next_one() -> None:
    labels = open_labels(10)
    for _ in range((1 << 16) + 1):
        stamp = labels.next_stamp()
        assert 0 < stamp < 1 << 16
        assert labels.label["stamp"][3] != stamp
        labels.label["stamp"][3] = stamp
    assert stamp == 2
