"""Items of DEF's sections: cells, pins, blockages, nets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from sys import intern

from router.model.geometry import Box, Points
from router.read.formats.lefdef_def import (
    ITEM_LIMIT,
    ORIENTATIONS,
    Def,
    DefCell,
    DefPin,
    Reader,
    Section,
)
from router.read.formats.lefdef_lef import LefShape
from router.read.formats.lefdef_wires import read_wires
from router.read.textfile import quoted

_PLACED = ("FIXED", "PLACED", "COVER")


def read_cell(section: Section, found: Def, words: list[str]) -> None:
    """`name macro … + FIXED ( x y ) N …`"""
    if len(words) < 2:
        section.words.fail("a component without a cell", "- name cell …")
    name, macro = words[:2]
    if macro not in section.macros:
        found.passed["cells without metal on these layers"] += 1
        return
    for at in _attributes(words):
        if words[at] in _PLACED:
            x, y = section.point(words, at + 1)
            if name in found.cells:
                section.words.fail(f"component {quoted(name)} twice", "each one once")
            found.cells[name] = DefCell(name, intern(macro), x, y, section.orientation(words, at + 5))
            return
    found.passed[f"cells {macro} that are not placed"] += 1


def _attributes(words: list[str]) -> list[int]:
    """Where the words stand that follow a `+`."""
    return [at for at, before in enumerate(words[:-1], 1) if before == "+"]


def read_pin(section: Section, found: Def, words: list[str]) -> None:
    """`name + NET net … { + PORT } { + LAYER layer ( x y ) ( x y ) } + FIXED ( x y ) N`"""
    if not words:
        section.words.fail("a pin without a name", "- name + NET net …")
    net, shapes = "", list[tuple[str, Box, Points | None]]()
    for at in _attributes(words):
        key = words[at]
        if key == "NET":
            net = words[at + 1] if at + 1 < len(words) else ""
        elif key in ("LAYER", "POLYGON"):
            shapes += _pin_shape(section, words, at)
        elif key in _PLACED and shapes:
            x, y = section.point(words, at + 1)
            placement = replace(ORIENTATIONS[section.orientation(words, at + 5)], x=x, y=y)
            for layer, box, ring in shapes:
                lies = None if ring is None else placement.apply(ring)
                found.pins.append(DefPin(words[0], net, layer, placement.box(box), lies))
            shapes = []
    if len(found.pins) > ITEM_LIMIT:
        section.words.fail(f"more than {ITEM_LIMIT} shapes of pins", "fewer")


def _pin_shape(section: Section, words: list[str], at: int) -> list[tuple[str, Box, Points | None]]:
    """`LAYER layer … ( x y ) ( x y )` or `POLYGON layer … ( x y ) ( x y ) ( x y ) …`, if it is on a wanted layer."""
    key, layer = words[at], words[at + 1] if at + 1 < len(words) else ""
    if layer not in section.layers:
        return []
    at += 2
    while at < len(words) and words[at] in ("MASK", "SPACING", "DESIGNRULEWIDTH"):
        at += 2
    if key == "LAYER":
        return [(layer, section.box(words, at)[0], None)]
    ring, _ = section.ring(words, at, key)
    return [(layer, Box.around(ring), ring)]


def read_blockage(section: Section, found: Def, words: list[str]) -> None:
    """`LAYER layer { + … } RECT ( x y ) ( x y ) … POLYGON …`; PLACEMENT ones say nothing about metal."""
    if words[:1] != ["LAYER"] or len(words) < 2 or words[1] not in section.layers:
        found.passed["blockages that are not on these layers"] += 1
        return
    at = 2
    while at < len(words):
        if words[at] in ("RECT", "POLYGON"):
            ring, at = section.ring(words, at + 1, words[at])
            found.blocked.append(LefShape(words[1], ring))
        else:
            at += 1


def read_net(section: Section, found: Def, words: list[str]) -> None:
    """`name { ( cell pin ) } … + ROUTED …` of NETS: wires have the width of their layer."""
    _net(section, found, words, special=False)


def read_special_net(section: Section, found: Def, words: list[str]) -> None:
    """The same of SPECIALNETS: each wire gives its own width."""
    _net(section, found, words, special=True)


def _net(section: Section, found: Def, words: list[str], *, special: bool) -> None:
    if not words:
        section.words.fail("a net without a name", "- name ( cell pin ) …")
    ends = found.ends.setdefault(words[0], [])
    at = 1
    while words[at : at + 1] == ["("]:
        try:
            close = words.index(")", at)
        except ValueError:
            close = 0
        if close < at + 3:
            section.words.fail(quoted(" ".join(words[at : at + 4])), "( cell pin )")
        cell, pin = words[at + 1], intern(words[at + 2])
        if cell == "*":
            ends.append((cell, pin))
        elif cell in found.cells:
            ends.append((found.cells[cell].name, pin))
        at = close + 1
    if len(found.ends) > ITEM_LIMIT:
        section.words.fail(f"more than {ITEM_LIMIT} nets", "fewer")
    read_wires(section, found, words[0], words, at, special=special)


READERS: Mapping[str, Reader] = {
    "COMPONENTS": read_cell,
    "PINS": read_pin,
    "BLOCKAGES": read_blockage,
    "SPECIALNETS": read_special_net,
    "NETS": read_net,
}
