"""Masks → GDSII on a 1 nm grid, as a tree of cells that reads like the package.

    NAME                the package: its outline, and the labels
      DIE_logic, …      a component: its mark, its pads as arrays of pad cells, the names of its pins
        PAD_bump, …     a pad style
      ROUTING_RDL1, …   traces and fills of a level
      VIAS_V1, …        the vias of a mask
        VIA_V1, …       a via: its cut and capture pads

Property 1 of a routing polygon and of a via's reference is the name of its net, where GDSII has room for it. Arrays of
pads cannot carry one for each pad: labels name their nets, and texts with the pin datatype in the component's cell
their pins.
"""

from __future__ import annotations

import errno
import os
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

import gdstk
import numpy as np

from router.model.design import Design
from router.model.geometry import Points
from router.model.layout import Masks, PlacedCell
from router.model.pdk import Mask
from router.model.units import array_to_um, to_um
from router.write.arrays import Array, find_arrays

NET_PROPERTY = 1
# What a property of GDSII holds; names of nets may be longer, and texts, which name them too, hold these.
_PROPERTY_LIMIT = 126

# Identical input gives identical bytes, so files carry no time of their making.
_TIMESTAMP = datetime(2000, 1, 1)
# gdstk takes a point as x + iy quickest.
_COMPLEX = np.array([1, 1j])
_END_OF_LIBRARY = b"\x00\x04\x04\x00"


def write_gds(path: Path, design: Design, masks: Masks) -> None:
    """Write the package as cell `design.name`. Raises OSError when the file could not be written whole."""
    library = gdstk.Library(cell_name(design.name), unit=1e-6, precision=1e-9)
    tree = _Tree(library, design, masks)
    for mask in design.pdk.masks:
        tree.add_polygons(mask)
        tree.top.add(*_labels(masks, mask))
    tree.add_placed()
    library.write_gds(os.fspath(path), max_points=0, timestamp=_TIMESTAMP)
    _require_whole(path)


def cell_name(name: str) -> str:
    """The name in the characters that GDSII allows, at most 32 of them."""
    return re.sub(r"[^A-Za-z0-9_?$]", "_", name)[:32]


class _Tree:
    """The cells of a file. Those of components, levels and vias appear below the top cell once they hold something."""

    def __init__(self, library: gdstk.Library, design: Design, masks: Masks) -> None:
        self._library, self._masks, self._pdk = library, masks, design.pdk
        self._names: set[str] = set()
        self.top = self._new(design.name)
        self._groups = {"": (self.top, (0, 0))}
        self._repeated = {name: self._new(name) for name in sorted(masks.cells)}
        for name, cell in self._repeated.items():
            for mask in design.pdk.masks:
                drawn = masks.cells[name]
                cell.add(*(_polygon(ring, mask, mask.datatype) for ring in drawn.drawing.get(mask.name, ())))
                cell.add(*(_polygon(ring, mask, mask.pin_datatype) for ring in drawn.pins.get(mask.name, ())))

    def add_polygons(self, mask: Mask) -> None:
        """Polygons of a mask: of their group where they have one, else of the routing or, without a net, the top."""
        for datatype, shapes in ((mask.datatype, self._masks.drawing), (mask.pin_datatype, self._masks.pins)):
            for shape in shapes[mask.name]:
                cell, origin = self._group(shape.group or (f"ROUTING_{mask.name}" if shape.net else ""))
                ring = shape.ring if origin == (0, 0) else shape.ring - np.array(origin, dtype=np.int64)
                polygon = _polygon(ring, mask, datatype)
                _name_net(polygon, shape.net)
                cell.add(polygon)

    def add_placed(self) -> None:
        """Vias one by one, each with its net; pads as arrays, with the names of their pins."""
        pads: dict[tuple[str, str], list[PlacedCell]] = defaultdict(list)
        for placed in self._masks.placed:
            if placed.terminal:
                pads[placed.group, placed.cell].append(placed)
                continue
            cell, (x, y) = self._group(placed.group)
            via = gdstk.Reference(self._repeated[placed.cell], (to_um(placed.x - x), to_um(placed.y - y)))
            _name_net(via, placed.net)
            cell.add(via)
        for (group, name), terminals in pads.items():
            cell, origin = self._group(group)
            places = np.array([(pad.x, pad.y) for pad in terminals], dtype=np.int64) - np.array(origin, dtype=np.int64)
            cell.add(*(_array(self._repeated[name], array) for array in find_arrays(places)))
            marks = [self._pdk.mask(mask) for mask in self._masks.cells[name].pins]
            cell.add(*(text for mask in marks for text in _pin_names(terminals, places, mask)))

    def _new(self, wanted: str) -> gdstk.Cell:
        """A cell of that name, or of one like it where another cell has taken it."""
        name, number = cell_name(wanted), 1
        while name in self._names:
            number += 1
            name = f"{cell_name(wanted)[: 31 - len(str(number))]}_{number}"
        self._names.add(name)
        return self._library.new_cell(name)

    def _group(self, group: str) -> tuple[gdstk.Cell, tuple[int, int]]:
        """The cell of a group and its origin in the package."""
        if group not in self._groups:
            x, y = self._masks.groups.get(group, (0, 0))
            self._groups[group] = self._new(group), (x, y)
            self.top.add(gdstk.Reference(self._groups[group][0], (to_um(x), to_um(y))))
        return self._groups[group]


def _array(cell: gdstk.Cell, array: Array) -> gdstk.Reference:
    origin = to_um(array.x), to_um(array.y)
    if array.columns * array.rows == 1:
        return gdstk.Reference(cell, origin)
    # A lone row or column gets a pitch too: some readers refuse an array without one.
    pitch_x, pitch_y = array.pitch_x or array.pitch_y, array.pitch_y or array.pitch_x
    return gdstk.Reference(
        cell, origin, columns=array.columns, rows=array.rows, spacing=(to_um(pitch_x), to_um(pitch_y))
    )


def _polygon(ring: Points, mask: Mask, datatype: int) -> gdstk.Polygon:
    return gdstk.Polygon((array_to_um(ring) @ _COMPLEX).tolist(), layer=mask.layer, datatype=datatype)


def _name_net(element: gdstk.Polygon | gdstk.Reference, net: str) -> None:
    """Give an element its net as a property."""
    if 0 < len(net) <= _PROPERTY_LIMIT:
        element.set_gds_property(NET_PROPERTY, net)


def _pin_names(terminals: Sequence[PlacedCell], places: Points, mask: Mask) -> Iterable[gdstk.Label]:
    for pad, place in zip(terminals, array_to_um(places).tolist(), strict=True):
        pin = pad.terminal.partition(".")[2] or pad.terminal
        yield gdstk.Label(pin, place, layer=mask.layer, texttype=mask.pin_datatype)


def _labels(masks: Masks, mask: Mask) -> Iterable[gdstk.Label]:
    for label in masks.labels[mask.name]:
        yield gdstk.Label(label.text, (to_um(label.x), to_um(label.y)), layer=mask.layer, texttype=mask.label_datatype)


def _require_whole(path: Path) -> None:
    """The writer says nothing when the disk is full; a whole file ends with its end-of-library record."""
    with path.open("rb") as file:
        file.seek(-min(4, path.stat().st_size), os.SEEK_END)
        if file.read() != _END_OF_LIBRARY:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
