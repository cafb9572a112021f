"""Tightening of octilinear traces against real geometry: shortcuts and slides, exact to the nanometre.

Arrays of one level: `points` (M, 2) int64 holds all traces one after another, `start` and `count` (n,) say where;
`low`, `high` (M,) the range of original corners that a point stands for. Obstacles as in `maze.kernels.static`: a core
(box or segment) grown by an octagon and a circle.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from router.maze.kernels.octagon import octagon_distance
from router.maze.kernels.static import BOX, SEGMENT, core_offset

# A change may reach over this many original corners; obstacles are looked up for that span.
SPAN = 6
ROUNDS = 30
CORNER = 1.0823922002923938
NO_DISTANCE = -1.0


@njit(cache=True)
def heading(dx, dy):
    """Direction 0..7 of an octilinear vector; 8 for none."""
    if dx > 0:
        return 1 if dy > 0 else (7 if dy < 0 else 0)
    if dx < 0:
        return 3 if dy > 0 else (5 if dy < 0 else 4)
    return 2 if dy > 0 else (6 if dy < 0 else 8)


@njit(cache=True)
def turn(a, b):
    """Turn between two directions in units of 45°, 0..4."""
    d = (a - b) & 7
    return min(d, 8 - d)


@njit(cache=True)
def octile_length(dx, dy):
    ax, ay = abs(dx), abs(dy)
    return max(ax, ay) + 0.41421356237309503 * min(ax, ay)


@njit(cache=True)
def nearest(core, kind, ax, ay, bx, by):
    """Shortest vector from a core to the segment a–b, and whether it meets that segment at an end point of both."""
    best = 1e300
    vx, vy = 0.0, 0.0
    ends = True
    for k in range(2):
        px, py = (ax, ay) if k == 0 else (bx, by)
        dx, dy = core_offset(core, kind, px, py)
        if dx * dx + dy * dy < best:
            best = dx * dx + dy * dy
            vx, vy = dx, dy
            qx, qy = px - dx, py - dy
            corner_x = qx == core[0] or qx == core[2]
            corner_y = qy == core[1] or qy == core[3]
            ends = corner_x and corner_y if kind == BOX else dx != 0.0 and dy != 0.0 and abs(dx) != abs(dy)
    ux, uy = bx - ax, by - ay
    length = ux * ux + uy * uy
    if length == 0.0:
        return vx, vy, ends
    for k in range(4):
        cx = core[0] if k & 1 == 0 else core[2]
        cy = core[1] if k & 2 == 0 else core[3]
        if kind == SEGMENT and k in (1, 2):
            continue
        if kind == SEGMENT and k == 3:
            cx, cy = core[2], core[3]
        t = ((cx - ax) * ux + (cy - ay) * uy) / length
        if t <= 0.0 or t >= 1.0:
            continue
        dx, dy = ax + t * ux - cx, ay + t * uy - cy
        if dx * dx + dy * dy < best:
            best = dx * dx + dy * dy
            vx, vy = dx, dy
            ends = False
    if crosses(core, kind, ax, ay, bx, by):
        return 0.0, 0.0, False
    return vx, vy, ends


@njit(cache=True)
def crosses(core, kind, ax, ay, bx, by):
    """Whether the segment a–b meets the core's own segment, or a diagonal of its box."""
    for k in range(2 if kind == BOX else 1):
        cx, cy, dx, dy = core[0], core[1], core[2], core[3]
        if k == 1:
            cy, dy = dy, cy
        d1 = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
        d2 = (bx - ax) * (dy - ay) - (by - ay) * (dx - ax)
        d3 = (dx - cx) * (ay - cy) - (dy - cy) * (ax - cx)
        d4 = (dx - cx) * (by - cy) - (dy - cy) * (bx - cx)
        if d1 * d2 < 0.0 and d3 * d4 < 0.0:
            return True
    return False


@njit(cache=True)
def is_clear(ax, ay, bx, by, half, spacing, cores, kinds, sizes, count):
    """Whether a trace segment keeps its distance from all obstacles. sizes (n, 4): flat, rounding, slack, spacing."""
    x0, x1 = min(ax, bx), max(ax, bx)
    y0, y1 = min(ay, by), max(ay, by)
    for k in range(count):
        flat = sizes[k, 0] + half
        rounding = sizes[k, 1]
        need = 0.0 if sizes[k, 3] == NO_DISTANCE else max(spacing, sizes[k, 3])
        reach = flat * CORNER + rounding + need + sizes[k, 2]
        if min(cores[k, 0], cores[k, 2]) > x1 + reach or max(cores[k, 0], cores[k, 2]) < x0 - reach:
            continue
        if min(cores[k, 1], cores[k, 3]) > y1 + reach or max(cores[k, 1], cores[k, 3]) < y0 - reach:
            continue
        vx, vy, ends = nearest(cores[k], kinds[k], ax, ay, bx, by)
        plain = np.sqrt(vx * vx + vy * vy)
        if plain - flat * CORNER - rounding - sizes[k, 2] >= need:
            continue
        if ends:
            return False
        slack = 0.0 if vx == 0.0 or vy == 0.0 else sizes[k, 2]
        if octagon_distance(vx, vy, flat) - rounding - slack < need:
            return False
    return True


@njit(cache=True)
def gather(k, points, start, count, halves, spacings, nets, near, near_at, fixed_near, fixed_at,
           fixed_cores, fixed_kinds, fixed_sizes, fixed_nets, reach):  # fmt: skip
    """Obstacles of trace k as they stand now: segments of its neighbours, and static metal of other nets."""
    room = fixed_at[k + 1] - fixed_at[k]
    for i in range(near_at[k], near_at[k + 1]):
        room += count[near[i]]
    cores = np.empty((room, 4))
    kinds = np.empty(room, dtype=np.int64)
    sizes = np.empty((room, 4))
    s, n = start[k], count[k]
    x0, x1 = points[s : s + n, 0].min() - reach, points[s : s + n, 0].max() + reach
    y0, y1 = points[s : s + n, 1].min() - reach, points[s : s + n, 1].max() + reach
    used = 0
    for i in range(near_at[k], near_at[k + 1]):
        other = near[i]
        if nets[other] == nets[k]:
            continue
        for p in range(start[other], start[other] + count[other] - 1):
            ax, ay, bx, by = points[p, 0], points[p, 1], points[p + 1, 0], points[p + 1, 1]
            if max(ax, bx) < x0 or min(ax, bx) > x1 or max(ay, by) < y0 or min(ay, by) > y1:
                continue
            cores[used, 0], cores[used, 1], cores[used, 2], cores[used, 3] = ax, ay, bx, by
            kinds[used] = SEGMENT
            sizes[used, 0], sizes[used, 1], sizes[used, 2], sizes[used, 3] = halves[other], 0.0, 4.0, spacings[other]
            used += 1
    for i in range(fixed_at[k], fixed_at[k + 1]):
        f = fixed_near[i]
        if fixed_nets[f] == nets[k]:
            continue
        cores[used] = fixed_cores[f]
        kinds[used] = fixed_kinds[f]
        sizes[used] = fixed_sizes[f]
        used += 1
    return cores, kinds, sizes, used


@njit(cache=True)
def along(length, dx, dy):
    """Steps of the direction (dx, dy) that cover a length: fewer on a diagonal."""
    return int(np.ceil(length * 0.70710678)) if dx != 0 and dy != 0 else int(length)


@njit(cache=True)
def bends_in_pad(end, mx, my, old, straight):
    """Whether a new first corner (mx, my) lies within the pad at `end` though the old one did not."""
    near = octile_length(mx - end[0], my - end[1]) < straight
    return near and octile_length(old[0] - end[0], old[1] - end[1]) >= straight


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
                if i == 0 and bends_in_pad(points[a], mx, my, points[a + 1], straight[0]):
                    continue
                if j == n - 1 and bends_in_pad(points[b], mx, my, points[b - 1], straight[1]):
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
def drop_straight(points, low, high, s, n):
    """Take out repeated points and corners without a turn; returns the new number of points."""
    kept = 1
    for p in range(1, n):
        x, y = points[s + p, 0], points[s + p, 1]
        if x == points[s + kept - 1, 0] and y == points[s + kept - 1, 1]:
            high[s + kept - 1] = max(high[s + kept - 1], high[s + p])
            low[s + kept - 1] = min(low[s + kept - 1], low[s + p])
            continue
        if kept > 1:
            before = heading(
                points[s + kept - 1, 0] - points[s + kept - 2, 0], points[s + kept - 1, 1] - points[s + kept - 2, 1]
            )
            if before == heading(x - points[s + kept - 1, 0], y - points[s + kept - 1, 1]):
                kept -= 1
        points[s + kept, 0], points[s + kept, 1] = x, y
        low[s + kept], high[s + kept] = low[s + p], high[s + p]
        kept += 1
    return kept


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


@njit(cache=True)
def reverse(points, low, high, s, n):
    """Turn a trace round in place."""
    for p in range(n // 2):
        a, b = s + p, s + n - 1 - p
        for axis in range(2):
            points[a, axis], points[b, axis] = points[b, axis], points[a, axis]
        low[a], low[b] = low[b], low[a]
        high[a], high[b] = high[b], high[a]


@njit(cache=True)
def chain_clear(chain, count, half, spacing, cores, kinds, sizes, used):
    for p in range(count - 1):
        if not is_clear(
            chain[p, 0], chain[p, 1], chain[p + 1, 0], chain[p + 1, 1], half, spacing, cores, kinds, sizes, used
        ):
            return False
    return True


@njit(cache=True)
def straighten(points, low, high, s, n, straight, far_straight, far_held, flat_sided, half, spacing,
               cores, kinds, sizes, used):  # fmt: skip
    """Let a trace leave its first pad in a straight line from the centre; returns the new number of points.

    A bend within or close to the pad makes a notch beside it. In order of preference: the first run is dropped, moved
    out along the second one, or lengthened. `far_straight`, `far_held`: what the other end asks for. At least four
    points of room must follow the trace.
    """
    chain = np.empty((4, 2), dtype=np.int64)
    for _ in range(3):
        if n < 3:
            return n
        ax, ay = points[s + 1, 0] - points[s, 0], points[s + 1, 1] - points[s, 1]
        bx, by = points[s + 2, 0] - points[s + 1, 0], points[s + 2, 1] - points[s + 1, 1]
        run_a, run_b = max(abs(ax), abs(ay)), max(abs(bx), abs(by))
        straight_a, straight_b = along(straight, ax, ay), along(straight, bx, by)
        slanted = flat_sided and ax != 0 and ay != 0
        b_leaves = not (flat_sided and bx != 0 and by != 0)
        if not slanted and (run_a >= straight_a or not flat_sided and run_a * 0.7072 < 0.35 * half):
            return n
        cx = cy = run_c = 0
        same_sense = -1
        if n > 3 and high[s + 3] - low[s] <= SPAN:
            cx, cy = points[s + 3, 0] - points[s + 2, 0], points[s + 3, 1] - points[s + 2, 1]
            run_c = max(abs(cx), abs(cy))
            same_sense = turn(heading(ax, ay), heading(cx, cy))
        gx, gy = np.sign(cx), np.sign(cy)
        chain[0] = points[s]
        first, last = low[s], high[min(s + 3, s + n - 1)]
        length = 0
        if b_leaves and same_sense in (0, 2):
            shift = run_a if same_sense == 2 else -run_a
            if shift < run_c:
                chain[1, 0], chain[1, 1] = points[s + 2, 0] + shift * gx, points[s + 2, 1] + shift * gy
                chain[2] = points[s + 3]
                length = 3 if chain_clear(chain, 3, half, spacing, cores, kinds, sizes, used) else 0
        if (
            length == 0
            and n == 3
            and b_leaves
            and not far_held
            and run_b >= straight_b
            and high[s + 2] - low[s] <= SPAN
        ):
            if run_a >= along(far_straight, ax, ay):
                chain[1, 0], chain[1, 1] = points[s, 0] + bx, points[s, 1] + by
                chain[2] = points[s + 2]
                length = 3 if chain_clear(chain, 3, half, spacing, cores, kinds, sizes, used) else 0
        if length == 0 and b_leaves and run_b > straight_b and high[s + 2] - low[s] <= SPAN:
            for t in (straight_b, (straight_b + run_b) // 2, run_b - straight_b):
                if t < straight_b or t >= run_b:
                    continue
                chain[1, 0], chain[1, 1] = points[s, 0] + t * np.sign(bx), points[s, 1] + t * np.sign(by)
                chain[2, 0], chain[2, 1] = chain[1, 0] + ax, chain[1, 1] + ay
                chain[3] = points[s + 2]
                if chain_clear(chain, 4, half, spacing, cores, kinds, sizes, used):
                    last = high[s + 2]
                    n = replace_head(points, low, high, s, n, 2, chain, 4, first, last)
                    break
            else:
                t = 0
            if t > 0:
                continue
        by_run = straight_a - run_a
        if length == 0 and not slanted and same_sense == 0 and by_run < run_c:
            chain[1, 0], chain[1, 1] = points[s, 0] + straight_a * np.sign(ax), points[s, 1] + straight_a * np.sign(ay)
            chain[2, 0], chain[2, 1] = points[s + 2, 0] + by_run * gx, points[s + 2, 1] + by_run * gy
            chain[3] = points[s + 3]
            length = 4 if chain_clear(chain, 4, half, spacing, cores, kinds, sizes, used) else 0
        if length == 0:
            return n
        n = replace_head(points, low, high, s, n, min(3, n - 1), chain, length, first, last)
    return n


@njit(cache=True)
def replace_head(points, low, high, s, n, upto, chain, length, first, last):
    """Put `length` points of the chain in the place of points 0 to `upto`; returns the new number of points."""
    by = length - 1 - upto
    if by > 0:
        for p in range(s + n - 1, s + upto, -1):
            points[p + by] = points[p]
            low[p + by], high[p + by] = low[p], high[p]
    elif by < 0:
        for p in range(s + upto + 1, s + n):
            points[p + by] = points[p]
            low[p + by], high[p + by] = low[p], high[p]
    end_low, end_high = low[s + upto], high[s + upto]
    for p in range(1, length):
        points[s + p] = chain[p]
        low[s + p], high[s + p] = first, last
    if by != 0:
        end_low, end_high = min(end_low, last), max(end_high, last)
    low[s + length - 1], high[s + length - 1] = end_low, end_high
    return drop_straight(points, low, high, s, n + by)


@njit(cache=True)
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
        for _ in range(ROUNDS):
            n = shortcut(points, low, high, start[k], count[k], held[k, 0], held[k, 1], straight[k], halves[k], spacings[k],
                         cores, kinds, sizes, used)  # fmt: skip
            moved = n != count[k]
            count[k] = n
            n, slid = slide(points, low, high, start[k], count[k], held[k, 0], held[k, 1], straight[k], halves[k], spacings[k],
                            cores, kinds, sizes, used)  # fmt: skip
            count[k] = n
            if not moved and not slid:
                break
            any_change = True
        for end in range(2):
            if straight[k, end] > 0:
                if end == 1:
                    reverse(points, low, high, start[k], count[k])
                count[k] = straighten(points, low, high, start[k], count[k], straight[k, end], straight[k, 1 - end],
                                      held[k, 1 - end], flat_sided[k, end], halves[k], spacings[k], cores, kinds, sizes, used)  # fmt: skip
                if end == 1:
                    reverse(points, low, high, start[k], count[k])
        changed += any_change
    return changed
