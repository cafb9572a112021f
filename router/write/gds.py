"""Masks → GDSII: 1 nm grid, one cell per pad style, via and level, net names as properties (1: net, 2: terminal)."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import gdstk

from router.model.design import Design
from router.model.geometry import Points
from router.model.layout import Masks
from router.model.pdk import Mask
from router.model.units import array_to_um, to_um

NET_PROPERTY = 1
TERMINAL_PROPERTY = 2

# Identical input gives identical bytes, so files carry no time of their making.
_TIMESTAMP = datetime(2000, 1, 1)
_END_OF_LIBRARY = b"\x00\x04\x04\x00"


def write_gds(path: Path, design: Design, masks: Masks) -> None:
    """Write the package as cell `design.name`. Raises OSError when the file could not be written whole."""
    library = gdstk.Library(cell_name(design.name), unit=1e-6, precision=1e-9)
    top = library.new_cell(cell_name(design.name))
    cells = {name: library.new_cell(cell_name(name)) for name in sorted(masks.cells)}
    for name, cell in cells.items():
        for mask in design.pdk.masks:
            cell.add(*(_polygon(ring, mask, mask.datatype) for ring in masks.cells[name].drawing.get(mask.name, ())))
            cell.add(*(_polygon(ring, mask, mask.pin_datatype) for ring in masks.cells[name].pins.get(mask.name, ())))
    for mask in design.pdk.masks:
        polygons = list(_polygons(masks, mask))
        if polygons:
            level = library.new_cell(cell_name(f"MASK_{mask.name}"))
            level.add(*polygons)
            top.add(gdstk.Reference(level))
        top.add(*_labels(masks, mask))
    for placed in masks.placed:
        reference = gdstk.Reference(cells[placed.cell], (to_um(placed.x), to_um(placed.y)))
        _name(reference, placed.net, placed.terminal)
        top.add(reference)
    library.write_gds(os.fspath(path), max_points=0, timestamp=_TIMESTAMP)
    _require_whole(path)


def cell_name(name: str) -> str:
    """The name in the characters that GDSII allows, at most 32 of them."""
    return re.sub(r"[^A-Za-z0-9_?$]", "_", name)[:32]


def _polygons(masks: Masks, mask: Mask) -> Iterable[gdstk.Polygon]:
    for datatype, shapes in ((mask.datatype, masks.drawing), (mask.pin_datatype, masks.pins)):
        for shape in shapes[mask.name]:
            polygon = _polygon(shape.ring, mask, datatype)
            _name(polygon, shape.net, "")
            yield polygon


def _polygon(ring: Points, mask: Mask, datatype: int) -> gdstk.Polygon:
    return gdstk.Polygon(array_to_um(ring).tolist(), layer=mask.layer, datatype=datatype)


def _labels(masks: Masks, mask: Mask) -> Iterable[gdstk.Label]:
    for label in masks.labels[mask.name]:
        yield gdstk.Label(label.text, (to_um(label.x), to_um(label.y)), layer=mask.layer, texttype=mask.label_datatype)


def _name(element: gdstk.Polygon | gdstk.Reference, net: str, terminal: str) -> None:
    for number, text in ((NET_PROPERTY, net), (TERMINAL_PROPERTY, terminal)):
        if text:
            element.set_gds_property(number, text)


def _require_whole(path: Path) -> None:
    """The writer says nothing when the disk is full; a whole file ends with its end-of-library record."""
    with path.open("rb") as file:
        file.seek(-min(4, path.stat().st_size), os.SEEK_END)
        if file.read() != _END_OF_LIBRARY:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
