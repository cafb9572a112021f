"""Static obstacles (pads, fixed traces, keep-outs, the package edge) painted into the node records once.

Each obstacle is a core grown by an octagon and a circle: a box core for pads, a segment core for traces. A class is a
moving shape (octagon or circle) that must keep a distance. Marks are exact for nodes; where a step between two open
nodes would pass too near, its nearer node is closed, so that legality holds for steps as well.
"""

from __future__ import annotations

import numpy as np

from router.maze.kernels.compiled import inner, kernel, part
from router.maze.kernels.nodes import BASE, DX, DY, NX, NY, TILES, node_at
from router.maze.kernels.octagon import outline_gap
from router.model.kernels import compiled

BOX, SEGMENT = 0, 1


@inner
def as_meant(length):
    """A length, nm, without the noise of the division that it comes from: what is square to an axis is 0 along it."""
    return np.rint(length * 1024.0) / 1024.0


@inner
def core_offset(core, kind, x, y):
    """Vector from the nearest point of the core to (x, y)."""
    if kind == BOX:
        dx = max(core[0] - x, x - core[2], 0.0)
        dy = max(core[1] - y, y - core[3], 0.0)
        return dx, dy
    ax, ay = core[0], core[1]
    ux, uy = core[2] - ax, core[3] - ay
    length = ux * ux + uy * uy
    t = 0.0
    if length > 0.0:
        t = min(max(((x - ax) * ux + (y - ay) * uy) / length, 0.0), 1.0)
    return as_meant(x - ax - t * ux), as_meant(y - ay - t * uy)


@inner
def gap(core, kind, x, y, flat, rounding, slack):
    """Distance left between the obstacle and the class standing at (x, y), both outlines taken off.

    `slack` is the chord and rounding error of the drawn polygons.
    """
    dx, dy = core_offset(core, kind, x, y)
    return outline_gap(dx, dy, flat, rounding, slack)


@inner
def close_node(record, class_id, owner):
    """Close a node for a class, to all but `owner` (to all when owner is negative or another owner has it already). Not
    to be asked for once lands are covered."""
    bit = np.uint16(1 << class_id)
    if record.blocked & bit:
        return
    if owner >= 0 and (record.single == 0 or record.owner == owner):
        record.owner = owner
        record.single |= bit
        return
    record.single &= ~bit
    record.blocked |= bit


@inner
def nearest_amid(core, kind, x, y, dx, dy):
    """How much of a step (dx, dy) from (x, y) leads to where its line meets the core, or is nearest to it: for a box,
    those are the same as for its diagonal across the step."""
    ax, ay, bx, by = core[0] - x, core[1] - y, core[2] - x, core[3] - y
    if kind == BOX and dx * dy > 0.0:
        ay, by = by, ay
    one, other = ax * dy - ay * dx, bx * dy - by * dx
    share = 0.0 if one == other else min(max(one / (one - other), 0.0), 1.0)
    return ((ax + share * (bx - ax)) * dx + (ay + share * (by - ay)) * dy) / (dx * dx + dy * dy)


@inner
def steps_too_near(core, kind, x, y, pitch, here, flat, rounding, slack, distance):
    """Whether a step from the node (x, y), whose gap is `here`, to one as far off or farther comes too near amid it,
    where it is nearest to the core. An outer node is asked only then: of most steps, one end is the nearest."""
    for d in range(8):
        dx, dy = DX[d] * pitch, DY[d] * pitch
        t = nearest_amid(core, kind, x, y, dx, dy)
        if t <= 0.0 or t >= 1.0:
            continue
        there = gap(core, kind, x + dx, y + dy, flat, rounding, slack)
        if there < here or there < distance:
            continue
        if gap(core, kind, x + t * dx, y + t * dy, flat, rounding, slack) < distance:
            return True
    return False


@inner
def nodes_round(level_row, pitch, x0, y0, core, reach):
    """Columns and rows (low x, low y, high x, high y) of a level's nodes that may lie within `reach` of a core, nm."""
    lx = max(0, int(np.floor((min(core[0], core[2]) - reach - x0) / pitch)))
    ly = max(0, int(np.floor((min(core[1], core[3]) - reach - y0) / pitch)))
    hx = min(level_row[NX] - 1, int(np.ceil((max(core[0], core[2]) + reach - x0) / pitch)))
    hy = min(level_row[NY] - 1, int(np.ceil((max(core[1], core[3]) + reach - y0) / pitch)))
    return lx, ly, hx, hy


@part
def paint_obstacle(node, level_row, pitch, x0, y0, core, kind, flat, rounding, slack, distance, class_id, owner):
    """Close the nodes of one level for one class round one obstacle. As `paint_obstacles`, of one of each."""
    base, tiles = level_row[BASE], level_row[TILES]
    reach = (flat + max(rounding, 0.0)) * 1.09 + distance + pitch
    lx, ly, hx, hy = nodes_round(level_row, pitch, x0, y0, core, reach)
    shell = distance + pitch
    for iy in range(ly, hy + 1):
        y = y0 + iy * pitch
        for ix in range(lx, hx + 1):
            x = x0 + ix * pitch
            here = gap(core, kind, x, y, flat, rounding, slack)
            if here < distance or (
                here < shell and steps_too_near(core, kind, x, y, pitch, here, flat, rounding, slack, distance)
            ):
                close_node(node[node_at(base, tiles, ix, iy)], class_id, owner)


@compiled
def paint_obstacles(node, level_row, pitch, x0, y0, cores, kinds, flats, roundings, slacks, distances, halves, owners):
    """Close the nodes of one level for its k classes round each of n obstacles, farthest reach first (see
    `close_node`).

    level_row (15,) int64 as in `kernels.nodes`; pitch and the place (x0, y0) of the level's first node in nm;
    cores (n, 4) float64 nm: boxes or segments, as `kinds` (n,) says; flats, roundings (n, k): octagon and circle radii
    of obstacle and class together, nm; slacks (n, k) as in `gap`, nm; distances (n, k): what must be kept between
    them, nm; halves (k,): of each class; owners (n, k): nets that may come as near as they like, negative for none.
    """
    for i in range(cores.shape[0]):
        for k in np.argsort(-(halves + distances[i]), kind="mergesort"):
            paint_obstacle(
                node, level_row, pitch, x0, y0, cores[i], kinds[i], float(flats[i, k]), float(roundings[i, k]),
                float(slacks[i, k]), float(distances[i, k]), k, owners[i, k],
            )  # fmt: skip


@part
def close_round(node, level_row, pitch, x0, y0, core, kind, inner, outer, class_id):
    """Close the nodes farther than `inner` and nearer than `outer` to a core, nm, for everybody."""
    base, tiles = level_row[BASE], level_row[TILES]
    lx, ly, hx, hy = nodes_round(level_row, pitch, x0, y0, core, outer)
    for iy in range(ly, hy + 1):
        for ix in range(lx, hx + 1):
            dx, dy = core_offset(core, kind, x0 + ix * pitch, y0 + iy * pitch)
            d = np.sqrt(dx * dx + dy * dy)
            if inner < d < outer:
                close_node(node[node_at(base, tiles, ix, iy)], class_id, -1)


@part
def edges_across(cores, y, across):
    """How many of a polygon's edges (n, 4) pass the line at height y; where, goes into `across` (n,), nm."""
    count = 0
    for k in range(cores.shape[0]):
        ax, ay, bx, by = cores[k, 0], cores[k, 1], cores[k, 2], cores[k, 3]
        if (ay > y) != (by > y):
            across[count] = (bx - ax) * (y - ay) / (by - ay) + ax
            count += 1
    return count


@compiled
def paint_ring(node, level_row, pitch, x0, y0, cores, reach, corner, class_id):
    """Close the nodes inside a polygon or nearer than `reach` (n,) to its edges, for everybody, and those from which a
    step comes nearer than `corner` to one of its corners. cores (n, 4) float64 nm: the edges, each as a segment."""
    base, tiles = level_row[BASE], level_row[TILES]
    box = np.array([cores[:, 0].min(), cores[:, 1].min(), cores[:, 0].max(), cores[:, 1].max()])
    lx, ly, hx, hy = nodes_round(level_row, pitch, x0, y0, box, 0.0)
    across = np.empty(cores.shape[0])
    for iy in range(ly, hy + 1):
        count = edges_across(cores, y0 + iy * pitch, across)
        across[:count].sort()
        passed = 0
        for ix in range(lx, hx + 1):
            while passed < count and across[passed] <= x0 + ix * pitch:
                passed += 1
            # An odd number of edges lies to the right of what is inside.
            if (count - passed) % 2:
                close_node(node[node_at(base, tiles, ix, iy)], class_id, -1)
    for k in range(cores.shape[0]):
        close_round(node, level_row, pitch, x0, y0, cores[k], SEGMENT, -1.0, reach[k], class_id)
        here = cores[k].copy()
        here[2:] = here[:2]
        paint_obstacle(node, level_row, pitch, x0, y0, here, SEGMENT, 0.0, 0.0, 0.0, corner, class_id, -1)


@kernel
def close_margin(node, level_row, lx, ly, hx, hy, class_id):
    """Close all nodes of a level outside the index box [lx, hx] × [ly, hy] for a class."""
    nx, ny, base, tiles = level_row[NX], level_row[NY], level_row[BASE], level_row[TILES]
    for iy in range(ny):
        if iy < ly or iy > hy:
            for ix in range(nx):
                close_node(node[node_at(base, tiles, ix, iy)], class_id, -1)
        else:
            for ix in range(min(lx, nx)):
                close_node(node[node_at(base, tiles, ix, iy)], class_id, -1)
            for ix in range(hx + 1, nx):
                close_node(node[node_at(base, tiles, ix, iy)], class_id, -1)


@kernel
def close_edges(node, level_row, pitch, x0, y0, cores, inner, outer, class_id):
    """Close the nodes farther than `inner` (n,) and nearer than `outer` (n,), nm, to n box cores (n, 4) for a class."""
    for i in range(cores.shape[0]):
        close_round(node, level_row, pitch, x0, y0, cores[i], BOX, float(inner[i]), float(outer[i]), class_id)


@kernel
def cover_lands(node, level_row, pitch, x0, y0, cores, radii, halves, owners):
    """Mark the nodes of a level where a class lies wholly on a land of its net.

    cores (n, 4) float64 nm: boxes; radii (n,): of their round outlines, nm, 0 where lands have corners; halves (k,): by
    how much each class stands out from its centre at most, nm; owners (n, k): nets of the lands that use the class,
    negative for none.
    """
    base, tiles = level_row[BASE], level_row[TILES]
    for i in range(cores.shape[0]):
        lx, ly, hx, hy = nodes_round(level_row, pitch, x0, y0, cores[i], radii[i])
        for k in range(halves.shape[0]):
            if owners[i, k] < 0:
                continue
            bit = np.uint16(1 << k)
            for iy in range(ly, hy + 1):
                for ix in range(lx, hx + 1):
                    x, y = x0 + ix * pitch, y0 + iy * pitch
                    dx, dy = core_offset(cores[i], BOX, x, y)
                    within = min(x - cores[i, 0], cores[i, 2] - x, y - cores[i, 1], cores[i, 3] - y)
                    if np.sqrt(dx * dx + dy * dy) + halves[k] > radii[i] and within < halves[k]:
                        continue
                    record = node[node_at(base, tiles, ix, iy)]
                    if record.single & bit and record.owner == owners[i, k]:
                        record.blocked |= bit
