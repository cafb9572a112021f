"""The traces of one level among its other metal, as flat arrays for the kernels, and the grid over them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from router.draw.kernels.clear import CORNER, FIELDS, FLAT, INSET, ROUNDING, SLACK, SPACING
from router.draw.kernels.scene import NEAR, NX, NY, PATCH, QUERY, Scene, fill, links_of_all
from router.maze.obstacles import Obstacle
from router.model.geometry import Points
from router.model.runs import begins, numbered

# A cell is so many times as wide as the reach of a segment, but no smaller than leaves this number of cells.
CELL_REACHES = 8.0
MOST_CELLS = 1 << 22
# Passes end when nothing improves, after some five to twenty; this only bounds what cannot be foreseen.
MOST_PASSES = 100


class Rules(NamedTuple):
    """What each line of a level asks for, as the kernels read it: arrays over lines."""

    sizes: NDArray[np.float64]  # (n, 5) as in `kernels.clear`
    nets: NDArray[np.int64]  # (n,)
    held: NDArray[np.bool_]  # (n, 2) first and last ends whose direction stays
    # (n, 2, 3) how far along x, y and a diagonal, in steps, a line should leave its first and last pad before it bends
    straight: NDArray[np.int64]
    flat_sided: NDArray[np.bool_]  # (n, 2) pads that are to be left along an axis

    def bound(self, kernel: Callable[..., tuple[int, int]], *more: int) -> OnePass:
        """A kernel that takes all of these, and what it asks for besides, for `settle`."""

        def one_pass(
            scene: Scene, k: int, lines: Chains, tried: NDArray[np.int64], reach: float
        ) -> tuple[int, int]:  # fmt: skip
            return kernel(scene, k, lines, self, *more, tried, reach)

        return one_pass


def moving(sizes: NDArray[np.float64], nets: NDArray[np.int64]) -> NDArray[np.float64]:
    """What lines of these sizes (n, 5) and nets (n,) keep from others with, as `me` of `kernels.clear` (n, 5)."""
    return np.column_stack((sizes[:, [FLAT, ROUNDING, SPACING]], nets, sizes[:, INSET]))


class Fixed(NamedTuple):
    """Metal of a level that does not move: arrays over obstacles, as in `kernels.scene`."""

    cores: NDArray[np.float64]
    kinds: NDArray[np.int64]
    sizes: NDArray[np.float64]
    nets: NDArray[np.int64]


def fixed_metal(obstacles: Sequence[Obstacle]) -> Fixed:
    """Obstacles of a level as arrays."""
    sizes = [(o.flat, o.rounding, o.slack, o.spacing, 0) for o in obstacles]
    return Fixed(
        cores=np.array([o.core for o in obstacles], dtype=np.float64).reshape(-1, 4),
        kinds=np.array([o.kind for o in obstacles], dtype=np.int64),
        sizes=np.array(sizes, dtype=np.float64).reshape(-1, FIELDS),
        nets=np.array([o.net for o in obstacles], dtype=np.int64),
    )


class Chains(NamedTuple):
    """Centre lines one after another: `points` (M, 2), those of line k from `start[k]`, `counts[k]` of them."""

    points: Points
    start: NDArray[np.int64]
    counts: NDArray[np.int64]

    def lines(self) -> list[Points]:
        """Each centre line by itself, (n, 2) nm."""
        return [self.points[s : s + n].copy() for s, n in zip(self.start.tolist(), self.counts.tolist(), strict=True)]

    def spread(self, room: int) -> Chains:
        """The same lines with so many free points behind each."""
        start = begins(self.counts + room)
        points = np.zeros((int((self.counts + room).sum()), 2), dtype=np.int64)
        line, order = numbered(self.counts)
        points[start[line] + order] = self.points[self.start[line] + order]
        return Chains(points, start, self.counts.copy())


def chains(lines: Sequence[Points]) -> Chains:
    """Centre lines (n, 2), one after another."""
    counts = np.array([len(line) for line in lines], dtype=np.int64)
    return Chains(np.concatenate([np.empty((0, 2), dtype=np.int64), *lines]), begins(counts), counts)


def frame_of(lines: Chains, fixed: Fixed, reach: float) -> NDArray[np.int64]:
    """Place, cell size and extent of a grid that covers everything, a line or metal at least, as in `kernels.scene`."""
    ends = fixed.cores.reshape(-1, 2, 2)
    grown = (fixed.sizes[:, FLAT] * CORNER + fixed.sizes[:, ROUNDING] + fixed.sizes[:, SLACK])[:, None]
    low = np.concatenate([lines.points, ends.min(axis=1) - grown]).min(axis=0)
    high = np.concatenate([lines.points, ends.max(axis=1) + grown]).max(axis=0)
    low, span = np.floor(low) - 1, high - low + 2
    cell = np.ceil(max(CELL_REACHES * reach, float(np.sqrt(span[0] * span[1] / MOST_CELLS)), 1.0))
    nx, ny = (span // cell + 1).tolist()
    return np.array([low[0], low[1], cell, nx, ny], dtype=np.int64)


def empty_scene(frame: NDArray[np.int64], traces: int, records: int, links: int) -> Scene:
    """A grid with room for so many traces, records and links."""
    nx, ny = frame[NX], frame[NY]
    return Scene(
        frame=frame,
        used=np.zeros(4, dtype=np.int64),
        cores=np.empty((records, 4)),
        kinds=np.empty(records, dtype=np.int64),
        sizes=np.empty((records, FIELDS)),
        nets=np.empty(records, dtype=np.int64),
        owners=np.empty(records, dtype=np.int64),
        versions=np.empty(records, dtype=np.int64),
        seen=np.full(records, -1, dtype=np.int64),
        first=np.full(nx * ny, -1, dtype=np.int64),
        link=np.empty((links, 2), dtype=np.int64),
        current=np.zeros(traces, dtype=np.int64),
        touched=np.zeros((nx // PATCH + 1) * (ny // PATCH + 1), dtype=np.int64),
    )


def filled(scene: Scene, lines: Chains, sizes: NDArray[np.float64], nets: NDArray[np.int64], fixed: Fixed) -> Scene:
    """The grid with all lines as they stand and as much room again, larger arrays where that takes them.

    sizes (n, 5) and nets (n,) of the lines, as in `kernels.scene`.
    """
    records = int(lines.counts.sum()) + len(fixed.nets)
    links = links_of_all(scene, lines, sizes, fixed)
    if len(scene.nets) < 2 * records or len(scene.link) < 2 * links:
        larger = empty_scene(scene.frame, len(lines.counts), 3 * records + 64, 3 * links + 64)
        larger.touched[:], larger.used[QUERY:] = scene.touched, scene.used[QUERY:]
        scene = larger
    fill(scene, lines, sizes, nets, fixed)
    return scene


def make_scene(
    lines: Chains, sizes: NDArray[np.float64], nets: NDArray[np.int64], fixed: Fixed, reach: float
) -> Scene:  # fmt: skip
    """A grid over these lines and this metal. `reach`: as far as a segment has to look, nm."""
    return filled(empty_scene(frame_of(lines, fixed, reach), len(lines.counts), 0, 0), lines, sizes, nets, fixed)


def reach_of(sizes: NDArray[np.float64], fixed: Fixed) -> float:
    """How far from a centre line a core may lie that it has to keep from, nm; sizes (n, 5) of all that moves."""
    widest = (sizes[:, FLAT] * CORNER + sizes[:, ROUNDING]).max()
    return float(widest + max(sizes[:, SPACING].max(), fixed.sizes[:, SPACING].max(initial=0)) + NEAR)


OnePass = Callable[[Scene, int, Chains, NDArray[np.int64], float], tuple[int, int]]
"""(grid, first line, lines, when each was tried last, reach) → (lines changed, line to go on with)."""


def settle(
    one_pass: OnePass, room: int, lines: Chains, rules: Rules, fixed: Fixed, *, beyond: float = 0.0,
    most: int = MOST_PASSES, stop: Callable[[], bool] = lambda: False,
) -> Chains:  # fmt: skip
    """Lines after pass upon pass of a kernel, until a pass changes nothing, or `most` of them.

    `room`: points a line may grow by in one; `beyond`: how much farther than the spacing the kernel looks, nm.
    """
    reach = reach_of(rules.sizes, fixed) + beyond
    scene = make_scene(lines, rules.sizes, rules.nets, fixed, reach)
    tried = np.zeros(len(lines.counts), dtype=np.int64)
    for _ in range(most):
        lines, changed, k = lines.spread(room), 0, 0
        while k < len(lines.counts):
            more, k = one_pass(scene, k, lines, tried, reach)
            changed += more
            if k < len(lines.counts):
                scene = filled(scene, lines, rules.sizes, rules.nets, fixed)
        if not changed or stop():
            break
    return lines
