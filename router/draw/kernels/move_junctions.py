"""Junctions moved to where their traces are shorter and have fewer bends."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from router.draw.kernels.chain import copy_points
from router.draw.kernels.clear import CORNER, OWN_FLAT, OWN_ROUNDING
from router.draw.kernels.heads import chain_cost, new_way, note_end, off_centre
from router.draw.kernels.junctions import (
    INNER,
    LINES,
    MOST_ENDS,
    MOST_TOGETHER,
    NO_LEVEL,
    OUTER,
    gather,
    is_among,
    is_inner,
    shifts_of,
    square_from,
)
from router.draw.kernels.scene import NOTHING, chain_clear, crosses_border, is_clear, move_trace
from router.maze.kernels.compiled import kernel, part
from router.model.kernels import compiled

# Points by which a trace may grow in one pass; a way that takes more is refused.
ROOM = 16


class Room(NamedTuple):
    """Arrays to work in."""

    lines: NDArray[np.int64]  # on which a group may come to stand, as in `kernels.junctions`
    shifts: NDArray[np.int64]  # by which it may move, likewise
    notes: NDArray[np.int64]  # of the traces that end at a junction, as in `kernels.heads`
    chain: NDArray[np.int64]  # (n, 2) nm, the new way of a trace
    way: NDArray[np.int64]  # (n, 2) nm, a way that is looked at, or the old one
    nothing: NDArray[np.float64]  # (5,) NOTHING


@kernel
def apart_from_own(junctions, c, group, size, x, y, on_land):
    """Whether the cuts of a junction may stand at (x, y) as far as its own net goes: well on lands or apart from them,
    and as far from its other cuts as they should be, or no nearer than before."""
    was = junctions.places[c]
    for i in range(junctions.first_near[c], junctions.first_near[c + 1]):
        other, least = junctions.near[i, 0], float(junctions.near[i, 1])
        if is_among(group, size, other):
            continue
        dx, dy = float(junctions.places[other, 0] - x), float(junctions.places[other, 1] - y)
        ox, oy = float(junctions.places[other, 0] - was[0]), float(junctions.places[other, 1] - was[1])
        square, before = dx * dx + dy * dy, ox * ox + oy * oy
        one_cut = square == 0.0 and on_land and junctions.near[i, 2] == 1
        # Two that have become one may part, but then as far as two cuts should be.
        enough = least * least if before == 0.0 else min(least * least, before)
        if not one_cut and square < enough:
            return False
    for i in range(junctions.first_land[c], junctions.first_land[c + 1]):
        land = junctions.lands[i]
        if land[INNER] * land[INNER] < square_from(land, x, y) < land[OUTER] * land[OUTER]:
            return False
    return True


@part
def may_stand(scene, traces, junctions, group, size, dx, dy, on_land, spacing, nothing):
    """Whether the pads of a group, moved by (dx, dy), keep the rules. None is carried over a border: in the midst of a
    keep-out no border is near."""
    for g in range(size):
        c = group[g]
        x, y = junctions.places[c, 0] + dx, junctions.places[c, 1] + dy
        if not apart_from_own(junctions, c, group, size, x, y, on_land):
            return False
        for i in range(junctions.first_pad[c], junctions.first_pad[c + 1]):
            at = x + traces.level[junctions.pads[i]] * traces.across
            me = junctions.pad_sizes[i]
            if crosses_border(scene, at - dx, y - dy, at, y, nothing):
                return False
            if not is_clear(scene, at, y, at, y, me, me[OWN_ROUNDING] + spacing):
                return False
    return True


@part
def cost_moved(scene, traces, junctions, group, size, dx, dy, land_level, checked, limit, spacing, room):
    """What the traces of a group cost once it has moved by (dx, dy), which brings it to the centre of a land on
    `land_level`; `limit` where that is no less, or not possible. `checked`: with the rules."""
    total = 0.0
    notes, chain = room.notes, room.chain
    for g in range(size):
        c = group[g]
        count = 0
        for e in range(junctions.first_end[c], junctions.first_end[c + 1]):
            k, last = junctions.ends[e]
            if is_inner(junctions, group, size, k):
                s, n = traces.start[k], traces.counts[k]
                note_end(traces, k, traces.points, s, n, last, notes[count])
                count += 1
                if last == 1:
                    continue
                total += chain_cost(traces, k, traces.points, s, n, False)
                for p in range(n):
                    chain[p, 0], chain[p, 1] = traces.points[s + p, 0] + dx, traces.points[s + p, 1] + dy
                me = traces.moving[k]
                if checked and not chain_clear(scene, chain, n, me, me[OWN_FLAT] * CORNER + spacing):
                    return limit
            else:
                x, y = junctions.places[c, 0] + dx + traces.level[k] * traces.across, junctions.places[c, 1] + dy
                to_centre = traces.level[k] == land_level
                found, spent = new_way(
                    scene, traces, k, last, x, y, to_centre, checked, limit - total, spacing, chain, room.way
                )
                if found == 0:
                    return limit
                note_end(traces, k, chain, 0, found, last, notes[count])
                count += 1
                total += spent
            if total >= limit:
                return limit
        total += off_centre(notes, count)
    if total >= limit:
        return limit
    on_land = land_level != NO_LEVEL
    if checked and not may_stand(scene, traces, junctions, group, size, dx, dy, on_land, spacing, room.nothing):
        return limit
    return total


@part
def translate(scene, traces, k, dx, dy, spacing, before):
    """Move all of a trace or pad, which `before` is to hold as it was; False where the grid is full."""
    s, n = traces.start[k], traces.counts[k]
    copy_points(traces.points, s, before, 0, n)
    for p in range(s, s + n):
        traces.points[p, 0] += dx
        traces.points[p, 1] += dy
    return move_trace(scene, k, before[:n], traces.points, s, n, traces.sizes[k], traces.nets[k], spacing)


@part
def move_group(scene, traces, junctions, group, size, dx, dy, land_level, spacing, room):
    """Move a group by (dx, dy), its pads and traces with it; False where the grid is full."""
    fits, before = True, room.way
    for g in range(size):
        c = group[g]
        for e in range(junctions.first_end[c], junctions.first_end[c + 1]):
            k, last = junctions.ends[e]
            if is_inner(junctions, group, size, k):
                if last == 0:
                    fits &= translate(scene, traces, k, dx, dy, spacing, before)
                continue
            x, y = junctions.places[c, 0] + dx + traces.level[k] * traces.across, junctions.places[c, 1] + dy
            to_centre = traces.level[k] == land_level
            n, _ = new_way(scene, traces, k, last, x, y, to_centre, True, np.inf, spacing, room.chain, room.way)
            s, m = traces.start[k], traces.counts[k]
            copy_points(traces.points, s, before, 0, m)
            copy_points(room.chain, 0, traces.points, s, n)
            traces.counts[k] = n
            fits &= move_trace(scene, k, before[:m], traces.points, s, n, traces.sizes[k], traces.nets[k], spacing)
    for g in range(size):
        c = group[g]
        junctions.places[c, 0] += dx
        junctions.places[c, 1] += dy
        for i in range(junctions.first_pad[c], junctions.first_pad[c + 1]):
            fits &= translate(scene, traces, junctions.pads[i], dx, dy, spacing, before)
        # Those of a land may have become one with others there.
        junctions.moves[c] = land_level == NO_LEVEL
    return fits


@part
def cost_now(traces, junctions, group, size, notes):
    """What the traces of a group cost where it is."""
    total = 0.0
    for g in range(size):
        count = 0
        for e in range(junctions.first_end[group[g]], junctions.first_end[group[g] + 1]):
            k, last = junctions.ends[e]
            s, n = traces.start[k], traces.counts[k]
            if last == 0 or not is_inner(junctions, group, size, k):
                total += chain_cost(traces, k, traces.points, s, n, False)
            note_end(traces, k, traces.points, s, n, last, notes[count])
            count += 1
        total += off_centre(notes, count)
    return total


@part
def best_shift(scene, traces, junctions, group, size, spacing, room):
    """The row of `room.shifts` by which the traces of a group cost least, -1 if all cost as much as where it is."""
    ends = 0
    for g in range(size):
        ends += junctions.first_end[group[g] + 1] - junctions.first_end[group[g]]
    if ends > MOST_ENDS:
        return -1
    best = cost_now(traces, junctions, group, size, room.notes) - 1.0
    row = -1
    for i in range(shifts_of(traces, junctions, group, size, room.lines, room.shifts)):
        dx, dy, level = room.shifts[i]
        spent = best
        # Whether the rules are kept is asked only where it would pay.
        for checked in range(2):
            spent = cost_moved(scene, traces, junctions, group, size, dx, dy, level, checked, best, spacing, room)
            if spent >= best:
                break
        if spent < best:
            best, row = spent, i
    return row


@compiled(nogil=True)
def move_junctions(scene, traces, junctions, begin, spacing):
    """One pass over the junctions from `begin` on, in order: each alone, then with those on one line with it. spacing:
    the largest that any metal asks for, nm.

    Returns how many moved, and the junction to go on with once the grid, found full, is filled again.
    """
    moved = 0
    group = np.empty(MOST_TOGETHER, dtype=np.int64)
    most = traces.counts.max() + ROOM
    room = Room(
        np.empty(((LINES + 1) * MOST_ENDS + 4, 4), dtype=np.int64),
        np.empty((1024, 3), dtype=np.int64),
        np.empty((MOST_ENDS, 3), dtype=np.int64),
        np.empty((most, 2), dtype=np.int64),
        np.empty((most, 2), dtype=np.int64),
        np.array(NOTHING),
    )
    for c in range(begin, len(junctions.places)):
        for e in range(junctions.first_end[c] - 1, junctions.first_end[c + 1]):
            if not junctions.moves[c]:
                break
            group[0] = c
            size = 1 if e < junctions.first_end[c] else gather(traces, junctions, c, junctions.ends[e, 0], group)
            if size == 0:
                continue
            row = best_shift(scene, traces, junctions, group, size, spacing, room)
            if row < 0:
                continue
            moved += size
            dx, dy, level = room.shifts[row]
            if not move_group(scene, traces, junctions, group, size, dx, dy, level, spacing, room):
                return moved, c + 1
    return moved, len(junctions.places)
