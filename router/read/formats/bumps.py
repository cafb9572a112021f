"""Tables of bumps, pads and balls by header, with any delimiter: each file, or each component of a table, is a part.

No standard rules such tables. The headers are those that design kits, spreadsheets of chip teams and place-and-route
tools are known to write: `router.read.formats.bumps_columns.HEADERS`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from router.model.design import ComponentKind
from router.model.draft import Draft, DraftComponent, DraftPad, DraftPin
from router.model.errors import InputError
from router.model.pdk import TerminalKind
from router.read.formats.bumps_columns import Columns, columns_of
from router.read.formats.bumps_dies import with_outlines
from router.read.formats.bumps_lands import Lands, lands_of
from router.read.formats.names import Names
from router.read.formats.options import ImportOptions, View
from router.read.pins import NO_NET
from router.read.table import read_table
from router.read.tomlfile import quoted, shown

_PIN_LIMIT = 1_000_000
_PART_OF = {
    TerminalKind.BUMP: ComponentKind.DIE,
    TerminalKind.PAD: ComponentKind.DIE,
    TerminalKind.CONTACT: ComponentKind.PASSIVE,
    TerminalKind.PILLAR: ComponentKind.PILLARS,
    TerminalKind.BALL: ComponentKind.BALLS,
}
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
    guesses: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)


def read_bumps(files: Sequence[Path], options: ImportOptions) -> Draft:
    """A draft of one or more tables, all of whose places are in one frame.

    Raises InputError for every fault, with the line of the table where it stands.
    """
    book, view = _Book(), options.view or View.BOTTOM
    for path in files:
        _read(path, options, view, book)
    if options.origin is None:
        book.guesses.append("places are centres of pads; if they are lower left corners: --origin corner")
    if options.view is None:
        book.guesses.append("places are as seen from the ball side; if through the dies' backs: --view top")
    parts, said = with_outlines(list(book.parts.values()), book.pads, options.die_size)
    return Draft(
        name=options.name or (files[0].stem if len(files) == 1 else ""),
        components=tuple(parts),
        pads=book.pads,
        guesses=(*book.guesses, *said),
        lost=(*book.lost, *book.names.said(), *book.nets.said()),
    )


def _read(path: Path, options: ImportOptions, view: View, book: _Book) -> None:
    columns = columns_of(read_table(path, any_delimiter=True), options.unit)
    file, rows = path.name, len(columns.table.rows)
    book.pins += rows
    if book.pins > _PIN_LIMIT:
        raise InputError(shown(path), f"more than {_PIN_LIMIT} pins in all", "a smaller package")
    if columns.without_unit and options.unit is None:
        book.guesses.append(f"{file}: lengths are in µm; in others: --units")
    if columns.unread:
        book.lost.append(f"{file}: columns {', '.join(columns.unread)[:300]}")
    lands = lands_of(columns, options)
    book.guesses += lands.guesses
    parts = columns.words("component") or [path.stem] * rows
    members: dict[str, list[int]] = {}
    for row, part in enumerate(parts):
        members.setdefault(part, []).append(row)
    for part, own in members.items():
        _add(part, own, columns, lands, view, book)


def _add(part: str, rows: Sequence[int], columns: Columns, lands: Lands, view: View, book: _Book) -> None:
    """Make a component of these rows of a table."""
    name = book.names.of(part)
    if name in book.parts:
        where = columns.table.where(rows[0])
        raise InputError(where, f"the component {quoted(part)} of another file too", "one file for each component")
    kinds = {_PART_OF[lands.pads[row].kind]: row for row in reversed(rows)}
    if len(kinds) > 1:
        found = f"{' and '.join(sorted(kinds))} in the component {quoted(part)}"
        raise InputError(columns.table.where(max(kinds.values())), found, "one kind of component")
    for row in rows:
        book.pads.setdefault(lands.pads[row].name, lands.pads[row])
    pins = tuple(_pins(part, rows, columns, lands, book))
    book.parts[name] = DraftComponent(name, next(iter(kinds)), pins, view=view)


def _pins(part: str, rows: Sequence[int], columns: Columns, lands: Lands, book: _Book) -> Iterator[DraftPin]:
    names, nets = _pin_names(part, rows, columns, book), columns.words("net")
    places = lands.xy.tolist()
    for row, name in zip(rows, names, strict=True):
        x, y = places[row]
        net = "" if nets is None or nets[row] in NO_NET else book.nets.of(nets[row])
        yield DraftPin(name, x, y, lands.pads[row].name, net)


def _pin_names(part: str, rows: Sequence[int], columns: Columns, book: _Book) -> list[str]:
    """Names of the table's own column, once each; the numbers of their rows where it has none."""
    words, header = columns.words("pin"), columns.header("pin")
    numbers = [str(row + 1) for row in rows]
    if words is None:
        book.guesses.append(f"{part}: pins are called by the numbers of their rows")
        return numbers
    first: dict[str, int] = {}
    for row in rows:
        if words[row] in first and header in _MAY_REPEAT:
            book.guesses.append(f"{part}: pins are called by the numbers of their rows, since a {header} occurs twice")
            return numbers
        if words[row] in first:
            expected = f"pins that occur once; this one stands on line {columns.table.lines[first[words[row]]]} too"
            raise InputError(columns.table.where(row), f"the {header} {quoted(words[row])} twice", expected)
        first[words[row]] = row
    ours = Names(f"{part}: pin")
    named = [ours.of(words[row]) for row in rows]
    book.lost += ours.said()
    return named
