"""Specctra files (DSN, SES) as nested lists, in one pass without recursion.

Grammar: brackets, blanks, quotes as `(string_quote c)` names them, comments from `#` (SPECCTRA Design Language
Reference). Real files hold the quote bare in that one clause, join quoted pieces (`"U 1"-"2"`), and quote with `'`
without saying so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from router.model.errors import InputError
from router.model.geometry import Points
from router.model.units import Unit, to_nm
from router.read.numbers import number_of
from router.read.textfile import BYTE_LIMIT, quoted, read_text, shown

_TOKEN_LIMIT = 12_000_000
_ENTRY_LIMIT = 2_500_000
_DEPTH_LIMIT = 100
_SHORT = 6
_ALIASES = {"circ": "circle", "poly": "polygon", "clear": "clearance"}
_QUOTE_CLAUSE = re.compile(r"\(\s*string_quote\s+(\S)\s*\)", re.IGNORECASE)


class Entry(list["str | Entry"]):
    """`(word …)`: words and entries in order.

    `at` is where it begins in the text, `word` its first word in lower case, empty where there is none.
    """

    __slots__ = ("at", "word")

    at: int
    word: str

    def entries(self, *words: str) -> Iterator[Entry]:
        """The entries in it, those that begin with one of these words where any are given."""
        return (part for part in self if isinstance(part, Entry) and (not words or part.word in words))


@dataclass(frozen=True, slots=True)
class Specctra:
    """A file's one outermost entry, with the means to say where something stands in it."""

    name: str
    text: str
    root: Entry

    def where(self, entry: Entry) -> str:
        return f"{self.name}:{_line(self.text, entry.at)}"

    def fault(self, entry: Entry, found: str, expected: str) -> InputError:
        return InputError(self.where(entry), found, expected)

    def text_at(self, entry: Entry, index: int, what: str) -> str:
        """The word at `index`. Raises InputError where there is none."""
        if index < len(entry):
            word = entry[index]
            if isinstance(word, str):
                return word
        raise self.fault(entry, f"({entry.word} …) without {what}", what)

    def texts(self, entry: Entry, start: int = 1) -> list[str]:
        """All words from `start` on, without the entries between them."""
        return [part for part in entry[start:] if isinstance(part, str)]


@dataclass(frozen=True, slots=True)
class Scope:
    """A part of the file in which lengths count in one unit of `um` µm. `fixed`: whatever units its parts name."""

    file: Specctra
    um: float
    fixed: bool = False

    def within(self, entry: Entry) -> Scope:
        """The scope of an entry, which may name a unit of its own; `unit` goes before `resolution`."""
        for word in ("unit", "resolution") if not self.fixed else ():
            for named in entry.entries(word):
                return Scope(self.file, unit_of(self.file, named).um)
        return self

    def length(self, entry: Entry, index: int, what: str) -> int:
        """The length at `index` in nm. Raises InputError for what is none."""
        return self._nm(entry, self.file.text_at(entry, index, what), what)

    def place(self, entry: Entry, x: str, y: str) -> tuple[int, int]:
        """Two words of an entry as a place in nm."""
        return self._nm(entry, x, "x"), self._nm(entry, y, "y")

    def points(self, entry: Entry, start: int, least: int = 1) -> Points:
        """The words from `start` on as places (n, 2) in nm. Raises InputError for an odd number of them, or too few."""
        words = self.file.texts(entry, start)
        if len(words) % 2 or len(words) < 2 * least:
            found = f"({entry.word} …) with {len(words)} coordinates"
            raise self.file.fault(entry, found, f"pairs of x and y, {least} at least")
        return np.array([self._nm(entry, word, "a coordinate") for word in words], dtype=np.int64).reshape(-1, 2)

    def _nm(self, entry: Entry, word: str, what: str) -> int:
        try:
            return to_nm(number_of(word) * self.um)
        except ValueError:
            raise self.file.fault(entry, quoted(word), f"{what}: a number, up to one metre") from None


def read_specctra(path: Path) -> Specctra:
    """The file as nested entries. Raises InputError for brackets or quotes that do not match, and what is too large."""
    return parse(read_text(path, BYTE_LIMIT), shown(path))


def parse(text: str, name: str) -> Specctra:
    """The same from a text; `name` is for messages."""
    clause = _QUOTE_CLAUSE.search(text)
    if clause:
        text = text[: clause.start()] + " " * (clause.end() - clause.start()) + text[clause.end() :]
    quotes = clause[1] if clause else "\"'"
    if text.count("(") > _ENTRY_LIMIT:
        raise InputError(name, f"more than {_ENTRY_LIMIT} brackets", "a smaller file")
    top = Entry()
    short: dict[str, str] = {}
    words: dict[str, str] = {}
    stack, count = [top], 0
    for match in _tokens(quotes).finditer(text):
        kind, token = match.lastgroup, match[0]
        count += 1
        if kind == "plain":
            # Short words come again and again: each is kept once.
            stack[-1].append(short.setdefault(token, token) if len(token) < _SHORT else token)
        elif token == "(":
            entry = Entry()
            entry.at = match.start()
            stack[-1].append(entry)
            stack.append(entry)
            if len(stack) > _DEPTH_LIMIT or count > _TOKEN_LIMIT:
                break
        elif token == ")":
            done = stack.pop()
            if done is top:
                raise InputError(_at(name, text, match.start()), "a bracket that closes what was never opened", "'('")
            word = done[0] if done and isinstance(done[0], str) else ""
            done.word = words.get(word) or words.setdefault(word, _ALIASES.get(word.lower(), word.lower()))
        elif kind == "stray":
            raise InputError(_at(name, text, match.start()), "a quote that is not closed on its line", "a quote")
        elif kind == "quoted":
            # Where no quote begins the word, one ends it.
            stack[-1].append(token.replace(token[0] if token[0] in quotes else token[-1], ""))
        if count > _TOKEN_LIMIT:
            break
    return Specctra(name, text, _only(top, stack, count, name, text))


def _only(top: Entry, stack: list[Entry], count: int, name: str, text: str) -> Entry:
    """The one entry of a text that was read to its end. Raises InputError for all that can be wrong with the whole."""
    if count > _TOKEN_LIMIT:
        raise InputError(name, f"more than {_TOKEN_LIMIT} words", "a smaller file")
    if len(stack) > _DEPTH_LIMIT:
        raise InputError(_at(name, text, stack[-1].at), f"{_DEPTH_LIMIT} open brackets", "brackets that close")
    if len(stack) > 1:
        raise InputError(_at(name, text, stack[-1].at), "a bracket that is never closed", "')'")
    if len(top) == 1 and isinstance(top[0], Entry):
        return top[0]
    raise InputError(name, f"{len(top)} words outside brackets" if top else "no brackets", "one (pcb …) or (session …)")


def unit_of(file: Specctra, entry: Entry) -> Unit:
    """Of `(unit mm)` or `(resolution um 10)`. Raises InputError for units that Specctra does not know."""
    word = file.text_at(entry, 1, "a unit").lower()
    if word not in _UNITS:
        raise file.fault(entry, f"the unit {quoted(word)}", f"one of {', '.join(_UNITS)}")
    return Unit(word)


_UNITS = tuple(unit.value for unit in Unit if unit is not Unit.NM)


def _tokens(quotes: str) -> re.Pattern[str]:
    """A pattern for brackets, comments and words; a quote counts at the beginning of a word and after a hyphen."""
    none = "".join(re.escape(quote) for quote in quotes)
    piece = "|".join(f"{q}[^{q}\\n]*{q}" for q in map(re.escape, quotes))
    return re.compile(
        rf"[()]|(?P<comment>^[ \t]*\#[^\n]*|\#(?=[ \t])[^\n]*)"
        rf"|(?P<quoted>(?:{piece})(?:-?(?:{piece}|[^\s(){none}]+))*|[^\s(){none}]+-(?:{piece}))"
        rf"|(?P<plain>[^\s(){none}][^\s()]*)|(?P<stray>[{none}])",
        re.MULTILINE,
    )


def _at(name: str, text: str, position: int) -> str:
    return f"{name}:{_line(text, position)}"


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1
