"""Kernels that are kept from earlier runs: no longer than their sources, and those of the kernels they call, stand."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from router.model.kernels import _KernelFile, sources_stamp

ROOT = Path(__file__).parents[2]
CALLED = "from router.model.kernels import compiled\n\n\n@compiled\ndef called(x):\n    return x + {}\n"
CALLER = (
    "from router.model.kernels import compiled\nfrom router.maze.kernels.called import called\n\n\n"
    "@compiled\ndef caller(x):\n    return called(x)\n"
)
RUN = (
    "from router.maze.kernels.caller import caller\n"
    "print(caller(1), sum(caller.stats.cache_hits.values()), sum(caller.stats.cache_misses.values()))"
)


WITH_CONSTANTS = "from router.maze.kernels.shift import shifted, shifts\nprint(shifts(1), len(shifted.overloads))"
SHIFTS = (
    "from router.model.kernels import compiled\n\n\n@compiled\ndef shifted(x, by):\n    return x + by\n\n\n"
    "@compiled\ndef shifts(x):\n    return shifted(x, 1) + shifted(x, 2) + shifted(x, x)\n"
)


def run(home: Path, lines: str = RUN) -> list[str]:
    environment = os.environ | {"PYTHONPATH": str(home), "NUMBA_CACHE_DIR": str(home / "cache")}
    found = subprocess.run([sys.executable, "-c", lines], cwd=home, env=environment, capture_output=True, check=True)
    return found.stdout.decode().split()


def lay_out(home: Path) -> Path:
    """A package that compiles kernels as this one does, without any."""
    package = home / "router"
    for part in ("", "model", "maze", "maze/kernels"):
        (package / part).mkdir()
        (package / part / "__init__.py").touch()
    shutil.copy(ROOT / "router" / "model" / "kernels.py", package / "model")
    return package


def test_constants_passed_to_a_kernel_do_not_compile_it_anew(tmp_path: Path) -> None:
    (lay_out(tmp_path) / "maze" / "kernels" / "shift.py").write_text(SHIFTS, encoding="utf-8")
    assert run(tmp_path, WITH_CONSTANTS) == ["7", "1"]


def test_a_kernel_is_compiled_anew_when_one_that_it_calls_has_changed(tmp_path: Path) -> None:
    """numba itself looks at the file of the caller alone."""
    package = lay_out(tmp_path)
    (package / "maze" / "kernels" / "caller.py").write_text(CALLER, encoding="utf-8")
    (package / "maze" / "kernels" / "called.py").write_text(CALLED.format(1), encoding="utf-8")
    assert run(tmp_path) == ["2", "0", "1"]
    assert run(tmp_path) == ["2", "1", "0"], "kept"
    (package / "maze" / "kernels" / "called.py").write_text(CALLED.format(2), encoding="utf-8")
    assert run(tmp_path) == ["3", "0", "1"]


def test_what_is_kept_is_known_before_it_is_called(tmp_path: Path) -> None:
    package = lay_out(tmp_path)
    asks = "from router.maze.kernels.called import called\nfrom router.model.kernels import is_kept\n"
    asks += "print(is_kept(called))"
    (package / "maze" / "kernels" / "called.py").write_text(CALLED.format(1), encoding="utf-8")
    assert run(tmp_path, asks) == ["False"]
    run(tmp_path, asks + "\ncalled(1)")
    assert run(tmp_path, asks) == ["True"]
    (package / "maze" / "kernels" / "called.py").write_text(CALLED.format(2), encoding="utf-8")
    assert run(tmp_path, asks) == ["False"]


def test_the_stamp_is_that_of_all_kernels(tmp_path: Path) -> None:
    folder = tmp_path / "maze" / "kernels"
    folder.mkdir(parents=True)
    stamps = {sources_stamp.__wrapped__(tmp_path)}
    for name, text in (("a.py", "x"), ("b.py", "y"), ("b.py", "z")):
        (folder / name).write_text(text, encoding="utf-8")
        stamps.add(sources_stamp.__wrapped__(tmp_path))
    assert len(stamps) == 4


def test_what_two_processes_keep_of_one_kernel_is_not_mistaken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have looked at what there is, then both write, the first its data last."""
    one, other = (_KernelFile(str(tmp_path), "kernel", b"sources") for _ in range(2))
    keys = ("integers", "code"), ("floats", "code")
    save = one._save_data

    def late(name: str, data: object) -> None:
        # With the index of numba's own files, which it read before the first one wrote, the other took its place.
        with monkeypatch.context() as before:
            before.setattr(other, "_load_index", dict)
            other.save(keys[1], "for floats")
        save(name, data)

    monkeypatch.setattr(one, "_save_data", late)
    one.save(keys[0], "for integers")
    assert [one.load(key) for key in keys] == ["for integers", "for floats"]
    assert _KernelFile(str(tmp_path), "kernel", b"other sources").load(keys[0]) is None
    assert one.load(("text", "code")) is None


def test_what_other_sources_or_another_numba_kept_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = _KernelFile(str(tmp_path), "kernel", b"sources")
    key = ("integers", "code")
    file._save_data(file._name_of(key), (b"other sources", b"no pickle"))
    assert file.load(key) is None
    monkeypatch.setattr(file, "_version", "0.1")
    file.save(key, "by another numba")
    monkeypatch.undo()
    assert file.load(key) is None
