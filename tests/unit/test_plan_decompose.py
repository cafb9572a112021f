"""Spanning trees against networkx."""

from __future__ import annotations

from dataclasses import replace

import networkx as nx
import numpy as np
import pytest

from router.model.design import Design, End, Net, Terminal
from router.model.pdk import TerminalKind
from router.plan.decompose import lattice_metric, octilinear, spanning_tree


def test_octilinear_distances() -> None:
    dx = np.array([0, 5, -3, 4, -7])
    dy = np.array([0, 0, 3, -1, -9])
    root = np.sqrt(2.0)
    assert octilinear(dx, dy) == pytest.approx([0, 5, 3 * root, 3 + root, 2 + 7 * root])


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("several", [1, 4])
def test_a_net_is_joined_at_least_length(small_design: Design, seed: int, several: int) -> None:
    """Ends of one or of several terminals; the distance of two ends is that of their nearest terminals."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, several + 1, 12)
    xy = rng.integers(-100_000, 100_000, (int(sizes.sum()), 2))
    if seed == 0:
        xy //= 50_000  # many equal distances
    terminals = tuple(
        Terminal(f"T.{k}", TerminalKind.BUMP, int(x), int(y), "bump", 0, 1, 1, False) for k, (x, y) in enumerate(xy)
    )
    groups = np.split(np.arange(len(xy)), np.cumsum(sizes)[:-1])
    net = Net("N", tuple(End(tuple(int(t) for t in group)) for group in groups), "default")
    edges = spanning_tree(replace(small_design, terminals=terminals, nets=(net,)), net)
    graph = nx.Graph()
    for i, a in enumerate(groups):
        for j, b in enumerate(groups[:i]):
            d = xy[a][:, None] - xy[b][None]
            graph.add_edge(i, j, weight=float(octilinear(d[..., 0], d[..., 1]).min()))
    tree = nx.Graph((a, b) for a, b, _ in edges)
    assert len(edges) == 11 and nx.is_tree(tree) and set(tree) == set(range(12))
    assert all(length == graph[a][b]["weight"] for a, b, length in edges)
    least = nx.minimum_spanning_tree(graph).size("weight")
    assert sum(length for _, _, length in edges) == pytest.approx(least)


def test_a_net_of_two_ends_is_one_edge(small_design: Design) -> None:
    assert spanning_tree(small_design, small_design.nets[0]) == [(0, 1, pytest.approx(400_000 * np.sqrt(2.0)))]
    alone = Net("N", (End((0,)),), "default")
    assert spanning_tree(small_design, alone) == []


@pytest.mark.parametrize(
    ("angles", "lattice", "bound"),
    [
        (("octilinear", "octilinear"), 1 + np.sqrt(2.0), 1 + np.sqrt(2.0)),
        (("manhattan", "octilinear"), 1 + np.sqrt(2.0), 1 + np.sqrt(2.0)),
        (("manhattan", "manhattan"), 3.0, 3.0),
        (("any", "manhattan"), 1 + np.sqrt(2.0), np.sqrt(5.0)),
    ],
    ids=str,
)
def test_lengths_go_by_the_angles_of_the_levels(
    small_design: Design, angles: tuple[str, str], lattice: float, bound: float
) -> None:
    """A net over (2, 1) mm, on its way over the lattice and at the least."""
    levels = tuple(replace(level, angles=a) for level, a in zip(small_design.pdk.levels, angles, strict=True))
    terminals = tuple(
        Terminal(f"T.{k}", TerminalKind.BUMP, x, y, "bump", 0, 1, 1, False)
        for k, (x, y) in enumerate([(0, 0), (2_000_000, 1_000_000)])
    )
    net = Net("N", (End((0,)), End((1,))), "default")
    pdk = replace(small_design.pdk, levels=levels)
    design = replace(small_design, pdk=pdk, terminals=terminals, nets=(net,))
    assert lattice_metric(design, net)(np.array([2]), np.array([1])) == pytest.approx(lattice)
    assert spanning_tree(design, net) == [(0, 1, pytest.approx(1e6 * bound))]
