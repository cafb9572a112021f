"""Whether a trace segment keeps its distance from real geometry, exact to the nanometre.

Obstacles as in `maze.kernels.static`: a core (box or segment) grown by an octagon and a circle.
"""

from __future__ import annotations

import numpy as np

from router.maze.kernels.compiled import kernel, part
from router.maze.kernels.octagon import octagon_distance
from router.maze.kernels.static import BOX, SEGMENT, core_offset

CORNER = 1.0823922002923938
# How many figures `size` and `me` of `excess` have.
FIELDS = 5
NO_DISTANCE = -1.0
SLANT = 0.7071067811865476


@part
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


@part
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


@part
def gap_between(core, kind, ax, ay, bx, by, slack):
    """The widest empty strip along an axis or a diagonal between a core and the segment a–b, nm, negative where there
    is none; less `slack` where it is a diagonal."""
    x0, y0, x1, y1 = core[0], core[1], core[2], core[3]
    gap = max(min(x0, x1) - max(ax, bx), min(ax, bx) - max(x0, x1))
    gap = max(gap, min(y0, y1) - max(ay, by), min(ay, by) - max(y0, y1))
    for sign in (-1.0, 1.0):
        low, high = min(x0 + sign * y0, x1 + sign * y1), max(x0 + sign * y0, x1 + sign * y1)
        if kind == BOX:
            low = min(low, x0 + sign * y1, x1 + sign * y0)
            high = max(high, x0 + sign * y1, x1 + sign * y0)
        a, b = ax + sign * ay, bx + sign * by
        gap = max(gap, (low - max(a, b)) * SLANT - slack, (min(a, b) - high) * SLANT - slack)
    return gap


@kernel
def excess(core, kind, size, ax, ay, bx, by, me, cap):
    """What a trace segment keeps from an obstacle more than it must, nm: negative where it is too near, at most `cap`.

    size (5,): flat, rounding, slack, spacing, inset; me (5,): half the width where the trace is drawn as an octagon, or
    else as a circle, its spacing, its net, its inset. The inset is what metal that counts as a circle falls short of it
    along the axes and diagonals: of two traces that lie beside a strip that is empty, both may fill their half of it.
    """
    inset = size[4] + me[4]
    room = excess_of_round(core, kind, size, ax, ay, bx, by, me, cap)
    if room < cap and inset > 0.0:
        need = 0.0 if size[3] == NO_DISTANCE else max(me[2], size[3])
        gap = gap_between(core, kind, ax, ay, bx, by, size[2])
        room = max(room, min(cap, gap - size[0] - size[1] - me[0] - me[1] + inset - need))
    return room


@part
def excess_of_round(core, kind, size, ax, ay, bx, by, me, cap):
    """The same with no regard to insets."""
    flat, rounding = size[0] + me[0], size[1] + me[1]
    need = 0.0 if size[3] == NO_DISTANCE else max(me[2], size[3])
    reach = flat * CORNER + rounding + need + size[2] + cap
    if min(core[0], core[2]) > max(ax, bx) + reach or max(core[0], core[2]) < min(ax, bx) - reach:
        return cap
    if min(core[1], core[3]) > max(ay, by) + reach or max(core[1], core[3]) < min(ay, by) - reach:
        return cap
    vx, vy, ends = nearest(core, kind, ax, ay, bx, by)
    least = np.sqrt(vx * vx + vy * vy) - flat * CORNER - rounding - size[2] - need
    if least >= cap or ends:
        return min(least, cap)
    slack = 0.0 if vx == 0.0 or vy == 0.0 else size[2]
    outside = octagon_distance(vx, vy, flat)
    if outside <= 0.0:
        return -1.0
    return min(outside - rounding - slack - need, cap)
