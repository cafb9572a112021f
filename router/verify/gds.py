"""A layout file → polygons and labels by mask: the only thing the judge knows of a layout."""

from __future__ import annotations

from pathlib import Path

import gdstk
import numpy as np

from router.model.errors import InputError
from router.model.geometry import Points
from router.model.layout import MaskLabel
from router.model.pdk import Pdk
from router.verify.stream import read_library


def read_masks(gds: Path, pdk: Pdk) -> tuple[dict[str, list[Points]], dict[str, list[MaskLabel]]]:
    """Rings (n, 2) in nm and labels of every mask, from all top cells, flattened.

    Raises InputError when the file cannot be read, is cut short, is neither GDSII nor OASIS, has another database unit
    than 1 nm, or holds nothing on any mask of the process.
    """
    library = read_library(gds)
    to_nm = float(library.unit / library.precision)
    rings: dict[str, list[Points]] = {mask.name: [] for mask in pdk.masks}
    labels: dict[str, list[MaskLabel]] = {mask.name: [] for mask in pdk.masks}
    drawn = {(mask.layer, mask.datatype): mask.name for mask in pdk.masks}
    named = {(mask.layer, mask.label_datatype): mask.name for mask in pdk.masks}
    for cell in library.top_level():
        if not isinstance(cell, gdstk.Cell):
            continue
        for polygon in cell.get_polygons(apply_repetitions=True, include_paths=True, depth=None):
            mask = drawn.get((polygon.layer, polygon.datatype))
            if mask is not None:
                rings[mask].append(np.rint(np.asarray(polygon.points) * to_nm).astype(np.int64))
        for label in cell.get_labels(apply_repetitions=True, depth=None):
            mask = named.get((label.layer, label.texttype))
            if mask is not None:
                x, y = np.rint(np.asarray(label.origin, dtype=np.float64) * to_nm).astype(int).tolist()
                labels[mask].append(MaskLabel(label.text, x, y))
    if not any(rings.values()):
        raise InputError(str(gds), "no polygon on any mask", f"a layout in the process {pdk.name}")
    return rings, labels
