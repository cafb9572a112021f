"""Cuts side by side where wide traces change level: all that their common metal has room for, beside the one routed.

A trace of 200 µm that went through one cut of 15 µm would burn there, and would be open where that one fails. The metal
is there already: traces end in an octagon as wide as they are, about the cut, and lands reach farther. So no rule but
those of cuts is touched.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from itertools import pairwise
from math import ceil, hypot

import numpy as np
from numpy.typing import NDArray

from router.draw.centreline import NetPlace, land_pads
from router.model.design import Design
from router.model.geometry import GRID_SLACK
from router.model.layout import Trace, Via
from router.model.pdk import Pdk, RuleKind, ShapeKind, ViaRule

# Rules of a process for a cut mask beyond those of its via.
_OF_OTHERS = (RuleKind.SEPARATION, RuleKind.CENTRE_SEPARATION, RuleKind.PITCH)

# The cuts of an array are together no wider than so many times the narrower of what they join. A thin trace that runs
# along a large land would have hundreds, of which those beyond the first few carry nothing.
ENOUGH = 4

# Metal of one net on one level: straight runs of traces, and discs within lands; each row holds both ends of its middle
# line and half its width, nm.
Bars = NDArray[np.float64]
_NO_BARS = np.empty((0, 5))


def least_width(pdk: Pdk) -> int:
    """Traces have to be wider than this, nm, to change level by more than one cut."""
    return min((2 * pitch_of(pdk, rule) + min(rule.captures) for rule in pdk.vias), default=0)


def with_arrays(
    design: Design,
    traces: Sequence[Trace],
    vias: tuple[Via, ...],
    landings: Mapping[NetPlace, int],
    behind: Iterable[Via] = (),
) -> tuple[Via, ...]:
    """The vias, and those that fit beside them, in order.

    traces: all of the layout, as they are drawn; landings: how wide metal is, nm, by net, level and place, where no
    trace need end; behind: further cuts for which there is metal.
    """
    pdk = design.pdk
    capture = min((size for rule in pdk.vias for size in rule.captures), default=0)
    wide = {trace.net for trace in traces if trace.width > capture}
    metal = _metal_of(design, traces, landings, wide)
    wanted = [*behind, *(cut for via in vias if via.net in wide for cut in _beside(pdk, metal, via))]
    if not wanted:
        return vias
    cuts = _Cuts(pdk)
    for via in vias:
        cuts.add(via)
    for cut in wanted:
        if cuts.have_room(cut):
            cuts.add(cut)
    return tuple(sorted(cuts.all))


def _metal_of(
    design: Design, traces: Iterable[Trace], landings: Mapping[NetPlace, int], nets: Set[int]
) -> dict[tuple[int, int], Bars]:  # fmt: skip
    """The runs of traces, lands and landings of these nets, by net and level."""
    bars: dict[tuple[int, int], list[tuple[int, int, int, int, int]]] = defaultdict(list)
    for (net, level, x, y), pad in land_pads(design).items():
        if net in nets:
            bars[net, level].append((x, y, x, y, min(pad[:2])))
    for (net, level, x, y), width in landings.items():
        bars[net, level].append((x, y, x, y, width // 2))
    for trace in (trace for trace in traces if trace.net in nets):
        runs = pairwise(trace.points.tolist())
        bars[trace.net, trace.level] += [(*a, *b, trace.width // 2) for a, b in runs]
    return {of: np.array(rows, dtype=np.float64) for of, rows in bars.items()}


def _beside(pdk: Pdk, metal: Mapping[tuple[int, int], Bars], via: Via) -> list[Via]:
    """The cuts about a via, at the pitch of cuts, that metal on it encloses on both levels; the nearest ones first,
    none farther away than the widest of this metal reaches to its sides, and as many as are enough."""
    rule = pdk.vias[via.index]
    if has_rules_of_others(pdk, rule):
        return []
    at, pitch = np.array([[via.x, via.y]]), pitch_of(pdk, rule)
    room, widths = [], []
    for level, capture in zip((via.index, via.index + 1), rule.captures, strict=True):
        bars, outline = metal.get((via.net, level), _NO_BARS), outline_of(pdk, rule, capture)
        bars = (bars - (0, 0, 0, 0, outline))[bars[:, 4] >= outline]
        bars = bars[_within(bars, at)[0]]
        if not len(bars):
            return []
        room.append(bars)
        widths.append(2 * (bars[:, 4].max() + outline))
    enough = ceil(ENOUGH * min(widths) / rule.cut) - 1
    most = int(max(bars[:, 4].max() for bars in room) // pitch)
    places = at + pitch * _nearest_first(min(most, enough))
    for bars in room:
        places = places[_within(bars, places).any(axis=1)]
    return [Via(via.net, via.index, x, y) for x, y in places[:enough].tolist()]


def _nearest_first(most: int) -> NDArray[np.int64]:
    """The columns and rows, (n, 2), of a square raster up to `most` from its middle, but for the middle."""
    steps = np.arange(-most, most + 1)
    columns, rows = np.repeat(steps, len(steps)), np.tile(steps, len(steps))
    order = np.lexsort((rows, columns, columns**2 + rows**2))[1:]
    return np.stack([columns, rows], axis=1)[order]


def _within(bars: Bars, points: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which bars a point lies in: shape (points, bars)."""
    start, along = bars[:, :2], bars[:, 2:4] - bars[:, :2]
    offset = points[:, None] - start
    share = (offset * along).sum(axis=2) / np.maximum((along**2).sum(axis=1), 1)
    away = offset - np.clip(share, 0, 1)[..., None] * along
    inside: NDArray[np.bool_] = (away**2).sum(axis=2) <= bars[:, 4] ** 2
    return inside


def has_rules_of_others(pdk: Pdk, rule: ViaRule) -> bool:
    """Whether a cut has rules beyond those of its via, which arrays are not made to keep."""
    return any(rule.name in other.masks for other in pdk.rules if other.kind in _OF_OTHERS)


def pitch_of(pdk: Pdk, rule: ViaRule) -> int:
    """How far cuts beside each other stand apart, from centre to centre, nm."""
    return rule.cut + rule.spacing + 2 * _strays(pdk)


def outline_of(pdk: Pdk, rule: ViaRule, capture: int) -> int:
    """How far a capture pad of this size reaches from its centre as it is drawn, nm."""
    return int(capture / 2 * rule.shape.corner) + _strays(pdk) + 1


def _strays(pdk: Pdk) -> int:
    """How far an outline may stand out as it is drawn, nm."""
    return pdk.chord_error + GRID_SLACK


@dataclass(slots=True)
class _Cuts:
    """All cuts, in square cells as wide as the farthest that one has to keep from another."""

    pdk: Pdk
    all: list[Via] = field(default_factory=list)
    cells: dict[tuple[int, int, int], list[Via]] = field(default_factory=lambda: defaultdict(list))
    cell: int = field(init=False)

    def __post_init__(self) -> None:
        self.cell = max(pitch_of(self.pdk, rule) for rule in self.pdk.vias)

    def add(self, via: Via) -> None:
        self.all.append(via)
        self.cells[via.index, via.x // self.cell, via.y // self.cell].append(via)

    def have_room(self, via: Via) -> bool:
        """Whether a cut keeps its distance from all others between its levels, and lies beside those that it may not
        be stacked on."""
        column, row = via.x // self.cell, via.y // self.cell
        for index in range(max(via.index - 1, 0), min(via.index + 2, len(self.pdk.vias))):
            lower = self.pdk.vias[min(index, via.index)]
            if index != via.index and lower.stackable:
                continue
            asked = self.pdk.vias[index].spacing if index == via.index else 1
            for i in range(column - 1, column + 2):
                for j in range(row - 1, row + 2):
                    if any(self._gap(via, other) < asked for other in self.cells.get((index, i, j), ())):
                        return False
        return True

    def _gap(self, one: Via, other: Via) -> float:
        """What lies between two cuts, nm, at least."""
        rules = self.pdk.vias[one.index], self.pdk.vias[other.index]
        halves = sum(rule.cut for rule in rules) / 2 + 2 * _strays(self.pdk)
        dx, dy = abs(one.x - other.x), abs(one.y - other.y)
        if all(rule.shape is ShapeKind.CIRCLE for rule in rules):
            return hypot(dx, dy) - halves
        return hypot(max(dx - halves, 0), max(dy - halves, 0))
