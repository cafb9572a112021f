"""Doors between keep-outs: where tracks pass, and that as many get through as there is room for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from router.maze.choose import choose_lattices
from router.maze.doors import gaps_beside_walls
from router.maze.fit import lattice_through_gaps, tracks_held
from router.maze.lattice import build_lattice, gap_kinds, passes
from router.maze.route import route_design
from router.model.design import Design, Keepout, Terminal
from router.model.geometry import Box
from router.model.pdk import TerminalKind
from router.read.design import read_design

WIDTH, SPACING = 10_000, 10_000


def keepout(*corners: tuple[float, float], levels: tuple[int, ...] = (0,)) -> Keepout:
    return Keepout("k", levels, (np.array(corners) * 1000).astype(np.int64))


def box(x0: float, y0: float, x1: float, y1: float) -> Keepout:
    return keepout((x0, y0), (x1, y0), (x1, y1), (x0, y1))


@pytest.fixture
def open_field(small_design: Design) -> Design:
    """A package of 2 × 2 mm without lands, whose first level keeps 15 µm from the edge."""
    first, *others = small_design.pdk.levels
    pdk = replace(small_design.pdk, levels=(replace(first, edge_keepout=15_000), *others))
    outline = Box(-1_000_000, -1_000_000, 1_000_000, 1_000_000)
    return replace(small_design, pdk=pdk, outline=outline, components=(), terminals=(), nets=(), keepouts=())


def land(x: int, y: int, size: int) -> Terminal:
    """A square land on the first level, µm."""
    return Terminal("U.1", TerminalKind.BUMP, x * 1000, y * 1000, "bump", 0, size * 1000, size * 1000, False)


def test_a_door_is_as_wide_as_what_faces_it_is_apart(open_field: Design) -> None:
    design = replace(open_field, keepouts=(box(-500, -10, -38, 10), box(38, -20, 500, 20)))
    assert gaps_beside_walls(design, 0, 0, WIDTH, SPACING).doors.tolist() == [[-33_000, 33_000]]
    assert gaps_beside_walls(design, 0, 1, WIDTH, SPACING).doors.tolist() == []
    assert gaps_beside_walls(design, 1, 0, WIDTH, SPACING).doors.tolist() == []


@pytest.mark.parametrize("turn", [1, -1])
def test_a_ring_with_a_door_in_either_direction(open_field: Design, turn: int) -> None:
    ring = [
        (62, 8), (62, 62), (-62, 62), (-62, -62), (62, -62), (62, -8), (68, -8), (68, -68), (-68, -68), (-68, 68),
        (68, 68), (68, 8),
    ]  # fmt: skip
    within = gaps_beside_walls(replace(open_field, keepouts=(keepout(*ring[::turn]),)), 0, 1, 2000, 500).doors.tolist()
    assert within == [[-7_000, 7_000]], "its inside is wider than the widest door that is looked at"


def test_what_lies_beyond_the_nearest_edge_is_no_door(open_field: Design) -> None:
    walls = (box(-500, -10, -38, 10), box(38, -20, 60, 20), box(90, -20, 200, 20))
    assert gaps_beside_walls(replace(open_field, keepouts=walls), 0, 0, WIDTH, SPACING).doors.tolist() == [
        [-33_000, 33_000], [65_000, 85_000],
    ]  # fmt: skip
    near = replace(open_field, keepouts=(box(0, 0, 10, 10), box(13, 0, 20, 10)))
    assert gaps_beside_walls(near, 0, 0, WIDTH, SPACING).doors.tolist() == []
    assert gaps_beside_walls(open_field, 0, 0, WIDTH, SPACING).doors.tolist() == []


def test_lanes_lead_from_walls_to_the_first_land_of_each_row(open_field: Design) -> None:
    rows = (land(-900, 0, 40), land(-820, 0, 40), land(-850, 100, 40), land(930, 200, 60))
    design = replace(open_field, terminals=rows)
    assert gaps_beside_walls(design, 0, 0, WIDTH, SPACING).lanes.tolist() == [
        [-980_000, -935_000], [-980_000, -885_000], [975_000, 980_000],
    ]  # fmt: skip
    assert gaps_beside_walls(design, 0, 1, WIDTH, SPACING).lanes.tolist() == [], "no land is near the other edges"
    walled = replace(design, terminals=rows[2:3], keepouts=(box(-960, 80, -955, 120), box(-810, 80, -700, 120)))
    assert gaps_beside_walls(walled, 0, 0, WIDTH, SPACING).lanes.tolist() == [
        [-950_000, -885_000],
        [-815_000, -815_000],
    ]
    assert gaps_beside_walls(walled, 1, 0, WIDTH, SPACING).lanes.tolist() == []


def test_the_edge_of_the_package_is_a_wall(open_field: Design) -> None:
    design = replace(open_field, keepouts=(box(-960, 80, -955, 120),))
    assert gaps_beside_walls(design, 0, 0, WIDTH, SPACING).doors.tolist() == [[-980_000, -965_000]]


def behind_a_door(folder: Path, nets: int, width: int) -> Design:
    """A die in a ring with one door, and its nets' other ends outside, in a package so large that its usual lattice has
    two lines a track."""
    ends = "\n".join(f'N{k} = ["in.P{k}", "out.P{k}"]' for k in range(1, nets + 1))
    half = width / 2
    ring = [
        [620, half], [620, 620], [-620, 620], [-620, -620], [620, -620], [620, -half], [680, -half], [680, -680],
        [-680, -680], [-680, 680], [680, 680], [680, half],
    ]  # fmt: skip
    file = folder / "door.toml"
    file.write_text(
        f'name = "door"\npdk = "fanout_10um"\nlevels = 1\noutline = [6000, 6000]\n[[keepout]]\npolygon = {ring}\n'
        + "".join(
            f'[[die]]\nname = "{name}"\nat = [{x}, 0]\npad = "bump"\n'
            f'array = {{ nx = 1, ny = {nets}, pitch = 110, names = "P{{n}}" }}\n'
            for name, x in (("in", 0), ("out", 850))
        )
        + f"[nets]\n{ends}\n",
        encoding="utf-8",
    )
    return read_design(file)


@pytest.mark.parametrize(("nets", "width"), [(4, 76), (6, 116), (8, 156)])
def test_as_many_get_through_a_door_as_it_holds(tmp_path: Path, nets: int, width: int) -> None:
    design = behind_a_door(tmp_path, nets, width)
    gaps = gap_kinds(design).doors
    assert tracks_held(gaps) == nets
    (raster,) = choose_lattices(design, 0.0)
    assert raster.nodes == build_lattice(design, design.outline, 2).nodes
    assert passes(gaps, raster) == nets
    assert not route_design(design).unrouted


def beside_a_wall(folder: Path, nets: int, right: float) -> Design:
    """A wall of pads that only traces of 40 µm along the package's edge go round: on the left just one, off the lattice
    of the pads, on the right so many as a lane of this width holds. Each net has an end on both sides of it."""
    ends = "\n".join(f'N{k} = ["above.P{k}", "below.P{k}"]' for k in range(1, nets + 1))
    file = folder / "wall.toml"
    file.write_text(
        'name = "wall"\npdk = "fanout_10um"\nlevels = 1\noutline = [1200, 1200]\n'
        # From the edge to the pads: 25 for the edge, 40 for the trace, 10 between, and 1 to spare.
        '[[die]]\nname = "wall"\nat = [-484, 0]\npad = "bump"\n'
        'array = { nx = 1, ny = 5, pitch = 100, names = "P{n}" }\n'
        f"[[keepout]]\npolygon = [[-484, -240], [{575 - right}, -240], [{575 - right}, 240], [-484, 240]]\n"
        + "".join(
            f'[[die]]\nname = "{name}"\nat = [0, {y}]\npad = "bump"\n'
            f'array = {{ nx = {nets}, ny = 1, pitch = 200, names = "P{{n}}" }}\n'
            for name, y in (("above", 450), ("below", -450))
        )
        + f'[[class]]\nname = "wide"\nnets = ["N?"]\nwidth = 40\n[nets]\n{ends}\n',
        encoding="utf-8",
    )
    return read_design(file)


@pytest.mark.parametrize(("nets", "right"), [(1, 30), (2, 45), (3, 95)])
def test_a_lane_along_the_edge_lets_as_many_through_as_it_holds(tmp_path: Path, nets: int, right: float) -> None:
    design = beside_a_wall(tmp_path, nets, right)
    assert not route_design(design).unrouted


def test_doors_at_odds_ask_for_a_finer_lattice_than_tracks(open_field: Design) -> None:
    """Doors for one track each, with nothing to spare, whose middles lie 31.25 µm apart."""
    walls = (box(-500, -10, -5, 10), box(5, -10, 500, 10), box(-500, 490, 26.25, 510), box(36.25, 490, 500, 510))
    design = replace(open_field, keepouts=walls)
    usual, gaps = build_lattice(design, design.outline, 2), gap_kinds(design).doors
    assert (tracks_held(gaps), passes(gaps, usual)) == (2, 1)
    fine = lattice_through_gaps(design, usual, ["default"], 10_000_000)
    assert fine is not None
    assert (fine.pitch, passes(gaps, fine)) == (1250, 2)
    assert lattice_through_gaps(design, usual, ["default"], 1_000_000) is None, "it would have too many nodes"
