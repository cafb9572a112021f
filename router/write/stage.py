"""Files appear whole or not at all: a run writes aside, and moves its files into place when all are complete."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from router.model.errors import InputError, OutputError
from router.read.result import run_files
from router.read.textfile import shown


def refuse_existing(files: Iterable[Path]) -> None:
    """Raise InputError for the first file that exists: what a person names is replaced with `--overwrite` alone."""
    for path in files:
        if path.is_file():
            raise InputError(shown(path), "a file that exists", "--overwrite, or another name for -o")


def refuse_files_of_runs(files: Iterable[Path]) -> None:
    """Raise InputError for the first file that a run wrote, as run.json beside it says: what belongs to a layout that
    was judged is replaced by another run alone."""
    for path in files:
        if path.is_file() and path.name in run_files(path.parent):
            raise InputError(shown(path), "a file of the run itself", "another name for what is written")


def refuse_closed(directory: Path) -> None:
    """Raise OutputError for a folder that cannot be made or written to. No trace is left there."""
    try:
        # A link that leads nowhere exists, and no folder can be made in its place.
        home = next(path for path in (directory, *directory.parents) if os.path.lexists(path))
        Path(tempfile.mkdtemp(prefix=f".{directory.name}.", dir=home)).rmdir()
    except OSError as error:
        raise OutputError(f"{directory}: cannot write there ({error.strerror})") from None


@contextmanager
def staged_run(directory: Path, stem: str) -> Iterator[Path]:
    """As `staged`, for the files of a run: they replace those of an earlier one, and what an earlier one of the same
    name (`stem`) wrote and this one does not goes, as it would be taken for a part of this one."""
    earlier = run_files(directory)
    with staged(directory, own=True) as aside:
        yield aside
        written = {path.name for path in aside.iterdir()}
    if f"{stem}.gds" in earlier:
        for path in (directory / name for name in sorted(earlier - written) if name.startswith(f"{stem}.")):
            path.unlink(missing_ok=True)


@contextmanager
def staged(directory: Path, *, own: bool = False) -> Iterator[Path]:
    """A temporary folder in `directory`, or beside one that does not exist yet; on a clean exit each of its files
    replaces the one of the same name there, those of a run where they are its `own`.

    Raises OutputError when the disk is full or closed to us, and InputError where a file of a run would be replaced;
    then nothing in `directory` has changed.
    """
    try:
        directory.parent.mkdir(parents=True, exist_ok=True)
        home = directory if directory.is_dir() else directory.parent
        aside = Path(tempfile.mkdtemp(prefix=f".{directory.name}.", dir=home))
    except OSError as error:
        raise OutputError(f"{directory}: cannot write there ({error.strerror})") from None
    try:
        yield aside
        files = sorted(aside.iterdir())
        if not own:
            refuse_files_of_runs(directory / path.name for path in files)
        directory.mkdir(exist_ok=True)
        _refuse_folders(directory / path.name for path in files)
        for path in files:
            path.replace(directory / path.name)
    except OSError as error:
        raise OutputError(f"{directory}: cannot write there ({error.strerror}); earlier files are untouched") from None
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _refuse_folders(places: Iterable[Path]) -> None:
    """Raise OSError where a folder stands in the place of a file: before the first file is moved, as nothing could be
    taken back."""
    for place in places:
        if place.is_dir():
            raise OSError(errno.EISDIR, f"{place.name} is a folder")


@contextmanager
def staged_file(path: Path, *, own: bool = False) -> Iterator[Path]:
    """A path beside `path` that takes its place on a clean exit. Raises OutputError and InputError as `staged` does."""
    if not own:
        refuse_files_of_runs([path])
    aside = path.with_name(f".{path.name}.{os.getpid()}{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield aside
        aside.replace(path)
    except OSError as error:
        raise OutputError(f"{path}: cannot write there ({error.strerror}); earlier files are untouched") from None
    finally:
        with suppress(OSError):
            aside.unlink()
