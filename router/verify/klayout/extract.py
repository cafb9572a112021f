"""Electrical components by KLayout's netlist extractor, from masks alone; nets by the places of terminals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import overload

import klayout.db as kdb
import numpy as np

from router.model.design import Design
from router.model.geometry import Box
from router.model.pdk import MaskRole
from router.model.units import GRID_UM
from router.verify.klayout.layers import Layers
from router.verify.klayout.places import Place, spots, well_on
from router.verify.netlist import Extraction

# A polygon is compared, corner by corner, with all that its box holds: a supply of tens of thousands of corners, whose
# box is the package, took a minute. The boxes of long slanted traces hold many lands, each round one with a hundred
# corners: with 100 or 200 corners a part 3 700 nets take twice as long, with a dozen again, as parts are too many.
MOST_CORNERS = 50


@dataclass(frozen=True, slots=True)
class NetBoxes(Sequence[Box]):
    """The box around each extracted net, worked out when it is asked for."""

    extractor: kdb.LayoutToNetlist
    nets: tuple[kdb.Net, ...]
    regions: tuple[kdb.Region, ...]

    def __len__(self) -> int:
        return len(self.nets)

    @overload
    def __getitem__(self, index: int) -> Box: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Box]: ...
    def __getitem__(self, index: int | slice) -> Box | Sequence[Box]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        box = kdb.Box()
        for region in self.regions:
            box += self.extractor.shapes_of_net(self.nets[index], region, True).bbox()
        return Box(box.left, box.bottom, box.right, box.top)


@dataclass(frozen=True, slots=True)
class Nets:
    """The extracted components, and how to find the one at a place."""

    extractor: kdb.LayoutToNetlist
    regions: dict[str, kdb.Region]
    number: dict[str, int]
    extraction: Extraction

    def at(self, mask: str, x: int, y: int) -> int:
        """Number of the component at a place of a mask, or -1."""
        return _at(self.extractor, self.number, self.regions[mask], x, y)


def extract(layers: Layers, design: Design) -> Nets:
    """Join touching metal through cuts."""
    pdk = layers.pdk
    extractor = kdb.LayoutToNetlist("TOP", GRID_UM)
    regions = {m.name: _in_parts(layers.merged(m.name)) for m in pdk.masks if m.role in (MaskRole.METAL, MaskRole.CUT)}
    metal = [regions[level.name] for level in pdk.levels]
    for name, region in regions.items():
        extractor.register(region, name)
        extractor.connect(region)
    for via in pdk.vias:
        for level in (via.lower, via.upper):
            extractor.connect(regions[via.name], regions[level])
    extractor.extract_netlist()
    circuit = extractor.netlist().circuit_by_name("TOP")
    nets = tuple(circuit.each_net()) if circuit else ()
    number = {net.expanded_name(): index for index, net in enumerate(nets)}
    terminal = np.full(len(design.terminals), -1, dtype=np.int64)
    for number_of_level, region in enumerate(metal):
        here = {i: (t.x, t.y) for i, t in enumerate(design.terminals) if t.level == number_of_level}
        found = _located(extractor, number, region, here.values())
        for index, place in here.items():
            terminal[index] = found.get(place, -1)
    labelled: dict[str, set[int]] = defaultdict(set)
    for name, region in regions.items():
        found = _located(extractor, number, region, [(label.x, label.y) for label in layers.labels[name]])
        for label in layers.labels[name]:
            if (label.x, label.y) in found:
                labelled[label.text].add(found[label.x, label.y])
    reached = set(terminal.tolist())
    with_metal = {
        index
        for index, net in enumerate(nets)
        if index in reached or any(not extractor.shapes_of_net(net, region, True).is_empty() for region in metal)
    }
    boxes = NetBoxes(extractor, nets, tuple(regions.values()))
    return Nets(extractor, regions, number, Extraction(terminal, dict(labelled), boxes, frozenset(with_metal)))


def _in_parts(region: kdb.Region) -> kdb.Region:
    """The same area, its large polygons in parts that share edges."""
    parts = region.dup()
    parts.break_polygons(MOST_CORNERS, 0)
    parts.merged_semantics = False
    return parts


def _located(
    extractor: kdb.LayoutToNetlist, number: dict[str, int], region: kdb.Region, places: Collection[Place]
) -> dict[Place, int]:
    """Components at those of the places that lie on a region, or a step of the grid beside it: as near as the extractor
    looks for a net. That also answers for a place where there is but a cut that joins the mask elsewhere."""
    if not number:
        return {}
    amid = well_on(region.nets(extractor, 0), places)
    found = {place: number[piece.property(0)[0]] for place, piece in amid.items()}
    others = spots((place for place in places if place not in found), kdb.Box(-1, -1, 1, 1))
    near = [spot.bbox().center() for spot in others.interacting(region).each()]
    return found | {(spot.x, spot.y): _at(extractor, number, region, spot.x, spot.y) for spot in near}


def _at(extractor: kdb.LayoutToNetlist, number: dict[str, int], region: kdb.Region, x: int, y: int) -> int:
    net = extractor.probe_net(region, kdb.Point(x, y))
    return number[net.expanded_name()] if net else -1
