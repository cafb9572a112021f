"""Halos of committed connections: painted when a path is committed, taken away when it is ripped up.

Where lands lie nearer to each other than classes ask, what lies wholly on a land has no halo, and no halo covers it.

Arrays as in `kernels.search`; besides
  covered    (N,) records of nodes as `node`, or none where no class is covered anywhere (see `price.is_covered`)
  tables     (T, 10) int64: where the offsets of a halo begin, whole disc first, then what is new after a step in
             each of the eight directions, then the end
  offsets    (M, 2) int64: dx, dy in the level's own steps
  table_of   (L, K, K) int64: table for painting class × class painted for, -1 where there is none
  spill      (S, 2) int64 open-addressing table of (slot row + 1, id) for nodes covered by more than four halos; the
             first field is 0 where empty, -1 where deleted. Entries of one row lie in one probe chain.
  spilled    (2,) int64: live entries, fields that are not empty
"""

from __future__ import annotations

from router.maze.kernels.compiled import inner, kernel
from router.maze.kernels.natural import natural
from router.maze.kernels.nodes import BASE, NX, NY, TILES, TRACE, cell_of, cut_class, level_of, node_at
from router.maze.kernels.paths import direction
from router.maze.kernels.price import is_covered, is_open

DISC = 0


@inner
def first_probe(row, size):
    """Where the probe chain of a row of slots begins in a spill table of this size."""
    return (row * 2654435761) % size


@inner
def spill_find(spill, row, connection):
    """Place of the entry, or -(place + 1) of the empty field where it would go."""
    size = spill.shape[0]
    at = first_probe(row, size)
    hole = -1
    while spill[at, 0] != 0:
        if spill[at, 0] == row + 1 and spill[at, 1] == connection:
            return at
        if spill[at, 0] == -1 and hole < 0:
            hole = at
        at = at + 1 if at + 1 < size else 0
    return -((hole if hole >= 0 else at) + 1)


@inner
def put(slots, row, connection, spill, spilled):
    """Note that a halo covers a row of slots, once however often it does."""
    for k in range(4):
        occupant = slots[row, k]
        if occupant == connection:
            return
        if occupant == 0:
            slots[row, k] = connection
            return
    place = spill_find(spill, row, connection)
    if place < 0:
        if spill[-place - 1, 0] == 0:
            spilled[1] += 1
        spill[-place - 1, 0] = row + 1
        spill[-place - 1, 1] = connection
        spilled[0] += 1


@inner
def promote(slots, row, spill, spilled):
    """Move one spilled entry of the row into its last slot, which has just become free."""
    at = first_probe(row, spill.shape[0])
    while spill[at, 0] != 0:
        if spill[at, 0] == row + 1:
            slots[row, 3] = spill[at, 1]
            spill[at, 0] = -1
            spilled[0] -= 1
            return
        at = at + 1 if at + 1 < spill.shape[0] else 0


@inner
def take(slots, row, connection, spill, spilled):
    """Note that a halo covers a row of slots no more; what was spilled moves up."""
    for k in range(4):
        occupant = slots[row, k]
        if occupant == 0:
            break
        if occupant == connection:
            was_full = slots[row, 3] != 0
            for m in range(k, 3):
                slots[row, m] = slots[row, m + 1]
            slots[row, 3] = 0
            if was_full and spilled[0] > 0:
                promote(slots, row, spill, spilled)
            return
    if spilled[0] > 0:
        place = spill_find(spill, row, connection)
        if place >= 0:
            spill[place, 0] = -1
            spilled[0] -= 1


@inner
def stamp_table(
    covered, slots, level, slot_base, table_of, tables, offsets, lev, class_id, part, ix, iy, connection, adding, spill,
    spilled,
):  # fmt: skip
    """Apply one part of a halo table round a node for all classes of level `lev`."""
    nx, ny, tiles = level[lev, NX], level[lev, NY], level[lev, TILES]
    some_covered = covered.shape[0] > 0
    for k in range(table_of.shape[2]):
        table = table_of[lev, class_id, k]
        if table < 0:
            continue
        base = slot_base[lev, k]
        for o in range(tables[table, part], tables[table, part + 1]):
            offset = natural(o)
            jx = ix + offsets[offset, 0]
            jy = iy + offsets[offset, 1]
            if jx < 0 or jy < 0 or jx >= nx or jy >= ny:
                continue
            local = natural(node_at(0, tiles, jx, jy))
            if some_covered and is_covered(covered[level[lev, BASE] + local], k):
                continue
            row = base + local
            if adding:
                put(slots, row, connection, spill, spilled)
            else:
                take(slots, row, connection, spill, spilled)


@kernel
def paint_path(
    covered, slots, level, classes, slot_base, table_of, tables, offsets, path, connection, adding, spill, spilled
):
    """Add or take away the halos of a path (node ids in order; neighbours are one step or one via apart)."""
    before, ax, ay = -1, 0, 0
    some_covered, was_covered = covered.shape[0] > 0, False
    for i in range(path.shape[0]):
        lev = level_of(level, path[i])
        ix, iy = cell_of(level, path[i], lev)
        part = DISC
        if before == lev and not was_covered:
            part = 1 + direction(ix - ax, iy - ay)
        elif before >= 0 and before != lev:
            here_class, there_class = cut_class(classes, before, lev), cut_class(classes, lev, before)
            if not (some_covered and is_covered(covered[path[i - 1]], here_class)):
                stamp_table(covered, slots, level, slot_base, table_of, tables, offsets, before, here_class, DISC,
                            ax, ay, connection, adding, spill, spilled)  # fmt: skip
            if not (some_covered and is_covered(covered[path[i]], there_class)):
                stamp_table(covered, slots, level, slot_base, table_of, tables, offsets, lev, there_class, DISC,
                            ix, iy, connection, adding, spill, spilled)  # fmt: skip
        was_covered = some_covered and is_covered(covered[path[i]], classes[lev, TRACE])
        if not was_covered:
            stamp_table(covered, slots, level, slot_base, table_of, tables, offsets, lev, classes[lev, TRACE], part,
                        ix, iy, connection, adding, spill, spilled)  # fmt: skip
        before, ax, ay = lev, ix, iy


@inner
def note(slots, row, net, net_of, seen, found, count, spill, spilled):
    """Append to `found` those of other nets that cover a row of slots and were not seen yet; returns how many are in
    it then."""
    for k in range(4):
        occupant = slots[row, k]
        if occupant == 0:
            break
        if net_of[occupant] != net and not seen[occupant]:
            seen[occupant] = True
            found[count] = occupant
            count += 1
    if spilled[0] > 0 and slots[row, 3] != 0:
        at = first_probe(row, spill.shape[0])
        while spill[at, 0] != 0:
            occupant = spill[at, 1]
            if spill[at, 0] == row + 1 and net_of[occupant] != net and not seen[occupant]:
                seen[occupant] = True
                found[count] = occupant
                count += 1
            at = at + 1 if at + 1 < spill.shape[0] else 0
    return count


@kernel
def clashes(slots, level, classes, slot_base, path, net, net_of, seen, found, spill, spilled):
    """Connections of other nets whose halos the path enters: ids into `found`, returns how many. `seen` stays clear."""
    count = 0
    for i in range(path.shape[0]):
        n = path[i]
        lev = level_of(level, n)
        local = n - level[lev, BASE]
        row = slot_base[lev, classes[lev, TRACE]] + local
        count = note(slots, row, net, net_of, seen, found, count, spill, spilled)
        for j in (i - 1, i + 1):
            there = level_of(level, path[j]) if 0 <= j < path.shape[0] else lev
            if there != lev:
                row = slot_base[lev, cut_class(classes, lev, there)] + local
                count = note(slots, row, net, net_of, seen, found, count, spill, spilled)
    for k in range(count):
        seen[found[k]] = False
    return count


@kernel
def stands_open(node, level, classes, path, net):
    """Whether static obstacles let a net's trace and cuts stand on all nodes of a path."""
    for i in range(path.shape[0]):
        n = path[i]
        lev = level_of(level, n)
        if classes[lev, TRACE] < 0 or not is_open(node[n], classes[lev, TRACE], net):
            return False
        for j in (i - 1, i + 1):
            there = level_of(level, path[j]) if 0 <= j < path.shape[0] else lev
            if there != lev and not is_open(node[n], cut_class(classes, lev, there), net):
                return False
    return True


@kernel
def refill_spill(spill, larger):
    """Copy the live entries of one spill table into another, empty one."""
    for at in range(spill.shape[0]):
        if spill[at, 0] > 0:
            place = -spill_find(larger, spill[at, 0] - 1, spill[at, 1]) - 1
            larger[place, 0] = spill[at, 0]
            larger[place, 1] = spill[at, 1]
