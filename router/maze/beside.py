"""Spacing beside lands that lie nearer to each other than a net class asks.

A class may ask for more spacing than its lands have room for: 120 µm in an array whose lands are 100 µm apart. Were it
held there, no trace of its nets could leave its land, nor one of its neighbours theirs. So beside such lands the gap
that they leave is kept instead, and what the process asks for in any case. And what lies on a land asks for no more
than the land: else of two traces that leave such lands, the one would keep the other out of its land.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from router.maze.footprint import CORNER, SHAPES, Footprint, Footprints
from router.maze.kernels import static
from router.model.design import Design, Terminal
from router.model.geometry import GRID_SLACK
from router.model.outlines import core
from router.model.pdk import ANY_LENGTH, Level, PadShape, ShapeKind

if TYPE_CHECKING:
    from router.maze.obstacles import Obstacle


def kept_spacing(
    design: Design, level: int, footprints: Footprints, obstacles: Sequence[Obstacle]
) -> NDArray[np.int64]:
    """What each footprint (k,) of a level keeps from each obstacle (n,) there, (n, k) nm."""
    shapes, rules = footprints.of_level[level], design.pdk.levels[level]
    spacing = asked_spacing(shapes, obstacles)
    if spacing.max() <= rules.min_spacing:
        return spacing
    moving = np.array([rules.least_spacing(2 * c.half, ANY_LENGTH) for c in shapes])
    standing = least_spacings(rules, obstacles)
    least = np.maximum(standing[:, None], moving)
    room = np.maximum(least, _room(design, level, footprints, obstacles, int(spacing.max())))
    return spacing.clip(max=room)


def least_spacings(rules: Level, obstacles: Sequence[Obstacle]) -> NDArray[np.int64]:
    """What the process asks for round each obstacle (n,) of a level in any case, nm."""
    sides = [o.sides for o in obstacles]
    least = {of: rules.least_spacing(*of) for of in set(sides)}
    return np.array([least[of] for of in sides], dtype=np.int64)


def asked_spacing(shapes: Sequence[Footprint], obstacles: Sequence[Obstacle]) -> NDArray[np.int64]:
    """What each footprint (k,) and obstacle (n,) of a level ask of each other, (n, k) nm."""
    asked = np.array([o.spacing for o in obstacles], dtype=np.int64)[:, None]
    return np.maximum(asked, np.array([c.spacing for c in shapes], dtype=np.int64))


def _room(
    design: Design, level: int, footprints: Footprints, obstacles: Sequence[Obstacle], most: int
) -> NDArray[np.int64]:
    """The gap that each obstacle leaves to the nearest land of another net, for each footprint with which that net
    leaves its land; `most` where there is none so near. (n, k) nm."""
    shapes, owner = footprints.of_level[level], design.net_of_terminal()
    room = np.full((len(obstacles), len(shapes)), most, dtype=np.int64)
    lands = [t for t in np.flatnonzero(design.lands.levels == level).tolist() if owner[t] >= 0]
    widest = max((shape.half for shape in shapes if not shape.round), default=0)
    narrowest = int(design.lands.sizes[lands].min(initial=2 * widest)) // 2
    for t, k, gap in _near(design, lands, obstacles, most + max(0, math.ceil(widest * CORNER) - narrowest)):
        classes = footprints.of_class.get(design.nets[owner[t]].net_class)
        if classes is None or obstacles[k].net == owner[t]:
            continue
        half = int(design.lands.sizes[t].min()) // 2
        for c in (c for c in classes[level, SHAPES].tolist() if c >= 0):
            # A trace that is wider than the land it leaves stands out on both sides of it.
            wider = not shapes[c].round and shapes[c].half > half
            left = _gap_of_end(design.terminals[t], 2 * shapes[c].half, obstacles[k]) if wider else gap
            room[k, c] = min(room[k, c], left)
    return room


def _gap_of_end(terminal: Terminal, width: int, obstacle: Obstacle) -> int:
    """The gap between the end of a trace in the centre of a terminal and an obstacle, as they are drawn, nm."""
    end, _ = core(terminal, PadShape("", ShapeKind.OCTAGON, width, width))
    beyond = obstacle.flat * CORNER + obstacle.rounding + obstacle.slack + 2 * GRID_SLACK
    return math.floor(float(shapely.distance(end, _figures([obstacle])[0])) - beyond)


def _near(
    design: Design, lands: Sequence[int], obstacles: Sequence[Obstacle], most: int
) -> Iterator[tuple[int, int, int]]:
    """Lands and obstacles less than `most` apart: terminal, number of the obstacle, and the gap between them, nm."""
    cores = [core(design.terminals[t], design.pdk.pads[design.terminals[t].pad].land) for t in lands]
    # Of no lands, too, the array is one of shapes.
    inner = np.array([_point_or(figure) for figure, _ in cores], dtype=object)
    outer = _figures(obstacles)
    out, beyond = np.array([out for _, out in cores]), np.array([o.flat * CORNER + o.rounding for o in obstacles])
    reach = most + beyond.max(initial=0.0) + out
    one, other = shapely.STRtree(outer).query(inner, predicate="dwithin", distance=reach)
    gaps = np.floor(shapely.distance(inner[one], outer[other]) - out[one] - beyond[other]).astype(np.int64)
    for at in np.flatnonzero(gaps < most).tolist():
        yield lands[one[at]], int(other[at]), int(gaps[at])


def _figures(obstacles: Sequence[Obstacle]) -> NDArray[np.object_]:
    """The cores of obstacles (n,): those of boxes without width as lines, of those without length as points, which
    trees of shapely find."""
    ends = np.array([o.core for o in obstacles], dtype=np.float64).reshape(-1, 2, 2)
    thin, short = (ends[:, 0] == ends[:, 1]).any(axis=1), (ends[:, 0] == ends[:, 1]).all(axis=1)
    lines = (thin | [o.kind == static.SEGMENT for o in obstacles]) & ~short
    figures: NDArray[np.object_] = shapely.box(*ends.reshape(-1, 4).T)
    figures[lines], figures[short] = shapely.linestrings(ends[lines]), shapely.points(ends[short, 0])
    return figures


def _point_or(core: BaseGeometry) -> BaseGeometry:
    """A core, as a point where it is a line without length: trees of shapely do not find those."""
    return core if core.length else shapely.Point(core.coords[0])
