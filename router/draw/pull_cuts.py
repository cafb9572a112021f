"""Cuts between levels of any angle, moved to where the two traces that each joins run as one string would."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from router.draw.centreline import Line
from router.draw.junctions import Meetings, find_meetings
from router.draw.kernels.pull_cuts import pull_cuts as one_pass
from router.draw.move_junctions import (
    Straightened,
    at_their_places,
    junction_arrays,
    settle_junctions,
    side_by_side,
)
from router.draw.round_ends import as_circles, as_drawn
from router.draw.scene import moving
from router.draw.standing import via_obstacles
from router.maze.obstacles import Obstacle
from router.model.design import Design
from router.model.layout import Via


def pull_cuts(design: Design, lines: list[Line], vias: tuple[Via, ...], still: list[Obstacle]) -> Straightened:
    """Lines and vias, among what stands `still`, after each cut between two lines of any angle has moved towards the
    straight way between the corners, or pads, on its two sides."""
    if all(level.angles != "any" for level in design.pdk.levels):
        return Straightened(lines, vias, 0)
    found = find_meetings(design, lines, vias)
    free = between_two(design, found)
    if not free.any():
        return Straightened(lines, vias, 0)
    pads = via_obstacles(design, vias)
    junctions = junction_arrays(design, found, vias, pads)
    junctions = junctions._replace(moves=junctions.moves & free)
    traces, fixed = side_by_side(design, found.lines, pads, still)
    n = len(found.lines)
    drawn = as_drawn(traces.sizes[:n])
    traces = traces._replace(
        sizes=np.concatenate([drawn, as_circles(traces.sizes[n:])]), moving=moving(drawn, traces.nets[:n])
    )
    ways, moved = settle_junctions(one_pass, traces, fixed._replace(sizes=as_circles(fixed.sizes)), junctions)
    return Straightened(*at_their_places(design, found, vias, junctions, ways), moved)


def between_two(design: Design, found: Meetings) -> NDArray[np.bool_]:
    """Which junctions (m,) have cuts between levels of any angle, and two traces with a length."""
    any_angle = [level.angles == "any" for level in design.pdk.levels]

    def is_one(row: int) -> bool:
        met = [found.lines[k].trace for k, _ in found.ends[row]]
        long = len(met) == 2 and all(len(trace.points) > 1 for trace in met)
        return found.has_cut(row) and long and all(any_angle[level] for level in found.levels[row])

    return np.array([is_one(row) for row in range(len(found.nets))], dtype=np.bool_)
