"""Footprints, clearance and halos against polygons: regular octagons, and what `draw` makes of them."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
import shapely
from footprint_gaps import clearance
from hypothesis import given, settings
from hypothesis import strategies as st

from router.draw.masks import via_shapes
from router.draw.shapes import trace_rings
from router.maze.footprint import (
    GRID_SLACK,
    Footprint,
    closed_around,
    collect_footprints,
    cut_footprint,
    halo_tables,
    offsets,
    trace_footprint,
    via_footprint,
)
from router.maze.kernels.octagon import octagon_distance
from router.maze.lattice import build_lattice
from router.model.design import Design, NetClass
from router.model.pad_rings import pad_rings
from router.model.pdk import Pdk, ShapeKind, WideSpacing

CHORD = 50


def octagon(flat: float) -> shapely.Polygon:
    """A regular octagon round the origin whose flats lie `flat` away."""
    angles = np.radians(22.5 + 45 * np.arange(8))
    radius = flat / np.cos(np.pi / 8)
    return shapely.Polygon(np.stack([np.cos(angles), np.sin(angles)], axis=1) * radius)


@pytest.mark.parametrize("run", [octagon_distance, octagon_distance.py_func], ids=["compiled", "python"])
@settings(max_examples=60)
@given(dx=st.integers(-100_000, 100_000), dy=st.integers(-100_000, 100_000), flat=st.integers(1, 60_000))
def test_distance_to_an_octagon(run: object, dx: int, dy: int, flat: int) -> None:
    expected = octagon(flat).distance(shapely.Point(dx, dy))
    assert run(float(dx), float(dy), float(flat)) == pytest.approx(expected, abs=1e-6)  # type: ignore[operator]


def drawn(f: Footprint, x: int = 0, y: int = 0) -> shapely.Polygon:
    """A footprint's own outline: the least that it has to stand for."""
    outline = shapely.Point(0, 0).buffer(f.half, quad_segs=64) if f.round else octagon(f.half)
    return shapely.affinity.translate(outline, x, y)


SHAPES = st.builds(
    Footprint,
    st.booleans(),
    st.integers(500, 40_000),
    st.integers(500, 30_000),
    st.sampled_from([0, GRID_SLACK, CHORD + GRID_SLACK]),
)


@settings(max_examples=150)
@given(a=SHAPES, b=SHAPES, dx=st.integers(-90_000, 90_000), dy=st.integers(-90_000, 90_000))
def test_clearance_is_the_gap_less_the_spacing_and_the_slack(a: Footprint, b: Footprint, dx: int, dy: int) -> None:
    gap = drawn(a).distance(drawn(b, dx, dy))
    spare = clearance(a, b, dx, dy)
    assert spare == clearance(b, a, -dx, -dy) == clearance(a, b, dy, -dx)
    most = gap - max(a.spacing, b.spacing)
    if gap > 0:
        # The polygons that stand for circles here lie up to 0.2 ‰ of the radius inside them.
        assert most - a.slack - b.slack - 0.0002 * (a.half + b.half) - 0.01 <= spare <= most + 0.01
    else:
        assert spare < 0


@settings(max_examples=40)
@given(a=SHAPES, b=SHAPES, pitch=st.integers(2_000, 9_000))
def test_a_halo_is_what_comes_too_near_on_nodes_and_between(a: Footprint, b: Footprint, pitch: int) -> None:
    nodes = {(int(i), int(j)) for i, j in offsets(closed_around(a, b, pitch))}
    assert (0, 0) in nodes
    assert nodes == {(j, i) for i, j in nodes} == {(-i, j) for i, j in nodes}, "eight symmetries"
    reach = max(max(map(abs, n)) for n in nodes) + 2
    for i in range(-reach, reach + 1):
        for j in range(-reach, reach + 1):
            too_near = clearance(a, b, i * pitch, j * pitch) < 0
            assert not too_near or (i, j) in nodes
            # A step between free nodes, diagonal or not, is free half way too.
            for u, v in ((i + 1, j), (i + 1, j + 1), (i, j + 1), (i - 1, j + 1)):
                if not {(i, j), (u, v)} & nodes:
                    for t in (0.25, 0.5, 0.75):
                        x, y = (i + t * (u - i)) * pitch, (j + t * (v - j)) * pitch
                        assert clearance(a, b, x, y) > -GRID_SLACK - a.slack - b.slack
            if (i, j) in nodes and not too_near and (i, j) != (0, 0):
                assert abs(abs(i) - abs(j)) == 1, "only ends of a diagonal across the line to the other shape"


@pytest.mark.parametrize("shape", list(ShapeKind)[:3])
@pytest.mark.parametrize(("cut", "width"), [(15_000, 10_000), (15_000, 60_000), (200, 400), (7_001, 3_001)])
def test_a_footprint_covers_what_is_drawn(small_pdk: Pdk, shape: ShapeKind, cut: int, width: int) -> None:
    via = replace(small_pdk.vias[0], shape=shape, cut=cut, enclosure_lower=cut // 3, enclosure_upper=cut // 2)
    pdk = replace(small_pdk, vias=(via,))
    for index, level in enumerate(pdk.levels):
        trace, pad = trace_footprint(level, width, 10_000), via_footprint(pdk, level, via, width, 10_000)
        assert (trace.round, pad.round) == (False, True)
        assert trace.spacing == 10_000
        end = shapely.union_all([shapely.Polygon(r) for r in trace_rings(np.array([(0, 0), (0, 1)]), width)])
        capture = shapely.union_all(
            [shapely.Polygon(r) for r in pad_rings([via_shapes(via)[1 + index]], pdk.chord_error)]
        )
        assert octagon(trace.half + trace.slack).buffer(1).covers(end)
        assert shapely.Point(0, 0).buffer(pad.half + pad.slack, quad_segs=256).buffer(1).covers(capture)
        if width > cut + 2 * cut // 2:
            assert drawn(pad).buffer(pad.slack + 1).covers(end)
        assert 2 * pad.half + pad.spacing >= via.cut + via.spacing


@pytest.mark.parametrize("shape", [ShapeKind.CIRCLE, ShapeKind.OCTAGON, ShapeKind.RECT])
def test_cuts_keep_their_spacing_from_corner_to_corner(small_pdk: Pdk, shape: ShapeKind) -> None:
    """Where they ask for more than their capture pads do."""
    via = replace(small_pdk.vias[0], shape=shape, cut=26_000, enclosure_lower=0, enclosure_upper=0, spacing=30_000)
    pad = via_footprint(small_pdk, small_pdk.levels[0], via, 10_000, 10_000)
    apart = 2 * pad.half + pad.spacing
    ring, *_ = pad_rings(via_shapes(via), CHORD)
    for angle in np.radians(np.arange(0, 360, 7.5)):
        other = ring + apart * np.array([np.cos(angle), np.sin(angle)])
        assert shapely.Polygon(ring).distance(shapely.Polygon(other)) >= via.spacing - 2 * CHORD


def test_wide_metal_asks_for_more_spacing(small_pdk: Pdk) -> None:
    level = replace(
        small_pdk.levels[0], wide=(WideSpacing(20_000, 100_000, 15_000), WideSpacing(50_000, 100_000, 25_000))
    )
    assert level.metal_spacing(19_997, 1 << 40, 10_000) == 10_000
    assert level.metal_spacing(20_001, 100_000, 10_000) == 10_000
    assert level.metal_spacing(20_001, 100_001, 10_000) == 15_000
    assert level.metal_spacing(60_000, 100_001, 30_000) == 30_000
    assert trace_footprint(level, 51_000, 10_000).spacing == 25_000


@pytest.mark.parametrize("width", [10_000, 20_000, 20_001, 24_141])
def test_metal_whose_slanted_parts_are_drawn_wider_than_a_rule_says_is_wide(small_pdk: Pdk, width: int) -> None:
    drawn = shapely.Polygon(trace_rings(np.array([[0, 0], [90_000, 90_000]]), width)[0])
    across = 2 * shapely.LineString([(20_000, 20_000), (70_000, 70_000)]).distance(drawn.exterior)
    rule = WideSpacing(width, 0, 99_000)
    level = replace(small_pdk.levels[0], wide=(rule,))
    assert across > width, "so that the rule applies to it"
    assert level.metal_spacing(width, 100_000, 10_000) == 99_000
    narrower = rule.most_narrow
    drawn = shapely.Polygon(trace_rings(np.array([[0, 0], [90_000, 90_000]]), narrower)[0])
    assert 2 * shapely.LineString([(20_000, 20_000), (70_000, 70_000)]).distance(drawn.exterior) <= width + 1e-6
    assert level.metal_spacing(narrower, 100_000, 10_000) == 10_000


def test_classes_share_footprints(small_design: Design) -> None:
    classes = {
        "default": small_design.classes["default"],
        "same": NetClass("same", (10_000, 10_000), (10_000, 10_000), (0, 1)),
        "wide": NetClass("wide", (30_000, 30_000), (10_000, 10_000), (1,)),
        "unused": NetClass("unused", (77_000, 77_000), (10_000, 10_000), (0, 1)),
    }
    a, b = small_design.nets
    nets = (a, replace(b, net_class="same"), replace(b, name="C", net_class="wide"))
    design = replace(small_design, classes=classes, nets=nets)
    found = collect_footprints(design)
    assert [len(level) for level in found.of_level] == [3, 3]
    assert found.most == 3
    assert found.of_class["default"].tolist() == found.of_class["same"].tolist()
    assert "unused" not in found.of_class
    wide = found.of_class["wide"]
    assert wide[:, 3].tolist() == [1, 0], "its bumps lie on the first level, where its traces may not run"
    assert wide[0, 2] >= 0 and wide[1, 1] >= 0
    assert found.of_level[1][wide[1, 0]].half == 15_000
    first = found.of_class["default"]
    assert first[:, 3].tolist() == [0, 0]
    assert (first[0, 1], first[1, 2]) == (-1, -1), "no via below the first level nor above the last"


@pytest.mark.parametrize("shape", ShapeKind)
@pytest.mark.parametrize("spacing", [15_000, 40_000])
def test_a_cut_takes_what_the_trace_takes_that_covers_its_pad(small_pdk: Pdk, shape: ShapeKind, spacing: int) -> None:
    """So ten supplies of ten widths fit on a level. Not so where cuts keep farther apart than traces."""
    via, level = replace(small_pdk.vias[0], shape=shape, spacing=spacing), small_pdk.levels[0]
    for width in range(10_000, 100_000, 1_000):
        trace, pad = trace_footprint(level, width, 10_000), via.captures[0] * shape.corner
        covered = pad < width and via.cut * shape.corner + spacing <= width + 10_000
        assert (cut_footprint(small_pdk, level, via, width, 10_000) == trace) == covered


def test_tables_hold_each_halo_and_what_a_step_adds(small_design: Design) -> None:
    design = replace(small_design, lattice=(5_000, 10_000))
    shapes = collect_footprints(design)
    lattice = build_lattice(design, design.outline, 2)
    tables = halo_tables(shapes, lattice)
    for level, classes in enumerate(shapes.of_level):
        for i, a in enumerate(classes):
            for j, b in enumerate(classes):
                row = tables.tables[tables.table_of[level, i, j]]
                parts = [{tuple(o) for o in tables.offsets[s:e].tolist()} for s, e in itertools.pairwise(row)]
                disc = {tuple(o) for o in offsets(closed_around(a, b, lattice.level_pitch(level))).tolist()}
                assert parts[0] == disc
                steps = ((1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1))
                for (dx, dy), new in zip(steps, parts[1:], strict=True):
                    before = {(x - dx, y - dy) for x, y in disc}
                    assert new == disc - before
                    assert len(new) * shapes.most <= tables.widest
