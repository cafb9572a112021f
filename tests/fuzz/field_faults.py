"""Every field of a file spoiled in turn: wrong type, missing, misspelt, negative, not a number, unknown, endless."""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Callable, Iterator
from typing import Any

from broken_inputs import Case, Files

Path = tuple[str | int, ...]


def toml(value: Any) -> str:
    """A value as TOML, tables inline."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {toml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(toml(item) for item in value) + "]"
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return json.dumps(value, ensure_ascii=False)


def document(data: dict[str, Any]) -> bytes:
    return "".join(f"{json.dumps(key)} = {toml(value)}\n" for key, value in data.items()).encode()


# Numbers that may be below zero, and keys whose empty or absent value means something.
_SIGNED = {"x", "y", "at", "centre", "outline", "rect", "polygon", "points", "enclosure_lower", "enclosure_upper"}
_OPEN = {"description", "source", "datatype", "value", "net", "where", "Type", "exclude", "layer", "edge_keepout"}
_OPEN |= {"rotation", "centre_without", "thickness"}
_REQUIRED = {
    *("pdk", "outline", "pad", "file", "nx", "ny", "pitch", "points", "level", "width", "net", "x", "y"),
    *("lower", "upper", "cut", "spacing", "enclosure_lower", "enclosure_upper", "min_width", "min_spacing"),
    *("layer", "role", "color", "polarity", "kind", "land", "shape", "size", "masks", "value", "chord_error", "view"),
    *("default", "maximum", "run_length", "name"),
}


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every key and entry of a file with its path, tables before what they hold."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in items:
        yield (*path, key), item
        if isinstance(item, dict | list):
            yield from leaves(item, (*path, key))


def changed(data: dict[str, Any], path: Path, change: Callable[[Any, Any], None]) -> dict[str, Any]:
    """A copy in which `change(parent, key)` was applied at the end of `path`."""
    spoiled = copy.deepcopy(data)
    parent: Any = spoiled
    for key in path[:-1]:
        parent = parent[key]
    change(parent, path[-1])
    return spoiled


def _set(value: Any) -> Callable[[Any, Any], None]:
    def change(parent: Any, key: Any) -> None:
        parent[key] = value

    return change


def _delete(parent: Any, key: Any) -> None:
    del parent[key]


def _misspell(parent: Any, key: Any) -> None:
    parent[f"{key}_"] = parent.pop(key)


def faults_of(path: Path, value: Any) -> Iterator[tuple[str, Callable[[Any, Any], None]]]:
    """The ways to spoil one field."""
    key = next(part for part in reversed(path) if isinstance(part, str))
    if isinstance(value, bool):
        yield "text for a bool", _set("yes")
    elif isinstance(value, int | float):
        yield "text for a number", _set("many")
        yield "bool for a number", _set(True)
        yield "nan", _set(math.nan)
        yield "inf", _set(math.inf)
        yield "too large", _set(10**30)
        if key not in _SIGNED:
            yield "negative", _set(-1)
            if key not in _OPEN and "min" not in key and "height" not in key and "run" not in key:
                yield "zero", _set(0)
    elif isinstance(value, str):
        yield "number for text", _set(7)
        if key not in _OPEN:
            yield "empty text", _set("")
            yield "a million characters", _set("x" * 1_000_000)
            yield "unknown name", _set("no such thing")
    elif isinstance(value, list):
        yield "number for a list", _set(True)
        yield "table for a list", _set({"a": 1})
    else:
        yield "text for a table", _set("table")
    if isinstance(path[-1], str):
        if path[0] not in ("nets", "lattice") and key not in ("Type", "RDL1", "RDL2"):
            yield "misspelt", _misspell
        if key in _REQUIRED and not (len(path) == 1 and key in ("name", "level")) and not _optional(path, key):
            yield "missing", _delete


def _optional(path: Path, key: str) -> bool:
    component = path[0] in ("die", "passive", "pillars", "balls") and len(path) == 3 and key == "size"
    by_choice = key in ("view", "net") and path[0] in ("die", "passive", "balls")
    by_choice = by_choice or path in (("netlist", "file"), ("via", 0, "shape"))
    return (
        component
        or by_choice
        or (path[0] in ("choice", "class", "keepout", "rule") and key in ("width", "spacing", "name"))
    )


def field_faults(stem: str, data: dict[str, Any], others: Files) -> Iterator[Case]:
    """Each field spoiled in each way; of equal entries in a list the first two only."""
    for path, value in leaves(data):
        if any(isinstance(part, int) and part > 1 for part in path):
            continue
        for fault, change in faults_of(path, value):
            where = ".".join(map(str, path))
            yield Case(f"{stem}: {where}: {fault}", {f"{stem}.toml": document(changed(data, path, change)), **others})
