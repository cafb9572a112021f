"""Nets of polygons with many corners, which KLayout's extractor is given in parts."""

from __future__ import annotations

from pathlib import Path

import klayout.db as kdb

from router.model.pad_rings import pad_rings
from router.model.pdk import PadShape, ShapeKind
from router.read.design import read_design
from router.verify.klayout.extract import MOST_CORNERS, Nets, extract
from router.verify.klayout.layers import Layers

TEETH = 300
PACKAGE = """
name = "comb"
pdk = "fanout_10um"
levels = 1
outline = [8000, 2000]
[[die]]
name = "d"
pad = "bump"
pin = [{ name = "1", x = -3000, y = 0 }, { name = "2", x = 2980, y = 0 }, { name = "3", x = 10, y = 500 }]
[nets]
A = ["d.1", "d.2"]
B = ["d.3"]
"""


def comb() -> kdb.Polygon:
    """A spine along x with slanted teeth, 20 µm from one to the next."""
    corners = [kdb.Point(3_000_000, -10_000), kdb.Point(-3_000_000, -10_000)]
    for n in range(TEETH):
        x = -3_000_000 + 20_000 * n
        corners += [kdb.Point(x, 10_000), kdb.Point(x + 777, 900_003), kdb.Point(x + 9_123, 900_001)]
        corners += [kdb.Point(x + 8_001, 10_000)]
    return kdb.Polygon(corners)


def nets_of(metal: list[kdb.Polygon], folder: Path) -> Nets:
    """What is extracted where this is all the metal of the package."""
    (folder / "comb.toml").write_text(PACKAGE, encoding="utf-8")
    design = read_design(folder / "comb.toml")
    drawn = {mask.name: kdb.Region() for mask in design.pdk.masks}
    drawn["RDL1"] = kdb.Region(metal)
    return extract(Layers(design.pdk, design.outline, 1, drawn, {name: [] for name in drawn}), design)


def test_a_net_of_many_corners_is_one_and_no_part_of_it_is_large(tmp_path: Path) -> None:
    nets = nets_of([comb(), kdb.Polygon(kdb.Box(9_500, 490_000, 19_000, 510_000))], tmp_path)
    first, last, other = nets.extraction.terminal.tolist()
    assert first == last >= 0 and other >= 0 and other != first
    tips = [nets.at("RDL1", -3_000_000 + 20_000 * n + 4_000, 880_000) for n in range(TEETH)]
    spine = [nets.at("RDL1", x, 0) for x in range(-2_999_000, 2_999_000, 7_001)]
    assert set(tips + spine) == {first}
    assert nets.extraction.boxes[first].width == 6_000_000
    assert max(polygon.num_points() for polygon in nets.regions["RDL1"].each()) <= MOST_CORNERS < comb().num_points()


def test_round_lands_are_taken_in_parts(tmp_path: Path) -> None:
    (land,) = pad_rings([PadShape("RDL1", ShapeKind.CIRCLE, 240_000, 240_000)], 50)
    disc = kdb.Polygon([kdb.Point(x, y) for x, y in land.tolist()]).moved(2_980_000, 0)
    nets = nets_of([disc], tmp_path)
    assert nets.at("RDL1", 2_980_000, 0) >= 0
    assert 2 * max(polygon.num_points() for polygon in nets.regions["RDL1"].each()) < len(land)
