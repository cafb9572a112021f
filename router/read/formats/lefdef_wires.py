"""Wires of DEF nets: paths with repeated coordinates (`*`), extensions, vias, rectangles and polygons."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from router.model.geometry import Box
from router.read.formats.lefdef_def import ITEM_LIMIT, ORIENTATIONS, Def, DefVia, DefWire, Section
from router.read.formats.lefdef_lef import LefShape
from router.read.textfile import quoted

_BEGINS = ("ROUTED", "FIXED", "COVER", "SHIELD", "NOSHIELD")
# Words inside a path that are followed by one more word, and stand with or without a '+'.
_WITH_ONE = ("SHAPE", "STYLE", "MASK", "TAPERRULE", "SHIELDNET")


@dataclass(slots=True)
class _Path:
    """A path as far as it has been read. `usual`: how far its ends reach beyond their points where they do not say;
    `beyond`: how far each one does."""

    net: str
    layer: str
    width: int
    usual: int
    points: list[tuple[int, int]] = field(default_factory=list)
    beyond: list[int] = field(default_factory=list)


def read_wires(section: Section, found: Def, net: str, words: list[str], at: int, *, special: bool) -> None:
    """Everything of a net's statement behind its ends."""
    before = len(found.wires)
    while at < len(words):
        key = words[at] if words[at - 1] == "+" else ""
        at += 1
        if key in _BEGINS:
            at += key == "SHIELD"
            at = _paths(section, found, net, words, at, special=special)
        elif special and key in ("RECT", "POLYGON"):
            layer = words[at] if at < len(words) else ""
            ring, at = section.ring(words, at + 1, key)
            if layer in section.layers:
                found.metal.append((net, LefShape(layer, ring)))
        elif special and key == "VIA":
            at = _free_vias(section, found, net, words, at)
    if not special and len(found.wires) > before and "NONDEFAULTRULE" in words:
        found.passed["nets with a rule of their own, whose wires are taken as wide as their layer's"] += 1


def _free_vias(section: Section, found: Def, net: str, words: list[str], at: int) -> int:
    """`VIA name [orientation] ( x y ) …`"""
    name = words[at] if at < len(words) else ""
    at += 1
    at += at < len(words) and words[at] in ORIENTATIONS
    points, at = section.points(words, at)
    found.vias += [DefVia(net, name, x, y) for x, y in points.tolist()]
    return at


def _paths(section: Section, found: Def, net: str, words: list[str], at: int, *, special: bool) -> int:
    """`layer [width] … ( x y [e] ) … NEW layer …` up to the next attribute of the net; returns the place behind."""
    path, at = _begin(section, net, words, at, special=special)
    while at < len(words):
        word = words[at]
        if word == "NEW":
            _keep(section, found, path)
            path, at = _begin(section, net, words, at + 1, special=special)
        elif word == "+":
            if at + 1 >= len(words) or words[at + 1] not in _WITH_ONE:
                break
            at += 3
        elif word == "(":
            at = _point(section, path, words, at)
        elif word in _WITH_ONE:
            at += 2
        elif word == "RECT":
            at = _patch(section, found, path, words, at + 1)
        elif word == "VIRTUAL":
            # Nothing is drawn up to the next point.
            _keep(section, found, path)
            last = path.points[-1:]
            path = _Path(path.net, path.layer, path.width, path.usual, last, [0] * len(last))
            at = _point(section, path, words, at + 1)
            path.points, path.beyond = path.points[-1:], path.beyond[-1:]
        elif word == "DO":
            found.passed["arrays of vias in wires"] += 1
            at += 7
        elif word in ("TAPER", *ORIENTATIONS):
            at += 1
        else:
            at = _via(section, found, path, words, at)
    _keep(section, found, path)
    return at


def _begin(section: Section, net: str, words: list[str], at: int, *, special: bool) -> tuple[_Path, int]:
    if at + special >= len(words):
        section.words.fail(f"a wire of {quoted(net)} without a layer", "ROUTED layer width ( x y ) …")
    layer = words[at]
    width = abs(section.nm(words[at + 1])) if special else section.layers.get(layer, 0)
    # Wires of usual nets reach half their width beyond their ends, those of special nets end where they end.
    return _Path(net, layer, width, 0 if special else width // 2), at + 1 + special


def _point(section: Section, path: _Path, words: list[str], at: int) -> int:
    """`( x y [extension] )`, a star standing for the coordinate of the point before."""
    close = next((place for place in range(at + 3, min(at + 5, len(words))) if words[place] == ")"), 0)
    if not close:
        section.words.fail(quoted(" ".join(words[at : at + 5])), "( x y ) or ( x y extension )")
    place = []
    for axis, word in enumerate(words[at + 1 : at + 3]):
        if word == "*" and not path.points:
            section.words.fail("'*' in the first point of a wire", "a coordinate")
        place.append(path.points[-1][axis] if word == "*" else section.nm(word))
    path.points.append((place[0], place[1]))
    path.beyond.append(section.nm(words[at + 3]) if close == at + 4 else path.usual)
    return close + 1


def _patch(section: Section, found: Def, path: _Path, words: list[str], at: int) -> int:
    """`RECT ( dx0 dy0 dx1 dy1 )` about the last point."""
    if not path.points or words[at : at + 1] != ["("] or words[at + 5 : at + 6] != [")"]:
        section.words.fail(quoted(" ".join(words[at : at + 6])), "( x y ) RECT ( x y x y )")
    corners = np.array([section.nm(word) for word in words[at + 1 : at + 5]], dtype=np.int64).reshape(2, 2)
    if path.layer in section.layers:
        ring = Box.around(corners + path.points[-1]).ring()
        found.metal.append((path.net, LefShape(path.layer, ring)))
    return at + 6


def _via(section: Section, found: Def, path: _Path, words: list[str], at: int) -> int:
    if not path.points:
        section.words.fail(f"{quoted(words[at])} before the first point of a wire", "( x y )")
    turned = at + 1 < len(words) and words[at + 1] in ORIENTATIONS
    x, y = path.points[-1]
    found.vias.append(DefVia(path.net, words[at], x, y))
    return at + 1 + turned


def _keep(section: Section, found: Def, path: _Path) -> None:
    """Add a path that has a run, with its ends moved out by what they reach beyond their points."""
    if path.layer not in section.layers or path.width == 0:
        return
    moved = [path.points[index] for index in range(len(path.points)) if not index or _differs(path, index)]
    if len(moved) < 2:
        return
    points = np.array(moved, dtype=np.int64)
    for end, inner, beyond in ((0, 1, path.beyond[0]), (-1, -2, path.beyond[-1])):
        if beyond > 0:
            run = (points[end] - points[inner]).astype(np.float64)
            points[end] += np.rint(run * (beyond / np.hypot(*run))).astype(np.int64)
    found.wires.append(DefWire(path.net, path.layer, path.width, points))
    if len(found.wires) > ITEM_LIMIT:
        section.words.fail(f"more than {ITEM_LIMIT} wires", "fewer")


def _differs(path: _Path, index: int) -> bool:
    return path.points[index] != path.points[index - 1]
