"""The levels that the nets of a class come to: those they may run on, and those between these and their terminals; and
whether all lands would have room on one."""

from __future__ import annotations

import numpy as np
import shapely

from router.model.design import Design


def reached_levels(design: Design) -> dict[str, tuple[int, ...]]:
    """Levels (indices) by net class, for every class of a net that has something to join: all from the lowest to
    the highest of those that it may run on and of those that its nets' terminals and fixed traces lie on.

    A terminal may lie on a level that its net may not run on: then a cut in its land leads towards those it may. From
    one of these to the next, cuts lead through what lies between.
    """
    found: dict[str, set[int]] = {}
    for net in (design.nets[k] for k in design.joined):
        reached = found.setdefault(net.net_class, set(design.classes[net.net_class].levels))
        reached |= {design.terminals[t].level for end in net.ends for t in end.terminals}
    for fixed in design.fixed:
        if (net_class := design.nets[fixed.net].net_class) in found:
            found[net_class].add(fixed.level)
    return {name: tuple(range(min(found[name]), max(found[name]) + 1)) for name in sorted(found)}


def running_levels(design: Design) -> dict[str, tuple[int, ...]]:
    """Of the levels that a class reaches those that its traces run on: those it may, and those that it has to pass
    where cuts do not stack, so that one leads on beside another."""
    found = {}
    for name, reached in reached_levels(design).items():
        passed = {k for k in reached[1:-1] if not design.pdk.vias[k - 1].stackable}
        found[name] = tuple(k for k in reached if k in passed | set(design.classes[name].levels))
    return found


def passed_levels(design: Design) -> frozenset[int]:
    """Levels (indices) that nets of a class pass by cuts that stack, and run on no trace there."""
    running = running_levels(design)
    passed = (set(reached) - set(running[name]) for name, reached in reached_levels(design).items())
    return frozenset[int]().union(*passed)


def lands_need_levels(design: Design) -> bool:
    """Whether lands of two nets, on levels of their own, would lie on one another if there were but one: balls below
    a die. As much is counted of a land as a disc in it holds."""
    owner = np.array(design.net_of_terminal(), dtype=np.int64)
    place, size, level = design.lands
    half = size.min(axis=1) / 2
    boxes = shapely.box(*(place - half[:, None]).T, *(place + half[:, None]).T)
    for lower in np.unique(level)[:-1].tolist():
        here, above = np.flatnonzero(level == lower), np.flatnonzero(level > lower)
        first, second = shapely.STRtree(boxes[above]).query(boxes[here])
        a, b = here[first], above[second]
        apart = np.hypot(*(place[a] - place[b]).T)
        if np.any((apart < half[a] + half[b]) & ((owner[a] != owner[b]) | (owner[a] < 0))):
            return True
    return False
