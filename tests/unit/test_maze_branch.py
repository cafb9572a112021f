"""Trees of a few ends are laid anew where they branch."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from router.maze.branch import branch
from router.maze.cost import Costs
from router.maze.lattice import build_lattice
from router.maze.legs import Leg, joined, merged, parted_at, places_of, pruned, ways
from router.maze.problem import prepare, start
from router.maze.ripup import Ripup
from router.maze.run import run
from router.maze.search import NEVER
from router.read.design import read_design

A, B, C = 0, 1, 2


def leg(a: int, b: int, *nodes: int) -> Leg:
    return Leg(a, b, np.array(nodes, dtype=np.int64))


def described(legs: list[Leg]) -> set[tuple[int, int, tuple[int, ...]]]:
    """Legs, whichever way round."""
    both = {(x.a, x.b, tuple(x.path.tolist())) for x in legs}
    return {min(x, (x[1], x[0], x[2][::-1])) for x in both}


def router_of(folder: Path, pins: dict[str, tuple[int, int]], nets: str, more: str = "") -> Ripup:
    """A router over a package of one die, 3 × 3 mm, and what `more` says, on one level; nothing is routed yet."""
    rows = ", ".join(f'{{ name = "{name}", x = {x}, y = {y} }}' for name, (x, y) in pins.items())
    file = folder / "p.toml"
    file.write_text(
        'name = "p"\npdk = "fanout_10um"\nlevels = 1\noutline = [3400, 3400]\n[[die]]\nname = "d"\n'
        f'size = [3200, 3200]\nat = [0, 0]\npad = "bump"\npad_size = 60\npin = [{rows}]\n{more}[nets]\n{nets}\n',
        encoding="utf-8",
    )
    design = read_design(file)
    return start(prepare(design, build_lattice(design, design.outline, 2)), Costs())


def no_fee(router: Ripup) -> np.ndarray:
    return np.full_like(router.searcher.fee, NEVER)


CROSS = {"w": (-1000, 0), "e": (1000, 0), "s": (0, -1000), "n": (0, 1000)}
ONE = 'N = ["d.w", "d.s", "d.e", "d.n"]'


def test_a_tree_as_long_as_a_spanning_tree_gets_its_branch(tmp_path: Path) -> None:
    router = router_of(tmp_path, CROSS, ONE)
    (tree,) = router.trees
    # Routed from end to end on purpose: no way begins on an earlier one.
    for c in tree.connections:
        found = router.finder.find_simple(c, router.searcher)
        assert found is not None
        router.commit(c, found)
    before = router.whole_length()
    won = branch(router, tree, no_fee(router))
    assert tree.whole and won == pytest.approx(before - router.whole_length())
    assert router.whole_length() == pytest.approx(4_000_000, rel=0.02), "a cross"
    assert branch(router, tree, no_fee(router)) == pytest.approx(0, abs=1), "nothing is left to win"


def test_nobody_is_run_over(tmp_path: Path) -> None:
    """Another net lies across the middle of the cross: the branch has to be elsewhere."""
    pins = CROSS | {"a": (-400, 120), "b": (400, 120)}
    router = router_of(tmp_path, pins, f'M = ["d.a", "d.b"]\n{ONE}')
    assert run(router)
    assert not router.left()
    tree = router.trees[1]
    before = router.whole_length()
    branch(router, tree, no_fee(router))
    assert router.whole_length() <= before and not router.left()
    for c in router.connections[1:]:
        assert c.path is not None and not router.run_over(c, c.path)


def test_a_new_leg_parts_the_one_it_ends_on_and_what_is_left_of_an_old_branch_is_one(tmp_path: Path) -> None:
    router = router_of(tmp_path, CROSS, ONE)
    (tree,) = router.trees
    begin, end = (int(tree.pieces[k].nodes[0]) for k in (A, B))
    third = int(tree.pieces[C].nodes[0])
    free = [n for n in range(router.window.lattice.nodes) if all(n not in piece.nodes for piece in tree.pieces)][:4]
    trunk = joined(tree, [], np.array([begin, free[0], free[1], end]), {A}, {B})
    assert described(trunk) == described([leg(A, B, begin, free[0], free[1], end)])
    branched = joined(tree, trunk, np.array([free[1], free[2], third]), {A, B}, {C})
    assert described(branched) == described(
        [
            leg(A, -1 - free[1], begin, free[0], free[1]),
            leg(-1 - free[1], B, free[1], end),
            leg(-1 - free[1], C, *free[1:3], third),
        ]
    )
    assert described(merged([x for x in branched if x.b != C])) == described(trunk)


def test_a_goal_on_a_leg_is_joined_already(tmp_path: Path) -> None:
    """A Steiner point that an earlier way happens to pass: a leg from it to itself would be a loop."""
    (tree,) = router_of(tmp_path, CROSS, ONE).trees
    begin, end = (int(tree.pieces[k].nodes[0]) for k in (A, B))
    legs = [leg(A, B, begin, 5, end)]
    assert described(joined(tree, legs, np.array([5]), {A, B}, set())) == described(legs)
    crossing = [leg(A, B, begin, 5, end), leg(C, 3, 7, 5, 8)]
    met = joined(tree, crossing, np.array([5]), {A, B}, {C, 3})
    assert len(met) == 4 and places_of(met) == {A, B, C, 3, -6}, "two ways over one node are joined there"


def test_ends_in_one_place_are_both_joined(tmp_path: Path) -> None:
    """Two dies' bumps on one spot, and an end whose node a way to another one passes."""
    other = '[[die]]\nname = "o"\nat = [-1000, 0]\npad = "bump"\npad_size = 60\npin = [{ name = "v", x = 0, y = 0 }]\n'
    router = router_of(tmp_path, CROSS | {"m": (200, 0)}, ONE[:-1] + ', "o.v", "d.m"]', other)
    assert run(router)
    (tree,) = router.trees
    branch(router, tree, no_fee(router))
    assert tree.whole and {end for c in tree.connections for end in (c.a, c.b)} == set(range(6))
    assert router.whole_length() == pytest.approx(4_000_000, rel=0.02)


def test_legs_that_lead_nowhere_go() -> None:
    legs = [leg(A, -11, 1, 5, 10), leg(-11, B, 10, 2), leg(-11, -8, 10, 6, 7)]
    assert described(pruned(legs)) == described([leg(A, B, 1, 5, 10, 2)])


def test_a_node_at_the_end_of_a_leg_parts_nothing() -> None:
    legs = [leg(A, B, 1, 5, 10)]
    assert parted_at(legs, 10) is legs and len(parted_at(legs, 5)) == 2


def test_ways_begin_on_ends_or_on_ways_before_them() -> None:
    legs = [leg(A, -6, 1, 5), leg(-6, B, 5, 8, 2), leg(-6, C, 5, 7, 3), leg(C, 3, 3, 9, 4)]
    found = ways(legs, [11, 12, 13])
    assert [(x.hooks, x.ends, x.path.tolist()) for x in found] == [
        ((0, 1), (0, 1), [1, 5, 8, 2]),
        ((-11, 2), (0, 2), [5, 7, 3]),
        ((2, 3), (2, 3), [3, 9, 4]),
    ]
