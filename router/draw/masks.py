"""A layout → the masks of the process: traces, vias, pads, outlines, labels and pins.

Pad styles and vias are drawn once, as cells about (0, 0), and placed; each component and the vias of each mask are a
group. Terminals without a net are drawn like any other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import numpy as np

from router.draw.any_angle import any_angle_rings
from router.draw.ends import joined_ends
from router.draw.shapes import trace_rings
from router.model.design import Component, ComponentKind, Design, Terminal
from router.model.geometry import Points, line_length
from router.model.layout import Layout, MaskCell, MaskLabel, MaskPolygon, Masks, PlacedCell, Trace
from router.model.pad_rings import pad_rings
from router.model.pdk import MaskRole, PadShape, PadStyle, Pdk, ViaRule

VIEW_LABEL = "VIEW: BOTTOM - seen from the ball side"


def draw_masks(design: Design, layout: Layout) -> Masks:
    """All that the GDSII file of a package will hold. Every mask of the process has an entry, if only an empty one."""
    masks = Masks()
    for mask in design.pdk.masks:
        masks.drawing[mask.name], masks.pins[mask.name], masks.labels[mask.name] = [], [], []
    _draw_metal(masks, design, layout)
    _draw_vias(masks, design, layout)
    _draw_pads(masks, design)
    for level, polygon in joined_ends(design, layout, masks):
        masks.drawing[level].append(polygon)
    _draw_outlines(masks, design)
    return masks


def via_shapes(rule: ViaRule) -> tuple[PadShape, PadShape, PadShape]:
    """The cut and its capture pads on the lower and on the upper level."""
    lower, upper = rule.captures
    return (
        PadShape(rule.name, rule.shape, rule.cut, rule.cut),
        PadShape(rule.lower, rule.shape, lower, lower),
        PadShape(rule.upper, rule.shape, upper, upper),
    )


def _draw_metal(masks: Masks, design: Design, layout: Layout) -> None:
    levels = design.pdk.levels
    # Of equally long traces the label stands on the same one, in whatever order they come.
    longest: dict[int, tuple[tuple[float, int, bytes], Trace]] = {}
    for trace in layout.traces:
        net = design.nets[trace.net].name
        draw = any_angle_rings if levels[trace.level].angles == "any" else trace_rings
        rings = draw(trace.points, trace.width)
        masks.drawing[levels[trace.level].name].extend(MaskPolygon(ring, net) for ring in rings)
        rank = line_length(trace.points), trace.level, trace.points.tobytes()
        if trace.net not in longest or rank > longest[trace.net][0]:
            longest[trace.net] = rank, trace
    for shape in layout.shapes:
        masks.drawing[levels[shape.level].name].append(MaskPolygon(shape.ring, design.nets[shape.net].name))
    for net_index, (_, trace) in longest.items():
        x, y = trace.points[len(trace.points) // 2].tolist()
        masks.labels[levels[trace.level].name].append(MaskLabel(design.nets[net_index].name, x, y))


def _draw_vias(masks: Masks, design: Design, layout: Layout) -> None:
    pdk = design.pdk
    for via in layout.vias:
        rule = pdk.vias[via.index]
        cell, group = f"VIA_{rule.name}", f"VIAS_{rule.name}"
        if cell not in masks.cells:
            shapes = via_shapes(rule)
            masks.cells[cell] = _cell(cell, shapes, pad_rings(shapes, pdk.chord_error, cut=True))
            masks.groups[group] = 0, 0
        masks.placed.append(PlacedCell(cell, via.x, via.y, design.nets[via.net].name, group=group))


def _draw_pads(masks: Masks, design: Design) -> None:
    owners = design.net_of_terminal()
    groups = {component.name: _group(component) for component in design.components}
    for component in design.components:
        masks.groups[groups[component.name]] = component.placement.x, component.placement.y
    for terminal, owner in zip(design.terminals, owners, strict=True):
        style = design.pdk.pads[terminal.pad]
        cell = _pad_cell(masks, design.pdk, terminal, style)
        net = design.nets[owner].name if owner >= 0 else ""
        group = groups.get(terminal.id.partition(".")[0], "")
        masks.placed.append(PlacedCell(cell, terminal.x, terminal.y, net, terminal.id, group))
        if net:
            masks.labels[style.level].append(MaskLabel(net, terminal.x, terminal.y))


def _group(component: Component) -> str:
    return f"{component.kind.value.upper()}_{component.name}"


def _pad_cell(masks: Masks, pdk: Pdk, terminal: Terminal, style: PadStyle) -> str:
    turned = terminal.rotated and any(shape.width != shape.height for shape in style.shapes)
    # A blank, which no style has in its name, tells a turned one from another that is called so.
    cell = f"PAD_{style.name} R90" if turned else f"PAD_{style.name}"
    if cell not in masks.cells:
        shapes = [shape.lying(rotated=turned) for shape in style.shapes]
        masks.cells[cell] = _cell(cell, shapes, pad_rings(shapes, pdk.chord_error), pin=style.level)
    return cell


def _cell(name: str, shapes: Iterable[PadShape], rings: Iterable[Points], pin: str = "") -> MaskCell:
    drawing: dict[str, tuple[Points, ...]] = defaultdict(tuple)
    for shape, ring in zip(shapes, rings, strict=True):
        drawing[shape.mask] += (ring,)
    return MaskCell(name, dict(drawing), {pin: drawing[pin][:1]} if pin else {})


def _draw_outlines(masks: Masks, design: Design) -> None:
    edge = design.pdk.outline_mask.name
    masks.drawing[edge].append(MaskPolygon(design.outline.ring()))
    masks.labels[edge].append(MaskLabel(VIEW_LABEL, design.outline.x0, design.outline.y0))
    marks = next((mask.name for mask in design.pdk.masks if mask.role is MaskRole.DIE), None)
    if marks is None:
        return
    for component in design.components:
        if component.kind in (ComponentKind.DIE, ComponentKind.PASSIVE):
            ring = component.placement.apply(component.outline.ring())
            outline = ring if not component.placement.mirrored else ring[::-1]
            masks.drawing[marks].append(MaskPolygon(outline, group=_group(component)))
            x, y = ring.mean(axis=0).astype(np.int64).tolist()
            masks.labels[marks].append(MaskLabel(component.name, x, y))
