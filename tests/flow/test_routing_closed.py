"""What stands before anything is routed: keep-outs, fixed traces, lands nearer than classes ask."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import shapely
from routed_packages import DIE, complete, package

from router.draw.shapes import trace_rings


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
    assert others and all(line.distance(fixed) >= 10_000 + 10_000 + 5_000 for line in others)


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
