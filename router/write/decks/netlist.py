"""A package → its reference netlist as SPICE, with all that the LVS deck needs to find its terminals."""

from __future__ import annotations

import re
from collections.abc import Iterator

from router.model.design import Design
from router.model.units import to_um

_HEADER = """\
* Netlist of the package {name} in the process {pdk}
* A terminal is a device of one pin on its net:
*   X<terminal> <net> PAD/<style> L=<level from the die, from 1> X=<um> Y=<um> R=<1: turned> E=<end>
* Terminals of one end are joined outside the package; 0: alone, -1: without a net.
* Other characters than letters, digits and _.[]<>/:+-!@#%&^~|,? stand as \\x and two digits.
.SUBCKT {top}
"""
_PLAIN = re.compile(r"[^A-Za-z0-9_.\[\]<>/:+\-!@#%&^~|,?]")


def netlist(design: Design) -> str:
    """The text of a .cir file: terminals in the order of the nets, then those without one, then keep-outs."""
    lines = [_HEADER.format(name=design.name, pdk=design.pdk.name, top=escaped(design.name)), *_terminals(design)]
    lines += [f".ENDS {escaped(design.name)}\n", *_keepouts(design)]
    return "".join(lines)


def escaped(name: str) -> str:
    """A name without the characters that mean something in SPICE."""
    return _PLAIN.sub(lambda found: f"\\x{ord(found[0]):02X}", name)


def _terminals(design: Design) -> Iterator[str]:
    joined = 0
    for net in design.nets:
        for end in net.ends:
            joined += len(end.terminals) > 1
            for index in end.terminals:
                yield _terminal(design, index, escaped(net.name), joined if len(end.terminals) > 1 else 0)
    for index, owner in enumerate(design.net_of_terminal()):
        if owner < 0:
            yield _terminal(design, index, f"nc/{escaped(design.terminals[index].id)}", -1)


def _terminal(design: Design, index: int, net: str, end: int) -> str:
    t = design.terminals[index]
    place = f"L={t.level + 1} X={to_um(t.x):.3f} Y={to_um(t.y):.3f} R={int(t.rotated)} E={end}"
    return f"X{escaped(t.id)} {net} PAD/{escaped(t.pad)} {place}\n"


def _keepouts(design: Design) -> Iterator[str]:
    for keepout in design.keepouts:
        corners = " ".join(f"{to_um(x):.3f},{to_um(y):.3f}" for x, y in keepout.ring.tolist())
        for level in keepout.levels:
            yield f"*.KEEPOUT {escaped(keepout.name)} {level + 1} {corners}\n"
