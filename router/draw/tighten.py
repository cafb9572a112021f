"""Traces tightened against real geometry: shorter, fewer bends, nothing closer than the rules."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from router.draw.any_angle import any_angle_reach
from router.draw.centreline import Line, draw_lines
from router.draw.kernels.clear import CORNER, NO_DISTANCE
from router.draw.kernels.scene import Scene
from router.draw.kernels.spread import ROOM as SPREAD_ROOM
from router.draw.kernels.spread import spread_pass
from router.draw.kernels.taut import ROOM as TAUT_ROOM
from router.draw.kernels.taut import taut_pass
from router.draw.kernels.tighten import ROOM, tighten_pass
from router.draw.scene import Chains, Fixed, Rules, chains, fixed_metal, settle
from router.draw.widen import widen_level
from router.maze.footprint import GRID_SLACK, trace_footprint
from router.maze.kernels.static import SEGMENT
from router.maze.obstacles import NOBODY, Obstacle, collect_obstacles, pad_obstacle
from router.model.design import Design
from router.model.geometry import Points
from router.model.layout import Layout, Trace, Via
from router.model.pdk import Level
from router.model.routing import Routing
from router.plan.flanks import closed_rings

# A step along a diagonal, per step of length.
DIAGONAL = 0.70710678
# Spacing beyond so many times the larger of width and spacing is not worth a longer trace.
SPREAD = 4
# Traces that push each other apart come to rest slowly; the first passes do most.
SPREAD_PASSES = 30


def via_obstacles(design: Design, vias: tuple[Via, ...]) -> list[Obstacle]:
    """Capture pads on both levels of every via, as they are drawn."""
    found = []
    for via in vias:
        rule = design.pdk.vias[via.index]
        for level, capture in zip((via.index, via.index + 1), rule.captures, strict=True):
            found.append(pad_obstacle(design, level, rule.shape, (via.x, via.y), (capture, capture), via.net))
    return found


def border(level: int, ring: Points) -> list[Obstacle]:
    """The edges of a ring (n, 2), which no trace may touch; no spacing is asked of them, but what slanted edges lie
    farther out than half a trace's width."""
    return [
        Obstacle(level, SEGMENT, (ax, ay, bx, by), 0, 0, GRID_SLACK, int(NO_DISTANCE), NOBODY)
        for (ax, ay), (bx, by) in pairwise([*ring.tolist(), ring[0].tolist()])
    ]


def keepout_obstacles(design: Design) -> list[Obstacle]:
    """The borders of keep-outs and of their flanks."""
    levels = range(len(design.pdk.levels))
    return [o for level in levels for ring in closed_rings(design, level) for o in border(level, ring)]


def ways_out(lines: list[Line], rules: Level) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """How far traces should leave their first and last pads before they bend (n, 2, 3), along x, y and a diagonal, in
    steps; and which pads are to be left along an axis (n, 2)."""
    widths = np.array([[line.trace.width] for line in lines], dtype=np.int64)
    halves = np.array([[pad[:2] for pad in line.pads] for line in lines], dtype=np.int64)
    cornered = np.array([[pad.cornered for pad in line.pads] for line in lines], dtype=np.bool_)
    # A bend this far out leaves the rule's spacing between the pad and the inner side of the trace beyond the bend.
    free_run = (rules.min_spacing + rules.bend * widths // 4)[:, :, None]
    larger = halves.max(axis=2, keepdims=True)
    slanted = np.where(cornered[:, :, None], larger + free_run * DIAGONAL, (larger + free_run) * DIAGONAL)
    straight = np.concatenate([halves + free_run, np.ceil(slanted).astype(np.int64)], axis=2)
    off_corner = np.abs(halves[:, :, 0] - halves[:, :, 1]) * DIAGONAL
    # A trace that covers the corner by which it leaves makes obtuse angles with both sides; elsewhere, acute ones.
    return np.where(larger > widths[:, :, None] * CORNER / 2, straight, 0), cornered & (off_corner >= widths / 2)


def line_rules(design: Design, level: int, lines: list[Line]) -> Rules:
    rules = design.pdk.levels[level]
    classes = [design.classes[design.nets[line.trace.net].net_class] for line in lines]
    shapes = [
        trace_footprint(rules, line.trace.width, c.spacings[level]) for line, c in zip(lines, classes, strict=True)
    ]
    straight, flat_sided = ways_out(lines, rules)
    return Rules(
        sizes=np.array([(s.half, 0, 2 * GRID_SLACK, s.spacing) for s in shapes], dtype=np.float64),
        nets=np.array([line.trace.net for line in lines], dtype=np.int64),
        held=np.array([line.held for line in lines], dtype=np.bool_),
        straight=straight,
        flat_sided=flat_sided,
    )


def fixed_obstacles(design: Design, vias: tuple[Via, ...]) -> list[list[Obstacle]]:
    """What stands still on each level: lands, fixed traces, capture pads, edges of keep-outs."""
    metal: list[list[Obstacle]] = [[] for _ in design.pdk.levels]
    for obstacle in [*collect_obstacles(design), *via_obstacles(design, vias), *keepout_obstacles(design)]:
        metal[obstacle.level].append(obstacle)
    return metal


def with_round_ends(rules: Rules, fixed: Fixed) -> tuple[Rules, Fixed]:
    """The same metal where traces are drawn with round ends, octagons of other metal as circles."""
    sizes, standing = rules.sizes.copy(), fixed.sizes.copy()
    sizes[:, 1] = [any_angle_reach(2 * int(half)) for half in sizes[:, 0]]
    standing[:, 1] += standing[:, 0] * CORNER
    sizes[:, 0] = standing[:, 0] = 0
    return replace(rules, sizes=sizes), replace(fixed, sizes=standing)


def pull_taut(way: Chains, rules: Rules, fixed: Fixed, stop: Callable[[], bool] = lambda: False) -> Chains:
    """Lines shortened at any angle."""
    rules, fixed = with_round_ends(rules, fixed)
    rules = replace(rules, straight=rules.straight.max(axis=2))
    return settle(rules.bound(taut_pass), TAUT_ROOM, way, rules, fixed, stop=stop)


def tighten_level(
    design: Design, level: int, lines: list[Line], obstacles: list[Obstacle], stop: Callable[[], bool]
) -> list[Line]:
    """Tighten all lines of one level, pass after pass until nothing changes.

    `stop` ends no more than pulling taut: where others stand in the way, a pass leaves traces too near to their own
    pads, and only a later one mends that.
    """
    if not lines:
        return []
    rules, fixed = line_rules(design, level, lines), fixed_metal(obstacles)
    any_angle = design.pdk.levels[level].angles == "any"
    if any_angle:
        # What is drawn with round ends has corners that the grid moves outwards.
        fixed.sizes[:, 2] += GRID_SLACK
    way = chains([line.trace.points for line in lines])
    way = settle(rules.bound(tighten_pass, design.pdk.levels[level].bend), ROOM, way, rules, fixed)
    if any_angle:
        way = pull_taut(way, rules, fixed, stop)
    return [
        replace(line, trace=replace(line.trace, points=points)) for line, points in zip(lines, way.lines(), strict=True)
    ]


def edge_obstacles(design: Design, level: int) -> list[Obstacle]:
    """The package edge as no trace may touch it, for what moves traces outwards or makes them wider."""
    return border(level, design.outline.grown(-design.pdk.levels[level].edge_keepout).ring())


def move_apart(
    design: Design, level: int, lines: list[Line], obstacles: list[Obstacle], stop: Callable[[], bool]
) -> list[Line]:
    """Lines of one level, moved apart where their classes ask for it; none but on octilinear levels."""
    classes = [design.classes[design.nets[line.trace.net].net_class] for line in lines]
    moves = np.array([c.spread for c in classes], dtype=np.bool_)
    if not moves.any() or design.pdk.levels[level].angles != "octilinear":
        return lines
    rules, fixed = line_rules(design, level, lines), fixed_metal([*obstacles, *edge_obstacles(design, level)])
    wanted = [SPREAD * max(line.trace.width, c.spacings[level]) for line, c in zip(lines, classes, strict=True)]
    beyond = np.maximum(np.array(wanted, dtype=np.float64) - rules.sizes[:, 3], 1.0)

    def one_pass(
        scene: Scene, k: int, way: Chains, tried: NDArray[np.int64], reach: float
    ) -> tuple[int, int]:  # fmt: skip
        changed, k = spread_pass(
            scene, k, way.points, way.start, way.count, rules.sizes, rules.nets, moves, rules.straight, beyond, tried,
            reach,
        )  # fmt: skip
        return changed, k

    way = chains([line.trace.points for line in lines])
    way = settle(one_pass, SPREAD_ROOM, way, rules, fixed, beyond=float(beyond.max()), most=SPREAD_PASSES, stop=stop)
    return [
        replace(line, trace=replace(line.trace, points=points)) for line, points in zip(lines, way.lines(), strict=True)
    ]


def widen(design: Design, level: int, lines: list[Line], obstacles: list[Obstacle]) -> list[Trace]:
    """Lines of one level as traces, wider where their classes ask for it; none with bends of 90°, where a change of
    width at a bend would leave metal that is too narrow across its cut-off corner."""
    asked = any(design.classes[design.nets[line.trace.net].net_class].widest for line in lines)
    if not asked or design.pdk.levels[level].angles == "manhattan":
        return [line.trace for line in lines]
    rules, fixed = line_rules(design, level, lines), fixed_metal([*obstacles, *edge_obstacles(design, level)])
    if design.pdk.levels[level].angles == "any":
        rules, fixed = with_round_ends(rules, fixed)
    return widen_level(design, level, lines, rules, fixed)


def tighten(
    design: Design, routing: Routing, *, threads: int = 1, stop: Callable[[], bool] = lambda: False
) -> Layout:  # fmt: skip
    """Paths → layout: traces tightened level by level, vias, fixed traces."""
    lines, vias = draw_lines(design, routing)
    metal = fixed_obstacles(design, vias)

    def drawn(level: int) -> tuple[list[Trace], float]:
        mine = [line for line in lines if line.trace.level == level]
        tight = tighten_level(design, level, mine, metal[level], stop)
        apart = move_apart(design, level, tight, metal[level], stop)
        return widen(design, level, apart, metal[level]), length(apart) - length(tight)

    given = [Trace(f.net, f.level, f.width, f.points, True) for f in design.fixed]
    with ThreadPoolExecutor(threads) as pool:
        levels = list(pool.map(drawn, range(len(design.pdk.levels))))
    traces = (*given, *(trace for level, _ in levels for trace in level))
    return Layout(traces, vias, spread_length=sum(added for _, added in levels))


def length(lines: list[Line]) -> float:
    return float(sum(np.hypot(*np.diff(line.trace.points, axis=0).T).sum() for line in lines))
