"""Traces tightened against real geometry: shorter, fewer bends, nothing closer than the rules."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from router.draw.centreline import Line, draw_lines, with_ways
from router.draw.cut_arrays import with_arrays
from router.draw.jogs import hide_in_lands
from router.draw.kernels.clear import SPACING
from router.draw.kernels.scene import Scene
from router.draw.kernels.spread import ROOM as SPREAD_ROOM
from router.draw.kernels.spread import spread_pass
from router.draw.kernels.taut import ROOM as TAUT_ROOM
from router.draw.kernels.taut import taut_pass
from router.draw.kernels.tighten import ROOM, tighten_pass
from router.draw.line_rules import line_rules
from router.draw.move_junctions import straighten_junctions
from router.draw.overlaps import find_overlaps, overlap_shapes
from router.draw.pull_cuts import pull_cuts
from router.draw.round_ends import with_round_ends
from router.draw.scene import Chains, Fixed, Rules, chains, fixed_metal, settle
from router.draw.spare_cuts import spare_cuts
from router.draw.stacks import landing_shapes, stack_landings
from router.draw.standing import edge_obstacles, fixed_obstacles, standing_metal, still_obstacles
from router.draw.widen import widen_level
from router.maze.obstacles import Obstacle
from router.model.design import Design
from router.model.geometry import line_length
from router.model.layout import Layout, Trace
from router.model.routing import Routing

# Junctions move, then traces are tightened again, so many times; the first brings most of it.
ROUNDS = 2
# Traces of any angle are pulled taut, and then the cuts between them, so many times.
PULLS = 4
# Spacing beyond so many times the larger of width and spacing is not worth a longer trace.
SPREAD = 4
# Traces that push each other apart come to rest slowly; the first passes do most.
SPREAD_PASSES = 30


def pull_taut(way: Chains, rules: Rules, fixed: Fixed, stop: Callable[[], bool] = lambda: False) -> Chains:
    """Lines shortened at any angle."""
    rules, fixed = with_round_ends(rules, fixed)
    rules = rules._replace(straight=rules.straight.max(axis=2))
    return settle(rules.bound(taut_pass), TAUT_ROOM, way, rules, fixed, stop=stop)


def tighten_level(design: Design, level: int, lines: list[Line], obstacles: list[Obstacle]) -> list[Line]:
    """Tighten all lines of one level, pass after pass until nothing changes.

    Nothing ends that before: where others stand in the way, a pass leaves traces too near to their own pads, and only a
    later one mends that.
    """
    if not lines:
        return []
    rules, fixed = line_rules(design, lines), standing_metal(design, obstacles)
    way = chains([line.trace.points for line in lines])
    way = settle(rules.bound(tighten_pass, design.pdk.levels[level].bend), ROOM, way, rules, fixed)
    return with_ways(lines, way.lines())


def pull_level(
    design: Design, level: int, lines: list[Line], obstacles: list[Obstacle], stop: Callable[[], bool]
) -> list[Line]:
    """Pull all lines of one level taut; none but on levels of any angle."""
    if not lines or design.pdk.levels[level].angles != "any":
        return lines
    rules, fixed = line_rules(design, lines), standing_metal(design, obstacles)
    way = pull_taut(chains([line.trace.points for line in lines]), rules, fixed, stop)
    return with_ways(lines, way.lines())


def move_apart(
    design: Design, level: int, lines: list[Line], obstacles: list[Obstacle], stop: Callable[[], bool]
) -> list[Line]:
    """Lines of one level, moved apart where their classes ask for it; none but on octilinear levels."""
    classes = [design.class_of(line.trace.net) for line in lines]
    moves = np.array([c.spread for c in classes], dtype=np.bool_)
    if not moves.any() or design.pdk.levels[level].angles != "octilinear":
        return lines
    rules, fixed = line_rules(design, lines), fixed_metal([*obstacles, *edge_obstacles(design, level)])
    wanted = [SPREAD * max(line.trace.width, c.spacings[level]) for line, c in zip(lines, classes, strict=True)]
    beyond = np.maximum(np.array(wanted, dtype=np.float64) - rules.sizes[:, SPACING], 1.0)

    def one_pass(
        scene: Scene, k: int, way: Chains, tried: NDArray[np.int64], reach: float
    ) -> tuple[int, int]:  # fmt: skip
        changed, k = spread_pass(scene, k, way, rules, moves, beyond, tried, reach)
        return changed, k

    way = chains([line.trace.points for line in lines])
    way = settle(one_pass, SPREAD_ROOM, way, rules, fixed, beyond=float(beyond.max()), most=SPREAD_PASSES, stop=stop)
    return with_ways(lines, way.lines())


def widen(design: Design, level: int, lines: list[Line], obstacles: list[Obstacle]) -> list[Trace]:
    """Lines of one level as traces, wider where their classes ask for it; none with bends of 90°, where a change of
    width at a bend would leave metal that is too narrow across its cut-off corner."""
    asked = any(design.class_of(line.trace.net).widest for line in lines)
    if not asked or design.pdk.levels[level].angles == "manhattan":
        return [line.trace for line in lines]
    rules, fixed = line_rules(design, lines), fixed_metal([*obstacles, *edge_obstacles(design, level)])
    if design.pdk.levels[level].angles == "any":
        rules, fixed = with_round_ends(rules, fixed)
    return widen_level(design, level, lines, rules, fixed)


def tighten(
    design: Design, routing: Routing, *, threads: int = 1, stop: Callable[[], bool] = lambda: False
) -> Layout:  # fmt: skip
    """Paths → layout: traces tightened level by level, with their junctions between them, vias and the metal between
    those of stacks, fixed traces.

    `stop` ends what only makes a layout better.
    """
    still = still_obstacles(design)
    lines, vias = spare_cuts(design, *draw_lines(design, routing), still)
    given = [Trace(f.net, f.level, f.width, f.points, True) for f in design.fixed]
    everywhere = range(len(design.pdk.levels))

    def tight(level: int) -> list[Line]:
        return tighten_level(design, level, of_level[level], metal[level])

    def taut(level: int) -> list[Line]:
        return pull_level(design, level, of_level[level], metal[level], stop)

    def drawn(level: int) -> tuple[list[Trace], float]:
        mine = taut(level)
        apart = move_apart(design, level, mine, metal[level], stop)
        hidden = hide_in_lands(design, level, apart, metal[level])
        return widen(design, level, hidden, metal[level]), length(apart) - length(mine)

    with ThreadPoolExecutor(threads) as pool:
        metal, of_level = fixed_obstacles(design, still, vias), by_level(design, lines)
        of_level = list(pool.map(tight, everywhere))
        for _ in range(ROUNDS):
            if stop():
                break
            lines = [line for here in of_level for line in here]
            lines, vias, moved = straighten_junctions(design, lines, vias, still)
            if not moved:
                break
            metal, of_level = fixed_obstacles(design, still, vias), by_level(design, lines)
            of_level = list(pool.map(tight, everywhere))
        for _ in range(PULLS):
            if stop():
                break
            of_level = list(pool.map(taut, everywhere))
            lines, vias, moved = pull_cuts(design, [line for here in of_level for line in here], vias, still)
            if not moved:
                break
            metal, of_level = fixed_obstacles(design, still, vias), by_level(design, lines)
        levels = list(pool.map(drawn, everywhere))
    traces = (*given, *(trace for level, _ in levels for trace in level))
    landings = stack_landings(design, vias)
    overlaps = [] if stop() else find_overlaps(design, traces, vias, metal)
    cuts = with_arrays(design, traces, vias, landings, (cut for overlap in overlaps for cut in overlap.cuts))
    return Layout(
        traces,
        cuts,
        (*landing_shapes(landings, traces), *overlap_shapes(overlaps, cuts)),
        sum(added for _, added in levels),
    )


def by_level(design: Design, lines: list[Line]) -> list[list[Line]]:
    """The lines of each level."""
    return [[line for line in lines if line.trace.level == level] for level in range(len(design.pdk.levels))]


def length(lines: list[Line]) -> float:
    """Length of all lines together, nm."""
    return sum((line_length(line.trace.points) for line in lines), 0.0)
