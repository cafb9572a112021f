"""The levels that the nets of a class come to: those they may run on, and those between these and their terminals."""

from __future__ import annotations

from router.model.design import Design


def reached_levels(design: Design) -> dict[str, tuple[int, ...]]:
    """Levels (indices) by net class, for every class that a net of two or more ends uses.

    A terminal may lie on a level that its net may not run on: then a cut in its land leads towards those it may.
    """
    found: dict[str, set[int]] = {}
    for net in design.nets:
        if len(net.ends) < 2:
            continue
        allowed = design.classes[net.net_class].levels
        reached = found.setdefault(net.net_class, set(allowed))
        for level in {design.terminals[t].level for end in net.ends for t in end.terminals} - reached:
            nearest = min(allowed, key=lambda other: (abs(other - level), other))
            reached |= set(range(min(level, nearest), max(level, nearest) + 1))
    return {name: tuple(sorted(found[name])) for name in sorted(found)}
