"""Bump, ball, pad and net tables in text, matched by header and not by position."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from router.model.errors import InputError
from router.model.units import LIMIT_UM, Unit, unit_of
from router.read.nearest import one_of
from router.read.numbers import number_of
from router.read.textfile import BYTE_LIMIT, check_readable, quoted, shown

ROW_LIMIT = 1_000_000
_LINE_LIMIT = 1_000_000
_LINES_LIMIT = 4 * ROW_LIMIT
_CELL_LIMIT = 10_000_000
_ARCHIVE = b"PK\x03\x04"

# Headers seen in the field, as `header_unit` leaves them, in order of preference.
_PLACES = ("coord", "coordinate", "pos", "position", "loc", "location")
KNOWN_HEADERS: Mapping[str, tuple[str, ...]] = {
    "pin": (
        *("pin", "bumpid", "ballid", "pinid", "padid", "ubumpinst", "instance", "pinnumber"),
        *(f"{what}{end}" for end in ("number", "no") for what in ("bump", "ball", "pad", "pin")),
        *("bump", "ball", "pad", "pinname", "bumpname", "ballname", "padname", "cell", "name"),
    ),
    **{
        axis: (
            *(axis, f"{axis}origin", f"center{axis}", f"centre{axis}", f"{axis}center", f"{axis}centre"),
            *(f"{axis}{place}" for place in _PLACES),
            *(f"{place}{axis}" for place in _PLACES),
        )
        for axis in "xy"
    },
    "net": (
        *("net", "netname", "signal", "signalname", "portname", "port"),
        *("pinname", "bumpname", "ballname", "padname", "name"),
    ),
    "width": ("width", "diameter", "dia"),
    "height": ("height", "diameter", "dia"),
    "style": ("style", "padstyle"),
}

LENGTHS = ("x", "y", "width", "height")
_DELIMITERS = (",", ";", "\t")
# A first line with which spreadsheets name what stands between their cells.
_SEPARATOR = re.compile(r"sep=([,;|])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of a CSV file with the line each one began on. `decimal_commas`: whether `1,5` is a number, as spreadsheets
    write it where semicolons stand between their cells; `titles`: what stands alone in lines before the header."""

    path: Path
    header: tuple[str, ...]
    rows: list[list[str]]
    lines: list[int]
    decimal_commas: bool = False
    titles: tuple[str, ...] = ()

    def where(self, row: int) -> str:
        """`file:line` of a row, for messages."""
        return f"{shown(self.path)}:{self.lines[row]}"

    def column(self, name: str) -> int:
        """The column with exactly this header. Raises InputError naming those that exist."""
        if name not in self.header:
            raise InputError(shown(self.path), f"no column {name[:60]!r}", one_of(name, self.header))
        return self.header.index(name)

    def known(
        self, role: str, taken: Sequence[int] = (), headers: Mapping[str, Sequence[str]] = KNOWN_HEADERS
    ) -> int | None:
        """The column that plays a role by one of the headers known for it, and is not taken."""
        units = (None, *Unit) if role in LENGTHS else (None,)
        return self.among(headers[role], taken, units)

    def columns(
        self, roles: Iterable[str], given: Mapping[str, int], headers: Mapping[str, Sequence[str]] = KNOWN_HEADERS
    ) -> dict[str, int]:
        """The column of each role that is played: the one given for it, or else one with a header known for it."""
        found = dict(given)
        for role in (role for role in roles if role not in given):
            # A diameter is width and height; no other column plays two parts.
            column = self.known(role, () if role == "height" else tuple(found.values()), headers)
            if column is not None:
                found[role] = column
        return found

    def among(
        self, headers: Sequence[str], taken: Sequence[int] = (), units: Sequence[Unit | None] = (None, *Unit)
    ) -> int | None:
        """The column with the first of these headers that there is, and that names one of these units, or none."""
        plain = [header_unit(name) for name in self.header]
        for header in headers:
            for column, (name, unit) in enumerate(plain):
                if name == header and unit in units and column not in taken:
                    return column
        return None

    def numbers(self, column: int, unit: Unit = Unit.UM) -> NDArray[np.float64]:
        """A column of lengths in µm, which its header says are in another unit, or else in `unit`.

        Raises InputError with file and line of the first that is no finite number.
        """
        unit = header_unit(self.header[column])[1] or unit
        given = [row[column] for row in self.rows]
        texts = list(map(_with_point, given)) if self.decimal_commas else given
        values = np.array([number_of(text) for text in texts]) * unit.um
        bad = np.flatnonzero(~(np.abs(values) <= LIMIT_UM))
        if not len(bad):
            return values
        row = int(bad[0])
        expected = f"a finite number up to {LIMIT_UM / unit.um:g} in column {self.header[column]}"
        if "," in given[row] and not self.decimal_commas:
            expected += "; decimal commas need semicolons between cells"
        raise InputError(self.where(row), quoted(given[row]), expected)


def read_table(path: Path) -> Table:
    """The table of a CSV file with a header line; blank lines, lines from `#` and titles are skipped.

    Its cells may stand between commas, semicolons, tabs or blanks, whichever its header has, or a line `sep=` before it
    names. Raises InputError for a missing, empty, ragged or unreadable file and one with more than a million rows.
    """
    source, delimiter = _sniffed(text_lines(path))
    lines: list[int] = []
    rows: list[list[str]] = []
    titles: list[str] = []
    header: tuple[str, ...] | None = None
    most = ROW_LIMIT
    for line, row in _numbered_rows(source, delimiter, path):
        if header is None:
            if len(row) > 1 and not any(map(str.strip, row[1:])):
                titles.append(row[0].strip())
                continue
            header = _checked_header(row, f"{shown(path)}:{line}")
            most = min(ROW_LIMIT, _CELL_LIMIT // len(header))
            continue
        if len(row) != len(header):
            expected = f"{len(header)} as in the header {quoted(', '.join(header))}"
            raise InputError(f"{shown(path)}:{line}", f"{len(row)} columns", expected)
        if len(rows) == most:
            raise InputError(f"{shown(path)}:{line}", f"more than {most} rows of {len(header)}", "a smaller table")
        rows.append(list(map(str.strip, row)))
        lines.append(line)
    if header is None or not rows:
        raise InputError(shown(path), "an empty table", "a header line and at least one row")
    return Table(path, header, rows, lines, decimal_commas=delimiter == ";", titles=tuple(titles))


def text_lines(path: Path) -> Iterator[str]:
    """The lines of a text file one by one.

    Raises InputError when it is missing, unreadable, too large or neither UTF-8 nor UTF-16, and where lines are too
    long or too many.
    """
    check_readable(path, BYTE_LIMIT)
    data = path.read_bytes()
    if data.startswith(_ARCHIVE):
        raise InputError(shown(path), "an archive, as workbooks of spreadsheets are", "a table saved as text (CSV)")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        # As spreadsheets save what they call Unicode text.
        try:
            data = data.decode("utf-16").encode("utf-8")
        except UnicodeDecodeError:
            raise InputError(shown(path), "a part of UTF-16 text", "all of it, or text in UTF-8") from None
    if b"\n" not in data:
        # As spreadsheets save tables for the Macintosh.
        data = data.replace(b"\r", b"\n")
    for number, raw in enumerate(io.BytesIO(data), 1):
        if len(raw) > _LINE_LIMIT:
            raise InputError(f"{shown(path)}:{number}", f"more than {_LINE_LIMIT} bytes", "shorter lines")
        if number > _LINES_LIMIT:
            raise InputError(f"{shown(path)}:{number}", f"more than {_LINES_LIMIT} lines", "a smaller file")
        try:
            yield raw.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            byte = f"byte 0x{raw[error.start]:02x}"
            raise InputError(f"{shown(path)}:{number}", byte, "text in UTF-8, as spreadsheets save CSV UTF-8") from None


def _sniffed(source: Iterator[str]) -> tuple[Iterator[str], str]:
    """The lines, and what stands between the cells of the first one that is no comment: a blank where it is any number
    of them."""
    head: list[str] = []
    for line in source:
        if not head and (named := _SEPARATOR.fullmatch(line.strip())):
            return itertools.chain(["\n"], source), named[1]
        head.append(line)
        if line.strip() and not line.lstrip().startswith("#"):
            break
    first = head[-1] if head else ""
    delimiter = max(_DELIMITERS, key=first.count)
    return itertools.chain(head, source), delimiter if delimiter in first else " "


def _numbered_rows(source: Iterator[str], delimiter: str, path: Path) -> Iterator[tuple[int, list[str]]]:
    """Rows with the line each one began on, without those that are blank or a comment."""
    numbered: Iterator[tuple[int, list[str]]]
    if delimiter == " ":
        numbered = ((line, row.split()) for line, row in enumerate(source, 1))
    else:
        numbered = _csv_rows(source, delimiter, path)
    for line, row in numbered:
        first = row[0].strip() if row else ""
        if (first and first[0] != "#") or (not first and any(cell.strip() for cell in row)):
            yield line, row


def _csv_rows(source: Iterator[str], delimiter: str, path: Path) -> Iterator[tuple[int, list[str]]]:
    reader, line = csv.reader(source, strict=True, delimiter=delimiter), 0
    try:
        for row in reader:
            line = reader.line_num
            yield line, row
    except csv.Error as error:
        raise InputError(f"{shown(path)}:{line + 1}", f"a row that cannot be parsed ({error})", "CSV") from None


def _checked_header(row: list[str], where: str) -> tuple[str, ...]:
    header = tuple(cell.strip() for cell in row)
    if len(header) > 1000:
        raise InputError(where, f"{len(header)} columns", "at most 1000")
    twice = [name for index, name in enumerate(header) if name and name in header[:index]]
    if twice:
        raise InputError(where, f"the column {quoted(twice[0])} twice", "headers that occur once")
    return header


def header_unit(header: str) -> tuple[str, Unit | None]:
    """A header in small letters without what parts its words (`Ball No.`, `ball_no`, `BallNo`, `Ball #` are one), nor
    the unit that it may end with (`x_mm`, `x (mm)`, `x[mm]`); and that unit."""
    *words, end = re.split(r"[\s_\-.()\[\]]+", header.lower().replace("#", " no ").strip().rstrip(".)]"))
    unit = unit_of(end) if any(words) else None
    return "".join(words if unit else (*words, end)), unit


def _with_point(text: str) -> str:
    """A number with a decimal comma as one with a point; anything else as it is."""
    return text.replace(",", ".") if text.count(",") == 1 and "." not in text else text
