"""What must hold between the parts of a package: lands inside the outline, lands of two nets apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from router.model.design import Design, FixedTrace, Terminal
from router.model.errors import InputError
from router.model.geometry import Box, Points
from router.model.outlines import core, gap, land
from router.model.pdk import Level, PadStyle, Pdk, TerminalKind
from router.model.units import text_place, text_size, text_um

# Boxes looked up at once: bounds the memory for packages whose lands all lie on one another.
_CHUNK = 512


def refuse_outside(terminals: Sequence[Terminal], outline: Box, where: str) -> None:
    """Raise InputError for the first land that is not wholly inside the outline."""
    boxes = _boxes(terminals)
    outside = (boxes[:, :2] < (outline.x0, outline.y0)).any(axis=1) | (boxes[:, 2:] > (outline.x1, outline.y1)).any(1)
    if outside.any():
        terminal = terminals[int(np.flatnonzero(outside)[0])]
        place = f"{terminal.id} at {text_place(terminal.x, terminal.y)} with its land beyond the outline"
        size = text_size(outline.width, outline.height)
        raise InputError(f"{where}: outline", place, f"all lands inside {size}")


def refuse_coarse(pdk: Pdk, outline: Box, where: str) -> None:
    """Raise InputError for the first figure of the process for which the package has no room: what is as large was
    meant in another unit."""
    across = min(outline.width, outline.height)
    figures = [
        (f"{level.name}: {key}", value, most)
        for level in pdk.levels
        for key, value, most in (
            ("width", level.default_width, across),
            ("spacing", level.default_spacing, across),
            ("edge_keepout", level.edge_keepout, across // 2),
        )
    ]
    figures += [
        (f"{via.name}: {key}", value, across)
        for via in pdk.vias
        for key, value in (("capture pad", max(via.captures)), ("spacing", via.spacing))
    ]
    for key, value, most in figures:
        if value >= most:
            size = text_size(outline.width, outline.height)
            expected = f"less than {text_um(most)}, as the package measures {size}"
            raise InputError(f"{where}: pdk", f"{pdk.name}, {key} {text_um(value)}", expected)


def refuse_overlaps(
    terminals: Sequence[Terminal],
    owner: Sequence[str],
    parts: Sequence[int],
    styles: Mapping[str, PadStyle],
    where: str,
) -> None:
    """Raise InputError for the first two lands of one level that overlap, or abut and have not the same net: either way
    their metal is one.

    Lands of one net may overlap where they belong to two components (`parts` gives each terminal's): a ball below its
    bump.
    """
    boxes, levels = _boxes(terminals), np.array([terminal.level for terminal in terminals])
    for level in np.unique(levels):
        members = np.flatnonzero(levels == level)
        rects = shapely.box(*boxes[members].T)
        tree = shapely.STRtree(rects)
        for start in range(0, len(rects), _CHUNK):
            for a, b in _near_pairs(tree, rects[start : start + _CHUNK], members, start):
                two_nets, one_part = owner[a] != owner[b], parts[a] == parts[b]
                if not (two_nets or one_part or not owner[a]):
                    continue
                overlap = _overlap(terminals[a], terminals[b], styles)
                if overlap or (two_nets and _gap(terminals[a], terminals[b], styles) <= 0.0):
                    how = "overlapping" if overlap else "abutting"
                    found = f"{how} lands of {terminals[a].id} and {terminals[b].id}"
                    on_a_side = (terminals[a].kind is TerminalKind.BALL) is (terminals[b].kind is TerminalKind.BALL)
                    raise _joined(found, owner[a], owner[b], where, "" if on_a_side else ", or balls on another level")


def _joined(found: str, net: str, other: str, where: str, instead: str = "") -> InputError:
    """What is said of lands that are found to be one piece of metal, and of their nets, empty for none; `instead`: what
    would do as well as room."""
    if net and net == other:
        return InputError(where, f"{found}, both of net {net}", "no overlap of lands of one component")
    return InputError(where, f"{found}, nets {net or '(none)'} and {other or '(none)'}", f"room between them{instead}")


def _near_pairs(
    tree: shapely.STRtree, rects: NDArray[np.object_], members: NDArray[np.int64], start: int
) -> list[list[int]]:
    """Terminals (a, b), a before b, whose boxes meet, a being one of this chunk; in order."""
    first, second = tree.query(rects, predicate="intersects")
    first = first + start
    once = first < second
    pairs = np.stack([members[first[once]], members[second[once]]], axis=1)
    ordered: list[list[int]] = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))].tolist()
    return ordered


def refuse_crossed(ring: Points, where: str) -> None:
    """Raise InputError for a ring (n, 2) that crosses itself or holds no area."""
    if not shapely.Polygon(ring).is_valid:
        raise InputError(where, "a ring that crosses itself", "a simple polygon")


def check_fixed(design: Design, places: Sequence[str]) -> None:
    """Raise InputError for a fixed trace that leaves the outline, is thinner than its level allows, or lies on metal of
    another net: a land, or another fixed trace. `places`: where each stands, file and key."""
    for trace, where in zip(design.fixed, places, strict=True):
        level = design.pdk.levels[trace.level]
        if trace.width < level.min_width:
            least = f"at least {text_um(level.min_width)} on {level.name}"
            raise InputError(f"{where}.width", text_um(trace.width), least)
        if bool((np.diff(trace.points, axis=0) == 0).all(axis=1).any()):
            raise InputError(f"{where}.points", "one point twice in a row", "points that differ")
        if not design.outline.contains(Box.around(trace.points)):
            raise InputError(f"{where}.points", "a point beyond the outline", "points inside it")
    _refuse_shorts(design, places)


def _refuse_shorts(design: Design, places: Sequence[str]) -> None:
    """Raise InputError for the first fixed trace that lies on a land, or on an earlier fixed trace, of another net."""
    owner, names = design.net_of_terminal(), [*(net.name for net in design.nets), "(none)"]
    for level in sorted({trace.level for trace in design.fixed}):
        lands = [k for k, terminal in enumerate(design.terminals) if terminal.level == level]
        traces = [k for k, trace in enumerate(design.fixed) if trace.level == level]
        metal = [land(design.terminals[k], design.pdk.pads) for k in lands] + [drawn(design.fixed[k]) for k in traces]
        nets = [owner[k] for k in lands] + [design.fixed[k].net for k in traces]
        called = [f"the land of {design.terminals[k].id}" for k in lands] + [places[k] for k in traces]
        tree = shapely.STRtree(metal)
        for place in range(len(lands), len(metal)):
            for other in sorted(tree.query(metal[place], "intersects")):
                if other < place and nets[other] != nets[place] and metal[other].intersection(metal[place]).area > 1.0:
                    file, _, _ = called[place].rpartition(": ")
                    found = f"metal on {called[other].removeprefix(f'{file}: ')} of net {names[nets[other]]}"
                    raise InputError(f"{called[place]}.points", found, f"room to all but {names[nets[place]]}")


def drawn(trace: FixedTrace) -> BaseGeometry:
    """A fixed trace without its ends, which are drawn farther."""
    return shapely.LineString(trace.points).buffer(trace.width / 2, cap_style="flat", join_style="mitre")


def swept(trace: FixedTrace, level: Level) -> BaseGeometry:
    """A fixed trace with its ends: an octagon moved along it, or a circle on levels of any angle."""
    if level.angles == "any":
        return shapely.LineString(trace.points).buffer(trace.width / 2, quad_segs=32)
    half = trace.width / 2
    near = half * np.tan(np.pi / 8)
    octagon = np.array([(x, y) for a, b in ((half, near), (near, half)) for x in (-a, a) for y in (-b, b)])
    ends = np.stack([trace.points[:-1], trace.points[1:]], axis=1)
    corners = (ends[:, :, None, :] + octagon).reshape(len(ends), -1, 2)
    return shapely.union_all(shapely.convex_hull([shapely.MultiPoint(places) for places in corners]))


def _boxes(terminals: Sequence[Terminal]) -> NDArray[np.int64]:
    """Boxes (n, 4) that hold the lands: x0, y0, x1, y1."""
    values = np.array([(t.x, t.y, t.width, t.height) for t in terminals], dtype=np.int64).reshape(-1, 4)
    centre, half = values[:, :2], -(-values[:, 2:] // 2)
    return np.concatenate([centre - half, centre + half], axis=1)


def _overlap(a: Terminal, b: Terminal, styles: Mapping[str, PadStyle]) -> bool:
    """True when two lands share more than an edge or a point."""
    return bool(land(a, styles).intersection(land(b, styles)).area > 1.0)


def _gap(a: Terminal, b: Terminal, styles: Mapping[str, PadStyle]) -> float:
    return gap(core(a, styles[a.pad].land), core(b, styles[b.pad].land))
