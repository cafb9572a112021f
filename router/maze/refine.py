"""From a coarse lattice to a finer one: what is routed goes on as it is, what fights gets more places to go.

Most of a package is routed on a lattice of one node a track, where a search takes a quarter of the time or less.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from router.maze.connection import Connection
from router.maze.finder import Found
from router.maze.kernels import paths
from router.maze.kernels.nodes import BEND, STEP, cell_of
from router.maze.kernels.refine import refine_path
from router.maze.kernels.stubs import stub
from router.maze.lattice import Lattice
from router.maze.ripup import MOST_FEE, Ripup


def carry_over(coarse: Ripup, fine: Ripup) -> None:
    """Put the paths of `coarse` in place on the lattice of `fine`, which has the same connections, and their fees.

    Left out, to be routed anew, are paths that leave the fine lattice, end far from its access nodes, or come too near
    to others there; and whatever hangs on them.
    """
    before, after = coarse.window.lattice, fine.window.lattice
    times = before.pitch / after.pitch
    fine.searcher.fee[:] = np.minimum(np.round(coarse.searcher.fee * times), MOST_FEE)
    fine.rips[:] = coarse.rips
    pairs = list(zip(coarse.connections[1:], fine.connections[1:], strict=True))
    for old, new in pairs:
        # Those without a path too: together they join the ends of a net, by other pairs than at first where some moved.
        new.a, new.b = old.a, old.b
    waiting = [pair for pair in pairs if pair[0].path is not None]
    while waiting:
        held = []
        for old, new in waiting:
            if any(hook < 0 and fine.connections[-hook].path is None for hook in old.hooks):
                held.append((old, new))
                continue
            path = refined(before, after, old.path)
            if path is not None:
                path = ended(fine, new, path, old.hooks, int(times))
            if path is not None and fits(fine, new, path, old.hooks):
                fine.commit(new, Found(path, old.hooks, (new.a, new.b)))
        if len(held) == len(waiting):
            break
        waiting = held


def refined(before: Lattice, after: Lattice, path: NDArray[np.int64] | None) -> NDArray[np.int64] | None:
    """A path as nodes of a finer lattice, None where that does not have them."""
    shift = before.x0 - after.x0, before.y0 - after.y0
    if path is None or before.pitch % after.pitch or any(s % after.pitch for s in shift):
        return None
    scale = before.pitch // after.pitch
    out = np.empty(len(path) * scale * int(before.levels[:, STEP].max()), dtype=np.int64)
    dx, dy = (s // after.pitch for s in shift)
    count = refine_path(before.levels, after.levels, scale, dx, dy, path, out)
    return None if count < 0 else out[:count]


def ended(
    ripup: Ripup, c: Connection, path: NDArray[np.int64], hooks: tuple[int, int], reach: int
) -> NDArray[np.int64]:
    """A path led to the access nodes of its ends, which on a finer lattice lie nearer to the middle of their lands."""
    lattice, pieces = ripup.window.lattice, ripup.trees[c.net].pieces
    for hook in hooks:
        if hook >= 0 and len(path):
            path = led_to(lattice, path, pieces[hook].nodes, reach)
        path = path[::-1]
    return path


def led_to(lattice: Lattice, path: NDArray[np.int64], nodes: NDArray[np.int64], reach: int) -> NDArray[np.int64]:
    """A path that begins on one of `nodes`: from where it comes nearest to one of them, within its first steps. As it
    is where none is within reach, in steps of its level, or a land has none on the finer lattice."""
    if not len(nodes):
        return path
    head = path[: 2 * reach + 1]
    at, goals = paths.positions(lattice.levels, head), paths.positions(lattice.levels, nodes)
    level = int(at[0, 2])
    here = (at[:, None, 2] == level) & (goals[None, :, 2] == level)
    far = np.where(here, np.abs(at[:, None, :2] - goals[None, :, :2]).max(axis=2), np.iinfo(np.int64).max)
    first, goal = (int(k) for k in np.unravel_index(int(np.argmin(far)), far.shape))
    if far[first, goal] > reach * lattice.levels[level, STEP]:
        return path
    return np.concatenate([walk(lattice, level, int(nodes[goal]), int(path[first])), path[first:]])


def walk(lattice: Lattice, level: int, a: int, b: int) -> NDArray[np.int64]:
    """The nodes of a level on a short way from one node to another, which is left out."""
    (ax, ay), (bx, by) = cell_of(lattice.levels, a, level), cell_of(lattice.levels, b, level)
    corners = stub(ax, ay, bx, by, int(lattice.levels[level, BEND]))
    nodes = []
    for corner, run in zip(corners, np.diff(corners, axis=0), strict=False):
        steps = np.abs(run).max()
        nodes += [lattice.node(level, *(corner + k * (run // steps)).tolist()) for k in range(steps)]
    return np.array(nodes, dtype=np.int64)


def fits(ripup: Ripup, c: Connection, path: NDArray[np.int64], hooks: tuple[int, int]) -> bool:
    """Whether a path ends on what it is said to, on open nodes, and clear of all others."""
    if len(path) == 0:
        return True
    pieces = ripup.trees[c.net].pieces
    for hook, node in zip(hooks, path[[0, -1]].tolist(), strict=True):
        on = pieces[hook].nodes if hook >= 0 else ripup.connections[-hook].path
        if on is None or node not in on:
            return False
    return ripup.stands_open(c, path) and not ripup.run_over(c, path)
