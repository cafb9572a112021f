"""What a package asks of its layout beside the rules of the process, on KLayout's engine: pads and keep-outs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import klayout.db as kdb
import numpy as np

from router.model.design import Design
from router.model.layout import Fault
from router.verify.klayout.extract import Nets
from router.verify.klayout.layers import Layers
from router.verify.klayout.marks import Mark, of_polygons
from router.verify.klayout.places import uncovered
from router.verify.klayout.room import compact, off_pads
from router.verify.pads import missing_pads, pad_places


def pad_faults(layers: Layers, design: Design) -> list[Fault]:
    """A fault for each terminal that lacks a shape of its style: its centre, an extreme or a corner is bare."""
    faults = []
    for mask, (places, owners) in pad_places(design).items():
        at: dict[tuple[int, int], list[int]] = defaultdict(list)
        for (x, y), owner in zip(places.tolist(), owners.tolist(), strict=True):
            at[x, y].append(owner)
        pads = np.split(places, np.flatnonzero(np.diff(owners)) + 1)
        doubtful = off_pads((list(map(tuple, pad.tolist())) for pad in pads), compact(layers.drawn[mask]))
        bare = [owner for place in uncovered(layers.merged(mask), doubtful) for owner in at[place]]
        faults += missing_pads(mask, np.array(bare, dtype=np.int64), design)
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
