"""Name patterns: `*` stands for anything, `?` for one character; everything else, brackets too, for itself."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable, Iterator, Sequence


def is_pattern(text: str) -> bool:
    """True when the text holds a wildcard."""
    return "*" in text or "?" in text


def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern as an expression for `match`. Brackets are literal, since net names hold them: `io[3]`."""
    return re.compile(fnmatch.translate(pattern.replace("[", "[[]")))


def matches(patterns: Iterable[str], names: Sequence[str]) -> Iterator[tuple[str, list[int]]]:
    """For each pattern the indices of the (distinct) names that match, in order; plain names are looked up."""
    index = {name: number for number, name in enumerate(names)}
    for pattern in patterns:
        if is_pattern(pattern):
            match = compiled(pattern).match
            yield pattern, [number for number, name in enumerate(names) if match(name)]
        else:
            yield pattern, [index[pattern]] if pattern in index else []
