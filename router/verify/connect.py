"""Electrical components from merged metal and cuts, the nets on them, and every fault of connectivity."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from router.model.design import Design, Net
from router.model.geometry import Box
from router.model.layout import Fault, MaskLabel
from router.model.pdk import MaskRole, Pdk
from router.verify.locate import islands_at, overlaps
from router.verify.region import Ints, Region, box_of


@dataclass(frozen=True, slots=True)
class Components:
    """What hangs together. `component[mask]` (islands,) numbers the component of each island of a metal or cut mask.

    `terminal` (terminals,) is the component at each terminal of the design, -1 without metal; `names` the nets on
    each component, by the terminals it reaches; `titles` the same, or the label texts of components without a net.
    """

    component: Mapping[str, Ints]
    count: int
    terminal: Ints
    names: tuple[tuple[str, ...], ...]
    titles: tuple[tuple[str, ...], ...]

    def nets_of(self, mask: str, islands: Sequence[int]) -> tuple[str, ...]:
        """Names of the nets on islands of a mask; empty for masks that conduct nothing."""
        if mask not in self.component:
            return ()
        return tuple(sorted({name for i in islands for name in self.titles[self.component[mask][i]]}))


def connect(regions: Mapping[str, Region], labels: Mapping[str, Sequence[MaskLabel]], design: Design) -> Components:
    """Join touching metal through cuts, and find the nets by the places of their terminals."""
    component, count = _join(regions, design.pdk)
    terminal = np.full(len(design.terminals), -1, dtype=np.int64)
    for level, entry in enumerate(design.pdk.levels):
        here = [i for i, t in enumerate(design.terminals) if t.level == level]
        places = np.array([(design.terminals[i].x, design.terminals[i].y) for i in here], dtype=np.float64)
        island = islands_at(places.reshape(-1, 2), regions[entry.name])
        on_metal = np.flatnonzero(island >= 0)
        terminal[np.array(here, dtype=np.int64)[on_metal]] = component[entry.name][island[on_metal]]
    names: list[set[str]] = [set() for _ in range(count)]
    for index, owner in enumerate(design.net_of_terminal()):
        if owner >= 0 and terminal[index] >= 0:
            names[terminal[index]].add(design.nets[owner].name)
    titles = [set(found) for found in names]
    for text, where in _labelled(component, regions, labels).items():
        for c in where:
            if not names[c]:
                titles[c].add(text)
    return Components(
        component, count, terminal, tuple(tuple(sorted(n)) for n in names), tuple(tuple(sorted(t)) for t in titles)
    )


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
        for label, island in zip(texts, islands_at(places, regions[mask]).tolist(), strict=True):
            if island >= 0:
                found[label.text].add(int(component[mask][island]))
    return found


def connectivity_faults(
    components: Components,
    regions: Mapping[str, Region],
    labels: Mapping[str, Sequence[MaskLabel]],
    design: Design,
) -> list[Fault]:
    """Opens, shorts, unreached terminals, nets without a label, metal that belongs to nothing."""
    boxes = _component_boxes(components, regions)
    labelled = _labelled(components.component, regions, labels)
    faults: list[Fault] = []
    for net in design.nets:
        faults += _net_faults(net, components, design, labelled.get(net.name, set()))
    faults += _shorts(components, design, boxes)
    reached = set(components.terminal.tolist())
    on_metal = {
        c
        for name, numbers in components.component.items()
        if design.pdk.mask(name).role is MaskRole.METAL
        for c in numbers.tolist()
    }
    for c in sorted(on_metal - reached):
        faults.append(Fault("floating", components.titles[c], (), boxes[c]))
    return faults


def _net_faults(net: Net, components: Components, design: Design, labelled: set[int]) -> list[Fault]:
    """Terminals without metal, then whether the others are one piece, then whether that carries the net's name."""
    reach = components.terminal
    missing = [t for end in net.ends for t in end.terminals if reach[t] < 0]
    faults = [Fault("unreached", (net.name,), (design.terminals[t].id,), _box_around(design, [t])) for t in missing]
    # Pieces as the components they consist of and their first terminal; an end joins all that its terminals reach.
    pieces: list[tuple[set[int], int]] = []
    for end in net.ends:
        found = [t for t in end.terminals if reach[t] >= 0]
        if found:
            mine = {int(reach[t]) for t in found}
            joined = [piece for piece in pieces if piece[0] & mine]
            whole = mine.union(*(piece[0] for piece in joined)), joined[0][1] if joined else found[0]
            pieces = [*(piece for piece in pieces if not piece[0] & mine), whole]
    heads = sorted(head for _, head in pieces)
    names = tuple(design.terminals[t].id for t in heads)
    if len(pieces) > 1:
        faults.append(Fault("open", (net.name,), names, _box_around(design, heads)))
    elif len(net.ends) > 1 and not missing and not labelled & pieces[0][0]:
        faults.append(Fault("missing_label", (net.name,), names, _box_around(design, heads)))
    return faults


def _box_around(design: Design, terminals: Sequence[int]) -> Box:
    xs, ys = [design.terminals[t].x for t in terminals], [design.terminals[t].y for t in terminals]
    return Box(min(xs), min(ys), max(xs), max(ys))


def _shorts(components: Components, design: Design, boxes: Sequence[Box]) -> list[Fault]:
    """Components with two nets, or with a net and a terminal that has none."""
    guests: dict[int, list[str]] = defaultdict(list)
    for index, owner in enumerate(design.net_of_terminal()):
        if owner < 0 and components.terminal[index] >= 0:
            guests[int(components.terminal[index])].append(design.terminals[index].id)
    return [
        Fault("short", names, tuple(sorted(guests[c])) if c in guests else (), boxes[c])
        for c, names in enumerate(components.names)
        if len(names) > 1 or (names and c in guests)
    ]


def _component_boxes(components: Components, regions: Mapping[str, Region]) -> list[Box]:
    bounds = np.tile([np.inf, np.inf, -np.inf, -np.inf], (components.count, 1))
    for name, numbers in components.component.items():
        boxes = regions[name].boxes()
        np.minimum.at(bounds[:, :2], numbers, boxes[:, :2])
        np.maximum.at(bounds[:, 2:], numbers, boxes[:, 2:])
    return [box_of(bound) for bound in bounds]
