"""How much memory there is, from what the system says."""

from __future__ import annotations

import resource
import sys
from pathlib import Path

import pytest

from router.maze import memory

MEMINFO = "MemTotal:       16000000 kB\nMemFree:          500000 kB\nMemAvailable:    9000000 kB\n"


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
