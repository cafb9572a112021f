"""Nets that cross many others, and the axis along which they run on each level.

Ways that cross have to change levels for each other. Where all run along one axis on a level, and along the other on
the next, they pass over each other as in a channel (Hashimoto and Stevens 1971); where each takes the shortest way, its
diagonals shut the level for those that come later. Ways that lie side by side have no need of it, and take longer.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from router.maze.connection import Connection
from router.maze.kernels.crossing import count_crossings
from router.maze.kernels.nodes import ACROSS, AXIS
from router.maze.trees import Tree
from router.model.design import Design

Ints = NDArray[np.int64]

# Of the straight ways in the box of one of its own, a net that crosses many crosses this share, and so many. On buses
# and fan-outs it is less than a tenth, between ends chosen by chance about six tenths.
MANY, LEAST = 0.3, 8


def straight_ways(trees: list[Tree], connections: list[Connection]) -> tuple[Ints, Ints]:
    """The straight ways (n, 4) of connections, from left to right and in the order of their left ends, nm, and their
    nets (n,)."""
    ends = [[tuple(trees[c.net].pieces[end].places[0].tolist()) for end in (c.a, c.b)] for c in connections]
    ways = np.array([sorted(pair) for pair in ends], dtype=np.int64).reshape(-1, 4)
    order = np.argsort(ways[:, 0], kind="stable")
    return ways[order], np.array([c.net for c in connections], dtype=np.int64)[order]


def find_crossing(ways: Ints, net_of: Ints, nets: int) -> NDArray[np.bool_]:
    """Which of so many nets cross many others."""
    crossed, met = (np.bincount(net_of, count, nets) for count in count_crossings(ways, net_of).T)
    found: NDArray[np.bool_] = crossed >= np.maximum(LEAST, MANY * met)
    return found


def level_axes(design: Design, ways: Ints) -> Ints:
    """Along which axis, 0 or 1, these ways run on each level: by turns, and along the one they are longer on where
    lands leave more room."""
    room = np.full(len(design.pdk.levels), design.outline.width * design.outline.height, dtype=np.float64)
    _, _, width, height, level = design.lands.T
    np.subtract.at(room, level, width * height)
    length = np.abs(ways[:, 2:] - ways[:, :2]).sum(axis=0)
    turned = (length[0] >= length[1]) != (room[0::2].sum() >= room[1::2].sum())
    axes: Ints = (np.arange(len(room)) + int(turned)) % 2
    return axes


def against(axes: Ints, levels: Ints, share: float) -> Ints:
    """What steps along each of four axes, from that of x round to the left, cost more on each level (L, 4): `share` of
    a step for those across the level's axis. levels: those of the lattice."""
    price = np.zeros((len(axes), 4), dtype=np.int64)
    price[np.arange(len(axes)), 2 * (1 - axes)] = share * levels[:, AXIS]
    return price


def priced(classes: Ints, prices: Ints) -> Ints:
    """The classes (L, 8) of a net that pays these prices (L, 4) as well."""
    return np.hstack([classes[:, :ACROSS], classes[:, ACROSS:] + prices])
