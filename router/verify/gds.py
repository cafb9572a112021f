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
    than 1 nm, holds nothing on any mask of the process, or a path of a single point, which not all readers draw.
    """
    library = read_library(gds)
    drawn = {(mask.layer, mask.datatype) for mask in pdk.masks}
    cells = (cell for cell in library.cells if isinstance(cell, gdstk.Cell))
    paths = (path for cell in cells for path in cell.paths if len(path.spine()) < 2)
    if any(drawn.intersection(zip(path.layers, path.datatypes, strict=True)) for path in paths):
        raise InputError(str(gds), "a path of a single point", "paths of two points or more")
    try:
        rings, labels = rings_and_labels(library, pdk)
    except TypeError:
        raise InputError(str(gds), "a label that is no text in UTF-8", "labels that can be read") from None
    if not any(rings.values()):
        raise InputError(str(gds), "no polygon on any mask", f"a layout in the process {pdk.name}")
    return rings, labels


def rings_and_labels(library: gdstk.Library, pdk: Pdk) -> tuple[dict[str, list[Points]], dict[str, list[MaskLabel]]]:
    """Rings (n, 2) in nm and labels of every mask, from all top cells with all they place: any depth, arrays, paths."""
    to_nm = float(library.unit / library.precision)
    tops = [cell for cell in library.top_level() if isinstance(cell, gdstk.Cell)]
    rings: dict[str, list[Points]] = {}
    for mask in pdk.masks:
        found = [p.points for cell in tops for p in cell.get_polygons(layer=mask.layer, datatype=mask.datatype)]
        ends = np.cumsum([len(points) for points in found]).tolist()
        # Rounded all at once, as there are thousands.
        together = np.rint(np.concatenate(found) * to_nm).astype(np.int64) if found else np.empty((0, 2), np.int64)
        rings[mask.name] = [together[start:end] for start, end in zip([0, *ends], ends, strict=False)]
    labels: dict[str, list[MaskLabel]] = {mask.name: [] for mask in pdk.masks}
    named = {(mask.layer, mask.label_datatype): mask.name for mask in pdk.masks}
    texts = [label for cell in tops for label in cell.get_labels() if (label.layer, label.texttype) in named]
    places = np.rint(np.array([label.origin for label in texts]).reshape(-1, 2) * to_nm).astype(np.int64).tolist()
    for label, (x, y) in zip(texts, places, strict=True):
        labels[named[label.layer, label.texttype]].append(MaskLabel(label.text, x, y))
    return rings, labels
