"""Tables of bumps, pads and balls by header, with any delimiter: each file, or each component of a table, is a part; so
is a ball map.

No standard rules such tables. The headers are those that design kits, spreadsheets of chip teams and place-and-route
tools are known to write: `router.read.formats.bumps_columns.HEADERS`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from router.model.design import KIND_WITH
from router.model.draft import Draft, DraftComponent, DraftPad, DraftPin
from router.model.errors import InputError
from router.read.fields import PIN_LIMIT
from router.read.formats.ballmap import BallMap, ball_map
from router.read.formats.bumps_columns import Columns, columns_of, refuse_unknown_parts
from router.read.formats.bumps_dies import with_outlines
from router.read.formats.bumps_lands import lands_of
from router.read.formats.names import Names, some
from router.read.formats.options import ImportOptions, View
from router.read.pins import NO_NET
from router.read.table import Table, read_table
from router.read.textfile import quoted, shown

# Pins by these headers may be cells or signals, which occur many times.
_MAY_REPEAT = ("cell", "instance", "name")


@dataclass(slots=True)
class _Book:
    """Parts and pads while tables are read, names, and what is to be said."""

    parts: dict[str, DraftComponent] = field(default_factory=dict)
    pads: dict[str, DraftPad] = field(default_factory=dict)
    names: Names = field(default_factory=lambda: Names("component", dots=False))
    nets: Names = field(default_factory=lambda: Names("net"))
    pins: int = 0
    numbered: dict[str, list[str]] = field(default_factory=dict)
    guesses: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)


def read_bumps(files: Sequence[Path], options: ImportOptions) -> Draft:
    """A draft of one or more tables, all of whose places count from one origin.

    Raises InputError for every fault, with the line of the table where it stands.
    """
    book, view = _Book(), options.view or View.BOTTOM
    tables = [read_table(path) for path in files]
    maps = [ball_map(table) for table in tables]
    if options.pitch is not None and not any(maps):
        raise InputError("--pitch", "no ball map among the files", "a table with labels and nets, as the balls lie")
    refuse_unknown_parts(options.columns, [table for table, found in zip(tables, maps, strict=True) if not found])
    book.lost += [f"{table.path.name}: the title {title[:80]!r}" for table in tables for title in table.titles]
    for table, found in zip(tables, maps, strict=True):
        if found is None:
            _read(table, options, view, book)
        else:
            _read_map(found, options, book)
    for why, parts in book.numbered.items():
        book.guesses.append(f"{some(parts)}: pins are called by the numbers of their rows{why}")
    lists = None in maps
    if lists and options.origin is None:
        book.guesses.append("places are centres of pads; if they are lower left corners: --origin corner")
    if lists and options.view is None:
        book.guesses.append("places are as seen from the ball side; if through the dies' backs: --view top")
    if len(book.parts) > 1 and not options.places:
        book.guesses.append("places of all components count from one origin; otherwise: --place NAME=X,Y for each")
    components, said = with_outlines(list(book.parts.values()), book.pads, options.die_size)
    return Draft(
        name=options.name,
        components=tuple(components),
        pads=book.pads,
        guesses=(*book.guesses, *said),
        lost=(*book.lost, *book.names.said(), *book.nets.said()),
    )


def _read_map(found: BallMap, options: ImportOptions, book: _Book) -> None:
    """Read a ball map. Its balls have the size that the process gives them, and places of their centres."""
    if options.pitch is None:
        raise InputError(shown(found.table.path), "a ball map, which does not tell its pitch", "--pitch P in µm")
    if options.view is None:
        seen = "above the package" if found.view is View.TOP else "the ball side"
        book.guesses.append(f"{found.table.path.name}: seen from {seen}, as A1 lies; otherwise: --view")
    listed = found.as_table(options.pitch)
    _read(listed, replace(options, columns={}, pad_size=None, origin=None), options.view or found.view, book)


def _read(source: Table, options: ImportOptions, view: View, book: _Book) -> None:
    columns = columns_of(source, options.unit, options.columns)
    file, rows = source.path.name, len(source.rows)
    book.pins += rows
    if book.pins > PIN_LIMIT:
        raise InputError(shown(source.path), f"more than {PIN_LIMIT} pins in all", "a smaller package")
    if columns.without_unit and options.unit is None:
        book.guesses.append(f"{file}: lengths are in µm; in others: --units")
    if columns.unread:
        book.lost.append(f"{file}: columns {', '.join(columns.unread)[:300]}")
    lands = lands_of(columns, options)
    if columns.has_decimal_commas:
        book.guesses.append(f"{file}: commas in numbers are decimal points, as between semicolons")
    book.guesses += lands.guesses
    table = _Rows(columns, lands.pads, lands.xy.tolist(), columns.words("pin"), columns.words("net"))
    members: dict[str, list[int]] = {}
    for row, part in enumerate(columns.words("component") or [source.path.stem] * rows):
        members.setdefault(part, []).append(row)
    for part, own in members.items():
        _add(part, own, table, view, book)


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of a table: pads, places in nm, and the cells of pins and nets where it has them."""

    columns: Columns
    pads: list[DraftPad]
    places: list[list[int]]
    pins: list[str] | None
    nets: list[str] | None

    def where(self, row: int) -> str:
        """`file:line`, for messages."""
        return self.columns.table.where(row)


def _add(part: str, rows: Sequence[int], table: _Rows, view: View, book: _Book) -> None:
    """Make a component of these rows of a table."""
    name = book.names.of(part)
    if name in book.parts:
        expected = "one file for each component"
        raise InputError(table.where(rows[0]), f"the component {quoted(part)} of another file too", expected)
    kinds = {KIND_WITH[table.pads[row].kind]: row for row in reversed(rows)}
    if len(kinds) > 1:
        found = f"{' and '.join(sorted(kinds))} in the component {quoted(part)}"
        raise InputError(table.where(max(kinds.values())), found, "one kind of component")
    for row in rows:
        book.pads.setdefault(table.pads[row].name, table.pads[row])
    book.parts[name] = DraftComponent(name, next(iter(kinds)), tuple(_pins(part, rows, table, book)), view=view)


def _pins(part: str, rows: Sequence[int], table: _Rows, book: _Book) -> Iterator[DraftPin]:
    for row, name in zip(rows, _pin_names(part, rows, table, book), strict=True):
        x, y = table.places[row]
        net = "" if table.nets is None or table.nets[row] in NO_NET else book.nets.of(table.nets[row])
        yield DraftPin(name, x, y, table.pads[row].name, net)


def _pin_names(part: str, rows: Sequence[int], table: _Rows, book: _Book) -> list[str]:
    """Names of the table's own column, once each; the numbers of their rows where it has none."""
    words, header = table.pins, table.columns.header("pin")
    numbers = [str(row + 1) for row in rows]
    if words is None:
        book.numbered.setdefault("", []).append(part)
        return numbers
    first: dict[str, int] = {}
    for row in rows:
        if words[row] in first and header in _MAY_REPEAT:
            book.numbered.setdefault(f", since a {header} occurs twice", []).append(part)
            return numbers
        if words[row] in first:
            line = table.columns.table.lines[first[words[row]]]
            expected = f"pins that occur once; this one stands on line {line} too"
            raise InputError(table.where(row), f"the {header} {quoted(words[row])} twice", expected)
        first[words[row]] = row
    ours = Names(f"{part}: pin")
    named = [ours.of(words[row]) for row in rows]
    book.lost += ours.said()
    return named
