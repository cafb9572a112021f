"""Electrical components by KLayout's netlist extractor, from masks alone; nets by the places of terminals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
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
    places = [(metal[t.level], t.x, t.y) for t in design.terminals]
    terminal = np.array([_at(extractor, number, *place) for place in places], dtype=np.int64)
    labelled: dict[str, set[int]] = defaultdict(set)
    for name, region in regions.items():
        for label in layers.labels[name]:
            found = _at(extractor, number, region, label.x, label.y)
            if found >= 0:
                labelled[label.text].add(found)
    reached = set(terminal.tolist())
    with_metal = {
        index
        for index, net in enumerate(nets)
        if index in reached or any(not extractor.shapes_of_net(net, region, True).is_empty() for region in metal)
    }
    boxes = NetBoxes(extractor, nets, tuple(regions.values()))
    return Nets(extractor, regions, number, Extraction(terminal, dict(labelled), boxes, frozenset(with_metal)))


def _at(extractor: kdb.LayoutToNetlist, number: dict[int, int], region: kdb.Region, x: int, y: int) -> int:
    net = extractor.probe_net(region, kdb.Point(x, y))
    return number[net.cluster_id] if net else -1
