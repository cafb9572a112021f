"""A routed layout → what a mask shop takes: merged boundaries alone, flat, and masks.json that says what they are."""

from __future__ import annotations

import errno
import hashlib
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import gdstk
import klayout.db as kdb
import numpy as np

from router.model.errors import InputError
from router.model.geometry import MOST_VERTICES, Points
from router.model.pdk import Mask, MaskRole, Pdk
from router.model.units import GRID_UM, NM_PER_UM, to_um
from router.verify.merge import merge
from router.verify.smallest import smallest_space, smallest_width
from router.verify.stream import flat_region, read_layout, read_library
from router.write.fracture import fracture
from router.write.gds import cell_name
from router.write.jsonfile import write_json
from router.write.oasis import write_oasis

VIEW = {"view": "bottom", "seen": "from the ball side, looking at the active faces"}
# What is drawn to place and to read by; the process makes no mask of it.
NO_MASK = {
    MaskRole.OUTLINE: "the package outline: no mask is made of it",
    MaskRole.DIE: "places of dies: no mask is made of them",
}


def layout_facts(gds: Path, pdk: Pdk) -> dict[str, Any]:
    """What report.json keeps so that masks can be made of a result alone: which file was judged, and its masks."""
    keys = ("name", "layer", "datatype", "pin_datatype", "label_datatype", "role", "color", "polarity", "order")
    masks = [{key: getattr(mask, key) for key in keys} for mask in pdk.masks]
    return {"file": gds.name, "sha256": sha256(gds), "masks": masks}


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_masks(
    gds: Path, masks: Sequence[Mask], directory: Path, facts: dict[str, Any], *, one_file: bool, oasis: bool
) -> dict[str, Any]:
    """Write one file a mask, or one for all, and `masks.json`: `facts` and what is found in the files as written.

    A file's name begins with that of `gds`; its only cell has that name too. Returns what masks.json says. Raises
    InputError when `gds` cannot be read or holds no mask, OSError when a file cannot be written.
    """
    layout = read_layout(gds)
    flat = {mask: flat_region(layout, mask.layer, mask.datatype) for mask in sorted(masks, key=lambda mask: mask.order)}
    left_out = {mask: why for mask, region in flat.items() if (why := _why_left_out(mask, region))}
    drawn = [(mask, fracture(region)) for mask, region in flat.items() if mask not in left_out]
    if not drawn:
        raise InputError(str(gds), "no shape on any mask", "a routed layout")
    made = []
    for together in [drawn] if one_file else [[each] for each in drawn]:
        path = directory / f"{gds.stem}.{'masks' if one_file else _file_name(together[0][0])}.gds"
        _write(path, cell_name(gds.stem), together)
        if oasis:
            write_oasis(path, path.with_suffix(".oas"))
            path.unlink()
        made += _measured(path.with_suffix(".oas") if oasis else path, [mask for mask, _ in together])
    outline = next((region.bbox() for mask, region in flat.items() if mask.role is MaskRole.OUTLINE), kdb.Box())
    said = {
        **facts,
        **VIEW,
        "database_unit_um": GRID_UM,
        "most_vertices": MOST_VERTICES,
        "outline_um": [to_um(v) for v in (outline.left, outline.bottom, outline.right, outline.top)],
        "masks": made,
        "left_out": [
            {"name": mask.name, "layer": mask.layer, "datatype": mask.datatype, "why": why}
            for mask, why in left_out.items()
        ],
    }
    write_json(directory / "masks.json", said)
    return said


def _why_left_out(mask: Mask, region: kdb.Region) -> str | None:
    return "no shapes" if region.is_empty() else NO_MASK.get(mask.role)


def _file_name(mask: Mask) -> str:
    """The mask's number in the process makes it unlike any other, whatever its name is cut to."""
    return f"{mask.order:02}_{re.sub(r'[^A-Za-z0-9+-]', '_', mask.name)}"


def _write(path: Path, cell: str, drawn: Sequence[tuple[Mask, list[kdb.Polygon]]]) -> None:
    layout = kdb.Layout()
    layout.dbu = GRID_UM
    top = layout.create_cell(cell)
    for mask, polygons in drawn:
        shapes = top.shapes(layout.layer(mask.layer, mask.datatype))
        for polygon in polygons:
            shapes.insert(polygon)
    options = kdb.SaveLayoutOptions()
    options.format = "GDS2"
    options.gds2_libname = cell
    options.gds2_max_vertex_count = MOST_VERTICES
    options.gds2_write_timestamps = False
    options.write_context_info = False
    try:
        layout.write(str(path), options)
    except RuntimeError as error:
        raise OSError(errno.EIO, str(error).removesuffix(" in Layout.write")) from None


def _measured(path: Path, masks: Sequence[Mask]) -> list[dict[str, Any]]:
    """What a written file holds of each mask; lengths in µm. Raises OSError when it is not whole."""
    try:
        library, digest = read_library(path), sha256(path)
    except InputError:
        # KLayout's writer says nothing when the disk is full at the very end.
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from None
    cells = [cell for cell in library.top_level() if isinstance(cell, gdstk.Cell)]
    polygons = [polygon for cell in cells for polygon in cell.polygons]
    return [
        {
            "name": mask.name,
            "file": path.name,
            "sha256": digest,
            "layer": mask.layer,
            "datatype": mask.datatype,
            "order": mask.order,
            "role": mask.role.value,
            "polarity": mask.polarity,
            **_geometry(_rings(polygons, mask)),
        }
        for mask in masks
    ]


def _rings(polygons: Sequence[gdstk.Polygon], mask: Mask) -> list[Points]:
    here = [polygon for polygon in polygons if (polygon.layer, polygon.datatype) == (mask.layer, mask.datatype)]
    return [np.rint(polygon.points * NM_PER_UM).astype(np.int64) for polygon in here]


def _geometry(rings: Sequence[Points]) -> dict[str, Any]:
    region = merge(rings)
    points = np.concatenate(rings)
    return {
        "extent_um": [to_um(v) for v in (*points.min(axis=0).tolist(), *points.max(axis=0).tolist())],
        "polygons": len(rings),
        "islands": region.islands,
        "area_um2": round(float(region.areas().sum()) / 1e6, 6),
        "smallest_width_um": _um(smallest_width(region)),
        "smallest_space_um": _um(smallest_space(region)),
    }


def _um(nm: float | None) -> float | None:
    return None if nm is None else round(to_um(nm), 4)
