"""Traces made wider piece by piece, all in small equal steps, as long as metal leaves room.

Arrays as in `kernels.tighten`, a line being one straight piece of a trace.
"""

from __future__ import annotations

import numpy as np

from router.draw.kernels.clear import FIELDS, FLAT, INSET, ROUNDING, SLACK, SPACING, keep_from
from router.draw.kernels.scene import add_trace, is_clear
from router.model.kernels import compiled


@compiled
def asked_spacing(width, spacing, wide):
    """What metal of this width asks for: its class's spacing, its own width, and the rules for wide metal (m, 2)."""
    need = max(spacing, float(width))
    for k in range(len(wide)):
        if width > wide[k, 0]:
            need = max(need, float(wide[k, 1]))
    return need


@compiled(nogil=True)
def widen_pass(scene, begin, points, start, count, sizes, nets, widths, widest, steps, spacings, wide, rounding, reach):
    """Let every piece from `begin` on that has room grow by one step.

    widths, widest, steps (n,) int64 nm: of the metal now, at most, and in a step; spacings (n,) of the classes;
    rounding: how many times half its width the metal counts as a circle where it is drawn with round ends, 0 for
    octagons. A piece that has no room does not try again: its `widest` becomes what it is. Returns how many grew, and
    the piece to go on with once the grid, found full, is filled again.
    """
    grown = 0
    size, me = np.zeros(FIELDS), np.zeros(FIELDS)
    for k in range(begin, len(start)):
        if widths[k] >= widest[k]:
            continue
        width = min(widths[k] + steps[k], widest[k])
        half = (width + 1) // 2
        size[FLAT], size[ROUNDING] = (0.0, half * rounding + 8.0) if rounding > 0.0 else (half, 0.0)
        size[INSET] = size[ROUNDING] - half if rounding > 0.0 else 0.0
        size[SLACK], size[SPACING] = sizes[k, SLACK], asked_spacing(width, spacings[k], wide)
        keep_from(size, nets[k], me)
        a, b = start[k], start[k] + 1
        if not is_clear(scene, points[a, 0], points[a, 1], points[b, 0], points[b, 1], me, reach):
            widest[k] = widths[k]
            continue
        widths[k] = width
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
