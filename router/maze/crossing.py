"""Nets that cross many others, and the levels on which they run along one axis.

Ways that cross have to change levels for each other. Where all run along one axis on a level, and along the others on
the next, they pass over each other as in a channel (Hashimoto and Stevens 1971); where each takes the shortest way, one
that lies slantwise to others shuts the level for those that come later. The axis is the one along which they run most:
a diagonal, where a bus turns a corner. Ways that lie side by side have no need of it, and take longer.

And whoever crosses more others than most comes later: a way across a bus that is there first takes room from each line.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from router.maze.connection import Connection
from router.maze.kernels.crossing import count_crossings, sums_of_crossed
from router.maze.kernels.nodes import ACROSS, AXIS_COST, DIAGONAL_COST
from router.maze.trees import Tree
from router.model.design import Design

Ints = NDArray[np.int64]

# Of the straight ways in the box of one of its own, a net that crosses many crosses this share, and so many. On buses
# and fan-outs it is less than a tenth, between ends chosen by chance about six tenths.
MANY, LEAST = 0.3, 8
# But not where of all crossings of those that it crosses fewer than this share are `barred`: where one way may pass by
# the end of the other, they lie side by side. Between ends chosen by chance the share is 0.12 and more, and on a bus of
# staggered bumps nothing: 1 024 nets take a twelfth of the visits where no level is kept for a few diagonals.
BARRED = 0.06
# A way is put off that crosses so many others, and so many times as many as ways do on average. Where 12 buses of 1 540
# nets are crossed by ways to 1 521 balls, a net takes a third of the visits that it takes otherwise. Put off wherever
# they cross, the nets of packages where all do became up to 1.2 % longer.
FEW, TWICE = 4, 2


class StraightWays(NamedTuple):
    """Straight ways of connections, from left to right and in the order of their left ends: `ends` (n, 4) nm, whose
    they are, `ids` (n,), and of which `nets` (n,); how many of other nets each crosses, `crossed` (n,), and how many
    have a box that meets its own, `met` (n,); which share of the crossings of those that it crosses is `barred` (n,):
    neither way gets round an end of the other, see `count_crossings`."""

    ends: Ints
    ids: Ints
    nets: Ints
    crossed: Ints
    met: Ints
    barred: NDArray[np.float64]


def straight_ways(trees: list[Tree], connections: list[Connection]) -> StraightWays:
    """The straight ways of connections, and how they cross."""
    ends = [[tuple(trees[c.net].pieces[end].places[0].tolist()) for end in (c.a, c.b)] for c in connections]
    ways = np.array([sorted(pair) for pair in ends], dtype=np.int64).reshape(-1, 4)
    order = np.argsort(ways[:, 0], kind="stable")
    ways, ids = ways[order], np.array([c.id for c in connections], dtype=np.int64)[order]
    nets = np.array([c.net for c in connections], dtype=np.int64)[order]
    return with_crossings(ways, ids, nets)


def with_crossings(ends: Ints, ids: Ints, nets: Ints) -> StraightWays:
    """Straight ways, from left to right and in the order of their left ends, and how they cross."""
    count = count_crossings(ends, nets)
    crossed, met, _ = count.T
    around, _, barred = sums_of_crossed(ends, nets, count).T
    return StraightWays(ends, ids, nets, crossed, met, barred / np.maximum(1, around))


def find_crossing(ways: StraightWays, nets: int) -> NDArray[np.bool_]:
    """Which of so many nets cross many others."""
    crossed, met = (np.bincount(ways.nets, count, nets) for count in (ways.crossed, ways.met))
    barred = np.bincount(ways.nets, ways.barred * ways.crossed, nets)
    found: NDArray[np.bool_] = (crossed >= np.maximum(LEAST, MANY * met)) & (barred >= BARRED * crossed)
    return found


def put_off(ways: StraightWays, several: NDArray[np.bool_], connections: int) -> Ints:
    """How late the turn of each connection comes, by id (n,): of those that cross more others than most, by doublings
    of how many.

    Not of trees, which join what is near, and not where a net has one level alone, `several` (nets,): there nobody
    crosses anybody.
    """
    simple = (np.bincount(ways.nets, minlength=len(several)) == 1) & several
    late = np.zeros(connections, dtype=np.int64)
    many = max(FEW, TWICE * float(ways.crossed.sum()) / max(1, len(ways.crossed)))
    late[ways.ids] = simple[ways.nets] * np.log2(1 + ways.crossed / many).astype(np.int64)
    return late


def main_axis(ways: Ints, slanted: bool = True) -> int:
    """Which of four axes, from that of x round to the left, these ways run along most where they are shortest.

    slanted: whether they may run along diagonals.
    """
    width, height = (ways[:, 2:] - ways[:, :2]).T.astype(np.float64)
    along = np.minimum(abs(width), abs(height)) * slanted
    rising = width * height > 0
    runs = [abs(width) - along, 2**0.5 * along * rising, abs(height) - along, 2**0.5 * along * ~rising]
    return int(np.argmax([run.sum() for run in runs]))


def roomier_levels(design: Design) -> NDArray[np.bool_]:
    """Every second level (L,): those between which lands leave more room."""
    room = np.full(len(design.pdk.levels), design.outline.width * design.outline.height, dtype=np.float64)
    np.subtract.at(room, design.lands.levels, design.lands.sizes.prod(axis=1))
    first = room[0::2].sum() >= room[1::2].sum()
    levels: NDArray[np.bool_] = np.arange(len(room)) % 2 == int(not first)
    return levels


def against(axis: int, along: NDArray[np.bool_], levels: Ints, share: float) -> Ints:
    """What steps along each of four axes cost more on each level (L, 4): `share` of a step, on levels that are kept for
    ways `along` the axis (L,) for all steps along others, and on the other levels for those along it. levels: those of
    the lattice."""
    step = np.stack([levels[:, AXIS_COST], levels[:, DIAGONAL_COST]], axis=1)[:, [0, 1, 0, 1]]
    its = np.arange(4) == axis
    price: Ints = (share * step * (along[:, None] ^ its)).astype(np.int64)
    return price


def priced(classes: Ints, prices: Ints) -> Ints:
    """The classes (L, 8) of a net that pays these prices (L, 4) as well."""
    return np.hstack([classes[:, :ACROSS], classes[:, ACROSS:] + prices])
