"""What junctions keep from when they move: lands and cuts of their own nets, and metal of others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from math import ceil

import numpy as np
import shapely
from numpy.typing import NDArray

from router.draw.junctions import Meetings
from router.maze.footprint import via_footprint
from router.maze.lattice import cut_distance
from router.maze.obstacles import edge_bands, land_obstacle
from router.model.design import Design
from router.model.layout import Via

# Half as far again as two cuts of a net have to be apart, the traces between them may have bends.
WITH_BENDS = 1.5


def ragged(rows: Sequence[Sequence[Sequence[float]]], width: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Where the rows of each begin (m + 1,), and all of them (n, width)."""
    first = np.cumsum([0, *(len(row) for row in rows)], dtype=np.int64)
    return first, np.array([one for row in rows for one in row], dtype=np.float64).reshape(-1, width)


def pads_of(vias: tuple[Via, ...]) -> list[tuple[Via, int]]:
    """The capture pads of vias, each as its via and its level."""
    return [(via, level) for via in vias for level in (via.index, via.index + 1)]


def pad_sizes(design: Design, vias: tuple[Via, ...]) -> NDArray[np.float64]:
    """What capture pads ask for, (n, 4) over `pads_of`: a circle round each, as `kernels.clear` reads
    a trace's size, and wide enough for the distance of cuts."""
    pdk = design.pdk

    @cache
    def asked(net_class: str, index: int, level: int) -> tuple[int, int]:
        c = design.classes[net_class]
        shape = via_footprint(pdk, pdk.levels[level], pdk.vias[index], c.widths[level], c.spacings[level])
        return shape.half + shape.slack, shape.spacing

    rows = [(0, *asked(design.nets[via.net].net_class, via.index, level), via.net) for via, level in pads_of(vias)]
    return np.array(rows, dtype=np.float64).reshape(-1, 4)


def pairs_within(places: NDArray[np.int64], boxes: NDArray[np.float64], far: float) -> list[tuple[int, int]]:
    """Places (m, 2) and boxes (n, 4) that are no farther apart along either axis than that: which and which, in
    order."""
    tree = shapely.STRtree(shapely.box(*boxes.T))
    one, other = tree.query(shapely.box(*(places - far).T, *(places + far).T))
    order = np.lexsort((other, one))
    return list(zip(one[order].tolist(), other[order].tolist(), strict=True))


def near_lands(
    design: Design, found: Meetings, vias: tuple[Via, ...], sizes: NDArray[np.float64], most: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:  # fmt: skip
    """Lands of its own net near each junction with cuts that moves so far at most, as `kernels.junctions` reads them.

    sizes (n, 4): of the pads of all cuts.
    """
    largest: dict[tuple[str, int], float] = defaultdict(float)
    for (via, level), half in zip(pads_of(vias), sizes[:, 1].tolist(), strict=True):
        kind = design.nets[via.net].net_class, level
        largest[kind] = max(largest[kind], half)
    lands = land_rows(design, largest)
    owners = design.net_of_terminal()
    near: list[list[list[float]]] = [[] for _ in found.nets]
    places = np.array(found.places, dtype=np.int64)
    for c, t in pairs_within(places, lands[:, 3:7], most + float(lands[:, -1].max(initial=0))):
        level = design.terminals[t].level
        if owners[t] == found.nets[c] and level in found.levels[c] and found.has_cut(c):
            near[c].append(lands[t].tolist())
    return ragged(near, 9)


def land_rows(design: Design, largest: dict[tuple[str, int], float]) -> NDArray[np.float64]:
    """The land of each terminal as `kernels.junctions` reads them (n, 9), for the largest capture pads that each class
    has on each level; those of classes without are left empty."""
    owners = design.net_of_terminal()
    of_kind: dict[tuple[str, int], list[int]] = defaultdict(list)
    for t, (net, terminal) in enumerate(zip(owners, design.terminals, strict=True)):
        if net >= 0:
            of_kind[design.nets[net].net_class, terminal.level].append(t)
    rows = np.zeros((len(owners), 9))
    for net_class, level in of_kind.keys() & largest.keys():
        alike, half = of_kind[net_class, level], largest[net_class, level]
        lands = [land_obstacle(design, t, owners[t]) for t in alike]
        least, most = min(half, design.classes[net_class].widths[level] / 2), half
        inner, outer = edge_bands(
            design.pdk.levels[level], lands, np.full(len(alike), least), np.full(len(alike), most), int(half)
        )
        rows[alike, 0] = level
        rows[alike, 1:3] = [(design.terminals[t].x, design.terminals[t].y) for t in alike]
        rows[alike, 3:7] = [land.core for land in lands]
        rows[alike, 7], rows[alike, 8] = inner, outer
    return rows


def near_junctions(
    design: Design, found: Meetings, most: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:  # fmt: skip
    """Other junctions of its net near each, where both have cuts and may come to each other, as `kernels.junctions`
    reads them."""
    apart = [ceil(WITH_BENDS * cut_distance(design.pdk, level)) for level in range(len(design.pdk.levels))]
    places = np.array(found.places, dtype=np.int64).reshape(-1, 2)
    rows: list[list[tuple[int, ...]]] = [[] for _ in found.nets]
    for c, k in pairs_within(places, np.hstack([places, places]).astype(np.float64), 2 * most + max(apart)):
        shared = found.levels[c] & found.levels[k]
        if c != k and found.nets[c] == found.nets[k] and shared and found.has_cut(c) and found.has_cut(k):
            rows[c].append((k, max(apart[level] for level in shared), int(found.levels[c] == found.levels[k])))
    return ragged(rows, 3)
