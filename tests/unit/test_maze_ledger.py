"""Detours that are no longer needed go, and looking for others ends where none is found."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from router.maze import ledger
from router.maze.connection import DETOUR, Connection
from router.maze.cost import Costs
from router.maze.finder import Finder
from router.maze.lattice import build_lattice
from router.maze.problem import prepare, start
from router.maze.rearrange import rearrange
from router.maze.ripup import Ripup
from router.maze.run import run
from router.model.design import Design
from router.read.design import read_design

NETS = 5


@pytest.fixture
def bus(tmp_path: Path) -> Design:
    """Five nets straight across, 400 µm apart."""
    sides = [
        f'[[die]]\nname = "{name}"\nsize = [200, 2200]\nat = [{x}, 0]\npad = "bump"\npad_size = 60\npin = ['
        + ", ".join(f'{{ name = "{k}", x = 0, y = {400 * k - 800} }}' for k in range(NETS))
        + "]\n"
        for name, x in (("west", -1200), ("east", 1200))
    ]
    nets = "\n".join(f'N{k} = ["west.{k}", "east.{k}"]' for k in range(NETS))
    file = tmp_path / "bus.toml"
    file.write_text(
        f'name = "bus"\npdk = "fanout_10um"\nlevels = 1\noutline = [3000, 2400]\n{"".join(sides)}[nets]\n{nets}\n',
        encoding="utf-8",
    )
    return read_design(file)


def walled(design: Design) -> tuple[Ripup, list[Connection]]:
    """The bus, routed round a wall in the middle that is gone now; and its connections, longest first. The topmost one
    came first and lies next to the wall, so that nothing is between it and its straight way now."""
    problem = prepare(design, build_lattice(design, design.outline, 2))
    router = start(problem, Costs())
    router.rank = router.rank[::-1].copy()
    still = router.window.node["blocked"].copy()
    lattice = router.window.lattice
    column, rows = int(lattice.levels[0, 1]) // 2, int(lattice.levels[0, 2])
    wall = [lattice.node(0, column, row) for row in range(rows // 10, rows)]
    router.window.node["blocked"][wall] = 0xFFFF
    assert run(router)
    router.window.node["blocked"][:] = still
    return router, sorted(router.connections[1:], key=lambda c: -c.length)


def lengths(router: Ripup) -> np.ndarray:
    return np.array([router.length(c.path) for c in router.connections[1:] if c.path is not None])


def test_detours_that_are_no_longer_needed_go(bus: Design) -> None:
    router, connections = walled(bus)
    shortest = np.array([c.length for c in connections])
    before = lengths(router)
    assert len(before) == NETS and (before > 1.05 * shortest).any()
    rearrange(router)
    after = lengths(router)
    assert np.all(after <= before)
    straight = [int(np.sum(length < 1.02 * shortest)) for length in (before, after)]
    assert straight[0] < straight[1], "those whose straight way nobody else has taken"


def test_looking_ends_where_nothing_becomes_shorter(bus: Design, monkeypatch: pytest.MonkeyPatch) -> None:
    """All go round a wall that stays: with nothing to spare, the first search in vain is the last."""
    monkeypatch.setattr(ledger, "MOST", 0)
    router, connections = walled(bus)
    still = router.window.node["blocked"]
    still[:] = 0xFFFF
    for c in connections:
        assert c.path is not None
        still[c.path] = 0
    searches: list[int] = []
    find = router.finder.find

    def counted(c: Connection, *rest: object, **more: object) -> object:
        searches.append(c.id)
        return find(c, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(Finder, "find", lambda self, c, *rest, **more: counted(c, *rest, **more))
    before = lengths(router)
    detours = int(np.sum(before > DETOUR * connections[0].length))
    rearrange(router)
    assert detours > 2 and len(searches) == 1
    assert lengths(router).tolist() == before.tolist()


@pytest.mark.parametrize("worth", [0, 1_000_000_000])
def test_what_becomes_shorter_pays_for_more_searches(bus: Design, monkeypatch: pytest.MonkeyPatch, worth: int) -> None:
    monkeypatch.setattr(ledger, "MOST", 0)
    monkeypatch.setattr(ledger, "WORTH", worth)
    router, _ = walled(bus)
    before = lengths(router)
    rearrange(router)
    shorter = int(np.sum(lengths(router) < before))
    assert shorter > 1 if worth else shorter == 1
