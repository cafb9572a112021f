"""Traces tightened against an R-tree of real geometry: shorter, fewer bends, nothing closer than the rules."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from rtree.index import Index

from router.draw.centreline import Line, draw_lines
from router.draw.kernels import tighten as kernel
from router.draw.kernels.clear import CORNER, NO_DISTANCE
from router.draw.kernels.straighten import SPAN
from router.maze.footprint import trace_footprint, via_footprint
from router.maze.kernels.static import BOX, SEGMENT
from router.maze.obstacles import NOBODY, Obstacle, collect_obstacles
from router.model.design import Design
from router.model.layout import Layout, Trace, Via
from router.model.routing import Routing

PASSES = 4
# Points by which a trace may grow in one pass: a jog moved out of each pad.
ROOM = 8
Boxes = NDArray[np.float64]


def via_obstacles(design: Design, vias: tuple[Via, ...]) -> list[Obstacle]:
    """Capture pads on both levels of every via."""
    found = []
    for via in vias:
        net_class = design.classes[design.nets[via.net].net_class]
        for level in (via.index, via.index + 1):
            shape = via_footprint(
                design.pdk, design.pdk.levels[level], design.pdk.vias[via.index], net_class.widths[level],
                net_class.spacings[level],
            )  # fmt: skip
            core = (via.x, via.y, via.x, via.y)
            found.append(Obstacle(level, BOX, core, 0, shape.half, shape.slack, shape.spacing, via.net))
    return found


def keepout_obstacles(design: Design) -> list[Obstacle]:
    """The edges of keep-outs, which no trace may touch; no spacing is asked of them."""
    found = []
    for keepout in design.keepouts:
        ring = keepout.ring.tolist()
        for level in keepout.levels:
            for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True):
                found.append(
                    Obstacle(level, SEGMENT, (ax, ay, bx, by), 0, 0, 0, int(NO_DISTANCE), NOBODY)
                )  # fmt: skip
    return found


def span_boxes(points: NDArray[np.int64], reach: float) -> Boxes:
    """Boxes (n, 4) round each stretch of SPAN corners, grown by `reach`: a change of this pass stays in one of them."""
    last = max(1, len(points) - SPAN)
    stretches = [points[i : i + SPAN + 1] for i in range(last)]
    return np.array(
        [[*(s.min(axis=0) - reach), *(s.max(axis=0) + reach)] for s in stretches], dtype=np.float64
    )  # fmt: skip


def pairs(
    tree: Index, boxes: Boxes, owner: NDArray[np.int64], count: int, of_item: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For each of `count` traces the items whose boxes its own boxes meet, as (items, offsets (count + 1,))."""
    ids, hits = tree.intersection_v(  # type: ignore[no-untyped-call]
        np.ascontiguousarray(boxes[:, :2]), np.ascontiguousarray(boxes[:, 2:])
    )
    pair = np.unique(np.stack([np.repeat(owner, hits.astype(np.int64)), of_item[ids]], axis=1), axis=0)
    pair = pair[pair[:, 0] != pair[:, 1]] if of_item is owner else pair
    return np.ascontiguousarray(pair[:, 1]), np.searchsorted(pair[:, 0], np.arange(count + 1)).astype(np.int64)


def bulk_tree(boxes: Boxes) -> Index:
    """An R-tree over boxes (n, 4), numbered as they come."""
    if len(boxes) == 0:
        return Index()
    return Index((np.arange(len(boxes)), np.ascontiguousarray(boxes[:, :2]), np.ascontiguousarray(boxes[:, 2:])))


@dataclass(frozen=True, slots=True)
class Rules:
    """What each line of a level asks for, as the kernel reads it: arrays over lines."""

    halves: NDArray[np.float64]
    spacings: NDArray[np.float64]
    nets: NDArray[np.int64]
    held: NDArray[np.bool_]
    straight: NDArray[np.int64]
    flat_sided: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Fixed:
    """Metal of a level that does not move, as the kernel reads it, and an R-tree over it."""

    cores: NDArray[np.float64]
    kinds: NDArray[np.int64]
    sizes: NDArray[np.float64]
    nets: NDArray[np.int64]
    tree: Index


def line_rules(design: Design, level: int, lines: list[Line]) -> Rules:
    rules = design.pdk.levels[level]
    classes = [design.classes[design.nets[line.trace.net].net_class] for line in lines]
    shapes = [
        trace_footprint(rules, line.trace.width, c.spacings[level]) for line, c in zip(lines, classes, strict=True)
    ]
    pads = np.array([line.pads for line in lines], dtype=np.int64)
    widths = np.array([[line.trace.width] for line in lines], dtype=np.int64)
    # A bend this far out leaves the rule's spacing between the pad and the inner side of the trace beyond the bend.
    free_run = np.abs(pads) + rules.min_spacing + widths // 4
    return Rules(
        halves=np.array([s.half for s in shapes], dtype=np.float64),
        spacings=np.array([s.spacing for s in shapes], dtype=np.float64),
        nets=np.array([line.trace.net for line in lines], dtype=np.int64),
        held=np.array([line.held for line in lines], dtype=np.bool_),
        straight=np.where(np.abs(pads) > widths * CORNER / 2, free_run, 0),
        flat_sided=pads < 0,
    )


def fixed_metal(obstacles: list[Obstacle]) -> Fixed:
    cores = np.array([o.core for o in obstacles], dtype=np.float64).reshape(-1, 4)
    sizes = np.array([(o.flat, o.rounding, o.slack, o.spacing) for o in obstacles], dtype=np.float64).reshape(-1, 4)
    grown = sizes[:, :1] * CORNER + sizes[:, 1:2] + np.maximum(sizes[:, 3:], 0) + sizes[:, 2:3]
    low, high = np.minimum(cores[:, :2], cores[:, 2:]) - grown, np.maximum(cores[:, :2], cores[:, 2:]) + grown
    return Fixed(
        cores=cores,
        kinds=np.array([o.kind for o in obstacles], dtype=np.int64),
        sizes=sizes,
        nets=np.array([o.net for o in obstacles], dtype=np.int64),
        tree=bulk_tree(np.concatenate([low, high], axis=1)),
    )


def tighten_once(lines: list[Line], rules: Rules, fixed: Fixed) -> tuple[list[Line], int]:
    """One pass over all lines of a level; returns them, and how many changed."""
    reach = float(rules.halves.max() * CORNER + rules.spacings.max() + 8)
    boxes = [span_boxes(line.trace.points, reach) for line in lines]
    owner = np.repeat(np.arange(len(lines)), [len(b) for b in boxes])
    flat_boxes = np.concatenate(boxes)
    near, near_at = pairs(bulk_tree(flat_boxes), flat_boxes, owner, len(lines), owner)
    fixed_near, fixed_at = pairs(fixed.tree, flat_boxes, owner, len(lines), np.arange(len(fixed.nets)))
    count = np.array([len(line.trace.points) for line in lines], dtype=np.int64)
    start = np.cumsum(count + ROOM) - count - ROOM
    points = np.zeros((int((count + ROOM).sum()), 2), dtype=np.int64)
    order = np.arange(len(points)) - np.repeat(start, count + ROOM)
    for line, s in zip(lines, start, strict=True):
        points[s : s + len(line.trace.points)] = line.trace.points
    changed = kernel.tighten_level(
        points, order.copy(), order.copy(), start, count, rules.halves, rules.spacings, rules.nets, rules.held,
        rules.straight, rules.flat_sided, near, near_at, fixed_near, fixed_at, fixed.cores, fixed.kinds, fixed.sizes,
        fixed.nets, 2 * reach,
    )  # fmt: skip
    moved = [
        Line(replace(line.trace, points=points[s : s + n].copy()), line.held, line.pads)
        for line, s, n in zip(lines, start, count, strict=True)
    ]
    return moved, int(changed)


def tighten_level(
    design: Design, level: int, lines: list[Line], obstacles: list[Obstacle], stop: Callable[[], bool]
) -> list[Line]:
    """Tighten all lines of one level, pass after pass until nothing changes."""
    rules, fixed = line_rules(design, level, lines), fixed_metal(obstacles)
    for _ in range(PASSES):
        lines, changed = tighten_once(lines, rules, fixed)
        if not changed or stop():
            break
    return lines


def tighten(
    design: Design, routing: Routing, *, threads: int = 1, stop: Callable[[], bool] = lambda: False
) -> Layout:  # fmt: skip
    """Paths → layout: traces tightened level by level, vias, fixed traces."""
    lines, vias = draw_lines(design, routing)
    fixed = [*collect_obstacles(design), *via_obstacles(design, vias), *keepout_obstacles(design)]

    def tight(level: int) -> list[Line]:
        mine = [line for line in lines if line.trace.level == level]
        return tighten_level(design, level, mine, [o for o in fixed if o.level == level], stop) if mine else []

    given = [Trace(f.net, f.level, f.width, f.points, True) for f in design.fixed]
    with ThreadPoolExecutor(threads) as pool:
        levels = list(pool.map(tight, range(len(design.pdk.levels))))
    return Layout((*given, *(line.trace for level in levels for line in level)), vias)
