"""Zeros that are taken from the machine only where they are touched."""

from __future__ import annotations

import mmap
import sys
from pathlib import Path

import numpy as np
import pytest

from router.maze.memory import LEAST_MAPPED, lazy_zeros
from router.maze.window import NODE

BIG = 1 << 28


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
