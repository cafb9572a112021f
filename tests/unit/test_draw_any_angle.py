"""Levels of any angle: clean by both engines, shorter than octilinear, gentle bends, settled, drawn wide enough."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import shapely
from both_engines import judged_as_drawn

from router.bench.facing import bus64
from router.draw.any_angle import any_angle_reach, any_angle_rings, trace_round
from router.draw.centreline import draw_lines
from router.draw.kernels.clear import excess
from router.draw.line_rules import line_rules
from router.draw.scene import chains, fixed_metal
from router.draw.standing import fixed_obstacles, still_obstacles
from router.draw.tighten import pull_taut, tighten
from router.maze import route_design
from router.maze.kernels.static import SEGMENT
from router.model.design import Design
from router.model.geometry import GRID_SLACK, Points
from router.model.layout import Layout
from router.plan.decompose import spanning_tree
from router.read.design import read_design


def any_angle(design: Design) -> Design:
    return replace(design, pdk=design.pdk.with_angles("any"))


def length(layout: Layout) -> float:
    return float(sum(np.hypot(*np.diff(trace.points, axis=0).T).sum() for trace in layout.traces))


def bends(points: Points) -> list[float]:
    """Turns of a centre line, degrees."""
    headings = np.degrees(np.arctan2(*np.diff(points, axis=0).T[::-1]))
    return [abs((b - a + 180) % 360 - 180) for a, b in pairwise(headings)]


def test_any_angle_is_shorter_and_clean_by_both_engines(tmp_path: Path) -> None:
    design = read_design("toy")
    routing = route_design(design)
    free = any_angle(design)
    layout = tighten(free, routing)
    assert length(layout) < 0.96 * length(tighten(design, routing))
    assert max(bend for trace in layout.traces for bend in bends(trace.points)) <= 45.001
    judged = judged_as_drawn(free, layout, tmp_path)
    assert judged.clean, (judged.violations, judged.faults, judged.differences)


@pytest.mark.parametrize("threads", [2, 3])
def test_any_angle_is_the_same_for_any_number_of_threads(threads: int) -> None:
    design = any_angle(read_design("toy"))
    routing = route_design(design)
    one, many = tighten(design, routing), tighten(design, routing, threads=threads)
    assert [trace.points.tolist() for trace in one.traces] == [trace.points.tolist() for trace in many.traces]


def test_what_is_taut_stays_as_it_is() -> None:
    design = any_angle(read_design("toy"))
    lines, vias = draw_lines(design, route_design(design))
    for level, metal in enumerate(fixed_obstacles(design, still_obstacles(design), vias)):
        mine = [line for line in lines if line.trace.level == level]
        rules, fixed = line_rules(design, mine), fixed_metal(metal)
        once = pull_taut(chains([line.trace.points for line in mine]), rules, fixed)
        twice = pull_taut(once, rules, fixed)
        assert [line.tolist() for line in twice.lines()] == [line.tolist() for line in once.lines()]


def test_the_bound_is_the_straight_distance() -> None:
    design = read_design("toy")
    net = next(net for net in design.nets if len(net.ends) == 2)
    (_, _, octilinear), (_, _, straight) = *spanning_tree(design, net), *spanning_tree(any_angle(design), net)
    a, b = (design.terminals[end.terminals[0]] for end in net.ends)
    assert straight == pytest.approx(np.hypot(a.x - b.x, a.y - b.y))
    assert straight <= octilinear


@pytest.mark.parametrize("seed", range(20))
def test_drawn_metal_holds_its_width_and_no_more(seed: int) -> None:
    rng = np.random.default_rng(seed)
    width = int(rng.integers(400, 30_000))
    headings = np.radians(rng.uniform(0, 360) + np.cumsum(rng.uniform(-45, 45, 5)))
    steps = np.stack([np.cos(headings), np.sin(headings)], axis=1) * rng.uniform(2, 9, (5, 1)) * width
    points = np.concatenate([[[0, 0]], np.cumsum(steps, axis=0)]).round().astype(np.int64)
    drawn = shapely.union_all([shapely.Polygon(ring) for ring in any_angle_rings(points, width)])
    line = shapely.LineString(points)
    assert drawn.covers(line.buffer(width // 2 - 0.01, quad_segs=64)), (
        "the last nanometre of odd widths lies on one side"
    )
    assert line.buffer(any_angle_reach(width) + 0.01, quad_segs=256).covers(drawn)


@pytest.mark.parametrize("width", [400, 401, 520, 10_000, 17_835, 30_001])
def test_what_is_swept_measures_the_width_in_every_direction(width: int) -> None:
    headings = np.radians(np.arange(0, 180, 0.25))
    along = trace_round(width) @ np.stack([np.cos(headings), np.sin(headings)])
    across = along.max(axis=0) - along.min(axis=0)
    assert width - 1e-6 <= across.min()
    assert across.max() <= width / np.cos(np.pi / 16) + 4


def test_a_bend_leaves_no_step_beside_it() -> None:
    """Edges of a few nanometres beside a bend of nearly 90° in two face its far side, as KLayout sees them."""
    points = np.array([[-36_330, -1_291_218], [-36_594, -1_293_747], [-36_610, -1_293_760], [-37_440, -1_293_760]])
    (ring,) = any_angle_rings(points, 520)
    below = ring[(ring[:, 1] < -1_294_010) & (ring[:, 0] > -37_300)]
    assert set(below[:, 1].tolist()) == {-1_294_020}


def test_octilinear_lines_measure_the_same_as_ever() -> None:
    points = np.array([[0, 0], [100_000, 0], [150_000, 50_000]], dtype=np.int64)
    (ring,) = any_angle_rings(points, 10_000)
    assert ring[:, 1].min() == -5_000
    x, y = ring.T
    assert (y - x).max() <= 10_000
    assert (x - y).max() <= 100_000 + 2 * np.ceil(10_000 / np.sqrt(8))


def test_a_bus_that_lies_at_its_pitch_is_pulled_taut_as_a_whole(tmp_path: Path) -> None:
    """Beside a trace that runs along a diagonal, another may begin at the least distance and lead away."""
    design = bus64("any")
    layout = tighten(design, route_design(design))
    straight = sum(tree[0][2] for tree in (spanning_tree(design, net) for net in design.nets))
    assert length(layout) < 1.03 * straight
    judged = judged_as_drawn(design, layout, tmp_path)
    assert judged.clean, (judged.violations, judged.faults, judged.differences)


def bent(rng: np.random.Generator, width: int) -> Points:
    """A centre line of two segments, (3, 2) nm, the first nearly always along an axis or a diagonal."""
    first = 45.0 * rng.integers(8) if rng.random() < 0.9 else rng.uniform(0, 360)
    headings = np.radians([first, first + rng.choice([0.0, 45.0, rng.uniform(-45, 45), rng.uniform(-0.5, 0.5)])])
    steps = np.stack([np.cos(headings), np.sin(headings)], axis=1) * rng.uniform(1, 6, (2, 1)) * width
    return np.concatenate([[[0, 0]], np.cumsum(steps, axis=0)]).round().astype(np.int64)


def keeps(one: Points, other: Points, widths: list[int], spacing: int, *, with_insets: bool) -> bool:
    """Whether the tightening of traces takes two for far enough apart."""
    reaches = [float(any_angle_reach(width)) for width in widths]
    insets = [with_insets * (reach - (width + 1) // 2) for reach, width in zip(reaches, widths, strict=True)]
    size = np.array([0.0, reaches[0], 2.0 * GRID_SLACK, spacing, insets[0]])
    me = np.array([0.0, reaches[1], spacing, 0.0, insets[1]])
    cores = [np.array([*a, *b], dtype=np.float64) for a, b in pairwise(one)]
    ways = [np.array([*a, *b], dtype=np.float64) for a, b in pairwise(other)]
    return all(excess(core, SEGMENT, size, *way, me, 0.0) >= 0 for core in cores for way in ways)


def test_what_counts_as_clear_is_clear_where_it_is_drawn() -> None:
    rng, by_strips = np.random.default_rng(5), 0
    for _ in range(3_000):
        spacing, *widths = rng.integers(400, 9_001, 3).tolist()
        one, other = bent(rng, widths[0]), bent(rng, widths[1])
        heading = np.radians(45 * rng.integers(8))
        away = (sum(widths) / 2 + spacing + rng.integers(7)) * np.array([np.cos(heading), np.sin(heading)])
        other += one[rng.integers(3)] - other[rng.integers(3)] + away.round().astype(np.int64)
        if keeps(one, other, widths, spacing, with_insets=True):
            by_strips += not keeps(one, other, widths, spacing, with_insets=False)
            rings = [any_angle_rings(line, width) for line, width in zip((one, other), widths, strict=True)]
            drawn = [shapely.union_all([shapely.Polygon(ring) for ring in parts]) for parts in rings]
            assert drawn[0].distance(drawn[1]) >= spacing - 1e-6
    assert by_strips > 100
