"""Jogs of traces beside their lands, moved into these."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from router.draw.centreline import Line, with_ways
from router.draw.junctions import hidden_in_lands
from router.draw.kernels.jogs import hide_jogs
from router.draw.kernels.scene import Scene
from router.draw.line_rules import line_rules
from router.draw.scene import Chains, chains, settle
from router.draw.standing import standing_metal
from router.maze.obstacles import Obstacle
from router.model.design import Design


def hide_in_lands(design: Design, level: int, lines: list[Line], obstacles: list[Obstacle]) -> list[Line]:
    """The lines of one level, with jogs no longer than their lands hide taken there.

    Tightening keeps lands free of bends, so a trace that runs a little off the centre of its land jogs right beside it.
    """
    if not lines or design.pdk.levels[level].angles == "any":
        return lines
    rules, fixed = line_rules(design, lines), standing_metal(design, obstacles)
    hidden = hidden_in_lands(design, [_as_wide_as_may_be(design, line) for line in lines])
    cornered = np.array([[pad.cornered for pad in line.pads] for line in lines], dtype=np.bool_)

    def one_pass(
        scene: Scene, k: int, way: Chains, _tried: NDArray[np.int64], reach: float
    ) -> tuple[int, int]:  # fmt: skip
        changed, k = hide_jogs(scene, k, way, rules, hidden, cornered, reach)
        return changed, k

    way = settle(one_pass, 0, chains([line.trace.points for line in lines]), rules, fixed)
    return with_ways(lines, way.lines())


def _as_wide_as_may_be(design: Design, line: Line) -> Line:
    """The line with the width up to which it may be widened later on: its land has to hide all of that."""
    widest = design.class_of(line.trace.net).widest
    return replace(line, trace=replace(line.trace, width=widest[line.trace.level])) if widest else line
