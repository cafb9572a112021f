"""A package of two dies, and what is foreseen of it."""

from __future__ import annotations

from pathlib import Path

from router.read.design import read_design
from router.read.foreseen import foreseen

PACKAGE = """
name = "near"
pdk = "fanout_10um"
levels = 2
outline = [2000, 2000]
[[die]]
name = "d"
pad = "bump"
array = { nx = 2, ny = 1, pitch = 200 }
[[balls]]
name = "g"
at = [0, 300]
pad = "ball"
array = { nx = 3, ny = 1, pitch = 400 }
[nets]
A = ["d.A1", "g.A1"]
B = ["d.A2", "g.A2"]
"""


def warnings(folder: Path, old: str = "", new: str = "", more: str = "") -> tuple[str, ...]:
    (folder / "near.toml").write_text(PACKAGE.replace(old, new) + more, encoding="utf-8")
    return foreseen(read_design(folder / "near.toml"))


def fixed(*points: tuple[float, float], net: str = "A", level: str = "RDL1") -> str:
    places = [list(point) for point in points]
    return f'[[fixed]]\nnet = "{net}"\nlevel = "{level}"\nwidth = 20\npoints = {places}\n'


WAFER_LEVEL = """
pdk = "wlcsp_500"
outline = [1600, 1600]
[[die]]
name = "d"
pad = "pad"
pin = [{ name = "1", x = PAD, y = 0 }]
[[balls]]
name = "b"
pad = "ball"
pin = [{ name = "1", x = 0, y = BALL }]
[nets]
A = ["d.1", "b.1"]
"""
