"""What pictures are drawn on: a dark view of KLayout's with layers of its own, and the PNG file of a window in it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import klayout.db as kdb
import klayout.lay as lay

from router.model.design import Design
from router.model.units import to_um

SOLID, HOLLOW = 0, 1
_BACKGROUND = "#10141a"
# The margin round a package is one part in so many of its longer side.
_MARGIN = 50


def open_view() -> lay.LayoutView:
    """A view without grid and texts."""
    view = lay.LayoutView()
    view.set_config("background-color", _BACKGROUND)
    view.set_config("grid-visible", "false")
    view.set_config("text-visible", "false")
    return view


def layer_of(source: str, colour: int, stipple: int, *, width: int = 1) -> lay.LayerProperties:
    """How the shapes of a layer are drawn: `source` as KLayout names it (layer/datatype@layout), `colour` 0xRRGGBB,
    and `width` of their edges, pixels."""
    properties = lay.LayerProperties()
    properties.source = source
    properties.fill_color = properties.frame_color = colour
    properties.dither_pattern = stipple
    properties.width = width
    properties.visible = True
    return properties


def draw(
    view: lay.LayoutView, layers: Iterable[lay.LayerProperties], window: kdb.DBox, size: tuple[int, int], path: Path
) -> None:
    """Write a window (µm) of what the view shows as a PNG of so many pixels, the first layer at the bottom. Raises
    OSError when it cannot be written."""
    view.max_hier()
    view.clear_layers()
    for properties in layers:
        view.insert_layer(view.end_layers(), properties)
    path.write_bytes(view.get_pixels_with_options(*size, 1, 2, 0, window).to_png_data())


def package_window(design: Design, long_side: int) -> tuple[kdb.DBox, tuple[int, int]]:
    """A window (µm) that shows a package, and its size in pixels, `long_side` the longer one."""
    box = design.outline.grown(max(design.outline.width, design.outline.height) // _MARGIN)
    longest = max(box.width, box.height)
    width, height = (max(1, round(long_side * side / longest)) for side in (box.width, box.height))
    return kdb.DBox(*map(to_um, box.bounds)), (width, height)
