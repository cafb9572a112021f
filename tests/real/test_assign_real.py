"""Real tables of bumps and balls with every ball left open: as good as the table that came with them, or better."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely

from router.model.design import Design, OpenBalls
from router.plan.assign import assign_balls
from router.plan.capacity import plan_capacity
from router.read.design import read_design

DESIGNS = Path(__file__).parent / "designs"
CASES = Path(__file__).parents[3] / "shared" / "cases"

pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="no tables of real designs beside the checkout")


def opened(design: Design) -> Design:
    """The package without the balls of its nets, which may have any of them."""
    balls = tuple(net.ends[1].terminals[0] for net in design.nets)
    nets = tuple(replace(net, ends=net.ends[:1]) for net in design.nets)
    return replace(design, nets=nets, open=(OpenBalls("all", tuple(range(len(nets))), balls),))


def measured(design: Design) -> tuple[float, int, float]:
    """Length of the straight ways, µm; how many of them cross; and the fullest cut."""
    ends = [[design.terminals[end.terminals[0]] for end in net.ends] for net in design.nets]
    lines = shapely.linestrings(np.array([[(t.x, t.y) for t in pair] for pair in ends]))
    first, second = shapely.STRtree(lines).query(lines, predicate="crosses")
    fullest = plan_capacity(design).fullest
    assert fullest is not None
    return float(shapely.length(lines).sum()) / 1000, int(np.count_nonzero(first < second)), fullest.utilisation


@pytest.mark.parametrize("name", ["fan256_1", "fan1024_2"])
def test_no_longer_no_fuller_and_without_crossings(name: str) -> None:
    design = read_design(DESIGNS / f"{name}.toml")
    length, crossings, full = measured(design)
    found = measured(assign_balls(opened(design)))
    assert found[0] <= length * 1.0001
    assert found[1] == 0 <= crossings
    assert found[2] <= full + 0.001


def test_two_thousand_nearly_as_short_as_can_be() -> None:
    """The table of fan2000 is the shortest assignment there is."""
    design = read_design(DESIGNS / "fan2000_3.toml")
    length, _, full = measured(design)
    found = measured(assign_balls(opened(design)))
    assert found[0] <= length * 1.001
    assert found[2] <= full + 0.01
