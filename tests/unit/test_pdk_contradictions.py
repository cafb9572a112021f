"""Each contradiction is found where it was planted, and none in the process without it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from router.model.pdk import (
    Density,
    MaskRole,
    PadShape,
    PadStyle,
    Pdk,
    Rule,
    RuleKind,
    ShapeKind,
    TerminalKind,
    WideSpacing,
)
from router.read.pdk_check import contradictions

CIRCLE = ShapeKind.CIRCLE


def _mask(pdk: Pdk, mask: str, **changes: object) -> Pdk:
    return replace(pdk, masks=tuple(replace(m, **changes) if m.name == mask else m for m in pdk.masks))


def _level(pdk: Pdk, **changes: object) -> Pdk:
    return replace(pdk, levels=(replace(pdk.levels[0], **changes), *pdk.levels[1:]))


def _via(pdk: Pdk, **changes: object) -> Pdk:
    return replace(pdk, vias=(replace(pdk.vias[0], **changes),))


def _pad(pdk: Pdk, *shapes: PadShape, level: str = "RDL2") -> Pdk:
    return replace(pdk, pads={"ball": PadStyle("ball", TerminalKind.BALL, level, shapes)})


def _rule(pdk: Pdk, *rules: Rule) -> Pdk:
    return replace(pdk, rules=rules)


SPACE, AREA = RuleKind.SPACE, RuleKind.AREA
LAND = PadShape("RDL2", CIRCLE, 200_000, 200_000)
OPENING = PadShape("SM", CIRCLE, 150_000, 150_000)
FAULTS: dict[str, Callable[[Pdk], Pdk]] = {
    "both on layer 11": lambda p: _mask(p, "RDL1", layer=11),
    "one datatype for two": lambda p: _mask(p, "SM", pin_datatype=0),
    "beyond 32767": lambda p: _mask(p, "SM", layer=40_000),
    "0 masks with role outline": lambda p: _mask(p, "OUTLINE", role=MaskRole.MARK),
    "default width 5 µm below": lambda p: _level(p, default_width=5_000),
    "default spacing 5 µm below": lambda p: _level(p, default_spacing=5_000),
    "wide-metal spacing 5 µm below": lambda p: _level(p, wide=(WideSpacing(50_000, 0, 5_000),)),
    "less than the minimum width": lambda p: _level(p, wide=(WideSpacing(5_000, 0, 20_000),)),
    "density minimum 0.8 above": lambda p: _level(p, density=Density(100_000, 0.8, 0.2)),
    "of which one is no level": lambda p: _via(p, upper="M2"),
    "not neighbours": lambda p: _via(p, lower="RDL2", upper="RDL1"),
    "larger than its capture pad on RDL1": lambda p: _via(p, enclosure_lower=-1),
    "below minimum width of RDL2": lambda p: _via(p, cut=1_000, enclosure_upper=1_000),
    "0 via levels for 2 levels": lambda p: replace(p, vias=()),
    "a shape on XX, which is no mask": lambda p: _pad(p, LAND, replace(OPENING, mask="XX")),
    "no land on a level RDL2": lambda p: _pad(p, OPENING),
    "no land on a level RDL9": lambda p: _pad(p, LAND, level="RDL9"),
    "a circle of": lambda p: _pad(p, replace(LAND, width=210_000)),
    "2 shapes on SM": lambda p: _pad(p, LAND, OPENING, OPENING),
    "below the minimum width of RDL2": lambda p: _pad(p, replace(LAND, width=9_000, height=9_000)),
    "220 µm on SM that its land": lambda p: _pad(p, LAND, replace(OPENING, width=220_000, height=220_000)),
    "150 µm on SM that its land Ø 200 µm does not hold": lambda p: _pad(
        p, LAND, PadShape("SM", ShapeKind.RECT, 150_000, 150_000)
    ),
    "a cut of": lambda p: _pad(p, LAND, PadShape("V1", CIRCLE, 220_000, 220_000)),
    "a shape on RDL1 beside its land on RDL2": lambda p: _pad(p, LAND, replace(LAND, mask="RDL1")),
    "a shape on V1 beside its land on RDL2": lambda p: _pad(p, LAND, PadShape("V1", CIRCLE, 15_000, 15_000)),
    "31415.9 µm² on RDL2, where R needs 31416 µm²": lambda p: _rule(
        _pad(p, LAND), Rule("R", AREA, ("RDL2",), 31_416e6)
    ),
    "500 µm² on RDL2, where capture pads of V1 have 490.874 µm²": lambda p: _rule(p, Rule("R", AREA, ("RDL2",), 500e6)),
    "whose min_width says 10 µm": lambda p: _rule(p, Rule("R", RuleKind.WIDTH, ("RDL1",), 10_001)),
    "30 µm on RDL1, whose min_spacing says 10 µm": lambda p: _rule(p, Rule("R", SPACE, ("RDL1",), 30_000)),
    "whose wide says 10 µm": lambda p: _rule(p, Rule("R", RuleKind.WIDE_SPACE, ("RDL1",), 20_000, width=50_000)),
    "whose edge_keepout says 0 µm": lambda p: _rule(p, Rule("R", RuleKind.ENCLOSURE, ("RDL1", "OUTLINE"), 20_000)),
    "91° on RDL1, whose min_angle says 90°": lambda p: _rule(p, Rule("R", RuleKind.ANGLE, ("RDL1",), 91)),
    "30 µm on V1, whose spacing says 15 µm": lambda p: _rule(p, Rule("R", SPACE, ("V1",), 30_000)),
    "31 µm on V1, whose spacing beside its cut says 30 µm": lambda p: _rule(
        p, Rule("R", RuleKind.PITCH, ("V1",), 31_000)
    ),
    "16 µm on V1, whose cut says 15 µm": lambda p: _rule(p, Rule("R", RuleKind.WIDTH, ("V1",), 16_000)),
    "14 µm on V1, whose cut says 15 µm": lambda p: _rule(p, Rule("R", RuleKind.SIZE, ("V1",), 14_000)),
    "6 µm on V1, whose enclosure_lower says 5 µm": lambda p: _rule(
        p, Rule("R", RuleKind.ENCLOSURE, ("V1", "RDL1"), 6_000)
    ),
    "7 µm on V1, whose enclosure_upper says 5 µm": lambda p: _rule(
        p, Rule("R", RuleKind.ENCLOSURE, ("V1", "RDL2"), 7_000)
    ),
    "180 µm² on V1, where cuts of V1 have 176.715 µm²": lambda p: _rule(p, Rule("R", AREA, ("V1",), 180e6)),
    "UBM Ø 100 µm smaller than its opening": lambda p: _pad(
        _mask(p, "DIE", role=MaskRole.UBM), LAND, OPENING, PadShape("DIE", CIRCLE, 100_000, 100_000)
    ),
    "where E needs 14 µm": lambda p: _rule(
        _pad(p, LAND, PadShape("SM", ShapeKind.OCTAGON, 160_000, 160_000)),
        Rule("E", RuleKind.ENCLOSURE, ("SM", "RDL2"), 14_000),
    ),
    "where E needs 30 µm": lambda p: _rule(
        _pad(p, LAND, OPENING), Rule("E", RuleKind.ENCLOSURE, ("SM", "RDL2"), 30_000)
    ),
    "does not fit a pitch of 100 µm": lambda p: _rule(
        _pad(p, LAND, OPENING), Rule("P", RuleKind.PITCH, ("SM",), 100_000)
    ),
    "rule R: XX is no mask": lambda p: _rule(p, Rule("R", RuleKind.WIDTH, ("XX",), 1)),
    "rule R: 1 masks": lambda p: _rule(p, Rule("R", RuleKind.ENCLOSURE, ("SM",), 1)),
    "rule R: minimum": lambda p: _rule(p, Rule("R", RuleKind.DENSITY, ("SM",), 1, minimum=0.9, maximum=0.1)),
    "an extent without height": lambda p: _rule(p, Rule("R", RuleKind.EXTENT_MIN, ("SM",), 1)),
    "least extent is above the greatest": lambda p: _rule(
        p,
        Rule("A", RuleKind.EXTENT_MIN, ("OUTLINE",), 9, height=9),
        Rule("B", RuleKind.EXTENT_MAX, ("OUTLINE",), 8, height=9),
    ),
}


def test_rules_that_the_router_keeps_anyway_are_none(small_pdk: Pdk) -> None:
    held = _level(small_pdk, wide=(WideSpacing(50_000, 0, 20_000),), edge_keepout=20_000)
    rules = [
        Rule("W", RuleKind.WIDTH, ("RDL1",), 10_000),
        Rule("S", RuleKind.WIDE_SPACE, ("RDL1",), 20_000, width=50_000),
        Rule("E", RuleKind.ENCLOSURE, ("RDL1", "OUTLINE"), 20_000),
        Rule("I", RuleKind.ENCLOSURE, ("RDL1", "SM"), 20_000),
        Rule("A", RuleKind.AREA, ("RDL1",), 490e6),
        Rule("VS", RuleKind.SPACE, ("V1",), 15_000),
        Rule("VP", RuleKind.PITCH, ("V1",), 30_000),
        Rule("VE", RuleKind.ENCLOSURE, ("V1", "RDL2"), 5_000),
        Rule("VA", RuleKind.AREA, ("V1",), 176e6),
    ]
    assert contradictions(_rule(held, *rules)) == []


def test_no_contradiction_in_a_sound_process(small_pdk: Pdk) -> None:
    assert contradictions(small_pdk) == []


@pytest.mark.parametrize("message", FAULTS)
def test_contradiction_is_found(message: str, small_pdk: Pdk) -> None:
    assert any(message in found for found in contradictions(FAULTS[message](small_pdk)))
