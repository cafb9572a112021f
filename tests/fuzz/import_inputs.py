"""Inputs of `rdl import` as one string of bytes each: the files, each below its name, and the options for them.

%%OPTIONS view=top unit=mm
%%FILE chip.csv
…
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace

from router.model.units import Unit, to_nm
from router.read.formats.options import ImportOptions, Origin, View

_HEAD = re.compile(rb"^%%(OPTIONS|FILE) ?([^\r\n]*)\r?\n", re.M)
_FILE_LIMIT = 8


def packed(files: Mapping[str, bytes], options: str = "") -> bytes:
    head = f"%%OPTIONS {options}\n".encode() if options else b""
    return head + b"".join(
        b"%%%%FILE %s\n%s" % (name.encode(), data if data.endswith(b"\n") else data + b"\n")
        for name, data in files.items()
    )


def unpacked(data: bytes) -> tuple[dict[str, bytes], ImportOptions]:
    """The files, of which names that lead elsewhere get a number instead, and as many options as make sense."""
    heads = list(_HEAD.finditer(data))
    files: dict[str, bytes] = {}
    options = ImportOptions()
    for head, end in zip(heads, [*(head.start() for head in heads[1:]), len(data)], strict=False):
        if head[1] == b"OPTIONS":
            options = _options(head[2].decode("latin-1"))
        elif len(files) < _FILE_LIMIT:
            name = head[2].decode("latin-1").strip()
            plain = re.fullmatch(r"\w{1,40}\.\w{1,8}", name, re.ASCII)
            files[name if plain else str(len(files))] = data[head.end() : end]
    return files or {"file": data}, options


def _options(text: str) -> ImportOptions:
    options = ImportOptions()
    for key, _, value in (word.partition("=") for word in text.split()):
        with suppress(KeyError, ValueError):
            options = replace(options, **{key: _READ_OPTION[key](value)})
    return options


def _size(text: str) -> tuple[int, int]:
    side = to_nm(float(text))
    if side < 1:
        raise ValueError
    return side, side


_READ_OPTION = {
    "unit": Unit,
    "view": View,
    "origin": Origin,
    "pad_size": _size,
    "die_size": _size,
    "pitch": _size,
    "pdk": str,
    "levels": lambda text: dict([text.split(":", 1)]),
}
