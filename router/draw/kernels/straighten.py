"""The way out of a pad: straight from its centre, so that no notch forms beside it."""

from __future__ import annotations

import numpy as np

from router.draw.kernels.chain import heading, replace_head, turn, way_out
from router.draw.kernels.clear import OWN_FLAT
from router.draw.kernels.scene import chain_clear
from router.maze.kernels.compiled import part
from router.model.kernels import compiled


@part
def bends_within(ax, ay, straight):
    """Whether a trace that leaves its pad by (ax, ay) bends within it, or so close that a notch forms."""
    return max(abs(ax), abs(ay)) < way_out(straight, ax, ay)


@part
def shortfall(ax, ay, straight, flat_sided, half):
    """How much too soon, in nm, a trace bends that leaves its pad by (ax, ay); none where it bends at once."""
    if flat_sided and ax != 0 and ay != 0:
        return max(straight[0], straight[1], straight[2])
    run = max(abs(ax), abs(ay))
    if not bends_within(ax, ay, straight) or (not flat_sided and run * 0.7072 < 0.35 * half):
        return 0
    return way_out(straight, ax, ay) - run


@part
def early_bend(points, s, n, last, straight, flat_sided, half):
    """By how much a trace bends too soon, in nm, after its first point, or before its last."""
    if n < 3 or straight[0] == 0:
        return 0
    a, b = (s + n - 1, s + n - 2) if last else (s, s + 1)
    return shortfall(points[b, 0] - points[a, 0], points[b, 1] - points[a, 1], straight, flat_sided, half)


@compiled
def straighten(scene, points, s, n, straight, far_straight, far_held, flat_sided, bend, me, reach):
    """Let a trace leave its first pad in a straight line from the centre; returns the new number of points.

    A bend within or close to the pad makes a notch beside it. In order of preference: the first run is dropped, moved
    out along the second one, or lengthened. `far_straight`, `far_held`: what the other end asks for; `bend`: the turn
    at a bend, in units of 45°. At least four points of room must follow the trace.
    """
    chain = np.empty((4, 2), dtype=np.int64)
    for _ in range(3):
        if n < 3:
            return n
        ax, ay = points[s + 1, 0] - points[s, 0], points[s + 1, 1] - points[s, 1]
        bx, by = points[s + 2, 0] - points[s + 1, 0], points[s + 2, 1] - points[s + 1, 1]
        run_a, run_b = max(abs(ax), abs(ay)), max(abs(bx), abs(by))
        straight_a, straight_b = way_out(straight, ax, ay), way_out(straight, bx, by)
        if shortfall(ax, ay, straight, flat_sided, me[OWN_FLAT]) == 0:
            return n
        slanted = flat_sided and ax != 0 and ay != 0
        b_leaves = not (flat_sided and bx != 0 and by != 0)
        cx = cy = run_c = 0
        same_sense = -1
        if n > 3:
            cx, cy = points[s + 3, 0] - points[s + 2, 0], points[s + 3, 1] - points[s + 2, 1]
            run_c = max(abs(cx), abs(cy))
            same_sense = turn(heading(ax, ay), heading(cx, cy))
        gx, gy = np.sign(cx), np.sign(cy)
        chain[0] = points[s]
        length = 0
        if b_leaves and (same_sense == 0 or same_sense == 2 * bend):
            shift = -run_a if same_sense == 0 else run_a
            if shift < run_c:
                chain[1, 0], chain[1, 1] = points[s + 2, 0] + shift * gx, points[s + 2, 1] + shift * gy
                chain[2] = points[s + 3]
                length = 3 if chain_clear(scene, chain, 3, me, reach) else 0
        fits = run_b >= straight_b and not bends_within(ax, ay, far_straight)
        if length == 0 and n == 3 and b_leaves and not far_held and fits:
            chain[1, 0], chain[1, 1] = points[s, 0] + bx, points[s, 1] + by
            chain[2] = points[s + 2]
            length = 3 if chain_clear(scene, chain, 3, me, reach) else 0
        if length == 0 and b_leaves and run_b > straight_b:
            chain[1, 0] = points[s, 0] + straight_b * np.sign(bx)
            chain[1, 1] = points[s, 1] + straight_b * np.sign(by)
            chain[2, 0], chain[2, 1] = chain[1, 0] + ax, chain[1, 1] + ay
            chain[3] = points[s + 2]
            if chain_clear(scene, chain, 4, me, reach):
                n = replace_head(points, s, n, 2, chain, 4)
                continue
        by_run = straight_a - run_a
        shift, lengthen = by_run, same_sense == 0 and by_run < run_c
        if same_sense == 2 and bend == 1 and (ax == 0 or ay == 0):
            # A nanometre of the second run would be a right angle.
            by_run = min(by_run, run_b - int(me[OWN_FLAT]))
            shift, lengthen = -by_run, by_run > 0
        if length == 0 and not slanted and lengthen:
            run = run_a + by_run
            chain[1, 0], chain[1, 1] = points[s, 0] + run * np.sign(ax), points[s, 1] + run * np.sign(ay)
            chain[2, 0], chain[2, 1] = points[s + 2, 0] + shift * gx, points[s + 2, 1] + shift * gy
            chain[3] = points[s + 3]
            length = 4 if chain_clear(scene, chain, 4, me, reach) else 0
        if length == 0:
            return n
        n = replace_head(points, s, n, min(3, n - 1), chain, length)
    return n
