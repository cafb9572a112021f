"""Notches inside a net are filled: where a trace leaves a pad aslant, or two branches of a tree run close together.

The fill is the morphological closing of the net's metal by a disc (Serra 1982), less the metal. The disc is a little
smaller than the spacing, so the fill comes no nearer to any other net than the spacing: a disc that avoids the net's
metal and lies within the spacing of a foreign point keeps the fill out.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import product
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from router.draw.corners import sharp_corners
from router.draw.fills import Fills, boxes_of, places_round
from router.draw.kernels.mouths import FACING
from router.draw.level_metal import LevelMetal, Spacing, grid_ring, level_metal, net_metal
from router.draw.mouths import Places, gaps_of, mouths_of, nets_with_mouths
from router.draw.wide import beside_wide, wide_edges
from router.model.design import Design
from router.model.geometry import Points
from router.model.layout import MaskPolygon, Masks, Shape
from router.model.pdk import Level

# Radii of the disc as shares of the spacing: the smallest that does is the best, since it adds least metal. The largest
# finds every notch but shallow ones.
SHARES = (0.58, 0.72, 0.95, 1.25, 1.8)
ARC_SEGMENTS = 4
# Smaller pieces, as a share of r², come from rounding; what a shallow notch closes to is hardly larger.
LEAST_AREA = 0.01
# Rounding of corners to the grid, nm.
ON_METAL = 0.8
# A hull may add so many times the area of its notch beyond that and its mouths; a notch is cut in two at most so often.
MOST_ADDED = 1.5
MOST_CUTS = 6
# Slivers along edges, thinner than twice this, come from rounding, nm.
SLIVER = 5.0
# Metal farther from a notch than this many spacings has no part in it.
LOCAL = 4
# On which sides of keep-outs a fill may end that would lie over them.
HEADINGS = np.round([(np.cos(k * np.pi / 4), np.sin(k * np.pi / 4)) for k in range(8)], 9)
# Along a channel that narrows each fill leaves a notch beside it: eight passes have been needed. Where it goes on at
# hardly more than the spacing, fills that are just long enough only move the notch along: later passes look farther.
PASSES = 12
NEAR_PASSES = 4
# Spacings of classes by net, where none asks for more.
AS_THE_PROCESS: Mapping[str, int] = {}
# How far into the metal a fill holds on to it, as a share of the level's least width.
BORDER = 0.3


def closing(metal: shapely.Geometry, radius: float) -> NDArray[np.object_]:
    """The pieces that a disc of this radius cannot reach from outside, less the metal, without slivers along edges.

    Small ones are no notches, unless they are holes.
    """
    grown = shapely.buffer(metal, radius, quad_segs=ARC_SEGMENTS)
    beside = shapely.difference(shapely.buffer(grown, -radius, quad_segs=ARC_SEGMENTS), metal)
    cores = shapely.buffer(beside, -SLIVER, join_style="mitre")
    pieces = shapely.get_parts(shapely.buffer(cores, SLIVER, join_style="mitre"))
    least = LEAST_AREA * radius * radius
    rings = [shapely.Polygon(ring) for part in shapely.get_parts(metal) for ring in part.interiors]
    holes = np.array([hole for hole in rings if hole.area <= least], dtype=object)
    return np.concatenate([pieces[shapely.area(pieces) > least], holes])


def is_notch(piece: shapely.Polygon, metal: shapely.Geometry, spacing: int) -> bool:
    """Whether two edges of the metal that face each other across a piece of the closing are closer than the spacing."""
    ring = np.asarray(shapely.get_exterior_ring(shapely.orient_polygons(piece)).coords)
    sides = shapely.linestrings(np.stack([ring[:-1], ring[1:]], axis=1))
    on_metal = shapely.distance(shapely.points((ring[:-1] + ring[1:]) / 2), metal) < ON_METAL
    step = np.diff(ring, axis=0)[on_metal]
    step /= np.hypot(step[:, 0], step[:, 1])[:, None]
    first, second = np.nonzero(np.triu(step @ step.T < FACING, 1))
    sides = sides[on_metal]
    return bool(np.any(shapely.distance(sides[first], sides[second]) < spacing - ON_METAL))


def notches(
    metal: shapely.Geometry, place: shapely.Polygon, level: Level, share: float
) -> list[shapely.Polygon]:  # fmt: skip
    """Pieces of the closing by a disc of `share` times the spacing that are notches and reach into a place."""
    pieces = closing(metal, share * level.min_spacing)
    pieces = pieces[shapely.intersects(pieces, place)]
    return [piece for piece in pieces if is_notch(piece, metal, level.min_spacing)]


def fill_hull(metal: shapely.Geometry, inner: shapely.Geometry, border: shapely.Polygon) -> shapely.Polygon:
    """The convex hull of the metal that borders on a notch, in the area `border` round that.

    It holds on to the metal a little inside (`inner`) but for the metal's own corners: its outer edge runs straight
    across the mouth, from corner to corner or crossing the metal's edges at a wide angle, never along them.
    """
    corners = shapely.get_coordinates(shapely.intersection(metal, shapely.box(*border.bounds)))
    corners = corners[np.all(corners == np.round(corners), axis=1)]
    own = shapely.multipoints(corners[shapely.contains_xy(border, corners)])
    return shapely.convex_hull(shapely.union(shapely.intersection(border, inner), own))


def halve(piece: shapely.Polygon) -> list[shapely.Polygon]:
    """A piece cut across the middle of its longer side."""
    x0, y0, x1, y1 = piece.bounds
    if x1 - x0 > y1 - y0:
        boxes = [shapely.box(x0, y0, (x0 + x1) / 2, y1), shapely.box((x0 + x1) / 2, y0, x1, y1)]
    else:
        boxes = [shapely.box(x0, y0, x1, (y0 + y1) / 2), shapely.box(x0, (y0 + y1) / 2, x1, y1)]
    parts = shapely.get_parts(shapely.intersection(piece, boxes))
    return [part for part in parts if part.geom_type == "Polygon"]


class Hull(NamedTuple):
    """A convex polygon, and the piece of a notch that it fills."""

    area: shapely.Polygon
    piece: shapely.Polygon


def fill_hulls(metal: shapely.Geometry, level: Level, pieces: list[shapely.Polygon]) -> list[Hull]:
    """Notches as convex polygons that fill them; one that winds is cut up until its hulls add little else. What they
    add at its mouths does not count: halves of a notch shorter than it is wide would have metal on one side alone."""
    depth = BORDER * level.min_width
    inner = shapely.buffer(metal, -depth / 4, join_style="mitre") if pieces else metal
    waiting = [(piece, 0) for piece in pieces]
    hulls = []
    while waiting:
        piece, cuts = waiting.pop()
        border = shapely.buffer(piece, depth)
        hull = fill_hull(metal, inner, border)
        added = shapely.difference(shapely.difference(hull, metal), border).area
        if cuts < MOST_CUTS and added > MOST_ADDED * piece.area + depth * depth:
            waiting += [(half, cuts + 1) for half in halve(piece)]
        elif hull.geom_type == "Polygon" and hull.area > 0:
            hulls.append(Hull(hull, piece))
    return hulls


def metal_round(
    place: shapely.Polygon, net: str, level: Level, metal: LevelMetal, fills: Fills
) -> shapely.Geometry:  # fmt: skip
    """What of a net's metal, fills and all, has a part in notches in a place."""
    reach = LOCAL * level.min_spacing
    return shapely.union_all([*metal.near(place, net, reach), *fills.near(place, reach)])


def mouths_in(place: shapely.Polygon, local: shapely.Geometry, level: Level) -> Places:
    """Points (m, 2) in a place at which a net's metal faces itself across less than the spacing.

    Only metal in the place counts: edges side by side face each other all along, and the point found for them may lie
    anywhere there.
    """
    return mouths_of(shapely.intersection(local, place), level.min_spacing - ON_METAL)


def gaps_in(place: shapely.Polygon, local: shapely.Geometry, level: Level) -> list[shapely.Geometry]:
    """What lies between such metal, from edge to edge: a notch too shallow or too thin for any disc."""
    return gaps_of(shapely.intersection(local, place), level.min_spacing - ON_METAL)


def fill_near(
    place: shapely.Polygon, net: str, level: Level, metal: LevelMetal, fills: Fills, spacings: list[Spacing]
) -> list[shapely.Polygon]:  # fmt: skip
    """Fills for the notches in one place, smallest discs first; one that comes too near to others is left out, and what
    of it does not is tried last, cut off straight, and taken where it leaves fewer mouths: scraps of it would make new
    ones without end. Of `spacings`, what classes ask for stands before what the process does.

    `fills` are those that the net has already.
    """
    local = metal_round(place, net, level, metal, fills)
    found: list[shapely.Polygon] = []
    asides = [partial(metal.cut_aside, heading) for heading in HEADINGS] if metal.is_shut(place) else []
    for spacing, cut, share in product(spacings, (None, metal.cut_off, *asides), (*SHARES, None)):
        mouths = len(mouths_in(place, local, level))
        if mouths == 0:
            break
        pieces = gaps_in(place, local, level) if share is None else notches(local, place, level, share)
        found_hulls = fill_hulls(local, level, pieces)
        hulls = [cut(*hull, net, spacing) if cut else hull.area for hull in found_hulls]
        free = [hull for hull in hulls if hull.area > 0 and metal.is_free(hull, net, spacing)]
        filled = shapely.union_all([local, *free])
        if free and cut and len(mouths_in(place, filled, level)) >= mouths:
            continue
        local, found = filled, found + free
    return found


def fill_level(
    level: Level, rings: dict[str, list[Points]], keepouts: list[Points], asked: Mapping[str, int] = AS_THE_PROCESS
) -> list[MaskPolygon]:  # fmt: skip
    """Fills of one level: those beside wide metal, and then, as these count as metal, all others. `asked` are spacings
    of net classes by net where they are more than the level's, nm."""
    process, wide = Spacing(level.min_spacing), wide_edges(level, rings)
    gaps = [(net, *gap) for net in sorted(wide) for gap in beside_wide(wide[net], rings[net])]
    beside = [(net, fill.area) for net, metal, gap in gaps for fill in fill_hulls(metal, level, [gap])]
    if beside:
        metal = level_metal(rings, keepouts)
        beside = [(net, fill) for net, fill in beside if metal.is_free(fill, net, process)]
    drawn = on_grid(beside)
    for polygon in drawn:
        rings[polygon.net].append(polygon.ring)
    spacings = [Spacing(level.min_spacing, asked), process] if asked else [process]
    return drawn + fill_notches_of(level, rings, keepouts, spacings)


def on_grid(fills: list[tuple[str, shapely.Polygon]]) -> list[MaskPolygon]:
    """Fills with their nets as they are drawn, without those of which the grid leaves nothing."""
    drawn = [MaskPolygon(grid_ring(fill), net) for net, fill in fills]
    return [fill for fill in drawn if len(fill.ring) > 2]


def fill_notches_of(
    level: Level, rings: dict[str, list[Points]], keepouts: list[Points], spacings: list[Spacing]
) -> list[MaskPolygon]:  # fmt: skip
    """Fills of notches nearer than the level's spacing, in passes, since a fill can narrow the gap beside it."""
    known = [(net, ring) for net in sorted(rings) if net for ring in rings[net]]
    limit = level.min_spacing - ON_METAL
    wanted = nets_with_mouths(known, limit)
    if not wanted:
        return []
    metal = level_metal(rings, keepouts)
    fills = {net: Fills() for net in wanted}
    mouths = {net: mouths_of(shapely.union_all(metal.shapes[metal.spans[net]]), limit) for net in wanted}
    for turn in range(PASSES):
        margin = level.min_spacing * (1 if turn < NEAR_PASSES else 2)
        fresh = {net: fill_places(net, level, metal, mouths[net], fills[net], spacings, margin) for net in wanted}
        added = [(net, grid_ring(fill)) for net in wanted for fill in fresh[net]]
        known = [pair for pair in known if fresh.get(pair[0])] + added
        wanted = nets_with_mouths(known, limit, len(added))
        # New ones are beside what was just filled; old ones may have been left open.
        mouths |= {net: mouths_near(mouths[net], fresh[net], net, level, metal, fills[net]) for net in wanted}
    for net in sorted(fills):
        cut_corners(mouths[net], net, level, metal, fills[net])
    return on_grid([(net, fill) for net in sorted(fills) for fill in fills[net].shapes])


def mouths_near(
    mouths: Places, fresh: list[shapely.Polygon], net: str, level: Level, metal: LevelMetal, fills: Fills
) -> Places:
    """The mouths (m, 2) of a net near those it had, or near fresh fills."""
    places = places_round(boxes_of(mouths, fresh), level.min_spacing)
    found = [mouths_in(place, metal_round(place, net, level, metal, fills), level) for place in places]
    return np.concatenate([mouths[:0], *found])


def fill_places(
    net: str, level: Level, metal: LevelMetal, mouths: Places, fills: Fills, spacings: list[Spacing], margin: int
) -> list[shapely.Polygon]:  # fmt: skip
    """Add fills of one net to those it has, within a margin of its `mouths` (m, 2); returns the new ones."""
    before = len(fills.shapes)
    for place in places_round(boxes_of(mouths, []), margin):
        fills.add(fill_near(place, net, level, metal, fills, spacings))
    return fills.shapes[before:]


def cut_corners(mouths: Places, net: str, level: Level, metal: LevelMetal, fills: Fills) -> None:
    """Add triangles across corners that are too sharp: where fills left them, and at mouths that are left."""
    size, reach = BORDER * level.min_width, LOCAL * level.min_spacing
    boxes = boxes_of(mouths, fills.shapes)
    for _ in range(PASSES):
        fresh: list[shapely.Polygon] = []
        for place in places_round(boxes, size):
            drawn = [shapely.Polygon(ring) for ring in map(grid_ring, fills.near(place, reach)) if len(ring) > 2]
            local = shapely.union_all([*metal.near(place, net, reach), *drawn])
            across = sharp_corners(local, level.min_angle, size, place)
            drawable = [triangle for triangle in across if len(grid_ring(triangle)) > 2]
            fresh += [triangle for triangle in drawable if metal.is_free(triangle, net, Spacing(level.min_spacing))]
        if not fresh:
            break
        fills.add(fresh)
        boxes = boxes_of(mouths[:0], fresh)


def fill_notches(design: Design, masks: Masks, *, threads: int = 1) -> tuple[Shape, ...]:
    """Add the fills of every level to the masks; returns them as shapes of a layout."""

    def fills(index: int) -> list[MaskPolygon]:
        level = design.pdk.levels[index]
        asked = {net.name: design.classes[net.net_class].spacings[index] for net in design.nets}
        more = {net: spacing for net, spacing in asked.items() if spacing > level.min_spacing}
        return fill_level(level, net_metal(design, masks, index), design.kept_out(index), more)

    with ThreadPoolExecutor(threads) as pool:
        found = list(pool.map(fills, range(len(design.pdk.levels))))
    nets = {net.name: index for index, net in enumerate(design.nets)}
    for level, polygons in zip(design.pdk.levels, found, strict=True):
        masks.drawing[level.name] += polygons
    return tuple(
        Shape(nets[polygon.net], index, polygon.ring, "fill")
        for index, polygons in enumerate(found)
        for polygon in polygons
    )
