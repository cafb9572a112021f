"""A package file and the files it includes, each read once and checked by itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from router.model.errors import InputError
from router.read.design_file import NOT_BUILT, DesignFile
from router.read.textfile import shown
from router.read.tomlfile import load_toml, validated

_DEPTH = 20


@dataclass(frozen=True, slots=True)
class Read:
    """A file that was read, and where it lies: paths inside it count from there."""

    path: Path
    file: DesignFile


def read_files(path: Path) -> list[Read]:
    """The included files in order, each before the one that includes it; the package file itself comes last."""
    reads: list[Read] = []
    _read(path, (), reads)
    return reads


def tables(reads: Sequence[Read], key: str) -> Iterator[tuple[str, Any]]:
    """The tables of a field of all files that holds some, in their order, each after its place for messages."""
    for read in reads:
        for number, table in enumerate(getattr(read.file, key), 1):
            yield f"{shown(read.path)}: {key.rstrip('_')}[{number}]", table


def _read(path: Path, above: Sequence[Path], reads: list[Read]) -> None:
    real = path.resolve()
    if len(above) >= _DEPTH:
        raise InputError(f"{shown(path)}: include", f"files nested deeper than {_DEPTH}", "fewer")
    if real in above:
        chain = " → ".join(file.name for file in (*above, real))
        raise InputError(f"{shown(path)}: include", f"a circle: {chain[:300]}", "files that do not include one another")
    if any(read.path.resolve() == real for read in reads):
        return
    data = load_toml(path)
    _refuse_what_is_not_built(data, path)
    file = validated(DesignFile, data, path)
    if above and (file.pdk or file.outline or file.levels or file.name):
        raise InputError(shown(path), "name, pdk, levels or outline in an included file", "these in the package file")
    for name in file.include:
        _read(path.parent / name, (*above, real), reads)
    reads.append(Read(path=path, file=file))


def _refuse_what_is_not_built(data: dict[str, Any], path: Path) -> None:
    """Keys with a meaning that comes later are refused by name, lest they are taken for obeyed."""
    tables = data.get("class")
    for index, table in enumerate(tables if isinstance(tables, list) else [], 1):
        for key in NOT_BUILT:
            if isinstance(table, dict) and key in table:
                raise InputError(f"{shown(path)}: class[{index}].{key}", "this key", "none: it is not built yet")
