"""What the router promises whatever the package: nets named when they remain, the best state, the same bytes."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from both_engines import judged_here

from router import flow
from router.maze import Watch, patience, route_design
from router.maze import window as window_module
from router.maze.choose import COARSE, lattice_bytes
from router.maze.lattice import build_lattice
from router.model.design import Design
from router.model.errors import RefusedError
from router.model.layout import SignOff
from router.model.routing import IterationStats
from router.read.design import read_design
from router.write.gds import write_gds

# A cross of two nets on one level that keep-outs shut in; C is free.
CROSS = """
name = "p"
pdk = "fanout_10um"
levels = 1
outline = [2000, 2000]
[[die]]
name = "die"
size = [1000, 1000]
pad = "bump"
array = { nx = 2, ny = 2, pitch = 400 }
[[die]]
name = "side"
size = [200, 1000]
at = [700, 0]
pad = "bump"
array = { nx = 1, ny = 2, pitch = 400 }
[nets]
A = ["die.A1", "die.B2"]
B = ["die.A2", "die.B1"]
C = ["side.A1", "side.B1"]
"""
FENCE = "".join(
    f"[[keepout]]\nrect = {list(box)}\n"
    for box in [(-300, 255, 300, 275), (-300, -275, 300, -255), (-275, -255, -255, 255), (255, -255, 275, 255)]
)


def package(folder: Path, text: str) -> Design:
    (folder / "p.toml").write_text(text, encoding="utf-8")
    return read_design(folder / "p.toml")


def judged(folder: Path, result: flow.Result) -> SignOff:
    write_gds(folder / "p.gds", result.design, result.masks)
    return judged_here(folder / "p.gds", result.design)


def test_a_net_that_cannot_be_routed_is_named_with_its_ends_and_blockers(tmp_path: Path) -> None:
    result = flow.route(package(tmp_path, CROSS + FENCE))
    (missing,) = result.routing.unrouted
    rival = {"A": "B", "B": "A"}[missing.net]
    assert {missing.source, missing.target} == {"A": {"die.A1", "die.B2"}, "B": {"die.A2", "die.B1"}}[missing.net]
    assert missing.blockers == (rival,)
    assert {path.net for path in result.routing.paths} == {"ABC".index(rival), 2}
    assert not result.routing.stopped
    verdict = judged(tmp_path, result)
    assert [fault.kind for fault in verdict.faults] == ["open"]
    assert verdict.faults[0].nets == (missing.net,)
    assert verdict.violations == ()


def test_a_net_behind_a_wall_has_no_blockers(tmp_path: Path) -> None:
    wall = "[[keepout]]\nrect = [-1000, -20, 1000, 20]\n"
    result = flow.route(package(tmp_path, CROSS + wall))
    assert {(u.net, u.blockers) for u in result.routing.unrouted} == {("A", ()), ("B", ()), ("C", ())}
    assert result.layout.traces == ()
    assert {fault.kind for fault in judged(tmp_path, result).faults} == {"open"}


def test_the_ends_of_each_missing_part_of_a_tree_are_named(tmp_path: Path) -> None:
    nets = CROSS.split("A = [")[0] + 'T = ["die.A1", "die.A2", "die.B1", "die.B2"]\n'
    wall = "[[keepout]]\nrect = [-1000, -20, 1000, 20]\n"
    result = flow.route(package(tmp_path, nets + wall))
    missing = result.routing.unrouted
    assert all({u.source[:5], u.target[:5]} == {"die.A", "die.B"} for u in missing), "each across the wall"
    assert len(result.routing.paths) + len(missing) == 3
    verdict = judged(tmp_path, result)
    assert verdict.violations == ()
    assert {(fault.kind, fault.nets) for fault in verdict.faults} == {("open", ("T",))}


def test_a_net_falls_into_as_few_pieces_as_the_wall_leaves(tmp_path: Path) -> None:
    nets = CROSS.split("A = [")[0] + 'T = ["die.A1", "die.A2", "die.B1", "die.B2"]\n'
    wall = "[[keepout]]\nrect = [-1000, -20, 1000, 20]\n"
    assert len(route_design(package(tmp_path, nets + wall)).unrouted) == 1


@pytest.mark.parametrize("after", [-16, -5, 0, 1, 2, 7])
def test_stopped_early_the_best_state_is_kept(tmp_path: Path, after: int) -> None:
    """Of 16 connections a way is looked for to see which come first; then they are routed one by one."""
    design = read_design("toy")
    asked = 0

    def stop() -> bool:
        nonlocal asked
        asked += 1
        return asked > 16 + after

    result = flow.route(design, stop=stop)
    assert result.routing.stopped
    open_nets = {unrouted.net for unrouted in result.routing.unrouted}
    assert len(result.routing.paths) == max(after, 0)
    verdict = judged(tmp_path, result)
    assert verdict.violations == ()
    assert {net for fault in verdict.faults for net in fault.nets} == open_nets
    assert {fault.kind for fault in verdict.faults} == {"open"}


def test_a_run_cut_short_says_so_wherever_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the search, in the passes after it or in tightening: at each place that asks whether to end."""
    monkeypatch.setattr(patience, "PATIENCE", 5)
    monkeypatch.setattr(patience, "LEAST_PATIENCE", 20)
    design = package(tmp_path, CROSS + FENCE)
    asked = 0

    def stop_at(last: int) -> Callable[[], bool]:
        def stop() -> bool:
            nonlocal asked
            asked += 1
            return asked >= last

        return stop

    assert not flow.route(design, stop=stop_at(10_000)).routing.stopped
    for last in range(max(1, asked - 5), asked + 1):
        asked = 0
        assert flow.route(design, stop=stop_at(last)).routing.stopped, last


def test_the_best_state_is_no_worse_than_any_that_was_seen(tmp_path: Path) -> None:
    seen: list[IterationStats] = []
    waited: list[int] = []
    routing = route_design(package(tmp_path, CROSS + FENCE), watch=Watch(progress=seen.append, waiting=waited.append))
    assert len(waited) >= len(routing.iterations) > 0
    assert tuple(seen) == routing.iterations
    assert [stats.iteration for stats in seen] == list(range(1, len(seen) + 1))
    assert len(routing.unrouted) == min(stats.unrouted for stats in seen) == 1
    assert all(a.node_visits <= b.node_visits for a, b in itertools.pairwise(seen))
    assert routing.node_visits > 0 and routing.memory_bytes > 0


def test_a_hopeless_fight_is_told_in_few_rows(tmp_path: Path) -> None:
    assert len(route_design(package(tmp_path, CROSS + FENCE)).iterations) < 200


def crowded(folder: Path) -> Design:
    """Twelve nets in reversed order between two dies, one level too few for comfort: there is ripping up."""
    pins = range(12)
    text = """
name = "p"
pdk = "fanout_10um"
levels = 2
outline = [2200, 1600]
""" + "".join(
        f'[[die]]\nname = "{name}"\nsize = [400, 1300]\nat = [{x}, 0]\npad = "bump"\npad_size = 30\n'
        'array = { nx = 2, ny = 6, pitch = 200, names = "{n}" }\n'
        for name, x in (("l", -500), ("r", 500))
    )
    text += "[nets]\n" + "\n".join(f'N{k} = ["l.{k + 1}", "r.{12 - k}"]' for k in pins)
    return package(folder, text)


def test_the_same_package_gives_the_same_bytes(tmp_path: Path) -> None:
    design = crowded(tmp_path)
    found = set()
    for k, threads in enumerate((1, 1, 2)):
        result = flow.route(design, threads=threads)
        assert result.routing.unrouted == ()
        assert judged(tmp_path, result).clean
        write_gds(tmp_path / f"{k}.gds", design, result.masks)
        found.add((tmp_path / f"{k}.gds").read_bytes())
    assert len(found) == 1


def test_a_seed_changes_no_promise(tmp_path: Path) -> None:
    design = crowded(tmp_path)
    for seed in (1, 2):
        result = flow.route(design, seed=seed)
        again = flow.route(design, seed=seed)
        assert [p.points.tolist() for p in result.routing.paths] == [p.points.tolist() for p in again.routing.paths]
        assert result.routing.unrouted == ()
        assert judged(tmp_path, result).clean


def test_a_package_too_large_for_the_machine_is_refused_before_anything_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    design = read_design("toy")
    stated = route_design(design).memory_bytes
    coarse = lattice_bytes(design, build_lattice(design, design.outline, COARSE))
    assert coarse < stated
    monkeypatch.setattr(window_module, "memory_limit", lambda: coarse - 1)
    with pytest.raises(RefusedError, match=r"coarser \[lattice\] pitch") as refused:
        route_design(design)
    assert refused.value.exit_code == 3
    assert refused.value.witness["memory_bytes"] == coarse
    monkeypatch.setattr(window_module, "memory_limit", lambda: stated)
    assert route_design(design).unrouted == ()


def test_the_lattice_a_user_chooses_is_used(tmp_path: Path) -> None:
    coarse = route_design(package(tmp_path, CROSS + "[lattice]\nRDL1 = 20\n"))
    fine = route_design(package(tmp_path, CROSS + "[lattice]\nRDL1 = 10\n"))
    assert fine.memory_bytes * 4**2 == coarse.memory_bytes * 7**2, "101 columns lie in 4 tiles of 32, 201 in 7"
    places = {tuple(p) for path in coarse.paths for p in (path.points[2:-2] % 20_000).tolist()}
    assert len(places) == 1


def test_no_time_at_all_leaves_pads_alone(tmp_path: Path) -> None:
    design = replace(read_design("toy"), name="p")
    result = flow.route(design, stop=lambda: True)
    assert result.routing.paths == () and result.layout.traces == ()
    assert len(result.routing.unrouted) == sum(len(net.ends) - 1 for net in design.nets)
