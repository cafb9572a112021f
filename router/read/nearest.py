"""What somebody who wrote a wrong name may have meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from itertools import islice

_NAMES, _LETTERS = 5000, 80
# difflib's time for two names of equal letters grows with the square of their length and more.
_PAIRS = 500_000


def nearest(text: str, names: Iterable[str]) -> str:
    """The name that is most like `text`, empty if there is none; among very many or long ones the first are looked at,
    so that this takes less than a second."""
    known = {name[:_LETTERS]: name for name in islice(names, _NAMES)}
    longest = max((len(name) for name in known), default=1)
    looked_at = list(known)[: max(1, _PAIRS // max(longest, 1) ** 2)]
    near = difflib.get_close_matches(text[:_LETTERS], looked_at, n=1, cutoff=0.0)
    return known[near[0]] if near else ""
