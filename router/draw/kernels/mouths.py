"""Where two edges of one net's metal face each other across less than the spacing: the mouths of notches."""

from __future__ import annotations

import numpy as np

from router.model.kernels import compiled

# Edges face each other when the cosine between their directions, taken round the metal, is below this.
FACING = -1e-5


@compiled
def _gap(a, b):
    """Squared distance of two segments (4,), and the point midway between their nearest points."""
    ux, uy, vx, vy = a[2] - a[0], a[3] - a[1], b[2] - b[0], b[3] - b[1]
    cross = ux * vy - uy * vx
    if cross != 0.0:
        t = ((b[0] - a[0]) * vy - (b[1] - a[1]) * vx) / cross
        w = ((b[0] - a[0]) * uy - (b[1] - a[1]) * ux) / cross
        if 0.0 <= t <= 1.0 and 0.0 <= w <= 1.0:
            return 0.0, a[0] + t * ux, a[1] + t * uy
    best, mx, my = 1e300, 0.0, 0.0
    for k in range(4):
        p, q = (a, b) if k < 2 else (b, a)
        x, y = p[2 * (k & 1)], p[2 * (k & 1) + 1]
        ux, uy = q[2] - q[0], q[3] - q[1]
        t = min(max(((x - q[0]) * ux + (y - q[1]) * uy) / (ux * ux + uy * uy), 0.0), 1.0)
        cx, cy = q[0] + t * ux, q[1] + t * uy
        d = (x - cx) ** 2 + (y - cy) ** 2
        if d < best:
            best, mx, my = d, (x + cx) / 2, (y + cy) / 2
    return best, mx, my


@compiled
def _in_front(a, b):
    """Whether a part of edge b lies on the outer side of edge a; metal lies to the left of its edges."""
    nx, ny = a[3] - a[1], a[0] - a[2]
    return max((b[0] - a[0]) * nx + (b[1] - a[1]) * ny, (b[2] - a[0]) * nx + (b[3] - a[1]) * ny) > 0.0


@compiled
def _face(a, b, spacing):
    """Whether two edges face each other across less than the spacing, and where."""
    ax, ay, bx, by = a[2] - a[0], a[3] - a[1], b[2] - b[0], b[3] - b[1]
    dot = ax * bx + ay * by
    if dot >= 0.0 or dot * dot < FACING * FACING * (ax * ax + ay * ay) * (bx * bx + by * by):
        return False, 0.0, 0.0
    if min(a[0], a[2]) > max(b[0], b[2]) + spacing or min(b[0], b[2]) > max(a[0], a[2]) + spacing:
        return False, 0.0, 0.0
    if min(a[1], a[3]) > max(b[1], b[3]) + spacing or min(b[1], b[3]) > max(a[1], a[3]) + spacing:
        return False, 0.0, 0.0
    if not _in_front(a, b) or not _in_front(b, a):
        return False, 0.0, 0.0
    d, mx, my = _gap(a, b)
    return d < spacing * spacing, mx, my


@compiled(nogil=True)
def mouths(edges, spans, boxes, nets, convex, fresh, spacing):
    """Points midway between edges of one net that face each other across less than `spacing`, these two edges, and a
    ring of each.

    edges (E, 4) nm have their metal on the left; those of ring r run from spans[r, 0] to spans[r, 1]. boxes (R, 4),
    nets (R,) and convex (R,) of the rings, which come net by net and in each net by rising lower x. Of two rings one
    must be fresh (R,). Returns (m, 2), (m, 2) and (m,).
    """
    places = np.empty((64, 2))
    pairs = np.empty((64, 2), dtype=np.int64)
    rings = np.empty(64, dtype=np.int64)
    found = 0
    for r in range(len(nets)):
        for q in range(r, len(nets)):
            if nets[q] != nets[r] or boxes[q, 0] > boxes[r, 2] + spacing:
                break
            if boxes[q, 1] > boxes[r, 3] + spacing or boxes[r, 1] > boxes[q, 3] + spacing:
                continue
            if not (fresh[r] or fresh[q]) or (q == r and convex[r]):
                continue
            for i in range(spans[r, 0], spans[r, 1]):
                x0, x1 = min(edges[i, 0], edges[i, 2]), max(edges[i, 0], edges[i, 2])
                y0, y1 = min(edges[i, 1], edges[i, 3]), max(edges[i, 1], edges[i, 3])
                if x0 > boxes[q, 2] + spacing or x1 < boxes[q, 0] - spacing:
                    continue
                if y0 > boxes[q, 3] + spacing or y1 < boxes[q, 1] - spacing:
                    continue
                for j in range(i + 1 if q == r else spans[q, 0], spans[q, 1]):
                    face, x, y = _face(edges[i], edges[j], spacing)
                    if not face:
                        continue
                    if found == len(places):
                        places = np.concatenate((places, np.empty((found, 2))))
                        pairs = np.concatenate((pairs, np.empty((found, 2), dtype=np.int64)))
                        rings = np.concatenate((rings, np.empty(found, dtype=np.int64)))
                    places[found, 0], places[found, 1], rings[found] = x, y, r
                    pairs[found, 0], pairs[found, 1] = i, j
                    found += 1
    return places[:found], pairs[:found], rings[:found]
