"""Tightening of octilinear traces against real geometry: shortcuts and slides, exact to the nanometre.

Arrays of one level: `points` (M, 2) int64 holds all traces one after another, `start` and `count` (n,) say where;
`low`, `high` (M,) the range of original corners that a point stands for. Obstacles as in `kernels.clear`.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from router.draw.kernels.chain import along, drop_straight, heading, octile_length, reverse, turn
from router.draw.kernels.clear import gather, is_clear
from router.draw.kernels.straighten import SPAN, bends_in_pad, straighten

ROUNDS = 30


@njit(cache=True)
def shortcut(points, low, high, s, n, held_first, held_last, straight, half, spacing, cores, kinds, sizes, used):
    """Replace a stretch of corners by one diagonal and one straight run; returns the new number of points."""
    for i in range(n - 2):
        for j in range(min(n - 1, i + SPAN), i + 1, -1):
            a, b = s + i, s + j
            if high[b] - low[a] > SPAN:
                continue
            old = 0.0
            for p in range(a, b):
                old += octile_length(points[p + 1, 0] - points[p, 0], points[p + 1, 1] - points[p, 1])
            dx, dy = points[b, 0] - points[a, 0], points[b, 1] - points[a, 1]
            new = octile_length(dx, dy)
            if new > old - 0.5 and (j - i < 3 or new > old + 0.5):
                continue
            run = min(abs(dx), abs(dy))
            sx, sy = np.sign(dx), np.sign(dy)
            for variant in range(2):
                if variant == 0:
                    mx, my = points[a, 0] + sx * run, points[a, 1] + sy * run
                else:
                    mx, my = points[b, 0] - sx * run, points[b, 1] - sy * run
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
                    if turn(heading(points[a, 0] - points[a - 1, 0], points[a, 1] - points[a - 1, 1]), first) > 1:
                        continue
                elif held_first and first != heading(points[a + 1, 0] - points[a, 0], points[a + 1, 1] - points[a, 1]):
                    continue
                if j < n - 1:
                    if turn(last, heading(points[b + 1, 0] - points[b, 0], points[b + 1, 1] - points[b, 1])) > 1:
                        continue
                elif held_last and last != heading(points[b, 0] - points[b - 1, 0], points[b, 1] - points[b - 1, 1]):
                    continue
                # Without a bend between them, the corners next to the pads are the stretch's own ends.
                ax, ay, bx, by = mx, my, mx, my
                if bare:
                    ax, ay, bx, by = points[b, 0], points[b, 1], points[a, 0], points[a, 1]
                whole = bare and i == 0 and j == n - 1
                if i == 0 and not whole and bends_in_pad(points[a], ax, ay, points[a + 1], straight[0]):
                    continue
                if j == n - 1 and not whole and bends_in_pad(points[b], bx, by, points[b - 1], straight[1]):
                    continue
                if not is_clear(points[a, 0], points[a, 1], mx, my, half, spacing, cores, kinds, sizes, used):
                    continue
                if not is_clear(mx, my, points[b, 0], points[b, 1], half, spacing, cores, kinds, sizes, used):
                    continue
                at = a + 1
                if not bare:
                    points[at, 0], points[at, 1] = mx, my
                    low[at], high[at] = low[a], high[b]
                    at += 1
                gone = b - at
                if gone > 0:
                    for p in range(b, s + n):
                        points[p - gone] = points[p]
                        low[p - gone] = low[p]
                        high[p - gone] = high[p]
                return drop_straight(points, low, high, s, n - gone)
    return n


@njit(cache=True)
def slide(points, low, high, s, n, held_first, held_last, straight, half, spacing, cores, kinds, sizes, used):
    """Push a segment between two bends of the same sense inwards as far as it goes; returns (points, whether moved)."""
    for i in range(1, n - 2):
        p, q = s + i, s + i + 1
        if high[q + 1] - low[p - 1] > SPAN:
            continue
        ax, ay = points[p, 0] - points[p - 1, 0], points[p, 1] - points[p - 1, 1]
        bx, by = points[q, 0] - points[p, 0], points[q, 1] - points[p, 1]
        cx, cy = points[q + 1, 0] - points[q, 0], points[q + 1, 1] - points[q, 1]
        da, db, dc = heading(ax, ay), heading(bx, by), heading(cx, cy)
        if turn(da, db) != 1 or turn(db, dc) != 1 or turn(da, dc) != 2:
            continue
        run_a, run_c = max(abs(ax), abs(ay)), max(abs(cx), abs(cy))
        most = min(run_a, run_c)
        first, last = along(straight[0], ax, ay), along(straight[1], cx, cy)
        if i == 1 and run_a >= first:
            most = min(most, run_a - first)
        if i + 3 == n and run_c >= last:
            most = min(most, run_c - last)
        # The first and last corner of a trace keep their direction where they are held; the rest keeps turns of 45°.
        if most == run_a:
            blocked = held_first
            if i > 1:
                before = heading(points[p - 1, 0] - points[p - 2, 0], points[p - 1, 1] - points[p - 2, 1])
                blocked = turn(before, db) > 1
            if blocked:
                most -= 1
        if most == run_c:
            blocked = held_last
            if i + 3 < n:
                after = heading(points[q + 2, 0] - points[q + 1, 0], points[q + 2, 1] - points[q + 1, 1])
                blocked = turn(db, after) > 1
            if blocked:
                most -= 1
        ux, uy = np.sign(ax), np.sign(ay)
        vx, vy = np.sign(cx), np.sign(cy)
        shift, bottom = most, 0
        best = 0
        while shift > bottom:
            px, py = points[p, 0] - shift * ux, points[p, 1] - shift * uy
            qx, qy = points[q, 0] + shift * vx, points[q, 1] + shift * vy
            if is_clear(px, py, qx, qy, half, spacing, cores, kinds, sizes, used):
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
            low[p] = low[p - 1]
            high[q] = high[q + 1]
            high[p], low[q] = high[q], low[p]
            return drop_straight(points, low, high, s, n), True
    return n, False


@njit(cache=True, nogil=True)
def tighten_level(points, low, high, start, count, halves, spacings, nets, held, straight, flat_sided, near, near_at,
                  fixed_near, fixed_at, fixed_cores, fixed_kinds, fixed_sizes, fixed_nets, reach):  # fmt: skip
    """One pass over all traces of a level, in order; each sees the others as they stand. Returns how many changed.

    straight (n, 2) int64: how far (along an axis) a trace should leave its first and last pad before it bends;
    flat_sided (n, 2): pads that are to be left along an axis.
    """
    changed = 0
    for k in range(start.shape[0]):
        if count[k] < 3:
            continue
        cores, kinds, sizes, used = gather(
            k, points, start, count, halves, spacings, nets, near, near_at, fixed_near, fixed_at,
            fixed_cores, fixed_kinds, fixed_sizes, fixed_nets, reach,
        )  # fmt: skip
        any_change = False
        at, ways_out = start[k], straight[k]
        for _ in range(ROUNDS):
            n = shortcut(points, low, high, at, count[k], held[k, 0], held[k, 1], ways_out, halves[k],
                         spacings[k], cores, kinds, sizes, used)  # fmt: skip
            moved = n != count[k]
            count[k], slid = slide(points, low, high, at, n, held[k, 0], held[k, 1], ways_out, halves[k],
                                   spacings[k], cores, kinds, sizes, used)  # fmt: skip
            if not moved and not slid:
                break
            any_change = True
        for end in range(2):
            if ways_out[end] == 0:
                continue
            if end == 1:
                reverse(points, low, high, at, count[k])
            count[k] = straighten(points, low, high, at, count[k], ways_out[end], ways_out[1 - end],
                                  held[k, 1 - end], flat_sided[k, end], halves[k], spacings[k],
                                  cores, kinds, sizes, used)  # fmt: skip
            if end == 1:
                reverse(points, low, high, at, count[k])
        changed += any_change
    return changed
