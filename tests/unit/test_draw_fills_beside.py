"""Fills of notches beside keep-outs and other nets, and in channels that narrow."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely

from router.draw.any_angle import any_angle_rings
from router.draw.mouths import mouths_of
from router.draw.notch import (
    ON_METAL,
    fill_level,
)
from router.draw.shapes import trace_rings
from router.model.geometry import Box, Points
from router.model.pad_rings import pad_rings
from router.model.pdk import Level, PadShape, ShapeKind, WideSpacing
from router.read.pdk import read_pdk
from router.verify.merge import merge
from router.verify.smallest import smallest_width

ROOT = Path(__file__).resolve().parents[2]


def circle(x: int, y: int, radius: int, sides: int) -> Points:
    """Corners of a regular polygon about a circle, turned by half a side, nm."""
    turn = (np.arange(sides) + 0.5) * 2 * np.pi / sides
    ring = np.stack([x + radius * np.cos(turn), y + radius * np.sin(turn)], axis=1) / np.cos(np.pi / sides)
    return np.round(ring).astype(np.int64)


def test_a_gap_that_a_fill_narrows_is_filled_as_well() -> None:
    """A trace leads from a capture pad past the edge of a land and turns to its centre: the fills between trace and
    land reach down towards the pad."""
    level = read_pdk("fanout_2um").levels[0]
    trace = trace_rings(np.array([(-2_000, -6_000), (-2_000, 8_500), (3_000, 13_500)], dtype=np.int64), 2_000)
    rings = [*trace, circle(-2_000, -6_000, 5_000, 24), circle(3_000, 13_500, 12_500, 40)]
    fills = [shapely.Polygon(fill.ring) for fill in fill_level(level, {"A": rings}, [])]
    limit = level.min_spacing - ON_METAL
    bare = shapely.union_all([shapely.Polygon(ring) for ring in rings])
    assert len(mouths_of(bare, limit))
    assert not len(mouths_of(shapely.union_all([bare, *fills]), limit))


def slit() -> tuple[dict[str, list[Points]], Points]:
    """Two traces of 10 µm, 6 µm apart over 60 µm and joined at one end; and a square in the slit, from wall to wall."""
    boxes = [Box(0, 0, 60_000, 10_000), Box(0, 16_000, 60_000, 26_000), Box(0, 0, 10_000, 26_000)]
    return {"A": [box.ring() for box in boxes]}, Box(40_000, 10_000, 46_000, 16_000).ring()


def filled(level: Level, rings: dict[str, list[Points]], keepouts: list[Points]) -> shapely.Geometry:
    return shapely.union_all([shapely.Polygon(fill.ring) for fill in fill_level(level, rings, keepouts)])


def test_fills_touch_keepouts_as_traces_do() -> None:
    """Beside the mouth of a slit, nearer than the spacing: metal of others there would keep the fill back."""
    level, (rings, _) = read_pdk("fanout_10um", levels=1).levels[0], slit()
    beside = Box(60_000, 0, 70_000, 26_000).ring()
    closed = shapely.box(10_000, 10_000, 60_000, 16_000)
    assert closed.difference(filled(level, rings, [beside])).area < 1_000
    assert closed.difference(filled(level, {**rings, "B": [beside]}, [])).area > 30_000_000


def test_fills_stay_out_of_keepouts_and_come_to_an_end() -> None:
    level, (rings, amid) = read_pdk("fanout_10um", levels=1).levels[0], slit()
    fills = fill_level(level, rings, [amid])
    assert len(fills) < 10
    assert (
        shapely.union_all([shapely.Polygon(fill.ring) for fill in fills]).intersection(shapely.Polygon(amid)).area == 0
    )


def test_what_fills_a_shallow_notch_holds_on_to_the_metal() -> None:
    """Beside a square capture pad that a trace at any angle, little narrower, leaves with a bend: a fill with an edge
    along the trace's left slits of no width."""
    level = replace(read_pdk(ROOT / "pdk" / "fine_2um.toml").levels[0], min_spacing=2600, min_width=1600)
    line = np.array([[261_799, 70_100], [0, 0], [-5720, 0]])
    pad = Box(-8440, -2720, -3000, 2720).ring()
    rings = {"A": [*any_angle_rings(line, 4800), pad]}
    fills = [shapely.Polygon(fill.ring) for fill in fill_level(level, rings, [])]
    assert fills
    whole = shapely.union_all([*fills, *(shapely.Polygon(ring) for ring in rings["A"])])
    assert not whole.interiors
    assert whole.minimum_clearance > 5


def test_what_passes_a_corner_by_a_nanometre_is_filled() -> None:
    """A trace at any angle leaves a square capture pad by the pad's own corner: a slit thinner than the rounding of
    corners, which no hull of its own fills."""
    level = replace(read_pdk("fanout_2um").levels[0], min_spacing=400, min_width=280)
    trace = [(-1336, -2931), (44, 99), (500, 99), (500, 500), (-100, 500), (-1480, -2530)]
    rings = {"A": [Box(0, 0, 600, 600).ring(), np.array(trace, dtype=np.int64)]}
    bare = shapely.union_all([shapely.Polygon(ring) for ring in rings["A"]])
    assert len(mouths_of(bare, level.min_spacing - ON_METAL))
    whole = shapely.union_all([bare, *(shapely.Polygon(fill.ring) for fill in fill_level(level, rings, []))])
    assert not len(mouths_of(whole, level.min_spacing - ON_METAL))
    assert whole.minimum_clearance > 5


def test_fills_go_on_as_long_as_a_channel_narrows() -> None:
    """A trace leaves a ball for a capture pad close beside it: no edge across the channel between the two stands wide
    on both of its walls before its narrowest place."""
    level = replace(read_pdk("fanout_2um").levels[0], min_spacing=2400, min_width=8800)
    level = replace(level, wide=(WideSpacing(52_800, 176_000, 4800),))
    trace = trace_rings(np.array([(0, 0), (0, -108_800), (16_000, -124_800)], dtype=np.int64), 8800)
    ball, capture = (pad_rings([PadShape("M", ShapeKind.CIRCLE, size, size)], 100)[0] for size in (220_000, 22_000))
    rings = {"A": [*trace, ball, capture + np.array([16_000, -124_800])]}
    bare = shapely.union_all([shapely.Polygon(ring) for ring in rings["A"]])
    assert len(mouths_of(bare, level.min_spacing - ON_METAL))
    whole = shapely.union_all([bare, *(shapely.Polygon(fill.ring) for fill in fill_level(level, rings, []))])
    assert not len(mouths_of(whole, level.min_spacing - ON_METAL))


@pytest.mark.parametrize("angle", [0, 90, 180, 270])
def test_a_fill_that_others_keep_back_ends_straight(angle: int) -> None:
    """A trace turns from an octagonal capture pad into a square land, above whose corner another one keeps just the
    spacing: round that, the fill between would leave a mouth beside the land."""
    level = replace(read_pdk("fanout_10um", levels=1).levels[0], min_spacing=5000, min_width=5000)
    trace = trace_rings(np.array([[2500, 2500], [2500, -10_000], [20_000, -10_000]]), 5000)
    pad = pad_rings([PadShape("M", ShapeKind.OCTAGON, 9500, 9500)], 100)[0] + np.array([2500, -2500])
    own, other = Box(12_500, -15_000, 22_500, -5000).ring(), Box(12_500, 0, 22_500, 10_000).ring()
    turn = np.rint([[np.cos(a := np.radians(angle)), np.sin(a)], [-np.sin(a), np.cos(a)]]).astype(np.int64)
    rings = {"A": [ring @ turn for ring in (*trace, pad, own)], "": [other @ turn]}
    bare = shapely.union_all([shapely.Polygon(ring) for ring in rings["A"]])
    whole = shapely.union_all([bare, filled(level, rings, [])])
    assert not len(mouths_of(whole, level.min_spacing - ON_METAL))
    assert whole.distance(shapely.Polygon(rings[""][0])) == 5000


@pytest.mark.parametrize("off", [1_000, 5_000, 9_000])
def test_fills_between_two_corners_are_as_wide_as_the_level_asks(off: int) -> None:
    level = replace(read_pdk("fanout_2um").levels[0], min_spacing=20_000, min_width=10_000)
    rings = {"A": [Box(-90_000, 0, 0, 90_000).ring(), Box(off, -90_000 - off, 90_000 + off, -off).ring()]}
    fills = [fill.ring for fill in fill_level(level, rings, [])]
    assert fills
    assert smallest_width(merge([*rings["A"], *fills])) >= level.min_width


@pytest.mark.parametrize("asking", ["A", "B"])
def test_fills_keep_what_the_class_of_either_net_asks(asking: str) -> None:
    """On both sides of a jog, whose corners are nearer to each other than the spacing, lies metal of another net."""
    level = replace(read_pdk("fanout_10um").levels[0], min_width=1200, min_spacing=1800)
    trace = trace_rings(np.array([(-8000, 0), (0, 0), (0, -2350), (8000, -2350)]), 1200)
    beside = Box(3400, 410, 4600, 1610).ring()
    rings = {"A": trace, "B": [beside, np.array([0, -2350]) - beside]}
    others = shapely.union_all([shapely.Polygon(ring) for ring in rings["B"]])
    fills = [shapely.Polygon(fill.ring) for fill in fill_level(level, rings, [], {asking: 2160})]
    whole = shapely.union_all([*map(shapely.Polygon, trace), *fills])
    assert not len(mouths_of(whole, level.min_spacing - ON_METAL))
    assert whole.distance(others) == pytest.approx(2160)


@pytest.mark.parametrize("gap", [10_001, 12_000, 13_500, 15_700, 17_000, 20_000])
def test_a_wedge_that_opens_into_a_channel_is_filled(gap: int) -> None:
    """Two traces part at 45°, and run on beside each other: a fill that is just long enough leaves a notch there."""
    level, width = read_pdk("fanout_10um").levels[0], 30_000
    aside = round((gap + width) * 2**0.5)
    lines = [(-200_000 - aside, -200_000), (-aside, 0), (0, 0)], [(0, 0), (-200_000, -200_000)]
    traces = [ring for line in lines for ring in trace_rings(np.array(line), width)]
    whole = shapely.union_all([*map(shapely.Polygon, traces), filled(level, {"A": traces}, [])])
    assert not len(mouths_of(whole, level.min_spacing - ON_METAL))
