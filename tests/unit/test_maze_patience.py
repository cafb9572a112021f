"""When a run ends that brings nothing, and what a pass has to settle."""

from __future__ import annotations

import pytest

from router.maze import patience
from router.maze.patience import begin_pass, begin_run


def test_a_run_ends_after_visits_in_vain_and_goes_on_as_long_again_from_a_better_state() -> None:
    run = begin_run(left=10, visits=1000, patient=500)
    assert run.lasts(1500) and not run.lasts(1501)
    assert not run.better(10, 1400) and not run.lasts(1501)
    assert run.better(9, 1400)
    assert run.lasts(1400 + 2 * 1400) and not run.lasts(1400 + 2 * 1400 + 1)


def test_a_run_ends_after_searches_in_vain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "LEAST_PATIENCE", 0)
    monkeypatch.setattr(patience, "PATIENCE", 2)
    run = begin_run(left=3, visits=0, patient=1 << 40)
    for _ in range(7):
        assert run.lasts(0)
        run.better(3, 0)
    assert not run.lasts(0)
    run.better(2, 0)
    assert run.lasts(0)


def test_a_pass_settles_enough_by_a_share_of_its_searches() -> None:
    current = begin_pass(left=210, waiting=200)
    for gone in (0, 3, 1):
        current.searched(gone)
    assert (current.to_go, current.ripped) == (197, 4)
    assert current.settled(180) and not current.settled(181)
    assert begin_pass(left=5, waiting=5).to_go == patience.LEAST_PASS
