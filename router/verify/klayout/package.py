"""What a package asks of its layout beside the rules of the process, on KLayout's engine: pads and keep-outs."""

from __future__ import annotations

from collections.abc import Iterator

import klayout.db as kdb

from router.model.design import Design
from router.model.geometry import Box
from router.model.layout import Fault
from router.verify.klayout.extract import Nets
from router.verify.klayout.layers import Layers
from router.verify.klayout.marks import Mark, of_polygons

# Places tested lie this far inside the nominal outline of a pad, nm.
INSIDE = 5


def pad_faults(layers: Layers, design: Design) -> list[Fault]:
    """A fault for each terminal that lacks a shape of its style: its centre or one of its four extremes is bare."""
    faults = []
    for mask in sorted({shape.mask for style in design.pdk.pads.values() for shape in style.shapes}):
        places: dict[tuple[int, int], list[int]] = {}
        for index, terminal in enumerate(design.terminals):
            style = design.pdk.pads.get(terminal.pad)
            for shape in style.shapes if style else ():
                if shape.mask == mask:
                    sides = (shape.height, shape.width) if terminal.rotated else (shape.width, shape.height)
                    rx, ry = (side // 2 - INSIDE for side in sides)
                    for dx, dy in ((0, 0), (rx, 0), (-rx, 0), (0, ry), (0, -ry)):
                        places.setdefault((terminal.x + dx, terminal.y + dy), []).append(index)
        spots = kdb.Region()
        spots.merged_semantics = False
        for x, y in places:
            spots.insert(kdb.Box(x, y, x + 1, y + 1))
        bare = {
            index
            for spot in spots.not_inside(layers.merged(mask)).each()
            for index in places[spot.bbox().left, spot.bbox().bottom]
        }
        for index in sorted(bare):
            t = design.terminals[index]
            box = Box(t.x, t.y, t.x, t.y).grown(max(t.width, t.height) // 2)
            faults.append(Fault("missing_pad", (), (f"{t.id} on {mask}",), box))
    return faults


def keepout_marks(layers: Layers, design: Design, nets: Nets) -> Iterator[tuple[str, str, Mark]]:
    """Name of the keep-out, level and place, for metal inside one unless it belongs to no net."""
    titles = nets.extraction.titles(design)
    for keepout in design.keepouts:
        forbidden = kdb.Region(kdb.Polygon([kdb.Point(x, y) for x, y in keepout.ring.tolist()]))
        for level in (design.pdk.levels[index].name for index in keepout.levels):
            for polygon in layers.merged(level).interacting(forbidden).each():
                inside = (kdb.Region(polygon) & forbidden).merged().with_area(2, None, False)
                corner = polygon.point_hull(0)
                net = nets.at(level, corner.x, corner.y)
                if net >= 0 and titles[net]:
                    yield from ((keepout.name, level, mark) for mark in of_polygons(inside))
