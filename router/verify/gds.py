"""GDSII → polygons and labels by mask: the only thing the judge knows of a layout."""

from __future__ import annotations

from pathlib import Path

import gdstk
import numpy as np

from router.model.errors import InputError
from router.model.geometry import Points
from router.model.layout import MaskLabel
from router.model.pdk import Pdk
from router.verify.kernels.records import record_chain

_PROBLEMS = {
    1: "no GDSII header",
    2: "a record of impossible length",
    3: "an end within a record",
    4: "no ENDLIB record",
}


def read_masks(gds: Path, pdk: Pdk) -> tuple[dict[str, list[Points]], dict[str, list[MaskLabel]]]:
    """Rings (n, 2) in nm and labels of every mask, from all top cells, flattened.

    Raises InputError when the file cannot be read, is cut short, is no GDSII, has another database unit than 1 nm, or
    holds nothing on any mask of the process.
    """
    _require_whole(gds)
    unit, precision = gdstk.gds_units(gds)
    if abs(precision - 1e-9) > 1e-15:
        raise InputError(str(gds), f"a database unit of {precision:g} m", "1e-09 m (1 nm)")
    library = gdstk.read_gds(gds)
    to_nm = float(unit / precision)
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


def _require_whole(gds: Path) -> None:
    try:
        content = np.fromfile(gds, dtype=np.uint8)
    except OSError as error:
        raise InputError(str(gds), error.strerror or "an error", "a readable GDSII file") from error
    problem, at = record_chain(content)
    if problem:
        found = "an empty file" if not content.size else f"{_PROBLEMS[problem]} at byte {at}"
        raise InputError(str(gds), found, "a whole GDSII file")
