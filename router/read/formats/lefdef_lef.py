"""LEF: layers, vias and cells of a chip's library, as far as redistribution needs them.

Grammar: LEF/DEF 5.8 Language Reference, "LEF Syntax". Statements that say nothing about the shape of pins and
obstructions are passed over.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from router.model.geometry import Box, Points
from router.model.units import array_to_nm
from router.read.formats.lefdef_tokens import Words, opened
from router.read.numbers import number_of
from router.read.textfile import quoted

_MOST_REPEATS = 100_000
_MOST_SHAPES = 1_000_000
_BLOCKS = {"UNITS", "PROPERTYDEFINITIONS", "SPACING", "NOISETABLE", "CORRECTIONTABLE", "IRDROP"}
_NAMED_BLOCKS = {"SITE", "VIARULE", "NONDEFAULTRULE", "ARRAY"}
_VIA_MARKS = {"DEFAULT", "GENERATED", "TOPOFSTACKONLY"}


@dataclass(frozen=True, slots=True)
class LefShape:
    """Metal or obstruction on a layer: ring (n, 2) in nm, in its cell's own coordinates."""

    layer: str
    ring: Points


@dataclass(slots=True)
class LefLayer:
    """`kind` as in the file (ROUTING, CUT, …); least width and spacing in nm, 0 where the file gives none."""

    name: str
    kind: str = ""
    width: int = 0
    spacing: int = 0


@dataclass(slots=True)
class LefPin:
    """`ports`: shapes that belong together; several ports are joined inside the cell, and any will do. `core`: those
    that are for the chip's core (CLASS CORE), not for redistribution."""

    name: str
    ports: list[list[LefShape]] = field(default_factory=list)
    core: list[LefShape] = field(default_factory=list)


@dataclass(slots=True)
class LefMacro:
    """A cell. `origin` is what the file says: where the cell's (0, 0) lies, seen from its lower left corner, nm."""

    name: str
    kind: str = ""
    origin: tuple[int, int] = (0, 0)
    size: tuple[int, int] = (0, 0)
    pins: dict[str, LefPin] = field(default_factory=dict)
    blocked: list[LefShape] = field(default_factory=list)

    @property
    def is_bump(self) -> bool:
        return self.kind == "COVER BUMP"

    @property
    def box(self) -> Box:
        """Its outline in its own coordinates."""
        (x, y), (width, height) = self.origin, self.size
        return Box(-x, -y, width - x, height - y)


@dataclass(slots=True)
class Lef:
    """All LEF files together. `layers` from the chip upwards."""

    layers: dict[str, LefLayer] = field(default_factory=dict)
    vias: dict[str, list[LefShape]] = field(default_factory=dict)
    macros: dict[str, LefMacro] = field(default_factory=dict)
    shapes: int = 0


def read_lef(path: Path, into: Lef) -> None:
    """Add a file to what is known. Raises InputError with file and line."""
    with opened(path) as words:
        while (word := words.next()) is not None:
            if word == "END":
                if words.need("LIBRARY, or the name of a block") == "LIBRARY":
                    return
            elif word == "LAYER":
                _layer(words, into)
            elif word == "MACRO":
                _macro(words, into)
            elif word == "VIA":
                _via(words, into)
            elif word in _NAMED_BLOCKS:
                words.skip_block(words.need(f"the name of a {word}"))
            elif word in _BLOCKS:
                words.skip_block(word)
            elif word == "BEGINEXT":
                while words.need("ENDEXT") != "ENDEXT":
                    pass
            else:
                words.statement()


def _layer(words: Words, into: Lef) -> None:
    layer = LefLayer(words.need("the name of a layer"))
    for key, rest in _statements(words, layer.name):
        if key == "TYPE":
            layer.kind = rest[0] if rest else ""
        elif key in ("WIDTH", "MINWIDTH") and rest:
            width = words.size(rest[0])
            layer.width = min(layer.width, width) if layer.width else width
        elif key == "SPACING" and rest:
            layer.spacing = _least(layer.spacing, words.size(rest[0]))
        elif key == "SPACINGTABLE" and "WIDTH" in rest and rest[:1] == ["PARALLELRUNLENGTH"]:
            # Rows after WIDTH w hold a spacing for each run length; the first one is the least of all.
            first = rest[rest.index("WIDTH") + 2 :][:1]
            layer.spacing = _least(layer.spacing, words.size(first[0]) if first else 0)
    into.layers.setdefault(layer.name, layer)


def _least(known: int, value: int) -> int:
    return min(known, value) if known and value else known or value


def _statements(words: Words, name: str) -> Iterator[tuple[str, list[str]]]:
    """Key and words of each statement up to `END name`."""
    while True:
        key = words.need(f"END {name[:60]}")
        if key == "END":
            words.end_of(name)
            return
        yield key, words.statement()


def _via(words: Words, into: Lef) -> None:
    name = words.need("the name of a via")
    shapes: list[LefShape] = []
    layer = ""
    while (key := words.need(f"END {name[:60]}")) != "END":
        if key in _VIA_MARKS:
            continue
        rest = words.statement()
        if key == "LAYER":
            layer = _layer_name(words, rest)
        else:
            shapes += _shapes(words, into, layer, key, rest, 0)
    words.end_of(name)
    into.vias.setdefault(name, shapes)


def _macro(words: Words, into: Lef) -> None:
    macro = LefMacro(words.need("the name of a cell"))
    while (key := words.need(f"END {macro.name[:60]}")) != "END":
        if key == "PIN":
            pin = _pin(words, into)
            macro.pins[pin.name] = pin
        elif key == "OBS":
            macro.blocked += _geometries(words, into)[1]
        elif key == "DENSITY":
            while words.need("END") != "END":
                pass
        else:
            rest = words.statement()
            if key == "CLASS":
                macro.kind = " ".join(rest)
            elif key == "ORIGIN":
                macro.origin = _pair(words, rest)
            elif key == "SIZE":
                if len(rest) != 3 or rest[1] != "BY":
                    words.fail(f"SIZE {quoted(' '.join(rest))}", "SIZE width BY height ;")
                macro.size = (words.size(rest[0]), words.size(rest[2]))
    words.end_of(macro.name)
    into.macros.setdefault(macro.name, macro)


def _pin(words: Words, into: Lef) -> LefPin:
    pin = LefPin(words.need("the name of a pin"))
    while (key := words.need(f"END {pin.name[:60]}")) != "END":
        if key == "PORT":
            kind, shapes = _geometries(words, into)
            if kind == "CORE":
                pin.core += shapes
            else:
                pin.ports.append(shapes)
        else:
            words.statement()
    words.end_of(pin.name)
    return pin


def _geometries(words: Words, into: Lef) -> tuple[str, list[LefShape]]:
    """The CLASS and the shapes of a PORT or OBS up to its END."""
    shapes: list[LefShape] = []
    kind, layer, width = "", "", 0
    while (key := words.need("END")) != "END":
        rest = words.statement()
        if key == "LAYER":
            layer = _layer_name(words, rest)
            known = into.layers.get(layer)
            width = known.width if known else 0
        elif key == "WIDTH":
            width = words.size(rest[0]) if rest else 0
        elif key == "CLASS":
            kind = " ".join(rest)
        elif key == "VIA":
            shapes += _placed_via(words, into, rest)
        else:
            shapes += _shapes(words, into, layer, key, rest, width)
    return kind, shapes


def _layer_name(words: Words, rest: list[str]) -> str:
    if not rest:
        words.fail("LAYER ;", "the name of a layer")
    return rest[0]


def _shapes(words: Words, into: Lef, layer: str, key: str, rest: list[str], width: int) -> list[LefShape]:
    """The shapes of one RECT, POLYGON or PATH statement; none for others, which say nothing about shape."""
    if key not in ("RECT", "POLYGON", "PATH"):
        return []
    if not layer:
        words.fail(key, "a LAYER before the first shape")
    if rest[:1] == ["MASK"]:
        rest = rest[2:]
    steps = np.zeros((1, 2), dtype=np.int64)
    if rest[:1] == ["ITERATE"]:
        rest, steps = _repeats(words, rest[1:])
    points = _points(words, rest)
    rings = _rings(words, key, points, width)
    into.shapes += len(rings) * len(steps)
    if into.shapes > _MOST_SHAPES:
        words.fail(f"more than {_MOST_SHAPES} shapes", "fewer")
    return [LefShape(layer, ring + step) for step in steps for ring in rings]


def _rings(words: Words, key: str, points: Points, width: int) -> list[Points]:
    if key == "RECT":
        if len(points) != 2:
            words.fail(f"RECT with {2 * len(points)} numbers", "RECT x y x y ;")
        return [Box.around(points).ring()]
    if key == "POLYGON":
        words.check_ring(points)
        return [points]
    # Runs of a path reach half a width beyond their ends.
    if len(points) == 1:
        points = np.repeat(points, 2, axis=0)
    return [Box.around(points[at : at + 2]).grown(width // 2).ring() for at in range(len(points) - 1)]


def _repeats(words: Words, rest: list[str]) -> tuple[list[str], Points]:
    """What is repeated, and by how much: `… DO n BY m STEP dx dy`."""
    if rest[-7:-6] != ["DO"] or rest[-5] != "BY" or rest[-3] != "STEP":
        words.fail("ITERATE without steps", "DO columns BY rows STEP dx dy ;")
    columns, rows = (words.count(word, _MOST_REPEATS) for word in (rest[-6], rest[-4]))
    if columns * rows > _MOST_REPEATS:
        words.fail(f"{columns} × {rows} repeats", f"at most {_MOST_REPEATS}")
    dx, dy = (words.length(word) for word in rest[-2:])
    grid = np.stack(np.meshgrid(np.arange(columns) * dx, np.arange(rows) * dy), axis=-1)
    return rest[:-7], grid.reshape(-1, 2).astype(np.int64)


def _points(words: Words, rest: list[str]) -> Points:
    """Numbers as points (n, 2); LEF allows parentheses round each."""
    numbers = [word for word in rest if word not in ("(", ")")]
    if len(numbers) % 2 or not numbers:
        words.fail(f"{len(numbers)} numbers", "x y for each point")
    try:
        return array_to_nm([number_of(word) for word in numbers]).reshape(-1, 2)
    except ValueError:
        return np.array([words.length(word) for word in numbers], dtype=np.int64).reshape(-1, 2)


def _pair(words: Words, rest: list[str]) -> tuple[int, int]:
    points = _points(words, rest)
    if len(points) != 1:
        words.fail(f"{2 * len(points)} numbers", "x y")
    return int(points[0, 0]), int(points[0, 1])


def _placed_via(words: Words, into: Lef, rest: list[str]) -> list[LefShape]:
    """`VIA x y name`: the shapes of a via that is part of a pin."""
    if rest[:1] == ["MASK"]:
        rest = rest[2:]
    if rest[:1] == ["ITERATE"]:
        return []
    shapes = into.vias.get(rest[-1] if rest else "", [])
    place = _points(words, rest[:-1])[0]
    return [LefShape(shape.layer, shape.ring + place) for shape in shapes]
