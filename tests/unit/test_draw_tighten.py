"""Tightening on random small packages: never longer, ends kept, no sharp turns, clean by the checker."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tighten_packages import HEAD, PAIR, package, way, with_angles

from router.draw.centreline import Line, draw_lines
from router.draw.kernels.scene import Scene
from router.draw.kernels.tighten import tighten_amid, tighten_trace
from router.draw.masks import draw_masks
from router.draw.notch import fill_notches
from router.draw.scene import Chains, chains, fixed_metal, make_scene
from router.draw.standing import fixed_obstacles, still_obstacles
from router.draw.tighten import tighten, tighten_level
from router.maze import route_design
from router.model.design import Design
from router.model.geometry import Points
from router.model.layout import Layout
from router.model.routing import Path as Way
from router.model.routing import Routing
from router.plan.decompose import octilinear
from router.read.design import read_design
from router.verify import check
from router.write.gds import write_gds


def length(points: Points) -> float:
    step = np.diff(points, axis=0)
    return float(octilinear(step[:, 0], step[:, 1]).sum())


def without_diagonals(points: Points) -> bool:
    return bool((np.diff(points, axis=0) == 0).any(axis=1).all())


def turns(points: Points) -> list[int]:
    """Turns of a centre line in units of 45°; fails where a segment is not octilinear."""
    step = np.diff(points, axis=0)
    assert np.all((step[:, 0] == 0) | (step[:, 1] == 0) | (np.abs(step[:, 0]) == np.abs(step[:, 1])))
    headings = np.round(np.degrees(np.arctan2(step[:, 1], step[:, 0])) / 45).astype(int)
    return [min(d % 8, -d % 8) for d in np.diff(headings).tolist()]


@st.composite
def packages(draw: st.DrawFn) -> str:
    """Pins near the points of a 6 × 6 raster, some oblong or rectangular, in nets of two to four."""
    off = st.integers(-20_000, 20_000)
    pins = []
    for k in range(36):
        x, y = -450_000 + 180_000 * (k % 6) + draw(off), -450_000 + 180_000 * (k // 6) + draw(off)
        pins.append(f'{{ name = "{k}", x = {x / 1000}, y = {y / 1000}, pad_size = {draw(st.sampled_from([30, 60]))} }}')
    order = draw(st.permutations(range(36)))
    sizes = draw(st.lists(st.integers(2, 4), min_size=4, max_size=7))
    nets, at = [], 0
    for k, size in enumerate(sizes):
        nets.append(f"N{k} = {[f'die.{pin}' for pin in order[at : at + size]]}".replace("'", '"'))
        at += size
    width = draw(st.sampled_from([10, 16, 25]))
    wide = f'[[class]]\nname = "wide"\nnets = ["N0"]\nwidth = {width}\nspacing = 14\n'
    die = f'[[die]]\nname = "die"\nsize = [1200, 1200]\npad = "bump"\npin = [{", ".join(pins)}]\n'
    return HEAD + die + wide + "[nets]\n" + "\n".join(nets)


ANGLES = pytest.mark.parametrize(
    "angles", [("octilinear",) * 2, ("manhattan",) * 2, ("manhattan", "octilinear")], ids="-".join
)


@ANGLES
@settings(max_examples=12, suppress_health_check=list(HealthCheck))
@given(packages())
def test_a_tightened_package_is_shorter_and_clean(angles: tuple[str, str], text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "p.toml"
        file.write_text(text, encoding="utf-8")
        design = with_angles(read_design(file), *angles)
        routing = route_design(design)
        layout = tighten(design, routing)
        masks = draw_masks(design, layout)
        fill_notches(design, masks)
        write_gds(Path(folder) / "p.gds", design, masks)
        verdict = check(Path(folder) / "p.gds", design)
    assert verdict.violations == ()
    assert {net for fault in verdict.faults for net in fault.nets} == {u.net for u in routing.unrouted}
    straighter(design, routing, layout)


@ANGLES
@settings(max_examples=6, suppress_health_check=list(HealthCheck))
@given(packages())
def test_what_is_tight_stays_as_it_is(angles: tuple[str, str], text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "p.toml"
        file.write_text(text, encoding="utf-8")
        design = with_angles(read_design(file), *angles)
    lines, vias = draw_lines(design, route_design(design))
    metal = fixed_obstacles(design, still_obstacles(design), vias)
    for level in range(len(design.pdk.levels)):
        mine, around = [line for line in lines if line.trace.level == level], metal[level]
        once = tighten_level(design, level, mine, around)
        twice = tighten_level(design, level, once, around)
        compare(mine, once)
        assert [line.trace.points.tolist() for line in twice] == [line.trace.points.tolist() for line in once]


def compare(before: list[Line], after: list[Line]) -> None:
    """Line by line: the same ends, no longer."""
    for old, new in zip(before, after, strict=True):
        assert (new.trace.net, new.trace.level, new.trace.width) == (old.trace.net, old.trace.level, old.trace.width)
        assert new.trace.points[[0, -1]].tolist() == old.trace.points[[0, -1]].tolist()
        assert length(new.trace.points) <= length(old.trace.points) + 1


def straighter(design: Design, routing: Routing, layout: Layout) -> None:
    """No turn but the bends of each level, and hardly longer: what is saved in bends may take a little length."""
    lines, vias = draw_lines(design, routing)
    assert len(layout.vias) <= len(vias)
    assert sum(length(t.points) for t in layout.traces) <= 1.01 * sum(length(line.trace.points) for line in lines)
    for trace in layout.traces:
        assert without_diagonals(trace.points) or design.pdk.levels[trace.level].angles == "octilinear"
        assert set(turns(trace.points)) <= {design.pdk.levels[trace.level].bend}


WIDER = """
[[die]]
name = "die"
size = [1200, 1200]
pad = "bump"
pad_size = 60
pin = [{ name = "1", x = -300.123, y = -200 }, { name = "2", x = 300, y = 211.7 }, { name = "3", x = 0, y = 7 }]
[[class]]
name = "wide"
nets = ["A"]
widen = 30
[nets]
A = ["die.1", "die.2", "die.3"]
"""


@pytest.mark.parametrize("angles", ["octilinear", "manhattan", "any"])
def test_a_net_that_may_be_wider_is_clean_at_any_angles(tmp_path: Path, angles: str) -> None:
    design = with_angles(package(tmp_path, WIDER), angles, angles)
    layout = tighten(design, route_design(design))
    masks = draw_masks(design, layout)
    fill_notches(design, masks)
    write_gds(tmp_path / "p.gds", design, masks)
    assert check(tmp_path / "p.gds", design).clean
    assert (max(trace.width for trace in layout.traces) > 10_000) == (angles != "manhattan")


def test_a_detour_round_nothing_becomes_a_straight_line(tmp_path: Path) -> None:
    design = package(tmp_path, PAIR.replace("POST", "-500"))
    routing = way((-400, 0), (-300, 100), (-200, 100), (-100, 200), (100, 200), (200, 100), (300, 100), (400, 0))
    (trace,) = tighten(design, routing).traces
    assert trace.points.tolist() == [[-400_000, 0], [400_000, 0]]


@pytest.mark.parametrize("post", [0, 30, -10])
def test_a_detour_round_a_pad_is_pulled_tight(tmp_path: Path, post: int) -> None:
    """As short as an octilinear way round an octagon can be, and as near to the pad as the rule allows."""
    design = package(tmp_path, PAIR.replace("POST", str(post)))
    routing = way((-400, 0), (-100, 300), (100, 300), (400, 0))
    (trace,) = tighten(design, routing).traces
    rise = post + 40 + 10 + 5
    assert trace.points[:, 1].max() == pytest.approx(rise * 1000, abs=110)
    best = 800 + 2 * (np.sqrt(2) - 1) * rise
    assert length(trace.points) / 1000 == pytest.approx(best, abs=1)


def test_the_route_of_another_is_an_obstacle(tmp_path: Path) -> None:
    text = PAIR.replace("POST", "-300").replace("A =", 'B = ["die.3"]\nA =')
    design = package(tmp_path, text)
    net = next(k for k, net in enumerate(design.nets) if net.name == "A")
    wall = Way(1 - net, np.array([(0, -300), (0, 100)]) * 1000, np.zeros(2, dtype=np.int64))
    mine = way((-400, 0), (-200, 200), (200, 200), (400, 0)).paths[0]
    layout = tighten(design, Routing((Way(net, mine.points, mine.levels), wall), (), (), 0, False, 0))
    trace = next(t for t in layout.traces if t.net == net)
    flat = trace.points[trace.points[:, 1] == trace.points[:, 1].max()]
    # A trace ends in an octagon, half its width away.
    assert flat[0, 1] == pytest.approx(100_000 + 5_000 + 10_000 + 5_000, abs=10)


@pytest.mark.parametrize("low", [-640, -630, -500])
def test_at_any_angle_octagons_keep_their_spacing_as_drawn(tmp_path: Path, low: int) -> None:
    """Along a slanted side, what is drawn with round ends has corners that the grid moved outwards, and so has a land
    that smaller shapes move out."""
    places = [(-150, 150), (215, low), (0, 0), (-150, 0), *((0, -150 * k) for k in range(1, 5))]
    pins = ", ".join(f'{{ name = "{k}", x = {x}, y = {y} }}' for k, (x, y) in enumerate(places))
    head = 'name = "p"\npdk = "flipchip_4um"\noutline = [1800, 1800]\n[nets]\nA = ["b.0", "b.1"]\n'
    balls = f'[[balls]]\nname = "b"\npad = "bump_octagon"\npin = [{pins}]\n'
    (tmp_path / "p.toml").write_text(head + balls, encoding="utf-8")
    design = read_design(tmp_path / "p.toml")
    design = replace(design, pdk=design.pdk.with_angles("any"))
    layout = tighten(design, way((-150, 150), (-60, 150), (60, 30), (60, low + 215), (215, low + 60), (215, low)))
    masks = draw_masks(design, layout)
    trace = shapely.union_all([shapely.Polygon(polygon.ring) for polygon in masks.drawing["RDL"]])
    for placed in masks.placed:
        (ring,) = masks.cells[placed.cell].drawing["RDL"]
        land = shapely.Polygon(ring + np.array([placed.x, placed.y]))
        assert placed.net == "A" or land.distance(trace) >= 4_000


def all_alone(trace: Chains) -> tuple[Scene, np.ndarray]:
    """A grid with one trace, 20 µm wide and as far from others, and what it keeps from these with, (5,)."""
    size = np.array([[10_000, 0, 4, 20_000, 0]], dtype=np.float64)
    scene = make_scene(trace, size, np.array([7]), fixed_metal([]), 40_000.0)
    return scene, np.array([10_000, 0, 20_000, 7, 0], dtype=np.float64)


def test_between_ways_out_that_stay_a_staircase_is_straightened() -> None:
    """Four steps beside a ball, between a short way out of one pad and a slanted one into another."""
    stairs = [(1320, 1560), (1320, 1545), (1117, 1342), (1117, 1335), (1110, 1328), (1110, 1320), (1102, 1312)]
    line = np.array([*stairs, (1102, 1305), (1095, 1298), (1095, 1095), (750, 750)], dtype=np.int64) * 1000
    way_ = chains([line])
    scene, me = all_alone(way_)
    n = tighten_amid(scene, way_.points, 0, len(line), 1, me, 40_000.0)
    kept = [(1320, 1560), (1320, 1545), (1095, 1320), (1095, 1095), (750, 750)]
    assert way_.points[:n].tolist() == [[1000 * x, 1000 * y] for x, y in kept]


@pytest.mark.parametrize(("first", "last"), [(True, True), (True, False), (False, True)])
def test_runs_that_have_to_stay_are_left_half_a_width_long(first: bool, last: bool) -> None:
    """From east to north by a diagonal that goes inwards as far as the held ends let it."""
    way_ = chains([np.array([[0, 0], [200_000, 0], [300_000, 100_000], [300_000, 300_000]])])
    scene, me = all_alone(way_)
    held, pads, round_ = np.array([first, last]), np.zeros((2, 3), dtype=np.int64), np.zeros(2, dtype=np.bool_)
    n = tighten_trace(scene, way_.points, 0, 4, held, pads, round_, 1, me, 40_000.0)
    assert way_.points[:n].tolist() == [[0, 0], [10_000, 0], [300_000, 290_000], [300_000, 300_000]]


def test_stopped_tightening_leaves_a_layout(tmp_path: Path) -> None:
    design = package(tmp_path, PAIR.replace("POST", "0"))
    routing = way((-400, 0), (-100, 300), (100, 300), (400, 0))
    layout = tighten(design, routing, stop=lambda: True)
    straighter(design, routing, layout)
