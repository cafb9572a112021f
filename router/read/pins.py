"""The pins of one component, from an array, a list or a table, into arrays of names, places, pad styles and nets."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from router.model.errors import InputError
from router.model.geometry import Points
from router.model.units import array_to_nm, to_nm
from router.read.arrays import array_pins
from router.read.design_file import ComponentTable, PinsTable
from router.read.fields import NAME_EXPECTED, name_fault
from router.read.patterns import matching
from router.read.styles import Styles
from router.read.table import Table, read_table
from router.read.tomlfile import quoted, shown

NO_NET = ("", "-")


@dataclass(slots=True)
class Pins:
    """`names`, `xy` (n, 2) in nm, `pads` and `nets` run together. `listed` marks nets written beside the pin itself."""

    names: list[str]
    xy: Points
    pads: list[str]
    nets: list[str]
    listed: bool


class Tables:
    """Each table is read once, however many components take their pins from it."""

    def __init__(self) -> None:
        self._read: dict[Path, Table] = {}

    def get(self, path: Path) -> Table:
        key = path.resolve()
        if key not in self._read:
            self._read[key] = read_table(path)
        return self._read[key]


def component_pins(table: ComponentTable, folder: Path, where: str, styles: Styles, tables: Tables) -> Pins:
    """The pins in the component's own coordinates. Raises InputError for every mistake in them."""
    sources = [table.array is not None, table.table is not None, bool(table.pin)]
    if sum(sources) != 1:
        raise InputError(where, f"{sum(sources)} of array, table and pin", "exactly one")
    size = table.pad_size and [to_nm(side) for side in table.pad_size]
    pad = styles.sized(table.pad, size, f"{where}.pad_size" if size else f"{where}.pad")
    if table.array is not None:
        names, xy = array_pins(table.array, f"{where}.array")
        pins = Pins(names, array_to_nm(xy), [pad] * len(names), [""] * len(names), listed=False)
        _refuse_bad_names(pins.names, where, None, [])
    elif table.table is not None:
        pins = _from_table(table.table, pad, folder, where, styles, tables)
    else:
        pins = _from_list(table, pad, where, styles)
    _repad(table, pins, where, styles)
    return pins


def _from_list(table: ComponentTable, pad: str, where: str, styles: Styles) -> Pins:
    pads = []
    for index, pin in enumerate(table.pin, 1):
        size = pin.pad_size or (table.pad_size if pin.pad is None else None)
        nm = size and [to_nm(side) for side in size]
        pads.append(styles.sized(pin.pad or table.pad, nm, f"{where}.pin[{index}]") if pin.pad or nm else pad)
    names = [pin.name for pin in table.pin]
    _refuse_bad_names(names, f"{where}.pin", None, [])
    xy = array_to_nm([[pin.x, pin.y] for pin in table.pin])
    return Pins(names, xy, pads, [pin.net or "" for pin in table.pin], listed=True)


def _from_table(source: PinsTable, pad: str, folder: Path, where: str, styles: Styles, tables: Tables) -> Pins:
    path = folder / source.file
    table = tables.get(path)
    rows = _chosen(table, source, where)
    chosen = Table(table.path, table.header, [table.rows[i] for i in rows], [table.lines[i] for i in rows])
    columns = _columns(chosen, source)
    x, y = columns["x"], columns["y"]
    if x is None or y is None:
        raise InputError(shown(path), f"the columns {', '.join(table.header)[:300]}", "one for x and one for y")
    xy = array_to_nm(np.stack([chosen.numbers(x), chosen.numbers(y)], axis=1))
    pin, net = columns["pin"], columns["net"]
    names = [str(i + 1) for i in rows] if pin is None else [row[pin] for row in chosen.rows]
    nets = [""] * len(rows) if net is None else [row[net] for row in chosen.rows]
    _refuse_bad_names(names, where, chosen, ["pin"])
    for index, name in enumerate(nets):
        if name not in NO_NET and (fault := name_fault(name)):
            raise InputError(chosen.where(index), f"{fault} of a net", NAME_EXPECTED)
    pads = _table_pads(chosen, columns["width"], columns["height"], pad, styles)
    return Pins(names, xy, pads, ["" if name == "-" else name for name in nets], listed=False)


def _chosen(table: Table, source: PinsTable, where: str) -> list[int]:
    """Rows that hold every value of `where`."""
    rows = list(range(len(table.rows)))
    for header, value in source.where.items():
        column = table.column(header)
        rows = [index for index in rows if table.rows[index][column] == value]
    if not rows:
        raise InputError(f"{where}.table.where", quoted(source.where), f"values that occur in {shown(table.path)}")
    return rows


def _columns(table: Table, source: PinsTable) -> dict[str, int | None]:
    """For each role the column named by the user, or the one known by its header."""
    given = source.columns.model_dump(exclude_none=True)
    columns: dict[str, int | None] = {role: table.column(header) for role, header in given.items()}
    for role in ("x", "y", "pin", "net", "width", "height"):
        if role not in columns:
            taken = [column for column in columns.values() if column is not None]
            columns[role] = table.known(role, () if role == "height" else taken)
    return columns


def _table_pads(table: Table, width: int | None, height: int | None, pad: str, styles: Styles) -> list[str]:
    """A style for each row: the component's, resized where the table holds sizes."""
    if width is None and height is None:
        return [pad] * len(table.rows)
    sides = [table.numbers(column) for column in (width, height) if column is not None]
    for side in sides:
        if bool((side < 0.001).any()):
            row = int(np.flatnonzero(side < 0.001)[0])
            raise InputError(table.where(row), f"a size of {side[row]:g}", "a size above 0 µm")
    sizes: NDArray[np.int64] = array_to_nm(np.stack([sides[0], sides[-1]], axis=1))
    distinct, first, inverse = np.unique(sizes, axis=0, return_index=True, return_inverse=True)
    base = pad.partition("@")[0]
    named = [
        styles.sized(base, [int(size[0]), int(size[1])], table.where(int(row)))
        for size, row in zip(distinct, first, strict=True)
    ]
    return [named[index] for index in inverse.reshape(-1).tolist()]


def _repad(table: ComponentTable, pins: Pins, where: str, styles: Styles) -> None:
    """Apply `[[….pads]]`: another style or size for the pins that match."""
    for index, entry in enumerate(table.pads, 1):
        at = f"{where}.pads[{index}]"
        if entry.pad is None and entry.pad_size is None:
            raise InputError(at, "neither pad nor pad_size", "one of them")
        size = entry.pad_size and [to_nm(side) for side in entry.pad_size]
        style = styles.sized(entry.pad or table.pad, size, at)
        for pattern in entry.pins:
            found = matching(pattern, pins.names)
            if not len(found):
                raise InputError(f"{at}.pins", quoted(pattern), f"a pin of {table.name}")
            for pin in found.tolist():
                pins.pads[pin] = style


def _refuse_bad_names(names: list[str], where: str, table: Table | None, _: list[str]) -> None:
    seen: set[str] = set()
    for index, name in enumerate(names):
        at = table.where(index) if table else where
        if fault := name_fault(name):
            raise InputError(at, f"{fault} of a pin", NAME_EXPECTED)
        if name in seen:
            raise InputError(at, f"the pin {name} twice", "pin names that occur once in a component")
        seen.add(name)
