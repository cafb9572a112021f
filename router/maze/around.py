"""How far obstacles send connections round: that tells who comes first, and on which side.

Round the corner of an obstacle ways lie nested, and the one that has to go the farthest round lies next to the corner.
Routed in another order, each that comes later pushes all that lie there aside, one after the other.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from router.maze.connection import DETOUR, Connection
from router.maze.crew import Crew
from router.maze.kernels import paths
from router.maze.ripup import Ripup
from router.maze.search import Searcher
from router.maze.turns import AT_ONCE

Ints = NDArray[np.int64]

# Obstacles send nets round where the way of one is longer than its shortest one by this share of that: lands do by 2 %
# in many small packages, which take up to 1.7 times the visits when those nets come first.
SENT_ROUND = 0.1
# One connection in so many tells whether they do, and of few connections so many.
SAMPLE, LEAST_SAMPLE = 16, 32


def send_round(router: Ripup, threads: int) -> None:
    """Let those come first that obstacles send the farthest round, and look for their ways from the side on which they
    go round. Nothing is routed yet."""
    connections = router.connections[1:]
    sent: dict[int, tuple[float, Ints]] = {}

    def find(c: Connection, searcher: Searcher) -> None:
        if router.watch.stop():
            return
        found = router.finder.find_simple(c, searcher)
        length = 0.0 if found is None else router.length(found.path)
        if found is not None and length > DETOUR * c.length:
            sent[c.id] = length - c.length, found.path

    spread = max(1, min(SAMPLE, len(connections) // LEAST_SAMPLE))
    with Crew(router.searcher, min(threads, AT_ONCE)) as crew:
        crew.map(find, connections[::spread])
        if not any(longer > SENT_ROUND * router.connections[k].length for k, (longer, _) in sent.items()):
            return
        crew.map(find, [c for k, c in enumerate(connections) if k % spread])
    for k, (longer, path) in sent.items():
        router.longer[k] = longer
        router.finder.turned[k] = turns_right(paths.positions(router.window.lattice.levels, path))


def turns_right(places: Ints) -> bool:
    """Whether a way (n, 3) lies to the left of the line from its beginning to its end, so that it turns right."""
    x, y = places[:, 0] - places[0, 0], places[:, 1] - places[0, 1]
    return bool((x[:-1] * y[1:] - x[1:] * y[:-1]).sum() < 0)
