"""Spacing beside wide metal."""

from __future__ import annotations

import numpy as np
import shapely

from router.model.pdk import Rule
from router.verify.edges import face, reversed_edges
from router.verify.findings import Findings, Layers, no_findings
from router.verify.region import Floats, Owners, Region


def wide_space(rule: Rule, layers: Layers) -> Findings:
    """Gaps below `value` beside metal wider than `width` where both sides run along each other for > `run_length`."""
    region = layers.regions[rule.masks[0]]
    wide, owner = _wide_edges(region, rule.width)
    if not len(wide):
        return no_findings()
    edges = reversed_edges(np.concatenate([wide, region.edges]))
    owners = np.concatenate([owner, region.owner])
    found = face(edges, owners, len(wide), rule.value, one_owner=False, euclidian=False)
    one, other = edges[found.pairs[:, 0]], edges[found.pairs[:, 1]]
    along = np.maximum(_projection(one, other), _projection(other, one)) > rule.run_length + 1e-3
    findings = found.findings(owners)
    return Findings(np.sort(findings.islands[along], axis=1), findings.actual[along], findings.boxes[along])


def _wide_edges(region: Region, width: int) -> tuple[Floats, Owners]:
    """The parts of edges that bound metal wider than `width`: what is left when it shrinks and grows again by half."""
    boxes = region.boxes()
    islands = np.flatnonzero((boxes[:, 2:] - boxes[:, :2] > width).all(axis=1) & (region.areas() > width * width))
    core = shapely.buffer(region.shapes(islands), -width / 2, join_style="mitre")
    islands, core = islands[shapely.area(core) > 0], core[shapely.area(core) > 0]
    # A nanometre more, as the edges of the metal are looked for on the border of what comes out.
    opened = shapely.buffer(core, width / 2 + 1, join_style="mitre")
    order = np.full(region.islands, -1)
    order[islands] = np.arange(len(islands))
    candidates = np.flatnonzero(order[region.owner] >= 0)
    lines = shapely.linestrings(region.edges[candidates].reshape(-1, 2, 2))
    parts, of = shapely.get_parts(
        shapely.intersection(lines, opened[order[region.owner[candidates]]]), return_index=True
    )
    long_enough = shapely.length(parts) > 3
    parts, of = parts[long_enough], candidates[of[long_enough]]
    pieces = shapely.get_coordinates(parts).reshape(-1, 4)
    whole = region.edges[of]
    against = ((pieces[:, 2:] - pieces[:, :2]) * (whole[:, 2:] - whole[:, :2])).sum(axis=1) < 0
    pieces[against] = pieces[against][:, [2, 3, 0, 1]]
    return pieces, region.owner[of]


def _projection(onto: Floats, edges: Floats) -> Floats:
    """Length of each edge's shadow on the other one."""
    direction = onto[:, 2:] - onto[:, :2]
    square = (direction**2).sum(axis=1)
    shares = [((edges[:, i : i + 2] - onto[:, :2]) * direction).sum(axis=1) / square for i in (0, 2)]
    first, last = (np.clip(share, 0.0, 1.0) for share in shares)
    shadow: Floats = np.abs(last - first) * np.sqrt(square)
    return shadow
