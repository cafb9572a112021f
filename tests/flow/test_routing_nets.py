"""What a net may ask for, on packages small enough to see, each judged from the written file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely

from router.draw.masks import draw_masks
from router.draw.notch import fill_notches
from router.draw.shapes import trace_rings
from router.draw.tighten import tighten
from router.maze import route_design
from router.model.design import Design
from router.model.layout import Layout, Verdict
from router.model.routing import Routing
from router.plan.decompose import spanning_tree
from router.read.design import read_design
from router.verify import check
from router.write.gds import write_gds

DIE = """
[[die]]
name = "die"
size = [1000, 1000]
pad = "bump"
array = { nx = 4, ny = 4, pitch = 200 }
"""


def package(folder: Path, text: str, levels: int = 1, side: int = 2400) -> Design:
    head = f'name = "p"\npdk = "fanout_10um"\nlevels = {levels}\noutline = [{side}, {side}]\n'
    (folder / "p.toml").write_text(head + text, encoding="utf-8")
    return read_design(folder / "p.toml")


def routed(folder: Path, design: Design) -> tuple[Routing, Layout, Verdict]:
    routing = route_design(design)
    layout = tighten(design, routing)
    masks = draw_masks(design, layout)
    fill_notches(design, masks)
    write_gds(folder / "p.gds", design, masks)
    return routing, layout, check(folder / "p.gds", design)


def complete(folder: Path, design: Design) -> tuple[Routing, Layout]:
    """Route, and insist on every net being joined and no rule broken."""
    routing, layout, verdict = routed(folder, design)
    assert routing.unrouted == ()
    assert verdict.violations == ()
    assert verdict.faults == ()
    return routing, layout


def ends_of(routing: Routing, net: int) -> list[set[tuple[int, int]]]:
    """First and last place of each path of a net."""
    return [{tuple(p.points[at].tolist()) for at in (0, -1)} for p in routing.paths if p.net == net]


def test_a_net_may_end_on_any_pad_that_is_joined_inside_the_die(tmp_path: Path) -> None:
    text = """
[[die]]
name = "io"
size = [500, 900]
at = [-800, 0]
joined = true
pad = "bump"
array = { nx = 1, ny = 5, pitch = 180 }
[[die]]
name = "far"
size = [500, 900]
at = [600, 0]
pad = "bump"
array = { nx = 1, ny = 3, pitch = 360 }
[nets]
P = ["io.A1", "io.C1", "io.E1", "far.A1", "far.C1"]
Q = ["io.B1", "io.D1", "far.B1"]
"""
    design = package(tmp_path, text)
    assert [len(end.terminals) for end in design.nets[0].ends] == [3, 1, 1]
    routing, _ = complete(tmp_path, design)
    top, bottom = (600_000, 360_000), (600_000, -360_000)
    mine = {(-800_000, 360_000), (-800_000, 0), (-800_000, -360_000)}
    joined = [ends & mine for ends in ends_of(routing, 0)]
    assert sorted(len(ends) for ends in joined) in ([0, 1], [1, 1]), "no path from pad to pad of the die"
    assert {top, bottom} <= set().union(*ends_of(routing, 0))
    assert len(ends_of(routing, 1)) == 1


def test_a_net_of_many_ends_is_one_piece_and_shares_its_metal(tmp_path: Path) -> None:
    nets = """
[nets]
V = ["die.A1", "die.A4", "die.D1", "die.D4", "die.B2", "die.C3"]
W = ["die.A2", "die.D2", "die.C4"]
X = ["die.B1", "die.B4"]
"""
    for levels in (1, 2):
        design = package(tmp_path, DIE + nets, levels)
        routing, _ = complete(tmp_path, design)
        nodes = np.concatenate([path.points for path in routing.paths if path.net == 0])
        steps = sum(len(path.points) - 1 for path in routing.paths if path.net == 0)
        assert len(np.unique(nodes, axis=0)) <= steps + 1 + 6, "no metal twice"


def test_supplies_in_alternate_columns_are_two_combs(tmp_path: Path) -> None:
    """On one level each is joined beyond the other's last bump: neither cuts the other's columns, and nothing runs in a
    circle."""
    array = DIE.replace("nx = 4, ny = 4", "nx = 6, ny = 6").replace("[1000, 1000]", "[1400, 1400]")
    nets = {name: [f"die.{row}{column}" for row in "ABCDEF" for column in columns]
            for name, columns in (("VDD", (1, 3, 5)), ("VSS", (2, 4, 6)))}  # fmt: skip
    design = package(tmp_path, array + "[nets]\n" + "".join(f"{name} = {pins}\n" for name, pins in nets.items()))
    _, layout = complete(tmp_path, design)
    metal = shapely.union_all([shapely.Polygon(ring) for t in layout.traces for ring in trace_rings(t.points, t.width)])
    assert all(len(part.interiors) == 0 for part in shapely.get_parts(metal))
    length = sum(np.hypot(*np.diff(t.points, axis=0).T).sum() for t in layout.traces)
    shortest = sum(along for net in design.nets for _, _, along in spanning_tree(design, net))
    assert length < 1.1 * shortest


def test_a_keep_out_is_respected_on_its_levels_alone(tmp_path: Path) -> None:
    text = """
[[keepout]]
name = "coil"
levels = ["RDL1"]
polygon = [[-500, -30], [-250, 30], [500, 30], [500, -30]]
[nets]
A = ["die.A1", "die.D1"]
B = ["die.A2", "die.D3"]
C = ["die.B4", "die.C4"]
"""
    for levels in (1, 2):
        design = package(tmp_path, DIE + text, levels)
        _, layout = complete(tmp_path, design)
        ring = shapely.Polygon(design.keepouts[0].ring)
        crossing = [t for t in layout.traces if shapely.LineString(t.points).intersects(ring)]
        assert all(t.level == 1 for t in crossing)
        assert bool(crossing) == (levels == 2)


@pytest.mark.parametrize("thickness", [1, 6])
def test_a_trace_round_the_tip_of_a_thin_keep_out_keeps_its_spacing_from_itself(
    thickness: float, tmp_path: Path
) -> None:
    half = thickness / 2
    text = f"""
[[balls]]
name = "bga"
pad = "ball"
pin = [
  {{ name = "1", x = -700, y = -600 }}, {{ name = "2", x = -300, y = -600 }},
  {{ name = "3", x = 900, y = 200 }}, {{ name = "4", x = 900, y = -600 }},
]
[[keepout]]
rect = [-1180, {-half}, 400, {half}]
[[keepout]]
rect = [0, {-200 - half}, 1180, {-200 + half}]
[nets]
A = ["die.A1", "bga.1"]
B = ["die.A2", "bga.2"]
C = ["bga.3", "bga.4"]
"""
    die = DIE.replace('pad = "bump"', 'at = [-400, 500]\npad = "bump"')
    complete(tmp_path, package(tmp_path, die + text, levels=1))


@pytest.mark.parametrize("half", [46, 58, 70])
def test_at_any_angle_a_trace_round_a_pointed_keep_out_keeps_its_spacing_from_itself(half: int, tmp_path: Path) -> None:
    text = f"""
[[die]]
name = "die"
pad = "bump"
pin = [{{ name = "1", x = -300, y = -250 }}, {{ name = "2", x = -300, y = 250 }}]
[[keepout]]
polygon = [[50, 0], [-50, {half}], [-1195, {half}], [-1195, -{half}], [-50, -{half}]]
[nets]
A = ["die.1", "die.2"]
"""
    design = package(tmp_path, text)
    complete(tmp_path, replace(design, pdk=design.pdk.with_angles("any")))


FIXED = """
[nets]
A = ["die.A1", "die.D4"]
B = ["die.A4", "die.D1"]
[[fixed]]
net = "A"
level = "RDL2"
width = 20
points = [[-300, 0], [-100, 0], [100, 200]]
"""


def test_a_fixed_trace_is_kept(tmp_path: Path) -> None:
    _, layout = complete(tmp_path, package(tmp_path, DIE + FIXED, 2))
    (kept,) = (trace for trace in layout.traces if trace.fixed)
    assert (kept.net, kept.level, kept.width) == (0, 1, 20_000)
    assert kept.points.tolist() == [[-300_000, 0], [-100_000, 0], [100_000, 200_000]]


def test_a_net_is_joined_to_its_fixed_trace(tmp_path: Path) -> None:
    design = package(tmp_path, DIE + FIXED, 2)
    _, layout = complete(tmp_path, design)
    fixed = shapely.LineString(design.fixed[0].points)
    mine = [shapely.LineString(t.points) for t in layout.traces if t.net == 0 and not t.fixed]
    assert any(line.distance(fixed) < 10_000 for line in mine)


def test_others_keep_off_a_fixed_trace(tmp_path: Path) -> None:
    design = package(tmp_path, DIE + FIXED, 2)
    fixed = shapely.LineString(design.fixed[0].points)
    _, layout = complete(tmp_path, design)
    others = [shapely.LineString(t.points) for t in layout.traces if t.net == 1 and t.level == 1]
    assert all(line.distance(fixed) >= 10_000 + 10_000 + 5_000 for line in others)


def test_each_class_has_its_widths_spacing_and_levels(tmp_path: Path) -> None:
    text = """
[[balls]]
name = "bga"
pad = "ball"
array = { nx = 4, ny = 4, pitch = 500 }
[nets]
A = ["die.A1", "bga.A1"]
B = ["die.A2", "bga.A2"]
V = ["die.B2", "die.B3", "die.C2", "bga.D1", "bga.D4"]
W = ["die.D1", "die.D4", "die.B4"]
[[class]]
name = "supply"
nets = ["V"]
width = { RDL1 = 20, RDL2 = 30, RDL3 = 40 }
spacing = 25
[[class]]
name = "first"
nets = ["W"]
levels = ["RDL1"]
width = 15
"""
    design = package(tmp_path, DIE + text, 3)
    _, layout = complete(tmp_path, design)
    names = [net.name for net in design.nets]
    widths = {(names[t.net], t.level): t.width for t in layout.traces}
    assert {width for (name, _), width in widths.items() if name in "AB"} == {10_000}
    assert {level for name, level in widths if name == "W"} == {0}
    assert widths["W", 0] == 15_000
    assert all(widths["V", level] == (20_000, 30_000, 40_000)[level] for name, level in widths if name == "V")
    for t in layout.traces:
        for other in layout.traces:
            if names[t.net] == "V" != names[other.net] and t.level == other.level:
                gap = shapely.LineString(t.points).distance(shapely.LineString(other.points))
                assert gap >= (t.width + other.width) / 2 + 25_000


def test_terminals_off_the_lattice_are_reached_at_their_centres(tmp_path: Path) -> None:
    rng = np.random.default_rng(4)
    pins = [
        f'{{ name = "{k}", x = {200 * (k % 4) - 300 + rng.uniform(-30, 30):.3f}, '
        f"y = {200 * (k // 4) - 300 + rng.uniform(-30, 30):.3f} }}"
        for k in range(16)
    ]
    text = f"""
[[die]]
name = "die"
size = [1000, 1000]
pad = "bump"
pad_size = 26
pin = [{", ".join(pins)}]
[[balls]]
name = "bga"
pad = "ball"
array = {{ nx = 4, ny = 4, pitch = 501.379 }}
[nets]
""" + "\n".join(f'N{k} = ["die.{k}", "bga.{"DCBA"[k // 4]}{k % 4 + 1}"]' for k in range(16))
    for lattice in ("", "[lattice]\nRDL1 = 20\nRDL2 = 20\n"):
        design = package(tmp_path, text + "\n" + lattice, 2)
        _, layout = complete(tmp_path, design)
        for index, net in enumerate(design.nets):
            centres = {(design.terminals[t].x, design.terminals[t].y) for end in net.ends for t in end.terminals}
            ends = {tuple(t.points[at].tolist()) for t in layout.traces if t.net == index for at in (0, -1)}
            cuts = {(via.x, via.y) for via in layout.vias if via.net == index}
            assert centres <= ends | cuts


def test_cuts_that_may_not_stack_stand_side_by_side(tmp_path: Path) -> None:
    text = """
name = "p"
pdk = "interposer_04"
outline = [500, 500]
[[die]]
name = "die"
size = [220, 220]
pad = "micro_bump"
array = { nx = 4, ny = 4, pitch = 40 }
[[balls]]
name = "bga"
pad = "c4"
array = { nx = 2, ny = 2, pitch = 180 }
[nets]
A = ["die.A1", "bga.A1"]
B = ["die.A4", "bga.A2"]
C = ["die.D1", "bga.B1"]
D = ["die.B2", "die.C3", "die.D4", "bga.B2"]
"""
    (tmp_path / "p.toml").write_text(text, encoding="utf-8")
    _, layout = complete(tmp_path, read_design(tmp_path / "p.toml"))
    assert {via.index for via in layout.vias} == {0, 1, 2}
    for via in layout.vias:
        for other in layout.vias:
            if via.index + 1 == other.index:
                assert max(abs(via.x - other.x), abs(via.y - other.y)) >= 200


def test_bumps_without_a_net_are_drawn_and_block(tmp_path: Path) -> None:
    text = """
[nets]
A = ["die.A2", "die.D2"]
B = ["die.B1", "die.B4"]
"""
    design = package(tmp_path, DIE + text, 2)
    _, layout = complete(tmp_path, design)
    masks = draw_masks(design, layout)
    assert len([p for p in masks.placed if p.terminal]) == 16
    idle = [t for t, net in zip(design.terminals, design.net_of_terminal(), strict=True) if net < 0]
    assert len(idle) == 12
    for trace in layout.traces:
        line = shapely.LineString(trace.points)
        near = [t.id for t in idle if trace.level == 0 and line.distance(shapely.Point(t.x, t.y)) < 55_000]
        assert near == []


def test_a_net_of_one_end_or_none_needs_nothing(tmp_path: Path) -> None:
    design = package(tmp_path, DIE + '[nets]\nA = ["die.A1"]\n')
    routing, layout = complete(tmp_path, design)
    assert routing.paths == () and layout.traces == ()
    routing, _ = complete(tmp_path, replace(design, nets=()))
    assert routing.paths == ()


@pytest.mark.parametrize("spacing", [120, 140])
def test_a_class_asks_for_more_spacing_than_lands_leave(spacing: int, tmp_path: Path) -> None:
    """Lands Ø 80 at 180 µm are 100 µm apart. Beside them a trace keeps that, or none could leave its land; to all
    other metal it keeps what its class asks for."""
    design = package(
        tmp_path,
        DIE.replace("nx = 4, ny = 4, pitch = 200", "nx = 3, ny = 3, pitch = 180")
        + '[[balls]]\nname = "g"\npad = "ball"\narray = { nx = 3, ny = 3, pitch = 700 }\n'
        + f'[[class]]\nname = "far"\nnets = ["A1"]\nwidth = 60\nspacing = {spacing}\n[nets]\n'
        + "".join(f'{pin} = ["die.{pin}", "g.{pin}"]\n' for pin in ("A1", "A2", "A3", "B1", "B2", "B3", "C1")),
        levels=2,
    )
    _, layout = complete(tmp_path, design)
    metal = [(t.net, t.level, shapely.union_all([shapely.Polygon(r) for r in trace_rings(t.points, t.width)]))
             for t in layout.traces]  # fmt: skip
    (far,) = [net for net, it in enumerate(design.nets) if it.name == "A1"]
    gaps = [
        shapely.distance(one, other)
        for a, level, one in metal
        for b, there, other in metal
        if a == far and b != far and level == there
    ]
    assert min(gaps) >= spacing * 1000 - 1


def test_both_of_two_lands_can_be_left_that_are_nearer_than_a_class_asks(tmp_path: Path) -> None:
    """Ground, signal, ground, signal, ground at 150 µm: what lies on a land asks for no more than the land, so that a
    wide signal with 150 µm to all else leaves its neighbours a way out of theirs."""
    pins = ", ".join(f'{{ name = "{k}", x = {150 * k}, y = 0 }}' for k in range(5))
    design = package(
        tmp_path,
        f'[[die]]\nname = "d"\nat = [-300, 0]\npad = "bump"\npin = [{pins}]\n'
        '[[pillars]]\nname = "feed"\nat = [0, 1000]\npad = "pillar"\n'
        'array = { nx = 2, ny = 1, pitch = 600, names = "F{n}" }\n'
        '[nets]\nVSS = ["d.0", "d.2", "d.4"]\nTX1 = ["d.1", "feed.F1"]\nTX2 = ["d.3", "feed.F2"]\n'
        '[[class]]\nname = "rf"\nnets = ["TX*"]\nwidth = 50\nspacing = 150\nlevels = ["RDL1"]\n',
        levels=2,
    )
    complete(tmp_path, design)
