"""Junctions moved after routing.

The search sets cuts, and branches of trees, on nodes of its lattice: some micrometres off the middle of a land, or off
the line of a trace on another level, and each such offset takes a jog. Here any place will do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from router.draw.centreline import Line, with_ways
from router.draw.junction_room import first_rows, near_junctions, near_lands, pad_sizes, ragged
from router.draw.junctions import (
    Meetings,
    corner_prices,
    find_meetings,
    hidden_in_lands,
    level_prices,
    movable,
    with_lands,
)
from router.draw.kernels.clear import CORNER, FLAT, OWN_SPACING, ROUNDING, SPACING
from router.draw.kernels.heads import Traces
from router.draw.kernels.junctions import Junctions
from router.draw.kernels.move_junctions import ROOM, move_junctions
from router.draw.kernels.scene import NEAR, Scene
from router.draw.line_rules import line_rules
from router.draw.scene import Chains, Fixed, chains, make_scene, moving
from router.draw.standing import edge_obstacles, standing_metal, via_obstacles
from router.maze.obstacles import Obstacle
from router.model.design import Design
from router.model.geometry import Points
from router.model.layout import Via

# How far junctions move along either axis, in widths of the widest of their traces and capture pads.
FARTHEST = 4


OnePass = Callable[[Scene, Traces, Junctions, int, float], tuple[int, int]]
"""(grid, traces, junctions, first junction, largest spacing) → (junctions moved, junction to go on with)."""


class Straightened(NamedTuple):
    """Lines and vias, and how many junctions have moved."""

    lines: list[Line]
    vias: tuple[Via, ...]
    moved: int


def straighten_junctions(
    design: Design, lines: list[Line], vias: tuple[Via, ...], still: list[Obstacle]
) -> Straightened:  # fmt: skip
    """Lines and vias, among what stands `still`, after each junction has moved where that makes its traces shorter or
    straighter.

    Cuts of a net that have come to one place are one there, and straps without length are none.
    """
    found = find_meetings(design, lines, vias)
    if not found.nets:
        return Straightened(lines, vias, 0)
    pads = via_obstacles(design, vias)
    junctions = junction_arrays(design, found, vias, pads)
    ways, moved = settle_junctions(move_junctions, *side_by_side(design, found.lines, pads, still), junctions)
    return Straightened(*at_their_places(design, found, vias, junctions, ways), moved)


def at_their_places(
    design: Design, found: Meetings, vias: tuple[Via, ...], junctions: Junctions, ways: list[Points]
) -> tuple[list[Line], tuple[Via, ...]]:  # fmt: skip
    """Lines along their new ways, and vias where their junctions have come to."""
    places = junctions.places[found.of_via].tolist()
    stand = {replace(via, x=x, y=y) for via, (x, y) in zip(vias, places, strict=True)}
    moved_lines = with_ways(found.lines, ways[: len(found.lines)])
    return with_lands(design, [line for line in moved_lines if len(line.trace.points) > 1]), tuple(sorted(stand))


def junction_arrays(design: Design, found: Meetings, vias: tuple[Via, ...], capture: list[Obstacle]) -> Junctions:
    """Junctions as the kernel reads them; `capture`: the pads of the vias, as in `pads_of`; they stand behind the
    lines among the traces."""
    sizes = pad_sizes(design, vias)
    owners = np.repeat(np.array(found.of_via, dtype=np.int64), 2)
    widest = np.zeros(len(found.nets), dtype=np.int64)
    for owner, pad in zip(owners.tolist(), capture, strict=True):
        widest[owner] = max(widest[owner], pad.sides[0])
    of_trace = np.full((len(found.lines), 2), -1, dtype=np.int64)
    for row, met in enumerate(found.ends):
        for k, last in met:
            of_trace[k, last] = row
            widest[row] = max(widest[row], found.lines[k].trace.width)
    order = np.argsort(owners, kind="stable")
    first_end, ends = ragged(found.ends, 2)
    most = FARTHEST * widest
    first_land, lands = near_lands(design, found, vias, sizes, most)
    first_near, near = near_junctions(design, found, most)
    places = np.array(found.places, dtype=np.int64)
    return Junctions(
        places, places.copy(), movable(design, found), most, first_rows(owners[order], len(found.nets)),
        len(found.lines) + order, sizes[order], first_end, ends, of_trace, first_land, lands, first_near, near,
    )  # fmt: skip


def side_by_side(
    design: Design, lines: list[Line], pads: list[Obstacle], still: list[Obstacle]
) -> tuple[Traces, Fixed]:  # fmt: skip
    """Lines of all levels, and capture pads behind them, as one set of traces; and what stands still among them."""
    rules = line_rules(design, lines)
    own = standing_metal(design, pads)
    fixed = [
        *still,
        *(o for level in range(len(design.pdk.levels)) for o in edge_obstacles(design, level)),
    ]
    across = 2 * (design.outline.x1 - design.outline.x0)
    levels = np.array([line.trace.level for line in lines] + [pad.level for pad in pads], dtype=np.int64)
    ways = chains([*(line.trace.points for line in lines), *map(pad_chain, pads)])
    ways.points[:, 0] += np.repeat(levels * across, ways.counts)
    standing = standing_metal(design, fixed)
    standing.cores[:, ::2] += np.array([o.level * across for o in fixed], dtype=np.float64).reshape(-1, 1)
    traces = Traces(
        ways.points, ways.start, ways.counts, np.concatenate([rules.sizes, own.sizes]),
        np.concatenate([rules.nets, own.nets]), levels, rules.held, rules.straight, rules.flat_sided,
        hidden_in_lands(design, lines), level_prices(design, lines), corner_prices(design, lines),
        np.array([level.bend for level in design.pdk.levels], dtype=np.int64), moving(rules.sizes, rules.nets), across,
    )  # fmt: skip
    return traces, standing


def pad_chain(pad: Obstacle) -> Points:
    """A capture pad as points (n, 2): its centre twice, or round its corners."""
    x0, y0, x1, y1 = pad.core
    corners = [(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)] if x1 > x0 else [(x0, y0), (x1, y1)]
    return np.array(corners, dtype=np.int64)


def settle_junctions(
    one_pass: OnePass, traces: Traces, fixed: Fixed, junctions: Junctions
) -> tuple[list[Points], int]:  # fmt: skip
    """The traces after all junctions have had their turn, and how many have moved; `junctions` holds their places."""
    # Levels differ much: what one trace has to look at is said by its own width, the cells by what most traces are.
    asked = (traces.sizes[:, SPACING], junctions.pad_sizes[:, OWN_SPACING], fixed.sizes[:, SPACING])
    spacing = float(np.concatenate(asked).max()) + NEAR
    usual = np.median(traces.sizes[:, FLAT] * CORNER + traces.sizes[:, ROUNDING] + traces.sizes[:, SPACING])
    way = Chains(traces.points, traces.start, traces.counts)
    begin = moved = 0
    while begin < len(junctions.places):
        way = chains(way.lines())
        scene = make_scene(way, traces.sizes, traces.nets, fixed, float(usual) + NEAR)
        way = way.spread(ROOM)
        traces = traces._replace(points=way.points, start=way.start, counts=way.counts)
        more, begin = one_pass(scene, traces, junctions, begin, spacing)
        moved += more
    shift = np.array([[traces.across, 0]], dtype=np.int64)
    return [points - level * shift for points, level in zip(way.lines(), traces.level.tolist(), strict=True)], moved
