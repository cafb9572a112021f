"""Lands just as near to each other as a rule permits: what is foreseen is what both engines find in them as drawn."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from router import flow
from router.draw.masks import draw_masks
from router.model.layout import Layout
from router.model.pdk import PadShape, Rule, RuleKind, ShapeKind
from router.read.design import read_design
from router.read.foreseen import foreseen
from router.write.gds import write_gds

PAIR = """
name = "pair"
pdk = "fanout_10um"
levels = 1
outline = [2000, 2000]
[[die]]
name = "d"
pad = "bump"
pin = [{ name = "1", x = 0, y = 0 }, { name = "2", x = X, y = Y }]
[nets]
"""


def said_and_found(folder: Path, x: float, y: float, shape: str, size: tuple[int, int], rule: Rule) -> list[bool]:
    """Of two lands, whether a rule is foretold to be broken, and whether it is, in the eyes of both engines."""
    (folder / "pair.toml").write_text(PAIR.replace("X", str(x)).replace("Y", str(y)), encoding="utf-8")
    design = read_design(folder / "pair.toml")
    land = PadShape("RDL1", ShapeKind(shape), size[0] * 1000, size[1] * 1000)
    pads = {**design.pdk.pads, "bump": replace(design.pdk.pads["bump"], shapes=(land,))}
    design = replace(design, pdk=replace(design.pdk, pads=pads, rules=(rule,)))
    write_gds(folder / "p.gds", design, draw_masks(design, Layout((), ())))
    judged = flow.check(folder / "p.gds", design, "both")
    assert not judged.differences
    return [any("R needs" in said for said in foreseen(design)), bool(judged.violations)]


@pytest.mark.parametrize(("x", "y", "broken"), [(90, 0, False), (63.64, 63.64, False), (85.595, 27.812, True)])
def test_corners_of_round_lands_as_they_are_drawn_are_too_near(
    x: float, y: float, broken: bool, tmp_path: Path
) -> None:
    """Lands Ø 80 at 10 µm: side to side, and corner to corner."""
    rule = Rule("R", RuleKind.SPACE, ("RDL1",), 10_000)
    assert said_and_found(tmp_path, x, y, "circle", (80, 80), rule) == [broken, broken]


@pytest.mark.parametrize(
    ("shape", "size", "x", "y", "run", "broken"),
    [
        ("oblong", (100, 78), 12, 100, 10, True),
        ("oblong", (100, 78), 12, 100, 16, False),
        ("octagon", (90, 90), 38, 119, 0, False),
        ("octagon", (90, 90), 36, 119, 0, True),
    ],
)
def test_sides_of_wide_lands_run_along_each_other_as_they_are_drawn(
    shape: str, size: tuple[int, int], x: float, y: float, run: int, broken: bool, tmp_path: Path
) -> None:
    """Sides of round lands go on beyond what is straight; those aslant to each other are each in front of the other."""
    rule = Rule("R", RuleKind.WIDE_SPACE, ("RDL1",), 30_000, width=10_000, run_length=run * 1000)
    assert said_and_found(tmp_path, x, y, shape, size, rule) == [broken, broken]


@pytest.mark.parametrize("broken", [True, False])
def test_all_metal_is_wider_than_nothing(broken: bool, tmp_path: Path) -> None:
    rule = Rule("R", RuleKind.WIDE_SPACE, ("RDL1",), 30_000, width=0, run_length=10_000)
    assert said_and_found(tmp_path, 0, 107 if broken else 108, "oblong", (100, 78), rule) == [broken, broken]
