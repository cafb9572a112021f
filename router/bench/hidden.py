"""Packages that can be routed for certain: traces were drawn first, and all but their ends forgotten.

As number puzzles of pairs to be joined are made. What a router leaves of them says how far it is from what can be done.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import networkx as nx
import numpy as np

from router.bench.package import build, part
from router.model.design import Design
from router.model.units import NM_PER_UM as UM
from router.read.library import find_pdk
from router.read.pdk import read_pdk

# The ends of a trace lie at least so many steps apart; when so many beginnings have led nowhere, all is full.
NEAREST, TRIES = 3, 100
_PDK = "fanout_10um"
# Lands as wide as traces: 10/10 µm pass each other wherever nodes lie a track apart.
_LAND = 10

Node = tuple[int, int]


def hidden40() -> Design:
    """On 40 × 40 nodes at 22 µm, two more than a track takes, six of ten taken."""
    return hidden(0, 40, 22.0)


def hidden(seed: int, side: int, pitch: float, off: float = 0.0, share: float = 0.6) -> Design:
    """A package on one level whose traces took this `share` of `side` × `side` nodes at a `pitch` of so many µm. Lands
    lie `off` their nodes by chance, by up to so many µm, which leaves room for a track where it is half of what the
    pitch has to spare."""
    rng = np.random.default_rng(seed)
    ways = draw_ways(rng, side, share)
    ends = np.array([[way[0], way[-1]] for way in ways]) - (side - 1) / 2
    places = np.rint(ends * pitch * UM + rng.uniform(-off, off, ends.shape) * UM).astype(np.int64)
    names = [f"N{k}" for k in range(len(ways))]
    dies = [part(die, "bump", _LAND, names, places[:, k], names) for k, die in enumerate("AB")]
    edge = side * pitch + 60
    package: dict[str, Any] = {"name": f"hidden{side}", "pdk": _PDK, "levels": 1, "outline": [edge, edge], "die": dies}
    pdk = read_pdk(find_pdk(_PDK), levels=1)
    # Lands alone: openings are wider than these.
    pads = {name: replace(pad, shapes=(pad.land,)) for name, pad in pdk.pads.items()}
    return build(package, replace(pdk, pads=pads))


def draw_ways(rng: np.random.Generator, side: int, share: float) -> list[list[Node]]:
    """Ways over nodes that no other way takes, until they have taken this share of all."""
    field = nx.grid_2d_graph(side, side)
    ways, taken, tries = list[list[Node]](), 0, 0
    while taken < share * side**2 and tries < TRIES:
        # Steps cost more or less by chance: ways are not straight.
        for _, _, step in field.edges(data=True):
            step["weight"] = 1 + rng.exponential()
        nodes = list(field)
        start = nodes[rng.integers(len(nodes))]
        found = nx.single_source_dijkstra_path(field, start)
        far = [end for end in found if abs(end[0] - start[0]) + abs(end[1] - start[1]) >= NEAREST]
        if not far:
            tries += 1
            continue
        ways.append(found[far[rng.integers(len(far))]])
        field.remove_nodes_from(ways[-1])
        taken += len(ways[-1])
    return ways
