"""The levels that the nets of a class come to: those they may run on, and those between these and their terminals."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from router.maze.kernels.nodes import ACROSS, AXIS, DIAGONAL, STACK
from router.model.design import Design

Ints = NDArray[np.int64]


def reached_levels(design: Design) -> dict[str, tuple[int, ...]]:
    """Levels (indices) by net class, for every class that a net of two or more ends uses.

    A terminal may lie on a level that its net may not run on: then a cut in its land leads towards those it may.
    """
    found: dict[str, set[int]] = {}
    for net in design.nets:
        if len(net.ends) < 2:
            continue
        net_class = design.classes[net.net_class]
        reached = found.setdefault(net.net_class, set(net_class.levels))
        for level in {design.terminals[t].level for end in net.ends for t in end.terminals} - reached:
            nearest = net_class.nearest(level)
            reached |= set(range(min(level, nearest), max(level, nearest) + 1))
    return {name: tuple(sorted(found[name])) for name in sorted(found)}


def let_through(classes: Ints, levels: Ints, price: float) -> Ints:
    """The rows (L, 8) of a net class, which may run on levels between those it may use and its lands where cuts do not
    stack: a step there costs `price` times as much more. levels: those of the lattice."""
    between = (classes[:, 3] == 1) & (classes[:, 1:3] >= 0).all(axis=1) & (levels[:, STACK] == 0)
    opened = classes.copy()
    opened[between, 3] = 0
    steps = levels[between][:, [AXIS, DIAGONAL, AXIS, DIAGONAL]]
    opened[between, ACROSS:] += (price * steps).astype(np.int64)
    return opened
