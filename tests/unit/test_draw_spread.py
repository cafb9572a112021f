"""Traces moved apart and made wider: farther from each other and wider than before, and clean by both engines."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import shapely
from both_engines import judged_here

from router.draw.centreline import NO_PAD, Line
from router.draw.masks import draw_masks
from router.draw.notch import fill_notches
from router.draw.shapes import trace_rings
from router.draw.tighten import tighten
from router.draw.widen import cut_up
from router.maze import route_design
from router.model.design import Design
from router.model.layout import Layout, SignOff, Trace
from router.model.routing import Path as Way
from router.model.routing import Routing
from router.read.design import read_design
from router.write.gds import write_gds

BUS = """
name = "p"
pdk = "fanout_10um"
levels = 1
outline = [2000, 1200]
[[die]]
name = "die"
size = [1800, 1000]
pad = "bump"
pin = [PINS]
[[class]]
name = "bus"
nets = ["N*"]
FIELDS
[nets]
NETS
"""
LANES = 5


def bus(folder: Path, fields: str) -> tuple[Design, Routing]:
    """Pads 60 µm apart, joined by traces 20 µm apart between them: as near as they may be."""
    rows = [(60 * k - 120, 20 * k - 40) for k in range(LANES)]
    pins = [(f"{side}{k}", x, y) for side, x in (("a", -700), ("b", 700)) for k, (y, _) in enumerate(rows)]
    text = BUS.replace("PINS", ", ".join(f'{{ name = "{n}", x = {x}, y = {y}, pad_size = 30 }}' for n, x, y in pins))
    nets = "\n".join(f'N{k} = ["die.a{k}", "die.b{k}"]' for k in range(LANES))
    (folder / "p.toml").write_text(text.replace("FIELDS", fields).replace("NETS", nets), encoding="utf-8")
    ways = []
    for k, (y, lane) in enumerate(rows):
        turn = 600 - abs(lane - y)
        corners = [(-700, y), (-600, y), (-turn, lane), (turn, lane), (600, y), (700, y)]
        points = np.array([c for i, c in enumerate(corners) if i == 0 or c != corners[i - 1]], dtype=np.int64) * 1000
        ways.append(Way(k, points, np.zeros(len(points), dtype=np.int64)))
    return read_design(folder / "p.toml"), Routing(tuple(ways), (), (), 0, False, 0)


def metal(layout: Layout, net: int) -> shapely.Geometry:
    rings = [ring for t in layout.traces if t.net == net for ring in trace_rings(t.points, t.width)]
    return shapely.union_all([shapely.Polygon(ring) for ring in rings])


def gaps(layout: Layout) -> list[float]:
    """Gaps between neighbours on a line across the middle of the bus, µm."""
    cuts = [metal(layout, net).intersection(shapely.LineString([(0, -5e5), (0, 5e5)])).bounds for net in range(LANES)]
    return [(upper[1] - lower[3]) / 1000 for lower, upper in pairwise(cuts)]


def length(traces: tuple[Trace, ...]) -> float:
    return float(sum(np.hypot(*np.diff(trace.points, axis=0).T).sum() for trace in traces))


def judged(folder: Path, design: Design, layout: Layout) -> SignOff:
    masks = draw_masks(design, layout)
    fill_notches(design, masks)
    write_gds(folder / "p.gds", design, masks)
    return judged_here(folder / "p.gds", design)


def assert_clean(folder: Path, design: Design, layout: Layout) -> None:
    found = judged(folder, design, layout)
    assert found.clean, (found.violations, found.faults, found.differences)


def asking(design: Design, spread: bool, widest: int) -> Design:
    """The same package, all classes asking for it."""
    classes = {
        name: replace(c, spread=spread, widest=(widest,) * len(c.widths) if widest else ())
        for name, c in design.classes.items()
    }
    return replace(design, classes=classes)


def test_a_bus_is_spread_evenly(tmp_path: Path) -> None:
    design, routing = bus(tmp_path, "spread = true")
    layout = tighten(design, routing)
    apart = gaps(layout)
    assert min(apart) > 20
    assert max(apart) < 1.35 * min(apart)
    assert_clean(tmp_path, design, layout)


def test_a_trace_moves_past_the_line_of_its_pad(tmp_path: Path) -> None:
    """Lands above, all the room below: a jog that led up to the trace leads down to it."""
    pins = [("a", -700, 0, 30), ("b", 700, 12, 30), *((f"free{x}", x, 150, 200) for x in (-300, 0, 300))]
    listed = ", ".join(f'{{ name = "{n}", x = {x}, y = {y}, pad_size = {size} }}' for n, x, y, size in pins)
    text = (
        BUS.replace("PINS", listed)
        .replace("FIELDS", "spread = true\nspacing = 30")
        .replace("NETS", 'N = ["die.a", "die.b"]')
    )
    (tmp_path / "p.toml").write_text(text, encoding="utf-8")
    design = read_design(tmp_path / "p.toml")
    points = np.array([(-700, 0), (-600, 0), (-588, 12), (700, 12)], dtype=np.int64) * 1000
    layout = tighten(design, Routing((Way(0, points, np.zeros(4, dtype=np.int64)),), (), (), 0, False, 0))
    assert metal(layout, 0).intersection(shapely.LineString([(0, -5e5), (0, 6e4)])).bounds[3] < 0
    assert_clean(tmp_path, design, layout)


def test_a_bus_grows_as_wide_as_its_gaps(tmp_path: Path) -> None:
    design, routing = bus(tmp_path, "spread = true\nwiden = 40")
    layout = tighten(design, routing)
    widths = [max(trace.width for trace in layout.traces if trace.net == net) for net in range(LANES)]
    assert min(widths) >= 15_000
    assert min(gaps(layout)) >= max(widths[1:-1]) / 1000 - 10
    assert_clean(tmp_path, design, layout)


def test_widened_metal_keeps_its_own_width_to_others() -> None:
    design = asking(read_design("toy"), spread=True, widest=30_000)
    layout = tighten(design, route_design(design))
    assert max(trace.width for trace in layout.traces) == 30_000
    for trace in layout.traces:
        own = shapely.union_all([shapely.Polygon(ring) for ring in trace_rings(trace.points, trace.width)])
        for other in layout.traces:
            if other.net != trace.net and other.level == trace.level:
                rings = trace_rings(other.points, other.width)
                gap = min(own.distance(shapely.Polygon(ring)) for ring in rings)
                assert gap >= max(trace.width, other.width) - 0.01


@pytest.mark.parametrize(("spread", "widest"), [(True, 0), (False, 25_000), (True, 25_000)])
@pytest.mark.parametrize("angles", ["octilinear", "any"])
def test_a_package_stays_clean_by_both_engines(tmp_path: Path, spread: bool, widest: int, angles: str) -> None:
    design = read_design("toy")
    levels = tuple(replace(level, angles=angles) for level in design.pdk.levels)
    design = replace(design, pdk=replace(design.pdk, levels=levels))
    routing = route_design(design)
    asked = asking(design, spread, widest)
    layout = tighten(asked, routing)
    assert length(layout.traces) < 1.05 * length(tighten(design, routing).traces)
    assert_clean(tmp_path, asked, layout)
    many = tighten(asked, routing, threads=3)
    for one, other in zip(layout.traces, many.traces, strict=True):
        assert one.width == other.width
        assert one.points.tolist() == other.points.tolist()


def strap(folder: Path, pad_size: str) -> tuple[Design, Layout]:
    """Two pads 470 µm apart in open space, and the trace between them, which may become 80 µm wide."""
    pins = ", ".join(f'{{ name = "{n}", x = {x}, y = 0, pad_size = {pad_size} }}' for n, x in ((1, -235), (2, 235)))
    text = BUS.replace("[[die]]", "[[passive]]").replace("bump", "contact").replace("PINS", pins)
    text = text.replace("FIELDS", "widen = 80").replace("NETS", 'N1 = ["die.1", "die.2"]')
    (folder / "p.toml").write_text(text, encoding="utf-8")
    design = read_design(folder / "p.toml")
    points = np.array([(-235, 0), (235, 0)], dtype=np.int64) * 1000
    return design, tighten(design, Routing((Way(0, points, np.zeros(2, dtype=np.int64)),), (), (), 0, False, 0))


@pytest.mark.parametrize(("pad_size", "width"), [("250", 80_000), ("[200, 70]", 70_000)])
def test_a_short_strap_becomes_as_wide_as_its_pads_permit(tmp_path: Path, pad_size: str, width: int) -> None:
    design, layout = strap(tmp_path, pad_size)
    assert [trace.width for trace in layout.traces] == [width]
    assert_clean(tmp_path, design, layout)


def test_the_package_edge_is_kept(tmp_path: Path) -> None:
    text = BUS.replace("2000, 1200", "1900, 1000").replace("1800, 1000", "1800, 980")
    pins = '{ name = "1", x = -700, y = -434 }, { name = "2", x = 700, y = -434 }, { name = "3", x = 0, y = -370 }'
    nets = 'N1 = ["die.1", "die.2"]'
    text = text.replace("PINS", pins).replace("FIELDS", "spread = true\nwiden = 60").replace("NETS", nets)
    (tmp_path / "p.toml").write_text(text, encoding="utf-8")
    design = read_design(tmp_path / "p.toml")
    points = np.array([(-700, -434), (700, -434)], dtype=np.int64) * 1000
    layout = tighten(design, Routing((Way(0, points, np.zeros(2, dtype=np.int64)),), (), (), 0, False, 0))
    low = metal(layout, 0).bounds[1]
    assert low >= design.outline.y0 + design.pdk.levels[0].edge_keepout
    assert_clean(tmp_path, design, layout)


@pytest.mark.parametrize("start", [0, 1, 7])
def test_diagonals_are_cut_up_on_themselves(tmp_path: Path, start: int) -> None:
    design, _ = bus(tmp_path, "widen = 50")
    ends = np.array([(start, 0), (start + 999_999, -999_999)], dtype=np.int64)
    pieces = cut_up(design, 0, [Line(Trace(0, 0, 10_000, ends), (NO_PAD, NO_PAD))])
    along = np.diff(pieces.ends, axis=1)[:, 0]
    assert len(along) > 2
    assert np.array_equal(along[:, 0], -along[:, 1])
