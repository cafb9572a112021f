"""What somebody who wrote a wrong name may have meant."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable
from itertools import islice

_NAMES, _LETTERS = 5000, 80
# difflib's time for two names of equal letters grows with the square of their length and more.
_PAIRS = 500_000
# So many names are listed all; of more, some.
_FEW, _SOME = 20, 3
# A word that is less like any that is known, of 1, is no misspelling of it.
_ALIKE = 0.4


def nearest(text: str, names: Iterable[str]) -> str:
    """The name that is most like `text`, empty if there is none; among very many or long ones the first are looked at,
    so that this takes less than a second."""
    return next(iter(_nearest(text, names, 1)), "")


def among(text: str, names: Collection[str]) -> str:
    """All of a few names, and before them the one that `text` is much like, if there is one."""
    near = difflib.get_close_matches(text[:_LETTERS].lower(), names, n=1, cutoff=_ALIKE)
    return f"{f'{near[0]} perhaps, or ' if near else ''}one of {', '.join(names)}"


def one_of(text: str, names: Iterable[str]) -> str:
    """The names there are; of many those most like `text`, which are said to be no more than some."""
    known = list(dict.fromkeys(names))
    if len(known) > _FEW:
        return f"a name such as {_listed(_nearest(text, known, _SOME))}"
    return f"one of {_listed(known)}"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(name[:_LETTERS] for name in names)


def _nearest(text: str, names: Iterable[str], count: int) -> list[str]:
    known = {name[:_LETTERS]: name for name in islice(names, _NAMES)}
    longest = max((len(name) for name in known), default=1)
    looked_at = list(known)[: max(1, _PAIRS // max(longest, 1) ** 2)]
    return [known[name] for name in difflib.get_close_matches(text[:_LETTERS], looked_at, n=count, cutoff=0.0)]
