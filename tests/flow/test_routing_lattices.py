"""Which lattices a package is routed on, one after the other, and what comes of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from both_engines import judged_here

from router import flow
from router.maze import choose as choose_module
from router.maze import patience
from router.maze import ripup as ripup_module
from router.maze import route as route_module
from router.maze import window as window_module
from router.maze.choose import choose_lattices, fullest_cut, search_size
from router.maze.cost import Costs
from router.maze.fit import tracks_held
from router.maze.kernels.nodes import OX, OY, STEP
from router.maze.kernels.paths import positions
from router.maze.lattice import build_lattice, gap_kinds, passes
from router.maze.refine import carry_over
from router.maze.ripup import Ripup
from router.maze.route import Problem, prepare, route_design, start
from router.model.design import Design
from router.model.errors import RefusedError
from router.model.geometry import Box
from router.model.layout import SignOff
from router.read.design import read_design
from router.write.gds import write_gds

HEAD = 'name = "p"\npdk = "fanout_10um"\nlevels = 3\noutline = [2600, 2600]\n'
DIE = """
[[die]]
name = "die"
size = [2000, 2000]
pad = "bump"
pad_size = 40
array = { nx = 8, ny = 8, pitch = 240 }
"""
NETS = """
[nets]
A = ["die.A2", "die.H2"]
B = ["die.A3", "die.B6"]
C = ["die.B3", "die.A6"]
D = ["die.G1", "die.H8"]
E = ["die.F4", "die.G7", "die.H4"]
"""
# A wall on all levels, with a slit 20 µm wide between two lines of a lattice of 20 µm.
WALL = """
[[keepout]]
rect = [-1300, -30, 400, 30]
[[keepout]]
rect = [420, -30, 1300, 30]
"""


def package(folder: Path, text: str, head: str = HEAD) -> Design:
    (folder / "p.toml").write_text(head + text, encoding="utf-8")
    return read_design(folder / "p.toml")


def judged(folder: Path, result: flow.Result) -> SignOff:
    write_gds(folder / "p.gds", result.design, result.masks)
    return judged_here(folder / "p.gds", result.design)


def all_are_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any package counts as large."""
    for name in ("SMALL", "LARGE"):
        monkeypatch.setattr(choose_module, name, 0)


class Steps:
    """The lattices that a routing goes through, and the connections that go from one to the next."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.pitches: list[int] = []
        self.routed: list[int] = []
        self.carried: list[int] = []
        all_are_large(monkeypatch)
        monkeypatch.setattr(route_module, "prepare", self.prepare)
        monkeypatch.setattr(route_module, "carry_over", self.carry_over)

    def prepare(self, design: Design, *raster: object) -> Problem:
        problem = prepare(design, *raster)
        if design.name == "p":
            self.pitches.append(problem.window.lattice.pitch)
        return problem

    def carry_over(self, coarse: Ripup, fine: Ripup) -> None:
        carry_over(coarse, fine)
        self.routed += [c.id for c in coarse.connections[1:] if c.path is not None]
        self.carried += [c.id for c in fine.connections[1:] if c.path is not None]


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


def pitches(design: Design, fullness: float) -> list[int]:
    return [raster.pitch for raster in choose_lattices(design, fullness)]


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
    routing = route_design(design, fullness=0.0, stop=stop)
    assert len(steps.carried) == 4 and routing.stopped
    assert len(routing.unrouted) == 1


def test_memory_that_the_coarse_lattice_has_taken_does_not_end_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where what is left is too little for the usual lattice, what was found on the coarse one stands."""
    steps = Steps(monkeypatch)
    design = package(tmp_path, DIE + NETS + WALL)
    coarse, usual = (choose_module.lattice_bytes(design, raster) for raster in choose_lattices(design, 0.1))

    def free() -> int:
        return usual - (coarse if steps.pitches else 0)

    for module in (route_module, window_module):
        monkeypatch.setattr(module, "memory_limit", free)
    routing = route_design(design, fullness=0.1)
    assert len(routing.unrouted) <= 1


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
    for module in (route_module, window_module):
        monkeypatch.setattr(module, "memory_limit", lambda: limit)
    monkeypatch.setattr(window_module, "SPARSE", 0)
    asked = 0

    def taken() -> int:
        nonlocal asked
        asked += 1
        return max(0, asked - 3) if spare else asked << 40

    for module in (route_module, ripup_module):
        monkeypatch.setattr(module, "memory_taken", taken)
    routing = route_design(design, fullness=0.6)
    assert routing.stopped == (not spare)
    assert len(routing.unrouted) == (0 if spare else 6)
    assert len(routing.paths) == 6 - len(routing.unrouted)


def test_a_finer_lattice_that_the_system_has_no_room_for_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = Steps(monkeypatch)

    def prepare_once(design: Design, *raster: object) -> Problem:
        if steps.pitches:
            raise MemoryError
        return steps.prepare(design, *raster)

    monkeypatch.setattr(route_module, "prepare", prepare_once)
    routing = route_design(package(tmp_path, DIE + NETS + WALL))
    assert [u.net for u in routing.unrouted] == ["A"]
    assert len(routing.paths) == 5 and not routing.stopped


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
    router = start(problem, Costs(), lambda: False, lambda stats: None)
    found = router.find(problem.connections[1])
    assert found is not None
    levels = positions(raster.levels, found.path)[:, 2]
    assert set(levels.tolist()) == {0, 1, 2}
    assert router.searcher.labels.stamp == 1
    assert router.searcher.visits < 5_000


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
