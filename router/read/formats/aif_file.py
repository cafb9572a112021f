"""An AIF file as sections of keys and rows, with the line of each; numbers in the file's unit.

Grammar: Artwork Conversion Software's pages on AIF 2 and its extension to several dies. A `;` starts a comment;
sections begin with their name in brackets, hold `KEY=value` or rows of words, and are found in any order.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from router.model.errors import InputError
from router.model.units import LIMIT_UM, Unit, to_nm
from router.read.numbers import count_of, number_of
from router.read.table import text_lines
from router.read.textfile import quoted, shown

_ROW_LIMIT = 2_000_000
_MOST_COUNTED = 10_000
# Our own writer stands reserved characters of names as \\x and two digits.
_RESERVED = re.compile(r"\\x([0-9A-F]{2})")


@dataclass(frozen=True, slots=True)
class Entry:
    """`key` = `value` on a line; for a row of words `key` is empty and `value` the row."""

    line: int
    key: str
    value: str


@dataclass(slots=True)
class AifFile:
    """Sections by name in capitals. `unit` is what its numbers count in; `read` notes the keys that were asked for."""

    path: Path
    sections: dict[str, list[Entry]] = field(default_factory=dict)
    unit: Unit = Unit.UM
    read: dict[str, set[str]] = field(default_factory=dict)
    _shown: str = field(init=False)

    def __post_init__(self) -> None:
        self._shown = shown(self.path)

    def where(self, line: int) -> str:
        """`file:line`, for messages."""
        return f"{self._shown}:{line}"

    def find(self, section: str, key: str) -> Entry | None:
        """The last entry with this key in a section."""
        self.read.setdefault(section, set()).add(key)
        return next((e for e in reversed(self.sections.get(section, [])) if e.key.upper() == key), None)

    def text(self, section: str, key: str) -> str:
        """The value of a key; empty where it is missing."""
        entry = self.find(section, key)
        return entry.value if entry else ""

    def lengths(self, section: str, key: str, count: int) -> list[int] | None:
        """So many lengths in nm, between blanks or commas; None where the key is missing. Raises InputError."""
        entry = self.find(section, key)
        if entry is None:
            return None
        words = entry.value.replace(",", " ").split()
        if len(words) != count:
            raise InputError(self.where(entry.line), f"{key}={quoted(entry.value)}", f"{count} numbers")
        return [self.length(word, entry.line) for word in words]

    def counts(self, section: str, key: str) -> tuple[int, int] | None:
        """Two whole numbers from 0 to 10 000; None where the key is missing. Raises InputError."""
        entry = self.find(section, key)
        if entry is None:
            return None
        words = entry.value.replace(",", " ").split()
        counts = [count for word in words if (count := count_of(word, _MOST_COUNTED)) is not None]
        if len(words) != 2 or len(counts) != 2:
            expected = f"two whole numbers up to {_MOST_COUNTED}"
            raise InputError(self.where(entry.line), f"{key}={quoted(entry.value)}", expected)
        return counts[0], counts[1]

    def size(self, section: str) -> tuple[int, int] | None:
        """WIDTH and HEIGHT in nm; None unless both are there. Raises InputError for one that is not above 0."""
        width, height = self.lengths(section, "WIDTH", 1), self.lengths(section, "HEIGHT", 1)
        if width is None or height is None:
            return None
        if width[0] <= 0 or height[0] <= 0:
            entry = self.find(section, "WIDTH" if width[0] <= 0 else "HEIGHT")
            assert entry is not None
            raise InputError(self.where(entry.line), f"{entry.key}={quoted(entry.value)}", "a size above 0")
        return width[0], height[0]

    def length(self, word: str, line: int) -> int:
        """A number of the file's unit in nm. Raises InputError for a word that is none."""
        value = number_of(word) * self.unit.um
        if not abs(value) <= LIMIT_UM:
            raise InputError(self.where(line), quoted(word), f"a number up to {LIMIT_UM / self.unit.um:g}")
        return to_nm(value)

    def unread(self, section: str) -> list[str]:
        """Keys of a section that nobody asked for."""
        known = self.read.get(section, set())
        return list(dict.fromkeys(e.key for e in self.sections.get(section, []) if e.key.upper() not in known))


def read_aif_file(path: Path) -> AifFile:
    """The sections of a file. Raises InputError for text before the first one, and for what is no AIF 2."""
    file, section, count = AifFile(path), None, 0
    for line, raw in enumerate(text_lines(path), 1):
        text = raw.partition(";")[0].strip()
        if not text:
            continue
        count += 1
        if count > _ROW_LIMIT:
            raise InputError(file.where(line), f"more than {_ROW_LIMIT} lines", "a smaller file")
        if text.startswith("[") and text.endswith("]"):
            section = file.sections.setdefault(text[1:-1].strip().upper(), [])
        elif section is None:
            raise InputError(file.where(line), quoted(text), "a section as [DATABASE] first")
        else:
            key, equals, value = text.partition("=")
            section.append(Entry(line, key.strip() if equals else "", value.strip() if equals else text))
    if not file.sections:
        raise InputError(shown(path), "no section", "sections as [DATABASE], [DIE], [PADS] and [NETLIST]")
    return file


def name_of(text: str) -> str:
    """A name of the file, with reserved characters as our own writer stands them."""
    return _RESERVED.sub(lambda found: chr(int(found[1], 16)), text) if "\\" in text else text
