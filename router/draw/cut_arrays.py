"""Cuts side by side where wide traces change level: all that their common metal has room for, beside the one routed.

A trace of 200 µm that went through one cut of 15 µm would burn there, and would be open where that one fails. The metal
is there already: traces end in an octagon as wide as they are, about the cut. So no rule but those of cuts is touched.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from math import hypot

from router.draw.centreline import Place, land_pads
from router.model.design import Design
from router.model.geometry import GRID_SLACK
from router.model.layout import Trace, Via
from router.model.pdk import Pdk, RuleKind, ShapeKind, ViaRule

# Rules of a process for a cut mask beyond those of its via: arrays are not made to keep them.
_OF_OTHERS = (RuleKind.SEPARATION, RuleKind.CENTRE_SEPARATION, RuleKind.PITCH)


def least_width(pdk: Pdk) -> int:
    """Traces have to be wider than this, nm, to change level by more than one cut."""
    return min((2 * _pitch(pdk, rule) + min(rule.captures) for rule in pdk.vias), default=0)


def with_arrays(
    design: Design, traces: Sequence[Trace], vias: tuple[Via, ...], landings: Mapping[Place, int]
) -> tuple[Via, ...]:
    """The vias, and those that fit beside them, in order.

    traces: all of the layout, as they are drawn; landings: how wide metal is, nm, by net, level and place, where no
    trace need end.
    """
    pdk = design.pdk
    least = least_width(pdk)
    wide = {trace.net for trace in traces if trace.width > least}
    metal = _metal_about(design, traces, landings, wide)
    wanted = [cut for via in vias if via.net in wide for cut in _beside(pdk, metal, via)]
    if not wanted:
        return vias
    cuts = _Cuts(pdk)
    for via in vias:
        cuts.add(via)
    for cut in wanted:
        if cuts.have_room(cut):
            cuts.add(cut)
    return tuple(sorted(cuts.all))


def _metal_about(
    design: Design, traces: Iterable[Trace], landings: Mapping[Place, int], nets: Set[int]
) -> dict[Place, int]:  # fmt: skip
    """How far metal of these nets reaches in every direction, at least, from the ends of traces, the centres of lands
    and landings, nm: by net, level and place."""
    reach = {at: min(pad[:2]) for at, pad in land_pads(design).items() if at[0] in nets}
    for at, width in landings.items():
        reach[at] = max(reach.get(at, 0), width // 2)
    for trace in (trace for trace in traces if trace.net in nets):
        for x, y in trace.points[[0, -1]].tolist():
            at = trace.net, trace.level, x, y
            reach[at] = max(reach.get(at, 0), trace.width // 2)
    return reach


def _beside(pdk: Pdk, metal: dict[Place, int], via: Via) -> Iterator[Via]:
    """The cuts about a via, at the pitch of cuts, that the metal of both levels encloses; the nearest ones first."""
    rule = pdk.vias[via.index]
    room = min(
        metal.get((via.net, level, via.x, via.y), 0) - _outline(pdk, rule, capture)
        for level, capture in zip((via.index, via.index + 1), rule.captures, strict=True)
    )
    pitch = _pitch(pdk, rule)
    most = int(room // pitch)
    if most < 1 or any(rule.name in other.masks for other in pdk.rules if other.kind in _OF_OTHERS):
        return
    steps = range(-most, most + 1)
    ways = sorted((i * i + j * j, i, j) for i in steps for j in steps if hypot(i, j) * pitch <= room)
    for _, i, j in ways[1:]:
        yield Via(via.net, via.index, via.x + i * pitch, via.y + j * pitch)


def _pitch(pdk: Pdk, rule: ViaRule) -> int:
    """How far cuts beside each other stand apart, from centre to centre, nm."""
    return rule.cut + rule.spacing + 2 * _strays(pdk)


def _outline(pdk: Pdk, rule: ViaRule, capture: int) -> int:
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
        self.cell = max(_pitch(self.pdk, rule) for rule in self.pdk.vias)

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
