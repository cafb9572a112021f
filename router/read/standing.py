"""What a package draws on a mask before anything is routed: pads, fixed traces, outlines of dies and passives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from router.model.design import Component, ComponentKind, Design, Terminal
from router.model.geometry import Points
from router.model.outlines import core
from router.model.pad_rings import pad_rings
from router.model.pdk import MaskRole, PadShape
from router.read.design_check import swept


class Drawn(NamedTuple):
    """A shape on a mask: what it is called, its net (-1 for none), an area that holds it, and, where it is looked at
    closely, what it is: a figure and how far the shape stands out from that, nm, and what it is drawn as."""

    called: str
    net: int
    area: BaseGeometry
    figure: Callable[[], tuple[BaseGeometry, float]]
    polygon: Callable[[], BaseGeometry]


def shapes_on(design: Design, mask: str) -> dict[str, PadShape]:
    """The shapes of pad styles on a mask, by style."""
    return {name: shape for name, pad in design.pdk.pads.items() for shape in pad.shapes if shape.mask == mask}


def pads_on(design: Design, owner: Sequence[int], mask: str) -> list[Drawn]:
    """The pads of all terminals with a shape on a mask."""
    shapes = shapes_on(design, mask)
    members = [(index, terminal) for index, terminal in enumerate(design.terminals) if terminal.pad in shapes]
    centres = np.array([(t.x, t.y) for _, t in members], dtype=np.float64).reshape(-1, 2)
    sizes = [(shapes[t.pad].width, shapes[t.pad].height)[:: -1 if t.rotated else 1] for _, t in members]
    halves = np.array(sizes, dtype=np.float64).reshape(-1, 2) / 2
    boxes = shapely.box(*(centres - halves).T, *(centres + halves).T)

    @cache
    def ring(pad: str, rotated: bool) -> Points:
        lying = [shape.lying(rotated=rotated) for shape in design.pdk.pads[pad].shapes]
        masks = [shape.mask for shape in lying]
        return pad_rings(lying, design.pdk.chord_error)[masks.index(mask)]

    def polygon(terminal: Terminal) -> BaseGeometry:
        return shapely.Polygon(ring(terminal.pad, terminal.rotated) + np.array([terminal.x, terminal.y]))

    return [
        Drawn(terminal.id, owner[index], box, partial(core, terminal, shapes[terminal.pad]), partial(polygon, terminal))
        for (index, terminal), box in zip(members, boxes, strict=True)
    ]


def traces_on(design: Design, mask: str) -> list[Drawn]:
    """The fixed traces on the mask of a level, with their ends."""
    found = []
    for index, trace in enumerate(design.fixed, 1):
        level = design.pdk.levels[trace.level]
        if level.name == mask:
            found.append(_as_it_is(f"fixed[{index}]", trace.net, swept(trace, level)))
    return found


def _as_it_is(called: str, net: int, area: BaseGeometry) -> Drawn:
    return Drawn(called, net, area, lambda: (area, 0.0), lambda: area)


def dies_on(design: Design, mask: str) -> list[Drawn]:
    """The outlines of dies and passives on the mask that holds them."""
    if design.pdk.mask(mask).role is not MaskRole.DIE:
        return []
    marked = [part for part in design.components if part.kind in (ComponentKind.DIE, ComponentKind.PASSIVE)]
    return [_as_it_is(part.name, -1, area) for part, area in zip(marked, outlines(marked), strict=True)]


def outlines(components: Sequence[Component]) -> NDArray[np.object_]:
    """The outlines of components as they lie in the package (n,)."""
    rings = [part.placement.apply(part.outline.ring()) for part in components]
    bounds = np.array([(*ring.min(axis=0), *ring.max(axis=0)) for ring in rings]).reshape(-1, 4)
    return np.asarray(shapely.box(*bounds.T))
