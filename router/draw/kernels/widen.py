"""Traces made wider piece by piece, all in small equal steps, as long as metal leaves room.

Arrays as in `kernels.tighten`, a line being one straight piece of a trace.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from router.draw.kernels.clear import FIELDS, FLAT, INSET, ROUNDING, SLACK, SPACING, keep_from
from router.draw.kernels.scene import add_trace, is_clear
from router.model.kernels import compiled


class Widths(NamedTuple):
    """How wide pieces are and may become, nm: arrays over them (n,)."""

    now: NDArray[np.int64]
    most: NDArray[np.int64]
    steps: NDArray[np.int64]  # by how much each grows at once
    spacings: NDArray[np.float64]  # of their classes


@compiled
def asked_spacing(width, spacing, wide):
    """What metal of this width asks for: its class's spacing, its own width, and the rules for wide metal (m, 2)."""
    need = max(spacing, float(width))
    for k in range(len(wide)):
        if width > wide[k, 0]:
            need = max(need, float(wide[k, 1]))
    return need


@compiled(nogil=True)
def widen_pass(scene, begin, way, sizes, nets, widths, wide, rounding, reach):
    """Let every piece from `begin` on that has room grow by one step: sizes (n, 5) and nets (n,) of the pieces.

    wide (m, 2): as in `asked_spacing`; rounding: how many times half its width the metal counts as a circle where it is
    drawn with round ends, 0 for octagons. A piece that has no room does not try again: its most becomes what it is.
    Returns how many grew, and the piece to go on with once the grid, found full, is filled again.
    """
    grown = 0
    points, start, count = way.points, way.start, way.counts
    size, me = np.zeros(FIELDS), np.zeros(FIELDS)
    for k in range(begin, len(start)):
        if widths.now[k] >= widths.most[k]:
            continue
        width = min(widths.now[k] + widths.steps[k], widths.most[k])
        half = (width + 1) // 2
        size[FLAT], size[ROUNDING] = (0.0, half * rounding + 8.0) if rounding > 0.0 else (half, 0.0)
        size[INSET] = size[ROUNDING] - half if rounding > 0.0 else 0.0
        size[SLACK], size[SPACING] = sizes[k, SLACK], asked_spacing(width, widths.spacings[k], wide)
        keep_from(size, nets[k], me)
        a, b = start[k], start[k] + 1
        if not is_clear(scene, points[a, 0], points[a, 1], points[b, 0], points[b, 1], me, reach):
            widths.most[k] = widths.now[k]
            continue
        widths.now[k] = width
        for field in range(FIELDS):
            sizes[k, field] = size[field]
        grown += 1
        if not add_trace(scene, k, points, start[k], count[k], sizes[k], nets[k]):
            return grown, k + 1
    return grown, len(start)


@compiled
def even_out(widths, lengths, line, least, strap, shortest):
    """Lower widths (n,) along each line until the trace is even.

    Neighbours differ by a factor of two at most, so that an octagon's corner tapers from one to the next; and no run is
    wider than what it joins on less than `shortest` times its width, but for a `strap` (n,), a line from pad to pad,
    that is one run. Pieces of one line follow each other; lengths (n,) nm; least (n,) is what a piece had at first.
    """
    n = len(widths)
    changed = True
    while changed:
        changed = False
        begin = 0
        while begin < n:
            end, run = begin, 0.0
            while end < n and line[end] == line[begin] and widths[end] == widths[begin]:
                run += lengths[end]
                end += 1
            before = widths[begin - 1] if begin > 0 and line[begin - 1] == line[begin] else 0
            after = widths[end] if end < n and line[end] == line[begin] else 0
            most = widths[begin]
            if before > 0:
                most = min(most, 2 * before)
            if after > 0:
                most = min(most, 2 * after)
            whole = before == 0 and after == 0
            if run < shortest * most and max(before, after) < most and not (whole and strap[begin]):
                most = max(before, after)
            for k in range(begin, end):
                lower = max(least[k], most)
                if lower < widths[k]:
                    widths[k] = lower
                    changed = True
            begin = end
