"""What junctions keep from when they move: lands and cuts of their own nets, and what their pads ask of others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from math import ceil

import numpy as np
import shapely
from numpy.typing import NDArray

from router.draw.junctions import Meetings
from router.draw.kernels.clear import FIELDS, OWN_ROUNDING
from router.maze.footprint import via_footprint
from router.maze.lattice import pair_distances
from router.maze.obstacles import edge_bands, land_obstacles
from router.model.design import Design
from router.model.layout import Via

# Half as far again as two cuts of a net have to be apart, so that a trace between them can bend.
WITH_BENDS = 1.5


def ragged(rows: Sequence[Sequence[Sequence[int]]], width: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where the rows of each begin (m + 1,), and all of them (n, width)."""
    first = np.cumsum([0, *(len(row) for row in rows)], dtype=np.int64)
    return first, np.array([one for row in rows for one in row], dtype=np.int64).reshape(-1, width)


def first_rows(owners: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Where the rows of each of so many begin (count + 1,), whose owners (n,) rise."""
    return np.searchsorted(owners, np.arange(count + 1))


def pads_of(vias: tuple[Via, ...]) -> list[tuple[Via, int]]:
    """The capture pads of vias, each as its via and its level."""
    return [(via, level) for via in vias for level in (via.index, via.index + 1)]


def pad_sizes(design: Design, vias: tuple[Via, ...]) -> NDArray[np.float64]:
    """What capture pads ask for, (n, 5) over `pads_of`: a circle round each, wide enough for the
    distance of cuts, as `me` of `kernels.clear`."""
    pdk = design.pdk

    @cache
    def asked(net_class: str, index: int, level: int) -> tuple[int, int]:
        c, rule = design.classes[net_class], pdk.vias[index]
        shape = via_footprint(pdk, pdk.levels[level], rule, c.widths[level], c.spacings[level])
        # Pads of others stand in the grid as they are drawn: what cuts ask for beyond that is asked here alone.
        other = rule.captures[index < level] // 2 + shape.spacing
        beyond = ceil(rule.cut * rule.shape.corner) + rule.spacing - other
        return max(shape.half, beyond) + shape.slack, shape.spacing

    rows = [(0, *asked(design.nets[via.net].net_class, via.index, level), via.net, 0) for via, level in pads_of(vias)]
    return np.array(rows, dtype=np.float64).reshape(-1, FIELDS)


def pairs_of_nets(
    found: Meetings, nets: NDArray[np.int64], boxes: NDArray[np.float64], most: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:  # fmt: skip
    """Junctions, and boxes (n, 4) of the same `nets` (n,) that they come to if they move by `most` (m,) along either
    axis: which and which, in order."""
    places = np.array(found.places, dtype=np.float64).reshape(-1, 2)
    round_each = np.hstack([places - most[:, None], places + most[:, None]])
    # Each net in a plane of its own.
    everything = np.vstack([boxes, round_each])
    apart = everything[:, 2].max() - everything[:, 0].min() + 1
    shift = np.array([1.0, 0.0, 1.0, 0.0]) * apart
    tree = shapely.STRtree(shapely.box(*(boxes + nets[:, None] * shift).T))
    one, other = tree.query(shapely.box(*(round_each + np.array(found.nets)[:, None] * shift).T))
    order = np.lexsort((other, one))
    return one[order], other[order]


def level_masks(found: Meetings) -> NDArray[np.int64]:
    """The levels of each junction as bits (m,)."""
    return np.array([sum(1 << level for level in levels) for levels in found.levels], dtype=np.int64)


def with_cuts(found: Meetings) -> NDArray[np.bool_]:
    """Which junctions have cuts (m,)."""
    return np.array([found.has_cut(row) for row in range(len(found.nets))], dtype=np.bool_)


def near_lands(
    design: Design, found: Meetings, vias: tuple[Via, ...], sizes: NDArray[np.float64], most: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:  # fmt: skip
    """Lands of its own net near each junction that moves as far as `most` (m,) says, as `kernels.junctions` reads them:
    those without cuts may stand anywhere on a land.

    sizes (n, 5): of the pads of all cuts.
    """
    largest: dict[tuple[str, int], float] = defaultdict(float)
    for (via, level), half in zip(pads_of(vias), sizes[:, OWN_ROUNDING].tolist(), strict=True):
        kind = design.nets[via.net].net_class, level
        largest[kind] = max(largest[kind], half)
    lands = np.stack([land_discs(design), land_rows(design, largest)])
    owners = np.array(design.net_of_terminal(), dtype=np.int64)
    grown = lands[:, :, 3:7] + lands[:, :, 8:] * np.array([-1.0, -1.0, 1.0, 1.0])
    around = np.hstack([grown[:, :, :2].min(axis=0), grown[:, :, 2:].max(axis=0)])
    one, other = pairs_of_nets(found, owners, around, most)
    rows = lands[with_cuts(found)[one].astype(np.int64), other]
    meets = (level_masks(found)[one] >> rows[:, 0].astype(np.int64) & 1 == 1) & (rows[:, -1] > 0)
    return first_rows(one[meets], len(found.nets)), rows[meets]


def land_discs(design: Design) -> NDArray[np.float64]:
    """The land of each terminal as `kernels.junctions` reads it for branches (n, 9): the disc in it."""
    rows = [(t.level, *(t.x, t.y) * 3, *(min(t.width, t.height) / 2,) * 2) for t in design.terminals]
    return np.array(rows, dtype=np.float64).reshape(-1, 9)


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
        lands = land_obstacles(design, alike, owners)
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
    design: Design, found: Meetings, most: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:  # fmt: skip
    """Other junctions of its net near each, where both have cuts and may come to each other, as `kernels.junctions`
    reads them; most (m,): how far each moves."""
    nets, masks = np.array(found.nets, dtype=np.int64), np.where(with_cuts(found), level_masks(found), 0)
    of_class = {name: cuts_apart(design, name) for name in design.classes}
    apart = np.array([of_class[net.net_class] for net in design.nets], dtype=np.int64)
    places = np.array(found.places, dtype=np.float64).reshape(-1, 2)
    looks = (most + apart[nets].max(axis=1))[:, None]
    one, other = pairs_of_nets(found, nets, np.hstack([places - looks, places + looks]), most)
    keep = (one != other) & (masks[one] & masks[other] > 0)
    one, other = one[keep], other[keep]
    shared = (masks[one] & masks[other])[:, None] >> np.arange(apart.shape[1]) & 1
    alike = masks[one] == masks[other]
    return first_rows(one, len(nets)), np.stack(
        [other, (shared * apart[nets[one]]).max(axis=1, initial=0), alike], axis=1
    )


def cuts_apart(design: Design, net_class: str) -> list[int]:
    """How far apart two cuts of a net of this class should stand on each level, nm: the ends of its traces, where these
    are wide, do not just touch."""
    c = design.classes[net_class]
    return [
        max(ceil(WITH_BENDS * max(pair_distances(design.pdk, level))), c.widths[level] + c.spacings[level])
        for level in range(len(design.pdk.levels))
    ]
