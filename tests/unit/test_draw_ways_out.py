"""How tightened traces leave their pads and pass keep-outs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tighten_packages import PAIR, package, way, with_angles

from router.draw.kernels.clear import excess
from router.draw.masks import draw_masks
from router.draw.notch import fill_notches
from router.draw.standing import via_obstacles
from router.draw.tighten import tighten
from router.maze import route_design
from router.model.design import Design
from router.model.geometry import Points
from router.model.layout import Via
from router.model.pdk import ShapeKind
from router.read.design import read_design
from router.verify import check
from router.write.gds import write_gds

LANDS = """
[[passive]]
name = "c"
size = [1200, 1300]
pad = "contact"
pin = [PINS]
[nets]
A = ["c.1", "c.2"]
"""


def beside_lands(folder: Path, size: str, places: list[tuple[int, int]], *corners: tuple[int, int]) -> list[Points]:
    """The traces of a path from the first place to the second, tightened among lands of this size, with no notch."""
    pins = ", ".join(f'{{ name = "{k}", x = {x}, y = {y}, pad_size = {size} }}' for k, (x, y) in enumerate(places, 1))
    design = package(folder, LANDS.replace("PINS", pins))
    layout = tighten(design, way(*corners))
    assert not fill_notches(design, draw_masks(design, layout))
    return [trace.points for trace in layout.traces]


def test_a_land_is_left_by_the_side_that_is_near(tmp_path: Path) -> None:
    """Out of the long side of a land there is room to bend before the next land, if half its height is reckoned with
    and not half its width."""
    places = [(0, 300), (100, -550), (0, 0)]
    (line,) = beside_lands(tmp_path, "[200, 100]", places, (0, 300), (130, 170), (130, -520), (100, -550))
    assert line[1].tolist() == [0, 300_000 - 50_000 - 10_000 - 2_500]


def test_a_square_land_is_left_by_its_corner(tmp_path: Path) -> None:
    places = [(-200, 100), (200, -100), (0, -100)]
    (line,) = beside_lands(tmp_path, "100", places, (-200, 100), (0, 100), (200, -100))
    assert line.tolist() == [[-200_000, 100_000], [0, 100_000], [200_000, -100_000]]


@pytest.mark.parametrize("shape", ["circle", "octagon", "rect"])
def test_capture_pads_stand_in_the_way_as_they_are_drawn(tmp_path: Path, shape: str) -> None:
    """A trace past a via of another net keeps the spacing to its pad, and no more for its corners or its cut."""
    design = package(tmp_path, PAIR.replace("POST", "-500"))
    (rule,) = design.pdk.vias
    vias = (replace(rule, shape=ShapeKind(shape), spacing=60_000),)
    design = replace(design, pdk=replace(design.pdk, vias=vias))
    (below, above) = via_obstacles(design, (Via(0, 0, 0, 0),))
    half, least = rule.captures[0] // 2, 5_000 + 10_000
    me = np.array([5_000, 0, 10_000, 9, 0], dtype=np.float64)
    for gap in (-1, 0):
        y = float(half + least + gap)
        size = np.array([below.flat, below.rounding, below.slack, below.spacing, 0], dtype=np.float64)
        core = np.array(below.core, dtype=np.float64)
        assert (excess(core, below.kind, size, -2e5, y, 2e5, y, me, 0.0) >= 0) == (gap == 0)
    assert (below.level, above.level) == (0, 1)


# A row of long lands at the least spacing; nets to the far columns leave it by the outer side.
ROW = """
name = "p"
pdk = "fanout_10um"
levels = 1
outline = [2600, 2000]
[[passive]]
name = "row"
at = [-700, 0]
pad = "contact"
pad_size = [160, 40]
array = { nx = 1, ny = 12, pitch = 50, names = "P{n}" }
[[die]]
name = "die"
at = [300, 0]
pad = "bump"
pad_size = 40
array = { nx = 6, ny = 2, pitch = 180, names = "B{n}" }
[nets]
"""


def row(folder: Path) -> Design:
    nets = [f'N{n} = ["row.P{n}", "die.B{n if n < 7 else 19 - n}"]' for n in range(1, 13)]
    (folder / "p.toml").write_text(ROW + "\n".join(nets), encoding="utf-8")
    return read_design(folder / "p.toml")


def test_a_run_that_is_stopped_is_tightened_to_the_end(tmp_path: Path) -> None:
    design = row(tmp_path)
    routing = route_design(design)
    stopped, whole = (tighten(design, routing, stop=lambda yes=yes: yes) for yes in (True, False))
    assert [t.points.tolist() for t in stopped.traces] == [t.points.tolist() for t in whole.traces]


def test_a_trace_that_turns_back_beside_its_pad_leaves_room_where_no_fill_fits(tmp_path: Path) -> None:
    """The next land keeps fills out of the mouth between the end of a land and a trace that leaves it and turns."""
    design = row(tmp_path)
    layout = tighten(design, route_design(design))
    assert min(t.points[:, 0].min() for t in layout.traces) < -790_000
    masks = draw_masks(design, layout)
    fill_notches(design, masks)
    write_gds(tmp_path / "p.gds", design, masks)
    verdict = check(tmp_path / "p.gds", design)
    assert verdict.violations == () and verdict.faults == ()


def test_a_keep_out_is_gone_round(tmp_path: Path) -> None:
    text = PAIR.replace("POST", "-500") + "[[keepout]]\nrect = [-50, -300, 50, 100]\n"
    routing = way((-400, 0), (-200, 200), (200, 200), (400, 0))
    (trace,) = tighten(package(tmp_path, text), routing).traces
    assert trace.points[:, 1].max() == pytest.approx(105_000, abs=110)


@pytest.mark.parametrize("width", [10, 15, 20])
@pytest.mark.parametrize("angles", ["octilinear", "any"])
def test_a_slanted_trace_beside_a_keep_out_does_not_touch_it(tmp_path: Path, angles: str, width: int) -> None:
    """Edges at 45° lie up to 2 nm farther out than half the width, as their corners are on the grid."""
    more = f'[[class]]\nname = "default"\nwidth = {width}\n'
    for rect in ([-50, -300, 50, 60], [0.8 * width - 400, 50, 400 - 0.8 * width, 65]):
        more += f"[[keepout]]\nrect = {rect}\n"
    design = with_angles(package(tmp_path, more + PAIR.replace("POST", "-500")), angles, angles)
    layout = tighten(design, way((-400, 0), (-400, 150), (-350, 200), (350, 200), (400, 150), (400, 0)))
    assert layout.traces[0].points[:, 1].max() == pytest.approx(65_000 + 500 * width, abs=10)
    write_gds(tmp_path / "p.gds", design, draw_masks(design, layout))
    assert check(tmp_path / "p.gds", design).clean
