"""PNG pictures of a written GDSII file: one of each level and one of all, in the colours of the process."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import klayout.db as kdb
import klayout.lay as lay

from router.model.design import Design
from router.model.pdk import Level, Mask, MaskRole

# Wide enough that a 10 µm trace on a 20 mm package is still a line of its own.
_LONG_SIDE = 2400
_BACKGROUND = "#10141a"
_SOLID, _HOLLOW = 0, 1
_OUTLINES = (MaskRole.DIE, MaskRole.OUTLINE)
_DEPTH = {MaskRole.DIE: 0, MaskRole.OUTLINE: 0, MaskRole.METAL: 2, MaskRole.CUT: 3}
# Colours darker than this (of 255) are lightened until they show on the background.
_DARKEST = 150


def draw_pictures(gds: Path, design: Design, directory: Path) -> list[Path]:
    """Draw `NAME.LEVEL.png` for each level and `NAME.png` for the package. Raises OSError when a file fails."""
    view = lay.LayoutView()
    view.set_config("background-color", _BACKGROUND)
    view.set_config("grid-visible", "false")
    view.set_config("text-visible", "false")
    view.load_layout(str(gds), False)
    view.max_hier()
    pictures = [
        _draw(view, design, _masks_of(design, [level]), directory / f"{gds.stem}.{level.name}.png")
        for level in design.pdk.levels
    ]
    return [*pictures, _draw(view, design, _masks_of(design, design.pdk.levels), directory / f"{gds.stem}.png")]


def _masks_of(design: Design, levels: Iterable[Level]) -> list[Mask]:
    """The masks that belong in a picture of the levels, the lowest first: outlines, pads, metal, cuts.

    Fine levels near the die lie over the coarse ones, whose ball lands would hide them.
    """
    names = {level.name for level in levels}
    cuts = {via.name for via in design.pdk.vias if via.lower in names or via.upper in names}
    pads = {shape.mask for pad in design.pdk.pads.values() if pad.level in names for shape in pad.shapes}
    hidden = {level.name for level in design.pdk.levels} - names
    shown = [mask for mask in design.pdk.masks if mask.name in (names | cuts | pads) - hidden or mask.role in _OUTLINES]
    return sorted(shown, key=lambda mask: (_DEPTH.get(mask.role, 1), -mask.order))


def _draw(view: lay.LayoutView, design: Design, masks: Iterable[Mask], path: Path) -> Path:
    view.clear_layers()
    for mask in masks:
        view.insert_layer(view.end_layers(), _properties(mask))
    box = design.outline.grown(max(design.outline.width, design.outline.height) // 50)
    long_side = max(box.width, box.height)
    size = [max(1, round(_LONG_SIDE * side / long_side)) for side in (box.width, box.height)]
    target = kdb.DBox(*(value / 1000 for value in (box.x0, box.y0, box.x1, box.y1)))
    image = view.get_pixels_with_options(size[0], size[1], 1, 2, 0, target)
    path.write_bytes(image.to_png_data())
    return path


def _properties(mask: Mask) -> lay.LayerProperties:
    properties = lay.LayerProperties()
    properties.source = f"{mask.layer}/{mask.datatype}@1"
    properties.fill_color = properties.frame_color = _readable(mask.color)
    properties.dither_pattern = _SOLID if mask.role in (MaskRole.METAL, MaskRole.CUT) else _HOLLOW
    properties.width = 1
    properties.visible = True
    return properties


def _readable(color: str) -> int:
    """The colour `#rrggbb` as a number, lightened where it would drown in the background."""
    channels = [int(color[at : at + 2], 16) for at in (1, 3, 5)]
    lift = max(0, _DARKEST - max(channels))
    red, green, blue = (min(255, channel + lift) for channel in channels)
    return red << 16 | green << 8 | blue
