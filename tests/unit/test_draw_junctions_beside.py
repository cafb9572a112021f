"""What junctions that move keep from: keep-outs and edges of all their levels, pads and cuts of every shape, levels
that their nets may not use. Layouts are judged as they are written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from junction_packages import OFF_ITS_LINE, corners, manhattan, package, routed, vias

from router.draw.masks import draw_masks
from router.draw.notch import fill_notches
from router.draw.tighten import tighten
from router.model.design import Design
from router.model.layout import Layout
from router.model.pdk import ShapeKind
from router.model.routing import Path as Way
from router.model.routing import Routing
from router.verify import check
from router.write.gds import write_gds

pytestmark = pytest.mark.usefixtures("no_cut_is_spared")

# As OFF_ITS_LINE, but with a stack of cuts through all three levels, 40 µm off its line.
STACK = [(-400, 0, 0), (0, 0, 0), (0, 40, 0), (100, 40, 0), (100, 40, 1), (100, 40, 2), (100, 400, 2), (100, 400, 1)]
STACK_TO_LAND = [*STACK, (100, 400, 0)]


def with_vias(design: Design, **what: object) -> Design:
    rules = tuple(replace(via, **what) for via in design.pdk.vias)  # type: ignore[arg-type]
    return replace(design, pdk=replace(design.pdk, vias=rules))


def faults(folder: Path, design: Design, layout: Layout) -> list[str]:
    """The rules that a layout breaks, as our judge reads them in the file."""
    masks = draw_masks(design, layout)
    fill_notches(design, masks)
    write_gds(folder / "p.gds", design, masks)
    return [violation.rule for violation in check(folder / "p.gds", design).violations]


def test_a_stack_is_not_carried_into_a_keepout_of_a_level_between(tmp_path: Path) -> None:
    """Where it would stand, the border is farther away than its pad is wide."""
    shut = '\n[[keepout]]\nlevels = ["RDL2"]\nrect = [40, -60, 160, 20]\n'
    for more, place in (("", (100, 0)), (shut, (100, 40))):
        design = manhattan(package(tmp_path, [(-400, 0), (100, 400)], [], more, levels=3))
        layout = tighten(design, routed(design, STACK_TO_LAND))
        assert place in vias(layout)
        assert not faults(tmp_path, design, layout)


@pytest.mark.parametrize(("keepout", "y"), [(100, -600), (220, -560)])
def test_a_stack_keeps_from_the_edge_of_each_of_its_levels(tmp_path: Path, keepout: int, y: int) -> None:
    design = manhattan(package(tmp_path, [(-400, -600), (100, -200)], [], levels=3))
    levels = list(design.pdk.levels)
    levels[1] = replace(levels[1], edge_keepout=keepout * 1000)
    design = replace(design, pdk=replace(design.pdk, levels=tuple(levels)))
    layout = tighten(design, routed(design, [(x, y - 600, level) for x, y, level in STACK_TO_LAND]))
    assert (100, y) in vias(layout)


@pytest.mark.parametrize(("apart", "moves"), [(12.7, True), (12.4, False)])
def test_a_pad_keeps_out_of_a_keepout_beside_it(tmp_path: Path, apart: float, moves: bool) -> None:
    shut = f'\n[[keepout]]\nlevels = ["RDL1"]\nrect = [80, -200, 300, {-apart}]\n'
    design = manhattan(package(tmp_path, [(-400, 0), (100, 400)], [], shut))
    layout = tighten(design, routed(design, OFF_ITS_LINE))
    assert ((100, 0) in vias(layout)) == moves
    assert not faults(tmp_path, design, layout)


# Cuts with corners keep their distance as circles round these do.
@pytest.mark.parametrize(
    ("shape", "apart", "moves"),
    [(ShapeKind.RECT, 32.8, True), (ShapeKind.RECT, 32.6, False), (ShapeKind.OCTAGON, 28.7, True)],
)
def test_pads_with_corners_keep_their_distance(tmp_path: Path, shape: ShapeKind, apart: float, moves: bool) -> None:
    wall = f'\n[[fixed]]\nnet = "O2"\nlevel = "RDL1"\nwidth = 10\npoints = [[50, {-apart}], [300, {-apart}]]\n'
    design = manhattan(package(tmp_path, [(-400, 0), (100, 400)], [(300, -400)], wall))
    design = with_vias(design, shape=shape)
    layout = tighten(design, routed(design, OFF_ITS_LINE))
    assert ((100, 0) in vias(layout)) == moves
    assert not faults(tmp_path, design, layout)


@pytest.mark.parametrize("angles", ["manhattan", "octilinear", "any"])
@pytest.mark.parametrize("shape", [ShapeKind.RECT, ShapeKind.CIRCLE, ShapeKind.OCTAGON])
def test_pads_of_two_nets_keep_apart_in_all_directions(tmp_path: Path, shape: ShapeKind, angles: str) -> None:
    """The other net's cut stands somewhere round the place that the first one's would rather have."""
    moved = 0
    for x, y in ((27, -27), (30, -30), (33, -33), (36, -20), (40, -8), (50, -3)):
        design = package(tmp_path, [(-400, 0), (100, 400)], [(100 + x, -400), (500, y)], join=True)
        design = with_vias(replace(design, pdk=design.pdk.with_angles(angles)), shape=shape)
        other = [(100 + x, -400, 0), (100 + x, y, 0), (100 + x, y, 1), (500, y, 1), (500, y, 0)]
        layout = tighten(design, beside(design, other))
        moved += (100, 12) not in vias(layout)
        assert not {"RDL1.S.1", "RDL2.S.1", "V1.S.1"} & set(faults(tmp_path, design, layout)), (x, y)
    assert moved


def beside(design: Design, other: list[tuple[float, float, int]]) -> Routing:
    """Net A off its line, and another net along this way."""
    routing = routed(design, OFF_ITS_LINE)
    net = next(k for k, net in enumerate(design.nets) if net.name == "O2")
    points = np.array([(x * 1000, y * 1000) for x, y, _ in other], dtype=np.int64)
    way = Way(net, points, np.array([level for *_, level in other]))
    return replace(routing, paths=(*routing.paths, way))


@pytest.mark.parametrize(("apart", "moves"), [(37, True), (34.9, False)])
def test_ends_of_traces_wider_than_pads_keep_their_distance(tmp_path: Path, apart: float, moves: bool) -> None:
    """A trace of 40 µm that ends at a capture pad of 25 µm and a trace of 10 µm keep 10 µm."""
    wide = '\n[[class]]\nname = "wide"\nnets = ["A"]\nwidth = 40\n'
    wall = f'\n[[fixed]]\nnet = "O2"\nlevel = "RDL1"\nwidth = 10\npoints = [[50, {-apart}], [300, {-apart}]]\n'
    design = manhattan(package(tmp_path, [(-400, 0), (100, 400)], [(300, -400)], wide + wall))
    layout = tighten(design, routed(design, OFF_ITS_LINE))
    assert ((100, 0) in vias(layout)) == moves
    assert not faults(tmp_path, design, layout)


@pytest.mark.parametrize("shape", [ShapeKind.RECT, ShapeKind.CIRCLE])
def test_cuts_that_do_not_stack_stay_apart(tmp_path: Path, shape: ShapeKind) -> None:
    """Their traces would be straight, were the second cut on the first."""
    design = manhattan(package(tmp_path, [(-400, 0), (100, 400)], [], levels=3))
    design = with_vias(design, shape=shape, stackable=False)
    way = [(-400, 0, 0), (0, 0, 0), (0, 0, 1), (100, 0, 1), (100, 0, 2), (100, 400, 2), (100, 400, 1), (140, 400, 1)]
    layout = tighten(design, routed(design, [*way, (140, 400, 0), (100, 400, 0)]))
    assert {via.index for via in layout.vias} == {0, 1}
    assert not faults(tmp_path, design, layout)


def test_levels_of_any_angle_have_their_junctions_on_the_line_of_the_traces(tmp_path: Path) -> None:
    design = package(tmp_path, [(-400, 0), (100, 400)], [])
    design = replace(design, pdk=design.pdk.with_angles("any"))
    layout = tighten(design, routed(design, OFF_ITS_LINE))
    assert corners(layout) == 0
    assert not faults(tmp_path, design, layout)


def test_junctions_on_levels_of_any_angle_save_no_bends_that_go_by_themselves(tmp_path: Path) -> None:
    """Farther along the trace below, the one above would have a bend less; pulled taut it has none, and is shorter."""
    design = package(tmp_path, [(-400, 0), (100, 360)], [])
    design = replace(design, pdk=design.pdk.with_angles("any"))
    below, above = [(-400, 0, 0), (-350, 0, 0)], [(-350, 0, 1), (-260, 0, 1), (100, 360, 1)]
    layout = tighten(design, routed(design, [*below, *above, (100, 360, 0)]))
    lengths = [np.hypot(*np.diff(trace.points, axis=0).T).sum() for trace in layout.traces]
    assert sum(lengths) < 50_000 + np.hypot(450_000, 360_000) + 1_000


def test_ways_on_levels_that_a_net_may_not_use_get_no_longer(tmp_path: Path) -> None:
    """Farther on there, the trace on the level beyond would have a bend less. Above its land the net has no room."""
    more = '\n[[class]]\nname = "above"\nnets = ["A"]\nlevels = ["RDL2"]\n'
    more += '\n[[keepout]]\nlevels = ["RDL2"]\nrect = [-440, -30, -380, 30]\n'
    design = package(tmp_path, [(-400, 0), (100, 300)], [], more)
    below, above = [(-400, 0, 0), (-392, 8, 0), (-360, 8, 0)], [(-360, 8, 1), (-300, 8, 1), (-8, 300, 1), (100, 300, 1)]
    layout = tighten(design, routed(design, [*below, *above, (100, 300, 0)]))
    lengths = [np.hypot(*np.diff(trace.points, axis=0).T).sum() for trace in layout.traces if trace.level == 0]
    assert sum(lengths) <= 8_000 * np.sqrt(2) + 32_000 + 1
