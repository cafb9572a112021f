"""Pieces of a package file: comments, strings, lists, points."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from router.model.geometry import Box, Points
from router.model.units import decimal_um

_LINE = 118
_IN_A_LINE = 5
_MOST_SENTENCES = 100


def one_line_each(sentences: Iterable[str]) -> tuple[str, ...]:
    """Whatever a file held, each sentence is one line, is said once, and the first hundred stand for more."""
    once = list(dict.fromkeys(" ".join(_printable(text).split()) for text in sentences))
    more = [f"… and {len(once) - _MOST_SENTENCES} more of the kind"] if len(once) > _MOST_SENTENCES else []
    return (*once[:_MOST_SENTENCES], *more)


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)


def plain_name(name: str) -> str:
    """A name for packages, components and files of an import: letters, digits and signs of _ + -, at most 80."""
    return re.sub(r"[^A-Za-z0-9_+-]", "_", name)[:80] or "_"


def comment(text: str) -> Iterator[str]:
    """Lines of a comment; whatever a file held, it stays one."""
    line = "#"
    for word in _printable(text).split():
        if len(line) + len(word) >= _LINE and line != "#":
            yield line
            line = "#"
        line += f" {word}"
    yield line


def string(text: str) -> str:
    """A basic string, which TOML and JSON write alike for ASCII."""
    return json.dumps(text)


def strings(texts: Iterable[str]) -> str:
    """A list of strings."""
    return f"[{', '.join(string(text) for text in texts)}]"


def corners(box: Box) -> str:
    """[x0, y0, x1, y1] in µm."""
    return f"[{', '.join(decimal_um(nm) for nm in box.bounds)}]"


def ring(points: Points) -> str:
    """[[x, y], …] in µm, on several lines where it is long."""
    places = [f"[{decimal_um(x)}, {decimal_um(y)}]" for x, y in points.tolist()]
    if len(places) <= _IN_A_LINE:
        return f"[{', '.join(places)}]"
    lines = (", ".join(places[at : at + _IN_A_LINE]) for at in range(0, len(places), _IN_A_LINE))
    return "[\n" + "".join(f"  {line},\n" for line in lines) + "]"
