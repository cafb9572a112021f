"""Whether a trace segment keeps its distance from real geometry, exact to the nanometre.

Obstacles as in `maze.kernels.static`: a core (box or segment) grown by an octagon and a circle.
"""

from __future__ import annotations

import numpy as np

from router.maze.kernels.compiled import kernel, part
from router.maze.kernels.octagon import SQRT_HALF, octagon_distance
from router.maze.kernels.static import BOX, SEGMENT, as_meant, core_offset

# How far out the corners of an octagon stand, in halves of its width.
CORNER = 1.0823922002923938
# Fields of the `size` of a figure, nm: what its core is grown by, an octagon and a circle; what its outline may stray;
# the spacing that it asks for; and its inset. Metal that counts as a circle falls short of it by that along the axes
# and diagonals: of two traces that lie beside a strip that is empty, both may fill their half of it.
FLAT, ROUNDING, SLACK, SPACING, INSET = range(5)
# Fields of `me`, what keeps from others: the same of it, half its width where it is drawn as an octagon, or else as a
# circle, and its net in the place of what it may stray.
OWN_FLAT, OWN_ROUNDING, OWN_SPACING, OWN_NET, OWN_INSET = range(5)
FIELDS = 5
NO_DISTANCE = -1.0


@part
def outset(size):
    """How far what is drawn may reach from its core, nm."""
    return size[FLAT] * CORNER + size[ROUNDING] + size[SLACK]


@part
def keep_from(size, net, me):
    """What a trace of this size and net keeps from others with, into `me`."""
    me[OWN_FLAT], me[OWN_ROUNDING], me[OWN_SPACING] = size[FLAT], size[ROUNDING], size[SPACING]
    me[OWN_NET], me[OWN_INSET] = net, size[INSET]


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
        dx, dy = as_meant(ax + t * ux - cx), as_meant(ay + t * uy - cy)
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
        gap = max(gap, (low - max(a, b)) * SQRT_HALF - slack, (min(a, b) - high) * SQRT_HALF - slack)
    return gap


@kernel
def excess(core, kind, size, ax, ay, bx, by, me, cap):
    """What a trace segment keeps from an obstacle more than it must, nm: negative where it is too near, at most `cap`;
    size (5,) of the obstacle, me (5,) of the trace."""
    inset = size[INSET] + me[OWN_INSET]
    room = excess_of_round(core, kind, size, ax, ay, bx, by, me, cap)
    if room < cap and inset > 0.0:
        need = 0.0 if size[SPACING] == NO_DISTANCE else max(me[OWN_SPACING], size[SPACING])
        gap = gap_between(core, kind, ax, ay, bx, by, size[SLACK])
        room = max(room, min(cap, gap - size[FLAT] - size[ROUNDING] - me[OWN_FLAT] - me[OWN_ROUNDING] + inset - need))
    return room


@part
def excess_of_round(core, kind, size, ax, ay, bx, by, me, cap):
    """The same with no regard to insets."""
    flat, rounding = size[FLAT] + me[OWN_FLAT], size[ROUNDING] + me[OWN_ROUNDING]
    need = 0.0 if size[SPACING] == NO_DISTANCE else max(me[OWN_SPACING], size[SPACING])
    reach = flat * CORNER + rounding + need + size[SLACK] + cap
    if min(core[0], core[2]) > max(ax, bx) + reach or max(core[0], core[2]) < min(ax, bx) - reach:
        return cap
    if min(core[1], core[3]) > max(ay, by) + reach or max(core[1], core[3]) < min(ay, by) - reach:
        return cap
    vx, vy, ends = nearest(core, kind, ax, ay, bx, by)
    least = np.sqrt(vx * vx + vy * vy) - flat * CORNER - rounding - size[SLACK] - need
    if least >= cap or ends:
        return min(least, cap)
    slack = 0.0 if vx == 0.0 or vy == 0.0 else size[SLACK]
    outside = octagon_distance(vx, vy, flat)
    if outside <= 0.0:
        return -1.0
    return min(outside - rounding - slack - need, cap)
