"""Two layouts compared as geometry: what covers the same area is the same, however it is cut into polygons and cells.

A text counts by what it says and where, however often it stands there.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import klayout.db as kdb

from router.model.errors import InputError
from router.model.geometry import Box
from router.verify.stream import flat_region, read_layout

LayerNumber = tuple[int, int]
Text = tuple[str, int, int]


@dataclass(frozen=True)
class LayerDifference:
    """One layer of two layouts, merged: `common` is in both. Not slotted, so that places are kept once asked for."""

    layer: LayerNumber
    dbu: float
    only_a: kdb.Region
    only_b: kdb.Region
    common: kdb.Region

    @property
    def same(self) -> bool:
        return bool(self.only_a.is_empty() and self.only_b.is_empty())

    @cached_property
    def places(self) -> tuple[Box, ...]:
        """The boxes of the differences, from left to right; differences that touch are one place. Database units."""
        boxes = [piece.bbox() for piece in (self.only_a + self.only_b).merged().each()]
        return tuple(sorted((Box(b.left, b.bottom, b.right, b.top) for b in boxes), key=lambda box: box.bounds))

    def area_um2(self, region: kdb.Region) -> float:
        return float(region.area()) * self.dbu**2


@dataclass(frozen=True, slots=True)
class TextDifference:
    """A text on a layer at a place (database units) that only one of the layouts has there."""

    layer: LayerNumber
    text: str
    x: int
    y: int
    only_in_a: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """All layers of either layout, in order of their numbers, and the texts that differ. `top` is a top cell of the
    first layout, `dbu` in µm."""

    top: str
    dbu: float
    layers: tuple[LayerDifference, ...]
    texts: tuple[TextDifference, ...]

    @property
    def same(self) -> bool:
        return not self.texts and all(layer.same for layer in self.layers)


def compare(a: Path, b: Path) -> Comparison:
    """Compare two layout files, flat, layer by layer. Raises InputError for a file that cannot be read, and for
    database units that differ."""
    layouts = read_layout(a), read_layout(b)
    dbu, other = (layout.dbu for layout in layouts)
    if abs(dbu - other) > 1e-9 * dbu:
        raise InputError(str(b), f"a database unit of {other:g} µm", f"{dbu:g} µm, as in {a}")
    numbers = sorted({(info.layer, info.datatype) for layout in layouts for info in layout.layer_infos()})
    layers, texts = [], []
    for number in numbers:
        one, two = (flat_region(layout, *number) for layout in layouts)
        if not (one.is_empty() and two.is_empty()):
            layers.append(_compare_layer(number, dbu, one, two))
        texts += _compare_texts(number, *(_texts(*each, number) for each in zip((a, b), layouts, strict=True)))
    top = next((cell.name for cell in layouts[0].top_cells()), "")
    return Comparison(top, dbu, tuple(layers), tuple(texts))


def _compare_layer(number: LayerNumber, dbu: float, a: kdb.Region, b: kdb.Region) -> LayerDifference:
    """Islands that both have drop out first: merged islands do not overlap, so the others meet none of them."""
    if Counter(a.each()) == Counter(b.each()):
        return LayerDifference(number, dbu, kdb.Region(), kdb.Region(), a.merged())
    islands_a: set[kdb.Polygon] = set(a.merged().each())
    islands_b: set[kdb.Polygon] = set(b.merged().each())
    shared = islands_a & islands_b
    rest_a, rest_b = _sorted(islands_a - shared), _sorted(islands_b - shared)
    return LayerDifference(number, dbu, rest_a - rest_b, rest_b - rest_a, _sorted(shared) + (rest_a & rest_b))


def _sorted(polygons: set[kdb.Polygon]) -> kdb.Region:
    """A region of merged polygons in an order that does not depend on their hashes."""
    region = kdb.Region(sorted(polygons))
    region.merged_semantics = False
    return region


def _texts(path: Path, layout: kdb.Layout, number: LayerNumber) -> set[Text]:
    """What the texts of a layer say, and where."""
    found: set[Text] = set()
    layer = layout.find_layer(*number)
    if layer is None:
        return found
    for top in layout.top_cells():
        every = top.begin_shapes_rec(layer)
        every.shape_flags = kdb.Shapes.STexts
        for each in every.each():
            text = each.shape().text.transformed(each.trans())
            try:
                found.add((text.string, text.x, text.y))
            except RuntimeError:
                raise InputError(str(path), "a text that is not UTF-8", "texts that can be read") from None
    return found


def _compare_texts(number: LayerNumber, a: set[Text], b: set[Text]) -> list[TextDifference]:
    return [
        TextDifference(number, *text, only_in_a)
        for only_in_a, more in ((True, a - b), (False, b - a))
        for text in sorted(more)
    ]
