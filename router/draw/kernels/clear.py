"""Whether a trace segment keeps its distance from real geometry, exact to the nanometre.

Obstacles as in `maze.kernels.static`: a core (box or segment) grown by an octagon and a circle.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from router.maze.kernels.octagon import octagon_distance
from router.maze.kernels.static import BOX, SEGMENT, core_offset

CORNER = 1.0823922002923938
NO_DISTANCE = -1.0


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
        outside = octagon_distance(vx, vy, flat)
        if outside <= 0.0 or outside - rounding - slack < need:
            return False
    return True


@njit(cache=True)
def chain_clear(chain, count, half, spacing, cores, kinds, sizes, used):
    for p in range(count - 1):
        if not is_clear(
            chain[p, 0], chain[p, 1], chain[p + 1, 0], chain[p + 1, 1], half, spacing, cores, kinds, sizes, used
        ):
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
