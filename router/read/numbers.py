"""Numbers as files write them: Python itself takes more for a number, such as `1_000` and digits of other scripts."""

from __future__ import annotations

import math


def number_of(text: str) -> float:
    """The number that a word of a file is, which may be infinite; NaN for any other word."""
    try:
        return float(text) if text.isascii() and "_" not in text else math.nan
    except ValueError:
        return math.nan


def count_of(text: str, most: int) -> int | None:
    """A whole number from 0 to `most` in plain digits; None for any other word."""
    digits = text.lstrip("0")
    # Python makes no number of very many digits.
    if not (text.isascii() and text.isdigit() and len(digits) <= len(str(most))):
        return None
    count = int(digits or 0)
    return count if count <= most else None
