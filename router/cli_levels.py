"""`--level`: layers of another tool and the levels that they are."""

from __future__ import annotations

from router.model.errors import InputError
from router.read.tomlfile import quoted


def given_levels(texts: list[str]) -> dict[str, str]:
    """`SOURCE=LEVEL` of each text. Raises InputError for one that is not so, and for two levels of one layer."""
    levels: dict[str, str] = {}
    for text in texts:
        source, _, level = text.partition("=")
        if not source or not level:
            raise InputError("--level", quoted(text), "SOURCE=LEVEL")
        if levels.setdefault(source, level) != level:
            raise InputError(
                "--level", f"both {levels[source][:80]} and {level[:80]} for {quoted(source)}", "one level for a layer"
            )
    return levels
