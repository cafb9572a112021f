"""Memory for the large arrays of a window: zero everywhere, and taken from the machine only where it is touched; and
how much of it there is."""

from __future__ import annotations

import mmap
import os
import platform
import resource
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

# Smaller arrays are left to numpy, in large pages: most of them is touched, and searches are a few percent faster.
LEAST_MAPPED = 1 << 24
# To Linux: an array larger than the machine may be laid out, as not all of it is touched. Python names it from 3.13.
_NO_RESERVE = 0x4000 if sys.platform == "linux" and platform.machine() in ("x86_64", "aarch64") else 0
# Where Linux says what a process has, what the machine has, and what a container may have and has taken (of version 2
# and version 1 of its control groups).
_STATM, _MEMINFO = Path("/proc/self/statm"), Path("/proc/meminfo")
_GROUPS = Path("/sys/fs/cgroup")
_GROUP_FILES = (
    ("memory.max", "memory.stat", "anon"),
    ("memory/memory.limit_in_bytes", "memory/memory.stat", "total_rss"),
)


def memory_taken() -> int | None:
    """Bytes of memory that this process has now; None on a system that does not say."""
    return _pages(1)


def memory_free() -> int:
    """Bytes that the machine, or the container that this runs in, can still give; what it holds of files counts, as it
    lets go of that. Half of what the machine has where the system says no more."""
    free = _field(_MEMINFO, "MemAvailable:")
    if free is None:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    return max(0, min([free * 1024, *_group_free()]))


def addresses_free() -> int:
    """Bytes that this process may still lay out, whether it touches them or not."""
    most, _ = resource.getrlimit(resource.RLIMIT_AS)
    return sys.maxsize if most == resource.RLIM_INFINITY else most - (_pages(0) or 0)


def _group_free() -> list[int]:
    """Bytes that are left of the limits of a container."""
    free = []
    for limit, stat, key in _GROUP_FILES:
        with suppress(OSError, ValueError):
            most, taken = int((_GROUPS / limit).read_text(encoding="ascii")), _field(_GROUPS / stat, key)
            free.append(most - (taken or 0))
    return free


def _pages(place: int) -> int | None:
    """A figure of this process in pages, as bytes."""
    try:
        return int(_STATM.read_text(encoding="ascii").split()[place]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return None


def _field(file: Path, key: str) -> int | None:
    """The number that follows a word at the beginning of a line."""
    with suppress(OSError, ValueError):
        for line in file.read_text(encoding="ascii").splitlines():
            name, number, *_ = line.split()
            if name == key:
                return int(number)
    return None


def lazy_zeros(shape: int | tuple[int, ...], dtype: DTypeLike) -> NDArray[Any]:
    """An array of zeros in small pages: a large one takes memory in proportion to what is touched, and, as most of a
    window is not, no time to be cleared. Raises MemoryError."""
    kind = np.dtype(dtype)
    size = int(np.prod(shape)) * kind.itemsize
    if size < LEAST_MAPPED:
        return np.zeros(shape, dtype=kind)
    try:
        pages = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | _NO_RESERVE)
    except OSError:
        raise MemoryError(f"{size} bytes") from None
    if hasattr(mmap, "MADV_NOHUGEPAGE"):
        with suppress(OSError):  # a system without large pages
            pages.madvise(mmap.MADV_NOHUGEPAGE)
    return np.frombuffer(pages, dtype=kind).reshape(shape)
