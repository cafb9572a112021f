"""Zeros that are taken from the machine only where they are touched; and how much memory there is."""

from __future__ import annotations

import mmap
import os
import resource
import sys
from pathlib import Path

import numpy as np
import pytest

from router.maze import memory
from router.maze.memory import LEAST_MAPPED, lazy_zeros
from router.maze.window import NODE

BIG = 1 << 28
MEMINFO = "MemTotal:       16000000 kB\nMemFree:          500000 kB\nMemAvailable:    9000000 kB\n"


def resident() -> int:
    """Bytes of this process that are in memory."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * mmap.PAGESIZE


@pytest.mark.parametrize("dtype", [np.int16, np.int32, NODE], ids=["short", "id", "node"])
@pytest.mark.parametrize("shape", [0, 1, 1_000, (250, 4), (LEAST_MAPPED // 8, 4), LEAST_MAPPED], ids=str)
def test_zeros_of_any_size(shape: int | tuple[int, ...], dtype: np.dtype) -> None:
    zeros, usual = lazy_zeros(shape, dtype), np.zeros(shape, dtype=dtype)
    assert zeros.shape == usual.shape and zeros.dtype == usual.dtype and zeros.nbytes == usual.nbytes
    assert zeros.flags.c_contiguous and zeros.flags.aligned
    assert zeros.tobytes() == bytes(zeros.nbytes)
    if zeros.size:
        zeros[-1] = 7
        usual[-1] = 7
        assert zeros.tobytes() == usual.tobytes()


def test_arrays_do_not_share_their_memory() -> None:
    a, b = (lazy_zeros(LEAST_MAPPED, np.uint8) for _ in range(2))
    a[:] = 1
    assert not b.any()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="resident size is read from /proc")
def test_what_is_not_touched_is_not_taken() -> None:
    before = resident()
    zeros = lazy_zeros(BIG, np.uint8)
    assert resident() - before < BIG // 16
    zeros[BIG // 2 : BIG // 2 + BIG // 8] = 1
    assert BIG // 16 < resident() - before < BIG // 4
    touched = resident()
    zeros[:: BIG // 64] = 1
    assert resident() - touched < BIG // 16, "a page for each touch, no more"
    del zeros
    assert resident() - before < BIG // 16


def overcommit() -> str:
    """Whether Linux lays out more than it has: 2 is never."""
    path = Path("/proc/sys/vm/overcommit_memory")
    return path.read_text(encoding="ascii").strip() if path.exists() else "2"


@pytest.mark.skipif(overcommit() == "2", reason="the system lays out no more than it has")
def test_more_than_the_machine_has_may_be_laid_out() -> None:
    size = 2 * os.sysconf("SC_PHYS_PAGES") * mmap.PAGESIZE
    zeros = lazy_zeros(size, np.uint8)
    zeros[-1] = 1
    assert zeros.nbytes == size and zeros[0] == 0


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in place of the system's."""
    (tmp_path / "meminfo").write_text(MEMINFO)
    (tmp_path / "statm").write_text("5000 200 40 1 0 300 0\n")
    monkeypatch.setattr(memory, "_MEMINFO", tmp_path / "meminfo")
    monkeypatch.setattr(memory, "_STATM", tmp_path / "statm")
    monkeypatch.setattr(memory, "_GROUPS", tmp_path)
    return tmp_path


def test_what_is_held_of_files_is_free(system: Path) -> None:
    assert memory.memory_free() == 9_000_000 * 1024


@pytest.mark.parametrize(
    ("files", "free"),
    [
        ({"memory.max": "max\n", "memory.stat": "anon 5\n"}, 9_216_000_000),
        ({"memory.max": "4000\n", "memory.stat": "file 90\nanon 1000\n"}, 3000),
        ({"memory.max": "4000\n", "memory.stat": "anon 5000\n"}, 0),
        ({"memory/memory.limit_in_bytes": "6000\n", "memory/memory.stat": "rss 1\ntotal_rss 2000\n"}, 4000),
        ({"memory/memory.limit_in_bytes": "9223372036854771712\n"}, 9_216_000_000),
    ],
    ids=str,
)
def test_a_container_has_no_more_than_it_may(system: Path, files: dict[str, str], free: int) -> None:
    for name, text in files.items():
        (system / name).parent.mkdir(exist_ok=True)
        (system / name).write_text(text)
    assert memory.memory_free() == free


def test_a_system_that_says_little_is_asked_for_half(system: Path) -> None:
    assert memory.memory_taken() == 200 * resource.getpagesize()
    for name in ("meminfo", "statm"):
        (system / name).unlink()
    assert memory.memory_taken() is None
    assert 1 << 28 < memory.memory_free() < 1 << 44


def test_a_limit_of_addresses_counts_what_is_laid_out(system: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda which: (resource.RLIM_INFINITY,) * 2)
    assert memory.addresses_free() == sys.maxsize
    monkeypatch.setattr(resource, "getrlimit", lambda which: (10_000 * resource.getpagesize(), -1))
    assert memory.addresses_free() == 5_000 * resource.getpagesize()
