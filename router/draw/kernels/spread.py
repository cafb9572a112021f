"""Octilinear traces moved apart: each segment to the middle of the room beside it, its neighbours giving way.

Arrays as in `kernels.tighten`.
"""

from __future__ import annotations

import numpy as np

from router.draw.kernels.chain import along, copy_points, drop_straight, heading, move_points, turn, way_out
from router.draw.kernels.clear import FIELDS, FLAT, keep_from
from router.draw.kernels.scene import differs, has_turn, move_trace, room_beside
from router.maze.kernels.nodes import DX, DY
from router.model.kernels import compiled

# Points by which a trace may grow in one pass: a jog at either end.
ROOM = 8
# A segment is moved by this share of the most at first, then by half as much, so often.
FIRST, HALVINGS = 0.5, 5
# A move must make a trace better by this share.
LEAST_GAIN = 0.01


@compiled
def strain(scene, chain, m, me, reach, cap, width):
    """What spreading makes less of: length, and its nearness to other metal; 1e300 where the m points are too near."""
    total = 2.0 * cap * width * m
    for p in range(m - 1):
        ax, ay, bx, by = chain[p, 0], chain[p, 1], chain[p + 1, 0], chain[p + 1, 1]
        room = room_beside(scene, ax, ay, bx, by, me, reach, cap)
        if room < 0.0:
            return 1e300
        total += np.hypot(float(bx - ax), float(by - ay)) * (cap + (cap - room) ** 2 / cap)
    return total


@compiled
def run_of(ax, ay, bx, by):
    """How far an octilinear segment runs along its longer axis, nm."""
    return max(abs(bx - ax), abs(by - ay))


@compiled
def head_of_shift(points, s, i, by, straight, width, chain):
    """The points from before segment i to its first corner when it moves `by` steps to the left; 0 if it cannot.

    The first segment of a trace keeps its way out of the pad and moves over by a jog of 45°.
    """
    p = s + i
    h = heading(points[p + 1, 0] - points[p, 0], points[p + 1, 1] - points[p, 1])
    chain[0] = points[p if i == 0 else p - 1]
    if i == 0:
        stub = max(way_out(straight, DX[h], DY[h]), along(2.0 * width, DX[h], DY[h]))
        jog = (h + (1 if by > 0 else 7)) & 7
        chain[1, 0], chain[1, 1] = chain[0, 0] + stub * DX[h], chain[0, 1] + stub * DY[h]
        chain[2, 0], chain[2, 1] = chain[1, 0] + abs(by) * DX[jog], chain[1, 1] + abs(by) * DY[jog]
        return 3 if abs(by) >= width else 0
    before = heading(points[p, 0] - points[p - 1, 0], points[p, 1] - points[p - 1, 1])
    if turn(h, before) != 1:
        return 0
    run = run_of(points[p - 1, 0], points[p - 1, 1], points[p, 0], points[p, 1])
    left = (before - h) & 7 == 1
    offset = by + (run if left else -run)
    if (offset > 0) != left:
        # Past the line that the trace comes along, it leaves that line to the other side.
        if i == 1 or heading(points[p - 1, 0] - points[p - 2, 0], points[p - 1, 1] - points[p - 2, 1]) != h:
            return 0
        before = (2 * h - before) & 7
    dx, dy, run = DX[before], DY[before], abs(offset)
    if run < (max(way_out(straight, dx, dy), along(width, dx, dy)) if i == 1 else width):
        return 0
    chain[1, 0], chain[1, 1] = points[p - 1, 0] + run * dx, points[p - 1, 1] + run * dy
    return 2


@compiled
def shifted(points, turned, s, n, i, by, straight, width, chain, tail):
    """Segment i moved `by` steps to its left, with what joins it on both sides, in `chain`; the number of points or 0.

    `turned` holds the same trace the other way round, from 0 on.
    """
    m = head_of_shift(points, s, i, by, straight[0], width, chain)
    back = head_of_shift(turned, 0, n - 2 - i, -by, straight[1], width, tail)
    if m == 0 or back == 0:
        return 0
    ax, ay, bx, by_ = chain[m - 1, 0], chain[m - 1, 1], tail[back - 1, 0], tail[back - 1, 1]
    p = s + i
    h = heading(points[p + 1, 0] - points[p, 0], points[p + 1, 1] - points[p, 1])
    if heading(bx - ax, by_ - ay) != h or run_of(ax, ay, bx, by_) < width:
        return 0
    for k in range(back):
        chain[m + k] = tail[back - 1 - k]
    return m + back


@compiled
def octilinear(points, s, n):
    """Whether all segments of a trace run along the axes or at 45°."""
    for p in range(s, s + n - 1):
        dx, dy = abs(points[p + 1, 0] - points[p, 0]), abs(points[p + 1, 1] - points[p, 1])
        if dx != 0 and dy != 0 and dx != dy:
            return False
    return True


@compiled
def spread_segment(scene, points, s, n, i, straight, width, me, reach, cap, chain, tail):
    """Move one segment to where it strains least; returns the new number of points."""
    turned = points[s : s + n][::-1].copy()
    begin, end = max(0, i - 1), min(n - 1, i + 2)
    now = strain(scene, points[s + begin : s + end + 1], end - begin + 1, me, reach, cap, width)
    best, shift = now * (1.0 - LEAST_GAIN), 0
    step = cap * FIRST
    for _ in range(HALVINGS):
        for side in range(2):
            by = int(step) if side == 0 else -int(step)
            m = shifted(points, turned, s, n, i, by, straight, width, chain, tail)
            if m > 0:
                found = strain(scene, chain, m, me, reach, cap, width)
                if found < best:
                    best, shift = found, by
        step *= 0.5
    if shift == 0:
        return n
    m = shifted(points, turned, s, n, i, shift, straight, width, chain, tail)
    by = m - (end - begin + 1)
    move_points(points, s + end + 1, s + n, by)
    copy_points(chain, 0, points, s + begin, m)
    return drop_straight(points, s, n + by)


@compiled(nogil=True)
def spread_pass(scene, begin, way, rules, moves, cap, tried, reach):
    """One pass over the traces of a level from trace `begin` on, in order; each sees the others as they stand.

    moves (n,): which traces are moved; cap (n,): the room beyond the spacing that is worth while, nm; the rest as in
    `kernels.tighten`. Returns how many changed, and the trace to go on with once the grid, found full, is filled again.
    """
    changed = 0
    me = np.zeros(FIELDS)
    chain, tail = np.empty((6, 2), dtype=np.int64), np.empty((3, 2), dtype=np.int64)
    points, start, count = way.points, way.start, way.counts
    for k in range(begin, len(start)):
        s, n = start[k], count[k]
        if not moves[k] or not octilinear(points, s, n) or not has_turn(scene, k, points, s, n, tried):
            continue
        keep_from(rules.sizes[k], rules.nets[k], me)
        before = points[s : s + n].copy()
        width = 2 * int(rules.sizes[k, FLAT])
        i = 0
        while i < n - 1:
            # A jog at either end goes in at most once in a pass, for which there is room.
            if n > len(before) + ROOM - 4:
                break
            n = spread_segment(scene, points, s, n, i, rules.straight[k], width, me, reach, cap[k], chain, tail)
            i += 1
        if not differs(points, s, n, before):
            continue
        count[k] = n
        changed += 1
        if not move_trace(scene, k, before, points, s, n, rules.sizes[k], rules.nets[k], reach):
            return changed, k + 1
    return changed, len(start)
