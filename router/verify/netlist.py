"""Layout against netlist: what an engine extracted, the nets on it, and every fault of connectivity."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from scipy.spatial import cKDTree

from router.model.design import Design, Net
from router.model.geometry import Box
from router.model.layout import Fault
from router.verify.region import Floats, Ints


@dataclass(frozen=True, slots=True)
class Extraction:
    """Electrical components, numbered from 0, as extracted from masks and labels.

    `terminal` (terminals,) is the component at each terminal of the design, -1 without metal; `labelled` has for each
    label text the components it lies on; `boxes` (components,) surround them; `metal` are those with metal, which
    leaves out cuts that touch none.
    """

    terminal: Ints
    labelled: Mapping[str, set[int]]
    boxes: Sequence[Box]
    metal: frozenset[int]

    def names(self, design: Design) -> tuple[tuple[str, ...], ...]:
        """For each component the nets on it, by the terminals it reaches."""
        found: list[set[str]] = [set() for _ in range(len(self.boxes))]
        for index, owner in enumerate(design.net_of_terminal()):
            if owner >= 0 and self.terminal[index] >= 0:
                found[self.terminal[index]].add(design.nets[owner].name)
        return tuple(tuple(sorted(names)) for names in found)

    def titles(self, design: Design) -> tuple[tuple[str, ...], ...]:
        """The names, or the label texts of components without a net."""
        texts: dict[int, set[str]] = defaultdict(set)
        for text, where in self.labelled.items():
            for c in where:
                texts[c].add(text)
        return tuple(names or tuple(sorted(texts[c])) for c, names in enumerate(self.names(design)))


def connectivity_faults(extraction: Extraction, design: Design) -> list[Fault]:
    """Opens, shorts, unreached terminals, nets without a label or with a foreign one, metal that belongs to nothing."""
    faults: list[Fault] = []
    for net in design.nets:
        faults += _net_faults(net, extraction, design)
    faults += _shorts(extraction, design)
    faults += _wrong_labels(extraction, design)
    titles = extraction.titles(design)
    for c in sorted(extraction.metal - set(extraction.terminal.tolist())):
        faults.append(Fault("floating", titles[c], (), extraction.boxes[c]))
    return faults


def _net_faults(net: Net, extraction: Extraction, design: Design) -> list[Fault]:
    """Terminals without metal, then whether the others are one piece, then whether that carries the net's name."""
    reach = extraction.terminal
    missing = [t for end in net.ends for t in end.terminals if reach[t] < 0]
    faults = [Fault("unreached", (net.name,), (design.terminals[t].id,), _box_around(design, [t])) for t in missing]
    reached = [end for end in ([t for t in end.terminals if reach[t] >= 0] for end in net.ends) if end]
    metal = [[int(reach[t]) for t in end] for end in reached]
    first: dict[int, int] = {}
    for piece, end in zip(_pieces(metal), reached, strict=True):
        first.setdefault(piece, end[0])
    heads = sorted(first.values())
    names = tuple(design.terminals[t].id for t in heads)
    if len(heads) > 1:
        faults.append(Fault("open", (net.name,), names, _box_around(design, heads)))
    elif len(net.ends) > 1 and not missing and extraction.labelled.get(net.name, set()).isdisjoint(chain(*metal)):
        faults.append(Fault("missing_label", (net.name,), names, _box_around(design, heads)))
    return faults


def _pieces(ends: Sequence[Sequence[int]]) -> list[int]:
    """For each end of a net, which reaches some components and joins them, a number that its whole piece has."""
    joined: dict[int, int] = {}

    def root(component: int) -> int:
        while (above := joined.setdefault(component, component)) != component:
            joined[component] = joined[above]
            component = above
        return component

    for end in ends:
        for component in end:
            joined[root(component)] = root(end[0])
    return [root(end[0]) for end in ends]


def _box_around(design: Design, terminals: Sequence[int]) -> Box:
    return Box.around(design.lands.places[terminals])


def _shorts(extraction: Extraction, design: Design) -> list[Fault]:
    """Components with two nets, or with a net and a terminal that has none."""
    owner = np.array(design.net_of_terminal(), dtype=np.int64)
    reached = np.flatnonzero(extraction.terminal >= 0)
    reached = reached[np.argsort(extraction.terminal[reached], kind="stable")]
    _, first = np.unique(extraction.terminal[reached], return_index=True)
    groups = np.split(reached, first[1:])
    return [_short(group, owner[group], design) for group in groups if np.ptp(owner[group]) > 0] if len(reached) else []


def _short(terminals: Ints, owner: Ints, design: Design) -> Fault:
    """Terminals on one component whose nets (-1 for none) are not all the same: a terminal of each net, the one that
    lies nearest to a foreign one, and all that have no net. The place is between the two that are nearest of all: where
    the metal of a net ends and that of another begins can no longer be told."""
    distance, foreign = _nearest_foreign(design.lands.places[terminals], owner)
    near = np.argsort(distance, kind="stable").tolist()
    nearest = [near[0], int(foreign[near[0]])]
    of_net: dict[str, str] = {}
    for k in (*nearest, *near):
        if owner[k] >= 0:
            of_net.setdefault(design.nets[owner[k]].name, design.terminals[terminals[k]].id)
    names = tuple(sorted(of_net))
    guests = sorted(design.terminals[t].id for t in terminals[owner < 0])
    told = (*(of_net[name] for name in names), *guests)
    return Fault("short", names, told, _box_around(design, terminals[nearest].tolist()))


def _nearest_foreign(places: Ints, owner: Ints) -> tuple[Floats, Ints]:
    """For each place the nearest one of another owner and how far it is: owners differ in a bit of their numbers."""
    distance, foreign = np.full(len(places), np.inf), np.zeros(len(places), dtype=np.int64)
    _, number = np.unique(owner, return_inverse=True)
    for bit in range(int(number.max()).bit_length()):
        odd = (number >> bit & 1).astype(bool)
        for here, there in ((np.flatnonzero(odd), np.flatnonzero(~odd)), (np.flatnonzero(~odd), np.flatnonzero(odd))):
            found, which = cKDTree(places[there]).query(places[here])
            nearer = found < distance[here]
            distance[here[nearer]], foreign[here[nearer]] = found[nearer], there[which[nearer]]
    return distance, foreign


def _wrong_labels(extraction: Extraction, design: Design) -> list[Fault]:
    """Texts on metal of nets, none of which has that name; the text stands first among the nets."""
    names = extraction.names(design)
    return [
        Fault("wrong_label", (text, *names[c]), (), extraction.boxes[c])
        for text, where in sorted(extraction.labelled.items())
        for c in sorted(where)
        if names[c] and text not in names[c]
    ]
