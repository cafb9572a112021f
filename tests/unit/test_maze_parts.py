"""Which ends and connections of a net are joined, and what of them lies near."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from router.maze.connection import Connection
from router.maze.kernels.nodes import BASE, TILES, node_at
from router.maze.kernels.parts import label_parts
from router.maze.kernels.paths import positions
from router.maze.lattice import Lattice
from router.maze.parts import ALL, EMPTY, NOWHERE, Nodes, Parts, meet
from router.maze.pieces import Piece
from router.model.design import Design
from tests.unit.test_maze_refine import raster

FIRST = 7


@pytest.mark.parametrize("seed", range(20))
def test_parts_are_the_connected_components(seed: int) -> None:
    rng = np.random.default_rng(seed)
    ends, count = int(rng.integers(1, 12)), int(rng.integers(0, 12))
    joins = rng.integers(0, ends + count, (count, 2))
    joins[rng.random(count) < 0.3] = NOWHERE
    graph = nx.Graph()
    graph.add_nodes_from(range(ends + count))
    graph.add_edges_from((ends + k, hook) for k in range(count) for hook in joins[k].tolist() if hook >= 0)
    wanted = np.empty(ends + count, dtype=np.int64)
    for group in nx.connected_components(graph):
        wanted[list(group)] = min(group)
    assert label_parts(ends, joins).tolist() == wanted.tolist()


@pytest.fixture
def lattice(small_design: Design) -> Lattice:
    return raster(small_design, (4_000, 4_000))


@pytest.fixture
def parts(lattice: Lattice) -> Parts:
    """A net of five ends, each a node of the lowest level, on one line, forty steps apart, and four connections."""
    pieces = [
        Piece(f"E{k}", np.zeros((1, 2), dtype=np.int64), {}, np.array([lattice.node(0, 40 * k, 10)])) for k in range(5)
    ]
    return Parts(lattice.levels, pieces, [Connection(FIRST + k, 0, k, k + 1, 160_000) for k in range(4)])


def at(parts: Parts, x: int) -> int:
    """The node of a column on the line."""
    return int(node_at(parts.levels[0, BASE], parts.levels[0, TILES], x, 10))


def route(parts: Parts, k: int, hooks: tuple[int, int], x0: int, x1: int) -> Connection:
    """Give a connection a straight path along the line."""
    c = parts.connections[k]
    c.path, c.hooks = np.array([at(parts, x) for x in range(x0, x1 + 1)]), hooks
    parts.join(c)
    return c


def test_nothing_is_joined_at_first(parts: Parts) -> None:
    assert parts.labels().tolist() == list(range(9))
    assert parts.part(2).tolist() == [2]
    assert not parts.joined(0, 1)
    assert parts.boxes[1].tolist() == [40, 10, 40, 10]


def test_a_path_joins_what_it_hooks_on_and_parts_it_when_it_goes(parts: Parts) -> None:
    route(parts, 0, (0, 1), 0, 40)
    c = route(parts, 1, (-FIRST, 2), 20, 80)
    assert parts.joined(0, 2) and not parts.joined(2, 3)
    assert parts.part(2).tolist() == [0, 1, 2, 5, 6]
    assert parts.of({1, 4}).tolist() == [1, 4, 5, 6], "the ends that are asked for alone"
    assert parts.end_near(-FIRST, {2, 3}) == 2 and parts.end_near(3, {3}) == 3
    parts.leave(c)
    assert parts.part(2).tolist() == [2] and parts.part(1).tolist() == [0, 1, 5]


@pytest.mark.parametrize("seed", range(20))
def test_parts_are_kept_up_as_connections_come_and_go(parts: Parts, seed: int) -> None:
    rng = np.random.default_rng(seed)
    for _ in range(30):
        c = parts.connections[int(rng.integers(len(parts.connections)))]
        k = c.id - FIRST
        if parts.joins[k, 0] != NOWHERE:
            parts.leave(c)
        else:
            hooks = [int(parts.hooks[i]) for i in rng.integers(0, 9, 2)]
            route(parts, k, (hooks[0], hooks[1]), 0, 5)
        assert parts.labels().tolist() == label_parts(5, parts.joins).tolist()


def test_a_connection_that_is_joined_is_not_joined_again(parts: Parts) -> None:
    c = route(parts, 0, (0, 1), 0, 40)
    with pytest.raises(AssertionError):
        parts.join(c)


def test_what_hangs_on_a_connection_goes_with_it(parts: Parts) -> None:
    first, second = route(parts, 0, (0, 1), 0, 40), route(parts, 1, (-FIRST, 2), 20, 80)
    third, fourth = route(parts, 2, (-second.id, 3), 60, 120), route(parts, 3, (3, 4), 120, 160)
    assert parts.dependents(first) == [first, second, third]
    assert parts.dependents(third) == [third]
    assert parts.dependents(fourth) == [fourth]


def test_a_node_belongs_to_an_end_before_the_oldest_connection(parts: Parts) -> None:
    route(parts, 0, (0, 1), 0, 40)
    route(parts, 1, (-FIRST, 2), 30, 80)
    nodes = parts.nodes(parts.part(0))
    assert [nodes.hook_at(at(parts, x)) for x in (0, 10, 30, 40, 41, 80)] == [0, -7, -7, 1, -8, 2]


def nodes_within(parts: Parts, nodes: Nodes, box: np.ndarray) -> list[tuple[int, int]]:
    """Nodes and hooks of those that lie in a box, by looking at each."""
    places = positions(parts.levels, nodes.ids)
    rows = zip(nodes.ids.tolist(), nodes.hooks.tolist(), places.tolist(), strict=True)
    return [(n, hook) for n, hook, (x, y, _) in rows if box[0] <= x <= box[2] and box[1] <= y <= box[3]]


def test_of_items_near_only_the_nodes_in_a_box(parts: Parts) -> None:
    route(parts, 0, (0, 1), 0, 40)
    route(parts, 1, (1, 2), 40, 80)
    items = parts.part(0)
    box = np.array([30, 5, 60, 15])
    near, more = parts.nodes_near(items, box)
    assert more and list(zip(near.ids.tolist(), near.hooks.tolist(), strict=True)) == nodes_within(
        parts, parts.nodes(items), box
    )
    everything = np.array([0, 0, 200, 200])
    near, more = parts.nodes_near(items, everything)
    assert not more and near.ids.tolist() == parts.nodes(items).ids.tolist()
    nothing = np.array([30, 11, 60, 15])
    near, more = parts.nodes_near(items, nothing)
    assert not more and near.ids.tolist() == parts.nodes(items).ids.tolist()


def test_cuts_that_come_into_a_box_and_whether_there_are_more(parts: Parts) -> None:
    for k, x in ((0, 20), (1, 60)):
        parts.connections[k].cuts = np.array([at(parts, x + d) for d in (-2, 0, 2)])
        route(parts, k, (k, k + 1), 40 * k, 40 * k + 40)
    cuts, more = parts.cuts(np.array([22, 0, 50, 50]))
    assert cuts.tolist() == parts.connections[0].cuts.tolist() and more
    cuts, more = parts.cuts(np.array([22, 0, 58, 50]))
    assert len(cuts) == 6 and not more
    parts.leave(parts.connections[1])
    cuts, more = parts.cuts(np.array([22, 0, 50, 50]))
    assert len(cuts) == 3 and not more, "those of a path that went do not count"


def test_boxes_meet_when_they_touch() -> None:
    boxes = np.array([[0, 0, 2, 2], [3, 0, 4, 2], [0, 3, 2, 4], EMPTY])
    assert meet(boxes, np.array([2, 2, 2, 2])).tolist() == [True, False, False, False]
    assert meet(boxes, np.array([2, 1, 3, 3])).tolist() == [True, True, True, False]
    assert meet(boxes, ALL).tolist() == [True, True, True, False]
