"""KLayout's verdict on a layout file, in the same words as our own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from router.model.design import Design
from router.model.layout import Verdict, Violation
from router.model.pdk import Rule, RuleKind
from router.verify import findings
from router.verify.connect import Components
from router.verify.klayout import facing, shapes
from router.verify.klayout.extract import extract
from router.verify.klayout.layers import Layers, read_layers
from router.verify.klayout.marks import Mark
from router.verify.klayout.package import keepout_marks, pad_faults
from router.verify.klayout.wide import wide_space
from router.verify.netlist import connectivity_faults

CHECKS: Mapping[RuleKind, Callable[[Rule, Layers], Iterator[Mark]]] = {
    RuleKind.WIDTH: facing.width,
    RuleKind.SIZE: shapes.size,
    RuleKind.SPACE: facing.space,
    RuleKind.WIDE_SPACE: wide_space,
    RuleKind.SEPARATION: facing.separation,
    RuleKind.CENTRE_SEPARATION: shapes.centre_separation,
    RuleKind.ENCLOSURE: facing.enclosure,
    RuleKind.AREA: shapes.area,
    RuleKind.PITCH: shapes.pitch,
    RuleKind.EXTENT_MIN: shapes.extent,
    RuleKind.EXTENT_MAX: shapes.extent,
    RuleKind.STACKING: facing.stacking,
    RuleKind.ANGLE: shapes.angle,
    RuleKind.DENSITY: shapes.density,
}


def check_with_klayout(layout_file: Path, design: Design, *, rules: bool = True, nets: bool = True) -> Verdict:
    """Judge a GDSII or OASIS file: by the rules of the process, or by its nets, pads and keep-outs, or by both.
    Violations carry no nets; one stands for all marks of its rule that touch.

    Raises InputError when KLayout cannot read the file, or its unit is not 1 nm.
    """
    layers = read_layers(layout_file, design.pdk, design.outline)
    found = [v for rule in design.pdk.rules if rules for v in _violations(rule, _marks(rule, layers), design)]
    if not nets:
        return Verdict(tuple(found), ())
    extracted = extract(layers, design)
    for name, level, mark in keepout_marks(layers, design, extracted):
        found += _violations(Rule(f"KEEPOUT.{name}", RuleKind.SEPARATION, (level,), 0), [mark], design)
    faults = (*connectivity_faults(extracted.extraction, design), *pad_faults(layers, design))
    metal = {level.name: float(layers.merged(level.name).area()) for level in design.pdk.levels}
    return Verdict(tuple(found), faults, metal)


def _marks(rule: Rule, layers: Layers) -> list[Mark]:
    """What a rule finds, in nm. Its check takes all lengths in units of the finer grid."""
    grain = layers.grain
    value = {RuleKind.AREA: grain * grain, RuleKind.ANGLE: 1}.get(rule.kind, grain)
    figure = 1 if rule.kind is RuleKind.DENSITY else value
    width, run, height = rule.width * grain, rule.run_length * grain, rule.height * grain
    finer = replace(rule, value=rule.value * value, width=width, run_length=run, height=height)
    found = CHECKS[rule.kind](finer, layers)
    return [mark.coarser(grain, figure) for mark in found]


def _violations(rule: Rule, marks: Sequence[Mark], design: Design) -> list[Violation]:
    """One violation for each group of marks that touch."""
    boxes = [(mark.box.left, mark.box.bottom, mark.box.right, mark.box.top) for mark in marks]
    found = findings.Findings(
        np.full((len(marks), 2), -1),
        np.array([mark.actual for mark in marks]),
        np.array(boxes, dtype=np.float64).reshape(-1, 4),
        np.array([rule.value if mark.required is None else mark.required for mark in marks]),
    )
    unnamed = findings.Layers(design.pdk, design.outline, {}, Components({}, ()))
    return findings.violations(rule, found, unnamed)
