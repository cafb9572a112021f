"""The levels that the nets of a class come to: those they may run on, and those between these and their terminals."""

from __future__ import annotations

from router.model.design import Design


def reached_levels(design: Design) -> dict[str, tuple[int, ...]]:
    """Levels (indices) by net class, for every class of a net with something to join: all from the lowest to the
    highest of those that it may run on and of those that its nets' terminals and fixed traces lie on.

    A terminal may lie on a level that its net may not run on: then a cut in its land leads towards those it may. From
    one of these to the next, cuts lead through what lies between.
    """
    found: dict[str, set[int]] = {}
    for net in design.joined_nets:
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
