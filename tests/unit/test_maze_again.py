"""Other orders and lattices for packages of which connections are left, or ways are long: the best state is kept, and
nothing is tried in vain."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from router.bench.hidden import hidden
from router.maze import again, choose, patience, route_design
from router.maze import course as course_module
from router.maze.again import settle
from router.maze.around import send_round
from router.maze.cost import Costs
from router.maze.course import Course
from router.maze.lattice import Lattice, build_lattice
from router.maze.problem import Problem, prepare, start, unrouted
from router.maze.ripup import Ripup
from router.maze.watch import Watch
from router.model.design import Design
from router.model.routing import IterationStats
from router.read.design import read_design

NETS = 3


@pytest.fixture
def slit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    """Three nets across a wall with a slit for two of them, routed as far as they go."""
    monkeypatch.setattr(patience, "LEAST_PATIENCE", 60)
    monkeypatch.setattr(patience, "PATIENCE", 20)
    monkeypatch.setattr(choose, "FINER", ())
    pins = [
        f'[[die]]\nname = "{name}"\nsize = [200, 900]\nat = [{x}, 0]\npad = "bump"\npad_size = 60\npin = ['
        + ", ".join(f'{{ name = "{k}", x = 0, y = {300 * k - 300} }}' for k in range(NETS))
        + "]\n"
        for name, x in (("west", -600), ("east", 600))
    ]
    wall = "".join(f"[[keepout]]\nrect = [-50, {low}, 50, {high}]\n" for low, high in ((-700, -22), (22, 700)))
    nets = "".join(f'N{k} = ["west.{k}", "east.{k}"]\n' for k in range(NETS))
    head = 'name = "slit"\npdk = "fanout_10um"\nlevels = 1\noutline = [1600, 1400]\n'
    (tmp_path / "slit.toml").write_text(f"{head}{''.join(pins)}{wall}[nets]\n{nets}", encoding="utf-8")
    design = read_design(tmp_path / "slit.toml")
    problem = prepare(design, build_lattice(design, design.outline, 2))
    course = Course(problem, start(problem, Costs()), Costs(), threads=1)
    course.run()
    assert len(unrouted(problem, course.ripup)) == 1
    again.shorten(course.ripup)
    return course


@pytest.fixture
def router(slit: Course) -> Ripup:
    return slit.ripup


def lying(router: Ripup) -> list[list[int] | None]:
    return [None if c.path is None else c.path.tolist() for c in router.connections[1:]]


def test_what_no_order_betters_stays_as_it_was(slit: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(again, "outcome", lambda router: (1, 0, 0.0))
    before, visits = lying(slit.ripup), slit.ripup.searcher.visits
    assert settle(slit, 0) is slit and slit.finished
    assert lying(slit.ripup) == before
    assert slit.ripup.searcher.visits > 2 * visits


def test_a_better_order_is_kept(slit: Course) -> None:
    """As if two had been left: the first order that leaves one ends as it is."""
    router = slit.ripup
    out = next(c for c in router.connections[1:] if c.path is not None)
    router.remove(out)
    router.blockers[out.id] = {next(c.net for c in router.connections[1:] if c.path is not None)}
    kept = settle(slit, 0)
    assert kept is not slit
    assert sum(way is None for way in lying(kept.ripup)) == 1


def test_lattices_take_turns_the_finer_the_more_seldom(small_design: Design) -> None:
    lattices = [build_lattice(small_design, small_design.outline, divisor) for divisor in (4, 8, 16)]
    turns = [again.its_turn(order, lattices) for order in range(1, 9)]
    pitches = [raster.pitch for raster in lattices]
    assert [pitches.index(raster.pitch) for raster, _ in turns] == [0, 1, 0, 2, 0, 1, 0, 2]
    assert [by_place for _, by_place in turns] == [False, False, True, False, False, True, True, False]
    assert {again.its_turn(order, lattices[:1])[0].pitch for order in range(1, 9)} == {pitches[0]}


@pytest.mark.parametrize("seed", [2, 6])
def test_packages_that_were_drawn_before_are_complete(seed: int) -> None:
    """Lands lie at 21 µm, where tracks take 20: on the first lattice alone, no order completes them."""
    design = hidden(seed, 20, 21.0)
    assert not route_design(design).unrouted
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(again, "lattices_anew", lambda design, raster: [raster])
        assert route_design(design).unrouted


def test_a_lattice_that_the_system_has_no_room_for_is_passed_over(
    slit: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(design: Design, raster: Lattice, *, by_place: bool = False) -> Problem:
        raise MemoryError

    monkeypatch.setattr(course_module, "prepare", no_room)
    before = lying(slit.ripup)
    assert settle(slit, 0) is slit and slit.finished
    assert lying(slit.ripup) == before


def test_visits_and_passes_are_counted_on_from_lattice_to_lattice(slit: Course) -> None:
    """Searches in another order begin with some that tell how far obstacles send nets round."""
    slit.ripup.stats.append(IterationStats(1, 1, 0, 2_400_000, visits := slit.ripup.searcher.visits))
    raster = slit.problem.window.lattice
    moved, anew = slit.moved(raster), slit.anew(raster, 1, by_place=False)
    assert moved is not None and anew is not None
    assert moved.ripup.stats == anew.ripup.stats == slit.ripup.stats
    assert anew.ripup.searcher.visits > moved.ripup.searcher.visits == visits > 0


def test_nothing_is_tried_where_nobody_is_in_the_way_or_routing_took_long(
    slit: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Course, "anew", lambda *_: pytest.fail("an order is tried"))
    blockers = dict(slit.ripup.blockers)
    slit.ripup.blockers.clear()
    assert settle(slit, 0) is slit
    slit.ripup.blockers.update(blockers)
    monkeypatch.setattr(again, "PATIENT_VISITS", slit.ripup.searcher.visits - 1)
    assert settle(slit, 0) is slit


@pytest.fixture
def column(tmp_path: Path) -> Course:
    """Two bumps, each over its ball, the second between the nodes of a coarse lattice: its cuts stand far from it."""
    pins = 'pin = [{ name = "1", x = -200, y = 0 }, { name = "2", x = 131.5, y = 31.5 }]\n'
    (tmp_path / "column.toml").write_text(
        'name = "column"\npdk = "fanout_10um"\nlevels = 3\noutline = [1200, 800]\n'
        f'[[die]]\nname = "d"\npad = "bump"\npad_size = 30\n{pins}[[balls]]\nname = "b"\npad = "ball"\n{pins}'
        '[nets]\nA = ["d.1", "b.1"]\nB = ["d.2", "b.2"]\n',
        encoding="utf-8",
    )
    design = read_design(tmp_path / "column.toml")
    problem = prepare(design, build_lattice(design, design.outline, 1))
    course = Course(problem, start(problem, Costs()), Costs(), threads=1)
    send_round(course.ripup, 1)
    course.run()
    assert not course.ripup.left() and course.ripup.whole_length() > 0
    return course


def test_ways_that_a_lattice_sends_far_round_are_routed_on_others(column: Course) -> None:
    kept = settle(column, 0)
    assert not kept.ripup.left() and kept.ripup.whole_length() == 0


def test_such_ways_that_took_long_stay(column: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(again, "QUICK", column.ripup.searcher.visits - 1)
    assert settle(column, 0) is column


def test_an_interrupt_ends_it_with_the_best_state(slit: Course) -> None:
    before = lying(slit.ripup)
    slit.ripup.watch = Watch(lambda: True)
    kept = settle(slit, 0)
    assert not kept.finished
    assert lying(kept.ripup) == before


def test_whoever_is_run_over_is_dearer_from_then_on(router: Ripup) -> None:
    (c,) = router.left()
    fees, rips = router.searcher.fee.copy(), router.rips.copy()
    found = router.finder.find(c, np.zeros_like(fees))
    assert found is not None
    over = router.run_over(c, found.path)
    assert len(over) > 0
    assert sorted(gone.id for gone in router.put(c, found, over)) == sorted(over)
    assert np.flatnonzero(router.rips - rips).tolist() == sorted(over)
    assert np.flatnonzero(router.searcher.fee - fees).tolist() == sorted(over)
    for other in over:
        assert router.rips[other] - rips[other] == 1
        assert router.searcher.fee[other] - fees[other] == router.fee_step[other] > 0
        assert c.net in router.blockers[other]
