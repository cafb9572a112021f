"""What differs between two layouts: as text, and as a picture."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import klayout.db as kdb

from router.verify.compare import Comparison, LayerDifference, LayerNumber
from router.view.canvas import HOLLOW, SOLID, draw, layer_of, open_view
from router.write.difference import SIDES, layer_name

_MOST_LINES = 20
_SIZE = 1200
_COMMON, _ONLY_A, _ONLY_B, _FRAME = 0x50606C, 0xE05050, 0x50B0F0, 0xF0D040
# Places smaller than this share of the picture get a frame that much larger, so that a nanometre can be found.
_FRAMED = 0.02
# What is shown around the places, µm, beside an eighth of their extent.
_AROUND = 20.0


def difference_text(found: Comparison, names: Mapping[LayerNumber, str]) -> str:
    """A line a layer with its areas, then the places and texts that differ, then the verdict."""
    rows: list[tuple[str, ...]] = [("layer", *SIDES, "common", "places")]
    for layer in found.layers:
        areas = (f"{layer.area_um2(region):.6g}" for region in (layer.only_a, layer.only_b, layer.common))
        rows.append((layer_name(layer.layer, names), *areas, str(len(layer.places))))
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = [
        row[0].ljust(widths[0]) + "".join(f"  {cell:>{width}}" for cell, width in zip(row[1:], widths[1:], strict=True))
        for row in rows
    ]
    lines[0] += "   (areas in µm²)"
    details = [line for layer in found.layers for line in _place_lines(layer, names)]
    for text in found.texts:
        at = f"({text.x * found.dbu:.9g}, {text.y * found.dbu:.9g})"
        details.append(f"{layer_name(text.layer, names)}: text {text.text!r} at {at} µm {SIDES[not text.only_in_a]}")
    lines += details[:_MOST_LINES]
    if len(details) > _MOST_LINES:
        lines.append(f"… {len(details) - _MOST_LINES} more")
    places = sum(len(layer.places) for layer in found.layers)
    layers = sum(not layer.same for layer in found.layers)
    verdict = f"DIFFERENT in {places} places on {layers} layers, and in {len(found.texts)} texts"
    return "\n".join([*lines, "the same" if found.same else verdict])


def _place_lines(layer: LayerDifference, names: Mapping[LayerNumber, str]) -> list[str]:
    if layer.same:
        return []
    lines = []
    for box in layer.places[: _MOST_LINES + 1]:
        x0, y0, x1, y1 = (f"{value * layer.dbu:.9g}" for value in box.bounds)
        lines.append(f"{layer_name(layer.layer, names)}: ({x0}, {y0}) to ({x1}, {y1}) µm")
    return lines


def draw_difference(found: Comparison, path: Path) -> None:
    """A PNG of the differing places and what is around them: grey in both, red only in A, blue only in B.

    Yellow frames mark small places. Raises OSError when it cannot be written.
    """
    window = _window(found)
    view = open_view()
    view.show_layout(_drawing(found, int(max(window.width(), window.height()) * _FRAMED)), False)
    styles = ((_COMMON, SOLID), (_ONLY_A, SOLID), (_ONLY_B, SOLID), (_FRAME, HOLLOW))
    layers = [layer_of(f"{number}/0@1", *style) for number, style in enumerate(styles, 1)]
    draw(view, layers, window.to_dtype(found.dbu), (_SIZE, _SIZE), path)


def _window(found: Comparison) -> kdb.Box:
    """All places that differ, and what is around them; the whole layout where none does."""
    window = kdb.Box()
    for layer in found.layers:
        window += layer.only_a.bbox() + layer.only_b.bbox() + (layer.common.bbox() if found.same else kdb.Box())
    for text in found.texts:
        window += kdb.Point(text.x, text.y)
    margin = max(window.width(), window.height()) // 8 + round(_AROUND / found.dbu)
    return window.enlarged(margin, margin)


def _drawing(found: Comparison, least: int) -> kdb.Layout:
    """Layers 1 to 4: what is in both, only in A, only in B, and frames about places smaller than `least`."""
    layout = kdb.Layout()
    layout.dbu = found.dbu
    top = layout.create_cell("DIFFERENCE")
    common, only_a, only_b, frames = (top.shapes(layout.layer(number, 0)) for number in range(1, 5))
    for layer in found.layers:
        if found.same or not layer.same:
            common.insert(layer.common)
            only_a.insert(layer.only_a)
            only_b.insert(layer.only_b)
        for box in (place for place in layer.places if max(place.width, place.height) < least):
            frames.insert(kdb.Box(*box.bounds).enlarged(least, least))
    for text in found.texts:
        at = kdb.Point(text.x, text.y)
        frames.insert(kdb.Box(at, at).enlarged(least, least))
    return layout
