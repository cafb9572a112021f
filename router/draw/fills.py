"""The fills that a net has on a level so far, and the areas in which more of them are looked for."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import shapely
from rtree.index import Index

from router.draw.mouths import Places


@dataclass(slots=True)
class Fills:
    """The fills of one net on a level, in the order in which they were added, and where they lie."""

    shapes: list[shapely.Polygon] = field(default_factory=list)
    index: Index = field(default_factory=Index)

    def add(self, fills: list[shapely.Polygon]) -> None:
        for fill in fills:
            self.index.insert(len(self.shapes), fill.bounds)
            self.shapes.append(fill)

    def near(self, place: shapely.Polygon, reach: float) -> list[shapely.Polygon]:
        """Those within `reach` of a place."""
        x0, y0, x1, y1 = place.bounds
        found = sorted(self.index.intersection((x0 - reach, y0 - reach, x1 + reach, y1 + reach)))
        return [self.shapes[k] for k in found if self.shapes[k].distance(place) < reach]


def boxes_of(points: Places, polygons: list[shapely.Polygon]) -> Places:
    """Points (n, 2) and polygons (m,) as boxes (n + m, 4)."""
    return np.concatenate([np.hstack([points, points]), shapely.bounds(polygons).reshape(-1, 4)])


def places_round(boxes: Places, margin: float) -> list[shapely.Polygon]:
    """Areas round boxes (n, 4) with a margin: boxes of which no two meet."""
    places = shapely.box(*(boxes[:, :2] - margin).T, *(boxes[:, 2:] + margin).T)
    while True:
        whole = shapely.box(*shapely.bounds(shapely.get_parts(shapely.union_all(places))).reshape(-1, 4).T)
        if len(whole) == len(places):
            return list(whole)
        places = whole
