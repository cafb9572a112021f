"""A routed package as Gerber files, one a mask, with X2 attributes, and a project file that opens them all in KLayout.

The top of the board is the ball side, from which the package is seen: L1 is the level nearest the balls. Traces are
draws, pads and vias flashes, fills regions. A cut mask is a file of holes between its two levels.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.sax.saxutils import escape

from router.draw.masks import via_shapes
from router.model.design import ComponentKind, Design, Terminal
from router.model.geometry import Points
from router.model.layout import Layout
from router.model.pdk import Mask, MaskRole, Pdk, ShapeKind, TerminalKind
from router.model.units import GRID_UM
from router.write.formats.gerber_file import GerberFile, field

LOST: tuple[str, ...] = (
    "corners: traces have round ends and bends, and round pads are circles, which the polygons of the GDSII enclose",
    "keep-outs, net classes, and which terminals are one end of a net",
)
_CONTOUR_WIDTH = 1_000
# How the specification calls a pad that has no net.
_NO_NET = "N/C"


def gerber_files(design: Design, layout: Layout) -> dict[str, str]:
    """The text of each mask that holds anything, by file name, and of the project NAME.pcb."""
    pdk, stem = design.pdk, _plain(design.name)
    files = {}
    for mask in pdk.masks:
        function = _function(mask, pdk)
        files[mask.name] = GerberFile(function, design.name, negative=function.startswith("Soldermask"))
    _draw_metal(files, design, layout)
    _draw_vias(files, design, layout)
    _draw_pads(files, design)
    _draw_contours(files, design)
    drawn = {f"{stem}.{m.order:02}_{_plain(m.name)}.gbr": m for m in pdk.masks if not files[m.name].empty}
    texts = {name: files[mask.name].text() for name, mask in drawn.items()}
    return texts | {f"{stem}.pcb": _project(stem, drawn)}


def _plain(name: str) -> str:
    return re.sub(r"[^\w+-]", "_", name)[:100]


Files = Mapping[str, GerberFile]


def _draw_metal(files: Files, design: Design, layout: Layout) -> None:
    for trace in layout.traces:
        level, net = design.pdk.levels[trace.level].name, design.nets[trace.net].name
        files[level].draw(trace.points, trace.width, "Conductor", net)
    for shape in layout.shapes:
        files[design.pdk.levels[shape.level].name].fill(shape.ring, "Conductor", design.nets[shape.net].name)


def _draw_vias(files: Files, design: Design, layout: Layout) -> None:
    for via in layout.vias:
        cut, *captures = via_shapes(design.pdk.vias[via.index])
        net = design.nets[via.net].name
        files[cut.mask].flash(cut, (via.x, via.y), "ViaDrill" if cut.shape is ShapeKind.CIRCLE else "", net)
        for capture in captures:
            files[capture.mask].flash(capture, (via.x, via.y), "ViaPad", net)


def _draw_pads(files: Files, design: Design) -> None:
    """Lands with their nets and pins; openings and what lies in them as shapes alone."""
    levels = {level.name for level in design.pdk.levels}
    for terminal, owner in zip(design.terminals, design.net_of_terminal(), strict=True):
        net, at = design.nets[owner].name if owner >= 0 else _NO_NET, (terminal.x, terminal.y)
        for shape in design.pdk.pads[terminal.pad].shapes:
            lies = shape.lying(rotated=terminal.rotated)
            if shape.mask in levels:
                files[shape.mask].flash(lies, at, _pad_function(terminal, design.pdk), net, terminal.id)
            else:
                files[shape.mask].flash(lies, at, "")


def _pad_function(terminal: Terminal, pdk: Pdk) -> str:
    """A ball's land or another, defined by the opening over it where that is smaller."""
    style = pdk.pads[terminal.pad]
    openings = [shape for shape in style.shapes if pdk.mask(shape.mask).role is MaskRole.OPENING]
    by_mask = any(shape.width < style.land.width for shape in openings)
    kind = "BGAPad" if terminal.kind is TerminalKind.BALL else "SMDPad"
    return f"{kind},{'SMDef' if by_mask else 'CuDef'}"


def _draw_contours(files: Files, design: Design) -> None:
    """The package as a profile, the places of dies and passives as an assembly drawing: both are lines."""
    pdk = design.pdk
    files[pdk.outline_mask.name].draw(_closed(design.outline.ring()), _CONTOUR_WIDTH, "Profile")
    for mask in [mask for mask in pdk.masks if mask.role is MaskRole.DIE][:1]:
        for component in design.components:
            if component.kind in (ComponentKind.DIE, ComponentKind.PASSIVE):
                ring = component.placement.apply(component.outline.ring())
                files[mask.name].draw(_closed(ring), _CONTOUR_WIDTH, "", part=component.name)


def _closed(ring: Points) -> Points:
    return ring[[*range(len(ring)), 0]]


def _function(mask: Mask, pdk: Pdk) -> str:
    """What the attribute .FileFunction says of a mask."""
    levels, cuts = [level.name for level in pdk.levels], {rule.name: rule for rule in pdk.vias}
    if mask.name in levels:
        number = len(levels) - levels.index(mask.name)
        return f"Copper,L{number},{'Top' if number == 1 else 'Bot' if number == len(levels) else 'Inr'}"
    if mask.name in cuts and cuts[mask.name].shape is ShapeKind.CIRCLE:
        number = len(levels) - levels.index(cuts[mask.name].upper)
        outer = (number == 1) + (number + 1 == len(levels))
        return f"Plated,{number},{number + 1},{('Buried', 'Blind', 'PTH')[outer]}"
    if mask.role is MaskRole.OUTLINE:
        return "Profile,NP"
    if mask.role is MaskRole.DIE:
        return "AssemblyDrawing,Bot"
    sides = _sides(mask.name, pdk)
    if mask.role is MaskRole.OPENING and len(sides) == 1:
        return f"Soldermask,{sides.pop()}"
    return f"Other,{field(mask.name)}"


def _sides(mask: str, pdk: Pdk) -> set[str]:
    """On which sides pads have shapes on a mask."""
    styles = [style for style in pdk.pads.values() if any(shape.mask == mask for shape in style.shapes)]
    return {"Top" if style.kind is TerminalKind.BALL else "Bot" for style in styles}


def _project(stem: str, drawn: Mapping[str, Mask]) -> str:
    """A project of KLayout's PCB import: each file on the layer that its mask has in the GDSII."""
    layers = [f"<layout-layer>{mask.layer}/{mask.datatype}</layout-layer>" for mask in drawn.values()]
    files = [
        f"<free-file><filename>{escape(name)}</filename>"
        f"<layout-layers><index>{index}</index></layout-layers></free-file>"
        for index, name in enumerate(drawn)
    ]
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        "<pcb-project>",
        "<free-layer-mapping>true</free-layer-mapping>",
        *("<layout-layers>", *layers, "</layout-layers>"),
        *("<free-files>", *files, "</free-files>"),
        "<num-circle-points>256</num-circle-points>",
        "<merge-flag>false</merge-flag>",
        f"<dbu>{GRID_UM}</dbu>",
        f"<cell-name>{escape(stem)}</cell-name>",
        "</pcb-project>",
    ]
    return "\n".join(lines) + "\n"
