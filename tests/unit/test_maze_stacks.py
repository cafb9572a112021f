"""Columns of cuts, which stand where the way to them begins."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from router.maze.route import route_design
from router.read.design import read_design

OVER_THE_BALL = """
pdk = "fanout_10um"
levels = 4
outline = [800, 800]
[[die]]
name = "d"
pad = "bump"
pad_size = 50
pin = [{ name = "1", x = X, y = Y }]
[[balls]]
name = "b"
pad = "ball"
pin = [{ name = "1", x = X, y = Y }]
[nets]
A = ["d.1", "b.1"]
[lattice]
RDL1 = 10
RDL2 = 10
RDL3 = 10
RDL4 = 10
"""


@pytest.mark.parametrize("x", [0, 10])
@pytest.mark.parametrize("y", [0, 10])
def test_a_bump_over_its_ball_is_joined_by_a_column(tmp_path: Path, x: int, y: int) -> None:
    """On columns and rows of the lattice that have cuts elsewhere, and on those that have none."""
    file = tmp_path / "p.toml"
    file.write_text(OVER_THE_BALL.replace("X", str(x)).replace("Y", str(y)), encoding="utf-8")
    routing = route_design(read_design(file))
    assert not routing.unrouted
    (path,) = routing.paths
    assert sorted(set(path.levels)) == [0, 1, 2, 3]
    assert np.ptp(path.points, axis=0).max() <= 10_000
