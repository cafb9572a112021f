"""A routed package as DEF, with a LEF file of its levels, vias and lands beside it.

Each terminal is a cell of its own, called by its pin, with one pin PAD; routes stand in SPECIALNETS with SHAPE IOWIRE,
as OpenROAD's `rdl_route` and commercial tools write redistribution (LEF/DEF 5.8 Language Reference).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, count, pairwise

import numpy as np

from router.draw.masks import via_shapes
from router.draw.shapes import heading_of, trace_octagon
from router.model.design import Design, Keepout, Terminal
from router.model.geometry import Placement, Points
from router.model.layout import Layout, Shape, Trace, Via
from router.model.pad_rings import pad_rings
from router.model.pdk import PadShape, PadStyle, TerminalKind
from router.model.units import GRID_UM, NM_PER_UM, decimal_um

_CELLS_A_LINE = 4
# Words that DEF reads otherwise where a name stands.
_OTHERWISE = {"(", ")", "+", "-", ";", "*", "PIN", "NEW", "END"}

LOST = (
    "which component a pin belongs to, outlines of components, and pins that are joined inside them",
    "openings, UBM and balls of pads: cells hold their lands alone",
    "rules of the process but for the least width and spacing of each level, and widths of net classes",
)
_ANY_ANGLE = "DEF knows runs along the axes and at 45° alone: many readers refuse the {} traces at other angles"


def lost(design: Design, layout: Layout) -> tuple[str, ...]:
    """What of this package the two files do not carry."""
    slanted = sum(-1 in _headings(trace.points) for trace in layout.traces)
    return (*LOST, _ANY_ANGLE.format(slanted)) if slanted else LOST


def def_files(design: Design, layout: Layout) -> Mapping[str, str]:
    """File name → text: NAME.lef and NAME.def. Lengths in DEF are nanometres."""
    return {f"{design.name}.lef": _lef(design), f"{design.name}.def": _def(design, layout)}


def _lef(design: Design) -> str:
    pdk = design.pdk
    lines = ["VERSION 5.8 ;", 'BUSBITCHARS "[]" ;', 'DIVIDERCHAR "/" ;', "UNITS"]
    lines += [f"  DATABASE MICRONS {NM_PER_UM} ;", "END UNITS", f"MANUFACTURINGGRID {GRID_UM} ;", ""]
    for index, level in enumerate(pdk.levels):
        lines += [f"LAYER {level.name}", "  TYPE ROUTING ;", "  DIRECTION HORIZONTAL ;"]
        width, spacing = decimal_um(level.min_width), decimal_um(level.min_spacing)
        lines += [f"  PITCH {decimal_um(level.min_width + level.min_spacing)} ;", f"  WIDTH {width} ;"]
        lines += [f"  SPACING {spacing} ;", f"END {level.name}", ""]
        for via in pdk.vias[index : index + 1]:
            lines += [f"LAYER {via.name}", "  TYPE CUT ;", f"  WIDTH {decimal_um(via.cut)} ;"]
            lines += [f"  SPACING {decimal_um(via.spacing)} ;", f"END {via.name}", ""]
    for via in pdk.vias:
        cut, lower, upper = via_shapes(via)
        lines.append(f"VIA {_via_name(via.name)} DEFAULT")
        for shape in (lower, cut, upper):
            lines += [f"  LAYER {shape.mask} ;", f"    {_lef_shape(design, shape)} ;"]
        lines += [f"END {_via_name(via.name)}", ""]
    for pad, name in _cell_names(design).items():
        lines += _macro(design, name, pdk.pads[pad])
    return "\n".join([*lines, "END LIBRARY", ""])


def _macro(design: Design, name: str, style: PadStyle) -> list[str]:
    ring = _land(design, style)
    (x0, y0), (x1, y1) = ring.min(axis=0).tolist(), ring.max(axis=0).tolist()
    kind = "COVER BUMP" if style.kind is TerminalKind.BALL else "COVER"
    lines = [f"MACRO {name}", f"  CLASS {kind} ;", f"  ORIGIN {decimal_um(-x0)} {decimal_um(-y0)} ;"]
    lines += [f"  SIZE {decimal_um(x1 - x0)} BY {decimal_um(y1 - y0)} ;", "  SYMMETRY X Y R90 ;", "  PIN PAD"]
    lines += ["    DIRECTION INOUT ;", "    USE SIGNAL ;", "    PORT", f"      LAYER {style.level} ;"]
    return [*lines, f"        {_lef_shape(design, style.land)} ;", "    END", "  END PAD", f"END {name}", ""]


def _land(design: Design, style: PadStyle) -> Points:
    return pad_rings([style.land], design.pdk.chord_error)[0]


def _lef_shape(design: Design, shape: PadShape) -> str:
    ring = pad_rings([shape], design.pdk.chord_error)[0]
    if len(ring) == 4:
        return f"RECT {_lef_points([ring.min(axis=0), ring.max(axis=0)])}"
    return f"POLYGON {_lef_points(ring)}"


def _lef_points(points: Iterable[Sequence[int] | Points]) -> str:
    return " ".join(f"{decimal_um(int(x))} {decimal_um(int(y))}" for x, y in points)


def _cell_names(design: Design) -> dict[str, str]:
    """The cell of each pad style that is used: its name without signs that names of cells do not hold everywhere, and
    with a number where another style has that name."""
    names: dict[str, str] = {}
    for pad in dict.fromkeys(terminal.pad for terminal in design.terminals):
        plain = "".join(sign if sign.isalnum() else "_" for sign in pad)
        numbered = (f"{plain}_{number}" for number in count(2))
        names[pad] = next(name for name in chain([plain], numbered) if name not in names.values())
    return names


def _def(design: Design, layout: Layout) -> str:
    box = design.outline
    names = _instances(design)
    lines = ["VERSION 5.8 ;", 'DIVIDERCHAR "/" ;', 'BUSBITCHARS "[]" ;', f"DESIGN {design.name} ;"]
    lines += [f"UNITS DISTANCE MICRONS {NM_PER_UM} ;", f"DIEAREA {_points(((box.x0, box.y0), (box.x1, box.y1)))} ;"]
    kinds = _cell_names(design)
    cells = [_component(design, name, kinds[t.pad], t) for name, t in zip(names, design.terminals, strict=True)]
    lines += ["", *_section("COMPONENTS", cells)]
    if design.keepouts:
        lines += ["", *_section("BLOCKAGES", [_blockage(design, keepout) for keepout in design.keepouts])]
    lines += ["", *_section("SPECIALNETS", list(_nets(design, layout, names)))]
    return "\n".join([*lines, "", "END DESIGN", ""])


def _section(name: str, items: Sequence[str]) -> list[str]:
    return [f"{name} {len(items)} ;", *(f"- {item} ;" for item in items), f"END {name}"]


def _instances(design: Design) -> list[str]:
    """A name for each terminal: its pin's, with its component's before it where two components have such a pin."""
    pins = [terminal.id.split(".", 1) for terminal in design.terminals]
    uses = Counter(pin for _, pin in pins)
    return [_name(pin if uses[pin] == 1 else f"{component}/{pin}") for component, pin in pins]


def _name(name: str) -> str:
    """A name as a word of DEF: one that would be taken for something else is marked by DEF's escape."""
    return f"\\{name}" if name in _OTHERWISE or name[0] in '#"' else name


def _component(design: Design, name: str, cell: str, terminal: Terminal) -> str:
    ring = _land(design, design.pdk.pads[terminal.pad])
    # W turns by 90° counter-clockwise.
    turn = Placement(rotation=90 if terminal.rotated else 0)
    x, y = turn.apply(ring).min(axis=0).tolist()
    corner = f"( {x + terminal.x} {y + terminal.y} )"
    return f"{name} {cell} + FIXED {corner} {'W' if terminal.rotated else 'N'}"


def _blockage(design: Design, keepout: Keepout) -> str:
    return " ;\n- ".join(
        f"LAYER {design.pdk.levels[level].name} POLYGON {_points(keepout.ring.tolist())}" for level in keepout.levels
    )


def _nets(design: Design, layout: Layout, names: Sequence[str]) -> Iterator[str]:
    metal: dict[int, list[Trace | Via | Shape]] = defaultdict(list)
    pieces: tuple[Trace | Via | Shape, ...] = (*layout.traces, *layout.vias, *layout.shapes)
    for piece in pieces:
        metal[piece.net].append(piece)
    for index, net in enumerate(design.nets):
        ends = [f"( {names[terminal]} PAD )" for end in net.ends for terminal in end.terminals]
        lines = [" ".join(ends[at : at + _CELLS_A_LINE]) for at in range(0, len(ends), _CELLS_A_LINE)]
        lands = {(t.level, t.x, t.y) for end in net.ends for t in (design.terminals[at] for at in end.terminals)}
        yield "\n  ".join([_name(net.name), *lines, "+ USE SIGNAL", *_wiring(design, metal[index], lands)])


def _wiring(design: Design, metal: Sequence[Trace | Via | Shape], lands: set[tuple[int, int, int]]) -> Iterator[str]:
    """Polygons, then traces that were given, then what was routed. `lands`: level and centre of the net's lands."""
    levels = [level.name for level in design.pdk.levels]
    paths: dict[bool, list[str]] = {True: [], False: []}
    for piece in metal:
        if isinstance(piece, Via):
            paths[False].append(_placed(design, piece))
        elif isinstance(piece, Shape):
            yield f"+ POLYGON {levels[piece.level]} {_points(piece.ring.tolist())}"
        elif len(piece.points) == 1:
            yield f"+ POLYGON {levels[piece.level]} {_points((piece.points + trace_octagon(piece.width)).tolist())}"
        else:
            centres = {(x, y) for level, x, y in lands if level == piece.level}
            paths[piece.fixed] += _paths(levels[piece.level], piece, centres)
    for word, fixed in (("FIXED", True), ("ROUTED", False)):
        for number, path in enumerate(paths[fixed]):
            yield f"{'NEW' if number else f'+ {word}'} {path}"


def _placed(design: Design, via: Via) -> str:
    rule = design.pdk.vias[via.index]
    return f"{rule.upper} 0 + SHAPE IOWIRE ( {via.x} {via.y} ) {_via_name(rule.name)}"


def _paths(level: str, trace: Trace, lands: set[tuple[int, int]]) -> Iterator[str]:
    """A trace as paths, cut at right angles between runs along the axes, where readers differ in what they draw. Such
    runs reach half a width beyond a corner, and beyond an end that is not at the centre of a land, as they are drawn;
    slanted ones have octagons there by themselves."""
    points = trace.points.tolist()
    flush = {at for at in (0, len(points) - 1) if tuple(points[at]) in lands}
    headings = _headings(trace.points)
    corners = [at for at, (a, b) in enumerate(pairwise(headings), 1) if a != b and a % 2 == b % 2 == 0]
    cuts = [0, *corners, len(points) - 1]
    for begin, end in pairwise(cuts):
        texts = [f"( {x} {y} )" for x, y in points[begin : end + 1]]
        for at, heading in ((begin, headings[begin]), (end, headings[end - 1])):
            if heading % 2 == 0 and at not in flush:
                texts[at - begin] = "( {} {} {} )".format(*points[at], trace.width // 2)
        yield f"{level} {trace.width} + SHAPE IOWIRE {' '.join(texts)}"


def _headings(points: Points) -> list[int]:
    """The direction of each run in units of 45°, -1 where it is none of the eight."""
    return [heading_of(x, y) for x, y in np.diff(points, axis=0).tolist()]


def _points(points: Iterable[Sequence[int]]) -> str:
    return " ".join(f"( {x} {y} )" for x, y in points)


def _via_name(name: str) -> str:
    return f"{name}_VIA"
