"""What the program says of itself, and how errors that a user can meet become one line and an exit code."""

from __future__ import annotations

import locale
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from router import __version__
from router.model.errors import INTERRUPTED, OutputError, RdlError, RefusedError


def _say_version(asked: bool) -> None:
    if asked:
        print(f"rdl {__version__}")
        raise typer.Exit


VersionOption = Annotated[
    bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Say the version and exit.")
]


def allow_any_letter() -> None:
    """Let names of files, and what is said, hold any letter, whatever the locale.

    Python takes names as UTF-8 where the locale is C or not installed; KLayout, here and in processes of its own, goes
    by the locale.
    """
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    if locale.setlocale(locale.LC_CTYPE) in ("C", "POSIX"):
        try:
            os.environ["LC_ALL"] = locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
        except locale.Error:
            return  # A system without that locale: names in ASCII are read all the same.


@contextmanager
def messages() -> Iterator[None]:
    """Ends the command with its exit code where something inside fails in a way that is no fault of the program."""
    try:
        yield
    except RdlError as error:
        print(f"rdl: {error}", file=sys.stderr)
        raise typer.Exit(error.exit_code) from None
    except BrokenPipeError:
        raise
    except OSError as error:
        print(f"rdl: {error.filename or 'a file'}: {error.strerror}; earlier files are untouched", file=sys.stderr)
        raise typer.Exit(OutputError.exit_code) from None
    except (KeyboardInterrupt, SystemError) as error:
        if not interrupted(error):
            raise
        print("rdl: stopped; nothing written", file=sys.stderr)
        raise typer.Exit(INTERRUPTED) from None
    except MemoryError:
        print("rdl: out of memory; nothing written", file=sys.stderr)
        raise typer.Exit(RefusedError.exit_code) from None


def interrupted(error: BaseException | None) -> bool:
    """Whether a Ctrl-C is at the bottom of an error: compiled code in which it comes ends with an error of its own."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__
    return error is not None
