"""Tightening of traces at multiples of 45° or 90° against real geometry: shortcuts and slides, to the nanometre.

Passes go over the traces of one level: `way` says where they run, `rules` what each asks for, as `draw.scene` has them.
`points` (M, 2) int64 hold all traces one after another, of which one has `n` from `s` on.
"""

from __future__ import annotations

import numpy as np

from router.draw.kernels.chain import (
    bend_between,
    drop_straight,
    heading,
    length_of,
    move_points,
    octile_length,
    reverse,
    turn,
    way_out,
)
from router.draw.kernels.clear import FIELDS, OWN_FLAT, keep_from
from router.draw.kernels.scene import differs, has_turn, is_clear, move_trace
from router.draw.kernels.straighten import early_bend, straighten
from router.maze.kernels.compiled import part
from router.model.kernels import compiled

ROUNDS = 30
# A shortcut reaches over at most so many corners; longer ones come about in steps.
SPAN = 6
# Points by which a trace may grow in one pass: a jog moved out of each pad.
ROOM = 8


@part
def shortcut(scene, points, s, n, held_first, held_last, bend, me, reach):
    """Replace a stretch of corners by two runs with one bend; returns the new number of points."""
    for i in range(n - 2):
        for j in range(min(n - 1, i + SPAN), i + 1, -1):
            a, b = s + i, s + j
            old = length_of(points, a, j - i + 1)
            dx, dy = points[b, 0] - points[a, 0], points[b, 1] - points[a, 1]
            new = abs(dx) + abs(dy) if bend == 2 else octile_length(dx, dy)
            if new > old - 0.5 and (j - i < 3 or new > old + 0.5):
                continue
            for variant in range(2):
                mx, my = bend_between(points[a, 0], points[a, 1], points[b, 0], points[b, 1], variant, bend)
                first = heading(mx - points[a, 0], my - points[a, 1])
                last = heading(points[b, 0] - mx, points[b, 1] - my)
                bare = first == 8 or last == 8
                if bare and variant == 1:
                    break
                if first == 8:
                    first = last
                if last == 8:
                    last = first
                if i > 0:
                    if turn(heading(points[a, 0] - points[a - 1, 0], points[a, 1] - points[a - 1, 1]), first) > bend:
                        continue
                elif held_first and first != heading(points[a + 1, 0] - points[a, 0], points[a + 1, 1] - points[a, 1]):
                    continue
                if j < n - 1:
                    if turn(last, heading(points[b + 1, 0] - points[b, 0], points[b + 1, 1] - points[b, 1])) > bend:
                        continue
                elif held_last and last != heading(points[b, 0] - points[b - 1, 0], points[b, 1] - points[b - 1, 1]):
                    continue
                if not is_clear(scene, points[a, 0], points[a, 1], mx, my, me, reach):
                    continue
                if not is_clear(scene, mx, my, points[b, 0], points[b, 1], me, reach):
                    continue
                at = a + 1
                if not bare:
                    points[at, 0], points[at, 1] = mx, my
                    at += 1
                gone = b - at
                if gone > 0:
                    move_points(points, b, s + n, -gone)
                return drop_straight(points, s, n - gone)
    return n


@part
def slide(scene, points, s, n, held_first, held_last, straight, bend, me, reach):
    """Push a segment between two bends of the same sense inwards as far as it goes; returns (points, whether moved)."""
    for i in range(1, n - 2):
        p, q = s + i, s + i + 1
        ax, ay = points[p, 0] - points[p - 1, 0], points[p, 1] - points[p - 1, 1]
        bx, by = points[q, 0] - points[p, 0], points[q, 1] - points[p, 1]
        cx, cy = points[q + 1, 0] - points[q, 0], points[q + 1, 1] - points[q, 1]
        da, db, dc = heading(ax, ay), heading(bx, by), heading(cx, cy)
        if turn(da, db) != bend or turn(db, dc) != bend or turn(da, dc) != 2 * bend:
            continue
        run_a, run_c = max(abs(ax), abs(ay)), max(abs(cx), abs(cy))
        most = min(run_a, run_c)
        first, last = way_out(straight[0], ax, ay), way_out(straight[1], cx, cy)
        if i == 1 and run_a >= first:
            most = min(most, run_a - first)
        if i + 3 == n and run_c >= last:
            most = min(most, run_c - last)
        # The first and last corner of a trace keep their direction where they are held; the rest keeps its turns. What
        # is left of a run for that is half as long as the trace is wide: a nanometre of it would bend at a right angle.
        stub = int(me[OWN_FLAT])
        if most > run_a - stub:
            blocked = held_first
            if i > 1:
                before = heading(points[p - 1, 0] - points[p - 2, 0], points[p - 1, 1] - points[p - 2, 1])
                blocked = turn(before, db) > bend
            if blocked:
                most = run_a - stub
        if most > run_c - stub:
            blocked = held_last
            if i + 3 < n:
                after = heading(points[q + 2, 0] - points[q + 1, 0], points[q + 2, 1] - points[q + 1, 1])
                blocked = turn(db, after) > bend
            if blocked:
                most = run_c - stub
        ux, uy = np.sign(ax), np.sign(ay)
        vx, vy = np.sign(cx), np.sign(cy)
        shift, bottom = most, 0
        best = 0
        while shift > bottom:
            px, py = points[p, 0] - shift * ux, points[p, 1] - shift * uy
            qx, qy = points[q, 0] + shift * vx, points[q, 1] + shift * vy
            if is_clear(scene, px, py, qx, qy, me, reach):
                best = bottom = shift
                if shift == most:
                    break
                shift = (bottom + most + 1) // 2
            else:
                most = shift - 1
                shift = (bottom + most + 1) // 2
        if best > 1:
            points[p, 0] -= best * ux
            points[p, 1] -= best * uy
            points[q, 0] += best * vx
            points[q, 1] += best * vy
            return drop_straight(points, s, n), True
    return n, False


@part
def cost(points, s, n, straight, flat_sided, half):
    """What tightening makes less of: length, corners, and ways out of pads that bend sooner than they should."""
    total = n + length_of(points, s, n)
    for end in range(2):
        total += early_bend(points, s, n, end == 1, straight[end], flat_sided[end], half)
    return total


@compiled
def tighten_trace(scene, points, s, n, held, straight, flat_sided, bend, me, reach):
    """Tighten one trace until nothing more can be gained, then its ways out of its pads; returns its points."""
    for _ in range(ROUNDS):
        fewer = shortcut(scene, points, s, n, held[0], held[1], bend, me, reach)
        moved = fewer != n
        n, slid = slide(scene, points, s, fewer, held[0], held[1], straight, bend, me, reach)
        if not moved and not slid:
            break
    for end in range(2):
        if straight[end, 0] == 0:
            continue
        if end == 1:
            reverse(points, s, n)
        n = straighten(
            scene, points, s, n, straight[end], straight[1 - end], held[1 - end], flat_sided[end], bend, me, reach
        )
        if end == 1:
            reverse(points, s, n)
    return n


@compiled
def tighten_amid(scene, points, s, n, bend, me, reach):
    """Tighten a trace but for its first and last segment; returns its points."""
    last = points[s + n - 1].copy()
    held, pads = np.ones(2, dtype=np.bool_), np.zeros((2, 3), dtype=np.int64)
    m = tighten_trace(scene, points, s + 1, n - 2, held, pads, ~held, bend, me, reach)
    points[s + 1 + m] = last
    return m + 2


@compiled(nogil=True)
def tighten_pass(scene, begin, way, rules, bend, tried, reach):
    """One pass over the traces of a level from trace `begin` on, in order; each sees the others as they stand.

    bend: the turn at a bend, in units of 45°; tried (n,): when a trace was tried last. Those with nothing new around
    them are left out. Returns how many changed, and the trace to go on with once the grid, found full, is filled again.
    """
    changed = 0
    me = np.zeros(FIELDS)
    points, start, count = way.points, way.start, way.counts
    held, straight, flat_sided = rules.held, rules.straight, rules.flat_sided
    for k in range(begin, len(start)):
        s, n = start[k], count[k]
        if n < 3 or not has_turn(scene, k, points, s, n, tried):
            continue
        keep_from(rules.sizes[k], rules.nets[k], me)
        before = points[s : s + n].copy()
        count[k] = tighten_trace(scene, points, s, n, held[k], straight[k], flat_sided[k], bend, me, reach)
        # Each trace only ever gets better, so that passes come to an end. Where its ways out of its pads would get
        # worse, they stay.
        best = cost(before, 0, n, straight[k], flat_sided[k], me[OWN_FLAT]) - 0.5
        if n > 4 and cost(points, s, count[k], straight[k], flat_sided[k], me[OWN_FLAT]) > best:
            points[s : s + n] = before
            count[k] = tighten_amid(scene, points, s, n, bend, me, reach)
        if cost(points, s, count[k], straight[k], flat_sided[k], me[OWN_FLAT]) > best:
            points[s : s + n], count[k] = before, n
        if not differs(points, s, count[k], before):
            continue
        changed += 1
        if not move_trace(scene, k, before, points, s, count[k], rules.sizes[k], rules.nets[k], reach):
            return changed, k + 1
    return changed, len(start)
