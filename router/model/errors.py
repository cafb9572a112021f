"""The family of errors a user can meet. Each carries one message and the exit code of the command."""

from __future__ import annotations


class RdlError(Exception):
    """Base of all errors that end the program with a message instead of a traceback."""

    exit_code = 2


class InputError(RdlError):
    """Bad input. The message names file, line or key, what was found and what was expected."""

    def __init__(self, where: str, found: str, expected: str) -> None:
        super().__init__(f"{where}: found {found}; expected {expected}")
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
