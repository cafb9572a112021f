"""Electrical components from merged metal and cuts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from router.model.design import Design
from router.model.geometry import Box
from router.model.layout import MaskLabel
from router.model.pdk import MaskRole, Pdk
from router.verify.locate import islands_near, overlaps
from router.verify.netlist import Extraction
from router.verify.region import Ints, Region, box_of


@dataclass(frozen=True, slots=True)
class Components:
    """What hangs together. `component[mask]` (islands,) numbers the component of each island of a metal or cut mask;
    `titles` are the nets on each component, or the label texts of components without a net."""

    component: Mapping[str, Ints]
    titles: tuple[tuple[str, ...], ...]

    def nets_of(self, mask: str, islands: Sequence[int]) -> tuple[str, ...]:
        """Names of the nets on islands of a mask; empty for masks that conduct nothing."""
        if mask not in self.component:
            return ()
        return tuple(sorted({name for i in islands for name in self.titles[self.component[mask][i]]}))


def connect(
    regions: Mapping[str, Region], labels: Mapping[str, Sequence[MaskLabel]], design: Design
) -> tuple[Components, Extraction]:
    """Join touching metal through cuts, and find the nets by the places of their terminals."""
    component, count = _join(regions, design.pdk)
    terminal = np.full(len(design.terminals), -1, dtype=np.int64)
    for level, entry in enumerate(design.pdk.levels):
        here = [i for i, t in enumerate(design.terminals) if t.level == level]
        places = np.array([(design.terminals[i].x, design.terminals[i].y) for i in here], dtype=np.float64)
        island = islands_near(places.reshape(-1, 2), regions[entry.name])
        on_metal = np.flatnonzero(island >= 0)
        terminal[np.array(here, dtype=np.int64)[on_metal]] = component[entry.name][island[on_metal]]
    metal = {
        c
        for name, numbers in component.items()
        if design.pdk.mask(name).role is MaskRole.METAL
        for c in numbers.tolist()
    }
    boxes = _component_boxes(component, count, regions)
    extraction = Extraction(terminal, _labelled(component, regions, labels), boxes, frozenset(metal))
    return Components(component, extraction.titles(design)), extraction


def _join(regions: Mapping[str, Region], pdk: Pdk) -> tuple[dict[str, Ints], int]:
    masks = [mask.name for mask in pdk.masks if mask.role in (MaskRole.METAL, MaskRole.CUT)]
    offset = dict(zip(masks, np.cumsum([0] + [regions[name].islands for name in masks]).tolist(), strict=False))
    total = sum(regions[name].islands for name in masks)
    links = [np.empty((0, 2), dtype=np.int64)]
    for via in pdk.vias:
        for metal in (via.lower, via.upper):
            shift = np.array([offset[via.name], offset[metal]])
            links.append(overlaps(regions[via.name], regions[metal]) + shift)
    pairs = np.concatenate(links)
    graph = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(total, total))
    count, number = connected_components(graph, directed=False) if total else (0, np.empty(0, dtype=np.int64))
    return {name: number[offset[name] : offset[name] + regions[name].islands] for name in masks}, int(count)


def _labelled(
    component: Mapping[str, Ints], regions: Mapping[str, Region], labels: Mapping[str, Sequence[MaskLabel]]
) -> dict[str, set[int]]:
    """For each label text the components it lies on."""
    found: dict[str, set[int]] = defaultdict(set)
    for mask, texts in labels.items():
        if mask not in component or not texts:
            continue
        places = np.array([(label.x, label.y) for label in texts], dtype=np.float64)
        for label, island in zip(texts, islands_near(places, regions[mask]).tolist(), strict=True):
            if island >= 0:
                found[label.text].add(int(component[mask][island]))
    return found


def _component_boxes(component: Mapping[str, Ints], count: int, regions: Mapping[str, Region]) -> list[Box]:
    bounds = np.tile([np.inf, np.inf, -np.inf, -np.inf], (count, 1))
    for name, numbers in component.items():
        boxes = regions[name].boxes()
        np.minimum.at(bounds[:, :2], numbers, boxes[:, :2])
        np.maximum.at(bounds[:, 2:], numbers, boxes[:, 2:])
    return [box_of(bound) for bound in bounds]
