"""Ways for the connections of supplies with many ends."""

from __future__ import annotations

import numpy as np
import pytest

from router.bench.package import build, grid, part
from router.maze.connection import Connection
from router.maze.cost import Costs
from router.maze.kernels.nodes import level_of
from router.maze.lattice import build_lattice
from router.maze.parts import ALL, Nodes, Parts
from router.maze.problem import prepare, start
from router.maze.ripup import Ripup
from router.maze.run import run


@pytest.fixture(scope="module")
def router() -> Ripup:
    """12 × 12 bumps over 5 × 5 balls on three levels: two supplies, column by column, all routed."""
    bumps, balls = grid(12, 12, 130_000), grid(5, 5, 400_000)
    die, balls_part = (
        part(name, pad, size, [f"{k}" for k in range(len(xy))], xy, [f"V{k % 2}" for k in range(len(xy))])
        for name, pad, size, xy in (("die", "bump", 60, bumps), ("bga", "ball", 200, balls))
    )
    package = {"name": "supplies", "pdk": "fanout_10um", "levels": 3, "outline": [2600, 2600]}
    design = build(package | {"die": [die], "balls": [balls_part]})
    made = start(prepare(design, build_lattice(design, design.outline, 2)), Costs())
    assert run(made)
    return made


def parts_of(router: Ripup, c: Connection) -> Parts:
    parts = router.trees[c.net].parts
    assert parts is not None
    return parts


def test_all_ends_of_both_are_joined(router: Ripup) -> None:
    assert [len(tree.pieces) for tree in router.trees] == [85, 84]
    assert all(tree.whole for tree in router.trees)
    assert not any(tree.parted(c) for tree in router.trees for c in tree.connections)


def cuts_of(router: Ripup, path: np.ndarray) -> np.ndarray:
    """The nodes of a path at which it changes levels."""
    levels = np.array([level_of.py_func(router.window.lattice.levels, n) for n in path.tolist()])
    changes = np.flatnonzero(np.diff(levels))
    return path[np.unique(np.concatenate([changes, changes + 1]))] if len(changes) else path[:0]


def test_cuts_of_different_connections_keep_their_distance(router: Ripup) -> None:
    compared = 0
    for tree in router.trees:
        for c in tree.connections:
            assert c.path is not None
            others = [k.cuts for k in tree.connections if k is not c]
            own = cuts_of(router, c.path)
            compared += len(own)
            assert not np.isin(own, np.concatenate(others)).any()
    assert compared > 20


def test_what_is_far_off_changes_nothing(router: Ripup, monkeypatch: pytest.MonkeyPatch) -> None:
    """With all cuts of the net looked at, a way is the same; it keeps off them all."""
    tried = 0
    for c in router.connections[1::3]:
        if len(router.trees[c.net].dependents(c)) > 1:
            continue
        (state,) = router.state([c])
        router.remove(c)
        near = router.finder.find(c)
        with monkeypatch.context() as patched:
            patched.setattr(Parts, "cuts", lambda self, box, cuts=Parts.cuts: cuts(self, ALL))
            far = router.finder.find(c)
        assert near is not None and far is not None
        assert near.path.tolist() == far.path.tolist()
        assert not np.isin(cuts_of(router, near.path), parts_of(router, c).cuts(ALL)[0]).any()
        tried += len(cuts_of(router, near.path)) > 0
        router.restore([state])
    assert tried > 5


def test_a_way_that_leaves_its_area_is_looked_for_anew(router: Ripup) -> None:
    """A cut of the way stands where another connection leaves no room for one, outside the area that was looked at."""
    tried = 0
    for c in router.connections[1:]:
        if len(router.trees[c.net].dependents(c)) > 1 or not len(c.cuts):
            continue
        (state,) = router.state([c])
        router.remove(c)
        parts = parts_of(router, c)
        ends: list[Nodes] = [parts.nodes(parts.part(end)) for end in (c.a, c.b)]
        first = router.finder.find_between(c, *ends, None)
        assert first is not None
        other = next(k for k in parts.connections if k.path is not None and k is not c)
        cuts = other.cuts
        parts.leave(other)
        other.cuts = np.concatenate([cuts, cuts_of(router, first.path)])
        parts.join(other)
        nowhere = np.full(4, -1000)
        assert parts.cuts(nowhere)[1]
        found = router.finder.find_between(c, *ends, None, area=nowhere)
        assert found is not None
        assert not np.isin(cuts_of(router, found.path), other.cuts).any()
        tried += len(cuts_of(router, first.path)) > 0
        parts.leave(other)
        other.cuts = cuts
        parts.join(other)
        router.restore([state])
    assert tried > 5


def test_a_connection_stands_for_the_ends_that_its_way_joins(router: Ripup) -> None:
    """Between halves of the net that overlap by metal: each half's own ends count."""
    tree = router.trees[0]
    free = (c for c in tree.connections if len(tree.dependents(c)) == 1 and c.path is not None and len(c.path))
    c = next(c for c in free if 0 not in (c.a, c.b))
    (state,) = router.state([c])
    router.remove(c)
    here, there = tree.halves(c)
    found = router.finder.find_elsewhere(c, here, there)
    assert found is not None
    assert found.ends[0] in here and found.ends[1] in there
    router.commit(c, found)
    assert (c.a, c.b) == found.ends
    router.restore([state])
    # One end is joined with the other half: no way may begin on it, nor the connection stand for it.
    here, there = {0}, set(range(1, len(tree.pieces)))
    found = router.finder.find_elsewhere(c, here, there)
    assert found is not None and found.ends[0] == 0 and found.ends[1] != 0


@pytest.mark.parametrize("ends", [(0, 1), (1, 0)])
def test_an_end_that_is_shut_in_is_not_looked_for_all_over(ends: tuple[int, int]) -> None:
    """A keep-out on both levels round one of two pads, 2 mm apart: either way round only what it encloses is visited,
    by two sides and then once more by one."""
    pads = part("die", "bump", 60, ["1", "2"], np.array([[-1_000_000, 0], [1_000_000, 0]]), ["A", "A"])
    walls = [[800, -200, 850, 200], [1150, -200, 1200, 200], [800, -200, 1200, -150], [800, 150, 1200, 200]]
    package = {"name": "shut", "pdk": "fanout_10um", "levels": 2, "outline": [3000, 3000]}
    design = build(package | {"die": [pads], "keepout": [{"rect": wall} for wall in walls]})
    made = start(prepare(design, build_lattice(design, design.outline, 2)), Costs())
    searcher, (_, c) = made.searcher, made.connections
    source, target = (made.trees[0].pieces[(c.a, c.b)[k]].nodes for k in ends)
    inside = 2 * 35 * 35
    assert searcher.find(0, made.classes[0], source, target) is None
    assert searcher.visits < 5 * inside < made.window.lattice.nodes / 5
