"""The section [PADS] of an AIF file: shapes of die pads and balls by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import shapely

from router.model.errors import InputError
from router.model.geometry import Points
from router.model.pdk import ShapeKind
from router.read.formats.aif_file import AifFile, Entry, name_of
from router.read.formats.areas import nearest_shape
from router.read.nearest import nearest
from router.read.numbers import count_of
from router.read.textfile import quoted

# Words for a shape: what it is, and how many numbers it takes at least and at most (a fillet may follow).
_WORDS = {
    **dict.fromkeys(("SQUARE", "SQ"), (ShapeKind.RECT, 1, 2)),
    **dict.fromkeys(("RECTANGLE", "RECT"), (ShapeKind.RECT, 2, 3)),
    **dict.fromkeys(("CIRCLE", "ROUND"), (ShapeKind.CIRCLE, 1, 1)),
    **dict.fromkeys(("OBLONG", "OBROUND"), (ShapeKind.OBLONG, 2, 2)),
}
_POLYGONS = ("POLYGON", "POLY")
_POINTS = 10_000


@dataclass(frozen=True, slots=True)
class AifPad:
    """A shape in nm; `centre` is the middle of its box from the place of its pin; `ring` (n, 2) of a polygon
    that is none of our shapes."""

    shape: ShapeKind
    width: int
    height: int
    centre: tuple[int, int] = (0, 0)
    ring: Points | None = None


def read_pads(file: AifFile, lost: list[str]) -> dict[str, AifPad]:
    """Pads by name. Raises InputError for a shape that is none."""
    pads: dict[str, AifPad] = {}
    for entry in _whole_entries(file):
        if name_of(entry.key) in pads:
            raise InputError(file.where(entry.line), f"the pad {quoted(entry.key)} twice", "names that occur once")
        pads[name_of(entry.key)] = read_shape(file, entry, lost)
    return pads


def _whole_entries(file: AifFile) -> list[Entry]:
    """Entries with the lines that go on with their numbers."""
    entries: list[Entry] = []
    parts: list[list[str]] = []
    for entry in file.sections.get("PADS", []):
        if entry.key:
            entries.append(entry)
            parts.append([entry.value])
        elif entries:
            parts[-1].append(entry.value)
        else:
            raise InputError(file.where(entry.line), quoted(entry.value), "a pad as DP100=SQUARE 100")
    return [Entry(e.line, e.key, " ".join(values)) for e, values in zip(entries, parts, strict=True)]


def read_shape(file: AifFile, entry: Entry, lost: list[str]) -> AifPad:
    """`CIRCLE 750` and the like. Raises InputError for another word, and for numbers that make no shape."""
    words = entry.value.replace(",", " ").split()
    where, word = file.where(entry.line), words[0].upper() if words else ""
    numbers = words[1:]
    if word in _POLYGONS:
        return _polygon(file, entry, word, numbers, lost)
    if word not in _WORDS:
        raise InputError(where, f"the shape {quoted(entry.value)}", f"one of {', '.join((*_WORDS, *_POLYGONS))}")
    shape, least, most = _WORDS[word]
    if not least <= len(numbers) <= most:
        raise InputError(where, f"{len(numbers)} numbers for {word}", f"{least} of them")
    sides = [file.length(number, entry.line) for number in numbers]
    if min(sides[:least]) <= 0:
        raise InputError(where, f"the size {quoted(entry.value)}", "sizes above 0")
    if sides[least:] and sides[least]:
        lost.append(f"fillets of pads, {entry.key} among them")
    return AifPad(shape, sides[0], sides[least - 1])


def _polygon(file: AifFile, entry: Entry, word: str, numbers: list[str], lost: list[str]) -> AifPad:
    """`POLYGON polygons thickness points x,y …` with the numbers in front; the older `POLY x,y …` goes without them."""
    where = file.where(entry.line)
    if word == "POLYGON":
        head, numbers = numbers[:3], numbers[3:]
        count = count_of(head[2], _POINTS) if len(head) == 3 else None
        if count is None:
            raise InputError(where, f"the polygon {quoted(entry.value)}", "POLYGON polygons thickness points x,y …")
        if head[0] != "1":
            lost.append(f"all polygons but the first of pad {entry.key}")
        if len(numbers) < 2 * count or (head[0] == "1" and len(numbers) > 2 * count):
            raise InputError(where, f"{len(numbers)} numbers for {count} points", f"{2 * count} of them")
        numbers = numbers[: 2 * count]
    if len(numbers) % 2 or not 6 <= len(numbers) <= 2 * _POINTS:
        raise InputError(where, f"{len(numbers)} numbers for a polygon", f"x and y of 3 to {_POINTS} points")
    ring = np.array([file.length(number, entry.line) for number in numbers], dtype=np.int64).reshape(-1, 2)
    low, high = ring.min(axis=0), ring.max(axis=0)
    outline = shapely.Polygon(ring)
    if not outline.is_valid or outline.area < 1:
        raise InputError(where, f"the polygon of pad {quoted(entry.key)}", "a ring that does not cross itself")
    width, height = (int(side) for side in high - low)
    centre = (int(low[0]) + width // 2, int(low[1]) + height // 2)
    shape, same = nearest_shape(ring, width, height)
    return AifPad(shape, width, height, centre, None if same else ring - centre)


def pad_named(file: AifFile, pads: Mapping[str, AifPad], name: str, line: int) -> AifPad | None:
    """The pad of a row, None for a dash. Raises InputError naming the nearest one; capitals count."""
    if name == "-":
        return None
    if name not in pads:
        near = nearest(name, pads)
        expected = f"one of [PADS], {near[:80]} perhaps" if near else "a pad of a section [PADS]"
        raise InputError(file.where(line), f"the pad type {quoted(name)}", expected)
    return pads[name]
