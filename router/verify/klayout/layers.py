"""A layout file → merged regions and labels by mask, as KLayout reads it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import klayout.db as kdb

from router.model.errors import InputError
from router.model.geometry import Box
from router.model.layout import MaskLabel
from router.model.pdk import MaskRole, Pdk
from router.model.units import GRID_UM
from router.verify.klayout.room import compact
from router.verify.stream import flat_region, read_layout

# Rules are checked on a grid this much finer than 1 nm: the engine rounds the corners of merged polygons, the ends of
# edges and the distances it compares to its grid.
GRAIN = 10
# Coordinates (nm) up to which there is room for that; farther out, rules are checked on the grid of the file.
ROOM = 100_000_000
# Edges are cut to this length (nm) before they are compared: the engine sorts edges by their boxes, and those of long
# diagonals cover the whole package (1 024 nets: 34 s whole, 0.5 s cut).
PIECE = 50_000


@dataclass(frozen=True)
class Layers:
    """What is drawn on each mask, by its name, with the process and the outline it is judged by.

    Nets are extracted from the `merged` region, in nm. Rules are checked on a finer grid, on which 1 nm is `grain`
    units: `of`, `pads` and `pieces`.
    """

    pdk: Pdk
    outline: Box
    grain: int
    drawn: dict[str, kdb.Region]
    labels: dict[str, list[MaskLabel]]
    _merged: dict[str, kdb.Region] = field(default_factory=dict, repr=False)
    _fine: dict[str, kdb.Region] = field(default_factory=dict, repr=False)
    _pads: dict[str, kdb.Shapes] = field(default_factory=dict, repr=False)
    _pieces: dict[str, kdb.Edges] = field(default_factory=dict, repr=False)

    def merged(self, mask: str) -> kdb.Region:
        """The polygons of a mask, in nm."""
        if mask not in self._merged:
            self._merged[mask] = self.drawn[mask].merged()
        return self._merged[mask]

    def of(self, mask: str) -> kdb.Region:
        """The polygons of a mask, on the finer grid."""
        if mask not in self._fine:
            self._fine[mask] = self._as_drawn(mask).merged()
        return self._fine[mask]

    def pads(self, mask: str) -> kdb.Shapes:
        """What may be pads on a mask, as they are drawn, on the finer grid."""
        if mask not in self._pads:
            self._pads[mask] = compact(self._as_drawn(mask))
        return self._pads[mask]

    def _as_drawn(self, mask: str) -> kdb.Region:
        return self.drawn[mask].transformed(kdb.ICplxTrans(self.grain))

    def pieces(self, mask: str) -> kdb.Edges:
        """The boundary of a mask in edges no longer than `PIECE`, which stay apart."""
        if mask not in self._pieces:
            self._pieces[mask] = pieces(self.of(mask), self.grain)
        return self._pieces[mask]

    def is_metal(self, mask: str) -> bool:
        return self.pdk.mask(mask).role is MaskRole.METAL


def read_layers(layout_file: Path, pdk: Pdk, outline: Box) -> Layers:
    """All top cells, flattened. Raises InputError when the file is not whole, or its unit is not 1 nm."""
    layout = read_layout(layout_file)
    if abs(layout.dbu - GRID_UM) > 1e-9:
        raise InputError(str(layout_file), f"a database unit of {layout.dbu:g} µm", "0.001 µm (1 nm)")
    drawn = {mask.name: flat_region(layout, mask.layer, mask.datatype) for mask in pdk.masks}
    labels = {mask.name: _labels(layout, mask.layer, mask.label_datatype) for mask in pdk.masks}
    boxes = [top.bbox() for top in layout.top_cells()]
    has_room = all(box.empty() or max(-box.left, -box.bottom, box.right, box.top) <= ROOM for box in boxes)
    return Layers(pdk, outline, GRAIN if has_room else 1, drawn, labels)


def _labels(layout: kdb.Layout, layer: int, datatype: int) -> list[MaskLabel]:
    found = []
    for top in layout.top_cells():
        shapes = top.begin_shapes_rec(layout.layer(layer, datatype))
        while not shapes.at_end():
            if shapes.shape().is_text():
                text = shapes.shape().text.transformed(shapes.trans())
                found.append(MaskLabel(text.string, text.x, text.y))
            shapes.next()
    return found


def pieces(region: kdb.Region, grain: int) -> kdb.Edges:
    """The boundary of a region in edges no longer than `PIECE`, which stay apart."""
    longest = PIECE * grain
    edges = region.edges()
    # Edges of merged polygons are whole; merging them again would take longer than all that follows.
    edges.merged_semantics = False
    cut = kdb.Edges()
    cut.merged_semantics = False
    cut.insert(edges.with_length(None, longest, False))
    for edge in edges.with_length(longest, None, False).each():
        count = edge.length() // longest + 1
        ends = [kdb.Point(edge.x1 + edge.dx() * i // count, edge.y1 + edge.dy() * i // count) for i in range(count + 1)]
        for i in range(count):
            cut.insert(kdb.Edge(ends[i], ends[i + 1]))
    return cut
