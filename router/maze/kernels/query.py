"""What the parts of one search share: what it reads and writes, and a side of it. Arrays as in `kernels.search`."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Query(NamedTuple):
    """A search for a way of one net. stamp: what its labels carry; found: its cheapest way, see `kernels.meet`."""

    node: NDArray[np.void]
    label: NDArray[np.void]
    slots: NDArray[np.signedinteger]
    level: NDArray[np.int64]
    classes: NDArray[np.int64]
    slot_base: NDArray[np.int64]
    net: int
    net_of: NDArray[np.int32]
    fee: NDArray[np.int32]
    costs: NDArray[np.int64]
    stamp: int
    found: NDArray[np.int64]


class Side(NamedTuple):
    """A side of a search: 0 from the sources, 1 from the targets. goals, back: boxes round the ends of the other side,
    and of this one, (n, 6) as in `boxes_round`; its queue, see `kernels.queue`, of which both share items, keys and
    pool."""

    number: int
    goals: NDArray[np.int64]
    back: NDArray[np.int64]
    heads: NDArray[np.int32]
    items: NDArray[np.int32]
    keys: NDArray[np.int32]
    queue: NDArray[np.int64]
    pool: NDArray[np.int64]
