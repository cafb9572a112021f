"""Routed connections as paths: from node to node, and led on to the centres of pads and onto fixed traces."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from router.maze.access import StubEnd
from router.maze.connection import Connection
from router.maze.kernels.stubs import BARE, STUB, TURN, drawn
from router.maze.lattice import Lattice
from router.maze.trees import Tree
from router.model.geometry import Points
from router.model.routing import Path


def stub_end(tree: Tree, c: Connection, end: int) -> StubEnd | None:
    """Where a stub leads to from the last node at the `end` (0 or 1) of a connection, None where there is none."""
    assert c.path is not None
    item, node = c.hooks[end], int(c.path[-end])
    return tree.pieces[item].stubs.get(node) if item >= 0 else None


def way_in(target: StubEnd | None, stays: bool) -> tuple[int, int, int, int]:
    """How a path is led on from its last node to where a stub leads to: see `stubs.drawn`. A node `stays` where others
    hang on it."""
    if target is None:
        return BARE, 0, 0, 0
    return STUB if stays else TURN, target.x, target.y, target.room


def crossing_at(points: Points, levels: NDArray[np.int64], across: Points) -> Points:
    """The points (n, 2) of a path that ends with the stub of a fixed trace, `across` being ends (2, 2) of a segment of
    that: where the path crosses it before, to the nanometre along the path, it ends there."""
    along = across[1] - across[0]
    for k in range(len(points) - 1, max(0, len(points) - 4), -1):
        if levels[k - 1] != levels[k]:
            break
        off, step = points[k - 1] - across[0], points[k] - points[k - 1]
        before, gain = (float(along[0]) * v[1] - float(along[1]) * v[0] for v in (off, step))
        if before * (before + gain) < 0:
            run = int(np.abs(step).max())
            place = points[k - 1] + step // run * round(-before / gain * run)
            if 0 <= (place - across[0]) @ along <= along @ along:
                return np.concatenate([points[:k], [place]])
    return points


def to_path(raster: Lattice, tree: Tree, c: Connection, joints: set[int]) -> Path:
    """A routed connection as points in nm, from terminal centre to terminal centre. `joints` of its net."""
    assert c.path is not None
    targets, stay = [stub_end(tree, c, end) for end in (0, 1)], [int(c.path[-end]) in joints for end in (0, 1)]
    ends = np.array([way_in(target, stays) for target, stays in zip(targets, stay, strict=True)], dtype=np.int64)
    points, levels = drawn(raster.levels, raster.x0, raster.y0, raster.pitch, c.path, ends)
    for target, stays, way in zip(targets, stay, (-1, 1), strict=True):
        if target is not None and target.across is not None and not stays:
            kept = crossing_at(points[::way], levels[::way], np.array(target.across))
            points, levels = kept[::way], levels[::way][: len(kept)][::way]
    return Path(c.net, points, levels)


def to_paths(raster: Lattice, trees: list[Tree]) -> Iterator[Path]:
    """Every routed connection that has metal of its own, net by net."""
    for tree in trees:
        joints = tree.joints()
        yield from (to_path(raster, tree, c, joints) for c in tree.connections if c.path is not None and len(c.path))
