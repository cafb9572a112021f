"""Name patterns: `*` stands for anything, `?` for one character; everything else, brackets too, for itself."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def is_pattern(text: str) -> bool:
    """True when the text holds a wildcard."""
    return "*" in text or "?" in text


def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern as an expression for `match`. Brackets are literal, since net names hold them: `io[3]`."""
    return re.compile(fnmatch.translate(pattern.replace("[", "[[]")))


def matching(pattern: str, names: Sequence[str]) -> NDArray[np.int64]:
    """Indices of the names that match, in order."""
    if not is_pattern(pattern):
        return np.array([index for index, name in enumerate(names) if name == pattern], dtype=np.int64)
    match = compiled(pattern).match
    return np.array([index for index, name in enumerate(names) if match(name)], dtype=np.int64)
