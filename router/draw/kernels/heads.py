"""New ways of traces whose first or last point moves."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from router.draw.kernels.chain import (
    bend_between,
    copy_points,
    drop_straight,
    heading,
    length_of,
    octile_length,
    reverse,
    turn,
)
from router.draw.kernels.clear import CORNER, FLAT, OWN_FLAT, OWN_ROUNDING
from router.draw.kernels.scene import is_clear
from router.draw.kernels.straighten import early_bend
from router.maze.kernels.compiled import part

# A new way leads, with one bend at most, to one of so many points of the old.
SPAN = 4
# What a trace costs within a land, where it is hardly seen, for each nanometre of it; and what it costs more where the
# way leads on from its cut within 45° of the same direction: from the centre of the land it would be as long.
HIDDEN = 0.6
AWAY = 0.7


class Traces(NamedTuple):
    """The traces of all levels (n), and behind them the capture pads, as chains of points too: arrays as
    `draw.scene` has them; from `held` to `corner`, and `moving`, of traces alone."""

    points: NDArray[np.int64]
    start: NDArray[np.int64]
    counts: NDArray[np.int64]
    sizes: NDArray[np.float64]
    nets: NDArray[np.int64]
    level: NDArray[np.int64]
    held: NDArray[np.bool_]
    straight: NDArray[np.int64]
    flat_sided: NDArray[np.bool_]
    hidden: NDArray[np.int64]  # (n, 2) how far from its first and last point a trace runs within a land, nm
    price: NDArray[np.float64]  # (n,) of each nanometre: 1 on levels that its net may use
    corner: NDArray[np.float64]  # (n,) what each point costs, as nanometres
    bends: NDArray[np.int64]  # (levels,) the turn at a bend, in units of 45°
    # Each as what it keeps from is asked for: `me` of `kernels.clear` (n, 5).
    moving: NDArray[np.float64]
    across: int  # what stands on a level is farther right by so much for each below it, nm


@part
def chain_cost(traces, k, chain, s, n, turned):
    """What a trace costs if it takes the way of a chain, from its last point to its first if `turned`: its length at
    the price of its level, its points, and ways out of pads that bend sooner than they should."""
    if is_hidden(traces, k, chain, s, n, turned):
        return HIDDEN * length_of(chain, s, n)
    first = 1 if turned else 0
    half = traces.sizes[k, FLAT]
    total = traces.corner[k] * n + traces.price[k] * length_of(chain, s, n)
    for end in range(2):
        straight, flat_sided = traces.straight[k, end], traces.flat_sided[k, end]
        total += early_bend(chain, s, n, end != first, straight, flat_sided, half)
    return total


@part
def is_hidden(traces, k, chain, s, n, turned):
    """Whether a trace along a chain lies within a land at one of its ends."""
    first = 1 if turned else 0
    for end in range(2):
        at = s if end == first else s + n - 1
        if lies_within(chain, s, n, at, traces.hidden[k, end]):
            return True
    return False


@part
def note_end(traces, k, chain, s, n, last, note):
    """How the end of a trace leaves a junction, into `note` (3,): 1 and where it leads to if it lies within a land, or
    else 0 and a step of it."""
    near, far = (s + n - 1, s) if last == 1 else (s, s + n - 1)
    hidden = is_hidden(traces, k, chain, s, n, False)
    to = far if hidden or n == 1 else near + (-1 if last == 1 else 1)
    note[0] = 1 if hidden else 0
    note[1], note[2] = chain[to, 0] - chain[near, 0], chain[to, 1] - chain[near, 1]


@part
def off_centre(notes, count):
    """What a cut costs that stands off the centre of a land, by the notes (n, 3) of the traces that end there."""
    total = 0.0
    for i in range(count):
        away = octile_length(notes[i, 1], notes[i, 2]) if notes[i, 0] == 1 else 0.0
        for j in range(count):
            ux, uy = np.sign(notes[j, 1]), np.sign(notes[j, 2])
            # The strap leads to the centre, the way from it.
            if away > 0.0 and notes[j, 0] == 0 and turn(heading(-notes[i, 1], -notes[i, 2]), heading(ux, uy)) < 2:
                total += AWAY * away
                break
    return total


@part
def lies_within(chain, s, n, at, radius):
    """Whether all points of a chain are nearer to one of them than that."""
    for p in range(s, s + n):
        dx, dy = float(chain[p, 0] - chain[at, 0]), float(chain[p, 1] - chain[at, 1])
        if dx * dx + dy * dy >= float(radius) * float(radius):
            return False
    return True


@part
def new_way(scene, traces, k, last, x, y, to_centre, checked, limit, spacing, chain, new):
    """The cheapest way of a trace whose first point (last, if `last`) moves to (x, y), into `chain`; its number of
    points, 0 where none costs less than `limit`, and its cost.

    `checked`: only ways that keep their distance, which is `spacing` at most. `to_centre`: (x, y) is the centre of a
    land on its level; a trace whose other end lies there, too, is one point. Where traces meet outside pads, each keeps
    its direction. `new`: room for a way.
    """
    s, n = traces.start[k], traces.counts[k]
    turned = last == 1
    if turned:
        reverse(traces.points, s, n)
    points = traces.points[s : s + n]
    bend = traces.bends[traces.level[k]]
    room = (traces.start[k + 1] if k + 1 < len(traces.start) else len(traces.points)) - s
    near_held, far_held = traces.held[k, last], traces.held[k, 1 - last]
    best, found = limit, 0
    if points[n - 1, 0] == x and points[n - 1, 1] == y:
        if to_centre and not far_held:
            best, found = 0.0, 1
            chain[0, 0], chain[0, 1] = x, y
    else:
        for j in range(min(1, n - 1), min(n, SPAN + 1)):
            for variant in range(2):
                m = head_to(points, n, j, variant, x, y, bend, new)
                if m < 2 or m > room or not turns_within(new, m, bend):
                    continue
                if near_held and not to_centre and n > 1 and not same_way(points[0], points[1], new[0], new[1]):
                    continue
                if far_held and not same_way(points[n - 2], points[n - 1], new[m - 2], new[m - 1]):
                    continue
                total = chain_cost(traces, k, new, 0, m, turned)
                if total < best and not (
                    checked and not head_clear(scene, new, m, points[j], traces.moving[k], spacing)
                ):
                    best, found = total, m
                    copy_points(new, 0, chain, 0, m)
    if turned:
        reverse(traces.points, s, n)
        reverse(chain, 0, found)
    return found, best


@part
def head_to(points, n, j, variant, x, y, bend, new):
    """The points from j on behind a way from (x, y) to point j with one bend, into `new`; how many."""
    new[0, 0], new[0, 1] = x, y
    new[1, 0], new[1, 1] = bend_between(x, y, points[j, 0], points[j, 1], variant, bend)
    copy_points(points, j, new, 2, n - j)
    return drop_straight(new, 0, n - j + 2)


@part
def same_way(a, b, c, d):
    """Whether a to b has the direction of c to d."""
    return heading(b[0] - a[0], b[1] - a[1]) == heading(d[0] - c[0], d[1] - c[1])


@part
def turns_within(chain, n, bend):
    """Whether no corner of a chain turns by more than `bend`."""
    for p in range(1, n - 1):
        before = heading(chain[p, 0] - chain[p - 1, 0], chain[p, 1] - chain[p - 1, 1])
        if turn(before, heading(chain[p + 1, 0] - chain[p, 0], chain[p + 1, 1] - chain[p, 1])) > bend:
            return False
    return True


@part
def head_clear(scene, chain, n, upto, me, spacing):
    """Whether a chain keeps its distance as far as the point `upto`, which lies on it."""
    reach = me[OWN_FLAT] * CORNER + me[OWN_ROUNDING] + spacing
    for p in range(n - 1):
        if not is_clear(scene, chain[p, 0], chain[p, 1], chain[p + 1, 0], chain[p + 1, 1], me, reach):
            return False
        if chain[p + 1, 0] == upto[0] and chain[p + 1, 1] == upto[1]:
            break
    return True
