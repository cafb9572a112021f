"""Traces made wider where there is room, for classes that ask for it: width and spacing grow alike.

Traces are cut into short straight pieces, all of which grow by equal small steps as long as each keeps at least its own
width to all other metal; then widths along each trace are evened out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from router.draw.any_angle import ROUND
from router.draw.centreline import NO_PAD, Line
from router.draw.kernels.clear import CORNER, SPACING
from router.draw.kernels.scene import NEAR
from router.draw.kernels.widen import Widths, asked_spacing, even_out, widen_pass
from router.draw.scene import Chains, Fixed, Rules, filled, make_scene
from router.model.design import Design
from router.model.geometry import Points
from router.model.layout import Trace
from router.model.runs import begins

# A piece is about so many times as long as its trace is wide at first; a step is this share of that width.
PIECE = 10
STEP = 0.25
# A run that is wider than what it joins goes on for so many times its width at least.
SHORTEST = 10.0


@dataclass(frozen=True, slots=True)
class Pieces:
    """Straight pieces of lines, line after line: ends (n, 2, 2), line (n,), and what each is wide and may be."""

    ends: Points
    line: NDArray[np.int64]
    widths: NDArray[np.int64]
    widest: NDArray[np.int64]


def cut_up(design: Design, level: int, lines: list[Line]) -> Pieces:
    """Lines of classes that are made wider cut into short pieces, all others at their corners.

    A piece that ends in a pad grows no wider than the pad.
    """
    ends, line, widths, widest = [], [], [], []
    for index, item in enumerate(lines):
        trace = item.trace
        room = design.class_of(trace.net).widest
        most = room[level] if room else trace.width
        cuts = [trace.points[:1]]
        for a, b in pairwise(trace.points):
            parts = max(1, int(np.hypot(*(b - a)) / (PIECE * trace.width))) if most > trace.width else 1
            shares = np.arange(1, parts + 1)[:, None] / parts
            # Along a diagonal, steps in x and y are rounded alike where they are rounded from its beginning.
            cuts.append(a + np.round(shares * (b - a)).astype(np.int64))
        points = np.concatenate(cuts)
        limits = np.full(len(points) - 1, most)
        for at, pad in ((0, item.pads[0]), (-1, item.pads[1])):
            if pad is not NO_PAD:
                limits[at] = min(limits[at], max(trace.width, 2 * min(pad.half_width, pad.half_height)))
        ends.append(np.stack([points[:-1], points[1:]], axis=1))
        line += [index] * len(limits)
        widths += [trace.width] * len(limits)
        widest.append(limits)
    return Pieces(
        np.concatenate(ends), np.array(line), np.array(widths, dtype=np.int64), np.concatenate(widest).astype(np.int64)
    )


def widen_level(design: Design, level: int, lines: list[Line], rules: Rules, fixed: Fixed) -> list[Trace]:
    """Traces of one level, made wider. Sizes in `rules` and `fixed` are those of the level's own way of drawing."""
    pieces = cut_up(design, level, lines)
    if np.array_equal(pieces.widths, pieces.widest):
        return [line.trace for line in lines]
    rules_for_wide = [(w.most_narrow, w.spacing) for w in design.pdk.levels[level].wide]
    wide = np.array(rules_for_wide, dtype=np.int64).reshape(-1, 2)
    spacings = rules.sizes[pieces.line, SPACING]
    asked = max(asked_spacing(int(w), s, wide) for w, s in zip(pieces.widest, spacings, strict=True))
    reach = float(pieces.widest.max() / 2 * CORNER + max(asked, fixed.sizes[:, SPACING].max(initial=0)) + 2 * NEAR)
    sizes, nets = rules.sizes[pieces.line], rules.nets[pieces.line]
    count = np.full(len(pieces.line), 2)
    way = Chains(pieces.ends.reshape(-1, 2), begins(count), count)
    scene = make_scene(way, sizes, nets, fixed, reach)
    steps = np.maximum(2, 2 * (pieces.widths * STEP / 2).astype(np.int64))
    widths = Widths(pieces.widths.copy(), pieces.widest.copy(), steps, spacings)
    rounding = ROUND if design.pdk.levels[level].angles == "any" else 0.0
    grown = 1
    while grown:
        grown, k = 0, 0
        while k < len(count):
            more, k = widen_pass(scene, k, way, sizes, nets, widths, wide, rounding, reach)
            grown += more
            if k < len(count):
                scene = filled(scene, way, sizes, nets, fixed)
    lengths = np.hypot(*(pieces.ends[:, 1] - pieces.ends[:, 0]).T)
    straps = np.array([not any(line.held) for line in lines])
    even_out(widths.now, lengths, pieces.line, pieces.widths, straps[pieces.line], SHORTEST)
    bounds = np.searchsorted(pieces.line, np.arange(len(lines) + 1)).tolist()
    return [
        trace
        for line, (a, b) in zip(lines, pairwise(bounds), strict=True)
        for trace in join(line.trace, pieces.ends[a:b], widths.now[a:b])
    ]


def join(trace: Trace, ends: Points, widths: NDArray[np.int64]) -> list[Trace]:
    """Pieces of one trace, ends (n, 2, 2) and widths (n,) nm, those of one width that follow each other in one."""
    cuts = [0, *(np.flatnonzero(np.diff(widths)) + 1).tolist(), len(widths)]
    if len(cuts) == 2:
        return [replace(trace, width=int(widths[0]))]
    runs = [np.concatenate([ends[a, :1], ends[a:b, 1]]) for a, b in pairwise(cuts)]
    corners = {tuple(point) for point in trace.points.tolist()}
    return [
        replace(trace, width=int(widths[a]), points=_own_corners(run, corners))
        for a, run in zip(cuts[:-1], runs, strict=True)
    ]


def _own_corners(run: Points, corners: set[tuple[int, ...]]) -> Points:
    """A run without the points at which it was cut up, but for its ends."""
    kept = [tuple(point) in corners for point in run.tolist()]
    kept[0] = kept[-1] = True
    return run[kept]
