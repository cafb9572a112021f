"""Notches inside a net: found by the checker before they are filled, not afterwards."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely

from router.draw.any_angle import any_angle_rings
from router.draw.corners import sharp_corners
from router.draw.level_metal import level_metal
from router.draw.masks import draw_masks
from router.draw.mouths import mouths_of
from router.draw.notch import (
    ON_METAL,
    Fills,
    cut_corners,
    fill_level,
    fill_notches,
    mouths_in,
    places_round,
)
from router.draw.shapes import pad_rings, trace_rings
from router.model.design import Design
from router.model.geometry import Box, Points
from router.model.layout import Layout, Trace, Verdict
from router.model.pdk import Level, PadShape, ShapeKind, WideSpacing
from router.read.design import read_design
from router.read.pdk import read_pdk
from router.verify import check
from router.verify.merge import merge
from router.verify.smallest import smallest_width
from router.write.gds import write_gds

ROOT = Path(__file__).resolve().parents[2]


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
    pins = [*LONG, (200, 200, 60), (78, 30, 26)]
    lines = [[(-300, 0), (0, 0)], [(0, 0), (300, 0)], [(0, 0), (200, 200)]]
    design = package(tmp_path, pins, 3)
    bare, _ = judged(tmp_path, design, layout(*lines), fill=False)
    filled, _ = judged(tmp_path, design, layout(*lines), fill=True)
    pad = shapely.Point(78_000, 30_000).buffer(13_000)
    for verdict in (bare, filled):
        boxes = [shapely.box(v.box.x0, v.box.y0, v.box.x1, v.box.y1) for v in verdict.violations]
        assert not any(box.intersects(pad) for box in boxes)


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


def circle(x: int, y: int, radius: int, sides: int) -> Points:
    """Corners of a regular polygon about a circle, turned by half a side, nm."""
    turn = (np.arange(sides) + 0.5) * 2 * np.pi / sides
    ring = np.stack([x + radius * np.cos(turn), y + radius * np.sin(turn)], axis=1) / np.cos(np.pi / sides)
    return np.round(ring).astype(np.int64)


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
