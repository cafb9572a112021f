"""The section [NETLIST] of an AIF file: rows of 5, 6, 9 or 14 words into pins of dies and balls.

NET PAD# PADTYPE X Y [BALL# [BALLTYPE BX BY [FINGER# FINGERTYPE FX FY ANGLE]]], a dash for what is absent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from router.model.errors import InputError
from router.read.fields import PIN_LIMIT
from router.read.formats.aif_file import AifFile, name_of
from router.read.formats.aif_pads import AifPad, pad_named
from router.read.textfile import quoted

_COUNTS = (5, 6, 9, 14)
_SEPARATOR = re.compile(r"[^A-Za-z0-9]")
_LONGEST_REFERENCE = 1000


@dataclass(frozen=True, slots=True)
class AifPin:
    """A pin as its row tells it: nm in the package; `pad` names its shape, empty where it has none."""

    line: int
    net: str
    pad: str
    x: int
    y: int


@dataclass(slots=True)
class AifNetlist:
    """Pins of each die (by reference; one die has the empty one) and balls, by name. `unplaced` are balls with their
    nets whose rows give no place."""

    dies: dict[str, dict[str, AifPin]] = field(default_factory=dict)
    balls: dict[str, AifPin] = field(default_factory=dict)
    unplaced: dict[str, AifPin] = field(default_factory=dict)
    fingers: list[str] = field(default_factory=list)
    separators: dict[str, None] = field(default_factory=dict)


def read_netlist(file: AifFile, pads: Mapping[str, AifPad], references: Mapping[str, str]) -> AifNetlist:
    """Pins and balls of all rows; `references` are those of several dies, empty for one.

    Raises InputError for a row of another length, an unknown pad, and a pin or ball of two nets or places.
    """
    netlist, entries = AifNetlist(), file.sections.get("NETLIST", [])
    if len(entries) > PIN_LIMIT:
        raise InputError(file.where(entries[PIN_LIMIT].line), f"more than {PIN_LIMIT} rows", "a smaller netlist")
    for entry in entries:
        text = f"{entry.key}={entry.value}" if entry.key else entry.value
        words, where = text.split(), file.where(entry.line)
        if len(words) not in _COUNTS:
            expected = "5, 6, 9 or 14: NET PAD# TYPE X Y BALL# TYPE X Y FINGER# TYPE X Y ANGLE, - for none"
            raise InputError(where, f"a row of {len(words)} words", expected)
        net = "" if words[0] == "-" else name_of(words[0])
        if words[1] != "-":
            reference, name = _die_pad(name_of(words[1]), references, where, netlist)
            pin = _pin(file, pads, net, words[2:5], entry.line)
            _add(file, netlist.dies.setdefault(reference, {}), name, pin, "the pad")
        if len(words) > 5 and words[5] != "-":
            _ball(file, pads, netlist, net, words[5:9], entry.line)
        if len(words) == 14 and words[9] != "-":
            netlist.fingers.append(words[9])
    return netlist


def _die_pad(text: str, references: Mapping[str, str], where: str, netlist: AifNetlist) -> tuple[str, str]:
    """Reference and pad of `D1.23`; what stands between them is recalled, not specified, so that any sign will do."""
    if not references:
        return "", text
    for found in _SEPARATOR.finditer(text, 0, _LONGEST_REFERENCE):
        reference, name = text[: found.start()], text[found.end() :]
        if reference in references and name:
            netlist.separators[found[0]] = None
            return reference, name
    raise InputError(where, f"the pad {quoted(text)}", f"REFERENCE.PAD with one of {', '.join(references)[:200]}")


def _pin(file: AifFile, pads: Mapping[str, AifPad], net: str, words: list[str], line: int) -> AifPin:
    kind = name_of(words[0])
    shape = pad_named(file, pads, kind, line)
    x, y = file.length(words[1], line), file.length(words[2], line)
    dx, dy = shape.centre if shape else (0, 0)
    return AifPin(line, net, kind if shape else "", x + dx, y + dy)


def _ball(
    file: AifFile, pads: Mapping[str, AifPad], netlist: AifNetlist, net: str, words: list[str], line: int
) -> None:
    name = name_of(words[0])
    if len(words) == 4 and words[2:] != ["-", "-"]:
        _add(file, netlist.balls, name, _pin(file, pads, net, words[1:], line), "the ball")
    else:
        _add(file, netlist.unplaced, name, AifPin(line, net, "", 0, 0), "the ball")


def _add(file: AifFile, pins: dict[str, AifPin], name: str, pin: AifPin, what: str) -> None:
    """A pin may stand in several rows, if they tell the same of it."""
    other = pins.setdefault(name, pin)
    if (other.net, other.pad, other.x, other.y) != (pin.net, pin.pad, pin.x, pin.y):
        differs = "net" if other.net != pin.net else "place or type"
        expected = f"the {differs} of line {other.line}"
        raise InputError(file.where(pin.line), f"{what} {quoted(name)} with another {differs}", expected)
