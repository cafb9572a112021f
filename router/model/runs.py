"""Many short runs of things, one after another in one array, by how many each has: `counts` (m,), n together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


def begins(counts: Ints) -> Ints:
    """Where each run begins (m,)."""
    return np.cumsum(counts) - counts


def numbered(counts: Ints) -> tuple[Ints, Ints]:
    """For each thing its run (n,), and its number there, from 0 (n,)."""
    run = np.repeat(np.arange(len(counts)), counts)
    return run, np.arange(len(run)) - np.repeat(begins(counts), counts)


def following(counts: Ints) -> Ints:
    """For each thing the one that follows it in its run, for the last the first (n,); no run may be empty."""
    after, first = np.arange(1, int(counts.sum()) + 1), begins(counts)
    after[first + counts - 1] = first
    return after
