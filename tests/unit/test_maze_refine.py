"""Paths go on to a finer lattice at the same places; those that do not fit there are left to be routed anew."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from router.maze import course
from router.maze.connection import NOTHING, Connection
from router.maze.cost import Costs
from router.maze.course import Course
from router.maze.kernels import nodes, paths
from router.maze.lattice import Lattice, build_lattice
from router.maze.problem import Problem, prepare, start, unrouted
from router.maze.refine import carry_over, fits, led_to, refined
from router.maze.ripup import MOST_FEE, Found, Ripup
from router.maze.routed_paths import to_path
from router.maze.run import run
from router.model.design import Design
from router.model.geometry import Box
from router.read.design import read_design

BOX = Box(-300_000, -200_000, 400_000, 300_000)


def raster(design: Design, pitches: tuple[int, int], box: Box = BOX) -> Lattice:
    return build_lattice(replace(design, lattice=pitches, terminals=(), nets=()), box, 1)


def places(lattice: Lattice, path: np.ndarray) -> np.ndarray:
    """Place of each node of a path, nm, and its level, (n, 3)."""
    found = paths.positions(lattice.levels, path)
    return np.column_stack([np.array([lattice.x0, lattice.y0]) + found[:, :2] * lattice.pitch, found[:, 2]])


def walk(lattice: Lattice, rng: np.random.Generator, steps: int) -> np.ndarray:
    """A path in random octilinear runs, with a cut where both levels have a node."""
    level = int(rng.integers(2))
    x, y = (int(v) for v in rng.integers(lattice.levels[level, 1:3]))
    path = [lattice.node(level, x, y)]
    for _ in range(steps):
        way = int(rng.integers(10))
        if way < 8:
            u, v = x + int(nodes.DX[way]), y + int(nodes.DY[way])
            there = level
        else:
            there, (ox, oy), (px, py) = (
                1 - level,
                lattice.origin(1 - level),
                places(lattice, np.array(path[-1:]))[0, :2],
            )
            (u, du), (v, dv) = (divmod(int(p - o), lattice.level_pitch(there)) for p, o in ((px, ox), (py, oy)))
            if du or dv:
                continue
        if 0 <= u < lattice.levels[there, 1] and 0 <= v < lattice.levels[there, 2]:
            level, x, y = there, u, v
            path.append(lattice.node(level, x, y))
    return np.array(path, dtype=np.int64)


NESTED = [
    ((20_000, 20_000), (10_000, 10_000)),
    ((20_000, 20_000), (20_000, 20_000)),
    ((20_000, 40_000), (10_000, 20_000)),
    ((40_000, 20_000), (10_000, 20_000)),
    ((30_000, 30_000), (10_000, 30_000)),
    ((60_000, 20_000), (5_000, 5_000)),
]


@pytest.mark.parametrize(("coarse", "fine"), NESTED, ids=str)
def test_a_path_keeps_its_places(small_design: Design, coarse: tuple[int, int], fine: tuple[int, int]) -> None:
    before, after = raster(small_design, coarse), raster(small_design, fine, BOX.grown(50_000))
    rng = np.random.default_rng(1)
    cuts = 0
    for _ in range(30):
        path = walk(before, rng, 25)
        found = refined(before, after, path)
        assert found is not None
        old, new = places(before, path), places(after, found)
        waiting = iter(new.tolist())
        assert all(place in waiting for place in old.tolist()), "the corners, in order"
        assert (new[0] == old[0]).all() and (new[-1] == old[-1]).all()
        for a, b in itertools.pairwise(new.tolist()):
            run = {abs(a[0] - b[0]), abs(a[1] - b[1])} - {0}
            assert run == ({after.level_pitch(a[2])} if a[2] == b[2] else set()), "steps of the finer lattice"
        cuts += int(np.sum(old[1:, 2] != old[:-1, 2]))
        lengths = (float(paths.path_length(lat.levels, p)) * lat.pitch for lat, p in ((before, path), (after, found)))
        assert next(lengths) == pytest.approx(next(lengths))
    assert cuts > 5


def test_a_path_of_one_node_and_an_empty_one(small_design: Design) -> None:
    before, after = raster(small_design, (20_000, 20_000)), raster(small_design, (10_000, 10_000))
    one = refined(before, after, np.array([before.node(1, 3, 4)]))
    assert one is not None and one.tolist() == [after.node(1, 6, 8)]
    none = refined(before, after, NOTHING)
    assert none is not None and len(none) == 0
    assert refined(before, after, None) is None


@pytest.mark.parametrize(
    ("fine", "shift"),
    [((10_000, 10_000), 5_000), ((10_000, 10_000), 1), ((8_000, 8_000), 0)],
    ids=["half a pitch aside", "a nanometre aside", "a pitch that does not divide"],
)
def test_a_lattice_beside_the_other_has_no_such_path(small_design: Design, fine: tuple[int, int], shift: int) -> None:
    before, after = raster(small_design, (20_000, 20_000)), raster(small_design, fine)
    path = np.array([before.node(0, 5, 5), before.node(0, 6, 5)])
    for moved in (replace(after, x0=after.x0 + shift), replace(after, y0=after.y0 - shift)):
        assert refined(before, moved, path) is None


def test_a_path_off_the_finer_lattice_is_left_out(small_design: Design) -> None:
    """The second level of the finer lattice has a node every 30 µm, or begins farther inside."""
    before, after = raster(small_design, (20_000, 20_000)), raster(small_design, (10_000, 30_000))
    on_both = np.flatnonzero([refined(before, after, np.array([before.node(1, i, 1)])) is not None for i in range(12)])
    assert np.diff(on_both).tolist() == [3] * (len(on_both) - 1) and len(on_both) >= 3
    assert refined(before, after, np.array([before.node(0, i, 3) for i in range(12)])) is not None
    inner = raster(small_design, (10_000, 10_000), BOX.grown(-40_000))
    columns, rows = (int(v) for v in before.levels[0, 1:3])
    for cell, there in (((1, 9), False), ((2, 9), True), ((9, 1), False), ((columns - 2, 9), False),
                        ((columns - 3, 9), True), ((9, rows - 2), False)):  # fmt: skip
        assert (refined(before, inner, np.array([before.node(0, *cell)])) is not None) == there


PACKAGE = """
name = "p"
pdk = "fanout_10um"
levels = 2
outline = [2200, 1600]
""" + "".join(
    f'[[die]]\nname = "{name}"\nsize = [400, 1300]\nat = [{x}, 0]\npad = "bump"\npad_size = 40\n'
    'array = { nx = 2, ny = 6, pitch = 200, names = "{n}" }\n'
    for name, x in (("l", -500), ("r", 500))
)  # fmt: skip
NETS = "[nets]\n" + "".join(f'N{k} = ["l.{k}", "r.{13 - k}"]\n' for k in range(1, 9))
NETS += 'T = ["l.9", "l.10", "l.11", "l.12", "r.1", "r.4"]\n'


@pytest.fixture(scope="module")
def design(tmp_path_factory: pytest.TempPathFactory) -> Design:
    """Eight nets in reversed order between two dies, and one of six ends. All lands lie on nodes every 20 µm."""
    path: Path = tmp_path_factory.mktemp("refine") / "p.toml"
    path.write_text(PACKAGE + NETS, encoding="utf-8")
    return read_design(path)


def router(design: Design, divisor: int) -> tuple[Problem, Ripup]:
    problem = prepare(design, build_lattice(design, design.outline, divisor))
    return problem, start(problem, Costs())


def routed(ripup: Ripup) -> dict[int, Connection]:
    return {c.id: c for c in ripup.connections[1:] if c.path is not None}


def test_what_is_routed_goes_on_at_the_same_places(design: Design) -> None:
    before, coarse = router(design, 1)
    after, fine = router(design, 2)
    assert (coarse.window.lattice.pitch, fine.window.lattice.pitch) == (20_000, 10_000)
    assert run(coarse, last=False)
    assert unrouted(before, coarse) == ()
    carry_over(coarse, fine)
    assert unrouted(after, fine) == ()
    for old, new in zip(coarse.connections[1:], fine.connections[1:], strict=True):
        assert old.path is not None and new.path is not None
        assert new.hooks == old.hooks and (new.a, new.b) == (old.a, old.b)
        assert not fine.run_over(new, new.path)
        if len(old.path):
            a, b = (
                to_path(p.window.lattice, p.trees[c.net], c, p.trees[c.net].joints())
                for p, c in ((before, old), (after, new))
            )
            assert a.points[[0, -1]].tolist() == b.points[[0, -1]].tolist()
            corners = ({(*xy, level) for xy, level in zip(p.points.tolist(), p.levels, strict=True)} for p in (a, b))
            assert next(corners) <= next(corners)


def test_fees_keep_their_price_in_lengths(design: Design) -> None:
    """They are in steps of the finest lattice, which are half as long."""
    (_, coarse), (_, fine) = router(design, 1), router(design, 2)
    first = int(coarse.searcher.fee[1])
    assert fine.searcher.fee[1] == 2 * first
    coarse.searcher.fee[2] += 12_345
    carry_over(coarse, fine)
    assert fine.searcher.fee[1:4].tolist() == [2 * first, 2 * first + 24_690, 2 * first]
    coarse.searcher.fee[3] = MOST_FEE - 1
    carry_over(coarse, fine)
    assert fine.searcher.fee[3] == MOST_FEE


def test_who_was_run_over_is_known_on_the_finer_lattice(design: Design) -> None:
    (_, coarse), (_, fine) = router(design, 1), router(design, 2)
    coarse.rips[2] = 7
    carry_over(coarse, fine)
    assert fine.rips.tolist() == coarse.rips.tolist()


def test_what_is_carried_over_is_painted_once(design: Design) -> None:
    (_, coarse), (_, fine) = router(design, 1), router(design, 2)
    run(coarse)
    carry_over(coarse, fine)
    assert fine.window.slots.any()
    for c in routed(fine).values():
        fine.brush(c, False)
    assert not fine.window.slots.any() and fine.window.spilled[0] == 0


def test_of_those_that_clash_the_first_stay(design: Design) -> None:
    """Each is routed as if it were alone: in reversed order, they cross."""
    (_, coarse), (after, fine) = router(design, 1), router(design, 2)
    for c in coarse.connections[1:]:
        found = coarse.finder.find(c)
        assert found is not None
        coarse.commit(c, found)
        if coarse.trees[c.net].parts is None:
            coarse.brush(c, False)
    carry_over(coarse, fine)
    kept = routed(fine)
    assert 1 in kept and 1 < len(kept) < len(coarse.connections) - 1
    assert not any(fine.run_over(c, c.path) for c in kept.values() if c.path is not None)
    for old, new in zip(coarse.connections[1:], fine.connections[1:], strict=True):
        path = refined(coarse.window.lattice, fine.window.lattice, old.path)
        if new.path is None and fine.trees[new.net].parts is None:
            assert path is not None and min(fine.run_over(new, path)) < new.id
    assert run(fine)
    assert unrouted(after, fine) == ()


def test_what_hangs_on_a_path_that_is_left_out_is_left_out(tmp_path: Path) -> None:
    """Of a net of three ends one way begins on the other."""
    nets = NETS.replace('"l.9", "l.10", "l.11", ', "")
    (tmp_path / "p.toml").write_text(PACKAGE + nets, encoding="utf-8")
    design = read_design(tmp_path / "p.toml")
    (_, coarse), (after, fine) = router(design, 1), router(design, 2)
    assert run(coarse)
    first = max(coarse.connections[1:], key=lambda c: len(coarse.trees[c.net].dependents(c)))
    hanging = {c.id for c in coarse.trees[first.net].dependents(first)}
    assert len(hanging) > 1
    assert first.path is not None
    # A wall across the way on the finer lattice.
    places_there = refined(coarse.window.lattice, fine.window.lattice, first.path)
    assert places_there is not None
    fine.window.node["blocked"][places_there[len(places_there) // 2]] = 0xFFFF
    carry_over(coarse, fine)
    assert set(routed(coarse)) - set(routed(fine)) == hanging
    assert run(fine)
    assert unrouted(after, fine) == ()


def test_connections_without_a_path_keep_the_ends_they_were_given(design: Design) -> None:
    """A connection of a tree may come to stand for other ends, and be run over afterwards."""
    _, coarse = router(design, 1)
    run(coarse)
    _, fine = router(design, 2)
    moved = next(c for c in coarse.connections[1:] if coarse.trees[c.net].parts is not None)
    coarse.remove(moved)
    moved.a, moved.b = moved.b, moved.a
    carry_over(coarse, fine)
    assert (fine.connections[moved.id].a, fine.connections[moved.id].b) == (moved.a, moved.b)
    assert fine.connections[moved.id].path is None


def test_a_path_fits_only_from_its_ends_on_open_nodes(design: Design) -> None:
    _, fine = router(design, 2)
    c = fine.connections[1]
    found = fine.finder.find(c)
    assert found is not None
    path, hooks = found.path, found.hooks
    assert fits(fine, c, path, hooks)
    assert fits(fine, c, NOTHING, (c.a, c.a))
    assert not fits(fine, c, path[1:], hooks) and not fits(fine, c, path[:-1], hooks), "beside the land's node"
    assert not fits(fine, c, path[::-1], hooks)
    assert not fits(fine, c, path, (hooks[0], -2)), "the connection it ends on is not there"
    single, owner = (fine.window.node[name] for name in ("single", "owner"))
    for left_to, fit in ((c.net, True), (c.net + 1, False)):
        single[path[5]], owner[path[5]] = 0xFFFF, left_to
        assert fits(fine, c, path, hooks) == fit
    single[path[5]] = 0
    other = fine.connections[2]
    fine.commit(other, Found(path, hooks, (c.a, c.b)))
    assert not fits(fine, c, path, hooks)


@pytest.mark.parametrize("angles", ["octilinear", "manhattan"])
def test_a_path_is_led_to_the_nearest_access_node_in_single_steps(small_design: Design, angles: str) -> None:
    """Eastwards from (20, 20): from where it passes nearest to the node, if that is near enough."""
    lattice = raster(replace(small_design, pdk=small_design.pdk.with_angles(angles)), (10_000, 10_000))

    def at(*cells: tuple[int, int]) -> np.ndarray:
        return np.array([lattice.node(0, x, y) for x, y in cells], dtype=np.int64)

    path = at(*((x, 20) for x in range(20, 30)))
    assert led_to(lattice, path, at((22, 20), (40, 20)), 2).tolist() == path[2:].tolist(), "passes over it"
    assert led_to(lattice, path, at((17, 20), (20, 23)), 2).tolist() == path.tolist(), "none within reach"
    above = np.append(at((20, 20)), [lattice.node(1, 20, 20)])
    assert led_to(lattice, path, path[:0], 2).tolist() == path.tolist(), "none at all"
    assert led_to(lattice, above[:1], above[1:], 2).tolist() == above[:1].tolist(), "on another level"
    beside = [(19, 18), (20, 19)] if angles == "octilinear" else [(19, 18), (20, 18), (20, 19)]
    found = led_to(lattice, path, at((19, 18), (24, 17)), 2)
    assert found.tolist() == [*at(*beside).tolist(), *path.tolist()]


@pytest.mark.parametrize(("before", "after", "moves"), [(2, 1, True), (2, 2, False), (1, 3, False)])
def test_another_lattice_is_gone_on_with_where_fewer_are_left_there(
    design: Design, monkeypatch: pytest.MonkeyPatch, before: int, after: int, moves: bool
) -> None:
    """As if so many had been left on the one and on the other."""
    here, there = router(design, 1), router(design, 2)
    for (_, ripup), left in ((here, before), (there, after)):
        for c in ripup.connections[1:]:
            c.path = NOTHING if c.id > left else None
    other = Course(*there, Costs(), 1)
    monkeypatch.setattr(Course, "moved", lambda *_: other)
    monkeypatch.setattr(Ripup, "left", lambda self: [c for c in self.connections[1:] if c.path is None])
    monkeypatch.setattr(course, "run", lambda router, **_: True)
    one = Course(*here, Costs(), 1)
    assert one.tried(there[0].window.lattice) is (other if moves else one)
