"""What wide metal asks for in the search: of lands by their straight sides as they are drawn, of traces in any case."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from both_engines import judged_here

from router import flow
from router.maze.access import find_access
from router.maze.footprint import chord, octagon_side, via_footprint
from router.maze.lattice import build_lattice, narrowest_tracks
from router.maze.obstacles import NOBODY, collect_obstacles, pad_obstacle
from router.model.design import Design
from router.model.pad_rings import pad_rings
from router.model.pdk import PadShape, Pdk, ShapeKind, WideSpacing
from router.plan.crowding import most_crowded
from router.read.design import read_design
from router.write.gds import write_gds

ROOT = Path(__file__).resolve().parents[2]
# Two lands of 250 µm with 30 µm between them, walls beside them, and a net that has to pass.
PACKAGE = """
pdk = "wide.toml"
levels = 1
outline = [900, 900]
keepout = [{ rect = [-450, -10, -250, 10] }, { rect = [250, -10, 450, 10] }]
[[die]]
name = "d"
pad = "bump"
pad_size = 40
pin = [{ name = "1", x = 3, y = -300 }, { name = "2", x = -5, y = 300 }]
[[die]]
name = "b"
pad = "bump"
pad_size = 250
pin = [{ name = "1", x = -140, y = 0 }, { name = "2", x = 140, y = 0 }]
[nets]
A = ["d.1", "d.2"]
"""


def package(folder: Path, wide: str, extra: str = "") -> Design:
    """The package, on a process with a rule for wide metal."""
    process = (ROOT / "pdk" / "fanout_10um.toml").read_text(encoding="utf-8")
    changed = process.replace("{ width = 100, run_length = 300, spacing = 20 }", wide)
    assert changed != process
    (folder / "wide.toml").write_text(changed, encoding="utf-8")
    (folder / "p.toml").write_text(PACKAGE + extra, encoding="utf-8")
    return read_design(folder / "p.toml")


def test_a_trace_passes_round_lands_that_have_no_long_side(tmp_path: Path) -> None:
    """They are wide, and longer than the run length, but run beside nothing for as long."""
    result = flow.route(package(tmp_path, "{ width = 100, run_length = 60, spacing = 20 }"))
    assert result.routing.unrouted == ()
    write_gds(tmp_path / "p.gds", result.design, result.masks)
    assert judged_here(tmp_path / "p.gds", result.design).clean


def test_chords_longer_than_the_run_length_count(tmp_path: Path) -> None:
    design = package(tmp_path, "{ width = 100, run_length = 5, spacing = 20 }")
    lands = [o for o in collect_obstacles(design) if o.net == NOBODY]
    assert [o.spacing for o in lands] == [20_000, 20_000]
    assert len(flow.route(design).routing.unrouted) == 1


@pytest.mark.parametrize("size", [3_000, 25_001, 240_000, 1_000_000])
@pytest.mark.parametrize("shape", [ShapeKind.CIRCLE, ShapeKind.OCTAGON, ShapeKind.RECT, ShapeKind.OBLONG])
def test_no_side_is_drawn_longer_than_it_counts(small_design: Design, shape: ShapeKind, size: int) -> None:
    long = size + 70_000 if shape in (ShapeKind.RECT, ShapeKind.OBLONG) else size
    (ring,) = pad_rings([PadShape("RDL1", shape, size, long)], small_design.pdk.chord_error)
    sides = np.hypot(*(ring - np.roll(ring, 1, axis=0)).T)
    width, longest = pad_obstacle(small_design, 0, shape, (size, long), None).sides
    assert width in (size, size + 1)
    assert sides.max() <= longest <= 1.5 * sides.max() + 20


def test_capture_pads_ask_for_as_much_as_their_sides_do(small_pdk: Pdk) -> None:
    """Of 45 µm across: a circle has chords, an octagon sides of 18.6 µm, and a square is no wider than it is."""
    via = replace(small_pdk.vias[0], cut=25_000, enclosure_lower=10_000)
    for shape, side in (("circle", chord(22_500, small_pdk.chord_error)), ("octagon", octagon_side(45_000))):
        for run, spacing in ((side, 10_000), (side - 1, 30_000)):
            level = replace(small_pdk.levels[0], wide=(WideSpacing(40_000, run, 30_000),))
            kind = replace(via, shape=ShapeKind(shape))
            assert via_footprint(small_pdk, level, kind, 10_000, 10_000).spacing == spacing
    for width, spacing in ((44_000, 30_000), (49_000, 10_000)):
        level = replace(small_pdk.levels[0], wide=(WideSpacing(width, 20_000, 30_000),))
        square = replace(via, shape=ShapeKind.RECT)
        assert via_footprint(small_pdk, level, square, 10_000, 10_000).spacing == (
            10_000 if width > 45_000 else spacing
        )


def test_traces_of_wide_metal_are_planned_for_with_its_spacing(tmp_path: Path) -> None:
    """The lattice, how crowded a place is, and stubs beside lands go by it."""
    classes = '[[class]]\nname = "default"\nwidth = 30\n'
    rules = ("{ width = 40, run_length = 60, spacing = 25 }", "{ width = 20, run_length = 60, spacing = 25 }")
    (narrow, wide) = (package(tmp_path, rule, classes) for rule in rules)
    assert narrowest_tracks(narrow) == [(30_000, 10_000)]
    assert narrowest_tracks(wide) == [(30_000, 25_000)]
    crowded = [most_crowded(design) for design in (narrow, wide)]
    assert crowded[0] is not None and crowded[1] is not None
    assert crowded[1].share > 1.2 * crowded[0].share
    small = replace(wide, terminals=tuple(replace(t, width=30_000, height=30_000) for t in wide.terminals))
    lattice = build_lattice(replace(small, lattice=(17_000,)), small.outline, 1)
    stubs = find_access(small, lattice).stubs
    assert stubs and all(stub.spacing == 25_000 for stub in stubs)
