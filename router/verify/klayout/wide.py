"""Spacing beside wide metal, on KLayout's engine."""

from __future__ import annotations

from collections.abc import Iterator

import klayout.db as kdb
import shapely

from router.model.pdk import Rule
from router.verify.klayout.facing import ANGLE, marked, suspicious
from router.verify.klayout.layers import Layers
from router.verify.klayout.marks import Mark

# Corners are cut off only where they are sharper than some 12°.
_MITRE = 4
# Slanted sides are rounded by less than this when metal shrinks and grows, in grains; runs seem longer by as much at
# both ends, less than a nanometre together.
_ROUNDED = 4
# Radii are found to this share of a width; steps of shrinking are this share of the radius that is left, or so many
# grains.
_EXACT, _A_STEP, _LEAST_STEP = 1e-3, 0.9, 10


def wide_space(rule: Rule, layers: Layers) -> Iterator[Mark]:
    """Gaps below the value beside metal wider than the rule's width where both run along each other for long enough."""
    metal, run = layers.of(rule.masks[0]), rule.run_length
    sides, others = _long(_wide_sides(metal, rule.width, run), run), _long(metal.edges(), run)
    longer = run + 2 * _ROUNDED + 1
    found = sides.separation_check(others, int(rule.value), False, kdb.Edges.Projection, ANGLE, longer, None)
    near = suspicious(found.each(), rule.value, layers.grain)
    seen = [pair for pair in near if _is_open(pair, metal, layers.grain)]
    return marked(seen, rule.value, layers.grain, sides, others)


def _is_open(pair: kdb.EdgePair, metal: kdb.Region, grain: int) -> bool:
    """True when a gap without metal reaches from one edge of the pair to the other, as near as they lie on edges of the
    metal: the ends of slanted ones are rounded."""
    gap = kdb.Region(pair.polygon(0)) - metal
    for edge in (pair.first, pair.second):
        gap = gap.interacting(kdb.Edges(edge).extended(0, 0, grain, grain, False))
    return not gap.is_empty()


def _wide_sides(metal: kdb.Region, width: int, run: int) -> kdb.Edges:
    """The sides of metal, as far as it is wider than `width`, of polygons that have a straight side longer than `run`:
    what lies on the outline of what is left when they shrink and grow. That itself has slanted sides in pieces, as
    their ends are rounded to the grid each time.

    At acute corners that may grow beyond the metal. It is slow, so it is left with polygons that may be wide.
    """
    found = kdb.Edges()
    for polygon in metal.each():
        sides = [edge for edge in polygon.each_edge() if edge.length() > run]
        if not any(_may_be_wide(polygon, side, width, run) for side in sides):
            continue
        radius = _most_inside(polygon, width * _EXACT)
        if 2 * (radius + width * _EXACT) >= width:
            whole = kdb.Region(polygon)
            wide = _shrunk(whole, width // 2, radius).sized(width // 2, _MITRE) & whole
            found += whole.edges().inside_part(wide.sized(_ROUNDED))
    return found


def _may_be_wide(polygon: kdb.Polygon, edge: kdb.Edge, width: int, run: int) -> bool:
    """False when the polygon is no wider than `width` wherever it is looked at from this side, once in every run.

    Runs shorter than the width would take too many looks; all metal is wider than nothing.
    """
    if run < width or not run or not width:
        return True
    length = edge.d().length()
    inwards = kdb.DVector(edge.dy(), -edge.dx()) * ((width - 2) / length)
    looks = int(length / run) + 1
    along = kdb.DVector(edge.dx(), edge.dy()) * (1 / looks)
    first = kdb.DPoint(edge.x1, edge.y1) + along * 0.5 + inwards
    return any(polygon.inside(kdb.Point(first + along * n)) for n in range(looks))


def _most_inside(polygon: kdb.Polygon, tolerance: float) -> float:
    """The radius of the largest circle in the polygon, or less by up to the tolerance."""
    hull, *holes = [
        [(point.x, point.y) for point in ring]
        for ring in (polygon.each_point_hull(), *(polygon.each_point_hole(n) for n in range(polygon.holes())))
    ]
    return float(shapely.length(shapely.maximum_inscribed_circle(shapely.Polygon(hull, holes), tolerance=tolerance)))


def _shrunk(whole: kdb.Region, by: int, radius: float) -> kdb.Region:
    """The polygon that holds a circle of this radius and no larger one, shrunk in steps that leave a tenth of that.

    At once, all sides of what is round would sweep over one another: 5 s for a land of 400 chords.
    """
    while by > 0 and not whole.is_empty():
        step = min(by, max(int(radius * _A_STEP), _LEAST_STEP))
        whole = whole.sized(-step, _MITRE)
        by, radius = by - step, radius - step
    return whole


def _long(edges: kdb.Edges, run: int) -> kdb.Edges:
    edges.merged_semantics = False
    return edges.with_length(run, None, False)
