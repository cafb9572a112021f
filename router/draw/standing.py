"""What traces keep from when they are tightened: lands, fixed traces, capture pads, keep-outs, the package edge."""

from __future__ import annotations

from functools import cache

import numpy as np

from router.draw.kernels.clear import NO_DISTANCE, SLACK
from router.draw.scene import Fixed, fixed_metal
from router.draw.stacks import stack_landings
from router.maze.obstacles import Obstacle, border, collect_obstacles, pad_obstacle
from router.model.design import Design
from router.model.geometry import GRID_SLACK
from router.model.layout import Via
from router.model.pdk import ShapeKind
from router.plan.flanks import closed_rings

# No trace may touch a border; no spacing is asked, but what slanted edges lie farther out than half a trace's width.
UNTOUCHED = int(NO_DISTANCE)


def via_obstacles(design: Design, vias: tuple[Via, ...]) -> list[Obstacle]:
    """Capture pads on both levels of every via, as they are drawn, or the metal between the cuts of stacks. Those that
    are alike are looked at once."""

    @cache
    def pads(index: int, net_class: str) -> list[Obstacle]:
        rule = design.pdk.vias[index]
        sizes = zip((index, index + 1), rule.captures, strict=True)
        return [pad_obstacle(design, level, rule.shape, (size, size), net_class) for level, size in sizes]

    @cache
    def landing(level: int, width: int, net_class: str) -> Obstacle:
        return pad_obstacle(design, level, ShapeKind.OCTAGON, (width, width), net_class)

    of, landings = [net.net_class for net in design.nets], stack_landings(design, vias)
    found = []
    for via in vias:
        for pad in pads(via.index, of[via.net]):
            width = landings.get((via.net, pad.level, via.x, via.y))
            drawn = pad if width is None else landing(pad.level, width, of[via.net])
            found.append(drawn.at(via.x, via.y, via.net))
    return found


def keepout_obstacles(design: Design) -> list[Obstacle]:
    """The borders of keep-outs and of their flanks."""
    levels = range(len(design.pdk.levels))
    return [o for level in levels for ring in closed_rings(design, level) for o in border(level, ring, UNTOUCHED)]


def still_obstacles(design: Design) -> list[Obstacle]:
    """Lands, fixed traces, edges of keep-outs."""
    return [*collect_obstacles(design), *keepout_obstacles(design)]


def fixed_obstacles(design: Design, still: list[Obstacle], vias: tuple[Via, ...]) -> list[list[Obstacle]]:
    """What traces keep from on each level: what stands still, and capture pads."""
    metal: list[list[Obstacle]] = [[] for _ in design.pdk.levels]
    for obstacle in [*still, *via_obstacles(design, vias)]:
        metal[obstacle.level].append(obstacle)
    return metal


def standing_metal(design: Design, obstacles: list[Obstacle]) -> Fixed:
    """Metal as kernels read it; what is drawn with round ends has corners that the grid moves outwards."""
    fixed = fixed_metal(obstacles)
    round_ends = [design.pdk.levels[o.level].angles == "any" for o in obstacles]
    fixed.sizes[:, SLACK] += GRID_SLACK * np.array(round_ends, dtype=np.int64)
    return fixed


def edge_obstacles(design: Design, level: int) -> list[Obstacle]:
    """The package edge as no trace may touch it, for what moves traces outwards or makes them wider."""
    return border(level, design.outline.grown(-design.pdk.levels[level].edge_keepout).ring(), UNTOUCHED)
