"""Sentences for people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def first_of_each(kinds: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """The first sentence of each kind, and how many more there are of it; nothing of a kind without any."""
    return tuple(one[0] + (f"; {len(one) - 1} more like it" if one[1:] else "") for one in kinds if one)
