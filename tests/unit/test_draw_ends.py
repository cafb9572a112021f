"""Ends of traces on pads hardly wider or narrower than they are, judged by both engines from the written file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely
from both_engines import judged_here

from router.draw.any_angle import trace_round
from router.draw.ends import end_on_pad, joined_ends
from router.draw.masks import draw_masks
from router.draw.notch import fill_notches
from router.draw.shapes import trace_octagon
from router.draw.tighten import tighten
from router.maze import route_design
from router.model.design import Design
from router.model.geometry import Points
from router.model.pad_rings import pad_rings
from router.model.pdk import PadShape, ShapeKind
from router.read.design import read_design
from router.write.gds import write_gds


def octagon(width: int) -> Points:
    return np.array(trace_octagon(width), dtype=np.int64)


def pad(shape: ShapeKind, size: int) -> Points:
    (ring,) = pad_rings([PadShape("M", shape, size, size)], 50)
    return ring


@pytest.mark.parametrize(
    ("end", "land", "joins"),
    [
        (octagon(10_000), pad(ShapeKind.CIRCLE, 9000), False),
        (octagon(10_000), pad(ShapeKind.CIRCLE, 10_200), True),
        (octagon(10_000), pad(ShapeKind.CIRCLE, 10_700), True),
        (octagon(10_000), pad(ShapeKind.CIRCLE, 10_900), False),
        (octagon(800), pad(ShapeKind.RECT, 500), False),
        (octagon(800), pad(ShapeKind.RECT, 700), True),
        (octagon(800), pad(ShapeKind.RECT, 802), False),
        (trace_round(620), pad(ShapeKind.RECT, 600), True),
        (trace_round(900), pad(ShapeKind.RECT, 600), False),
    ],
)
def test_an_end_and_a_pad_are_joined_where_neither_holds_the_other(end: Points, land: Points, joins: bool) -> None:
    ring = end_on_pad(end, land)
    assert (ring is not None) == joins
    if ring is not None:
        whole = shapely.Polygon(ring)
        assert whole.covers(shapely.Polygon(end))
        assert whole.covers(shapely.Polygon(land))
        assert whole.equals(whole.convex_hull)


def package(folder: Path, pdk: str, width: float, pads: tuple[str, str], scale: float) -> Design:
    """Two nets from a die to balls, through all levels."""
    x = [scale * place for place in (900, -180, -131, 150, 372, 385, 570, -570)]
    text = f"""
pdk = "{pdk}"
outline = [{2 * x[0]}, {2 * x[0]}]
[[die]]
name = "d"
pad = "{pads[0]}"
pin = [{{ name = "1", x = {x[1]}, y = {x[2]} }}, {{ name = "2", x = {x[1]}, y = {x[3]} }}]
[[balls]]
name = "b"
pad = "{pads[1]}"
pin = [{{ name = "1", x = {x[4]}, y = {x[5]} }}, {{ name = "2", x = {x[6]}, y = {x[7]} }}]
[[class]]
name = "default"
width = {width}
[nets]
A = ["d.1", "b.1"]
B = ["d.2", "b.2"]
"""
    (folder / "p.toml").write_text(text, encoding="utf-8")
    return read_design(folder / "p.toml")


@pytest.mark.parametrize("angles", ["octilinear", "manhattan", "any"])
@pytest.mark.parametrize(
    ("pdk", "pads", "scale", "widths"),
    [
        ("interposer_04", ("micro_bump", "c4"), 0.2, [0.62, 0.8, 0.84]),
        ("fanout_10um", ("bump", "ball"), 1.0, [23.5, 25, 25.3]),
    ],
)
def test_traces_of_any_width_end_on_capture_pads(
    tmp_path: Path, pdk: str, pads: tuple[str, str], scale: float, widths: list[float], angles: str
) -> None:
    joined = 0
    for width in widths:
        read = package(tmp_path, pdk, width, pads, scale)
        design = replace(read, pdk=read.pdk.with_angles(angles))
        layout = tighten(design, route_design(design))
        masks = draw_masks(design, layout)
        joined += len(list(joined_ends(design, layout, masks)))
        fill_notches(design, masks)
        write_gds(tmp_path / "p.gds", design, masks)
        judged = judged_here(tmp_path / "p.gds", design)
        assert judged.clean, (width, judged.violations, judged.faults, judged.differences)
    assert joined
