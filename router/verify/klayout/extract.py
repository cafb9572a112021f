"""Electrical components by KLayout's netlist extractor, from masks alone; nets by the places of terminals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import overload

import klayout.db as kdb
import numpy as np

from router.model.design import Design
from router.model.geometry import Box
from router.model.pdk import MaskRole
from router.verify.klayout.layers import DBU_UM, Layers
from router.verify.netlist import Extraction


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
    number: dict[int, int]
    extraction: Extraction

    def at(self, mask: str, x: int, y: int) -> int:
        """Number of the component at a place of a mask, or -1."""
        return _at(self.extractor, self.number, self.regions[mask], x, y)


def extract(layers: Layers, design: Design) -> Nets:
    """Join touching metal through cuts."""
    pdk = layers.pdk
    extractor = kdb.LayoutToNetlist("TOP", DBU_UM)
    regions = {m.name: layers.merged(m.name) for m in pdk.masks if m.role in (MaskRole.METAL, MaskRole.CUT)}
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
    number = {net.cluster_id: index for index, net in enumerate(nets)}
    terminal = np.full(len(design.terminals), -1, dtype=np.int64)
    for number_of_level, region in enumerate(metal):
        here = {i: (t.x, t.y) for i, t in enumerate(design.terminals) if t.level == number_of_level}
        covered = _covered(region, here.values())
        for index, place in here.items():
            if place in covered:
                terminal[index] = _at(extractor, number, region, *place)
    labelled: dict[str, set[int]] = defaultdict(set)
    for name, region in regions.items():
        covered = _covered(region, [(label.x, label.y) for label in layers.labels[name]])
        for label in layers.labels[name]:
            if (label.x, label.y) in covered:
                labelled[label.text].add(_at(extractor, number, region, label.x, label.y))
    reached = set(terminal.tolist())
    with_metal = {
        index
        for index, net in enumerate(nets)
        if index in reached or any(not extractor.shapes_of_net(net, region, True).is_empty() for region in metal)
    }
    boxes = NetBoxes(extractor, nets, tuple(regions.values()))
    return Nets(extractor, regions, number, Extraction(terminal, dict(labelled), boxes, frozenset(with_metal)))


def _covered(region: kdb.Region, places: Iterable[tuple[int, int]]) -> set[tuple[int, int]]:
    """The places on a region, or a step of the grid beside it: as near as the extractor looks for a net. That also
    answers for a place where there is but a cut that joins the mask elsewhere."""
    spots = kdb.Region()
    spots.merged_semantics = False
    for x, y in places:
        spots.insert(kdb.Box(x - 1, y - 1, x + 1, y + 1))
    return {(spot.bbox().left + 1, spot.bbox().bottom + 1) for spot in spots.interacting(region).each()}


def _at(extractor: kdb.LayoutToNetlist, number: dict[int, int], region: kdb.Region, x: int, y: int) -> int:
    net = extractor.probe_net(region, kdb.Point(x, y))
    return number[net.cluster_id] if net else -1
