"""Which column of a bump table plays which part, and in which unit its lengths are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from router.model.errors import InputError
from router.model.units import Unit, array_to_nm
from router.read.nearest import one_of
from router.read.table import KNOWN_HEADERS, LENGTHS, Table, header_unit
from router.read.textfile import quoted, shown

HEADERS: Mapping[str, tuple[str, ...]] = {
    **KNOWN_HEADERS,
    "component": ("component", "refdes", "die", "diename", "chiplet"),
    "cell": ("bumpcell", "referencename", "cellname", "celltype", "padstack", "padtype", "bumptype"),
    "orientation": ("orientation", "orient"),
    "shape": ("shape", "padshape", "bumpshape"),
    "kind": ("kind",),
}
_PLACED = ("bump", "ball", "pad", "cell")
_WORDS = ("component", "cell", "orientation", "shape", "kind", "style", "pin", "net")
_ROLES = (*LENGTHS, *_WORDS)


@dataclass(frozen=True, slots=True)
class Columns:
    """A table with the column of each part that is in it; lengths without a unit in their header are in `unit`."""

    table: Table
    of: Mapping[str, int]
    unit: Unit

    def header(self, role: str) -> str:
        """The header that plays a part, in small letters, words run together, without a unit; empty where none does."""
        return header_unit(self.table.header[self.of[role]])[0] if role in self.of else ""

    def words(self, role: str) -> list[str] | None:
        """The cells of a part; None where the table does not have it."""
        return [row[self.of[role]] for row in self.table.rows] if role in self.of else None

    def lengths(self, role: str) -> NDArray[np.int64] | None:
        """A column in nm; None where the table does not have it. Raises InputError for a cell that is no length."""
        if role not in self.of:
            return None
        return array_to_nm(self.table.numbers(self.of[role], self.unit))

    @property
    def has_decimal_commas(self) -> bool:
        """True where a length is written with a comma."""
        lengths = [self.of[role] for role in LENGTHS if role in self.of]
        return self.table.decimal_commas and any("," in row[column] for row in self.table.rows for column in lengths)

    @property
    def unread(self) -> list[str]:
        """Headers that play no part."""
        return [name for column, name in enumerate(self.table.header) if name and column not in self.of.values()]

    @property
    def without_unit(self) -> bool:
        """True where the header of a length has no unit."""
        return any(header_unit(self.table.header[self.of[role]])[1] is None for role in LENGTHS if role in self.of)


def refuse_unknown_parts(given: Mapping[str, str], tables: Sequence[Table]) -> None:
    """Raise InputError for a header that a person gives a part, but no table has, and for a part that is none."""
    headers = list(dict.fromkeys(header for table in tables for header in table.header if header))
    for header, role in given.items():
        if role not in _ROLES:
            raise InputError(f"--column {header[:80]}", f"the part {quoted(role)}", one_of(role, _ROLES))
        if header not in headers:
            raise InputError(f"--column {header[:80]}", "no such column", one_of(header, headers))


def columns_of(table: Table, unit: Unit | None, given: Mapping[str, str]) -> Columns:
    """The parts that a table's headers play, those of `given` before those that are known.

    Raises InputError for a table without columns for x and y, and for two that are given one part.
    """
    named: dict[str, int] = {}
    for header, role in given.items():
        if header in table.header and role in named:
            found = f"both {quoted(table.header[named[role]])} and {quoted(header)} as {role}"
            raise InputError(shown(table.path), found, "one column for a part")
        if header in table.header:
            named[role] = table.header.index(header)
    of = table.columns(_ROLES, named, HEADERS)
    if "pin" in of and "pin" not in given.values() and header_unit(table.header[of["pin"]])[0] in _PLACED:
        # Pads with the balls that they go to, or the other way round: the places are those of the first.
        of["pin"] = min(c for name in _PLACED if (c := table.among((name,), units=(None,))) is not None)
    if "x" not in of or "y" not in of:
        found = f"the header {', '.join(table.header)[:200]!r}"
        expected = "a header line with x and y, as in pin,x_um,y_um,net; --column names others"
        raise InputError(shown(table.path), found, expected)
    columns = Columns(table, of, unit or Unit.UM)
    if "net" not in of and columns.header("pin") == "name":
        # In a table of names and places alone the names are those of signals.
        of["net"] = of["pin"]
    return columns
