"""Options that join a name of another tool to one of ours, as `--level SOURCE=LEVEL` does."""

from __future__ import annotations

from router.model.errors import InputError
from router.read.textfile import quoted


def given_levels(texts: list[str] | None) -> dict[str, str]:
    """`--level`: layers of another tool and the levels that they are."""
    return given_pairs("--level", "SOURCE=LEVEL", texts)


def given_pairs(option: str, form: str, texts: list[str] | None) -> dict[str, str]:
    """What each text of that form joins. Raises InputError for one that is not so, and for two that say one name."""
    pairs: dict[str, str] = {}
    for text in texts or []:
        name, _, value = text.rpartition("=")
        if not name or not value:
            raise InputError(option, quoted(text), form)
        if pairs.setdefault(name, value) != value:
            raise InputError(option, f"both {pairs[name][:80]} and {value[:80]} for {quoted(name)}", "one of them")
    return pairs
