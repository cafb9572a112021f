"""Beside lands that are nearer to each other than a class asks, what they leave is kept."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from router.maze.beside import kept_spacing
from router.maze.footprint import collect_footprints
from router.maze.obstacles import collect_obstacles
from router.read.design import read_design

# Lands of 80 µm in a row, the first two as far apart as asked, the third 220 µm from the second.
PACKAGE = """
name = "p"
pdk = "fanout_10um"
levels = 1
outline = [2000, 2000]
[[die]]
name = "d"
pad = "bump"
pin = [{ name = "1", x = 0, y = 0 }, { name = "2", x = XX, y = 0 }, { name = "3", x = YY, y = 0 },
       { name = "4", x = 0, y = 500 }, { name = "5", x = 300, y = 500 }, { name = "6", x = 600, y = 500 }]
[nets]
A = ["d.1", "d.4"]
B = ["d.2", "d.5"]
C = ["d.3", "d.6"]
[[class]]
name = "far"
nets = ["A"]
width = WIDTH
spacing = 120
"""


@pytest.mark.parametrize(
    ("gap", "width", "kept"),
    [(130, 20, 120), (100, 20, 100), (100, 90, 95), (130, 120, 110), (8, 20, 10), (30, 110, 20)],
)
def test_spacing_beside_lands(gap: int, width: int, kept: int, tmp_path: Path) -> None:
    """Wider than its land, a trace comes nearer; what the process asks for is kept in any case."""
    text = PACKAGE.replace("XX", str(80 + gap)).replace("YY", str(380 + gap)).replace("WIDTH", str(width))
    (tmp_path / "p.toml").write_text(text, encoding="utf-8")
    design = read_design(tmp_path / "p.toml")
    shapes = collect_footprints(design)
    found = np.rint(kept_spacing(design, 0, shapes, collect_obstacles(design)) / 1000).astype(int)
    (far,), (near,) = ([shapes.of_class[name][0, 0]] for name in ("far", "default"))
    assert found[:3, far].tolist() == [120, kept, 120]
    assert found[:3, near].tolist() == [min(120, max(10, gap)), 10, 10]


def test_a_level_without_lands_of_nets(tmp_path: Path) -> None:
    """What stands there is fixed traces alone, beside which there is room."""
    fixed = '[[fixed]]\nnet = "A"\nlevel = "RDL2"\nwidth = 20\npoints = [[-500, 0], [500, 0]]\n'
    text = PACKAGE.replace("levels = 1", "levels = 2").replace("XX", "300").replace("YY", "600").replace("WIDTH", "20")
    (tmp_path / "p.toml").write_text(text + fixed, encoding="utf-8")
    design = read_design(tmp_path / "p.toml")
    above = [obstacle for obstacle in collect_obstacles(design) if obstacle.level == 1]
    assert (kept_spacing(design, 1, collect_footprints(design), above) == 120_000).all()
