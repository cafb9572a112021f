"""Wide metal and what of its own net comes near it: both engines find the gap before it is filled, none afterwards."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import shapely
from both_engines import judged_here

from router.draw.masks import draw_masks
from router.draw.notch import fill_hulls, fill_notches
from router.draw.wide import beside_wide, wide_edges
from router.model.design import Design
from router.model.geometry import Box, Points
from router.model.layout import Layout, Trace
from router.model.pdk import Level, WideSpacing
from router.read.design import read_design
from router.write.gds import write_gds

ROOT = Path(__file__).resolve().parents[2]
RULES = (WideSpacing(50_000, 100_000, 15_000), WideSpacing(80_000, 150_000, 25_000))
LEVEL = Level("RDL1", 10_000, 10_000, 10_000, 10_000, RULES)
LAND = Box(-50_000, -100_000, 50_000, 100_000).ring()


def bar(*corners: tuple[int, int]) -> Points:
    return np.array(corners, dtype=np.int64)


@pytest.mark.parametrize(
    ("ring", "asked"),
    [
        (LAND, {25_000: 2}),
        (LAND * [1.02, 1], {15_000: 2, 25_000: 2}),
        (LAND * [1, 0.7], {15_000: 2}),
        (LAND * [0.4, 1], {}),
        (LAND * 0.4, {}),
        (Box(0, 0, 900_000, 51_000).ring(), {15_000: 2}),
        (Box(0, 0, 900_000, 49_000).ring(), {}),
    ],
)
def test_an_edge_asks_for_the_most_of_its_rules(ring: Points, asked: dict[int, int]) -> None:
    found = wide_edges(LEVEL, {"": [LAND], "A": [bar((0, 0), (9, 0), (9, 9)), ring.astype(np.int64)]})
    assert Counter(edge.spacing for edge in found.get("A", [])) == asked
    assert "" not in found


@pytest.mark.parametrize(
    ("near", "area"),
    [
        # A bar 12 µm beside the land, over its middle: as deep as it is far, less what it leaves for the grid.
        (Box(62_000, -20_000, 72_000, 20_000).ring(), 12 * 40),
        (Box(80_000, -20_000, 90_000, 20_000).ring(), 0),
        # A trace that leaves at right angles has nothing beside it.
        (Box(0, -5000, 300_000, 5000).ring(), 0),
        # A leg at 45° from the land's edge: a triangle.
        (bar((50_000, 0), (350_000, 300_000), (350_000, 320_000), (50_000, 20_000)), 25 * 25 / 2),
        # Metal that ends where the strip beside the land does, and some that begins a nanometre within it.
        (Box(75_002, -20_000, 85_000, 20_000).ring(), 0),
        (Box(75_001, -20_000, 85_000, 20_000).ring(), 25 * 40),
    ],
)
def test_what_lies_between_is_found(near: Points, area: float) -> None:
    wide = wide_edges(LEVEL, {"A": [LAND, near]})["A"]
    found = shapely.union_all([gap for _, gap in beside_wide(wide, [LAND, near])])
    assert found.area / 1e6 == pytest.approx(area, rel=0.01)


def test_a_gap_within_one_piece_of_metal_is_found() -> None:
    """An arm of the land's own ring comes back along its side, 12 µm beside it."""
    arm = bar((50_000, -100_000), (72_000, -100_000), (72_000, 20_000), (62_000, 20_000), (62_000, -90_000))
    ring = np.concatenate([arm, bar((50_000, -90_000), (50_000, 100_000), (-50_000, 100_000), (-50_000, -100_000))])
    wide = wide_edges(LEVEL, {"A": [ring]})["A"]
    found = shapely.union_all([gap for _, gap in beside_wide(wide, [ring])])
    assert found.area / 1e6 == pytest.approx(12 * 110, rel=0.01)


def package(folder: Path) -> Design:
    """A rectangular contact and a ball of one net, on a process whose wide metal begins at 50 µm."""
    process = (ROOT / "pdk" / "fanout_10um.toml").read_text(encoding="utf-8")
    rule = "{ width = 50, run_length = 60, spacing = 25 }"
    changed = process.replace("{ width = 100, run_length = 300, spacing = 20 }", rule)
    assert changed != process
    (folder / "wide.toml").write_text(changed, encoding="utf-8")
    (folder / "p.toml").write_text(
        """
pdk = "wide.toml"
levels = 1
outline = [1400, 1400]
[[passive]]
name = "c"
pad = "contact"
pin = [{ name = "1", x = 0, y = 0 }, { name = "2", x = -500, y = 0 }]
[[balls]]
name = "b"
pad = "ball"
pin = [{ name = "1", x = 400, y = 338 }]
[nets]
A = ["c.1", "b.1"]
""",
        encoding="utf-8",
    )
    return read_design(folder / "p.toml")


@pytest.mark.parametrize("line", [[(0, 0), (62, 0), (400, 338)], [(0, 0), (68, 0), (68, 200), (206, 338), (400, 338)]])
def test_a_trace_beside_its_own_wide_land(tmp_path: Path, line: list[tuple[int, int]]) -> None:
    design = package(tmp_path)
    masks = draw_masks(design, Layout((Trace(0, 0, 10_000, 1000 * np.array(line, dtype=np.int64)),), ()))
    for filled in (False, True):
        if filled:
            fill_notches(design, masks)
        write_gds(tmp_path / "p.gds", design, masks)
        judged = judged_here(tmp_path / "p.gds", design)
        assert ("RDL1.S.2" in {violation.rule for violation in judged.violations}) != filled
        assert judged.clean == filled, judged.violations


def test_a_gap_shorter_than_it_is_wide_is_filled_across() -> None:
    """As the chords of a wide round land see them: cut in two across, each half has metal on one side alone."""
    metal = shapely.union_all([shapely.box(-100_000, 0, 0, 100_000), shapely.box(12_000, 0, 100_000, 100_000)])
    gap = shapely.box(0, 50_000, 12_000, 52_000)
    hulls = fill_hulls(metal, LEVEL, [gap])
    assert len(hulls) == 1 and hulls[0].area.covers(gap)
