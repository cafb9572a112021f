"""What a net may ask for, on packages small enough to see, each judged from the written file."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import shapely
from routed_packages import DIE, complete, package

from router.draw.masks import draw_masks
from router.draw.shapes import trace_rings
from router.model.geometry import line_length
from router.model.routing import Routing
from router.plan.decompose import spanning_tree
from router.read.design import read_design
from router.read.library import find_pdk


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


def test_cuts_of_two_kinds_stand_as_near_as_their_capture_pads_may(tmp_path: Path) -> None:
    """Three cuts 100 µm apart in all, in capture pads of 25 µm, which keep 80 µm to their like alone."""
    process = find_pdk("fanout_10um").read_text(encoding="utf-8").replace("stackable = true", "stackable = false")
    process = re.sub(r"(\[\[via\]\].*?\nspacing = )\d+", r"\g<1>80", process, flags=re.DOTALL)
    (tmp_path / "own.toml").write_text(process, encoding="utf-8")
    text = """
name = "p"
pdk = "own.toml"
levels = 4
outline = [1200, 1200]
[[die]]
name = "d"
pad = "bump"
pin = [{ name = "1", x = 0, y = 13 }]
[[balls]]
name = "b"
pad = "ball"
pin = [{ name = "1", x = 100, y = 0 }]
[nets]
A = ["d.1", "b.1"]
"""
    (tmp_path / "p.toml").write_text(text, encoding="utf-8")
    routing, layout = complete(tmp_path, read_design(tmp_path / "p.toml"))
    assert sum(line_length(trace.points) for trace in layout.traces) < 110_000
    assert routing.node_visits < 2_000


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
