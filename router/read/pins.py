"""The pins of one component, from an array, a list or a table, into arrays of names, places, pad styles and nets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from router.model.errors import InputError
from router.model.geometry import Points
from router.model.units import GRID_UM, array_to_nm
from router.read.arrays import array_pins
from router.read.design_file import ComponentTable, PinsTable, PinTable
from router.read.fields import NAME_EXPECTED, name_fault
from router.read.patterns import matches
from router.read.styles import Styles
from router.read.table import Table, read_table
from router.read.textfile import quoted, shown

NO_NET = ("", "-")
_ROLES = ("x", "y", "pin", "net", "width", "height", "style")


@dataclass(slots=True)
class Pins:
    """`names`, `xy` (n, 2) in nm, `pads` and `nets` run together; `listed` where nets stand in the package file."""

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
        """The table in that file."""
        if path not in self._read:
            self._read[path] = read_table(path)
        return self._read[path]


def component_pins(table: ComponentTable, folder: Path, where: str, styles: Styles, tables: Tables) -> Pins:
    """The pins in the component's own coordinates. Raises InputError for every mistake in them."""
    given = [key for key in ("array", "table", "pin") if getattr(table, key) is not None]
    if len(given) != 1:
        raise InputError(where, " and ".join(given) or "no pins", "exactly one of array, table and pin")
    styles.named(table.pad, f"{where}.pad")
    pad = styles.sized(table.pad, table.pad_size, f"{where}.pad_size")
    if table.array is not None:
        names, xy = array_pins(table.array, f"{where}.array")
        _refuse_bad_names(names, lambda _: where)
        pins = Pins(names, array_to_nm(xy), [pad] * len(names), [""] * len(names), listed=False)
    elif table.table is not None:
        pins = _from_table(table, table.table, tables.get(folder / table.table.file), where, styles)
    else:
        pins = _from_list(table, table.pin or [], where, styles)
    _repad(table, pins, where, styles)
    return pins


def _from_list(table: ComponentTable, listed: Sequence[PinTable], where: str, styles: Styles) -> Pins:
    names = [pin.name for pin in listed]
    _refuse_bad_names(names, lambda index: f"{where}.pin[{index + 1}]")
    pads = []
    for index, pin in enumerate(listed, 1):
        size = pin.pad_size or (table.pad_size if pin.pad is None else None)
        pads.append(styles.sized(pin.pad or table.pad, size, f"{where}.pin[{index}]"))
    xy = array_to_nm([[pin.x, pin.y] for pin in listed])
    return Pins(names, xy, pads, [pin.net or "" for pin in listed], listed=True)


def _from_table(component: ComponentTable, source: PinsTable, table: Table, where: str, styles: Styles) -> Pins:
    rows = _chosen(table, source, where)
    chosen = replace(table, rows=[table.rows[i] for i in rows], lines=[table.lines[i] for i in rows])
    given = source.columns.model_dump(exclude_none=True)
    columns = chosen.columns(_ROLES, {role: chosen.column(header) for role, header in given.items()})
    x, y, pin, net = (columns.get(role) for role in ("x", "y", "pin", "net"))
    if x is None or y is None:
        raise InputError(shown(table.path), f"the columns {', '.join(table.header)[:300]}", "one for x and one for y")
    xy = array_to_nm(np.stack([chosen.numbers(x), chosen.numbers(y)], axis=1))
    names = [str(i + 1) for i in rows] if pin is None else [row[pin] for row in chosen.rows]
    nets = [""] * len(rows) if net is None else ["" if row[net] in NO_NET else row[net] for row in chosen.rows]
    _refuse_bad_names(names, chosen.where)
    for index, name in enumerate(nets):
        if name and (fault := name_fault(name)):
            raise InputError(chosen.where(index), f"{fault} of a net", NAME_EXPECTED)
    pads = _table_pads(component, chosen, columns, where, styles)
    return Pins(names, xy, pads, nets, listed=False)


def _chosen(table: Table, source: PinsTable, where: str) -> list[int]:
    """Rows that hold every value of `where`."""
    rows = list(range(len(table.rows)))
    for header, value in source.where.items():
        column = table.column(header)
        rows = [index for index in rows if table.rows[index][column] == value]
    if not rows:
        raise InputError(f"{where}.table.where", quoted(source.where), f"values that occur in {shown(table.path)}")
    return rows


def _table_pads(
    component: ComponentTable, table: Table, columns: dict[str, int], where: str, styles: Styles
) -> list[str]:
    """A style for each row: the one that its column names or else the component's, resized where the table holds
    sizes."""
    names, of_row = _row_styles(component, table, columns.get("style"))
    sides = [table.numbers(columns[role]) for role in ("width", "height") if role in columns]
    if not sides:
        # The component's size is that of its own style; styles of the table have their own.
        rows = np.unique(of_row, return_index=True)[1].tolist()
        places = [where] if "style" not in columns else [table.where(row) for row in rows]
        pads = [
            styles.sized(name, component.pad_size if name == component.pad else None, place)
            for name, place in zip(names, places, strict=True)
        ]
        return [pads[index] for index in of_row.tolist()]
    for side in sides:
        small = np.flatnonzero(side < GRID_UM)
        if len(small):
            raise InputError(table.where(int(small[0])), f"a size of {side[small[0]]:g}", "a size above 0 µm")
    kinds = np.stack([sides[0], sides[-1], of_row], axis=1)
    distinct, first, inverse = np.unique(kinds, axis=0, return_index=True, return_inverse=True)
    named = [
        styles.sized(names[int(style)], (width, height), table.where(row))
        for (width, height, style), row in zip(distinct.tolist(), first.tolist(), strict=True)
    ]
    return [named[index] for index in inverse.reshape(-1).tolist()]


def _row_styles(component: ComponentTable, table: Table, column: int | None) -> tuple[list[str], NDArray[np.int64]]:
    """The styles that occur, and for each row (n,) the index of its own among them."""
    if column is None:
        return [component.pad], np.zeros(len(table.rows), dtype=np.int64)
    texts = [row[column] or component.pad for row in table.rows]
    index = {name: number for number, name in enumerate(dict.fromkeys(texts))}
    return list(index), np.array([index[text] for text in texts], dtype=np.int64)


def _repad(table: ComponentTable, pins: Pins, where: str, styles: Styles) -> None:
    """Apply `pads`: another style or size for the pins that match."""
    for index, entry in enumerate(table.pads, 1):
        at = f"{where}.pads[{index}]"
        if entry.pad is None and entry.pad_size is None:
            raise InputError(at, "neither pad nor pad_size", "one of them")
        style = styles.sized(entry.pad or table.pad, entry.pad_size, at)
        for pattern, found in matches(entry.pins, pins.names):
            if not found:
                raise InputError(f"{at}.pins", quoted(pattern), f"a pin of {table.name}")
            for pin in found:
                pins.pads[pin] = style


def _refuse_bad_names(names: Sequence[str], where: Callable[[int], str]) -> None:
    seen: set[str] = set()
    for index, name in enumerate(names):
        if fault := name_fault(name):
            raise InputError(where(index), f"{fault} of a pin", NAME_EXPECTED)
        if name in seen:
            raise InputError(where(index), f"the pin {name} twice", "pin names that occur once in a component")
        seen.add(name)
