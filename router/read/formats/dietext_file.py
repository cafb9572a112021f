"""One die text file: what its header says, and its pins.

Grammar: "Die Text File Format Specification" of Cadence's package designer (APD+ 17.4), as far as it is public: lines
`Key: value`, then a line that names the columns, then one line a pin; `#` starts a comment line; cells stand between
tabs, commas or blanks. Sections that may follow the pins (padstacks, shapes, a grid) are skipped, and named.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from router.model.errors import InputError
from router.model.geometry import Box
from router.model.units import LIMIT_UM, Unit, to_nm, unit_of
from router.read.numbers import number_of
from router.read.pins import NO_NET
from router.read.table import ROW_LIMIT, text_lines
from router.read.textfile import quoted, shown

# The columns that count, by the words of the line that names them.
_COLUMNS = {
    **dict.fromkeys(("pin number", "pin name", "pin"), "pin"),
    **dict.fromkeys(("padstack", "padstack name"), "padstack"),
    **dict.fromkeys(("x coord", "x coordinate", "x"), "x"),
    **dict.fromkeys(("y coord", "y coordinate", "y"), "y"),
    **dict.fromkeys(("rotation", "pin rotation"), "rotation"),
    **dict.fromkeys(("net name", "net"), "net"),
}
_TWO_WORDS = re.compile(r"\b(pin|net|swap|pad|x|y)\s+(number|name|use|code|stack|rotation|coord(?:inate)?)\b")
_MOST_COLUMNS = 100
_LONGEST_NUMBER = 40
_INFORMAL = ("file", "date", "name", "def design", "refdes", "dietype", "dieorient")
_NUMBER = r"([-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?)"
_POINT = re.compile(rf"\(\s*{_NUMBER}[\s,]+{_NUMBER}\s*\)", re.ASCII)
_EXTENTS = re.compile(rf"\(\s*{_POINT.pattern}[\s,]*{_POINT.pattern}\s*\)", re.ASCII)
_EXPECTED_PINS = "a line as Pin Number, Padstack, X Coord, Y Coord, Rotation, Pin Use, Net Name before the pins"


@dataclass(frozen=True, slots=True)
class TextPin:
    """A pin in its die's own coordinates, nm; texts are empty where the file has none."""

    line: int
    name: str
    padstack: str
    x: int
    y: int
    rotation: str
    net: str


@dataclass(slots=True)
class DieText:
    """A file. `texts` holds the header's words by key; `unit` is None where it names none."""

    path: Path
    texts: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    unit: Unit | None = None
    at: tuple[int, int] = (0, 0)
    rotation: int = 0
    extents: Box | None = None
    pins: list[TextPin] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)

    def where(self, line: int) -> str:
        """`file:line`, for messages."""
        return f"{shown(self.path)}:{line}"

    @property
    def name(self) -> str:
        """The reference, else the name, else that of the file."""
        return self.texts.get("refdes") or self.texts.get("name") or self.path.stem


def read_die_text(path: Path, unit: Unit | None) -> DieText:
    """The die of a file; `unit` counts where the file names none. Raises InputError for every fault."""
    die = DieText(path)
    rows = enumerate(text_lines(path), 1)
    table: _Columns | None = None
    for line, raw in rows:
        text = raw.strip().strip('"').strip()
        if not text or text.startswith("#"):
            continue
        if (table := _columns(die, raw, line)) is not None:
            break
        _header_line(die, text, line)
    if table is None:
        raise InputError(shown(path), "no line that names columns", _EXPECTED_PINS)
    _read_header(die, unit)
    scale = (die.unit or unit or Unit.UM).um
    after_blank = False
    for line, raw in rows:
        if raw.lstrip().startswith("#"):
            continue
        if raw.isspace() or not raw.strip(" \t\r\n,;"):
            after_blank = True
        elif after_blank and not table.is_pin(raw):
            die.skipped.append(f"what follows the pins from line {line} on: {raw.split()[0][:60]} …")
            break
        else:
            _add_pin(die, table, raw, line, scale)
            after_blank = False
    if not die.pins:
        raise InputError(shown(path), "no pin", "one pin a line below the names of the columns")
    return die


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where each part of a row stands; `delimiter` is None for blanks."""

    of: Mapping[str, int]
    count: int
    delimiter: str | None

    def cells(self, raw: str) -> list[str]:
        """The cells of a row without empty ones at its end."""
        cells = [cell.strip() for cell in raw.strip("\n\r").split(self.delimiter)]
        while cells and not cells[-1]:
            cells.pop()
        return cells

    def is_pin(self, raw: str) -> bool:
        """True where the places of a row are numbers."""
        cells = self.cells(raw)
        places = (self.of["x"], self.of["y"])
        return all(at < len(cells) and not math.isnan(number_of(cells[at])) for at in places)


def _columns(die: DieText, raw: str, line: int) -> _Columns | None:
    """The columns that a line names; None where it names none."""
    text = raw.strip().lower()
    delimiter = next((sign for sign in ("\t", ",", ";") if sign in text), None)
    words = text.split(delimiter) if delimiter else _TWO_WORDS.sub(r"\1_\2", text).split()
    names = [" ".join(word.replace("_", " ").split()) for word in words]
    of: dict[str, int] = {}
    for index, name in enumerate(names):
        if name in _COLUMNS:
            of.setdefault(_COLUMNS[name], index)
    if "x" not in of or "y" not in of:
        return None
    if len(names) > _MOST_COLUMNS:
        raise InputError(die.where(line), f"{len(names)} columns", f"at most {_MOST_COLUMNS}")
    unread = [name for index, name in enumerate(names) if name and index not in of.values()]
    if unread:
        die.skipped.append(f"columns {', '.join(unread)[:200]}")
    return _Columns(of, len(names), delimiter)


def _header_line(die: DieText, text: str, line: int) -> None:
    """Keep `Key: value`. Raises InputError for a key that stands twice, and for a line without one."""
    key, colon, value = text.partition(":")
    word = " ".join(key.lower().split())
    if not colon:
        raise InputError(die.where(line), quoted(text), f"Key: value, or {_EXPECTED_PINS}")
    if word in die.texts:
        raise InputError(die.where(line), f"{quoted(key)} twice", f"the one of line {die.lines[word]}")
    if len(die.texts) == _MOST_COLUMNS:
        raise InputError(die.where(line), f"more than {_MOST_COLUMNS} lines of a header", _EXPECTED_PINS)
    die.texts[word], die.lines[word] = value.strip(), line


def _read_header(die: DieText, unit: Unit | None) -> None:
    """Unit, place, turn and size from the header's words. Raises InputError for figures that make none."""
    if "units" in die.texts:
        die.unit = unit_of((die.texts["units"].replace(",", " ").split() or [""])[0])
        if die.unit is None:
            raise _fault(die, "units", "microns, mils, millimeters, … first")
    scale = (die.unit or unit or Unit.UM).um
    if "origin" in die.texts:
        (die.at,) = _points(die, "origin", _POINT, scale)
    if "extents" in die.texts:
        low, high = _points(die, "extents", _EXTENTS, scale)
        die.extents = Box(*low, *high)
        if die.extents.width <= 0 or die.extents.height <= 0:
            raise _fault(die, "extents", "((x0 y0) (x1 y1)) with x0 < x1 and y0 < y1")
    if "rotation" in die.texts:
        turn = number_of(die.texts["rotation"])
        if not abs(turn) <= 360 or turn % 90:
            raise _fault(die, "rotation", "a multiple of 90 degrees")
        die.rotation = int(turn) % 360
    others = [key for key in die.texts if key not in (*_INFORMAL, "units", "origin", "extents", "rotation")]
    if others:
        die.skipped.append(f"lines {', '.join(others)[:200]} of the header")


def _points(die: DieText, key: str, pattern: re.Pattern[str], scale: float) -> list[tuple[int, int]]:
    """The points of `(x y)` or `((x y) (x y))` in nm."""
    found = pattern.fullmatch(die.texts[key]) if len(die.texts[key]) <= 8 * _LONGEST_NUMBER else None
    values = [float(number) * scale for number in found.groups()] if found else []
    if not values or not all(abs(value) <= LIMIT_UM for value in values):
        raise _fault(die, key, "(x y)" if pattern is _POINT else "((x0 y0) (x1 y1))")
    return [(to_nm(x), to_nm(y)) for x, y in zip(values[::2], values[1::2], strict=True)]


def _fault(die: DieText, key: str, expected: str) -> InputError:
    return InputError(die.where(die.lines[key]), f"{key} {quoted(die.texts[key])}", expected)


def _add_pin(die: DieText, table: _Columns, raw: str, line: int, scale: float) -> None:
    cells, of = table.cells(raw), table.of
    # Blanks stand for no empty cell: a pin without a net is a cell short, where nets come last.
    fewest = table.count - (of.get("net") == table.count - 1) if table.delimiter is None else max(of["x"], of["y"]) + 1
    if not fewest <= len(cells) <= table.count:
        raise InputError(die.where(line), f"{len(cells)} cells", f"{table.count} as in the line of their names")
    if len(die.pins) == ROW_LIMIT:
        raise InputError(die.where(line), f"more than {ROW_LIMIT} pins", "a smaller die")
    texts = {part: cells[index] if index < len(cells) else "" for part, index in of.items()}
    x, y = (_length(die, texts[part], line, scale) for part in ("x", "y"))
    name = texts.get("pin") or str(len(die.pins) + 1)
    rotation, net = texts.get("rotation", ""), texts.get("net", "")
    die.pins.append(TextPin(line, name, texts.get("padstack", ""), x, y, rotation, "" if net in NO_NET else net))


def _length(die: DieText, text: str, line: int, scale: float) -> int:
    value = number_of(text) * scale
    if not abs(value) <= LIMIT_UM:
        raise InputError(die.where(line), quoted(text), f"a number up to {LIMIT_UM / scale:g}")
    return to_nm(value)
