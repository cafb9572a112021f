"""Packages for whose lattices memory is short, before the search or as it goes on."""

from __future__ import annotations

from pathlib import Path

import pytest
from lattice_packages import DIE, NETS, WALL, Steps, all_are_large, package, pitches

from router.maze import choose as choose_module
from router.maze import course as course_module
from router.maze import ripup as ripup_module
from router.maze import route as route_module
from router.maze import window as window_module
from router.maze.choose import choose_lattices, search_size
from router.maze.lattice import Lattice
from router.maze.problem import Problem
from router.maze.route import route_design
from router.model.design import Design
from router.model.errors import RefusedError


def test_a_package_too_large_for_the_usual_lattice_gets_the_coarse_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    design = package(tmp_path, DIE + NETS)
    monkeypatch.setattr(choose_module, "SMALL", 0)
    needed = search_size(design, 0.6)[1]
    monkeypatch.setattr(window_module, "memory_limit", lambda: needed)
    assert pitches(design, 0.6) == [10_000]
    monkeypatch.setattr(window_module, "memory_limit", lambda: needed - 1)
    assert pitches(design, 0.6) == [20_000]
    assert route_design(design, fullness=0.6).unrouted == ()


def test_a_nearly_empty_package_begins_on_the_coarse_lattice_though_memory_may_not_hold_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    design = package(tmp_path, DIE + NETS)
    all_are_large(monkeypatch)
    usual = choose_module.lattice_bytes(design, choose_lattices(design, 0.1)[-1])
    monkeypatch.setattr(window_module, "memory_limit", lambda: usual)
    assert pitches(design, 0.1) == [20_000, 10_000]


def test_memory_that_the_coarse_lattice_has_taken_does_not_end_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where what is left is too little for the usual lattice, what was found on the coarse one stands."""
    steps = Steps(monkeypatch)
    design = package(tmp_path, DIE + NETS + WALL)
    coarse, usual = (choose_module.lattice_bytes(design, raster) for raster in choose_lattices(design, 0.1))

    def free() -> int:
        return usual - (coarse if steps.pitches else 0)

    for module in (course_module, window_module):
        monkeypatch.setattr(module, "memory_limit", free)
    routing = route_design(design, fullness=0.1)
    assert len(routing.unrouted) <= 1


def test_a_large_lattice_may_be_larger_than_memory_as_it_is_touched_in_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    design = package(tmp_path, DIE + NETS)
    monkeypatch.setattr(choose_module, "SMALL", 0)
    needed = search_size(design, 0.6)[1]
    monkeypatch.setattr(window_module, "memory_limit", lambda: needed // 3 + 1)
    assert pitches(design, 0.6) == [20_000], "a small one is touched all over"
    monkeypatch.setattr(window_module, "SPARSE", 0)
    assert pitches(design, 0.6) == [10_000]
    monkeypatch.setattr(window_module, "memory_taken", lambda: None)
    assert pitches(design, 0.6) == [20_000], "nobody could say what it takes"
    monkeypatch.undo()
    monkeypatch.setattr(window_module, "MOST_IDS", 1)
    with pytest.raises(RefusedError, match="lattice nodes"):
        route_design(design)


@pytest.mark.parametrize("spare", [0, 1])
def test_a_search_that_comes_to_the_end_of_memory_gives_what_it_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spare: int
) -> None:
    """A lattice that is twice as large as memory; the process grows by a byte with each search, from the third on."""
    design = package(tmp_path, DIE + NETS)
    all_are_large(monkeypatch)
    limit = search_size(design, 0.6)[1] // 2
    for module in (course_module, window_module):
        monkeypatch.setattr(module, "memory_limit", lambda: limit)
    monkeypatch.setattr(window_module, "SPARSE", 0)
    asked = 0

    def taken() -> int:
        nonlocal asked
        asked += 1
        return max(0, asked - 3) if spare else asked << 40

    for module in (course_module, ripup_module):
        monkeypatch.setattr(module, "memory_taken", taken)
    routing = route_design(design, fullness=0.6)
    assert routing.stopped == (not spare)
    assert len(routing.unrouted) == (0 if spare else 6)
    assert len(routing.paths) == 6 - len(routing.unrouted)


def test_a_finer_lattice_that_the_system_has_no_room_for_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = Steps(monkeypatch)

    def prepare_once(design: Design, raster: Lattice, *, by_place: bool = False) -> Problem:
        if steps.pitches:
            raise MemoryError
        return steps.prepare(design, raster, by_place=by_place)

    for module in (route_module, course_module):
        monkeypatch.setattr(module, "prepare", prepare_once)
    routing = route_design(package(tmp_path, DIE + NETS + WALL))
    assert [u.net for u in routing.unrouted] == ["A"]
    assert len(routing.paths) == 5 and not routing.stopped
