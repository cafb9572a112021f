"""One input of `rdl import` the whole way: files, reader, draft, package, the package read again, what is printed."""

from __future__ import annotations

import resource
import shutil
import signal
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import FrameType

from import_inputs import unpacked

from router.exchange import import_package
from router.model.errors import InputError, OutputError
from router.model.pdk import Pdk
from router.read.pdk import read_pdk
from router.view.exchange import import_text

SECONDS = 5.0
MEMORY = 1_000_000_000
_MESSAGE_LIMIT = 2000
_OF_SEVERAL_FILES = ("bumps", "dietext", "lefdef")
# What a message names that concerns no file: arguments of the command, and processes.
_ARGUMENTS = ("FILE", "--", "process")


class TooSlowError(BaseException):
    """Raised by the alarm; no `except Exception` on the way holds it."""


@cache
def _process_or_fault(key: str, levels: int | None) -> Pdk | tuple[str, str, str]:
    try:
        return read_pdk(key, levels=levels)
    except InputError as error:
        return error.where, error.found, error.expected


def process_read_once(key: str, levels: int | None = None) -> Pdk:
    """`read_pdk`, which reads the same files for each input, with a memory."""
    found = _process_or_fault(key, levels)
    if isinstance(found, tuple):
        raise InputError(*found)
    return found


def fault(format_name: str, data: bytes, folder: Path) -> tuple[str, str]:
    """("accepted" or "refused", ""), or the place of a fault in the program and what was seen there.

    `folder` is emptied first.
    """
    files, options = unpacked(data)
    shutil.rmtree(folder, ignore_errors=True)
    source = folder / "in"
    source.mkdir(parents=True)
    for name, content in files.items():
        (source / name).write_bytes(content)
    named = [source / name for name in files]
    if format_name not in _OF_SEVERAL_FILES:
        named = named[:1]
    try:
        with _alarm():
            written = import_package(format_name, named, folder / "out" / "it.toml", options)
            import_text(written).encode()
    except OutputError as error:
        return "OutputError", str(error)
    except InputError as error:
        return _of_message(error, [*files, *(path.name for path in folder.glob("out/*"))])
    except (Exception, TooSlowError) as error:
        return f"{type(error).__name__} at {_place(error)}", traceback.format_exc(limit=-12)
    return "accepted", ""


def _of_message(error: InputError, names: list[str]) -> tuple[str, str]:
    """Refused, if the message is one line that says where and what was expected."""
    message = str(error)
    if not (error.found and error.expected and message.isprintable() and len(message) < _MESSAGE_LIMIT):
        return f"message at {_place(error)}", repr(message)
    if not any(name in error.where for name in (*names, *_ARGUMENTS)):
        return f"place of message at {_place(error)}", message
    return "refused", ""


def _place(error: BaseException) -> str:
    """The innermost line of the program's own."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "/router/" in frame.filename] or list(frames)
    return f"{own[-1].filename.rsplit('/router/')[-1]}:{own[-1].lineno}"


@contextmanager
def _alarm() -> Iterator[None]:
    """TooSlowError after `SECONDS`."""

    def ring(_signal: int, _frame: FrameType | None) -> None:
        raise TooSlowError

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def limit_memory() -> None:
    """Let this process have no more than `MEMORY` bytes from now on, beyond what it maps without use."""
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()
    mapped, resident = (int(count) * resource.getpagesize() for count in pages[:2])
    resource.setrlimit(resource.RLIMIT_AS, (mapped - resident + MEMORY,) * 2)


def peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
