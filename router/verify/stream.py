"""Layout files, GDSII or OASIS by their content: read whole or not at all."""

from __future__ import annotations

import warnings
from collections import Counter
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import gdstk
import klayout.db as kdb

from router.model.errors import InputError

# What KLayout says of cells that place each other in a circle.
_CIRCLE = "topological_sort"
# The HEADER record of GDSII, without the version.
_GDSII_MAGIC = b"\x00\x06\x00\x02"
_OASIS_MAGIC = b"%SEMI-OASIS\r\n"
# The END record fills the last 256 bytes of every OASIS file, and begins with its own number.
_OASIS_END_SIZE, _OASIS_END = 256, 2


def read_library(path: Path) -> gdstk.Library:
    """All cells of a layout file. Raises InputError when it is not whole, or has another database unit than 1 nm."""
    oasis = _is_oasis(path)
    _refuse_damage(path)
    precision = gdstk.oas_precision(path) if oasis else gdstk.gds_units(path)[1]
    if abs(precision - 1e-9) > 1e-15:
        raise InputError(str(path), f"a database unit of {precision:g} m", "1e-09 m (1 nm)")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            library = gdstk.read_oas(path) if oasis else gdstk.read_gds(path)
    except (RuntimeError, RuntimeWarning) as error:
        raise InputError(str(path), f"damage ({error})", _whole(oasis)) from None
    _check_cells(library, path)
    return library


def _refuse_damage(path: Path) -> None:
    """Raises InputError for what KLayout does not read. gdstk prints its own complaints about a damaged file, passes
    over records that it does not know, and may crash where one is missing."""
    try:
        read_layout(path)
    except InputError as error:
        # Cells in a circle are read by gdstk, and named.
        if _CIRCLE not in error.found:
            raise


def _check_cells(library: gdstk.Library, path: Path) -> None:
    """Raises InputError where it cannot be said what a cell holds. Cells that place each other in a circle are below no
    top cell, so all that is in them would be missing."""
    try:
        names = Counter(cell.name for cell in library.cells)
    except TypeError:
        raise InputError(str(path), "the name of a cell that is no text in UTF-8", "names that can be read") from None
    twice = next((name for name, count in names.items() if count > 1), None)
    if twice is not None:
        raise InputError(str(path), f"several cells named {twice}", "cells with names of their own")
    placed = {cell.name: [other.name for other in cell.dependencies(False)] for cell in library.cells}
    try:
        TopologicalSorter(placed).prepare()
    except CycleError as error:
        circle = " in ".join(error.args[1])
        raise InputError(str(path), f"a cell that lies within itself ({circle})", "cells without a circle") from None


def read_layout(path: Path) -> kdb.Layout:
    """The file as KLayout reads it, in its own database unit. Raises InputError when it is not whole."""
    oasis, layout = _is_oasis(path), kdb.Layout()
    try:
        layout.read(str(path))
        missing = next((cell.name for cell in layout.each_cell() if cell.is_ghost_cell()), None)
    except RuntimeError as error:
        found = str(error).removesuffix(" in Layout.read").splitlines()[0].partition(", in file:")[0]
        raise InputError(str(path), f"damage ({found})", _whole(oasis)) from None
    if missing is not None:
        raise InputError(str(path), f"a reference to the cell {missing}, which it does not hold", _whole(oasis))
    # None where the file carries no checksum.
    if oasis and gdstk.oas_validate(path)[0] is False:
        raise InputError(str(path), "another checksum than it states", _whole(oasis))
    return layout


def flat_region(layout: kdb.Layout, layer: int, datatype: int) -> kdb.Region:
    """All polygons, boxes and paths of a layer, from all top cells."""
    region, index = kdb.Region(), layout.find_layer(layer, datatype)
    if index is not None:
        for top in layout.top_cells():
            shapes = top.begin_shapes_rec(index)
            shapes.shape_flags = kdb.Shapes.SPolygons | kdb.Shapes.SBoxes | kdb.Shapes.SPaths
            # Region.insert would leave the region marked as merged (klayout 0.30).
            region += kdb.Region(shapes)
    # A region that still draws on the layout is empty once the layout is gone.
    region.flatten()
    return region


def _is_oasis(path: Path) -> bool:
    """True for OASIS, False for GDSII. Raises InputError for everything else, and for OASIS that was cut short."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(str(path), error.strerror or "an error", "a readable GDSII or OASIS file") from error
    if content.startswith(_OASIS_MAGIC):
        if len(content) < len(_OASIS_MAGIC) + _OASIS_END_SIZE or content[-_OASIS_END_SIZE] != _OASIS_END:
            raise InputError(str(path), f"no END record in its {len(content)} bytes", _whole(True))
        return True
    if not content.startswith(_GDSII_MAGIC):
        found = "no GDSII header" if content else "an empty file"
        raise InputError(str(path), found, "a whole GDSII or OASIS file")
    return False


def _whole(oasis: bool) -> str:
    return f"a whole {'OASIS' if oasis else 'GDSII'} file"
