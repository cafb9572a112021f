"""Lattices with several tracks a node: that of an empty package, and one that the package asks for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from router import flow
from router.maze import choose as choose_module
from router.maze.choose import choose_lattices
from router.maze.kernels.nodes import EVEN
from router.model.design import Design
from router.model.errors import InputError
from router.read.design import read_design

# Two nets whose shortest ways are diagonals that cross, and many that turn between lands.
CROSSED = """
name = "p"
pdk = "fanout_10um"
levels = 1
outline = [1500, 1500]
[[die]]
name = "d"
pad = "bump"
pad_size = 80
pin = [{name="1",x=-300,y=-300}, {name="2",x=300,y=300}, {name="3",x=-250,y=300}, {name="4",x=350,y=-300}]
[nets]
A = ["d.1", "d.2"]
B = ["d.3", "d.4"]
"""


def package(folder: Path, text: str) -> Design:
    (folder / "p.toml").write_text(text, encoding="utf-8")
    return read_design(folder / "p.toml")


@pytest.mark.parametrize("pitch", [25, 30, 40, 50, 100])
def test_diagonals_do_not_cross_between_nodes_of_a_wide_lattice(pitch: int, tmp_path: Path) -> None:
    result = flow.route(package(tmp_path, f"{CROSSED}[lattice]\nRDL1 = {pitch}\n"))
    report = flow.write(result, tmp_path / "out")
    assert report["unrouted"] == [] and flow.is_clean(report)


@pytest.mark.parametrize(("pitch", "even"), [(20_000, 0), (28_000, 0), (28_500, 1), (100_000, 1)])
def test_diagonals_join_every_second_node_where_halos_leave_room_between_them(
    pitch: int, even: int, tmp_path: Path
) -> None:
    (raster,) = choose_lattices(replace(package(tmp_path, CROSSED), lattice=(pitch,)), 0.0)
    assert raster.levels[:, EVEN].tolist() == [even]


def test_an_empty_package_begins_on_a_lattice_of_several_tracks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    design = package(tmp_path, CROSSED)
    for name in ("SMALL", "LARGE"):
        monkeypatch.setattr(choose_module, name, 0)
    assert [raster.pitch for raster in choose_lattices(design, 0.1, 0.1)] == [20_000, 10_000], "few nodes"
    coarse = choose_lattices(design, 0.1, 0.1)[0].nodes
    monkeypatch.setattr(choose_module, "LEAST_NODES", coarse // 9)
    for fullness, crowding, widest in [
        (0.1, 0.1, 60_000),
        (0.1, 0.19, 40_000),
        (0.19, 0.1, 40_000),
        (0.0, 0.0, 60_000),
    ]:
        assert [r.pitch for r in choose_lattices(design, fullness, crowding)] == [widest, 20_000, 10_000]
    assert [r.pitch for r in choose_lattices(design, 0.1, 0.21)] == [20_000, 10_000]
    chosen = replace(design, lattice=(20_000,))
    assert [r.pitch for r in choose_lattices(chosen, 0.1, 0.1)] == [20_000], "the user's pitch stands"
    result = flow.route(design)
    assert len(result.routing.unrouted) == 0
    assert flow.is_clean(flow.write(result, tmp_path / "out"))


def test_a_pitch_that_the_package_is_smaller_than_is_refused(tmp_path: Path) -> None:
    message = r"p.toml: lattice.RDL1: found 1501 µm; expected at most 1500 µm, the shorter side of the package"
    with pytest.raises(InputError, match=message):
        package(tmp_path, f"{CROSSED}[lattice]\nRDL1 = 1501\n")


def test_pitches_far_apart_are_nested_at_once(tmp_path: Path) -> None:
    text = CROSSED.replace("levels = 1", "levels = 3")
    design = package(tmp_path, f"{text}[lattice]\nRDL1 = 5\nRDL3 = 1500\n")
    raster = choose_lattices(design, 0.0)[0]
    assert [raster.level_pitch(level) for level in range(3)] == [5_000, 5_000, 1_500_000]
