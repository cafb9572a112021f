"""Rearranging: a detour that somebody else's way causes goes, where both together are shorter then."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from router.maze import ledger
from router.maze.connection import Connection
from router.maze.cost import Costs
from router.maze.finder import Found
from router.maze.lattice import build_lattice
from router.maze.problem import prepare, start
from router.maze.rearrange import Rearranger, rearrange
from router.maze.ripup import Ripup
from router.read.design import read_design

PINS = {"a": (-800, 0), "b": (800, 0), "c": (-400, -300), "d": (400, -300)}
NETS = 'LONG = ["chip.a", "chip.b"]\nSHORT = ["chip.c", "chip.d"]\n'


@pytest.fixture
def router(tmp_path: Path) -> Ripup:
    """A long net straight across one level, and a short one beside it, not routed yet."""
    pins = ", ".join(f'{{ name = "{name}", x = {x}, y = {y} }}' for name, (x, y) in PINS.items())
    file = tmp_path / "two.toml"
    file.write_text(
        'name = "two"\npdk = "fanout_10um"\nlevels = 1\noutline = [2400, 2400]\n'
        f'[[die]]\nname = "chip"\nsize = [2000, 2000]\npad = "bump"\npad_size = 60\npin = [{pins}]\n[nets]\n{NETS}',
        encoding="utf-8",
    )
    design = read_design(file)
    problem = prepare(design, build_lattice(design, design.outline, 2))
    return start(problem, Costs())


def crooked(router: Ripup) -> tuple[Connection, Connection]:
    """Lay the short net over the way of the long one, which goes round it: the longest of both together."""
    long, short = sorted(router.connections[1:], key=lambda c: -c.length)
    levels = router.window.lattice.levels[0]
    still = router.window.node["blocked"].copy()
    columns, rows = int(levels[1]), int(levels[2])
    x0, y0 = router.window.lattice.x0, router.window.lattice.y0
    pitch = router.window.lattice.pitch

    def close(x: tuple[int, int], y: tuple[int, int]) -> None:
        """Close a part of the level, µm."""
        ix = [min(max((v * 1000 - x0) // pitch, 0), columns) for v in x]
        iy = [min(max((v * 1000 - y0) // pitch, 0), rows) for v in y]
        nodes = [router.window.lattice.node(0, i, j) for i in range(*ix) for j in range(*iy)]
        router.window.node["blocked"][nodes] = 0xFFFF

    for c, wall in ((short, ((-100, 100), (-2000, 200))), (long, ((-100, 100), (200, 210)))):
        close(*wall)
        found = router.find(c)
        assert found is not None
        assert not router.run_over(c, found.path)
        router.commit(c, found)
        router.window.node["blocked"][:] = still
    return long, short


def state(router: Ripup) -> list[tuple[list[int], float]]:
    return [([] if c.path is None else c.path.tolist(), c.routed) for c in router.connections[1:]]


def test_both_find_straight_ways(router: Ripup) -> None:
    long, short = crooked(router)
    assert long.routed > 1.1 * long.length and short.routed > 1.1 * short.length
    rearrange(router)
    assert long.routed < 1.02 * long.length and short.routed < 1.02 * short.length
    assert long.path is not None and not router.run_over(long, long.path)
    assert all(tree.whole for tree in router.trees)


def test_what_is_longer_in_the_end_is_undone(router: Ripup, monkeypatch: pytest.MonkeyPatch) -> None:
    long, _ = crooked(router)
    before, slots = state(router), router.window.slots.copy()
    monkeypatch.setattr(Rearranger, "longer", lambda self: 0.0)
    assert Rearranger(router).attempt(long) == 0
    assert state(router) == before
    assert np.array_equal(np.sort(slots, axis=1), np.sort(router.window.slots, axis=1))


def test_what_rounding_wins_is_undone(router: Ripup, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else two arrangements of equal length could follow each other for ever."""
    long, _ = crooked(router)
    before = state(router)
    monkeypatch.setattr(Rearranger, "longer", lambda self: -1e-7)
    assert Rearranger(router).attempt(long) == 0
    assert state(router) == before


def test_an_attempt_in_vain_is_not_made_twice(router: Ripup, monkeypatch: pytest.MonkeyPatch) -> None:
    long, short = crooked(router)
    work = Rearranger(router)
    monkeypatch.setattr(Rearranger, "longer", lambda self: 0.0)
    work.attempt(long)
    assert not work.worth(long) and work.worth(short)
    work.changed[short.id] = work.attempts + 1
    assert work.worth(long), "the other one has moved since"


def test_nothing_is_tried_that_does_not_pay(router: Ripup, monkeypatch: pytest.MonkeyPatch) -> None:
    crooked(router)
    before = state(router)
    monkeypatch.setattr(ledger, "MOST", -1)
    rearrange(router)
    assert state(router) == before


def test_who_finds_no_way_undoes_all(router: Ripup, monkeypatch: pytest.MonkeyPatch) -> None:
    long, short = crooked(router)
    before = state(router)
    find = router.finder.find

    def none_for_short(self: object, c: Connection, *rest: object, **more: object) -> Found | None:
        return None if c is short else find(c, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(type(router.finder), "find", none_for_short)
    assert Rearranger(router).attempt(long) == 0
    assert state(router) == before
