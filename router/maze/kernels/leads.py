"""How far a trace leads straight out of a land before it goes on along a line of the lattice."""

from __future__ import annotations

import numpy as np

from router.maze.kernels.compiled import kernel, part
from router.maze.kernels.static import gap, steps_too_near
from router.model.kernels import compiled

# Columns of standing metal: see `is_clear`.
KIND, FLAT, ROUNDING, SLACK = 4, 5, 6, 7
# Halvings after which the place on a run that is nearest to a core is known to the nanometre.
HALVINGS = 24


@part
def nearest_gap(core, kind, ax, ay, bx, by, flat, rounding, slack):
    """The least gap, as `static.gap`, of a class that moves from a to b: outlines are convex, so there is one least."""
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        t = (low + high) / 2
        step = min(1e-6, (high - low) / 4)
        before = gap(core, kind, ax + (t - step) * (bx - ax), ay + (t - step) * (by - ay), flat, rounding, slack)
        after = gap(core, kind, ax + (t + step) * (bx - ax), ay + (t + step) * (by - ay), flat, rounding, slack)
        if before < after:
            high = t
        else:
            low = t
    ends = min(gap(core, kind, ax, ay, flat, rounding, slack), gap(core, kind, bx, by, flat, rounding, slack))
    amid = gap(core, kind, ax + low * (bx - ax), ay + low * (by - ay), flat, rounding, slack)
    return min(ends, amid)


@part
def is_clear(standing, distances, half, ax, ay, bx, by):
    """Whether a trace of `half` the width keeps its distances (n,) on the way from a to b, nm.

    standing (n, 8) float64: metal as its core (4), the kind of that, the octagon and the circle that it is grown by,
    nm, and the slack of its outline, with that of the trace, nm, as in `static.gap`.
    """
    for i in range(standing.shape[0]):
        metal = standing[i]
        flat, rounding = metal[FLAT] + half, metal[ROUNDING]
        reach = (flat + rounding) * 1.09 + distances[i]
        if min(metal[0], metal[2]) - reach > max(ax, bx) or max(metal[0], metal[2]) + reach < min(ax, bx):
            continue
        if min(metal[1], metal[3]) - reach > max(ay, by) or max(metal[1], metal[3]) + reach < min(ay, by):
            continue
        kind = int(metal[KIND])
        if nearest_gap(metal, kind, ax, ay, bx, by, flat, rounding, metal[SLACK]) < distances[i]:
            return False
    return True


@part
def is_open(standing, distances, half, x, y, pitch):
    """Whether a node of a lattice stays open for a trace beside metal, as `static.paint_obstacles` has it. standing,
    distances, half: as in `is_clear`."""
    for i in range(standing.shape[0]):
        metal = standing[i]
        flat, rounding, shell = metal[FLAT] + half, metal[ROUNDING], distances[i] + pitch
        reach = (flat + rounding) * 1.09 + shell
        if min(metal[0], metal[2]) - reach > x or max(metal[0], metal[2]) + reach < x:
            continue
        if min(metal[1], metal[3]) - reach > y or max(metal[1], metal[3]) + reach < y:
            continue
        kind, slack = int(metal[KIND]), metal[SLACK]
        here = gap(metal, kind, x, y, flat, rounding, slack)
        if here < distances[i] or (
            here < shell and steps_too_near(metal, kind, x, y, pitch, here, flat, rounding, slack, distances[i])
        ):
            return False
    return True


@kernel
def lead_out(standing, distances, half, x, y, ux, uy, aside, first, pitch, bend, steps, ahead):
    """How far from a land's centre (x, y) along (ux, uy) the node lies to which a trace best leads; -1 for none. nm.

    The trace turns there onto a line that lies `aside` of the centre (along the axis across, signed), on a level that
    turns by `bend`. Nodes lie `pitch` apart, the nearest `first` from the centre; `steps` of them are tried. The best
    is the nearest from which nodes stay open straight on as far as from any, of at most `ahead` steps.
    standing, distances, half: as in `is_clear`.
    """
    vx, vy = abs(uy), abs(ux)
    turn = abs(aside) if bend == 1 else 0
    best, most, gone = -1, -1, 0
    for k in range(steps):
        along = first + k * pitch
        corner = along - turn
        if corner < 0:
            continue
        if not is_clear(standing, distances, half, x + gone * ux, y + gone * uy, x + corner * ux, y + corner * uy):
            break
        gone = corner
        px, py = x + along * ux + aside * vx, y + along * uy + aside * vy
        if not is_open(standing, distances, half, px, py, pitch) or not is_clear(
            standing, distances, half, x + corner * ux, y + corner * uy, px, py
        ):
            continue
        run = 0
        while run < ahead and is_open(
            standing, distances, half, px + (run + 1) * pitch * ux, py + (run + 1) * pitch * uy, pitch
        ):
            run += 1
        if run > most:
            best, most = along, run
        if most == ahead:
            break
    return best


@compiled
def keeps_off(standing, distances, half, points):
    """Whether a trace along points (n, 2) keeps its distances: see `is_clear`."""
    for k in range(points.shape[0]):
        a, b = points[max(k - 1, 0)], points[k]
        if not is_clear(standing, distances, half, a[0], a[1], b[0], b[1]):
            return False
    return True


@compiled
def straight_out(standing, distances, half, x, y, lengths):
    """Along which of the directions 0 to 3 (x, y, −x, −y) a trace leads straight out of a land for so far, (4,) nm."""
    found = np.zeros(4, dtype=np.bool_)
    for k in range(4):
        ux, uy = (1, 0, -1, 0)[k], (0, 1, 0, -1)[k]
        found[k] = is_clear(standing, distances, half, x, y, x + lengths[k] * ux, y + lengths[k] * uy)
    return found
