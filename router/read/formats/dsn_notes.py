"""What a reader of Specctra files had to assume and could not carry, gathered while it goes."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from router.read.formats.dsn_tokens import Entry, Specctra
from router.read.formats.names import some


class Notes:
    """Sentences about assumptions and losses; entries that are passed over are counted by their word."""

    def __init__(self, file: Specctra) -> None:
        self._file = file
        self._guesses: dict[str, None] = {}
        self._lost: dict[str, None] = {}
        self._skipped: dict[str, list[Entry]] = {}
        self._named: dict[str, dict[str, None]] = {}

    def guess(self, sentence: str) -> None:
        self._guesses[sentence] = None

    def lose(self, what: str, name: str) -> None:
        """Say `what` once for all the names it is said of."""
        self._named.setdefault(what, {})[name] = None

    def skip(self, within: str, entries: Iterable[Entry], known: Collection[str]) -> None:
        """Count the entries whose word is not among those that are read, or that no package needs."""
        for entry in entries:
            if entry.word not in known:
                self._skipped.setdefault(f"({entry.word} …) in {within}", []).append(entry)

    @property
    def guesses(self) -> tuple[str, ...]:
        return tuple(self._guesses)

    @property
    def lost(self) -> tuple[str, ...]:
        named = (f"{what}: {some(names)}" for what, names in self._named.items())
        skipped = (
            f"{what}: {len(entries)} of them, the first one at {self._file.where(entries[0])}"
            for what, entries in self._skipped.items()
        )
        return (*self._lost, *named, *skipped)
