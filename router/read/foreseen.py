"""What a judge will mark however a package is routed: its pads and fixed traces break rules among themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from router.model.design import Design, Keepout
from router.model.outlines import core, land
from router.model.pdk import Rule, RuleKind
from router.model.units import text_um
from router.read.design_check import drawn

# Drawn polygons have corners on the 1 nm grid.
_GRID = 1.0


def foreseen(design: Design) -> tuple[str, ...]:
    """A sentence for each rule that pads break by their places, one for lands of nets in keep-outs, and one for fixed
    traces there: the first place, and how many more there are."""
    owner = design.net_of_terminal()
    kinds = {RuleKind.SPACE: _gaps, RuleKind.PITCH: _pitches}
    found = [list(kinds[rule.kind](design, rule, owner)) for rule in design.pdk.rules if rule.kind in kinds]
    found += [list(_lands_in_keepouts(design, owner)), list(_traces_in_keepouts(design))]
    return tuple(one[0] + (f"; {len(one) - 1} more like it" if one[1:] else "") for one in found if one)


def _gaps(design: Design, rule: Rule, owner: Sequence[int]) -> Iterator[str]:
    """Shapes on a mask nearer than a rule of space, but not touching; on metal those of one net are joined."""
    (mask,) = rule.masks
    members, centres, halves = _shapes(design, mask)
    metal = any(mask == level.name for level in design.pdk.levels)
    boxes = shapely.box(*(centres - halves).T, *(centres + halves).T)
    for a, b in _pairs(boxes, rule.value):
        first, second = members[a], members[b]
        if metal and owner[first] == owner[second] >= 0:
            continue
        gap = _distance(design, first, second, mask)
        if 0.0 < gap < rule.value - _GRID:
            yield _too_near(design, rule, first, second, f"{text_um(round(gap))} apart on")


def _pitches(design: Design, rule: Rule, owner: Sequence[int]) -> Iterator[str]:
    """Shapes on a mask whose centres are nearer than a rule of pitch."""
    members, centres, _ = _shapes(design, rule.masks[0])
    for a, b in _pairs(shapely.points(centres), rule.value):
        pitch = float(np.hypot(*(centres[a] - centres[b])))
        if pitch < rule.value - _GRID:
            yield _too_near(design, rule, members[a], members[b], f"{text_um(round(pitch))} from centre to centre on")


def _shapes(design: Design, mask: str) -> tuple[list[int], NDArray[np.float64], NDArray[np.float64]]:
    """The terminals with a shape on a mask, the centres (n, 2) of the shapes and half their sizes (n, 2), nm."""
    sizes = {
        name: (shape.width, shape.height)
        for name, pad in design.pdk.pads.items()
        for shape in pad.shapes
        if shape.mask == mask
    }
    members = [index for index, terminal in enumerate(design.terminals) if terminal.pad in sizes]
    drawn_there = [design.terminals[index] for index in members]
    centres = np.array([(t.x, t.y) for t in drawn_there], dtype=np.float64).reshape(-1, 2)
    sides = [sizes[t.pad][::-1] if t.rotated else sizes[t.pad] for t in drawn_there]
    return members, centres, np.array(sides, dtype=np.float64).reshape(-1, 2) / 2


def _pairs(figures: NDArray[np.object_], distance: float) -> list[list[int]]:
    """Pairs (a, b), a before b, of figures nearer than `distance`, in order."""
    first, second = shapely.STRtree(figures).query(figures, predicate="dwithin", distance=distance)
    pairs = np.stack([first, second], axis=1)[first < second]
    ordered: list[list[int]] = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))].tolist()
    return ordered


def _distance(design: Design, a: int, b: int, mask: str) -> float:
    """The gap between the shapes of two terminals on a mask, nm; not above 0 where they touch."""
    figures = []
    for index in (a, b):
        terminal = design.terminals[index]
        shape = next(shape for shape in design.pdk.pads[terminal.pad].shapes if shape.mask == mask)
        figures.append(core(terminal, shape))
    (one, out), (other, beyond) = figures
    return float(shapely.distance(one, other)) - out - beyond


def _too_near(design: Design, rule: Rule, a: int, b: int, how: str) -> str:
    first, second = (design.terminals[index].id for index in (a, b))
    return f"{first} and {second} are {how} {rule.masks[0]}, where {rule.name} needs {text_um(rule.value)}"


def _lands_in_keepouts(design: Design, owner: Sequence[int]) -> Iterator[str]:
    """Lands of nets that lie in a keep-out."""
    places, sizes = design.lands[:, :2], design.lands[:, 2:4]
    tree = shapely.STRtree(shapely.box(*(places - sizes / 2).T, *(places + sizes / 2).T))
    for keepout in design.keepouts:
        ring = shapely.Polygon(keepout.ring)
        near = (design.terminals[k] for k in sorted(tree.query(ring, "intersects")) if owner[k] >= 0)
        for terminal in near:
            inside = ring.intersection(land(terminal, design.pdk.pads)).area > 1.0
            if inside and terminal.level in keepout.levels:
                yield _in_keepout(design, f"the land of {terminal.id}", keepout, terminal.level)


def _traces_in_keepouts(design: Design) -> Iterator[str]:
    """Fixed traces that lie in a keep-out."""
    for keepout in design.keepouts:
        ring = shapely.Polygon(keepout.ring)
        for index, trace in enumerate(design.fixed, 1):
            if trace.level in keepout.levels and ring.intersection(drawn(trace)).area > 1.0:
                yield _in_keepout(design, f"fixed[{index}]", keepout, trace.level)


def _in_keepout(design: Design, what: str, keepout: Keepout, level: int) -> str:
    return f"{what} lies in {keepout.name}, a keep-out on {design.pdk.levels[level].name}"
