"""The judge: a layout's polygons against the design and its process."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from router.model.design import Design
from router.model.geometry import Points
from router.model.layout import MaskLabel, Verdict
from router.model.pdk import Rule, RuleKind
from router.verify import edges, shapes
from router.verify.connect import connect
from router.verify.density import density
from router.verify.findings import Findings, Layers, violations
from router.verify.gds import read_masks
from router.verify.keepouts import keepout_violations
from router.verify.merge import merge
from router.verify.netlist import connectivity_faults
from router.verify.pads import pad_faults
from router.verify.wide import wide_space

CHECKS: Mapping[RuleKind, Callable[[Rule, Layers], Findings]] = {
    RuleKind.WIDTH: edges.width,
    RuleKind.SIZE: shapes.size,
    RuleKind.SPACE: edges.space,
    RuleKind.WIDE_SPACE: wide_space,
    RuleKind.SEPARATION: edges.separation,
    RuleKind.CENTRE_SEPARATION: shapes.centre_separation,
    RuleKind.ENCLOSURE: edges.enclosure,
    RuleKind.AREA: shapes.area,
    RuleKind.PITCH: shapes.pitch,
    RuleKind.EXTENT_MIN: shapes.extent,
    RuleKind.EXTENT_MAX: shapes.extent,
    RuleKind.STACKING: edges.stacking,
    RuleKind.ANGLE: shapes.angle,
    RuleKind.DENSITY: density,
}


def check(gds: Path, design: Design) -> Verdict:
    """Judge a GDSII file. Raises InputError when it cannot be read whole, or not in units of 1 nm."""
    rings, labels = read_masks(gds, design.pdk)
    return check_masks(rings, labels, design)


def check_masks(
    masks: Mapping[str, Sequence[Points]], labels: Mapping[str, Sequence[MaskLabel]], design: Design
) -> Verdict:
    """Judge rings (n, 2) in nm and labels, both by mask name. Nothing else is known of the layout."""
    regions = {mask.name: merge(masks.get(mask.name, ())) for mask in design.pdk.masks}
    components, extraction = connect(regions, labels, design)
    layers = Layers(design.pdk, design.outline, regions, components)
    found = [v for rule in design.pdk.rules for v in violations(rule, CHECKS[rule.kind](rule, layers), layers)]
    found += keepout_violations(layers, design)
    faults = [*connectivity_faults(extraction, design), *pad_faults(regions, design)]
    metal = {level.name: float(regions[level.name].areas().sum()) for level in design.pdk.levels}
    return Verdict(tuple(found), tuple(faults), metal)
