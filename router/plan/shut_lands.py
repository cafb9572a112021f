"""Lands that traces of their net cannot leave along their level, as others lie beside them: traces that are wider than
their land stand out from it.

Such a net does without that level where its class has another. Cuts leave its lands there, as they do where a class
leaves a level out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import shapely

from router.model.design import Design, NetClass
from router.model.outlines import core, falls_short, gap
from router.model.pdk import Level, PadShape, ShapeKind
from router.model.sentences import first_of_each
from router.model.units import text_um


class Shut(NamedTuple):
    """A net (index), a terminal that its traces cannot leave, and the one that is in their way."""

    net: int
    terminal: int
    beside: int


def leave_by_cuts(design: Design, lands: Sequence[Shut]) -> Design:
    """The package as it is routed: nets do without the levels on which these lands of theirs are shut, all but one."""
    shut = _levels(design, lands)
    classes, nets = dict(design.classes), list(design.nets)
    for index, levels in shut.items():
        net_class = design.classes[nets[index].net_class]
        if set(net_class.levels) > levels:
            without = _without(net_class, levels, design.pdk.levels)
            classes[without.name] = without
            nets[index] = replace(nets[index], net_class=without.name)
    return replace(design, classes=classes, nets=tuple(nets)) if shut else design


def shut_warnings(design: Design, lands: Sequence[Shut]) -> tuple[str, ...]:
    """A sentence for the first of these lands that cuts leave and one for the first whose net stays open, each with how
    many more there are."""
    levels = _levels(design, lands)
    found: dict[bool, list[str]] = {True: [], False: []}
    for net, terminal, beside in lands:
        here, name = design.terminals[terminal], design.nets[net].net_class
        left = set(design.classes[name].levels) > levels[net]
        width, level = text_um(design.classes[name].widths[here.level]), design.pdk.levels[here.level].name
        where = f"{here.id} of net {design.nets[net].name} beside {design.terminals[beside].id}"
        then = "cuts leave it" if left else "it stays open"
        found[left].append(f"traces of class {name}, {width} wide on {level}, cannot leave {where}: {then}")
    return first_of_each(found.values())


def shut_lands(design: Design) -> list[Shut]:
    """Those of ends of which no land is open."""
    narrow = {t for net in design.joined for t in _narrow(design, net)}
    beside = dict(_beside(design, narrow)) if narrow else {}
    ends = [(net, end.terminals) for net in design.joined for end in design.nets[net].ends]
    return [Shut(net, t, beside[t]) for net, members in ends if beside.keys() >= set(members) for t in members]


def _levels(design: Design, lands: Sequence[Shut]) -> dict[int, set[int]]:
    """The levels that nets cannot leave lands of theirs along."""
    levels: dict[int, set[int]] = defaultdict(set)
    for net, terminal, _ in lands:
        levels[net].add(design.terminals[terminal].level)
    return levels


def _narrow(design: Design, net: int) -> Iterator[int]:
    """The terminals of a net whose land is narrower than its traces there."""
    net_class = design.classes[design.nets[net].net_class]
    for terminal in (t for end in design.nets[net].ends for t in end.terminals):
        land = design.terminals[terminal]
        if land.level in net_class.levels and net_class.widths[land.level] > min(land.width, land.height):
            yield terminal


def _beside(design: Design, narrow: set[int]) -> Iterator[tuple[int, int]]:
    """Terminals in whose centre no trace of their net can end, each with the nearest one of another net, or of none, to
    which it would not keep what the process asks for; but for those that a fixed trace leads out of."""
    lands, level = shapely.box(*design.lands.boxes.T), design.lands.levels
    tree, owner = shapely.STRtree(lands), np.array(design.net_of_terminal())
    fixed = [(trace.net, trace.level, shapely.LineString(trace.points)) for trace in design.fixed]
    led_out = {
        t for t in narrow for net, on, line in fixed if (net, on) == (owner[t], level[t]) and line.intersects(lands[t])
    }
    for terminal in sorted(narrow - led_out):
        here = design.terminals[terminal]
        rules = design.pdk.levels[here.level]
        across = design.classes[design.nets[owner[terminal]].net_class].widths[here.level]
        end = core(here, PadShape("", ShapeKind.OCTAGON, across, across))
        least = rules.trace_spacing(across, rules.min_spacing)
        near = tree.query(end[0], predicate="dwithin", distance=least)
        others = near[(level[near] == here.level) & (owner[near] != owner[terminal])].tolist()
        around = [design.terminals[t] for t in others]
        gaps = [gap(end, core(land, design.pdk.pads[land.pad].land)) for land in around]
        if gaps and falls_short(min(gaps), least):
            yield terminal, others[int(np.argmin(gaps))]


def _without(net_class: NetClass, shut: Collection[int], levels: tuple[Level, ...]) -> NetClass:
    """A class that leaves some levels out: short traces there are as wide as the process has it."""
    name = " ".join([net_class.name, "without", *(levels[k].name for k in sorted(shut))])
    widths = [levels[k].default_width if k in shut else width for k, width in enumerate(net_class.widths)]
    spacings = [levels[k].default_spacing if k in shut else spacing for k, spacing in enumerate(net_class.spacings)]
    widest = [levels[k].default_width if k in shut else width for k, width in enumerate(net_class.widest)]
    left = tuple(k for k in net_class.levels if k not in shut)
    return replace(
        net_class, name=name, widths=tuple(widths), spacings=tuple(spacings), levels=left, widest=tuple(widest)
    )
