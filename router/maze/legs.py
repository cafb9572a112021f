"""The metal of a net as a graph: legs between its ends and the nodes at which it branches.

Connections say in which order a tree grew, and hang on each other; legs do not, so that one may end amid another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from router.maze.connection import NOTHING
from router.maze.finder import Found
from router.maze.trees import Tree

Ints = NDArray[np.int64]


class Leg(NamedTuple):
    """A path from the place `a` to the place `b`: an end of the net (its index), or a node (-1 - its id) at which legs
    meet."""

    a: int
    b: int
    path: Ints

    def onward(self, place: int) -> tuple[int, Ints]:
        """Where the leg leads to from one of its places, and the path there."""
        return (self.b, self.path) if place == self.a else (self.a, self.path[::-1])


def places_of(legs: Iterable[Leg]) -> set[int]:
    """The places that legs join, and the first end, where a tree begins."""
    return {0, *(place for leg in legs for place in leg[:2])}


def neighbours(legs: Iterable[Leg]) -> dict[int, list[Leg]]:
    """The legs at each place."""
    found: dict[int, list[Leg]] = {}
    for leg in legs:
        for place in {leg.a, leg.b}:
            found.setdefault(place, []).append(leg)
    return found


def nodes_at(tree: Tree, legs: Iterable[Leg], places: set[int]) -> Ints:
    """The nodes of a part of a tree: of the ends among its places, and of the legs between these."""
    ends = [tree.pieces[place].nodes for place in sorted(places) if place >= 0]
    return np.concatenate([NOTHING, *ends, *(leg.path for leg in legs if leg.a in places)])


def joined(tree: Tree, legs: list[Leg], path: Ints, here: set[int], there: set[int]) -> list[Leg]:
    """The legs with another one: a path that begins at a place `here`, or on a leg between two of them, and ends in the
    same way `there`. Where that is one node, legs that it lies amid meet there, and no other is needed."""
    stops = [
        (int(node), place_at(tree, int(node), side)) for node, side in zip(path[[0, -1]], (here, there), strict=True)
    ]
    for node, place in stops:
        legs = parted_at(legs, node) if place < 0 else legs
    (_, a), (_, b) = stops
    return merged(legs if a == b else [*legs, Leg(a, b, path)])


def place_at(tree: Tree, node: int, places: set[int]) -> int:
    """The place that a node stands for: an end, of those among the places, that it belongs to, else itself."""
    return next((end for end in sorted(places) if end >= 0 and node in tree.pieces[end].nodes), -1 - node)


def parted_at(legs: list[Leg], node: int) -> list[Leg]:
    """The legs, that one in two which a node lies amid."""
    for k, (a, b, path) in enumerate(legs):
        amid = np.flatnonzero(path[1:-1] == node)
        if len(amid):
            at = int(amid[0]) + 1
            return [*legs[:k], Leg(a, -1 - node, path[: at + 1]), Leg(-1 - node, b, path[at:]), *legs[k + 1 :]]
    return legs


def pruned(legs: list[Leg]) -> list[Leg]:
    """The legs without those that lead nowhere."""
    while True:
        count = Counter(place for leg in legs for place in leg[:2])
        kept = [leg for leg in legs if all(place >= 0 or count[place] > 1 for place in leg[:2])]
        if len(kept) == len(legs):
            return merged(legs)
        legs = kept


def merged(legs: list[Leg]) -> list[Leg]:
    """The legs, those in one that meet at a node where no other does."""
    count = Counter(place for leg in legs for place in leg[:2])
    for place in [place for place, legs_there in count.items() if place < 0 and legs_there == 2]:
        one, other = neighbours(legs)[place]
        (a, before), (b, after) = one.onward(place), other.onward(place)
        legs = [*(leg for leg in legs if leg is not one and leg is not other)]
        legs.append(Leg(a, b, np.concatenate([before[::-1], after[1:]])))
    return legs


def ways(legs: list[Leg], ids: list[int]) -> list[Found]:
    """The legs as ways of the connections `ids`, from end to end or from a branch of an earlier one to an end."""
    beside = neighbours(legs)
    found: list[Found] = []
    # Where each goes on: the place and the leg before it, the way since it began, what that began on, and the last end.
    waiting: list[tuple[int, Leg | None, Ints, int, int]] = [(0, None, NOTHING, 0, 0)]
    while waiting:
        here, last, way, hook, end = waiting.pop()
        begins, branches = (way, hook), (NOTHING, -ids[len(found)] if len(found) < len(ids) else 0)
        if here >= 0:
            if last is not None:
                found.append(Found(way, (hook, here), (end, here)))
            end, begins, branches = here, (NOTHING, here), (NOTHING, here)
        # The first leg onward is walked to an end before the others branch off.
        onward = [leg for leg in beside[here] if leg is not last]
        for k, leg in reversed(list(enumerate(onward))):
            there, path = leg.onward(here)
            before, start = branches if k else begins
            waiting.append((there, leg, np.concatenate([before, path[1:] if len(before) else path]), start, end))
    return found
