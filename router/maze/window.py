"""The arrays of one dense window: all that the kernels see. Its memory is stated before it is allocated."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from router.maze.footprint import Footprints
from router.maze.kernels import paint
from router.maze.labels import label_bytes
from router.maze.lattice import Lattice
from router.maze.memory import addresses_free, lazy_zeros, memory_free, memory_taken
from router.model.errors import RefusedError

NODE = np.dtype(
    [
        ("owner", np.int32),  # the net that static obstacles leave the node to
        ("single", np.uint16),  # classes that only the owner may use
        ("blocked", np.uint16),  # classes that nobody may use; those that are single as well lie on the owner's land
    ]
)
MOST_CLASSES = 16
SLOTS = 4
# So many connections have ids of two bytes.
SHORT_IDS = 32_000
SPILL = 1 << 16
# Of a window of so many nodes a part is touched: on packages of 20 000 nets, less than a third of its bytes. It may be
# so many times as large as the memory that there is, as long as somebody watches what it takes.
SPARSE, TIMES = 100_000_000, 3
# Node ids are 32 bits wide.
MOST_IDS = 1 << 31


def slot_type(connections: int) -> np.dtype[np.signedinteger]:
    """What holds the id of one of so many connections."""
    return np.dtype(np.int16 if connections < SHORT_IDS else np.int32)


def bytes_needed(lattice: Lattice, footprints: Footprints, connections: int) -> int:
    """Memory of the search, bytes, at most: 8 a node, 8 (16 with more than 32 000 connections) for each class on it,
    and the labels, as for each further search at once.
    """
    per_class = SLOTS * slot_type(connections).itemsize
    total = label_bytes(lattice.all_ids)
    for index, classes in enumerate(footprints.of_level):
        total += lattice.ids(index) * (NODE.itemsize + per_class * len(classes))
    return total


def memory_limit() -> int:
    """Bytes that the search may take: what is free, less a quarter."""
    return memory_free() * 3 // 4


def enough_memory(lattice: Lattice, needed: int) -> bool:
    """Whether the search of a lattice is likely to have enough memory where it takes `needed` bytes at most."""
    limit = memory_limit()
    watched = lattice.nodes > SPARSE and memory_taken() is not None
    return lattice.all_ids < MOST_IDS and needed <= min(limit * (TIMES if watched else 1), addresses_free())


@dataclass(slots=True)
class Window:
    """Static obstacles and usage over a lattice. `covered`: the nodes, where some are, in the sense of
    `kernels.price.is_covered`; else none."""

    lattice: Lattice
    node: NDArray[np.void]
    covered: NDArray[np.void]
    slots: NDArray[np.signedinteger]
    slot_base: NDArray[np.int64]
    spill: NDArray[np.int64]
    spilled: NDArray[np.int64]

    def keep_spill_sparse(self, coming: int) -> None:
        """Make sure that at most half of the spill table is in use after so many more entries."""
        if 2 * (int(self.spilled[1]) + coming) > len(self.spill):
            room = len(self.spill)
            while room < 4 * (int(self.spilled[0]) + coming):
                room *= 2
            larger = np.zeros((room, 2), dtype=np.int64)
            paint.refill_spill(self.spill, larger)
            self.spill = larger
            self.spilled[1] = self.spilled[0]


def open_window(lattice: Lattice, footprints: Footprints, connections: int) -> Window:
    """Allocate a window. Raises RefusedError with the figure when it would not fit, or has too many classes; and
    MemoryError where the system has no room for it after all."""
    fullest = max(footprints.of_level, key=len)
    if len(fullest) > MOST_CLASSES:
        ends = sum(shape.round for shape in fullest)
        raise RefusedError(
            f"traces of {len(fullest) - ends} widths and spacings on one level, with metal of {ends} sizes round their "
            f"cuts: at most {MOST_CLASSES} fit together. Give net classes the same width and spacing",
            {"classes": len(fullest), "limit": MOST_CLASSES},
        )
    needed = bytes_needed(lattice, footprints, connections)
    if not enough_memory(lattice, needed):
        limit = memory_limit()
        raise RefusedError(
            f"the search would take {needed / 1e9:.1f} GB for {lattice.nodes:,} lattice nodes; {limit / 1e9:.1f} GB "
            "are free. A coarser [lattice] pitch, fewer levels in the net classes, or a smaller outline would help",
            {"memory_bytes": needed, "limit_bytes": limit, "lattice_nodes": lattice.nodes},
        )
    slot_base = np.zeros((len(lattice.levels), footprints.most), dtype=np.int64)
    rows = 0
    for index, classes in enumerate(footprints.of_level):
        for k in range(len(classes)):
            slot_base[index, k] = rows
            rows += lattice.ids(index)
    node = lazy_zeros(lattice.all_ids, NODE)
    return Window(
        lattice=lattice,
        node=node,
        covered=node[:0],
        slots=lazy_zeros((max(rows, 1), SLOTS), slot_type(connections)),
        slot_base=slot_base,
        spill=np.zeros((SPILL, 2), dtype=np.int64),
        spilled=np.zeros(2, dtype=np.int64),
    )
