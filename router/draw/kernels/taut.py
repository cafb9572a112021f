"""Traces pulled taut at any angle, as a string would be: shortcuts, corners pulled inwards, corners cut off.

Arrays as in `kernels.tighten`. Traces are drawn as segments with round ends here, so distances are those of circles.
Every change shortens the trace, keeps each bend at 45° or less, and is tried against real geometry (rubber-band
sketches: Dai, Dayan and Staepelaere 1991; the polygonal ones here need no homotopy, since no move crosses metal).
"""

from __future__ import annotations

import numpy as np

from router.draw.kernels.chain import copy_points, move_points
from router.draw.kernels.clear import FIELDS, ROUNDING, keep_from
from router.draw.kernels.scene import differs, has_turn, is_clear, move_trace
from router.model.kernels import compiled

ROUNDS = 40
# A shortcut reaches over at most so many corners.
SPAN = 8
# Points by which a trace may grow in one pass.
ROOM = 16
# Cosine of 45°, less what the grid takes from a bend of exactly 45°.
COS_45 = 0.7071067
STEPS = 6


@compiled
def gentle(ax, ay, bx, by, cx, cy):
    """Whether the bend at b is 45° or less."""
    ux, uy, vx, vy = float(bx - ax), float(by - ay), float(cx - bx), float(cy - by)
    return ux * vx + uy * vy >= COS_45 * np.sqrt((ux * ux + uy * uy) * (vx * vx + vy * vy))


@compiled
def between(ax, ay, bx, by):
    """The distance of two places, nm."""
    return np.hypot(float(bx - ax), float(by - ay))


@compiled
def fits(scene, points, s, n, i, j, chain, m, straight, me, reach):
    """Whether the m points of the chain may take the place of what lies between corners i and j.

    The bends from corner i - 1 to j + 1 stay gentle, the ways out of the pads long enough, the segments clear.
    """
    px, py = points[s + i, 0], points[s + i, 1]
    qx, qy = points[s + i - 1, 0], points[s + i - 1, 1]
    bent = i > 0
    for k in range(m + 2):
        if k < m:
            x, y = chain[k, 0], chain[k, 1]
        elif k == m:
            x, y = points[s + j, 0], points[s + j, 1]
        elif j < n - 1:
            x, y = points[s + j + 1, 0], points[s + j + 1, 1]
        else:
            break
        if x == px and y == py:
            return False
        if bent and not gentle(qx, qy, px, py, x, y):
            return False
        bent = True
        qx, qy, px, py = px, py, x, y
    if m > 0 or j < n - 1 or i > 0:
        ex, ey = (chain[0, 0], chain[0, 1]) if m > 0 else (points[s + j, 0], points[s + j, 1])
        if i == 0 and between(points[s, 0], points[s, 1], ex, ey) < min(
            straight[0], between(points[s, 0], points[s, 1], points[s + 1, 0], points[s + 1, 1])
        ):
            return False
        e = s + n - 1
        ex, ey = (chain[m - 1, 0], chain[m - 1, 1]) if m > 0 else (points[s + i, 0], points[s + i, 1])
        if j == n - 1 and between(points[e, 0], points[e, 1], ex, ey) < min(
            straight[1], between(points[e, 0], points[e, 1], points[e - 1, 0], points[e - 1, 1])
        ):
            return False
    px, py = points[s + i, 0], points[s + i, 1]
    for k in range(m + 1):
        x, y = (chain[k, 0], chain[k, 1]) if k < m else (points[s + j, 0], points[s + j, 1])
        if not is_clear(scene, px, py, x, y, me, reach):
            return False
        px, py = x, y
    return True


@compiled
def put(points, s, n, i, j, chain, m):
    """Put the m points of the chain between corners i and j; returns the new number of points."""
    by = m - (j - i - 1)
    move_points(points, s + j, s + n, by)
    copy_points(chain, 0, points, s + i + 1, m)
    return n + by


@compiled
def cut_across(scene, points, s, n, pinned, straight, me, reach, chain):
    """Replace corners by the straight way past them; returns the new number of points."""
    for i in range(n - 2):
        if i == 0 and pinned[0]:
            continue
        for j in range(min(n - 1, i + SPAN), i + 1, -1):
            if j == n - 1 and pinned[1]:
                continue
            if fits(scene, points, s, n, i, j, chain, 0, straight, me, reach):
                return put(points, s, n, i, j, chain, 0)
    return n


@compiled
def towards(points, a, p, b):
    """From corner p to the nearest place on the line a–b."""
    ux, uy = float(points[b, 0] - points[a, 0]), float(points[b, 1] - points[a, 1])
    t = ((points[p, 0] - points[a, 0]) * ux + (points[p, 1] - points[a, 1]) * uy) / max(ux * ux + uy * uy, 1.0)
    return points[a, 0] + t * ux - points[p, 0], points[a, 1] + t * uy - points[p, 1]


@compiled
def pull(scene, points, s, n, pinned, straight, me, reach, chain, least):
    """Pull corners to where the trace gets shorter; returns whether any moved."""
    moved = False
    for i in range(1, n - 1):
        if (i == 1 and pinned[0]) or (i == n - 2 and pinned[1]):
            continue
        a, p, b = s + i - 1, s + i, s + i + 1
        dx, dy = towards(points, a, p, b)
        old = between(points[a, 0], points[a, 1], points[p, 0], points[p, 1])
        old += between(points[p, 0], points[p, 1], points[b, 0], points[b, 1])
        share = 1.0
        for _ in range(STEPS):
            share *= 0.5
            chain[0, 0], chain[0, 1] = round(points[p, 0] + share * dx), round(points[p, 1] + share * dy)
            new = between(points[a, 0], points[a, 1], chain[0, 0], chain[0, 1])
            new += between(chain[0, 0], chain[0, 1], points[b, 0], points[b, 1])
            if new > old - least:
                break
            if fits(scene, points, s, n, i - 1, i + 1, chain, 1, straight, me, reach):
                points[p] = chain[0]
                moved = True
                break
    return moved


@compiled
def cut_corners(scene, points, s, n, most, straight, me, reach, chain, least):
    """Cut corners off as far as metal lets, equally far along both sides; returns the new number of points."""
    i = 1
    while i < n - 1 and n < most:
        a, p, b = s + i - 1, s + i, s + i + 1
        before = between(points[a, 0], points[a, 1], points[p, 0], points[p, 1])
        after = between(points[p, 0], points[p, 1], points[b, 0], points[b, 1])
        # The cut may take all of a side but what its other corner, or the pad, needs.
        room_a = before * 0.5 if i > 1 else before - straight[0]
        room_b = after * 0.5 if i < n - 2 else after - straight[1]
        t = min(room_a, room_b)
        for _ in range(STEPS):
            if t <= 0.0:
                break
            chain[0, 0] = round(points[p, 0] + t / before * (points[a, 0] - points[p, 0]))
            chain[0, 1] = round(points[p, 1] + t / before * (points[a, 1] - points[p, 1]))
            chain[1, 0] = round(points[p, 0] + t / after * (points[b, 0] - points[p, 0]))
            chain[1, 1] = round(points[p, 1] + t / after * (points[b, 1] - points[p, 1]))
            if 2 * t - between(chain[0, 0], chain[0, 1], chain[1, 0], chain[1, 1]) < least:
                break
            if fits(scene, points, s, n, i - 1, i + 1, chain, 2, straight, me, reach):
                n = put(points, s, n, i - 1, i + 1, chain, 2)
                i += 1
                break
            t *= 0.5
        i += 1
    return n


@compiled(nogil=True)
def taut_pass(scene, begin, way, rules, tried, reach):
    """One pass over the traces of a level from trace `begin` on, in order; each sees the others as they stand.

    As in `kernels.tighten`, but that `rules.straight` (n, 2) is the same in all directions. Returns how many changed,
    and the trace to go on with once the grid, found full, is filled again.
    """
    changed = 0
    me = np.zeros(FIELDS)
    chain = np.empty((2, 2), dtype=np.int64)
    points, start, count, straight = way.points, way.start, way.counts, rules.straight
    for k in range(begin, len(start)):
        s, n = start[k], count[k]
        if n < 3 or not has_turn(scene, k, points, s, n, tried):
            continue
        keep_from(rules.sizes[k], rules.nets[k], me)
        least = rules.sizes[k, ROUNDING] / 50.0
        pinned = rules.held[k] | rules.flat_sided[k]
        before = points[s : s + n].copy()
        for _ in range(ROUNDS):
            was = n
            n = cut_across(scene, points, s, n, pinned, straight[k], me, reach, chain)
            if n < was:
                continue
            moved = pull(scene, points, s, n, pinned, straight[k], me, reach, chain, least)
            n = cut_corners(scene, points, s, n, len(before) + ROOM, straight[k], me, reach, chain, least)
            if not moved and n == was:
                break
        if not differs(points, s, n, before):
            continue
        count[k] = n
        changed += 1
        if not move_trace(scene, k, before, points, s, n, rules.sizes[k], rules.nets[k], reach):
            return changed, k + 1
    return changed, len(start)
