"""Files of text: what may be read, and how messages name files and what stands in them."""

from __future__ import annotations

from pathlib import Path

from router.model.errors import InputError

# A package file this large holds far more than the largest allowed design; tables belong in CSV anyway.
_PACKAGE_BYTES = 16_000_000
# Tables, and what other tools write, may hold a million pins.
BYTE_LIMIT = 256_000_000
_SHOWN = 60


def shown(path: Path) -> str:
    """A path for messages: relative to the working directory where it lies below it."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except (ValueError, OSError, RuntimeError):
        return str(path)


def quoted(value: object) -> str:
    """A value for messages, cut to a readable length."""
    if isinstance(value, dict | list) and len(value) > 8:
        return f"a {'table' if isinstance(value, dict) else 'list'} of {len(value)} entries"
    try:
        text = repr(value[: 2 * _SHOWN] if isinstance(value, str) else value)
    except ValueError:  # an integer beyond Python's limit for printing
        text = "a huge number"
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def check_readable(path: Path, limit: int) -> None:
    """Raise InputError for a file that is missing, unreadable or larger than `limit` bytes."""
    try:
        if path.exists() and not path.is_file():
            raise InputError(shown(path), "no regular file", "a readable file")
        size = path.stat().st_size
        if size > limit:
            raise InputError(shown(path), f"a file of {size} bytes", f"at most {limit}")
        with path.open("rb"):
            pass
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(shown(path), f"a file that cannot be read ({reason})", "a readable file") from None


def read_text(path: Path, limit: int = _PACKAGE_BYTES) -> str:
    """The file's text. Raises InputError when it is missing, unreadable, too large or not UTF-8."""
    check_readable(path, limit)
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(f"{shown(path)}:{line}", f"byte 0x{data[error.start]:02x}", "text in UTF-8") from None
