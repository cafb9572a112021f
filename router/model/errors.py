"""The family of errors a user can meet. Each carries one message and the exit code of the command."""

from __future__ import annotations

# The exit code of a run that Ctrl-C ended.
INTERRUPTED = 130


class RdlError(Exception):
    """Base of all errors that end the program with a message instead of a traceback."""

    exit_code = 2


class InputError(RdlError):
    """Bad input. The message names file, line or key, what was found and what was expected; it is one line, in which
    whatever is not printable stands escaped."""

    def __init__(self, where: str, found: str, expected: str) -> None:
        super().__init__(_printable(f"{where}: found {found}; expected {expected}"))
        self.where = where
        self.found = found
        self.expected = expected


class RefusedError(RdlError):
    """A design that is too large for the machine, or hopeless. `witness` goes into report.json."""

    exit_code = 3

    def __init__(self, message: str, witness: dict[str, object]) -> None:
        super().__init__(message)
        self.witness = witness


class OutputError(RdlError):
    """Results could not be written (disk full, no permission). Earlier results are untouched."""


def _printable(text: str) -> str:
    """Names out of a user's file may hold what moves a terminal's cursor or cannot be encoded."""
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)
