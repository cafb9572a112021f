"""Words of LEF and DEF files, one pass, line by line.

Both are words parted by blanks; statements end with a `;` of its own; `#` at the beginning of a word starts a comment;
text in double quotes is one word (LEF/DEF 5.8 Language Reference, "General Rules").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn, TextIO

from router.model.errors import InputError
from router.model.geometry import Points
from router.model.units import to_nm
from router.read.formats.areas import is_simple
from router.read.numbers import count_of, number_of
from router.read.textfile import BYTE_LIMIT, check_readable, quoted, shown

# A net of a million pins has four words for each.
_STATEMENT_WORDS = 4_000_000
# Lines are read in pieces, so that a file of one line takes no more memory than others.
_LINE_PIECE = 65_536
_MOST_CORNERS = 10_000
_WORD = re.compile(r'"[^"]*"|\S+')


class Words:
    """The words of a file in turn, with the line they stand on."""

    def __init__(self, path: Path, file: TextIO) -> None:
        self._path = path
        self._file = file
        self._words: list[str] = []
        self._next = 0
        self._carried = ""
        self._ended_line = True
        self.line = 0

    def next(self) -> str | None:
        """The next word, None at the end of the file."""
        while self._next >= len(self._words):
            if not self._fill():
                return None
        self._next += 1
        return self._words[self._next - 1]

    def need(self, expected: str) -> str:
        """The next word. Raises InputError at the end of the file."""
        word = self.next()
        if word is None:
            self.fail("the end of the file", expected)
        return word

    def statement(self) -> list[str]:
        """All words up to the next `;`, which is taken too. Raises InputError where there is none."""
        words: list[str] = []
        start = self.line
        while True:
            try:
                end = self._words.index(";", self._next)
            except ValueError:
                words += self._words[self._next :]
                if len(words) > _STATEMENT_WORDS:
                    self.fail(f"a statement of more than {_STATEMENT_WORDS} words from line {start} on", "a ';'")
                if not self._fill():
                    self.fail(f"the end of the file in the statement of line {start}", "a ';' with blanks around it")
                continue
            words += self._words[self._next : end]
            self._next = end + 1
            return words

    def skip_block(self, name: str) -> None:
        """Take everything up to `END name`."""
        start, last = self.line, ""
        while (word := self.next()) is not None:
            if last == "END" and word == name:
                return
            last = word
        self.fail(f"the end of the file in {quoted(name)} of line {start}", f"END {name[:60]}")

    def end_of(self, name: str) -> None:
        """Take the name behind END. Raises InputError for another one."""
        word = self.need(f"END {name[:60]}")
        if word != name:
            self.fail(f"END {quoted(word)}", f"END {name[:60]}")

    def check_ring(self, ring: Points) -> None:
        """Raise InputError for a polygon (n, 2) that crosses itself, or has fewer than three or too many corners."""
        if not 3 <= len(ring) <= _MOST_CORNERS:
            self.fail(f"POLYGON with {len(ring)} corners", f"three at least, and at most {_MOST_CORNERS}")
        if not is_simple(ring):
            self.fail("a polygon that crosses itself", "one that does not")

    def fail(self, found: str, expected: str) -> NoReturn:
        """Raise InputError at the line that was read last."""
        raise InputError(f"{shown(self._path)}:{max(self.line, 1)}", found, expected)

    def length(self, word: str) -> int:
        """Micrometres as nanometres."""
        try:
            return to_nm(number_of(word))
        except ValueError:
            self.fail(quoted(word), "a length in µm")

    def size(self, word: str) -> int:
        """A width, height or spacing in micrometres as nanometres."""
        size = self.length(word)
        if size < 0:
            self.fail(quoted(word), "a length in µm, 0 at least")
        return size

    def count(self, word: str, most: int) -> int:
        """A whole number from 1 to `most`."""
        count = count_of(word, most)
        if not count:
            self.fail(quoted(word), f"a whole number from 1 to {most}")
        return count

    def _fill(self) -> bool:
        """Read the next line; False at the end of the file."""
        piece = self._file.readline(_LINE_PIECE)
        if self._ended_line:
            self.line += 1
        if not piece:
            self._words, self._next, self._carried = self._carried.split(), 0, ""
            return bool(self._words)
        text = self._carried + piece
        self._carried = ""
        self._ended_line = piece.endswith("\n")
        if not self._ended_line and len(piece) == _LINE_PIECE:
            cut = max(text.rfind(" "), text.rfind("\t"))
            if cut < 0 and len(text) > _LINE_PIECE:
                self.fail(f"a word of more than {_LINE_PIECE} characters", "LEF or DEF")
            text, self._carried = text[: cut + 1], text[cut + 1 :]
        self._words, self._next = _split(text), 0
        return True


def _split(line: str) -> list[str]:
    if "#" not in line and '"' not in line:
        return line.split()
    words = []
    for word in _WORD.findall(line):
        if word.startswith("#"):
            break
        words.append(word)
    return words


@contextmanager
def opened(path: Path) -> Iterator[Words]:
    """The words of a file. Raises InputError when it is missing, unreadable or too large.

    Bytes that are no UTF-8 stand in comments for the most part; elsewhere they become a sign that names do not hold.
    """
    check_readable(path, BYTE_LIMIT)
    with path.open(encoding="utf-8", errors="replace", newline="\n") as file:
        yield Words(path, file)
