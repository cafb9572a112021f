"""Merged metal of one mask as flat arrays, and the grid in which its edges are found."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray

from router.model.geometry import Box
from router.verify.kernels.grid import Boundary, Grid, bin_edges, extent

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Owners = NDArray[np.int32]
Number = TypeVar("Number", np.int64, np.float64)

# Points beside a vertex or an edge, so that rays from them meet no vertex, lie this far off (nm).
BESIDE = 2.0**-10
# Cells of a grid: of half an edge's mean length, about two an edge, and so small that an edge shares its cell with few.
CELL_SHARE = 0.5
CELLS_PER_EDGE = 2
CROWD = 100
MAX_CELLS = 4_000_000


@dataclass(frozen=True)
class Region:
    """Polygons that do not overlap, holes and all; the inside lies left of every edge.

    `points` (n, 2) are the vertices of all rings one after the other, `ring_start` (rings + 1,) where each begins,
    `ring_polygon` (rings,) its polygon, outer rings before their holes. Polygons that touch in a corner form one
    island: `polygon_island` (polygons,). Vertices where slanted edges cross are not rounded. Not slotted, so that the
    grid is kept once it was asked for.
    """

    points: Floats
    ring_start: Ints
    ring_polygon: Ints
    polygon_island: Ints
    islands: int
    edges: Floats = field(init=False, repr=False)
    owner: Owners = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "edges", edges_of(self.points, self.ring_start))
        island = self.polygon_island[self.ring_polygon] if len(self.ring_polygon) else np.empty(0, dtype=np.int64)
        object.__setattr__(self, "owner", np.repeat(island, np.diff(self.ring_start)).astype(np.int32))

    @cached_property
    def grid(self) -> Grid:
        """The edges binned for finding points among them."""
        return grid_of(self.edges, 1.0)

    def inwards(self) -> Boundary:
        """The edges with the inside as their free side."""
        return Boundary(self.edges, self.owner, self.grid, False)

    def outwards(self) -> Boundary:
        """The edges with the outside as their free side."""
        return Boundary(self.edges, self.owner, self.grid, True)

    def boxes(self) -> Floats:
        """x0, y0, x1, y1 of each island, shape (islands, 4)."""
        boxes = np.tile([np.inf, np.inf, -np.inf, -np.inf], (self.islands, 1))
        for axis in range(2):
            np.minimum.at(boxes[:, axis], self.owner, self.points[:, axis])
            np.maximum.at(boxes[:, 2 + axis], self.owner, self.points[:, axis])
        return boxes

    @cached_property
    def inner_points(self) -> Floats:
        """A point just inside each island, shape (islands, 2): beside the middle of its longest edge."""
        square = ((self.edges[:, 2:] - self.edges[:, :2]) ** 2).sum(axis=1)
        most = np.zeros(self.islands)
        np.maximum.at(most, self.owner, square)
        longest = np.flatnonzero(square == most[self.owner])
        edge = self.edges[longest[np.unique(self.owner[longest], return_index=True)[1]]]
        along = edge[:, 2:] - edge[:, :2]
        inwards = along[:, ::-1] * [-1, 1] / np.hypot(along[:, 0], along[:, 1])[:, None]
        points: Floats = (edge[:, :2] + edge[:, 2:]) / 2 + 4 * BESIDE * inwards
        return points

    def before(self) -> Ints:
        """The number of the edge before each one in its ring, shape (n,)."""
        before = np.arange(len(self.edges)) - 1
        before[self.ring_start[:-1]] = self.ring_start[1:] - 1
        return before

    def areas(self) -> Floats:
        """Area of each island, shape (islands,)."""
        e = self.edges - np.tile(self.points[:1], 2)
        parts = (e[:, 0] * e[:, 3] - e[:, 2] * e[:, 1]) / 2
        return np.bincount(self.owner, parts, minlength=self.islands).astype(np.float64)

    def shapes(self, islands: Ints) -> NDArray[np.object_]:
        """The islands of these numbers as shapely geometries, in the order given."""
        wanted, back = np.unique(islands, return_inverse=True)
        of_ring = self.polygon_island[self.ring_polygon]
        ring = np.repeat(np.arange(len(of_ring)), np.diff(self.ring_start))
        vertices, rings = np.isin(of_ring[ring], wanted), np.isin(of_ring, wanted)
        if not len(wanted):
            return np.empty(0, dtype=object)
        closed = shapely.linearrings(self.points[vertices], indices=(np.cumsum(rings) - 1)[ring[vertices]])
        _, polygon = np.unique(self.ring_polygon[rings], return_inverse=True)
        polygons = shapely.polygons(closed, indices=polygon)
        _, first = np.unique(self.ring_polygon[rings], return_index=True)
        _, island = np.unique(of_ring[rings][first], return_inverse=True)
        order = np.argsort(island, kind="stable")
        shapes = shapely.multipolygons(polygons[order], indices=island[order])
        return np.asarray(shapes, dtype=object)[back]


def edges_of(points: NDArray[Number], ring_start: Ints) -> NDArray[Number]:
    """The edges (n, 4) of closed rings, one from each vertex (n, 2)."""
    edges = np.empty((len(points), 4), dtype=points.dtype)
    edges[:, :2], edges[:-1, 2:] = points, points[1:]
    edges[ring_start[1:] - 1, 2:] = points[ring_start[:-1]]
    return edges


def grid_of(edges: Floats, reach: float) -> Grid:
    """Bin edges (n, 4), each grown by `reach`, so that two edges within 2 · `reach` share a cell.

    Cells are as large as an edge is long, and no more than a few an edge, so that entries stay in proportion to the
    edges; smaller where these are crowded into a small part of the whole.
    """
    x0, y0, x1, y1, mean = extent(edges)
    x0, y0, width, height = x0 - reach - 1, y0 - reach - 1, x1 - x0 + 2 * reach + 2, y1 - y0 + 2 * reach + 2
    least = max(2 * reach, np.sqrt(width * height / MAX_CELLS), max(width, height) / MAX_CELLS, 1.0)
    most = CELLS_PER_EDGE * len(edges) + 1
    cell = max(least, CELL_SHARE * mean, np.sqrt(width * height / most), max(width, height) / most)
    edges = np.ascontiguousarray(edges, dtype=np.float64)
    while True:
        columns, rows = int(width / cell) + 1, int(height / cell) + 1
        starts, items = bin_edges(edges, reach, x0, y0, float(cell), columns, rows)
        in_cell = np.diff(starts)
        if cell <= least or (in_cell @ in_cell) <= CROWD * len(items):
            return Grid(x0, y0, float(cell), columns, rows, starts, items)
        cell = max(least, cell / 4)


def box_of(bounds: Floats) -> Box:
    """A box of whole nanometres that holds x0, y0, x1, y1."""
    x0, y0 = np.floor(bounds[:2] + 1e-3).astype(int).tolist()
    x1, y1 = np.ceil(bounds[2:] - 1e-3).astype(int).tolist()
    return Box(x0, y0, max(x0, x1), max(y0, y1))
