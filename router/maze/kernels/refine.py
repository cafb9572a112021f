"""The same path on a finer lattice."""

from __future__ import annotations

from router.maze.kernels.nodes import BASE, DX, DY, NX, NY, OX, OY, STEP, TILES, level_of, node_at, place_of
from router.maze.kernels.paths import direction
from router.model.kernels import compiled


@compiled
def refine_path(coarse, fine, scale, dx, dy, path, out):
    """Write the nodes of a path of lattice `coarse` as nodes of `fine` into `out`; returns how many, or -1 where the
    fine lattice has no node for one. A coarse finest pitch is `scale` fine ones; (dx, dy) is the coarse origin in fine
    finest pitches. out: long enough for each step of the coarse path as fine steps."""
    count = 0
    before, px, py = -1, 0, 0
    for i in range(path.shape[0]):
        lev = level_of(coarse, path[i])
        x, y = place_of(coarse, path[i], lev)
        x, y = x * scale + dx - fine[lev, OX], y * scale + dy - fine[lev, OY]
        step = fine[lev, STEP]
        if x % step != 0 or y % step != 0:
            return -1
        x, y = x // step, y // step
        if x < 0 or y < 0 or x >= fine[lev, NX] or y >= fine[lev, NY]:
            return -1
        if lev == before:
            way = direction(x - px, y - py)
            while px + DX[way] != x or py + DY[way] != y:
                px, py = px + DX[way], py + DY[way]
                out[count] = node_at(fine[lev, BASE], fine[lev, TILES], px, py)
                count += 1
        out[count] = node_at(fine[lev, BASE], fine[lev, TILES], x, y)
        count += 1
        before, px, py = lev, x, y
    return count
