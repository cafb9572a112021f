"""All metal of a level, net by net, and where there is room beside that of others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import shapely
import shapely.ops
from numpy.typing import NDArray

from router.model.design import Design
from router.model.geometry import Points, without_repeats
from router.model.layout import Masks

# Metal that keeps the spacing to the nanometre is free; distances are rounded by less than this, nm.
JUST = 0.01


def net_metal(design: Design, masks: Masks, level: int) -> dict[str, list[Points]]:
    """Rings on a level by net: traces, capture pads and lands. What has no net stands under no name."""
    name = design.pdk.levels[level].name
    rings: dict[str, list[Points]] = defaultdict(list)
    for polygon in masks.drawing[name]:
        rings[polygon.net].append(polygon.ring)
    for placed in masks.placed:
        at = np.array([placed.x, placed.y], dtype=np.int64)
        rings[placed.net] += [ring + at for ring in masks.cells[placed.cell].drawing.get(name, ())]
    return rings


def grid_ring(polygon: shapely.Polygon) -> Points:
    """The outer ring (n, 2) on the 1 nm grid, counter-clockwise."""
    ring = shapely.get_coordinates(shapely.get_exterior_ring(shapely.orient_polygons(polygon)))[:-1]
    return without_repeats(np.round(ring).astype(np.int64))


@dataclass(frozen=True)
class Spacing:
    """How far metal of a net keeps from that of others on a level, nm: what the process asks for, `least`, or the class
    of either net, where that is more; `asked` holds it by net."""

    least: int
    asked: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def most(self) -> int:
        """What any two keep."""
        return max(self.least, *self.asked.values(), 0)

    def between(self, net: str, others: NDArray[np.str_]) -> NDArray[np.int64]:
        """What a net keeps from others (n,)."""
        own = max(self.least, self.asked.get(net, 0))
        return np.array([max(own, self.asked.get(str(other), 0)) for other in others], dtype=np.int64)


@dataclass(frozen=True, slots=True)
class LevelMetal:
    """All metal of a level: polygons, net by net, their nets, where those of a net stand, and a tree over them; and
    keep-outs, a tree of polygons."""

    shapes: NDArray[np.object_]
    nets: NDArray[np.str_]
    spans: dict[str, slice]
    tree: shapely.STRtree
    keepouts: shapely.STRtree

    def near(self, place: shapely.Geometry, net: str, reach: float) -> NDArray[np.object_]:
        """The net's polygons within `reach` of a place."""
        found = np.sort(self.tree.query(place, predicate="dwithin", distance=reach))
        return np.asarray(self.shapes[found[self.nets[found] == net]])

    def beside(
        self, place: shapely.Geometry, net: str, spacing: Spacing, play: float = 0.0
    ) -> tuple[NDArray[np.object_], NDArray[np.int64]]:  # fmt: skip
        """Other nets' polygons (n,) nearer to a place than the spacing less some play, and what it is to each (n,)."""
        found = self.tree.query(place, predicate="dwithin", distance=spacing.most - play)
        found = found[self.nets[found] != net]
        shapes, kept = self.shapes[found], spacing.between(net, self.nets[found])
        near = shapely.dwithin(shapes, place, kept - play)
        return shapes[near], kept[near]

    def is_free(self, hull: shapely.Polygon, net: str, spacing: Spacing) -> bool:
        """Whether metal here, as it is drawn, keeps the spacing to every other net, and out of keep-outs."""
        ring = grid_ring(hull)
        drawn = shapely.Polygon(ring) if len(ring) > 2 else hull
        return len(self.beside(drawn, net, spacing, JUST)[0]) == 0 and not self.is_shut(drawn)

    def is_shut(self, place: shapely.Polygon) -> bool:
        """Whether a place lies in a keep-out, and does not just touch it."""
        return len(self.keepouts) > 0 and len(self.keepouts.query(shapely.buffer(place, -JUST), "intersects")) > 0

    def cut_aside(
        self, heading: NDArray[np.float64], hull: shapely.Polygon, piece: shapely.Polygon, net: str, spacing: Spacing
    ) -> shapely.Polygon:  # fmt: skip
        """A hull, cut straight across beside the keep-outs in it, on the side that `heading` (2,) points to; empty
        where it meets none. Round the tip of a thin one both halves would be too near to each other."""
        shut = shapely.intersection(self.keepouts.geometries[self.keepouts.query(hull, "intersects")], hull)
        corners = shapely.get_coordinates(shut)
        if not len(corners):
            return shapely.Polygon()
        # Slanted edges are rounded to the grid.
        begin = corners[np.argmax(corners @ heading)] + heading * float(heading.all())
        return _largest(shapely.intersection(hull, _half_plane(begin, heading, spacing.least)))

    def cut_off(
        self, hull: shapely.Polygon, piece: shapely.Polygon, net: str, spacing: Spacing
    ) -> shapely.Polygon:  # fmt: skip
        """A hull, cut straight across where it comes too near to other nets: between them and the piece that it is to
        hold. Round others its edge would run aslant to metal that it ends at."""
        for other, kept in zip(*self.beside(hull, net, spacing), strict=True):
            if not hull.is_empty:
                hull = _largest(shapely.intersection(hull, _beyond(other, piece, int(kept))))
        return hull


def _beyond(foreign: shapely.Polygon, piece: shapely.Polygon, spacing: int) -> shapely.Polygon:
    """The side of a piece of a straight line that keeps the spacing from other metal, as far as need be."""
    here, there = (shapely.get_coordinates(point)[0] for point in shapely.ops.nearest_points(piece, foreign))
    way = here - there
    if not way.any():
        return shapely.Polygon()
    way /= np.hypot(*way)
    # Slanted edges are rounded to the grid.
    return _half_plane(there + way * (spacing + float(way.all())), way, spacing)


def _half_plane(begin: NDArray[np.float64], way: NDArray[np.float64], spacing: int) -> shapely.Polygon:
    """What lies beyond a straight line through a place, square to `way`, as far as need be."""
    along, far = np.array([-way[1], way[0]]), 100.0 * spacing
    ends = begin - far * along, begin + far * along
    return shapely.Polygon([*ends, *(end + far * way for end in ends[::-1])])


def _largest(shape: shapely.Geometry) -> shapely.Polygon:
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    return max(parts, key=shapely.area, default=shapely.Polygon())


def level_metal(rings: dict[str, list[Points]], keepouts: list[Points]) -> LevelMetal:
    """The metal of a level from its rings by net, at least one, and the rings of its keep-outs, (n, 2) nm each."""
    flat = [ring for net in rings for ring in rings[net]]
    owner = np.repeat(np.arange(len(flat)), [len(ring) for ring in flat])
    shapes = shapely.polygons(shapely.linearrings(np.concatenate(flat), indices=owner))
    nets = np.array([net for net in rings for _ in rings[net]], dtype=np.str_)
    ends = np.cumsum([len(of_net) for of_net in rings.values()]).tolist()
    spans = {net: slice(end - len(rings[net]), end) for net, end in zip(rings, ends, strict=True)}
    return LevelMetal(shapes, nets, spans, shapely.STRtree(shapes), shapely.STRtree([*map(shapely.Polygon, keepouts)]))
