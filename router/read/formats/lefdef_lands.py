"""Lands and blocked areas of LEF cells on the redistribution layers, turned as they are placed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely

from router.model.errors import InputError
from router.model.geometry import Box, Placement, Points
from router.model.pdk import ShapeKind
from router.read.formats.areas import area_of, nearest_shape, outer_rings, rings
from router.read.formats.lefdef_def import ORIENTATIONS
from router.read.formats.lefdef_lef import LefMacro, LefShape

_MOST_SHAPES = 10_000
# Pins of a bump are sought within so many of its largest pieces.
_LARGEST = 4


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
    """The cell as it lies with its lower left corner at (0, 0). Raises InputError for one with too many shapes."""
    core = [shape for pin in macro.pins.values() for shape in pin.core]
    blocked = [shape for shape in (*macro.blocked, *core) if shape.layer in layers]
    ports = [shape for pin in macro.pins.values() for port in pin.ports for shape in port if shape.layer in layers]
    if max(len(blocked), len(ports)) > _MOST_SHAPES:
        found = f"more than {_MOST_SHAPES} shapes on {', '.join(layers)}"
        raise InputError(f"cell {macro.name[:60]}", found, "a cell with fewer")
    pieces = _pieces(macro, layers)
    if macro.is_bump:
        pieces = _one_land(pieces)
    turn = ORIENTATIONS[orientation]
    lies = turn.box(macro.box)
    placement = replace(turn, x=-lies.x0, y=-lies.y0)
    lands = tuple(_placed(land_of(*piece), placement) for piece in pieces)
    open_ = _open_pins(blocked, pieces)
    return Footprint(lands, tuple(LefShape(s.layer, placement.apply(s.ring)) for s in open_))


_Piece = tuple[tuple[str, ...], str, Points]


def _pieces(macro: LefMacro, layers: Collection[str]) -> list[_Piece]:
    """Connected metal of each port on each layer: names of its pins, layer, outer ring."""
    found: list[_Piece] = []
    for pin in macro.pins.values():
        for port in pin.ports:
            for layer in layers:
                shapes = [shape.ring for shape in port if shape.layer == layer]
                found += [((pin.name,), layer, ring) for ring in _merged(shapes)]
    return found


def _merged(shapes: Sequence[Points]) -> list[Points]:
    """Outer rings of what touches."""
    if not shapes:
        return []
    return outer_rings(shapely.union_all([area_of(ring) for ring in shapes]))


def _one_land(pieces: list[_Piece]) -> list[_Piece]:
    """A bump's metal on its top layer: ports that lie within the outline of another one are part of it."""
    if not pieces:
        return []
    top = pieces[-1][1]
    ordered = sorted((piece for piece in pieces if piece[1] == top), key=lambda piece: -shapely.Polygon(piece[2]).area)
    kept: list[_Piece] = []
    for names, layer, ring in ordered:
        inside = next((index for index, other in enumerate(kept[:_LARGEST]) if _covers(other[2], ring)), None)
        if inside is None:
            kept.append((names, layer, ring))
        else:
            whole = kept[inside]
            kept[inside] = (whole[0] + names, layer, whole[2])
    return kept


def _covers(outer: Points, inner: Points) -> bool:
    return bool(shapely.covers(shapely.Polygon(outer), shapely.Polygon(inner)))


def _open_pins(blocked: Sequence[LefShape], pieces: Sequence[_Piece]) -> list[LefShape]:
    """Obstructions without the cell's own pins, as rings without holes: pins stay within reach."""
    found: list[LefShape] = []
    for layer in dict.fromkeys(shape.layer for shape in blocked):
        corners = [(*ring.min(axis=0), *ring.max(axis=0)) for _, on, ring in pieces if on == layer]
        boxes = np.atleast_1d(shapely.box(*np.array(corners, dtype=np.float64).reshape(-1, 4).T))
        tree = shapely.STRtree(boxes)
        for shape in blocked:
            if shape.layer == layer:
                area = area_of(shape.ring)
                near = boxes[tree.query(area, predicate="intersects")]
                left = area.difference(shapely.union_all(near)) if len(near) else area
                found += [LefShape(layer, ring) for ring in rings(left)]
    return found


def _placed(land: Land, placement: Placement) -> Land:
    """The land as its cell lies. Its centre turns with it: that of an odd width is a rounded one, and would be rounded
    to the other side."""
    ((x, y),) = placement.apply(np.array([[land.x, land.y]])).tolist()
    width, height = (land.height, land.width) if placement.swaps_axes else (land.width, land.height)
    polygon = None if land.polygon is None else replace(placement, x=0, y=0).apply(land.polygon)
    return replace(land, x=x, y=y, width=width, height=height, polygon=polygon)


def land_of(names: tuple[str, ...], layer: str, ring: Points) -> Land:
    """The land of these pins that the ring (n, 2) bounds."""
    box = Box.around(ring)
    x, y = box.middle
    shape, same = nearest_shape(ring, box.width, box.height)
    return Land(names, layer, x, y, box.width, box.height, shape, None if same else ring - (x, y))
