"""Notches inside a net: found by the checker before they are filled, not afterwards."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely

from router.draw.corners import sharp_corners
from router.draw.fills import Fills, places_round
from router.draw.level_metal import level_metal
from router.draw.masks import draw_masks
from router.draw.mouths import mouths_of
from router.draw.notch import (
    ON_METAL,
    cut_corners,
    fill_level,
    fill_notches,
    mouths_in,
)
from router.model.design import Design
from router.model.layout import Layout, Trace, Verdict
from router.read.design import read_design
from router.read.pdk import read_pdk
from router.verify import check
from router.write.gds import write_gds


def package(folder: Path, pins: list[tuple[float, float, float]], joined: int, more: str = "") -> Design:
    """Round pads (x, y, diameter in µm), the first `joined` of which are net A; the others have none, or are those of
    `more` nets."""
    listed = ", ".join(
        f'{{ name = "{k}", x = {x}, y = {y}, pad_size = {size} }}' for k, (x, y, size) in enumerate(pins)
    )
    text = f"""
name = "p"
pdk = "fanout_10um"
levels = 1
outline = [1200, 1200]
[[die]]
name = "die"
size = [1000, 1000]
pad = "bump"
pin = [{listed}]
[nets]
A = {[f"die.{k}" for k in range(joined)]}
{more}
""".replace("'", '"')
    (folder / "p.toml").write_text(text, encoding="utf-8")
    return read_design(folder / "p.toml")


def layout(*lines: list[tuple[float, float]]) -> Layout:
    """Traces of net A, 10 µm wide, corners in µm."""
    return Layout(tuple(Trace(0, 0, 10_000, np.round(np.array(line) * 1000).astype(np.int64)) for line in lines), ())


def judged(folder: Path, design: Design, drawn: Layout, fill: bool) -> tuple[Verdict, list[shapely.Polygon]]:
    masks = draw_masks(design, drawn)
    before = len(masks.drawing["RDL1"])
    if fill:
        fill_notches(design, masks)
    write_gds(folder / "p.gds", design, masks)
    fills = [shapely.Polygon(p.ring) for p in masks.drawing["RDL1"][before:]]
    return check(folder / "p.gds", design), fills


LONG = [(-300, 0, 60), (300, 0, 60)]


NOTCHES = {
    "branch at 45°": ([*LONG, (200, 200, 60)], [[(-300, 0), (0, 0)], [(0, 0), (300, 0)], [(0, 0), (200, 200)]]),
    "branches at 45° to both sides": (
        [*LONG, (200, 200, 60), (200, -200, 60)],
        [[(-300, 0), (0, 0)], [(0, 0), (300, 0)], [(0, 0), (200, 200)], [(0, 0), (200, -200)]],
    ),
    "bend in a pad": (LONG, [[(-300, 0), (-300, 10), (-200, 110), (190, 110), (300, 0)]]),
    "bend beside a pad": (LONG, [[(-300, 0), (-300, 20), (-260, 60), (240, 60), (300, 0)]]),
    "two pads close": ([(0, 0, 60), (66, 0, 60)], [[(0, 0), (66, 0)]]),
    "a slit between two traces": (
        [*LONG, (300, 100, 60)],
        [[(-300, 0), (300, 0)], [(-300, 0), (-285, 15), (215, 15), (300, 100)]],
    ),
}


@pytest.mark.parametrize(("pins", "lines"), NOTCHES.values(), ids=NOTCHES)
def test_a_notch_is_a_violation_until_it_is_filled(
    tmp_path: Path, pins: list[tuple[float, float, float]], lines: list[list[tuple[float, float]]]
) -> None:
    design, drawn = package(tmp_path, pins, len(pins)), layout(*lines)
    bare, _ = judged(tmp_path, design, drawn, fill=False)
    # Corners between 80° and 90° are for the angle rule alone.
    assert set() < {violation.rule for violation in bare.violations} <= {"RDL1.S.1", "RDL1.A.1"}
    assert bare.faults == ()
    filled, fills = judged(tmp_path, design, drawn, fill=True)
    assert filled.clean, filled.violations
    assert fills


RIGHT_ANGLE = ([*LONG, (0, 200, 60)], [[(-300, 0), (0, 0)], [(0, 0), (300, 0)], [(0, 0), (0, 200)]])


@pytest.mark.parametrize(
    ("pins", "lines"),
    [pytest.param(*case, id=name) for name, case in {**NOTCHES, "branch at a right angle": RIGHT_ANGLE}.items()],
)
def test_fills_stay_in_their_notches(
    tmp_path: Path, pins: list[tuple[float, float, float]], lines: list[list[tuple[float, float]]]
) -> None:
    """Where a disc of twice the spacing across finds room, there is no notch and nothing to fill."""
    design, drawn = package(tmp_path, pins, len(pins)), layout(*lines)
    _, fills = judged(tmp_path, design, drawn, fill=True)
    masks = draw_masks(design, drawn)
    metal = shapely.union_all(
        [shapely.Polygon(p.ring) for p in masks.drawing["RDL1"]]
        + [shapely.Point(x * 1000, y * 1000).buffer(size * 500) for x, y, size in pins]
    )
    closed = metal.buffer(14_000, quad_segs=32).buffer(-14_000, quad_segs=32)
    assert sum(fill.difference(closed).area for fill in fills) < 50e6


@pytest.mark.parametrize(
    "lines",
    [
        [[(-300, 0), (300, 0)]],
        [[(-300, 0), (-200, 0), (-100, 100), (100, 100), (200, 0), (300, 0)]],
    ],
)
def test_what_has_no_notch_is_left_alone(tmp_path: Path, lines: list[list[tuple[float, float]]]) -> None:
    verdict, fills = judged(tmp_path, package(tmp_path, LONG, 2), layout(*lines), fill=True)
    assert verdict.clean
    assert fills == []


def test_a_fill_keeps_off_a_pad_without_a_net(tmp_path: Path) -> None:
    """The bend by itself keeps the spacing to the pad beside it; its fill must too."""
    pins = [*LONG, (200, 200, 60), (70, 29, 26)]
    lines = [[(-300, 0), (0, 0)], [(0, 0), (300, 0)], [(0, 0), (200, 200)]]
    design = package(tmp_path, pins, 3)
    bare, _ = judged(tmp_path, design, layout(*lines), fill=False)
    filled, fills = judged(tmp_path, design, layout(*lines), fill=True)
    pad = shapely.Point(70_000, 29_000).buffer(13_000)
    boxes = [shapely.box(v.box.x0, v.box.y0, v.box.x1, v.box.y1) for v in bare.violations]
    assert boxes and not any(box.intersects(pad) for box in boxes)
    assert filled.clean
    assert fills and all(10_000 <= fill.distance(pad) < 40_000 for fill in fills)


def test_a_fill_with_somebody_just_beside_it_takes_what_room_there_is(tmp_path: Path) -> None:
    """A trace bends at the edge of a land, as near to another as it may be: the straight way across the mouth would
    come too near to that."""
    pins = [(0, 0, 80), (-300, -90, 60), (-300, 90, 60), (100, 180, 60)]
    mine, other = (
        [(0, 0), (-40, 0), (-50, 10), (-200, 10), (-300, -90)],
        [(-300, 90), (-240, 30), (-50, 30), (100, 180)],
    )
    design = package(tmp_path, pins, 2, 'B = ["die.2", "die.3"]')
    traces = [replace(trace, net=net) for net, trace in enumerate(layout(mine, other).traces)]
    bare, _ = judged(tmp_path, design, Layout(tuple(traces), ()), fill=False)
    assert {violation.nets for violation in bare.violations} == {("A",)}
    filled, fills = judged(tmp_path, design, Layout(tuple(traces), ()), fill=True)
    assert filled.clean, filled.violations
    assert fills


def test_a_trace_round_the_tip_of_a_thin_keepout_is_filled_beside_it(tmp_path: Path) -> None:
    """Its legs face each other across the tip; what would fill that whole lies over the keep-out."""
    pins = [(300, -8.079, 60), (193.796, 208.373, 60)]
    line = [pins[0][:2], (-1.498, -8.079), (-6.204, -3.373), (-6.204, 8.373), pins[1][:2]]
    design = package(tmp_path, pins, 2, "[[keepout]]\nrect = [0, 0, 250, 5]")
    bare, _ = judged(tmp_path, design, layout(line), fill=False)
    filled, fills = judged(tmp_path, design, layout(line), fill=True)
    assert [violation.rule for violation in bare.violations] == ["RDL1.S.1"]
    assert filled.clean, filled.violations
    assert fills and not any(fill.intersection(shapely.box(0, 0, 250_000, 5_000)).area for fill in fills)


WEDGE = [(-90_000, -90_000), (90_000, -90_000), (90_000, 0), (2_309, 0), (0, -4_000), (-2_309, 0), (-90_000, 0)]


def test_a_corner_at_a_mouth_without_a_fill_is_cut_off() -> None:
    """A wedge of 60° whose tip is too small for any disc: found by its mouth, whether the net has a fill or not."""
    level = read_pdk("fanout_10um", levels=2).levels[0]
    metal = level_metal({"A": [np.array(WEDGE, dtype=np.int64)]}, [])
    for mouth, triangles in (((0.0, -3_900.0), 1), ((50_000.0, 0.0), 0)):
        fills = Fills()
        cut_corners(np.array([mouth]), "A", level, metal, fills)
        assert len(fills.shapes) == triangles
        assert all(fill.intersects(shapely.Point(0, -4_000)) for fill in fills.shapes)


@pytest.mark.parametrize("depth", [200, 1_000, 4_000, 9_000])
def test_no_corner_is_left_too_sharp_however_deep_its_wedge(depth: int) -> None:
    level = read_pdk("fanout_10um", levels=2).levels[0]
    half = round(depth * np.tan(np.radians(30)))
    ring = [(-90_000, -90_000), (90_000, -90_000), (90_000, 0), (half, 0), (0, -depth), (-half, 0), (-90_000, 0)]
    metal, place = shapely.Polygon(ring), shapely.box(-90_000, -90_000, 90_000, 90_000)
    assert len(sharp_corners(metal, level.min_angle, 300, place)) == 1
    fills = fill_level(level, {"A": [np.array(ring, dtype=np.int64)]}, [])
    whole = shapely.union_all([metal, *(shapely.Polygon(fill.ring) for fill in fills)])
    assert fills and not sharp_corners(whole, level.min_angle, 300, place)


@pytest.mark.parametrize("depth", [150, 300, 1_200, 5_000])
@pytest.mark.parametrize("wide", [3_000, 8_000, 9_500])
def test_a_notch_is_filled_however_shallow(wide: int, depth: int) -> None:
    """As between the end of a wide trace and a capture pad, where a narrower one joins them."""
    level = read_pdk("fanout_10um", levels=2).levels[0]
    ring = [
        (-90_000, -90_000),
        (90_000, -90_000),
        (90_000, 0),
        (wide, 0),
        (wide, -depth),
        (0, -depth),
        (0, 0),
        (-90_000, 0),
    ]
    metal = shapely.Polygon(ring)
    assert len(mouths_of(metal, level.min_spacing - ON_METAL)) > 0
    fills = fill_level(level, {"A": [np.array(ring, dtype=np.int64)]}, [])
    whole = shapely.union_all([metal, *(shapely.Polygon(fill.ring) for fill in fills)])
    assert len(mouths_of(whole, level.min_spacing - ON_METAL)) == 0
    assert whole.area < metal.area + 1.5 * wide * depth + 1e6


def test_places_do_not_meet_even_in_each_others_crooks() -> None:
    """An L of three boxes, and one in its crook that none of them touches: its box and that of the L would overlap."""
    boxes = np.array([[0, 0, 100, 1], [0, 0, 1, 100], [50, 50, 51, 51]], dtype=np.float64)
    assert [place.bounds for place in places_round(boxes, 2)] == [(-2, -2, 102, 102)]
    assert len(places_round(boxes[[0, 2]], 2)) == 2
    assert places_round(boxes[:0], 2) == []


@pytest.mark.parametrize("x", [1, 50, 200, 399])
def test_a_slit_is_found_wherever_one_looks(x: int) -> None:
    """Traces 6 µm apart, 400 µm long: edges that face each other all along have one mouth, at any of their places."""
    level = read_pdk("fanout_10um", levels=1).levels[0]
    slit = shapely.union_all([shapely.box(0, y, 400_000, y + 10_000) for y in (0, 16_000)])
    place = shapely.box(x * 1000 - 20_000, -5_000, x * 1000 + 20_000, 31_000)
    found = mouths_in(place, slit, level)
    assert len(found) > 0
    assert shapely.covers(place, shapely.points(found)).all()
    assert np.allclose(found[:, 1], 13_000)
    assert len(mouths_in(shapely.affinity.translate(place, 450_000), slit, level)) == 0
