"""Memory for the large arrays of a window: zero everywhere, and taken from the machine only where it is touched."""

from __future__ import annotations

import mmap
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

# Smaller arrays gain nothing.
LEAST_MAPPED = 1 << 22
_STATM = Path("/proc/self/statm")


def memory_taken() -> int | None:
    """Bytes of memory that this process has now; None on a system that does not say."""
    try:
        return int(_STATM.read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return None


def lazy_zeros(shape: int | tuple[int, ...], dtype: DTypeLike) -> NDArray[Any]:
    """An array of zeros in small pages: a large one takes memory in proportion to what is touched, and, as most of a
    window is not, no time to be cleared. Raises MemoryError."""
    kind = np.dtype(dtype)
    size = int(np.prod(shape)) * kind.itemsize
    if size < LEAST_MAPPED or sys.platform == "win32":
        return np.zeros(shape, dtype=kind)
    try:
        pages = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    except OSError:
        raise MemoryError(f"{size} bytes") from None
    if hasattr(mmap, "MADV_NOHUGEPAGE"):
        with suppress(OSError):  # a system without large pages
            pages.madvise(mmap.MADV_NOHUGEPAGE)
    return np.frombuffer(pages, dtype=kind).reshape(shape)
