"""DEF: placed cells, pins, nets and their wires on the layers that are asked for.

Grammar: LEF/DEF 5.8 Language Reference, "DEF Syntax". Lengths become nanometres while they are read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from router.model.geometry import Box, Placement, Points
from router.model.units import LIMIT_UM, NM_PER_UM
from router.read.formats.lefdef_lef import LefMacro, LefShape
from router.read.formats.lefdef_tokens import Words, opened
from router.read.textfile import quoted

ITEM_LIMIT = 1_000_000
_LIMIT_NM = int(LIMIT_UM) * NM_PER_UM
_MOST_UNITS = 1_000_000

# How each orientation of DEF turns what is about the origin.
ORIENTATIONS: Mapping[str, Placement] = {
    "N": Placement(),
    "W": Placement(rotation=90),
    "S": Placement(rotation=180),
    "E": Placement(rotation=270),
    "FN": Placement(mirrored=True),
    "FW": Placement(rotation=270, mirrored=True),
    "FS": Placement(rotation=180, mirrored=True),
    "FE": Placement(rotation=90, mirrored=True),
}


@dataclass(frozen=True, slots=True)
class DefCell:
    """A placed cell: (x, y) is the lower left corner of its outline as it lies, nm."""

    name: str
    macro: str
    x: int
    y: int
    orientation: str


@dataclass(frozen=True, slots=True)
class DefPin:
    """A shape of a pin of the whole design where it lies: its box, and its ring where it is none."""

    name: str
    net: str
    layer: str
    box: Box
    ring: Points | None = None


@dataclass(frozen=True, slots=True)
class DefWire:
    """A wire of a net: `points` (n, 2) with what it reaches beyond its ends already added."""

    net: str
    layer: str
    width: int
    points: Points


@dataclass(frozen=True, slots=True)
class DefVia:
    """A via of a wire, by its name: what it looks like is not asked for, as it is that of another process."""

    net: str
    name: str
    x: int
    y: int


@dataclass(slots=True)
class Def:
    """`ends` of nets are (cell, pin), `*` standing for every cell with such a pin. `passed` counts what was left out,
    by what it is."""

    name: str = ""
    units: int = 0
    area: Points | None = None
    cells: dict[str, DefCell] = field(default_factory=dict)
    pins: list[DefPin] = field(default_factory=list)
    ends: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    wires: list[DefWire] = field(default_factory=list)
    metal: list[tuple[str, LefShape]] = field(default_factory=list)
    vias: list[DefVia] = field(default_factory=list)
    blocked: list[LefShape] = field(default_factory=list)
    passed: Counter[str] = field(default_factory=Counter)


class Section:
    """What the statements of a DEF file are read with: its words, its units, and what is wanted of it."""

    def __init__(self, words: Words, macros: Mapping[str, LefMacro], layers: Mapping[str, int]) -> None:
        self.words = words
        self.macros = macros
        self.layers = layers
        self.units = 0
        self._most = -1

    def set_units(self, units: int) -> None:
        """From here on a micrometre counts so many."""
        self.units, self._most = units, _LIMIT_NM * units // NM_PER_UM

    def nm(self, word: str) -> int:
        """Database units as nanometres, halves away from zero."""
        try:
            value = None if "_" in word else int(word)
        except ValueError:
            value = None
        if value is None:
            self.words.fail(quoted(word), "a whole number of database units")
        if not -self._most <= value <= self._most:
            known = f"a length up to {LIMIT_UM:g} µm" if self.units else "UNITS DISTANCE MICRONS before it"
            self.words.fail(quoted(word), known)
        if self.units == NM_PER_UM:
            return value
        size = (2 * abs(value) * NM_PER_UM + self.units) // (2 * self.units)
        return size if value >= 0 else -size

    def point(self, words: list[str], at: int) -> tuple[int, int]:
        """The point `( x y )` at this place of a statement."""
        if len(words) < at + 4 or words[at] != "(" or words[at + 3] != ")":
            self.words.fail(quoted(" ".join(words[at : at + 4])), "( x y )")
        return self.nm(words[at + 1]), self.nm(words[at + 2])

    def points(self, words: list[str], at: int) -> tuple[Points, int]:
        """All points from this place on, and the place behind them."""
        found = []
        while words[at : at + 1] == ["("]:
            found.append(self.point(words, at))
            at += 4
        return np.array(found, dtype=np.int64).reshape(-1, 2), at

    def box(self, words: list[str], at: int) -> tuple[Box, int]:
        """The rectangle of the two points at this place, and the place behind it."""
        return Box.around(np.array([self.point(words, at), self.point(words, at + 4)], dtype=np.int64)), at + 8

    def ring(self, words: list[str], at: int, key: str) -> tuple[Points, int]:
        """The ring of a RECT or a POLYGON, and the place behind it."""
        if key == "RECT":
            box, at = self.box(words, at)
            return box.ring(), at
        points, at = self.points(words, at)
        self.words.check_ring(points)
        return points, at

    def orientation(self, words: list[str], at: int) -> str:
        word = words[at] if at < len(words) else "nothing"
        if word not in ORIENTATIONS:
            self.words.fail(quoted(word), f"one of {' '.join(ORIENTATIONS)}")
        return word


Reader = Callable[[Section, Def, list[str]], None]


def read_def(
    path: Path, macros: Mapping[str, LefMacro], layers: Mapping[str, int], sections: Mapping[str, Reader]
) -> Def:
    """Cells whose macro is among `macros`, and everything that lies on `layers` (name → usual width in nm). `sections`
    reads each kind of item.

    Raises InputError with file and line.
    """
    found = Def()
    with opened(path) as words:
        section = Section(words, macros, layers)
        while (word := words.next()) is not None:
            if word == "END":
                if words.need("DESIGN") == "DESIGN":
                    break
            elif word == "DESIGN":
                found.name = (words.statement() or [""])[0]
            elif word == "UNITS":
                _units(section, words.statement())
                found.units = section.units
            elif word == "DIEAREA":
                found.area = _area(section, words.statement())
            elif word == "BEGINEXT":
                while words.need("ENDEXT") != "ENDEXT":
                    pass
            elif word == "PROPERTYDEFINITIONS":
                words.skip_block(word)
            elif word in _SECTIONS:
                words.statement()
                _items(section, found, word, sections.get(word))
            else:
                words.statement()
    return found


_SECTIONS = {
    *("VIAS", "STYLES", "NONDEFAULTRULES", "REGIONS", "COMPONENTS", "PINS", "PINPROPERTIES", "BLOCKAGES", "SLOTS"),
    *("FILLS", "SPECIALNETS", "NETS", "SCANCHAINS", "GROUPS"),
}


def _items(section: Section, found: Def, name: str, reader: Reader | None) -> None:
    """The statements of a section, each one beginning with `-`."""
    words, count = section.words, 0
    while (word := words.need(f"END {name}")) != "END":
        if word != "-":
            words.fail(quoted(word), f"'-' before each item of {name}, or END {name}")
        count += 1
        if count > ITEM_LIMIT:
            words.fail(f"more than {ITEM_LIMIT} items in {name}", "fewer")
        statement = words.statement()
        if reader is not None:
            reader(section, found, statement)
    words.end_of(name)


def _units(section: Section, statement: list[str]) -> None:
    if statement[:2] != ["DISTANCE", "MICRONS"] or len(statement) != 3:
        section.words.fail(f"UNITS {quoted(' '.join(statement))}", "UNITS DISTANCE MICRONS number ;")
    section.set_units(section.words.count(statement[2], _MOST_UNITS))


def _area(section: Section, statement: list[str]) -> Points:
    points, _ = section.points(statement, 0)
    if len(points) < 2:
        section.words.fail(f"DIEAREA with {len(points)} points", "two corners, or three and more of a polygon")
    if len(points) == 2:
        return Box.around(points).ring()
    section.words.check_ring(points)
    return points
