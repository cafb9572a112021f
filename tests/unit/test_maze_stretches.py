"""Stretches of connections that have fees of their own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from router.bench.hidden import hidden
from router.maze import again, route_design
from router.maze.cost import Costs
from router.maze.kernels import paths
from router.maze.lattice import build_lattice
from router.maze.problem import prepare, start
from router.maze.ripup import Ripup
from router.maze.stretches import APART, SQUARE
from router.model.design import Design
from router.read.design import read_design

# Doors with room for nine tracks each, the second 300 µm to the left of the first, and six nets through both.
LANDS = [44 * k - 110 for k in range(6)]
DOORS = (((-400, 150, 60), (240, 150, 400)), ((-400, 350, -240), (-60, 350, 400)))


@pytest.fixture
def bend(tmp_path: Path) -> Design:
    """A bus round two corners, one to the right and one to the left."""
    text = 'name = "bend"\npdk = "fanout_10um"\nlevels = 1\noutline = [-400, -200, 400, 700]\n'
    for name, y in (("u", 0), ("v", 500)):
        pins = ", ".join(f'{{ name = "{k}", x = {x}, y = {y}, net = "N{k}" }}' for k, x in enumerate(LANDS))
        text += f'[[die]]\nname = "{name}"\npad = "bump"\npad_size = 24\npin = [{pins}]\n'
    for left, low, right in (wall for door in DOORS for wall in door):
        text += f"[[keepout]]\nrect = [{left}, {low}, {right}, {low + 30}]\n"
    (tmp_path / "bend.toml").write_text(text + "[netlist]\nfrom_tables = true\n", encoding="utf-8")
    return read_design(tmp_path / "bend.toml")


def router_of(design: Design, *, by_place: bool) -> Ripup:
    return start(prepare(design, build_lattice(design, design.outline, 4), by_place=by_place), Costs())


def test_fees_by_place_find_what_fees_by_connection_do_not() -> None:
    design = hidden(1, 20, 22.0)
    assert not route_design(design).unrouted
    usual = again.its_turn
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(again, "its_turn", lambda order, lattices: (usual(order, lattices)[0], False))
        assert route_design(design).unrouted


def test_stretches_make_up_the_path_and_lie_in_one_place_each(bend: Design) -> None:
    router = router_of(bend, by_place=True)
    c = router.connections[1]
    found = router.find(c)
    assert found is not None
    router.commit(c, found)
    levels, pitch = router.window.lattice.levels, router.window.lattice.pitch
    nodes, seen = [], set()
    for stretch, path in router.stretches.of(c, levels):
        assert router.stretches.owner(stretch) == c.id
        squares = paths.positions(levels, path[:1])[0, :2] * pitch // (SQUARE * 20_000) % APART
        assert stretch // len(router.connections) == squares @ [APART, 1]
        nodes += path.tolist()[len(nodes) > 0 :]
        seen.add(stretch)
    assert nodes == found.path.tolist() and len(seen) > 3
    assert set(np.unique(router.window.slots)) == {0, *seen}
    router.clear(c)
    assert not router.window.slots.any()


def test_what_is_run_over_is_dearer_in_that_place_alone(bend: Design) -> None:
    router = router_of(bend, by_place=True)
    first, second = router.connections[3:5]
    found, across = router.find(first), router.find(second)
    assert found is not None and across is not None
    router.commit(first, found)
    before = router.searcher.fee.copy()
    over = router.run_over(second, across.path)
    assert list(over) == [first.id]
    met = over[first.id]
    assert 1 < len(met) < router.stretches.places
    assert router.put(second, across, over) == [first]
    assert np.flatnonzero(router.searcher.fee - before).tolist() == sorted(met)


def test_a_connection_is_one_where_fees_go_by_connection(bend: Design) -> None:
    router = router_of(bend, by_place=False)
    assert router.stretches.places == 1 and len(router.searcher.fee) == len(router.connections)
