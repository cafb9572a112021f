"""The ladder: one fan-out, filled more and more by widening its traces."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from router.bench.fanout import fan1024
from router.model.design import Design
from router.model.pdk import Pdk
from router.plan.capacity import plan_capacity
from router.read.pdk import read_pdk
from router.read.pdk_rules import derived_rules

RUNGS = (50, 60, 70, 75, 80, 85, 90)
_LEVELS = 2
_GRID = 10
_NARROWEST, _WIDEST = 5_000, 20_000


def ladder(full: int) -> Design:
    """`fan1024` on two levels with equal width and spacing, on a 10 nm grid so wide that the fullest cut that planning
    finds comes nearest to `full` per cent: where a gap between bumps loses a track, that steps by some per cent."""
    base = read_pdk("fanout_10um", levels=_LEVELS)
    made = partial(_rung, base, f"ladder{full}")
    low, high = _NARROWEST // _GRID, _WIDEST // _GRID
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fullest(made(middle * _GRID)) * 100 <= full else (low, middle)
    return min((made(low * _GRID), made(high * _GRID)), key=lambda design: abs(fullest(design) * 100 - full))


def fullest(design: Design) -> float:
    """How full the fullest cut is."""
    return plan_capacity(design).fullness


def _rung(base: Pdk, name: str, width: int) -> Design:
    return fan1024(_LEVELS, name, scaled(base, width))


def scaled(pdk: Pdk, width: int) -> Pdk:
    """The process with traces and spacings of `width` nm, and cuts, enclosures and the room between cuts in proportion
    to them; pads stay."""

    def in_proportion(length: int) -> int:
        return round(length * width / pdk.levels[0].min_width / _GRID) * _GRID

    levels = tuple(
        replace(
            level, min_width=width, min_spacing=width, default_width=width, default_spacing=width,
            wide=tuple(replace(w, width=in_proportion(w.width), spacing=in_proportion(w.spacing)) for w in level.wide),
        )
        for level in pdk.levels
    )  # fmt: skip
    vias = tuple(
        replace(
            via, cut=in_proportion(via.cut), spacing=in_proportion(via.spacing),
            enclosure_lower=in_proportion(via.enclosure_lower), enclosure_upper=in_proportion(via.enclosure_upper),
        )
        for via in pdk.vias
    )  # fmt: skip
    outline = pdk.outline_mask.name
    old = {rule.name for rule in derived_rules(pdk.levels, pdk.vias, outline)}
    others = (rule for rule in pdk.rules if rule.name not in old)
    return replace(pdk, levels=levels, vias=vias, rules=(*derived_rules(levels, vias, outline), *others))
