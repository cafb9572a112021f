"""Levels that a net class may not use, but has to pass."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from router.maze.kernels.nodes import ACROSS, AXIS_COST, CUT_DOWN, CUT_UP, DIAGONAL_COST, NOWHERE, PASSING, RUNS, STACK

Ints = NDArray[np.int64]


def let_through(classes: Ints, levels: Ints, price: float) -> Ints:
    """The rows (L, 8) of a net class, which may pass levels between those it may use and its lands where cuts do not
    stack: a step there costs `price` times as much more where the next cut could stand already. levels: those of the
    lattice.

    Were the way from cut to cut as dear, each node would be reached for less by a cut of its own from the level before,
    and the next cut could stand nowhere.
    """
    between = (
        (classes[:, RUNS] == NOWHERE) & (classes[:, [CUT_DOWN, CUT_UP]] >= 0).all(axis=1) & (levels[:, STACK] == 0)
    )
    opened = classes.copy()
    opened[between, RUNS] = PASSING
    steps = levels[between][:, [AXIS_COST, DIAGONAL_COST, AXIS_COST, DIAGONAL_COST]]
    opened[between, ACROSS:] += (price * steps).astype(np.int64)
    return opened
