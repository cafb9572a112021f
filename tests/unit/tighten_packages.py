"""Packages of a few pads, and ways to be tightened."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from router.model.design import Design
from router.model.routing import Path as Way
from router.model.routing import Routing
from router.read.design import read_design

HEAD = 'name = "p"\npdk = "fanout_10um"\nlevels = 2\noutline = [1400, 1400]\n'


def with_angles(design: Design, *angles: str) -> Design:
    """The same package in a process with these angles on its levels."""
    levels = tuple(replace(level, angles=a) for level, a in zip(design.pdk.levels, angles, strict=True))
    return replace(design, pdk=replace(design.pdk, levels=levels))


def package(folder: Path, text: str) -> Design:
    (folder / "p.toml").write_text(HEAD + text, encoding="utf-8")
    return read_design(folder / "p.toml")


PAIR = """
[[die]]
name = "die"
size = [1200, 1200]
pad = "bump"
pin = [{ name = "1", x = -400, y = 0 }, { name = "2", x = 400, y = 0 }, { name = "3", x = 0, y = POST }]
[nets]
A = ["die.1", "die.2"]
"""


def way(*xy: tuple[int, int], level: int = 0) -> Routing:
    """A route of net 0 along these corners, in µm."""
    points = np.array(xy, dtype=np.int64) * 1000
    return Routing((Way(0, points, np.full(len(points), level)),), (), (), 0, False, 0)
