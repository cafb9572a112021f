"""Small geometric values: boxes and placements. Integer nanometres throughout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.int64]
"""Points as an array of shape (n, 2), nanometres."""

# Drawn polygons have corners on the 1 nm grid: each slanted outline may stand out by this much (nm).
GRID_SLACK = 2
# What mask shops take by default; GDSII itself allows 8191, and every polygon repeats its first vertex.
MOST_VERTICES = 4000
# The ways at multiples of 45°, counter-clockwise from +x.
HEADINGS = ((1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1))


def line_length(points: Points) -> float:
    """Length of the line through points (n, 2), nm."""
    return float(np.hypot(*np.diff(points, axis=0).T).sum())


def without_repeats(ring: Points) -> Points:
    """A ring (n, 2) without vertices that repeat the one before."""
    return ring[np.any(ring != np.roll(ring, 1, axis=0), axis=1)]


@dataclass(frozen=True, slots=True)
class Box:
    """An axis-parallel rectangle [x0, x1] × [y0, y1]."""

    x0: int
    y0: int
    x1: int
    y1: int

    @classmethod
    def about(cls, centre: Sequence[int], size: Sequence[int]) -> Box:
        """A rectangle by its middle and its sides; of an odd side the larger half lies above the middle."""
        x0, y0 = (middle - side // 2 for middle, side in zip(centre, size, strict=True))
        return cls(x0, y0, x0 + size[0], y0 + size[1])

    @classmethod
    def around(cls, points: Points) -> Box:
        """The least rectangle that holds points (n, 2), n > 0."""
        return cls(*points.min(axis=0).tolist(), *points.max(axis=0).tolist())

    @property
    def bounds(self) -> tuple[int, int, int, int]:
        return self.x0, self.y0, self.x1, self.y1

    @property
    def width(self) -> int:
        return self.x1 - self.x0

    @property
    def height(self) -> int:
        return self.y1 - self.y0

    def grown(self, by: int) -> Box:
        return Box(self.x0 - by, self.y0 - by, self.x1 + by, self.y1 + by)

    @property
    def middle(self) -> tuple[int, int]:
        """Its centre, rounded down to whole nanometres."""
        return (self.x0 + self.x1) // 2, (self.y0 + self.y1) // 2

    @property
    def mirrored(self) -> Box:
        """The rectangle as it is seen from the other side: mirrored in x about the origin."""
        return Box(-self.x1, self.y0, -self.x0, self.y1)

    def holds(self, x: int, y: int) -> bool:
        """Whether a place lies in it, or on its border."""
        return self.x0 <= x <= self.x1 and self.y0 <= y <= self.y1

    def contains(self, other: Box) -> bool:
        return self.x0 <= other.x0 and self.y0 <= other.y0 and other.x1 <= self.x1 and other.y1 <= self.y1

    def overlaps(self, other: Box) -> bool:
        return self.x0 < other.x1 and other.x0 < self.x1 and self.y0 < other.y1 and other.y0 < self.y1

    def ring(self) -> Points:
        """The four corners, counter-clockwise, shape (4, 2)."""
        return np.array(
            [[self.x0, self.y0], [self.x1, self.y0], [self.x1, self.y1], [self.x0, self.y1]], dtype=np.int64
        )


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a component's own origin lies: mirror in x first, then rotate (degrees, multiples of 90), then move."""

    x: int = 0
    y: int = 0
    rotation: int = 0
    mirrored: bool = False

    @classmethod
    def seen(cls, at: tuple[int, int], rotation: int, *, from_top: bool, mirror: str) -> Placement:
        """Where a component lies whose coordinates are seen from the top or from below, and mirrored (`""`, `"x"`,
        `"y"`): a view from the top and a mirror in x are the same reflection; a mirror in y is that and half a turn."""
        turn = 180 if mirror == "y" else 0
        return cls(*at, (rotation + turn) % 360, from_top != bool(mirror))

    def apply(self, points: Points) -> Points:
        """Own coordinates (n, 2) to package coordinates (n, 2)."""
        placed = np.array(points, dtype=np.int64, copy=True)
        if self.mirrored:
            placed[:, 0] = -placed[:, 0]
        cos, sin = {0: (1, 0), 90: (0, 1), 180: (-1, 0), 270: (0, -1)}[self.rotation % 360]
        x = placed[:, 0] * cos - placed[:, 1] * sin + self.x
        y = placed[:, 0] * sin + placed[:, 1] * cos + self.y
        return np.stack([x, y], axis=1)

    def box(self, own: Box) -> Box:
        """A box of own coordinates as it lies in the package."""
        return Box.around(self.apply(own.ring()))

    @property
    def swaps_axes(self) -> bool:
        """True when a pad's width and height change places."""
        return self.rotation % 180 == 90
