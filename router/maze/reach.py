"""Levels that a net class may not use, but has to pass."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from router.maze.footprint import CUT_DOWN, CUT_UP, ON_LANDS
from router.maze.kernels.nodes import ACROSS, AXIS_COST, DIAGONAL_COST, STACK

Ints = NDArray[np.int64]


def let_through(classes: Ints, levels: Ints, price: float) -> Ints:
    """The rows (L, 8) of a net class, which may run on levels between those it may use and its lands where cuts do not
    stack: a step there costs `price` times as much more. levels: those of the lattice."""
    between = (classes[:, ON_LANDS] == 1) & (classes[:, [CUT_DOWN, CUT_UP]] >= 0).all(axis=1) & (levels[:, STACK] == 0)
    opened = classes.copy()
    opened[between, ON_LANDS] = 0
    steps = levels[between][:, [AXIS_COST, DIAGONAL_COST, AXIS_COST, DIAGONAL_COST]]
    opened[between, ACROSS:] += (price * steps).astype(np.int64)
    return opened
