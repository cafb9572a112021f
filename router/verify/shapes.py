"""Rules on whole shapes: size, area, pitch, centres, extent, corners."""

from __future__ import annotations

import numpy as np
import shapely
from scipy.spatial import KDTree

from router.model.pdk import Rule, RuleKind
from router.verify.findings import Findings, Layers, no_findings, of_islands
from router.verify.kernels.calipers import widths
from router.verify.locate import islands_at
from router.verify.region import Floats, Region

# What rounding may make of a length (nm), an area (nm²).
EXACT = 1e-3
# Across slanted edges a shape may be narrower by this (nm), as vertices lie on the grid, and wider by twice as much,
# as those of round shapes are moved outwards.
SIZE_SLACK = 2.0
# A vertex on the grid turns its edges by up to this (nm) over their length.
CORNER_SHIFT = 1.5


def size(rule: Rule, layers: Layers) -> Findings:
    """Every shape measures `value` across: exactly along x and y, within a few nm across slanted edges, and has
    neither a bite nor a hole in it."""
    region = layers.regions[rule.masks[0]]
    if not region.islands:
        return no_findings()
    boxes = region.boxes()
    extents = boxes[:, 2:] - boxes[:, :2]
    least, most, bite = widths(region.edges, region.owner, region.islands)
    least, most = np.minimum(least, extents.min(axis=1)), np.maximum(most, extents.max(axis=1))
    wrong = (np.abs(extents - rule.value) > EXACT).any(axis=1)
    wrong |= (least < rule.value - SIZE_SLACK) | (most > rule.value + 2 * SIZE_SLACK) | (bite > SIZE_SLACK)
    actual = np.where(np.abs(least - rule.value) > np.abs(most - rule.value), least, most)
    islands = np.flatnonzero(wrong)
    return of_islands(region, islands, actual[islands])


def area(rule: Rule, layers: Layers) -> Findings:
    """Each merged shape has at least `value` nm²."""
    region = layers.regions[rule.masks[0]]
    areas = region.areas()
    islands = np.flatnonzero(areas < rule.value - EXACT)
    return of_islands(region, islands, areas[islands])


def pitch(rule: Rule, layers: Layers) -> Findings:
    """Centres of the shapes' boxes at least `value` apart."""
    region = layers.regions[rule.masks[0]]
    if region.islands < 2:
        return no_findings()
    centres = _centres(region)
    pairs = KDTree(centres).query_pairs(rule.value - EXACT, output_type="ndarray").astype(np.int64)
    pairs = np.sort(pairs, axis=1)
    ends = np.stack([centres[pairs[:, 0]], centres[pairs[:, 1]]])
    return Findings(pairs, np.hypot(*(ends[1] - ends[0]).T), np.hstack([ends.min(axis=0), ends.max(axis=0)]))


def centre_separation(rule: Rule, layers: Layers) -> Findings:
    """Centres of a's shapes at least `value` from the edges of b; where b is the outline, inside it as well."""
    a, b = layers.regions[rule.masks[0]], layers.regions[rule.masks[1]]
    if not a.islands or not b.islands:
        return no_findings()
    centres = _centres(a)
    lines = shapely.linestrings(b.edges.reshape(-1, 2, 2))
    tree = shapely.STRtree(lines)
    near, gaps = tree.query_nearest(shapely.points(centres), all_matches=False, return_distance=True)
    gap, edge = np.empty(len(centres)), np.empty(len(centres), dtype=np.int64)
    gap[near[0]], edge[near[0]] = gaps, near[1]
    holder = islands_at(centres, b)
    wrong = gap < rule.value - EXACT
    if rule.masks[1] == layers.pdk.outline_mask.name:
        gap[holder < 0] = 0.0
        wrong |= holder < 0
    found = np.flatnonzero(wrong)
    foot = shapely.get_coordinates(shapely.shortest_line(shapely.points(centres[found]), lines[edge[found]]))
    foot = foot.reshape(-1, 2, 2)
    pairs = np.stack([found, b.owner[edge[found]].astype(np.int64)], axis=1)
    return Findings(pairs, gap[found], np.hstack([foot.min(axis=1), foot.max(axis=1)]))


def extent(rule: Rule, layers: Layers) -> Findings:
    """The whole mask measures at least (or at most) `value` × `height`."""
    region = layers.regions[rule.masks[0]]
    if not region.islands:
        return no_findings()
    boxes = region.boxes()
    whole = np.concatenate([boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)])
    over = (whole[2:] - whole[:2]) - np.array([rule.value, rule.height])
    bad = over < -EXACT if rule.kind is RuleKind.EXTENT_MIN else over > EXACT
    if not bad.any():
        return no_findings()
    axis = int(np.flatnonzero(bad)[0])
    measured = (whole[2:] - whole[:2])[axis : axis + 1]
    required = np.array([rule.height if axis else rule.value], dtype=np.float64)
    return Findings(np.full((1, 2), -1), measured, whole[None, :], required)


def angle(rule: Rule, layers: Layers) -> Findings:
    """Corners sharper than `value` degrees, of the metal or of a notch in it."""
    region = layers.regions[rule.masks[0]]
    if not region.islands:
        return no_findings()
    back, out = region.points[region.before()] - region.points, region.edges[:, 2:] - region.points
    lengths = np.hypot(*back.T), np.hypot(*out.T)
    cosine = (back * out).sum(axis=1) / (lengths[0] * lengths[1])
    degrees = np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0)))
    slanted = (np.abs(back).min(axis=1) > EXACT) | (np.abs(out).min(axis=1) > EXACT)
    tolerance = np.where(slanted, np.degrees(CORNER_SHIFT / lengths[0] + CORNER_SHIFT / lengths[1]), 1e-6)
    sharp = np.flatnonzero(degrees < rule.value - tolerance)
    islands = region.owner[sharp].astype(np.int64)
    at = region.points[sharp]
    return Findings(np.stack([islands, np.full_like(islands, -1)], axis=1), degrees[sharp], np.hstack([at, at]))


def _centres(region: Region) -> Floats:
    boxes = region.boxes()
    return (boxes[:, :2] + boxes[:, 2:]) / 2
