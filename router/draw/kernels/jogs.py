"""Jogs beside a land moved into it, where they are not seen: a trace then leaves the land straight, off its centre.

Arrays as in `kernels.tighten`.
"""

from __future__ import annotations

import numpy as np

from router.draw.kernels.chain import DIAGONAL, copy_points, heading, replace_head, reverse
from router.draw.kernels.clear import FIELDS, OWN_FLAT, keep_from
from router.draw.kernels.scene import chain_clear, move_trace
from router.maze.kernels.compiled import part
from router.model.kernels import compiled


@part
def fits_in_land(jog_x, jog_y, run, hidden, cornered, half):
    """Whether a jog from the centre of a land stays within it, and leaves no sharp corner beside the land where the
    trace then goes on in the direction `run`."""
    if cornered and run % 2 == 0:
        return max(abs(jog_x), abs(jog_y)) <= hidden
    length = np.hypot(float(jog_x), float(jog_y))
    # Round lands are left at an angle, and at a sharp one beyond where the trace covers the line of the centre.
    aside = length if (heading(jog_x, jog_y) - run) % 2 == 0 else length * DIAGONAL
    return length <= hidden and aside <= half


@part
def hide_jog(scene, points, s, n, hidden, cornered, chain, me, reach):
    """Let a trace whose second segment is a jog beside its first land take that jog within the land; returns its
    points. hidden: how far from the centre it may run unseen, nm; chain (3, 2): room to work in."""
    if n < 4:
        return n
    jog_x, jog_y = points[s + 2, 0] - points[s + 1, 0], points[s + 2, 1] - points[s + 1, 1]
    run = heading(points[s + 1, 0] - points[s, 0], points[s + 1, 1] - points[s, 1])
    onwards = heading(points[s + 3, 0] - points[s + 2, 0], points[s + 3, 1] - points[s + 2, 1])
    if run != onwards or not fits_in_land(jog_x, jog_y, run, hidden, cornered, me[OWN_FLAT]):
        return n
    copy_points(points, s, chain, 0, 1)
    chain[1, 0], chain[1, 1] = points[s, 0] + jog_x, points[s, 1] + jog_y
    copy_points(points, s + 3, chain, 2, 1)
    return replace_head(points, s, n, 3, chain, 3) if chain_clear(scene, chain, 3, me, reach) else n


@compiled(nogil=True)
def hide_jogs(scene, begin, way, rules, hidden, cornered, reach):
    """One pass over the traces of a level from trace `begin` on. hidden (n, 2): how far each may run unseen within the
    lands at its first and last point, nm; cornered (n, 2): which of these have corners. Returns how many changed, and
    the trace to go on with once the grid, found full, is filled again."""
    changed = 0
    me = np.zeros(FIELDS)
    chain = np.empty((3, 2), dtype=np.int64)
    points, start, count = way.points, way.start, way.counts
    for k in range(begin, len(start)):
        s, n = start[k], count[k]
        keep_from(rules.sizes[k], rules.nets[k], me)
        before = points[s : s + n].copy()
        # The larger land has more to hide them with.
        ends = (0, 1) if hidden[k, 0] >= hidden[k, 1] else (1, 0)
        for end in ends:
            if end == 1:
                reverse(points, s, count[k])
            count[k] = hide_jog(scene, points, s, count[k], hidden[k, end], cornered[k, end], chain, me, reach)
            if end == 1:
                reverse(points, s, count[k])
        if count[k] == n:
            continue
        changed += 1
        if not move_trace(scene, k, before, points, s, count[k], rules.sizes[k], rules.nets[k], reach):
            return changed, k + 1
    return changed, len(start)
