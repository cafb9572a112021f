"""How long nets are: by level, against the least that joins their ends, and the table nets.csv."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Set
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from router.model.design import Design
from router.model.geometry import line_length
from router.model.layout import Layout, Trace
from router.model.units import to_um
from router.plan.decompose import spanning_tree


@dataclass(frozen=True, slots=True)
class NetLengths:
    """`routed` (nets, levels): length of the centre lines of routed traces. `shortest` (nets,): what joins the ends of
    each net, the distance of two, a spanning tree of more, which branches may undercut. nm."""

    routed: NDArray[np.float64]
    shortest: NDArray[np.float64]


def routed_traces(layout: Layout) -> list[Trace]:
    """All traces but fixed ones, whose length is none of the router's."""
    return [trace for trace in layout.traces if not trace.fixed]


def net_lengths(design: Design, layout: Layout) -> NetLengths:
    """The lengths of all nets of a layout."""
    routed = np.zeros((len(design.nets), len(design.pdk.levels)))
    for trace in routed_traces(layout):
        routed[trace.net, trace.level] += line_length(trace.points)
    shortest = [sum(length for _, _, length in spanning_tree(design, net)) for net in design.nets]
    return NetLengths(routed, np.array(shortest, dtype=np.float64))


def write_nets(path: Path, design: Design, layout: Layout, lengths: NetLengths, unrouted: Set[str]) -> None:
    """One row a net, in the order of the package: its class, how many ends it has, whether all of them are joined, its
    length against the shortest way, its vias, and its length on each level; µm."""
    vias = Counter(via.net for via in layout.vias)
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        levels = [f"{level.name}_um" for level in design.pdk.levels]
        rows.writerow(["net", "class", "ends", "routed", "length_um", "shortest_um", "vias", *levels])
        for index, net in enumerate(design.nets):
            told = (net.name, net.net_class, len(net.ends), "no" if net.name in unrouted else "yes")
            by_level = lengths.routed[index]
            rows.writerow([*told, _um(by_level.sum()), _um(lengths.shortest[index]), vias[index], *map(_um, by_level)])


def _um(nm: float) -> str:
    return f"{to_um(float(nm)):.3f}"
