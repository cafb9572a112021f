"""The named rules that follow from the tables of levels and via levels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from router.model.pdk import Level, Rule, RuleKind, ViaRule


def derived_rules(levels: Sequence[Level], vias: Sequence[ViaRule], outline: str) -> tuple[Rule, ...]:
    """Rules of all levels, then of all via levels, then between neighbouring via levels that may not stack."""
    rules = [rule for level in levels for rule in _level_rules(level, outline)]
    rules += [rule for via in vias for rule in _via_rules(via)]
    for lower, upper in pairwise(vias):
        if not lower.stackable:
            name = f"{lower.name}.ST.{upper.name}"
            rules.append(Rule(name, RuleKind.STACKING, (lower.name, upper.name), 0, source=lower.source))
    return tuple(rules)


def _level_rules(level: Level, outline: str) -> Iterator[Rule]:
    name, own, source = level.name, (level.name,), level.source
    yield Rule(f"{name}.W.1", RuleKind.WIDTH, own, level.min_width, source=source)
    yield Rule(f"{name}.S.1", RuleKind.SPACE, own, level.min_spacing, source=source)
    for index, wide in enumerate(level.wide, 2):
        yield Rule(
            f"{name}.S.{index}",
            RuleKind.WIDE_SPACE,
            own,
            wide.spacing,
            width=wide.width,
            run_length=wide.run_length,
            source=source,
        )
    if level.edge_keepout:
        yield Rule(f"{name}.K.1", RuleKind.ENCLOSURE, (name, outline), level.edge_keepout, source=source)
    if level.min_angle:
        yield Rule(f"{name}.A.1", RuleKind.ANGLE, own, level.min_angle, source=source)
    if level.density:
        window, low, high = level.density.window, level.density.minimum, level.density.maximum
        yield Rule(f"{name}.D.1", RuleKind.DENSITY, own, window, minimum=low, maximum=high, source=source)


def _via_rules(via: ViaRule) -> Iterator[Rule]:
    name, own, source = via.name, (via.name,), via.source
    yield Rule(f"{name}.W.1", RuleKind.SIZE, own, via.cut, source=source)
    yield Rule(f"{name}.S.1", RuleKind.SPACE, own, via.spacing, source=source)
    yield Rule(f"{name}.EN.{via.lower}", RuleKind.ENCLOSURE, (name, via.lower), via.enclosure_lower, source=source)
    yield Rule(f"{name}.EN.{via.upper}", RuleKind.ENCLOSURE, (name, via.upper), via.enclosure_upper, source=source)
