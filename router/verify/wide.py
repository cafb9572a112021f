"""Spacing beside wide metal."""

from __future__ import annotations

import numpy as np
import shapely

from router.model.pdk import Rule
from router.verify.edges import face, reversed_edges
from router.verify.findings import Findings, Layers, no_findings
from router.verify.merge import flattened
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
    """The edges of metal wider than `width`: of what is left when it shrinks by half of that and grows again.

    Edges that cut off narrower metal are among them; nothing is seen from those but through that metal.
    """
    boxes = region.boxes()
    islands = np.flatnonzero((boxes[:, 2:] - boxes[:, :2] > width).all(axis=1) & (region.areas() > width * width))
    core = shapely.buffer(region.shapes(islands), -width / 2, join_style="mitre")
    thick = shapely.area(core) > 0
    opened = flattened(shapely.buffer(core[thick], width / 2, join_style="mitre"), islands[thick])
    return opened.edges, opened.owner


def _projection(onto: Floats, edges: Floats) -> Floats:
    """Length of each edge's shadow on the other one."""
    direction = onto[:, 2:] - onto[:, :2]
    square = (direction**2).sum(axis=1)
    shares = [((edges[:, i : i + 2] - onto[:, :2]) * direction).sum(axis=1) / square for i in (0, 2)]
    first, last = (np.clip(share, 0.0, 1.0) for share in shares)
    shadow: Floats = np.abs(last - first) * np.sqrt(square)
    return shadow
