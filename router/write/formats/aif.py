"""A package as AIF 2.0, the Artwork Interchange Format: dies, pads, balls and nets in one text file.

Grammar: the pages on AIF of Artwork Conversion Software (sections DATABASE, DIE, BGA, PADS, NETLIST), and its extension
to several dies (MCM_DIE, one MCM_<definition>_<reference> a die). A die pad is then called reference.pad.

AIF says where A1 lies looking from above the package. All places are seen from there: x is the package's, negated.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from router.model.design import Component, ComponentKind, Design, Terminal
from router.model.layout import Layout
from router.model.pad_rings import pad_rings
from router.model.pdk import PadShape, ShapeKind, TerminalKind
from router.model.units import decimal_um

_ON_DIES = (TerminalKind.BUMP, TerminalKind.PAD)
_RESERVED = re.compile(r"[;=\[\],]|^-$")
_SHAPES = {ShapeKind.CIRCLE: "CIRCLE", ShapeKind.RECT: "RECT", ShapeKind.OBLONG: "OBLONG"}


def lost(design: Design, layout: Layout) -> tuple[str, ...]:
    """What AIF does not carry of this package."""
    other = [t for t in design.terminals if t.kind not in (*_ON_DIES, TerminalKind.BALL)]
    parts = sorted({terminal.id.partition(".")[0] for terminal in other})
    names = [net.name for net in design.nets] + [terminal.id for terminal in design.terminals]
    sentences = [
        "traces, vias and fills: AIF holds pads, balls and their nets",
        "levels of pads, keep-outs, net classes, fixed traces, and which pins are joined inside a component",
    ]
    if parts:
        sentences.append(f"{', '.join(parts)} (pins: {len(other)}): AIF knows dies and balls alone")
    if any(_RESERVED.search(name) for name in names):
        sentences.append("characters that AIF reserves, ; = , [ ]: they stand as \\x and two digits in names")
    return tuple(sentences)


def aif_text(design: Design, layout: Layout) -> str:
    """Dies, pads and balls, with the balls as assigned, seen from above the package."""
    dies = [component for component in design.components if component.kind is ComponentKind.DIE]
    lines = [
        f"; Package {design.name} in the process {design.pdk.name}",
        "; Seen from above the package, through the backs of the dies (view top)",
        *("[DATABASE]", "TYPE=AIF", "VERSION=2.0", "UNITS=UM"),
        *(_several_dies(dies) if len(dies) > 1 else _one_die(dies)),
        *_balls(design),
        "[PADS]",
        *(f"{name}={shape}" for name, shape in _pads(design).items()),
        *("[NETLIST]", ";NETNAME PAD# TYPE PAD_X PAD_Y BALL# TYPE BALL_X BALL_Y"),
        *_netlist(design, several=len(dies) > 1),
    ]
    return "\n".join(lines) + "\n"


def _name(name: str) -> str:
    return _RESERVED.sub(lambda found: f"\\x{ord(found[0]):02X}", name)


def _one_die(dies: Sequence[Component]) -> Iterator[str]:
    for die in dies:
        yield from ("[DIE]", f"NAME={_name(die.name)}", *_extent(die, " "))


def _several_dies(dies: Sequence[Component]) -> Iterator[str]:
    """Each die is a definition of its own, which it alone refers to."""
    yield from ("MCM=TRUE", "[MCM_DIE]", *(f"{_name(die.name)}={_name(die.name)}" for die in dies))
    for die in dies:
        yield from (f"[MCM_{_name(die.name)}_{_name(die.name)}]", *_extent(die, ", "))


def _extent(die: Component, between: str) -> tuple[str, str, str]:
    box = die.placement.box(die.outline).mirrored
    middle = between.join(decimal_um(nm) for nm in box.middle)
    return f"WIDTH={decimal_um(box.width)}", f"HEIGHT={decimal_um(box.height)}", f"CENTER={middle}"


def _balls(design: Design) -> Iterator[str]:
    box = design.outline.mirrored
    names = [component.name for component in design.components if component.kind is ComponentKind.BALLS]
    yield from ("[BGA]", f"NAME={_name(names[0]) if names else 'BGA'}")
    yield from (f"WIDTH={decimal_um(box.width)}", f"HEIGHT={decimal_um(box.height)}")
    if box.x0 + box.x1 or box.y0 + box.y1:
        corners = " ".join(decimal_um(nm) for nm in box.ring().flatten().tolist())
        yield f"OUTLINE=POLYGON 1 0 4 {corners}"


def _pads(design: Design) -> dict[str, str]:
    """The pads that are used, by name, as AIF describes them."""
    pads = {}
    for terminal in design.terminals:
        name = _pad_name(terminal)
        if name not in pads and terminal.kind in (*_ON_DIES, TerminalKind.BALL):
            land = design.pdk.pads[terminal.pad].land
            pads[name] = _shape(PadShape(land.mask, land.shape, terminal.width, terminal.height), design)
    return pads


def _pad_name(terminal: Terminal) -> str:
    return _name(terminal.pad) + ("_R90" if terminal.rotated and terminal.width != terminal.height else "")


def _shape(land: PadShape, design: Design) -> str:
    if land.shape is ShapeKind.OCTAGON:
        (ring,) = pad_rings([land], design.pdk.chord_error)
        return f"POLYGON 1 0 {len(ring)} " + " ".join(f"{decimal_um(x)},{decimal_um(y)}" for x, y in ring.tolist())
    sides = (land.width,) if land.shape is ShapeKind.CIRCLE else (land.width, land.height)
    return " ".join([_SHAPES[land.shape], *map(decimal_um, sides)])


def _netlist(design: Design, *, several: bool) -> Iterator[str]:
    """Net by net the die pads beside the balls, one of each a row; then those without a net, whose name is a dash."""
    homes = {terminal.id.partition(".")[0] for terminal in design.terminals if terminal.kind is TerminalKind.BALL}
    pads, balls = defaultdict[int, list[str]](list), defaultdict[int, list[str]](list)
    for terminal, owner in zip(design.terminals, design.net_of_terminal(), strict=True):
        place = f"{_pad_name(terminal)} {decimal_um(-terminal.x)} {decimal_um(terminal.y)}"
        pin = terminal.id.partition(".")[2]
        if terminal.kind in _ON_DIES:
            pads[owner].append(f"{_name(terminal.id if several else pin)} {place}")
        elif terminal.kind is TerminalKind.BALL:
            balls[owner].append(f"{_name(terminal.id if len(homes) > 1 else pin)} {place}")
    for index, name in [*enumerate(_name(net.name) for net in design.nets), (-1, "-")]:
        for pad, ball in zip_longest(pads[index], balls[index]):
            yield " ".join(part for part in (name, pad or "- - - -", ball) if part)
