"""Doors between keep-outs: where tracks pass, and that as many get through as there is room for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from router.maze.doors import doors_between
from router.maze.fit import tracks_held
from router.maze.lattice import build_lattice, doors, passes
from router.maze.route import choose_lattices, route_design
from router.model.design import Design, Keepout
from router.read.design import read_design

WIDTH, SPACING = 10_000, 10_000


def keepout(*corners: tuple[int, int], levels: tuple[int, ...] = (0,)) -> Keepout:
    return Keepout("k", levels, np.array(corners, dtype=np.int64) * 1000)


def box(x0: int, y0: int, x1: int, y1: int) -> Keepout:
    return keepout((x0, y0), (x1, y0), (x1, y1), (x0, y1))


def test_a_door_is_as_wide_as_what_faces_it_is_apart() -> None:
    walls = [box(-500, -10, -38, 10), box(38, -20, 500, 20)]
    assert doors_between(walls, 0, 0, WIDTH, SPACING).tolist() == [[-33_000, 33_000]]
    assert doors_between(walls, 0, 1, WIDTH, SPACING).tolist() == []
    assert doors_between(walls, 1, 0, WIDTH, SPACING).tolist() == []


@pytest.mark.parametrize("turn", [1, -1])
def test_a_ring_with_a_door_in_either_direction(turn: int) -> None:
    ring = [
        (62, 8), (62, 62), (-62, 62), (-62, -62), (62, -62), (62, -8), (68, -8), (68, -68), (-68, -68), (-68, 68),
        (68, 68), (68, 8),
    ]  # fmt: skip
    within = doors_between([keepout(*ring[::turn])], 0, 1, 2000, 500).tolist()
    assert within == [[-7_000, 7_000]], "its inside is wider than the widest door that is looked at"


def test_what_lies_beyond_the_nearest_edge_is_no_door() -> None:
    walls = [box(-500, -10, -38, 10), box(38, -20, 60, 20), box(90, -20, 200, 20)]
    assert doors_between(walls, 0, 0, WIDTH, SPACING).tolist() == [[-33_000, 33_000], [65_000, 85_000]]
    assert doors_between([box(0, 0, 10, 10), box(13, 0, 20, 10)], 0, 0, WIDTH, SPACING).tolist() == []
    assert doors_between([], 0, 0, WIDTH, SPACING).tolist() == []


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
    gaps = doors(design)
    assert tracks_held(gaps) == nets
    (raster,) = choose_lattices(design, 0.0)
    assert raster.nodes == build_lattice(design, design.outline, 2).nodes
    assert passes(gaps, raster) == nets
    assert not route_design(design).unrouted
