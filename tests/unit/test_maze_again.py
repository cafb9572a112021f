"""Other orders for packages of which connections are left, or ways are long: the best state is kept, and nothing is
tried in vain."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from router.maze import again, patience, ripup
from router.maze.again import settle
from router.maze.cost import Costs
from router.maze.lattice import build_lattice
from router.maze.ripup import Ripup
from router.maze.route import prepare, start, unrouted
from router.maze.watch import Watch
from router.read.design import read_design

NETS = 3
# Places of bumps, each two a net, in pitches.
TANGLE = (
    (1, -3), (3, -3), (-4, -4), (-1, -1), (-1, 0), (-4, 0), (0, -1), (-3, 2), (-3, -1), (-4, -3),
    (1, 2), (1, -4), (2, 1), (-2, -3), (1, 1), (1, -1), (0, 3), (-2, -1), (-2, 2), (2, -3),
)  # fmt: skip


@pytest.fixture
def router(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ripup:
    """Three nets across a wall with a slit for two of them, routed as far as they go."""
    monkeypatch.setattr(patience, "LEAST_PATIENCE", 60)
    monkeypatch.setattr(patience, "PATIENCE", 20)
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
    router = start(problem, Costs())
    assert router.run()
    assert len(unrouted(problem, router)) == 1
    again.shorten(router)
    return router


def lying(router: Ripup) -> list[list[int] | None]:
    return [None if c.path is None else c.path.tolist() for c in router.connections[1:]]


def test_what_no_order_betters_stays_as_it_was(router: Ripup, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(again, "outcome", lambda router: (1, 0.0))
    before, usage = lying(router), router.window.slots.copy()
    visits = router.searcher.visits
    assert settle(router, 0, 1)
    assert lying(router) == before
    assert np.array_equal(np.sort(router.window.slots, axis=1), np.sort(usage, axis=1))
    assert router.searcher.visits > 2 * visits


def test_a_better_order_is_kept(router: Ripup) -> None:
    """As if two had been left: the first order that leaves one ends as it is."""
    out = next(c for c in router.connections[1:] if c.path is not None)
    router.remove(out)
    router.blockers[out.id] = {next(c.net for c in router.connections[1:] if c.path is not None)}
    assert settle(router, 0, 1)
    assert sum(way is None for way in lying(router)) == 1


def test_what_is_left_is_routed_where_a_way_is_free(router: Ripup) -> None:
    """Two of three are taken out: two find room again, and run over nobody."""
    one, other = (c for c in router.connections[1:] if c.path is not None)
    router.remove(one)
    kept = other.path.tolist() if other.path is not None else None
    router.pick_up()
    assert len(router.left()) == 1
    assert other.path is not None and other.path.tolist() == kept
    router.remove(other)
    router.remove(next(c for c in router.connections[1:] if c.path is not None))
    assert len(router.left()) == NETS
    router.pick_up()
    assert len(router.left()) == 1


def test_what_is_left_is_not_looked_for_without_end(router: Ripup, monkeypatch: pytest.MonkeyPatch) -> None:
    for c in router.connections[1:]:
        router.remove(c)
    monkeypatch.setattr(ripup, "PICK_UP", -1.0)
    router.searcher.visits = 0
    router.pick_up()
    assert len(router.left()) == NETS - 1, "the first search is more than nothing"


def test_nothing_is_tried_where_nobody_is_in_the_way_or_routing_took_long(
    router: Ripup, monkeypatch: pytest.MonkeyPatch
) -> None:
    blockers = dict(router.blockers)
    router.blockers.clear()
    assert settle(router, 0, 1)
    assert router.by_chance is None
    router.blockers.update(blockers)
    monkeypatch.setattr(again, "PATIENT_VISITS", router.searcher.visits - 1)
    assert settle(router, 0, 1)
    assert router.by_chance is None


@pytest.fixture
def tangle(tmp_path: Path) -> Ripup:
    """Ten nets between bumps at 60 µm, which surround each other: in the usual order some lead far round."""
    pins = ", ".join(
        f'{{ name = "{k}", x = {60 * x + 30}, y = {60 * y + 30}, net = "N{k // 2}" }}'
        for k, (x, y) in enumerate(TANGLE)
    )
    (tmp_path / "tangle.toml").write_text(
        'name = "tangle"\npdk = "fanout_10um"\nlevels = 1\noutline = [620, 620]\n[netlist]\nfrom_tables = true\n'
        f'[[die]]\nname = "d"\nsize = [560, 560]\npad = "bump"\npad_size = 40\npin = [{pins}]\n',
        encoding="utf-8",
    )
    design = read_design(tmp_path / "tangle.toml")
    router = start(prepare(design, build_lattice(design, design.outline, 4)), Costs())
    assert router.run()
    again.shorten(router)
    assert not router.left()
    return router


def test_other_orders_make_long_ways_shorter(tangle: Ripup) -> None:
    before = tangle.whole_length()
    assert settle(tangle, 0, 1)
    assert tangle.by_chance is not None and not tangle.left()
    assert tangle.whole_length() < 0.98 * before


def test_ways_that_are_short_or_took_long_stay(tangle: Ripup, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(again, "QUICK", tangle.searcher.visits)
    assert settle(tangle, 0, 1)
    assert tangle.by_chance is None
    monkeypatch.undo()
    monkeypatch.setattr(again, "LONG", 2.0)
    assert settle(tangle, 0, 1)
    assert tangle.by_chance is None


def test_an_interrupt_ends_it_with_the_best_state(router: Ripup) -> None:
    before = lying(router)
    router.watch = Watch(lambda: True)
    assert not settle(router, 0, 1)
    assert lying(router) == before


def test_whoever_is_run_over_is_dearer_from_then_on(router: Ripup) -> None:
    (c,) = router.left()
    fees, rips = router.searcher.fee.copy(), router.rips.copy()
    found = router.find(c, np.zeros_like(fees))
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
