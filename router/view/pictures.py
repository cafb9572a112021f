"""PNG pictures of a written GDSII file: one of each level and one of all, in the colours of the process."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from urllib.parse import quote

import klayout.db as kdb
import klayout.lay as lay

from router.model.design import Design
from router.model.pdk import Level, Mask, MaskRole
from router.view.canvas import HOLLOW, SOLID, draw, layer_of, open_view, package_window

# Wide enough that a 10 µm trace on a 20 mm package is still a line of its own.
_LONG_SIDE = 2400
# Keep-outs: KLayout's line style of two dashes, and a muted violet.
_DASHED, _KEEPOUT = 3, 0xB090C0
_OUTLINES = (MaskRole.DIE, MaskRole.OUTLINE)
_DEPTH = {MaskRole.DIE: 0, MaskRole.OUTLINE: 0, MaskRole.METAL: 2, MaskRole.CUT: 3}
# Colours darker than this (of 255) are lightened until they show on the background.
_DARKEST = 150


def draw_pictures(gds: Path, design: Design, directory: Path) -> list[Path]:
    """Draw `NAME.LEVEL.png` for each level and `NAME.png` for the package, with outlines of the keep-outs that hold
    there, which no mask holds. Raises OSError when a file fails."""
    view = open_view()
    view.load_layout(str(gds), False)
    view.show_layout(_keepouts(design), True)
    # A level may have any name that GDSII holds, slashes too.
    paths = [directory / f"{gds.stem}.{quote(level.name, safe='+')}.png" for level in design.pdk.levels]
    pictures = [_draw(view, design, [level], path) for level, path in zip(design.pdk.levels, paths, strict=True)]
    return [*pictures, _draw(view, design, design.pdk.levels, directory / f"{gds.stem}.png")]


def _keepouts(design: Design) -> kdb.Layout:
    """The keep-outs as a layout of its own, those of level k on layer k."""
    layout = kdb.Layout()
    top = layout.create_cell("KEEPOUTS")
    for keepout in design.keepouts:
        polygon = kdb.Polygon([kdb.Point(x, y) for x, y in keepout.ring.tolist()])
        for level in keepout.levels:
            top.shapes(layout.layer(level, 0)).insert(polygon)
    return layout


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


def _draw(view: lay.LayoutView, design: Design, levels: Sequence[Level], path: Path) -> Path:
    layers = [_mask_layer(mask) for mask in _masks_of(design, levels)]
    layers += [_keepout_layer(design.pdk.level_index(level.name)) for level in levels]
    draw(view, layers, *package_window(design, _LONG_SIDE), path)
    return path


def _mask_layer(mask: Mask) -> lay.LayerProperties:
    stipple = SOLID if mask.role in (MaskRole.METAL, MaskRole.CUT) else HOLLOW
    return layer_of(f"{mask.layer}/{mask.datatype}@1", _readable(mask.color), stipple)


def _keepout_layer(level: int) -> lay.LayerProperties:
    properties = layer_of(f"{level}/0@2", _KEEPOUT, HOLLOW, width=2)
    properties.line_style = _DASHED
    return properties


def _readable(color: str) -> int:
    """The colour `#rrggbb` as a number, lightened where it would drown in the background."""
    channels = [int(color[at : at + 2], 16) for at in (1, 3, 5)]
    lift = max(0, _DARKEST - max(channels))
    red, green, blue = (min(255, channel + lift) for channel in channels)
    return red << 16 | green << 8 | blue
