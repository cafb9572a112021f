"""What each trace asks for when it is tightened: its width, its spacing, its ways out of pads."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from router.draw.centreline import Line
from router.draw.kernels.chain import DIAGONAL
from router.draw.kernels.clear import CORNER, FIELDS
from router.draw.scene import Rules
from router.maze.footprint import trace_footprint
from router.model.design import Design
from router.model.geometry import GRID_SLACK


def ways_out(design: Design, lines: list[Line]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """How far traces should leave their first and last pads before they bend (n, 2, 3), along x, y and a diagonal, in
    steps; and which pads are to be left along an axis (n, 2)."""
    levels = [design.pdk.levels[line.trace.level] for line in lines]
    widths = np.array([line.trace.width for line in lines], dtype=np.int64).reshape(-1, 1)
    halves = np.array([[pad[:2] for pad in line.pads] for line in lines], dtype=np.int64).reshape(-1, 2, 2)
    cornered = np.array([[pad.cornered for pad in line.pads] for line in lines], dtype=np.bool_).reshape(-1, 2)
    spacing = np.array([level.min_spacing for level in levels], dtype=np.int64).reshape(-1, 1)
    bend = np.array([level.bend for level in levels], dtype=np.int64).reshape(-1, 1)
    # A bend this far out leaves the rule's spacing between the pad and the inner side of the trace beyond the bend.
    free_run = (spacing + bend * widths // 4)[:, :, None]
    larger = halves.max(axis=2, keepdims=True)
    slanted = np.where(cornered[:, :, None], larger + free_run * DIAGONAL, (larger + free_run) * DIAGONAL)
    straight = np.concatenate([halves + free_run, np.ceil(slanted).astype(np.int64)], axis=2)
    off_corner = np.abs(halves[:, :, 0] - halves[:, :, 1]) * DIAGONAL
    # A trace that covers the corner by which it leaves makes obtuse angles with both sides; elsewhere, acute ones.
    return np.where(larger > widths[:, :, None] * CORNER / 2, straight, 0), cornered & (off_corner >= widths / 2)


def line_sizes(design: Design, lines: list[Line]) -> NDArray[np.float64]:
    """What lines measure, and keep from others, each on its level: (n, 5) as in `kernels.clear`."""

    @cache
    def size(net_class: str, level: int, width: int) -> tuple[int, int, int, int, int]:
        shape = trace_footprint(design.pdk.levels[level], width, design.classes[net_class].spacings[level])
        return shape.half, 0, 2 * GRID_SLACK, shape.spacing, 0

    traces = [line.trace for line in lines]
    sizes = [size(design.nets[trace.net].net_class, trace.level, trace.width) for trace in traces]
    return np.array(sizes, dtype=np.float64).reshape(-1, FIELDS)


def line_rules(design: Design, lines: list[Line]) -> Rules:
    """The rules of lines, each on its level."""
    straight, flat_sided = ways_out(design, lines)
    return Rules(
        sizes=line_sizes(design, lines),
        nets=np.array([line.trace.net for line in lines], dtype=np.int64),
        held=np.array([line.held for line in lines], dtype=np.bool_).reshape(-1, 2),
        straight=straight,
        flat_sided=flat_sided,
    )
