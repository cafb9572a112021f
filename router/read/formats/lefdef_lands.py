"""Lands and blocked areas of LEF cells on the redistribution layers, turned as they are placed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from router.model.geometry import Points
from router.model.pdk import ShapeKind
from router.read.formats.lefdef_items import turned
from router.read.formats.lefdef_lef import LefMacro, LefShape

# Two outlines whose areas differ by less than this share of their box are the same one, drawn on another grid.
_SAME = 0.006


@dataclass(frozen=True, slots=True)
class Land:
    """Metal of one pin, or of several that are one piece; (x, y) is its centre, counted from the place of its cell.

    `polygon` (n, 2) about the centre where it is none of our shapes. Lengths in nm.
    """

    pins: tuple[str, ...]
    layer: str
    x: int
    y: int
    width: int
    height: int
    shape: ShapeKind
    polygon: Points | None = None


@dataclass(frozen=True, slots=True)
class Footprint:
    """What a cell has on the redistribution layers; rings of `blocked` count from the cell's place, like lands."""

    lands: tuple[Land, ...]
    blocked: tuple[LefShape, ...]


def footprint(macro: LefMacro, orientation: str, layers: Collection[str]) -> Footprint:
    """The cell as it lies with its lower left corner at (0, 0)."""
    pieces = _pieces(macro, layers)
    if macro.is_bump:
        pieces = _one_land(pieces)
    corner = turned(macro.box.ring(), orientation).min(axis=0)
    lands = tuple(land_of(names, layer, turned(ring, orientation) - corner) for names, layer, ring in pieces)
    core = [shape for pin in macro.pins.values() for shape in pin.core]
    blocked = [shape for shape in (*macro.blocked, *core) if shape.layer in layers]
    open_ = [LefShape(shape.layer, ring) for shape in blocked for ring in _without(shape, pieces)]
    return Footprint(lands, tuple(LefShape(s.layer, turned(s.ring, orientation) - corner) for s in open_))


_Piece = tuple[tuple[str, ...], str, Points]


def _pieces(macro: LefMacro, layers: Collection[str]) -> list[_Piece]:
    """Connected metal of each port on each layer: names of its pins, layer, outer ring."""
    found: list[_Piece] = []
    for pin in macro.pins.values():
        for port in pin.ports:
            for layer in layers:
                rings = [shape.ring for shape in port if shape.layer == layer]
                found += [((pin.name,), layer, ring) for ring in _merged(rings)]
    return found


def _merged(rings: Sequence[Points]) -> list[Points]:
    """Outer rings of what touches."""
    if not rings:
        return []
    return rings_of(shapely.union_all([shapely.make_valid(shapely.Polygon(ring)) for ring in rings]))


def rings_of(area: BaseGeometry) -> list[Points]:
    """The outer ring of each polygon, without points on straight runs."""
    polygons = [part for part in shapely.get_parts(area) if part.geom_type == "Polygon" and part.area > 0]
    return [np.rint(shapely.get_coordinates(part.exterior.simplify(0))[:-1]).astype(np.int64) for part in polygons]


def _one_land(pieces: list[_Piece]) -> list[_Piece]:
    """A bump's metal on its top layer: ports that lie within the outline of another one are part of it."""
    if not pieces:
        return []
    top = pieces[-1][1]
    ordered = sorted((piece for piece in pieces if piece[1] == top), key=lambda piece: -shapely.Polygon(piece[2]).area)
    kept: list[_Piece] = []
    for names, layer, ring in ordered:
        inside = next((index for index, other in enumerate(kept) if _covers(other[2], ring)), None)
        if inside is None:
            kept.append((names, layer, ring))
        else:
            whole = kept[inside]
            kept[inside] = (whole[0] + names, layer, whole[2])
    return kept


def _covers(outer: Points, inner: Points) -> bool:
    return bool(shapely.covers(shapely.Polygon(outer), shapely.Polygon(inner)))


def _without(shape: LefShape, pieces: Sequence[_Piece]) -> list[Points]:
    """An obstruction without the cell's own pins, as rings without holes: pins stay within reach."""
    area = shapely.make_valid(shapely.Polygon(shape.ring))
    boxes = [shapely.box(*ring.min(axis=0), *ring.max(axis=0)) for _, layer, ring in pieces if layer == shape.layer]
    boxes = [box for box in boxes if box.intersects(area)]
    left = area.difference(shapely.union_all(boxes)) if boxes else area
    parts = [left]
    if any(part.interiors for part in shapely.get_parts(left) if part.geom_type == "Polygon"):
        x0, y0, x1, y1 = area.bounds
        cuts = sorted({x0, x1} | {x for box in boxes for x in (box.bounds[0], box.bounds[2]) if x0 < x < x1})
        parts = [left.intersection(shapely.box(a, y0, b, y1)) for a, b in pairwise(cuts)]
    return [ring for part in parts for ring in rings_of(part)]


def land_of(names: tuple[str, ...], layer: str, ring: Points) -> Land:
    """The land of these pins that the ring (n, 2) bounds."""
    (x0, y0), (x1, y1) = ring.min(axis=0).tolist(), ring.max(axis=0).tolist()
    width, height = x1 - x0, y1 - y0
    x, y = (x0 + x1) // 2, (y0 + y1) // 2
    shape, same = nearest_shape(ring, width, height)
    return Land(names, layer, x, y, width, height, shape, None if same else ring - (x, y))


def nearest_shape(ring: Points, width: int, height: int) -> tuple[ShapeKind, bool]:
    """Which of our outlines of this size is most like the ring, by the share of its box that it fills; and whether they
    are the same."""
    area = abs(float(shapely.Polygon(ring).area)) / (width * height)
    if width == height:
        shares = {ShapeKind.RECT: 1.0, ShapeKind.OCTAGON: 2 * (2**0.5 - 1)}
        if len(ring) > 8:
            shares[ShapeKind.CIRCLE] = np.pi / 4
    else:
        short = min(width, height) / max(width, height)
        shares = {ShapeKind.RECT: 1.0, ShapeKind.OBLONG: 1 - short * (1 - np.pi / 4)}
    best = min(shares, key=lambda kind: abs(shares[kind] - area))
    return best, abs(shares[best] - area) <= _SAME
