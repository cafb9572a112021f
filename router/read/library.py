"""Processes and example packages by name: from the checkout, or from the copies packed into an installed wheel."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from router.model.errors import InputError
from router.read.nearest import one_of

_PACKAGE = Path(__file__).resolve().parent.parent
_NAME_LIMIT = 255


def find_pdk(name_or_path: str | Path) -> Path:
    """The process file of that name (`fanout_10um`) or path. Raises InputError naming those there are."""
    return _find(name_or_path, "pdk", "process")


def find_design(name_or_path: str | Path) -> Path:
    """The package file of that name (`duo`) or path. Raises InputError naming those there are."""
    return _find(name_or_path, "netlists", "package")


def list_pdks() -> list[Path]:
    """All process files that are known by name, sorted."""
    return _files("pdk")


def list_designs() -> list[Path]:
    """All example packages that are known by name, sorted."""
    return _files("netlists")


def _folder(kind: str) -> Path:
    packed = _PACKAGE / "_data" / kind
    return packed if packed.is_dir() else _PACKAGE.parent / kind


def _files(kind: str) -> list[Path]:
    return sorted(_folder(kind).glob("*.toml"))


def _find(name_or_path: str | Path, kind: str, what: str) -> Path:
    text = str(name_or_path)
    if not text or len(text) > 16 * _NAME_LIMIT or "\0" in text:
        raise InputError(what, f"a name of {len(text)} characters", "a name or a path")
    path = Path(text)
    if path.suffix == ".toml" or path.parent != Path():
        try:
            if path.is_file():
                return path
            found = "a folder" if path.is_dir() else "no such file"
        except OSError as error:
            raise InputError(text, f"a path that cannot be read ({error.strerror})", "a readable file") from None
        raise InputError(text, found, f"a {what} file (.toml)")
    known = {found.stem: found for found in _files(kind)}
    if text in known:
        return known[text]
    with suppress(OSError):
        if path.is_file():
            raise InputError(text, "a file that does not end in .toml", f"a {what} file (.toml), or the name of one")
    raise InputError(f"{what} {text[:_NAME_LIMIT]!r}", "no such name", f"a path or {one_of(text, known)}")
