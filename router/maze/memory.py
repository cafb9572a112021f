"""Memory for the large arrays of a window: zero everywhere, and taken from the machine only where it is touched."""

from __future__ import annotations

import mmap
import sys
from contextlib import suppress
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

# Smaller arrays gain nothing.
LEAST_MAPPED = 1 << 22


def lazy_zeros(shape: int | tuple[int, ...], dtype: DTypeLike, *, dense: bool) -> NDArray[Any]:
    """An array of zeros. `dense`: most of it will be touched, so that large pages serve it best (fewer page faults,
    fewer misses of the address cache); else small ones keep the memory in proportion to what is touched."""
    kind = np.dtype(dtype)
    size = int(np.prod(shape)) * kind.itemsize
    if size < LEAST_MAPPED or sys.platform == "win32":
        return np.zeros(shape, dtype=kind)
    # Memory that is never touched is not reserved, so that arrays may be larger than the machine's memory.
    flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | getattr(mmap, "MAP_NORESERVE", 0)
    pages = mmap.mmap(-1, size, flags=flags)
    advice = getattr(mmap, "MADV_HUGEPAGE" if dense else "MADV_NOHUGEPAGE", None)
    if advice is not None:
        with suppress(OSError):  # a system without large pages
            pages.madvise(advice)
    return np.frombuffer(pages, dtype=kind).reshape(shape)
