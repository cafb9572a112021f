"""Which polygons touch, exactly: integer segments that meet in a point or more; and which boxes do."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from router.model.kernels import compiled
from router.verify.kernels.grid import Grid


@compiled
def find(parent: NDArray[np.int32], i: int) -> int:
    """Root of `i`, halving the path on the way."""
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = parent[i]
    return i


@compiled
def join(parent: NDArray[np.int32], i: int, j: int) -> None:
    """Make one group of those of `i` and `j`; its root is the lower of theirs."""
    one, other = find(parent, i), find(parent, j)
    if one < other:
        parent[other] = one
    else:
        parent[one] = other


@compiled
def join_boxes(boxes: NDArray[np.float64], key: NDArray[np.int64], order: NDArray[np.int64]) -> NDArray[np.int32]:
    """The root (n,) of the group of each box (n, 4): those of one key that touch, directly or through others.

    order (n,): the boxes by key, and by where they begin along x.
    """
    parent = np.arange(len(boxes)).astype(np.int32)
    for a in range(len(order)):
        i = order[a]
        for b in range(a + 1, len(order)):
            j = order[b]
            if key[j] != key[i] or boxes[j, 0] > boxes[i, 2]:
                break
            if boxes[j, 1] <= boxes[i, 3] and boxes[i, 1] <= boxes[j, 3]:
                join(parent, i, j)
    for i in range(len(parent)):
        parent[i] = find(parent, i)
    return parent


@compiled
def side(ax: int, ay: int, bx: int, by: int, px: int, py: int) -> int:
    """1 when p lies left of a → b, -1 right, 0 on the line. Exact below one metre."""
    cross = (bx - ax) * (py - ay) - (by - ay) * (px - ax)
    return 1 if cross > 0 else (-1 if cross < 0 else 0)


@compiled
def segments_meet(a: NDArray[np.int64], b: NDArray[np.int64]) -> bool:
    """True when two closed segments have a point in common."""
    if max(a[0], a[2]) < min(b[0], b[2]) or max(b[0], b[2]) < min(a[0], a[2]):
        return False
    if max(a[1], a[3]) < min(b[1], b[3]) or max(b[1], b[3]) < min(a[1], a[3]):
        return False
    # With overlapping boxes, parallel segments on one line pass both tests, as they should.
    if side(a[0], a[1], a[2], a[3], b[0], b[1]) * side(a[0], a[1], a[2], a[3], b[2], b[3]) > 0:
        return False
    return side(b[0], b[1], b[2], b[3], a[0], a[1]) * side(b[0], b[1], b[2], b[3], a[2], a[3]) <= 0


@compiled
def join_touching(
    edges: NDArray[np.int64],
    polygon: NDArray[np.int32],
    ring_start: NDArray[np.int64],
    grid: Grid,
) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    """Join polygons whose boundaries meet.

    edges: (n, 4), edge `k` of polygon `p` at `ring_start[p] + k`. Returns for each polygon the root of its island,
    and whether its own boundary meets itself other than between neighbours.
    """
    starts, items = grid.starts, grid.items
    count = ring_start.size - 1
    parent = np.arange(count).astype(np.int32)
    tangled = np.zeros(count, dtype=np.bool_)
    for cell in range(starts.size - 1):
        for a in range(starts[cell], starts[cell + 1]):
            i = items[a]
            p = polygon[i]
            for b in range(a + 1, starts[cell + 1]):
                j = items[b]
                q = polygon[j]
                if p == q:
                    size = ring_start[p + 1] - ring_start[p]
                    if tangled[p] or j - i == 1 or j - i == size - 1:
                        continue
                    tangled[p] = segments_meet(edges[i], edges[j])
                elif segments_meet(edges[i], edges[j]):
                    join(parent, p, q)
    for p in range(count):
        parent[p] = find(parent, p)
    return parent, tangled
