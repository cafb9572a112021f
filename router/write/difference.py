"""What differs between two layouts, as a marker database for KLayout."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import klayout.db as kdb
import klayout.rdb as rdb

from router.model.pdk import Mask
from router.verify.compare import Comparison, LayerNumber

SIDES = ("only in A", "only in B")
# Half the size, µm, of the box that marks a text.
_TEXT_MARK = 5.0
_END = b"</report-database>\n"


def layer_names(masks: tuple[Mask, ...]) -> dict[LayerNumber, str]:
    """What the layers of a process are called, as in its .lyp."""
    names = {(mask.layer, mask.label_datatype): f"{mask.name} labels" for mask in masks}
    names |= {(mask.layer, mask.pin_datatype): f"{mask.name} pins" for mask in masks}
    return names | {(mask.layer, mask.datatype): mask.name for mask in masks}


def layer_name(layer: LayerNumber, names: Mapping[LayerNumber, str]) -> str:
    number = f"{layer[0]}/{layer[1]}"
    return f"{names[layer]} {number}" if layer in names else number


def write_difference(path: Path, found: Comparison, names: Mapping[LayerNumber, str]) -> None:
    """One category a layer and side, one item a piece that differs; texts as boxes about their places.

    Raises OSError when the file cannot be written.
    """
    database = rdb.ReportDatabase("difference")
    database.description = "Geometric difference of two layouts"
    database.top_cell_name = found.top
    cell = database.create_cell(found.top)
    categories: dict[str, rdb.RdbCategory] = {}
    for name, shape, text in _items(found, names):
        if name not in categories:
            categories[name] = database.create_category(name)
        item = database.create_item(cell.rdb_id(), categories[name].rdb_id())
        item.add_value(shape)
        item.add_value(text)
    try:
        database.save(str(path))
        whole = path.read_bytes().endswith(_END)
    except RuntimeError as error:
        raise OSError(errno.EIO, str(error)) from None
    if not whole:
        # The writer says nothing when the disk is full at the very end.
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _items(found: Comparison, names: Mapping[LayerNumber, str]) -> Iterator[tuple[str, kdb.DPolygon | kdb.DBox, str]]:
    for layer in found.layers:
        for side, region in zip(SIDES, (layer.only_a, layer.only_b), strict=True):
            for piece in region.each():
                area = f"{piece.area() * found.dbu**2:.6g} µm²"
                yield f"{layer_name(layer.layer, names)} {side}", piece.to_dtype(found.dbu), area
    for text in found.texts:
        x, y = text.x * found.dbu, text.y * found.dbu
        box = kdb.DBox(x - _TEXT_MARK, y - _TEXT_MARK, x + _TEXT_MARK, y + _TEXT_MARK)
        yield f"{layer_name(text.layer, names)} texts {SIDES[not text.only_in_a]}", box, text.text
