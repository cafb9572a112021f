"""Pitches that go by the lands: all tracks that gaps hold get through, on no finer a lattice than that takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from router.bench.hidden import hidden
from router.maze import route_design
from router.maze.choose import choose_lattices
from router.maze.fit import better_lattice, fitting_pitches, lattice_of_steps, tracks_held
from router.maze.lattice import build_lattice, gap_kinds, level_pitches, passes
from router.model.design import Design
from router.plan.capacity import plan_capacity
from router.read.design import read_design

Package = Callable[..., Design]
GAPS, STEP = 9, 50


@pytest.fixture
def wall(tmp_path: Path) -> Package:
    """A row of lands of 28 µm across a package, 50 µm apart, and two nets to go through each of its gaps, traces of
    `width` µm, 4 µm apart."""

    def build(width: float = 5) -> Design:
        half = (GAPS + 1) / 2 * STEP
        nets, pins = "", ""
        for gap in range(GAPS):
            for k in range(2):
                x = (gap - (GAPS - 1) / 2) * STEP + (k - 0.5) * 12
                nets += f'N{gap}_{k} = ["io.a{gap}_{k}", "io.b{gap}_{k}"]\n'
                pins += f'{{ name = "a{gap}_{k}", x = {x}, y = -100 }}, {{ name = "b{gap}_{k}", x = {x}, y = 100 }},\n'
        text = f"""
pdk = "microbump_4um"
outline = [{2 * half}, 300]
[[die]]
name = "io"
pad = "io_pad"
pad_size = [5, 10]
pin = [{pins}]
[[balls]]
name = "row"
pad = "bump"
array = {{ nx = {GAPS + 1}, ny = 1, pitch = {STEP} }}
[[class]]
name = "default"
width = {width}
[nets]
{nets}"""
        (tmp_path / "wall.toml").write_text(text, encoding="utf-8")
        return read_design(tmp_path / "wall.toml")

    return build


def test_gaps_hold_tracks_that_the_usual_pitch_loses(wall: Package) -> None:
    """22 µm from land to land hold 4 + 5 + 4 + 5 + 4 µm: a lattice has to divide 9 and 50 µm."""
    design = wall()
    usual, gaps = build_lattice(design, design.outline, 4), gap_kinds(design).lands
    pads = tracks_held(gap_kinds(replace(design, terminals=design.terminals[: 4 * GAPS])).lands)
    assert tracks_held(gaps) == 2 * GAPS + pads
    assert passes(gaps, usual) < GAPS * 2 + pads
    better = better_lattice(design, usual, 0.9)
    assert better is not None
    assert better.pitch == 1_000
    assert passes(gaps, better) == tracks_held(gaps)
    assert better_lattice(design, better, 1.0) is None
    assert better_lattice(design, usual, passes(gaps, usual) / tracks_held(gaps)) is None


def test_pitches_divide_a_track_or_a_step(wall: Package) -> None:
    found = fitting_pitches(wall())
    assert found == sorted(found, reverse=True)
    assert {9_000, 4_500, 3_000, 2_250, 1_000} <= set(found), "of the track"
    assert 3_125 in found, "a sixteenth of 50 µm; three of them are 9375 nm"
    assert 2_500 not in found, "tracks would lie 10 µm apart, more than a tenth too far"


def test_no_finer_a_lattice_is_taken_than_the_gaps_ask_for(wall: Package) -> None:
    """Tracks of 8 µm: 4 µm do not divide the step of 50 µm, and 2 µm do."""
    design = wall(width=4)
    better = better_lattice(design, build_lattice(design, design.outline, 2), 1.0)
    assert better is not None
    assert better.pitch == 2_000
    assert passes(gap_kinds(design).lands, better) == tracks_held(gap_kinds(design).lands)


def test_where_each_track_counts_all_get_through(wall: Package) -> None:
    design = wall()
    fullness = plan_capacity(design).fullness
    assert fullness > 0.9
    (raster,) = choose_lattices(design, fullness)
    assert raster.pitch == 1_000
    assert route_design(design).unrouted == ()
    assert [r.pitch for r in choose_lattices(design, 0.5)] == [2_250]
    chosen = replace(design, lattice=(2_250,))
    assert len(route_design(chosen).unrouted) > 0, "on the usual lattice some do not"


def test_a_pitch_is_rounded_up_so_that_tracks_lie_no_further_apart(wall: Package) -> None:
    """Five steps of 2.252 µm would part tracks that four of 2.253 µm may."""
    assert level_pitches(wall(width=5.01), 4) == [2_253]


@pytest.mark.parametrize(
    ("pitch", "off", "lines"),
    [(22.0, 0.0, 5_500), (21.0, 0.0, 5_250), (25.0, 0.0, 5_000), (22.0, 0.9, 5_000), (20.011, 0.0, 5_000)],
)
def test_the_pitch_of_rows_divides_their_steps(pitch: float, off: float, lines: int) -> None:
    """Of lands that lie off their raster few lie in rows; 20.011 µm are a prime number of nanometres."""
    design = hidden(0, 40, pitch, off)
    usual = build_lattice(design, design.outline, 4)
    assert usual.pitch == 5_000
    assert lattice_of_steps(design, usual).pitch == lines
