"""Places where traces of a net meet, by cuts or without, and where they might rather stand.

All levels lie in one grid, side by side (see `Traces.across`).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from router.draw.kernels.chain import heading
from router.maze.kernels.compiled import part

# Segments of each trace, from a junction on, on whose lines it may come to stand.
LINES = 3
# Junctions that move together as they stand on one line, and traces that end at them.
MOST_TOGETHER = 16
MOST_ENDS = 48
NO_LEVEL = -1
# Of `Junctions.lands`: level, centre, core, and the distances from the core between which no cut may stand.
LEVEL, CX, CY, X0, Y0, X1, Y1, INNER, OUTER = range(9)


class Junctions(NamedTuple):
    """Where traces of one net meet, with cuts or without: arrays over them (m,), and what each has to keep from."""

    places: NDArray[np.int64]  # (m, 2) nm
    homes: NDArray[np.int64]  # (m, 2) where they stood when `lands` and `near` were made
    moves: NDArray[np.bool_]  # (m,)
    most: NDArray[np.int64]  # (m,) how far from there along either axis, nm: `lands` and `near` reach no farther
    first_pad: NDArray[np.int64]  # (m + 1,)
    pads: NDArray[np.int64]  # (p,) capture pads: their rows in `Traces`
    pad_sizes: NDArray[np.float64]  # (p, 5) a circle round each, as `me` of `kernels.clear`
    first_end: NDArray[np.int64]  # (m + 1,)
    ends: NDArray[np.int64]  # (e, 2) of traces: the row in `Traces`, 1 for the last point, or else 0
    of_trace: NDArray[np.int64]  # (n, 2) junctions at the first and last point of a trace, -1 for none
    first_land: NDArray[np.int64]  # (m + 1,)
    lands: NDArray[np.float64]  # (l, 9) lands of its net near by
    first_near: NDArray[np.int64]  # (m + 1,)
    near: NDArray[np.int64]  # (k, 3) others of its net near by: which, the least distance, whether they may be one


@part
def is_among(group, size, junction):
    """Whether a junction is one of the first `size` of a group."""
    found = False
    for g in range(size):
        found |= group[g] == junction
    return found


@part
def is_inner(junctions, group, size, k):
    """Whether both ends of a trace move with a group."""
    return is_among(group, size, junctions.of_trace[k, 0]) and is_among(group, size, junctions.of_trace[k, 1])


@part
def may_move(junctions, group, size, dx, dy):
    """Whether a group stays near where it stood, as far as it is known what is there."""
    for g in range(size):
        c = group[g]
        x = junctions.places[c, 0] + dx - junctions.homes[c, 0]
        y = junctions.places[c, 1] + dy - junctions.homes[c, 1]
        if max(abs(x), abs(y)) > junctions.most[c]:
            return False
    return True


@part
def square_from(land, x, y):
    """The square of the distance from the core of a land."""
    dx, dy = max(land[X0] - x, x - land[X1], 0.0), max(land[Y0] - y, y - land[Y1], 0.0)
    return dx * dx + dy * dy


@part
def direction(traces, k):
    """The direction of a trace without a bend, 8 for one with bends or without length."""
    s = traces.start[k]
    if traces.counts[k] != 2:
        return 8
    return heading(traces.points[s + 1, 0] - traces.points[s, 0], traces.points[s + 1, 1] - traces.points[s, 1])


@part
def gather(traces, junctions, c, k, group):
    """The junctions on one line with c along the trace k, as far as traces without a bend lead from one to the next,
    into `group`; how many, 0 where they are too many or c is not the first of them by number."""
    along = direction(traces, k)
    group[0] = c
    size = 1
    at = 0
    while at < size and along < 8:
        for i in range(junctions.first_end[group[at]], junctions.first_end[group[at] + 1]):
            other = junctions.of_trace[junctions.ends[i, 0], 1 - junctions.ends[i, 1]]
            way = direction(traces, junctions.ends[i, 0])
            in_line = way < 8 and (way - along) % 4 == 0
            if not in_line or other < 0 or not junctions.moves[other] or is_among(group, size, other):
                continue
            if other < c or size == MOST_TOGETHER:
                return 0
            group[size] = other
            size += 1
        at += 1
    return size if size > 1 else 0


@part
def lines_at(traces, junctions, group, size, lines):
    """The lines through the first segments of the traces that leave a group, and through their far ends along the first
    of these, as the first of the group has to come to stand on them, into `lines` (n, 4): a point, a direction; and the
    four directions from it behind. Returns how many without these."""
    count = 0
    ax, ay = junctions.places[group[0]]
    for g in range(size):
        c = group[g]
        ox, oy = ax - junctions.places[c, 0], ay - junctions.places[c, 1]
        for e in range(junctions.first_end[c], junctions.first_end[c + 1]):
            k, last = junctions.ends[e]
            if is_inner(junctions, group, size, k):
                continue
            s, n, points, first = traces.start[k], traces.counts[k], traces.points, count
            for i in range(min(LINES, n - 1)):
                p, q = (s + n - 1 - i, s + n - 2 - i) if last == 1 else (s + i, s + i + 1)
                lines[count, 0] = points[p, 0] - traces.level[k] * traces.across + ox
                lines[count, 1] = points[p, 1] + oy
                lines[count, 2] = np.sign(points[q, 0] - points[p, 0])
                lines[count, 3] = np.sign(points[q, 1] - points[p, 1])
                count += 1
            if n > 2:
                # From there the trace would be straight, and need not step aside at its end.
                far = s if last == 1 else s + n - 1
                lines[count, 0] = points[far, 0] - traces.level[k] * traces.across + ox
                lines[count, 1] = points[far, 1] + oy
                lines[count, 2], lines[count, 3] = lines[first, 2], lines[first, 3]
                count += 1
    for i in range(4):
        lines[count + i, 0], lines[count + i, 1] = ax, ay
        lines[count + i, 2], lines[count + i, 3] = (1, 0) if i == 0 else (0, 1) if i == 1 else (1, 2 * i - 5)
    return count


@part
def shifts_of(traces, junctions, group, size, lines, shifts):
    """Where a group may come to stand, into `shifts` (n, 3): (dx, dy, level of the land to whose centre, or NO_LEVEL).

    A junction alone to where two of its lines cross, or to the centre of a land on which it stands; those on one line
    only across it, to where one of them meets a line.
    """
    ax, ay = junctions.places[group[0]]
    found = 0
    if size == 1:
        for i in range(junctions.first_land[group[0]], junctions.first_land[group[0] + 1]):
            land = junctions.lands[i]
            dx, dy = int(land[CX]) - ax, int(land[CY]) - ay
            on_land = square_from(land, ax, ay) <= land[INNER] * land[INNER] and found < len(shifts)
            if on_land and may_move(junctions, group, size, dx, dy):
                shifts[found, 0], shifts[found, 1], shifts[found, 2] = dx, dy, land[LEVEL]
                found += 1
    count = lines_at(traces, junctions, group, size, lines)
    for i in range(0 if size == 1 else count, count + 4):
        for j in range(min(i, count)):
            across = lines[i, 2] * lines[j, 3] - lines[i, 3] * lines[j, 2]
            t = (lines[j, 0] - lines[i, 0]) * lines[j, 3] - (lines[j, 1] - lines[i, 1]) * lines[j, 2]
            if across == 0 or t % across != 0 or found == len(shifts):
                continue
            dx, dy = lines[i, 0] + t // across * lines[i, 2] - ax, lines[i, 1] + t // across * lines[i, 3] - ay
            if (dx != 0 or dy != 0) and may_move(junctions, group, size, dx, dy):
                shifts[found, 0], shifts[found, 1], shifts[found, 2] = dx, dy, NO_LEVEL
                found += 1
    return found
