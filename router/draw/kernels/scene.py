"""All metal of a level in a grid of square cells: segments of traces, which move, and metal that stands still.

A record is one core (box or segment) with its outline; each cell holds a chain of the records whose cores pass through
it. A trace that moves leaves its old records behind, which its new version makes void, and adds new ones.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from router.draw.kernels.clear import FIELDS, NO_DISTANCE, OWN_NET, OWN_SPACING, SPACING, excess, outset
from router.maze.kernels.compiled import kernel, part
from router.maze.kernels.static import BOX, SEGMENT

# Fields of `Scene.frame`: place of the first cell (nm), size of a cell (nm), cells in a row and rows.
X0, Y0, CELL, NX, NY = range(5)
# Fields of `Scene.used`: records and chain links taken so far, the number of the last query, the time.
RECORDS, LINKS, QUERY, CLOCK = range(4)
# Cells in a row and a column that share a time of last change.
PATCH = 8
# As `me` of `kernels.clear`, what keeps from borders alone; its net is not even that of metal without one.
NOTHING = (0.0, 0.0, NO_DISTANCE, -2.0, 0.0)
# Farther than any border's slack, nm.
NEAR = 8.0


class Scene(NamedTuple):
    """Arrays of one level: R records, L links, nx · ny cells, n traces."""

    frame: NDArray[np.int64]  # (5,)
    used: NDArray[np.int64]  # (4,)
    cores: NDArray[np.float64]  # (R, 4) box or segment, nm
    kinds: NDArray[np.int64]  # (R,)
    sizes: NDArray[np.float64]  # (R, 5) as in `kernels.clear`
    nets: NDArray[np.int64]  # (R,)
    owners: NDArray[np.int64]  # (R,) trace, or -1 for metal that stands still
    versions: NDArray[np.int64]  # (R,) the version of its trace that a record belongs to
    seen: NDArray[np.int64]  # (R,) the last query that looked at it
    first: NDArray[np.int64]  # (cells,) first link of each cell's chain, -1 for none
    link: NDArray[np.int64]  # (L, 2) record, next link
    current: NDArray[np.int64]  # (n,) version of each trace
    touched: NDArray[np.int64]  # (patches,) time of the last change in each patch of cells


@part
def _column(scene, x):
    return min(max(int((x - scene.frame[X0]) // scene.frame[CELL]), 0), scene.frame[NX] - 1)


@part
def _row(scene, y):
    return min(max(int((y - scene.frame[Y0]) // scene.frame[CELL]), 0), scene.frame[NY] - 1)


@part
def _columns(scene, iy, ax, ay, bx, by, reach):
    """First and last column of a row that a segment grown by `reach` may pass through; none where first > last."""
    x0, x1 = min(ax, bx), max(ax, bx)
    if ay != by and ax != bx:
        low = scene.frame[Y0] + iy * scene.frame[CELL] - reach
        high = low + scene.frame[CELL] + 2 * reach
        t0, t1 = (low - ay) / (by - ay), (high - ay) / (by - ay)
        t0, t1 = max(min(t0, t1), 0.0), min(max(t0, t1), 1.0)
        if t0 > t1:
            return 1, 0
        xa, xb = ax + t0 * (bx - ax), ax + t1 * (bx - ax)
        x0, x1 = min(xa, xb), max(xa, xb)
    return _column(scene, x0 - reach), _column(scene, x1 + reach)


@part
def _cells(scene, iy, x0, y0, x1, y1, kind, grown):
    """First and last column in a row of cells that a core with its outline passes through."""
    if kind == BOX:
        return _column(scene, x0 - grown), _column(scene, x1 + grown)
    return _columns(scene, iy, x0, y0, x1, y1, grown)


@part
def links_of(scene, x0, y0, x1, y1, kind, size):
    """How many cells a record takes."""
    grown = outset(size)
    count = 0
    for iy in range(_row(scene, min(y0, y1) - grown), _row(scene, max(y0, y1) + grown) + 1):
        first, last = _cells(scene, iy, x0, y0, x1, y1, kind, grown)
        count += max(0, last - first + 1)
    return count


@part
def add(scene, x0, y0, x1, y1, kind, size, net, owner):
    """Add one record to the cells that its outline passes through; False where the arrays are full."""
    record, link = scene.used[RECORDS], scene.used[LINKS]
    if record == len(scene.nets) or link + links_of(scene, x0, y0, x1, y1, kind, size) > len(scene.link):
        return False
    core = scene.cores[record]
    core[0], core[1], core[2], core[3] = x0, y0, x1, y1
    scene.kinds[record], scene.nets[record], scene.owners[record] = kind, net, owner
    for i in range(FIELDS):
        scene.sizes[record, i] = size[i]
    scene.versions[record] = scene.current[owner] if owner >= 0 else 0
    grown = outset(size)
    for iy in range(_row(scene, min(y0, y1) - grown), _row(scene, max(y0, y1) + grown) + 1):
        first, last = _cells(scene, iy, x0, y0, x1, y1, kind, grown)
        for ix in range(first, last + 1):
            cell = iy * scene.frame[NX] + ix
            scene.link[link, 0], scene.link[link, 1] = record, scene.first[cell]
            scene.first[cell] = link
            link += 1
    scene.used[RECORDS], scene.used[LINKS] = record + 1, link
    return True


@part
def add_trace(scene, k, points, s, n, size, net):
    """Add trace k as it stands, in the place of what it was; False where the arrays are full."""
    scene.current[k] += 1
    for p in range(s, s + n - 1):
        ax, ay, bx, by = points[p, 0], points[p, 1], points[p + 1, 0], points[p + 1, 1]
        if not add(scene, float(ax), float(ay), float(bx), float(by), SEGMENT, size, net, k):
            return False
    return True


@kernel
def links_of_all(scene, way, sizes, fixed):
    """How many cells all metal takes that `fill` adds."""
    total = 0
    for k in range(len(fixed.cores)):
        core = fixed.cores[k]
        total += links_of(scene, core[0], core[1], core[2], core[3], fixed.kinds[k], fixed.sizes[k])
    for k in range(len(way.start)):
        for p in range(way.start[k], way.start[k] + way.counts[k] - 1):
            ax, ay, bx, by = way.points[p, 0], way.points[p, 1], way.points[p + 1, 0], way.points[p + 1, 1]
            total += links_of(scene, float(ax), float(ay), float(bx), float(by), SEGMENT, sizes[k])
    return total


@kernel
def fill(scene, way, sizes, nets, fixed):
    """Empty the grid, which has room enough, and add metal that stands still, then all traces: `way` and `fixed` as
    `draw.scene` has them, sizes (n, 5) and nets (n,) of the traces."""
    for cell in range(len(scene.first)):
        scene.first[cell] = -1
    scene.used[RECORDS] = scene.used[LINKS] = 0
    for k in range(len(fixed.nets)):
        core = fixed.cores[k]
        add(scene, core[0], core[1], core[2], core[3], fixed.kinds[k], fixed.sizes[k], fixed.nets[k], -1)
    for k in range(len(way.start)):
        add_trace(scene, k, way.points, way.start[k], way.counts[k], sizes[k], nets[k])


@part
def room_beside(scene, ax, ay, bx, by, me, reach, cap):
    """What a segment of a trace keeps from the metal of all other nets more than it must, nm, at most `cap`.

    Below 0 where it is too near; by how much is not said. me (5,): as in `kernels.clear`, with NO_DISTANCE as its
    spacing where it keeps from borders alone. `reach`: how far from the segment a core can lie that matters, nm.
    """
    query = scene.used[QUERY] + 1
    scene.used[QUERY] = query
    room = cap
    y0, y1 = min(ay, by), max(ay, by)
    for iy in range(_row(scene, y0 - reach), _row(scene, y1 + reach) + 1):
        first, last = _columns(scene, iy, ax, ay, bx, by, reach)
        for ix in range(first, last + 1):
            link = scene.first[iy * scene.frame[NX] + ix]
            while link >= 0:
                record = scene.link[link, 0]
                link = scene.link[link, 1]
                if scene.seen[record] == query:
                    continue
                scene.seen[record] = query
                owner = scene.owners[record]
                if scene.nets[record] == me[OWN_NET] or (owner >= 0 and scene.versions[record] != scene.current[owner]):
                    continue
                core, kind, size = scene.cores[record], scene.kinds[record], scene.sizes[record]
                if me[OWN_SPACING] == NO_DISTANCE and size[SPACING] != NO_DISTANCE:
                    continue
                room = min(room, excess(core, kind, size, ax, ay, bx, by, me, room))
                if room < 0.0:
                    return room
    return room


@part
def is_clear(scene, ax, ay, bx, by, me, reach):
    """Whether a segment of a trace keeps its distance from the metal of all other nets."""
    return room_beside(scene, ax, ay, bx, by, me, reach, 0.0) >= 0.0


@part
def crosses_border(scene, ax, ay, bx, by, nothing):
    """Whether a way leads over the edge of a keep-out or of the package; nothing (5,): NOTHING."""
    return not is_clear(scene, ax, ay, bx, by, nothing, NEAR)


@part
def chain_clear(scene, chain, count, me, reach):
    """Whether all segments between the first `count` points of a chain are clear."""
    for p in range(count - 1):
        if not is_clear(scene, chain[p, 0], chain[p, 1], chain[p + 1, 0], chain[p + 1, 1], me, reach):
            return False
    return True


@kernel
def keeps_clear(scene, points, me, reach):
    """Whether a way (n, 2), as one would be that is `me`, keeps its distance from the metal of all other nets."""
    return chain_clear(scene, points, len(points), me, reach)


@kernel
def enter(scene, points, size, net):
    """Add a way (n, 2) that stands still from now on; False where the arrays are full."""
    for p in range(len(points) - 1):
        ax, ay, bx, by = points[p, 0], points[p, 1], points[p + 1, 0], points[p + 1, 1]
        if not add(scene, float(ax), float(ay), float(bx), float(by), SEGMENT, size, net, -1):
            return False
    return True


@part
def touch(scene, points, s, n, reach):
    """Mark the surroundings of a trace as changed now."""
    width = scene.frame[NX] // PATCH + 1
    for p in range(s, s + n - 1):
        x0, x1 = min(points[p, 0], points[p + 1, 0]) - reach, max(points[p, 0], points[p + 1, 0]) + reach
        y0, y1 = min(points[p, 1], points[p + 1, 1]) - reach, max(points[p, 1], points[p + 1, 1]) + reach
        for py in range(_row(scene, y0) // PATCH, _row(scene, y1) // PATCH + 1):
            for px in range(_column(scene, x0) // PATCH, _column(scene, x1) // PATCH + 1):
                scene.touched[py * width + px] = scene.used[CLOCK]


@part
def changed_since(scene, points, s, n, time):
    """Whether anything has changed, since that time, in the box round a trace."""
    width = scene.frame[NX] // PATCH + 1
    x0, y0 = x1, y1 = points[s, 0], points[s, 1]
    for p in range(s + 1, s + n):
        x0, x1 = min(x0, points[p, 0]), max(x1, points[p, 0])
        y0, y1 = min(y0, points[p, 1]), max(y1, points[p, 1])
    for py in range(_row(scene, y0) // PATCH, _row(scene, y1) // PATCH + 1):
        for px in range(_column(scene, x0) // PATCH, _column(scene, x1) // PATCH + 1):
            if scene.touched[py * width + px] >= time:
                return True
    return False


@part
def has_turn(scene, k, points, s, n, tried):
    """Whether trace k is to be tried, as something has changed around it since it last was: `tried` (n,) notes when."""
    if not changed_since(scene, points, s, n, tried[k]):
        return False
    scene.used[CLOCK] += 1
    tried[k] = scene.used[CLOCK]
    return True


@part
def differs(points, s, n, before):
    """Whether a trace is no longer what it was."""
    same = n == len(before)
    for p in range(n if same else 0):
        same &= points[s + p, 0] == before[p, 0] and points[s + p, 1] == before[p, 1]
    return not same


@part
def move_trace(scene, k, before, points, s, n, size, net, reach):
    """Enter trace k as it is now, where it was `before`; False when the grid is full."""
    touch(scene, before, 0, len(before), reach)
    touch(scene, points, s, n, reach)
    return add_trace(scene, k, points, s, n, size, net)
