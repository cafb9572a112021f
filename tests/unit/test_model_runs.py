"""Runs of things in one array: where each begins, which one a thing is of, and what follows it."""

from __future__ import annotations

import numpy as np

from router.model.runs import begins, following, numbered


def test_runs_begin_where_those_before_end() -> None:
    assert begins(np.array([3, 1, 2])).tolist() == [0, 3, 4]


def test_things_are_numbered_from_the_beginning_of_their_run() -> None:
    run, number = numbered(np.array([2, 0, 3]))
    assert run.tolist() == [0, 0, 2, 2, 2]
    assert number.tolist() == [0, 1, 0, 1, 2]


def test_the_last_of_a_run_is_followed_by_its_first() -> None:
    assert following(np.array([3, 1, 2])).tolist() == [1, 2, 0, 3, 5, 4]
    assert following(np.zeros(0, dtype=np.int64)).tolist() == []
