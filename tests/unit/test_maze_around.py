"""Ways round obstacles: those that are sent the farthest round come first, and lie nested."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from router.maze import Watch, route_design
from router.maze.around import LEAST_SAMPLE, send_round, turns_right
from router.maze.connection import Connection
from router.maze.cost import Costs
from router.maze.finder import Finder, Found
from router.maze.lattice import build_lattice
from router.maze.problem import prepare, start
from router.maze.ripup import Ripup
from router.maze.search import Searcher
from router.model.design import Design
from router.read.design import read_design

NETS, WALL = 36, 40


def gap(folder: Path, width: int, wall: bool = True) -> Design:
    """A bus between two rows of pads, in an order by chance, and between them a wall with a gap in its middle."""
    half = 40 * NETS + 100
    rows = "\n".join(
        f'[[balls]]\nname = "{name}"\nat = [0, {y}]\npad = "bump"\n'
        f'array = {{ nx = {NETS}, ny = 1, pitch = 80, names = "P{{n}}" }}'
        for name, y in (("a", 400), ("b", -400))
    )
    walls = "\n".join(
        f"[[keepout]]\nrect = [{x0}, {-WALL // 2}, {x1}, {WALL // 2}]"
        for x0, x1 in ((-half, -width // 2), (width // 2, half))
    )
    order = np.random.default_rng(1).permutation(NETS) + 1
    nets = "\n".join(f'N{k} = ["a.P{k}", "b.P{k}"]' for k in order)
    file = folder / "gap.toml"
    file.write_text(
        f'name = "gap"\npdk = "flipchip_4um"\nlevels = 1\noutline = [{2 * half}, 1200]\n{rows}\n{walls * wall}\n'
        f"[nets]\n{nets}\n",
        encoding="utf-8",
    )
    return read_design(file)


def router_of(design: Design) -> Ripup:
    problem = prepare(design, build_lattice(design, design.outline, 2))
    return start(problem, Costs())


def test_the_outermost_are_sent_the_farthest_round(tmp_path: Path) -> None:
    design = gap(tmp_path, 400)
    router = router_of(design)
    send_round(router, 1)
    longer = router.longer
    assert longer[0] == 0
    off_middle = [abs(int(net.name[1:]) - (NETS + 1) / 2) for net in design.nets]
    order = np.argsort(-longer[1:], kind="stable")
    sent = np.count_nonzero(longer)
    assert NETS // 2 < sent < NETS, "those before the gap go straight"
    assert [off_middle[k] for k in order[:sent]] == sorted(off_middle, reverse=True)[:sent]


def test_threads_change_nothing(tmp_path: Path) -> None:
    design = gap(tmp_path, 400)
    one, two = router_of(design), router_of(design)
    send_round(one, 1)
    send_round(two, 2)
    assert one.longer.any()
    assert np.array_equal(one.longer, two.longer)
    assert np.array_equal(one.finder.turned, two.finder.turned)


def test_in_the_open_a_sample_is_enough(tmp_path: Path) -> None:
    router = router_of(gap(tmp_path, 400, wall=False))
    send_round(router, 1)
    assert not router.longer.any()
    looked = router.searcher.visits
    assert NETS < 2 * LEAST_SAMPLE, "here it holds them all"
    assert looked > 0


@pytest.mark.parametrize("after", [0, 3, NETS])
def test_stopped_it_looks_for_no_more_ways(after: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Amid the sample as well, which holds all of these nets."""
    looked: list[int] = []
    find_simple = Finder.find_simple

    def find(finder: Finder, c: Connection, searcher: Searcher) -> Found | None:
        looked.append(c.id)
        return find_simple(finder, c, searcher)

    monkeypatch.setattr(Finder, "find_simple", find)
    router = router_of(gap(tmp_path, 400))
    router.watch = Watch(lambda: len(looked) >= after)
    send_round(router, 1)
    assert len(looked) == after


@pytest.mark.parametrize("threads", [1, 2])
def test_a_bus_through_a_gap_is_routed_with_few_fights(tmp_path: Path, threads: int) -> None:
    """Short ones first, 368 connections were run over."""
    routing = route_design(gap(tmp_path, 400), threads=threads)
    assert not routing.unrouted
    assert sum(stats.ripped for stats in routing.iterations) < NETS


def test_the_side_of_a_way() -> None:
    east = np.array([[5, 5, 0], [8, 9, 0], [15, 5, 0]])
    assert turns_right(east)
    assert not turns_right(east[::-1])
    assert not turns_right(np.array([[5, 5, 0], [8, 1, 0], [15, 5, 0]]))
