"""Lattices that let through what others do not: by gaps between lands, and finer ones for what is left."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from lattice_packages import DIE, HEAD, NETS, judged, package, pitches

from router import flow
from router.maze import choose as choose_module
from router.maze import patience
from router.maze import route as route_module
from router.maze import window as window_module
from router.maze.choose import choose_lattices
from router.maze.fit import tracks_held
from router.maze.lattice import build_lattice, gap_kinds, passes
from router.model.design import Design


def test_where_each_track_counts_a_lattice_is_taken_that_passes_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lands of 30 µm, 240 µm apart, in every other row 5 µm aside: lines every 10 µm lie well for half of them."""
    monkeypatch.setattr(choose_module, "SMALL", 0)
    design = package(tmp_path, DIE + NETS)
    terminals = tuple(replace(t, x=t.x + 5_000 * (k // 8 % 2), width=30_000) for k, t in enumerate(design.terminals))
    uneven = replace(design, terminals=terminals)
    usual, fine = (build_lattice(uneven, uneven.outline, divisor) for divisor in (2, 4))
    gaps = gap_kinds(uneven).lands
    assert passes(gaps, fine) > passes(gaps, usual)
    tight = choose_module.TIGHT * passes(gaps, usual) / tracks_held(gaps)
    assert pitches(uneven, tight + 0.001) == [5_000]
    assert pitches(uneven, tight - 0.001) == [10_000]
    needed = choose_module.lattice_bytes(uneven, fine)
    monkeypatch.setattr(window_module, "memory_limit", lambda: needed - 1)
    assert pitches(uneven, tight + 0.001) == [10_000], "where it does not fit, the usual one does"


def ring(folder: Path, apart: float) -> Design:
    """Net A leaves a ring of lands, whose gaps let one of its wide traces through, exactly; net B is narrow."""
    side = [(i, j) for i in range(5) for j in range(5) if max(abs(i - 2), abs(j - 2)) == 2]
    pins = [*((apart * (i - 2), apart * (j - 2)) for i, j in [*side, (2, 2)]), (0, 500), (300, 500), (400, 500)]
    listed = ", ".join(f'{{ name = "{k}", x = {x}, y = {y} }}' for k, (x, y) in enumerate(pins))
    die = f'[[die]]\nname = "die"\nsize = [1200, 1200]\npad = "bump"\npad_size = {apart - 37}\npin = [{listed}]\n'
    nets = '[nets]\nA = ["die.16", "die.17"]\nB = ["die.18", "die.19"]\n'
    wide = '[[class]]\nname = "wide"\nnets = ["A"]\nwidth = 17\n'
    return package(folder, die + nets + wide, HEAD.replace("levels = 3", "levels = 1"))


@pytest.mark.parametrize("apart", [100, 107.3, 113.1, 118.7])
def test_a_gap_that_holds_a_trace_lets_it_through_wherever_it_lies(tmp_path: Path, apart: float) -> None:
    result = flow.route(ring(tmp_path, apart))
    assert result.routing.unrouted == ()
    assert judged(tmp_path, result).clean


# Net B goes from a land near the lower edge to one near the upper. A and C have to pass below and above it, where a
# single track fits each, 35 to 37 µm from the centres: no lines 10 µm apart lie in both of these lanes.
ROUND = """
[[die]]
name = "die"
pad = "bump"
pad_size = 40
pin = [{ name = "1", x = -100, y = -231 }, { name = "2", x = 0, y = -231 }, { name = "3", x = 100, y = -231 },
       { name = "4", x = -100, y = 231 }, { name = "5", x = 0, y = 231 }, { name = "6", x = 100, y = 231 }]
[nets]
A = ["die.1", "die.3"]
B = ["die.2", "die.5"]
C = ["die.4", "die.6"]
"""


def test_fights_that_do_not_end_are_taken_to_a_finer_lattice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    head = HEAD.replace("levels = 3", "levels = 1").replace("2600, 2600", "600, 596")
    design = package(tmp_path, ROUND, head)
    assert [raster.pitch for raster in choose_lattices(design, 0.0)] == [5_000]
    assert flow.route(design).routing.unrouted == ()
    monkeypatch.setattr(choose_module, "SMALL", 0)
    monkeypatch.setattr(patience, "LEAST_PATIENCE", 20)
    assert pitches(design, 0.0) == [10_000]
    result = flow.route(design)
    assert result.routing.unrouted == ()
    assert judged(tmp_path, result).clean
    monkeypatch.setattr(choose_module, "MIDDLE", 0)
    assert len(flow.route(design).routing.unrouted) == 1


# Lands that a wide spacing lets no trace between, so that the one amid them is left by a cut in it; it lies between two
# lines of a lattice of 35 µm, on which all others lie.
AMID = """
[[die]]
name = "die"
pad = "bump"
pad_size = 24
pin = [{ name = "1", x = 17.5, y = 17.5 }, { name = "2", x = -70, y = -70 }, { name = "3", x = 17.5, y = -70 },
       { name = "4", x = 105, y = -70 }, { name = "5", x = -70, y = 17.5 }, { name = "6", x = 105, y = 17.5 },
       { name = "7", x = -70, y = 105 }, { name = "8", x = 17.5, y = 105 }, { name = "9", x = 105, y = 105 }]
[[balls]]
name = "bga"
pad = "ball"
pin = [{ name = "A1", x = 700, y = 700 }]
[nets]
A = ["die.1", "bga.A1"]
[[class]]
name = "apart"
nets = ["A"]
spacing = 60
"""


def test_a_net_that_finds_no_way_at_all_is_taken_to_a_finer_lattice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    design = package(tmp_path, AMID)
    monkeypatch.setattr(choose_module, "SMALL", 0)
    assert pitches(design, 0.0) == [35_000]
    result = flow.route(design)
    assert result.routing.unrouted == ()
    assert judged(tmp_path, result).clean
    monkeypatch.setattr(choose_module, "MIDDLE", 0)
    assert [u.blockers for u in flow.route(design).routing.unrouted] == [()]


def test_cuts_that_fit_on_few_lattices_alone_find_one(tmp_path: Path) -> None:
    """Bumps walled in on their level, and above each a slot between keep-outs that is 1.3 µm wider than a capture pad:
    lines that lie in all slots are nearer than that."""
    head, text = 'name = "p"\npdk = "fanout_10um"\nlevels = 2\noutline = [2000, 800]\n', ""
    pins, balls, nets = [], [], []
    for k, x in enumerate((-803.1, -391.7, 12.3, 433.9, 861.4)):
        pins.append(f'{{ name = "{k}", x = {x}, y = 0 }}')
        balls.append(f'{{ name = "{k}", x = {x}, y = 250 }}')
        nets.append(f'N{k} = ["d.{k}", "g.{k}"]\n')
        walls = [(1, x - 60, y, x + 60, y + 10) for y in (-60, 50)] + [
            (1, s, -60, s + 10, 60) for s in (x - 60, x + 50)
        ]
        for level, *rect in [*walls, (2, x - 90, -60, x - 13.15, 60), (2, x + 13.15, -60, x + 90, 60)]:
            text += f'[[keepout]]\nlevels = ["RDL{level}"]\nrect = {[round(v, 3) for v in rect]}\n'
    text += f'[[die]]\nname = "d"\npad = "bump"\npin = [{", ".join(pins)}]\n'
    text += f'[[balls]]\nname = "g"\npad = "ball"\npin = [{", ".join(balls)}]\n[nets]\n{"".join(nets)}'
    assert route_module.route_design(package(tmp_path, text, head)).unrouted == ()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(route_module, "FINER", ())
        assert len(route_module.route_design(package(tmp_path, text, head)).unrouted) == 2
