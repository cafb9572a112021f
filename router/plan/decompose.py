"""A net of many ends as connections: the minimum spanning tree of its ends (Prim 1957)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from router.model.design import Design, Net
from router.model.geometry import Points

# Points that are joined move this far off, nm, and go once they are one in so many.
FAR_OFF, SHRINK = 1 << 50, 8

Metric = Callable[[NDArray[np.int64], NDArray[np.int64]], NDArray[np.float64]]
Edge = tuple[int, int, float]


def octilinear(dx: NDArray[np.int64], dy: NDArray[np.int64]) -> NDArray[np.float64]:
    """Length of the shortest octilinear way over (dx, dy), nm, elementwise."""
    ax, ay = np.abs(dx), np.abs(dy)
    length: NDArray[np.float64] = np.maximum(ax, ay) + (np.sqrt(2.0) - 1.0) * np.minimum(ax, ay)
    return length


def manhattan(dx: NDArray[np.int64], dy: NDArray[np.int64]) -> NDArray[np.float64]:
    """Length of the shortest way along the axes over (dx, dy), nm, elementwise."""
    return np.asarray(np.abs(dx) + np.abs(dy), dtype=np.float64)


def euclidean(dx: NDArray[np.int64], dy: NDArray[np.int64]) -> NDArray[np.float64]:
    """Length of the straight way over (dx, dy), nm, elementwise."""
    return np.asarray(np.hypot(dx, dy))


def lattice_metric(design: Design, net: Net) -> Metric:
    """How long ways of a net are on a lattice: octilinear, but along the axes where all its levels are such."""
    return manhattan if _angles(design, net) == {"manhattan"} else octilinear


def _angles(design: Design, net: Net) -> set[str]:
    """The angles of the levels that a net may use."""
    return {design.pdk.levels[level].angles for level in design.classes[net.net_class].levels}


def spanning_tree(design: Design, net: Net) -> list[Edge]:
    """Edges (end, end, distance in nm) that join all ends of a net, n - 1 of them for n ends.

    The distance of two ends is that of their nearest terminals, as on a lattice, but Euclidean where the net may use a
    level of any angle.
    """
    metric = euclidean if "any" in _angles(design, net) else lattice_metric(design, net)
    return join_groups([design.lands.places[list(end.terminals)] for end in net.ends], metric)


def join_nets(nets: Sequence[list[Points]], metrics: Sequence[Metric]) -> list[list[Edge]]:
    """Edges that join the groups of points of each net, as `join_groups` of them with its metric; those of nets of two
    points at one go, as most are."""
    found = [list[Edge]() for _ in nets]
    two = np.array([[len(group) for group in groups] == [1, 1] for groups in nets], dtype=np.bool_)
    for metric in set(metrics):
        pairs = [k for k in np.flatnonzero(two).tolist() if metrics[k] is metric]
        if pairs:
            apart = np.concatenate([nets[k][0] for k in pairs]) - np.concatenate([nets[k][1] for k in pairs])
            lengths = metric(apart[:, 0], apart[:, 1]).tolist()
            for k, length in zip(pairs, lengths, strict=True):
                found[k] = [(0, 1, length)]
    for k in np.flatnonzero(~two).tolist():
        found[k] = join_groups(nets[k], metrics[k])
    return found


def join_groups(groups: list[Points], metric: Metric) -> list[Edge]:
    """Edges (group, group, distance) that join groups of points, each (n, 2), at their nearest points."""
    count = len(groups)
    if count < 2:
        return []
    if count == 2:
        apart = groups[0][:, None, :] - groups[1][None, :, :]
        return [(0, 1, float(metric(apart[..., 0], apart[..., 1]).min()))]
    x, y = np.concatenate(groups).T.copy()
    group = np.repeat(np.arange(count), [len(g) for g in groups])
    best, parent = np.full(len(group), np.inf), np.zeros(len(group), dtype=np.int64)
    edges: list[Edge] = []
    current = joined = 0
    for _ in range(count - 1):
        first, last = np.searchsorted(group, [current, current + 1]).tolist()
        x[first:last], joined = FAR_OFF, joined + last - first
        if SHRINK * joined > len(group):
            rest, joined = np.flatnonzero(x != FAR_OFF), 0
            x, y, group, best, parent = x[rest], y[rest], group[rest], best[rest], parent[rest]
        else:
            best[first:last] = np.inf
        for px, py in groups[current]:
            distance = metric(x - px, y - py)
            closer = np.flatnonzero(distance < best)
            best[closer], parent[closer] = distance[closer], current
        nearest = int(np.argmin(best))
        current = int(group[nearest])
        edges.append((int(parent[nearest]), current, float(best[nearest])))
    return edges
