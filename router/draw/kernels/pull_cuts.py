"""Cuts moved to where the traces that they join run as a string would, at any angle."""

from __future__ import annotations

import numpy as np

from router.draw.kernels.clear import CORNER, OWN_FLAT, OWN_ROUNDING
from router.draw.kernels.junctions import may_move
from router.draw.kernels.move_junctions import may_stand, translate
from router.draw.kernels.scene import NOTHING, is_clear, move_trace
from router.draw.kernels.taut import between, gentle
from router.maze.kernels.compiled import part
from router.model.kernels import compiled

# Half as far each time, where metal is in the way.
STEPS = 5
# A cut moves for so much of the width of its traces, as corners do that are pulled.
LEAST = 0.01


@part
def next_to(traces, k, last, inwards):
    """The point of a trace so many places inwards from its first point, or its last, as its level has it."""
    p = traces.start[k] + (traces.counts[k] - 1 - inwards if last == 1 else inwards)
    return traces.points[p, 0] - traces.level[k] * traces.across, traces.points[p, 1]


@part
def nearest_between(px, py, qx, qy, x, y):
    """The place on the segment p–q that is nearest to (x, y)."""
    ux, uy = float(qx - px), float(qy - py)
    t = ((x - px) * ux + (y - py) * uy) / max(ux * ux + uy * uy, 1.0)
    t = min(max(t, 0.0), 1.0)
    return px + t * ux, py + t * uy


@part
def may_end(scene, traces, k, last, x, y, spacing):
    """Whether the end of a trace may move to (x, y): clear of others, with a gentle bend before it and a way out of the
    pad there that is long enough, and where it has no bend, by any direction at its other end."""
    px, py = next_to(traces, k, last, 1)
    if traces.flat_sided[k, last]:
        return False
    if traces.counts[k] == 2:
        if traces.held[k, 1 - last] or traces.flat_sided[k, 1 - last]:
            return False
    else:
        ox, oy = next_to(traces, k, last, 0)
        bx, by = next_to(traces, k, last, 2)
        straight = traces.straight[k, last]
        way_out = max(straight[0], straight[1], straight[2])
        if between(px, py, x, y) < min(way_out, between(px, py, ox, oy)):
            return False
        if not gentle(bx, by, px, py, x, y):
            return False
    if px == x and py == y:
        return False
    me, shift = traces.moving[k], traces.level[k] * traces.across
    reach = me[OWN_FLAT] * CORNER + me[OWN_ROUNDING] + spacing
    return is_clear(scene, px + shift, py, x + shift, y, me, reach)


@part
def best_place(scene, traces, junctions, group, spacing, nothing):
    """By how much the first of a group should move."""
    c = group[0]
    x, y = junctions.places[c]
    e = junctions.first_end[c]
    k, last_k = junctions.ends[e]
    m, last_m = junctions.ends[e + 1]
    px, py = next_to(traces, k, last_k, 1)
    qx, qy = next_to(traces, m, last_m, 1)
    tx, ty = nearest_between(px, py, qx, qy, x, y)
    price_k, price_m = traces.price[k], traces.price[m]
    old = price_k * between(px, py, x, y) + price_m * between(qx, qy, x, y)
    least = LEAST * (traces.moving[k, OWN_ROUNDING] + traces.moving[m, OWN_ROUNDING])
    share = 1.0
    for _ in range(STEPS):
        dx, dy = round(share * (tx - x)), round(share * (ty - y))
        share *= 0.5
        new = price_k * between(px, py, x + dx, y + dy) + price_m * between(qx, qy, x + dx, y + dy)
        if new > old - least:
            break
        if not may_move(junctions, group, 1, dx, dy):
            continue
        if not may_end(scene, traces, k, last_k, x + dx, y + dy, spacing):
            continue
        if not may_end(scene, traces, m, last_m, x + dx, y + dy, spacing):
            continue
        if may_stand(scene, traces, junctions, group, 1, dx, dy, False, spacing, nothing):
            return dx, dy
    return 0, 0


@compiled(nogil=True)
def pull_cuts(scene, traces, junctions, begin, spacing):
    """One pass over the junctions that move, of two traces each, from `begin` on, in order. spacing: the largest that
    any metal asks for, nm.

    Returns how many moved, and the junction to go on with once the grid, found full, is filled again.
    """
    moved = 0
    group = np.empty(1, dtype=np.int64)
    before = np.empty((traces.counts.max(), 2), dtype=np.int64)
    nothing = np.array(NOTHING)
    for c in range(begin, len(junctions.places)):
        if not junctions.moves[c]:
            continue
        group[0] = c
        dx, dy = best_place(scene, traces, junctions, group, spacing, nothing)
        if dx == 0 and dy == 0:
            continue
        moved += 1
        fits = True
        for e in range(junctions.first_end[c], junctions.first_end[c + 1]):
            k, last = junctions.ends[e]
            s, n = traces.start[k], traces.counts[k]
            before[:n] = traces.points[s : s + n]
            p = s + (n - 1) * last
            traces.points[p, 0] += dx
            traces.points[p, 1] += dy
            fits &= move_trace(scene, k, before[:n], traces.points, s, n, traces.sizes[k], traces.nets[k], spacing)
        for i in range(junctions.first_pad[c], junctions.first_pad[c + 1]):
            fits &= translate(scene, traces, junctions.pads[i], dx, dy, spacing, before)
        junctions.places[c, 0] += dx
        junctions.places[c, 1] += dy
        if not fits:
            return moved, c + 1
    return moved, len(junctions.places)
