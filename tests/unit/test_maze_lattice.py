"""Lattices that nest, the nodes of a terminal, and memory that is stated before it is taken."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise, permutations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from router.draw.shapes import trace_rings
from router.maze import window as window_module
from router.maze.access import find_access
from router.maze.footprint import collect_footprints
from router.maze.kernels.nodes import TILE, TILES, cell_of
from router.maze.kernels.stubs import stub
from router.maze.labels import open_labels
from router.maze.lattice import Lattice, build_lattice, level_pitches, nest, pair_distances
from router.maze.phase import common_phase
from router.maze.window import bytes_needed, memory_limit, open_window
from router.model.design import Design, NetClass, Terminal
from router.model.errors import RefusedError
from router.model.geometry import Box
from router.model.pad_rings import pad_rings
from router.model.pdk import PadShape, PadStyle, Pdk, ShapeKind, TerminalKind
from router.read.design import read_design


def places(lattice: Lattice, level: int) -> tuple[np.ndarray, np.ndarray]:
    """Columns and rows of a level, nm."""
    columns, rows = (int(v) for v in lattice.levels[level, 1:3])
    x0, y0 = lattice.origin(level)
    pitch = lattice.level_pitch(level)
    return x0 + pitch * np.arange(columns), y0 + pitch * np.arange(rows)


@pytest.mark.parametrize("pitches", [(5_000, 5_000), (5_000, 10_000), (15_000, 5_000), (3_333, 9_999), (4_000, 6_500)])
@pytest.mark.parametrize("box", [Box(0, 0, 200_000, 100_000), Box(-123_456, -7, 99_999, 100_001)])
def test_levels_nest_and_cover_the_package(small_design: Design, pitches: tuple[int, int], box: Box) -> None:
    design = replace(small_design, lattice=pitches)
    lattice = build_lattice(design, box, 4)
    finest = min(pitches)
    assert lattice.pitch == finest
    assert lattice.nodes == sum(int(nx * ny) for nx, ny in lattice.levels[:, 1:3])
    assert lattice.levels[:, 0].tolist() == [0, lattice.ids(0)]
    assert lattice.levels[:, TILES].tolist() == [-(-nx // TILE) for nx in lattice.levels[:, 1].tolist()]
    for level, wished in enumerate(pitches):
        columns, rows = (int(v) for v in lattice.levels[level, 1:3])
        assert lattice.ids(level) == -(-columns // TILE) * -(-rows // TILE) * TILE**2, "whole tiles"
        pitch = lattice.level_pitch(level)
        assert pitch % finest == 0 and pitch <= wished
        bounds = ((lattice.x0, box.x0, box.x1), (lattice.y0, box.y0, box.y1))
        for values, (origin, low, high) in zip(places(lattice, level), bounds, strict=True):
            assert low <= values[0] < low + pitch
            assert high - pitch < values[-1] <= high
            assert np.all((values - origin) % finest == 0)
    fine, coarse = sorted(range(2), key=lattice.level_pitch)
    for axis in (0, 1):
        shared = np.isin(places(lattice, coarse)[axis], places(lattice, fine)[axis])
        assert shared[1:-1].all(), "a node of the coarse level is one of the fine level, but for the edge"


def test_most_terminals_lie_on_a_node(small_design: Design) -> None:
    rng = np.random.default_rng(1)
    xs = [*(1_234 + 10_000 * rng.integers(-40, 40, 9)), *rng.integers(-400_000, 400_000, 3)]
    terminals = tuple(
        Terminal(f"T.{k}", TerminalKind.BUMP, int(x), -777, "bump", 0, 80_000, 80_000, False) for k, x in enumerate(xs)
    )
    lattice = build_lattice(replace(small_design, terminals=terminals, nets=()), small_design.outline, 4)
    columns, rows = places(lattice, 0)
    assert np.isin(xs[:9], columns).all()
    assert -777 in rows


def test_the_phase_is_that_of_the_majority() -> None:
    assert common_phase(np.array([3, 13, 24, 33, 4]), 10, 1) == 3
    assert common_phase(np.array([7, 2]), 5, 1) == 2
    assert common_phase(np.array([14, 15, 26]), 10, 5) == 5
    assert common_phase(np.array([4, 14, 25]), 10, 5) == 0
    assert common_phase(np.array([], dtype=np.int64), 10, 1) == 0


def test_the_pitch_divides_the_tracks_of_the_classes_in_use(small_design: Design) -> None:
    classes = {
        **small_design.classes,
        "fine": NetClass("fine", (6_000, 8_000), (4_000, 8_000), (0, 1)),
        "unused": NetClass("unused", (2, 2), (2, 2), (0, 1)),
    }
    design = replace(small_design, classes=classes)
    assert level_pitches(design, 4) == [5_000, 5_000]
    nets = (replace(design.nets[0], net_class="fine"), design.nets[1])
    assert level_pitches(replace(design, nets=nets), 2) == [5_000, 5_000]
    assert level_pitches(replace(design, nets=nets[:1]), 2) == [5_000, 5_000]
    assert level_pitches(replace(design, nets=nets[:1]), 4) == [2_500, 2_500]
    assert level_pitches(replace(design, lattice=(0, 12_000)), 4) == [5_000, 10_000]


def test_pitches_of_the_users_choice_nest() -> None:
    """Every level on the lines of all finer ones: of 12 and 20 µm, few lines of neighbours would lie together."""
    design = read_design("duo")
    for lattice in permutations((4_000, 12_000, 20_000)):
        pitches = {4_000: 4_000, 12_000: 12_000, 20_000: 12_000}
        assert level_pitches(replace(design, lattice=lattice), 2) == [pitches[pitch] for pitch in lattice]


@pytest.mark.parametrize("seed", range(20))
def test_pitches_nest(seed: int) -> None:
    rng = np.random.default_rng(seed)
    tracks = rng.integers(1_000, 160_000, rng.integers(1, 7)).tolist()
    wished = [-(-track // int(rng.integers(1, 5))) for track in tracks]
    found = nest(wished, tracks)
    assert min(found) == min(wished)
    finer = sorted(found)
    assert all(coarse % fine == 0 for fine, coarse in pairwise(finer))
    unit = min(wished)
    for most, pitch, track in sorted(zip(wished, found, tracks, strict=True), key=lambda level: level[0]):
        assert unit <= pitch <= most
        # No finer one that nests lets tracks lie much closer.
        assert -(-track // pitch) * pitch <= 1.1 * min(-(-track // p) * p for p in range(unit, most + 1, unit))
        unit = pitch


def test_tracks_are_worth_a_finer_pitch_that_lets_them_lie_close() -> None:
    assert nest([10, 25, 50], [20, 50, 100]) == [10, 10, 50]
    assert nest([10, 60], [20, 240]) == [10, 60]
    assert nest([10, 60], [20, 70]) == [10, 10]
    assert nest([9, 9, 108, 23, 84, 42], [18, 32, 220, 46, 168, 84]) == [9, 9, 36, 18, 36, 18]


def test_cuts_of_a_net_keep_their_own_spacing_and_that_of_their_captures(small_pdk: Pdk) -> None:
    assert max(pair_distances(small_pdk, 0)) == 25_000 + 10_000
    via = replace(small_pdk.vias[0], enclosure_upper=10_000, spacing=40_000)
    assert max(pair_distances(replace(small_pdk, vias=(via,)), 0)) == 15_000 + 40_000
    assert max(pair_distances(replace(small_pdk, vias=(replace(via, spacing=0),)), 1)) == 35_000 + 10_000


@pytest.mark.parametrize(("shape", "wide"), [("circle", 15_000), ("octagon", 16_236), ("rect", 21_214)])
def test_cuts_of_a_net_keep_their_spacing_corner_to_corner(small_pdk: Pdk, shape: str, wide: int) -> None:
    via = replace(small_pdk.vias[0], shape=ShapeKind(shape), spacing=40_000)
    assert max(pair_distances(replace(small_pdk, vias=(via,)), 0)) == wide + 40_000


@pytest.mark.parametrize("stackable", [False, True])
def test_cuts_of_a_net_keep_the_spacing_of_those_that_stack_on_them(small_pdk: Pdk, stackable: bool) -> None:
    low, level = replace(small_pdk.vias[0], spacing=40_000, stackable=stackable), small_pdk.levels[0]
    pdk = replace(small_pdk, levels=(level,) * 4, vias=(low, small_pdk.vias[0], small_pdk.vias[0]))
    farther = 55_000 if stackable else 25_000 + 10_000
    assert [max(pair_distances(pdk, k)) for k in range(4)] == [55_000, 55_000, farther, farther]


PADS = {
    "round": (ShapeKind.CIRCLE, 30_000, 30_000),
    "rect": (ShapeKind.RECT, 14_000, 40_000),
    "small": (ShapeKind.CIRCLE, 11_000, 11_000),
    "octagon": (ShapeKind.OCTAGON, 26_000, 26_000),
    "oblong": (ShapeKind.OBLONG, 24_000, 50_000),
}


@settings(max_examples=60)
@given(data=st.data(), pad=st.sampled_from(sorted(PADS)), pitch=st.sampled_from([5_000, 10_000, 14_000]))
def test_stubs_lie_in_the_land_or_are_obstacles(
    small_design: Design, data: st.DataObject, pad: str, pitch: int
) -> None:
    kind, width, height = PADS[pad]
    style = PadStyle("p", TerminalKind.PAD, "RDL1", (PadShape("RDL1", kind, width, height),))
    x, y = (data.draw(st.integers(-300_000, 300_000)) for _ in "xy")
    t = Terminal("P.1", TerminalKind.PAD, x, y, "p", 0, width, height, False)
    pdk = replace(small_design.pdk, pads={**small_design.pdk.pads, "p": style})
    design = replace(small_design, pdk=pdk, terminals=(t, *small_design.terminals[1:]), lattice=(pitch, pitch))
    lattice = build_lattice(design, design.outline, 4)
    access = find_access(design, lattice)
    assert [bool(nodes) for nodes in access.nodes] == [True, True, True, True, False, False]
    assert all(obstacle.net == 0 and obstacle.level == 0 for obstacle in access.stubs)
    columns, rows = places(lattice, 0)
    land = shapely.union_all([shapely.Polygon(r + np.array([x, y])) for r in pad_rings([style.land], 50)])
    stubs = {obstacle.core for obstacle in access.stubs}
    for n in access.nodes[0]:
        column, row = cell_of(lattice.levels, n, 0)
        place = int(columns[column]), int(rows[row])
        assert max(abs(place[0] - x), abs(place[1] - y)) < (2 if stubs else 1) * pitch
        points = stub(*place, x, y, 1)
        assert points[0].tolist() == list(place) and points[-1].tolist() == [x, y]
        steps = np.abs(np.diff(points, axis=0))
        assert all(dx == 0 or dy == 0 or dx == dy for dx, dy in steps)
        segments = [(*a, *b) for a, b in zip(points[:-1].tolist(), points[1:].tolist(), strict=True)]
        if stubs:
            assert stubs.issuperset(segments)
        elif len(points) > 1:
            metal = shapely.union_all([shapely.Polygon(r) for r in trace_rings(points, 10_000)])
            assert land.buffer(60).covers(metal)


def test_a_stub_is_diagonal_first() -> None:
    assert stub(0, 0, 0, 0, 1).tolist() == [[0, 0]]
    assert stub(0, 0, 0, 4, 1).tolist() == [[0, 0], [0, 4]]
    assert stub(1, 1, -2, 4, 1).tolist() == [[1, 1], [-2, 4]]
    assert stub(0, 0, -3, 5, 1).tolist() == [[0, 0], [-3, 3], [-3, 5]]


def test_a_stub_without_diagonals_goes_along_its_shorter_side_first() -> None:
    assert stub(0, 0, 0, 4, 2).tolist() == [[0, 0], [0, 4]]
    assert stub(1, 1, -2, 4, 2).tolist() == [[1, 1], [-2, 1], [-2, 4]]
    assert stub(1, 1, -2, 6, 2).tolist() == [[1, 1], [-2, 1], [-2, 6]]
    assert stub(1, 1, -5, 4, 2).tolist() == [[1, 1], [1, 4], [-5, 4]]


def test_memory_is_stated_and_no_more_is_taken(small_design: Design) -> None:
    lattice = build_lattice(small_design, small_design.outline, 4)
    shapes = collect_footprints(small_design)
    ids = [lattice.ids(level) for level in range(len(lattice.levels))]
    classes = sum(count * len(level) for count, level in zip(ids, shapes.of_level, strict=True))
    for connections, per_class in ((2, 8), (32_001, 16)):
        stated = bytes_needed(lattice, shapes, connections)
        assert stated == 16 * sum(ids) + per_class * classes
        window = open_window(lattice, shapes, connections)
        labels = open_labels(len(window.node))
        assert window.node.nbytes + labels.label.nbytes + window.slots.nbytes == stated
        assert not window.slots.any() and not window.node["blocked"].any()


def test_a_window_that_does_not_fit_is_refused_before_it_is_taken(
    small_design: Design, monkeypatch: pytest.MonkeyPatch
) -> None:
    lattice = build_lattice(small_design, small_design.outline, 4)
    shapes = collect_footprints(small_design)
    assert memory_limit() > 1 << 20
    needed = bytes_needed(lattice, shapes, 2)
    monkeypatch.setattr(window_module, "memory_limit", lambda: needed - 1)
    for owner, name in ((window_module.np, "zeros"), (window_module, "lazy_zeros")):
        monkeypatch.setattr(owner, name, lambda *_, **__: pytest.fail("memory was taken"))
    with pytest.raises(RefusedError, match="lattice nodes") as refused:
        open_window(lattice, shapes, 2)
    assert refused.value.witness == {
        "memory_bytes": needed, "limit_bytes": needed - 1, "lattice_nodes": lattice.nodes
    }  # fmt: skip


def test_too_many_classes_are_refused(small_design: Design) -> None:
    classes = {f"c{k}": NetClass(f"c{k}", (10_000 + 10 * k,) * 2, (10_000, 10_000), (0,)) for k in range(17)}
    nets = tuple(replace(small_design.nets[0], name=name, net_class=name) for name in classes)
    design = replace(small_design, nets=nets, classes=classes)
    lattice = build_lattice(design, design.outline, 2)
    # With the capture pad of the cuts to their balls.
    with pytest.raises(RefusedError, match="traces of 17 widths and spacings on one level, with metal of 1 sizes"):
        open_window(lattice, collect_footprints(design), 2)
