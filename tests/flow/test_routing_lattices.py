"""Which lattices a package is routed on, one after the other, and what comes of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from lattice_packages import DIE, NETS, WALL, Steps, all_are_large, judged, package, pitches

from router import flow
from router.maze import choose as choose_module
from router.maze.choose import fullest_cut, search_size
from router.maze.cost import Costs
from router.maze.kernels.nodes import OX, OY, STEP
from router.maze.kernels.paths import positions
from router.maze.lattice import build_lattice
from router.maze.problem import prepare, start
from router.maze.route import route_design
from router.maze.watch import Watch
from router.model.geometry import Box
from router.write.gds import write_gds


@pytest.mark.parametrize("pad_size", [40, 30], ids=["lines on the lands", "lines beside the lands"])
def test_a_package_begun_on_a_coarse_lattice_is_finished_on_the_usual_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pad_size: int
) -> None:
    steps = Steps(monkeypatch)
    text = DIE.replace("pad_size = 40", f"pad_size = {pad_size}") + NETS + WALL
    result = flow.route(package(tmp_path, text))
    assert steps.pitches == [20_000, 10_000]
    assert steps.routed == [2, 3, 4, 5, 6], "all but the first pass no slit"
    assert steps.carried == steps.routed
    assert result.routing.iterations[0].unrouted == 1
    assert result.routing.unrouted == () and not result.routing.stopped
    verdict = judged(tmp_path, result)
    assert set(verdict.verdicts) == {"own", "klayout"}
    assert verdict.clean


def test_a_package_that_is_finished_on_the_coarse_lattice_stays_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = Steps(monkeypatch)
    result = flow.route(package(tmp_path, DIE + NETS))
    assert steps.pitches == [20_000]
    assert result.routing.unrouted == ()
    assert judged(tmp_path, result).clean
    steps_in_paths = {abs(int(d)) for p in result.routing.paths for d in (p.points[1:] - p.points[:-1])[2:-2].ravel()}
    assert steps_in_paths == {0, 20_000}


def test_two_lattices_give_the_same_bytes_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = Steps(monkeypatch)
    design = package(tmp_path, DIE + NETS + WALL)
    found = set()
    for k in range(2):
        write_gds(tmp_path / f"{k}.gds", design, flow.route(design).masks)
        found.add((tmp_path / f"{k}.gds").read_bytes())
    assert len(found) == 1
    assert steps.pitches == [20_000, 10_000] * 2


@pytest.mark.parametrize("after", [0, 3, 6])
def test_stopped_on_either_lattice_the_best_state_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    """Before all, a way is looked for of each of 6 connections, to see which come first."""
    steps = Steps(monkeypatch)
    asked = 0

    def stop() -> bool:
        nonlocal asked
        asked += 1
        return asked > 6 + after

    result = flow.route(package(tmp_path, DIE + NETS + WALL), stop=stop)
    assert result.routing.stopped
    assert steps.pitches == ([20_000] if after < 6 else [20_000, 10_000])
    assert len(result.routing.paths) >= min(after, 5)
    verdict = judged(tmp_path, result)
    assert verdict.violations == ()
    assert {net for fault in verdict.faults for net in fault.nets} == {u.net for u in result.routing.unrouted}


def test_how_full_and_how_large_a_package_is_says_which_lattices_it_gets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    design = package(tmp_path, DIE + NETS)
    monkeypatch.setattr(choose_module, "SMALL", 0)
    assert pitches(design, 0.1) == [10_000], "not large"
    monkeypatch.setattr(choose_module, "LARGE", 0)
    assert pitches(design, 0.1) == [20_000, 10_000]
    assert pitches(design, 0.4) == pitches(design, 0.9) == [10_000], "a finer one passes no more tracks"
    assert search_size(design, 0.1) == search_size(design, 0.4)
    chosen = replace(design, lattice=(10_000,) * 3)
    assert pitches(chosen, 0.1) == [10_000], "the user's pitch is none to begin with"
    monkeypatch.undo()
    assert pitches(replace(design, outline=Box(-900_000, -900_000, 900_000, 900_000)), 0.1) == [5_000], "small"


def test_the_fullest_cut_is_found_where_nobody_says_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert fullest_cut(package(tmp_path, DIE + NETS + WALL)) == pytest.approx(1 / 3)
    assert fullest_cut(replace(package(tmp_path, DIE + NETS), nets=())) == 0.0
    steps = Steps(monkeypatch)
    routing = route_design(package(tmp_path, DIE + NETS + WALL))
    assert steps.pitches == [20_000, 10_000]
    assert routing.unrouted == ()


# Four nets from wall to wall, and one that has to cross them all.
CROSSED = """
[[die]]
name = "die"
size = [1400, 1400]
pad = "bump"
pad_size = 40
array = { nx = 6, ny = 6, pitch = 240 }
[nets]
V = ["die.A3", "die.F3"]
""" + "".join(f'H{row} = ["die.{row}1", "die.{row}6"]\n' for row in "BCDE")
CROSSED += "".join(
    f"[[keepout]]\nrect = {box}\n"
    for box in ("[-1300, -1300, -632, 1300]", "[632, -1300, 1300, 1300]", "[-632, 632, 632, 1300]",
                "[-632, -1300, 632, -632]")
)  # fmt: skip


def test_stopped_after_the_coarse_lattice_it_is_no_worse_than_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first search on the usual lattice runs over four nets that came from the coarse one; there it ends."""
    steps = Steps(monkeypatch)
    searches = 0

    def stop() -> bool:
        nonlocal searches
        searches += len(steps.pitches) == 2
        return searches > 1

    design = package(tmp_path, CROSSED)
    design = replace(design, classes={n: replace(c, levels=(0,)) for n, c in design.classes.items()})
    routing = route_design(design, fullness=0.0, watch=Watch(stop))
    assert len(steps.carried) == 4 and routing.stopped
    assert len(routing.unrouted) == 1


def test_where_a_place_is_crowded_the_coarse_lattice_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    design = package(tmp_path, DIE + NETS)
    all_are_large(monkeypatch)
    share = choose_module.most_crowding(design)
    assert 0 < share < 0.1
    monkeypatch.setattr(choose_module, "EASY", share + 0.001)
    assert pitches(design, 0.0) == [20_000, 10_000]
    monkeypatch.setattr(choose_module, "EASY", share - 0.001)
    assert pitches(design, 0.0) == [10_000]


def test_a_way_through_a_coarse_level_between_fine_ones_is_found_at_once(tmp_path: Path) -> None:
    """Its nodes are every fourth of the finer levels, none on an even column: cuts that stood on even ones alone, as
    between levels of one pitch, would meet it nowhere, and a search would look at all there is before it tries all."""
    nets = '[nets]\nA = ["die.D4", "bga.D4"]\n[lattice]\nRDL1 = 10\nRDL2 = 40\nRDL3 = 10\n'
    # A land of the net has cuts on all columns: not here.
    lands = (-120, 120, 60), (750, -750, 180)
    nets += "".join(f'[[keepout]]\nlevels = ["RDL2"]\nrect = {[x - r, y - r, x + r, y + r]}\n' for x, y, r in lands)
    balls = '[[balls]]\nname = "bga"\npad = "ball"\narray = { nx = 4, ny = 4, pitch = 500 }\n'
    design = package(tmp_path, DIE + balls + nets)
    raster = build_lattice(design, design.outline, 2)
    assert raster.levels[:, STEP].tolist() == [1, 4, 1]
    raster.levels[1, [OX, OY]] = 1
    problem = prepare(design, raster)
    router = start(problem, Costs())
    found = router.find(problem.connections[1])
    assert found is not None
    levels = positions(raster.levels, found.path)[:, 2]
    assert set(levels.tolist()) == {0, 1, 2}
    assert router.searcher.labels.stamp == 1
    assert router.searcher.visits < 5_000
