"""A way for a connection: from what its one end is joined with to what its other end is joined with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from router.maze.connection import NOTHING, Connection
from router.maze.kernels import paths
from router.maze.parts import ALL, Nodes
from router.maze.search import NO_LIMIT, Searcher, Terms
from router.maze.trees import Tree

Ints = NDArray[np.int64]
Fees = NDArray[np.int32]


class Found(NamedTuple):
    """A path, what it begins and ends on (see `Connection.hooks`), and the ends that it joins."""

    path: Ints
    hooks: tuple[int, int]
    ends: tuple[int, int]


def as_found(c: Connection) -> Found | None:
    """The way of a connection as it lies, None where it has none."""
    return None if c.path is None else Found(c.path, c.hooks, (c.a, c.b))


def already_joined(c: Connection) -> Found:
    """No way at all, for a connection whose ends others have joined."""
    return Found(NOTHING, (c.a, c.a), (c.a, c.b))


@dataclass(slots=True)
class Finder:
    """Looks for ways. classes: per net; rips: per connection id, how often it was run over; turned: whether its first
    search tries directions the other way round (see `around`)."""

    searcher: Searcher
    classes: list[Ints]
    trees: list[Tree]
    rips: Ints
    turned: NDArray[np.bool_]

    def find(self, c: Connection, fee: Fees | None = None, limit: int = NO_LIMIT) -> Found | None:
        """A path for a connection; an empty one when both ends are already joined; None when there is none that costs
        less than `limit`.

        It is looked for between what lies no farther from the other end than the ends from each other, and where it
        would run over others, or is not there, between all that is joined with them.
        """
        parts = self.trees[c.net].parts
        if parts is None:
            return self.find_simple(c, self.searcher, fee, limit)
        if parts.joined(c.a, c.b):
            return already_joined(c)
        reach = c.length // self.searcher.window.lattice.pitch + 2
        grown = np.array([-reach, -reach, reach, reach])
        boxes = parts.boxes[c.a] + grown, parts.boxes[c.b] + grown
        here, there = parts.part(c.a), parts.part(c.b)
        (sources, fewer), (targets, less) = parts.nodes_near(here, boxes[1]), parts.nodes_near(there, boxes[0])
        area = np.concatenate([np.minimum(*boxes)[:2], np.maximum(*boxes)[2:]])
        found = self.find_between(c, sources, targets, fee, limit, area)
        if (fewer or less) and (found is None or self.runs_over(c, found)):
            most = limit if found is None else self.searcher.paid
            found = self.find_between(c, parts.nodes(here), parts.nodes(there), fee, most) or found
        return found

    def runs_over(self, c: Connection, found: Found) -> bool:
        """Whether the way that was found last comes nearer to other nets than it may."""
        levels = self.searcher.window.lattice.levels
        alone = int(paths.path_cost(levels, self.classes[c.net], self.searcher.weights, found.path))
        return self.searcher.paid > alone

    def find_simple(
        self, c: Connection, searcher: Searcher, fee: Fees | None = None, limit: int = NO_LIMIT
    ) -> Found | None:
        """A path for the connection of a net of two ends; None when there is none."""
        pieces = self.trees[c.net].pieces
        ends = pieces[c.a].nodes, pieces[c.b].nodes
        path = searcher.find(c.net, self.classes[c.net], *ends, Terms(fee, limit, self.hand(c)))
        return None if path is None else Found(path, (c.a, c.b), (c.a, c.b))

    def find_elsewhere(self, c: Connection, here: set[int], there: set[int]) -> Found | None:
        """A path between any two ends of a net, one `here` and one `there`, which the connection is to join then."""
        parts = self.trees[c.net].parts
        assert parts is not None
        found = self.find_between(c, parts.nodes(parts.of(here)), parts.nodes(parts.of(there)))
        if found is None:
            return None
        a, b = (parts.end_near(hook, ends) for hook, ends in zip(found.hooks, (here, there), strict=True))
        return found._replace(ends=(a, b))

    def find_between(
        self, c: Connection, sources: Nodes, targets: Nodes, fee: Fees | None = None, limit: int = NO_LIMIT,
        area: Ints = ALL,
    ) -> Found | None:  # fmt: skip
        """A path between two parts of a net that keeps its cuts off those the net has.

        area: a box (4,), finest pitches, that the path is likely to stay within: only the net's cuts there are looked
        at, until one leaves it. A supply has thousands of cuts.
        """
        parts = self.trees[c.net].parts
        assert parts is not None
        cuts, more = parts.cuts(area)
        terms = Terms(fee, limit, self.hand(c), cuts)
        path = self.searcher.find(c.net, self.classes[c.net], sources.ids, targets.ids, terms)
        if path is None:
            return None
        if more and not inside(parts.box(path), area):
            return self.find_between(c, sources, targets, fee, limit)
        return Found(path, (sources.hook_at(int(path[0])), targets.hook_at(int(path[-1]))), (c.a, c.b))

    def hand(self, c: Connection) -> int:
        """Which way round a search tries directions first: the other one each time that the connection was run over.

        Of ways that cost the same another is taken then: two that always took the same ones could fight for ever over
        a gap for two.
        """
        return (int(self.rips[c.id]) & 1) ^ int(self.turned[c.id])


def inside(box: Ints, area: Ints) -> bool:
    """Whether a box (4,) lies within another."""
    return bool(np.all(box[:2] >= area[:2]) and np.all(box[2:] <= area[2:]))
