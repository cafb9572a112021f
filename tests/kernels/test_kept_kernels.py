"""Kernels that are kept from earlier runs: no longer than their sources, and those of the kernels they call, stand."""

from __future__ import annotations

import hashlib
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


def kernel_file(folder: Path, sources: bytes = b"sources") -> _KernelFile:
    return _KernelFile(str(folder), "kernel", hashlib.sha256(sources).digest(), str(folder))


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
    one, other = (kernel_file(tmp_path) for _ in range(2))
    keys = ("integers", "code"), ("floats", "code")
    opened = one._open_for_write

    def late(path: str) -> object:
        # With the index of numba's own files, which it read before the first one wrote, the other took its place.
        with monkeypatch.context() as before:
            before.setattr(other, "_load_index", dict)
            other.save(keys[1], "for floats")
        return opened(path)

    monkeypatch.setattr(one, "_open_for_write", late)
    one.save(keys[0], "for integers")
    assert [one.load(key) for key in keys] == ["for integers", "for floats"]
    assert kernel_file(tmp_path, b"other sources").load(keys[0]) is None
    assert one.load(("text", "code")) is None


def test_what_other_sources_or_another_numba_kept_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = kernel_file(tmp_path)
    key = ("integers", "code")
    kernel_file(tmp_path, b"other sources").save(key, "by other sources")
    assert file.load(key) is None
    monkeypatch.setattr(file, "_version", "0.1")
    file.save(key, "by another numba")
    monkeypatch.undo()
    assert file.load(key) is None


@pytest.mark.parametrize("part", [0, 40, 80])
def test_part_of_a_file_is_as_good_as_none(tmp_path: Path, part: int) -> None:
    """A machine went down, or a copy was broken off."""
    file = kernel_file(tmp_path)
    key = ("integers", "code")
    file.save(key, "for integers")
    [kept] = tmp_path.iterdir()
    assert (file.load(key), file.holds_anything()) == ("for integers", True)
    kept.write_bytes(kept.read_bytes()[:part])
    assert (file.load(key), file.holds_anything()) == (None, False)


def test_kernels_beside_the_sources_are_read_and_others_kept_elsewhere(tmp_path: Path) -> None:
    """The program is installed for all, with its kernels, where none of them can write."""
    package = lay_out(tmp_path)
    (package / "maze" / "kernels" / "caller.py").write_text(CALLER, encoding="utf-8")
    (package / "maze" / "kernels" / "called.py").write_text(CALLED.format(1), encoding="utf-8")
    beside = package / "maze" / "kernels" / "__pycache__"
    run(tmp_path)
    [kept] = (tmp_path / "cache").iterdir()
    shutil.copytree(kept, beside, dirs_exist_ok=True)
    shutil.rmtree(kept)
    before = sorted(beside.iterdir())
    assert run(tmp_path) == ["2", "1", "0"]
    assert run(tmp_path, RUN.replace("caller(1)", "caller(1.5)")) == ["2.5", "0", "1"]
    assert sorted(beside.iterdir()) == before


NOWHERE = "from router.maze.kernels.caller import caller\nfrom router.model.kernels import lasts\n"
NOWHERE += "print(lasts(caller), caller(1))"


def test_where_nothing_can_be_written_kernels_serve_one_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = lay_out(tmp_path)
    (package / "maze" / "kernels" / "caller.py").write_text(CALLER, encoding="utf-8")
    (package / "maze" / "kernels" / "called.py").write_text(CALLED.format(1), encoding="utf-8")
    assert run(tmp_path, NOWHERE) == ["True", "2"]
    # A file where a folder would have to be keeps root out as well.
    for folder in (tmp_path / "cache", tmp_path / "home", package / "maze" / "kernels" / "__pycache__"):
        shutil.rmtree(folder, ignore_errors=True)
        folder.touch()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    assert run(tmp_path, NOWHERE) == ["False", "2"]


def test_a_full_disk_is_no_reason_to_stop(tmp_path: Path) -> None:
    package = lay_out(tmp_path)
    (package / "maze" / "kernels" / "called.py").write_text(CALLED.format(1), encoding="utf-8")
    full = "import router.model.kernels as kernels\n\n\ndef save(*_):\n    raise OSError(28, 'No space left')\n\n\n"
    full += "kernels._KernelFile.save = save\nfrom router.maze.kernels.called import called\nprint(called(1))"
    assert run(tmp_path, full) == ["2"]
