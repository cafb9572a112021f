"""Spacing beside wide metal."""

from __future__ import annotations

from functools import cache

import numpy as np
import shapely

from router.model.pdk import Rule
from router.verify.edges import face
from router.verify.findings import Findings, Layers, no_findings
from router.verify.kernels.depth import go_deep
from router.verify.kernels.facing import facing
from router.verify.merge import as_region
from router.verify.region import Floats, Region

# Shadows on an edge that leave less than this (nm) free between them leave nothing.
SLIVER = 1e-3
# Edges lie on one line where they are nearer to it than this, nm, as the ends of slanted ones were computed; runs are
# longer than a rule's where they are by more than this: those along x and y are whole numbers.
NEAR, JUST = 0.1, 0.5
# The ends of an edge, metal on its left, as they are taken where its free side is to be on the left.
FREE_LEFT = [2, 3, 0, 1]


def wide_space(rule: Rule, layers: Layers) -> Findings:
    """Gaps below `value` beside metal wider than `width` where both sides run along each other for > `run_length`."""
    region = layers.regions[rule.masks[0]]
    wide = _wide_metal(region, rule.width, rule.run_length)
    if not len(wide.edges):
        return no_findings()
    found = face(wide.outwards(), region.outwards(), rule.value, euclidian=False)
    one, other = wide.edges[found.pairs[:, 0]], region.edges[found.pairs[:, 1]]
    along = _run(one, other) > rule.run_length + JUST
    island_edges = cache(lambda island: region.edges[region.owner == island])
    for k in np.flatnonzero(along).tolist():
        sides = _on_boundary(one[k], island_edges(found.islands[k, 0]))
        along[k] = any(_runs_beside(side, other[k], rule) for side in sides)
    return Findings(np.sort(found.islands[along], axis=1), found.gaps[along], found.boxes[along])


def _wide_metal(region: Region, width: int, run_length: int) -> Region:
    """Metal wider than `width` that has an edge of more than `run_length`, under the numbers of the islands: what is
    left when they shrink by half the width and grow again.

    Edges that cut off narrower metal are among its edges; nothing is seen from those but through that metal. All
    others lie on edges of the island, and where they do, metal goes as deep as the width behind those.
    """
    length = np.hypot(*(region.edges[:, 2:] - region.edges[:, :2]).T)
    long = np.flatnonzero(length > run_length)
    deep = long[go_deep(region.inwards(), long, float(width), SLIVER)]
    islands = np.unique(region.owner[deep]).astype(np.int64)
    whole = region.shapes(islands)
    core = shapely.buffer(whole, -width / 2, join_style="mitre")
    thick = shapely.area(core) > 0
    # At its acute corners the core grows beyond the metal.
    grown = shapely.buffer(core[thick], width / 2, join_style="mitre")
    return as_region(shapely.intersection(grown, whole[thick]), islands[thick])


def _on_boundary(edge: Floats, sides: Floats) -> Floats:
    """The parts (n, 4) of an edge of wide metal that are sides of its island: what cuts off narrower metal may go on
    where a side ends, as chords of a round land go on into the traces that leave it."""
    step = edge[2:] - edge[:2]
    length = float(np.hypot(*step))
    off = sides.reshape(-1, 2, 2) - edge[:2]
    aside = np.abs(off[..., 0] * step[1] - off[..., 1] * step[0]) / length
    shares = np.sort((off @ step) / length**2, axis=1).clip(0.0, 1.0)
    on = (aside < NEAR).all(axis=1) & (shares[:, 1] > shares[:, 0])
    return np.hstack([edge[:2] + share[:, None] * step for share in shares[on].T]).reshape(-1, 4)


def _runs_beside(side: Floats, other: Floats, rule: Rule) -> bool:
    """Whether two edges (4,) run along each other for long enough, and face each other somewhere there."""
    if _run(side[None], other[None])[0] <= rule.run_length + JUST:
        return False
    return bool(facing(side[FREE_LEFT], other[FREE_LEFT], rule.value, False, np.empty(12)))


def _run(one: Floats, other: Floats) -> Floats:
    """How far edges (n, 4) run along each other: the longer of the shadows that they cast on each other."""
    return np.maximum(_projection(one, other), _projection(other, one))


def _projection(onto: Floats, edges: Floats) -> Floats:
    """Length of each edge's shadow on the other one."""
    direction = onto[:, 2:] - onto[:, :2]
    square = (direction**2).sum(axis=1)
    shares = [((edges[:, i : i + 2] - onto[:, :2]) * direction).sum(axis=1) / square for i in (0, 2)]
    first, last = (np.clip(share, 0.0, 1.0) for share in shares)
    shadow: Floats = np.abs(last - first) * np.sqrt(square)
    return shadow
