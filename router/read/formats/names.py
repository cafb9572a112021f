"""Names of other tools into names that a package file holds: printable ASCII without blanks, each one once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from itertools import islice

from router.read.fields import NAME_LIMIT

_SHOWN = 5
_LONGEST = 150
# A star and a question mark are wildcards in lists of nets; a '#' in front makes a comment of a row; a double quote
# at the beginning opens a quoted cell.
_FOREIGN = re.compile(r"[^!-~]|[*?\"]")

_FINE = re.compile(r"(?!#|-$)[!#-)+->@-~]{1,255}")


def some(names: Collection[str]) -> str:
    """A few of the names for a sentence, long ones cut short: `a, b and 3 more`."""
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(name[:_LONGEST] for name in islice(names, _SHOWN)) + more


class Names:
    """Names of one kind of thing (`net`, `component`, `pin`), mapped to ours; the same name always to the same.

    `dots` says whether they may hold dots: those of components may not, since a terminal is `component.pin`.
    """

    def __init__(self, kind: str, *, dots: bool = True) -> None:
        self._kind = kind
        self._dots = dots
        self._ours: dict[str, str] = {}
        self._taken: set[str] = set()
        self._numbers: Counter[str] = Counter()
        self._changed: list[tuple[str, str]] = []

    def of(self, name: str) -> str:
        """Our name for a name of the file. A name that no package file holds is changed, and kept apart from others."""
        found = self._ours.get(name)
        if found is None:
            found = self._ours[name] = self._unique(self._clean(name))
            if found != name:
                self._changed.append((name, found))
        return found

    def said(self) -> Iterator[str]:
        """One sentence about the names that were changed, if any were."""
        if self._changed:
            pairs = [f"{name[:60]!r} to {ours[:60]}" for name, ours in self._changed]
            yield f"{self._kind} names changed to ones that a package file holds: {some(pairs)}"

    def _clean(self, name: str) -> str:
        if _FINE.fullmatch(name) and (self._dots or "." not in name):
            return name
        clean = _FOREIGN.sub("_", name.strip())[:NAME_LIMIT]
        if not self._dots:
            clean = clean.replace(".", "_")
        if clean.startswith("#"):
            clean = f"_{clean[1:]}"
        return clean if clean not in ("", "-") else "_"

    def _unique(self, name: str) -> str:
        unique = name
        while unique in self._taken:
            self._numbers[name] += 1
            unique = f"{name[: NAME_LIMIT - 8]}_{self._numbers[name] + 1}"
        self._taken.add(unique)
        return unique
