"""Nine dies in three rows of three over a grid of balls: what the largest cases of the benchmark have in common."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from router.bench.package import build, grid, part
from router.model.design import Design
from router.model.geometry import Points

BUMP_PITCH, _BALL_PITCH = 55_000, 400_000
# Dies stand this far apart, centre to centre, and their outermost rows of bumps this far from their middle.
DIE_PITCH, EDGE = 9_600_000, 3_450_000
# Each die has so many rows and columns of balls below it.
_BALLS = 24
SIDES = ("east", "north", "west", "south")
CORNERS = ("northeast", "northwest", "southwest", "southeast")
AROUND = (*SIDES, *CORNERS)


@dataclass(slots=True)
class _Die:
    """Bumps of a die as they are gathered; `xy` in package coordinates."""

    xy: list[Points] = field(default_factory=list)
    nets: list[str] = field(default_factory=list)

    def add(self, xy: Points, nets: list[str]) -> None:
        self.xy.append(xy)
        self.nets += nets


class NineDies:
    """The dies by name: the one in the middle, whose name is given, and those around it, named by where they are."""

    def __init__(self, middle: str) -> None:
        self._dies = {name: _Die() for name in (middle, *AROUND)}

    def join(self, a: str, b: str, at_a: Points, at_b: Points) -> None:
        """Nets from bumps of one die to those of another, (n, 2) nm in the package."""
        nets = [f"{a}_{b}_{k}" for k in range(len(at_a))]
        self._dies[a].add(at_a, nets)
        self._dies[b].add(at_b, nets)

    def package(self, name: str, block: int) -> Design:
        """The package; a middle block of `block` rows and columns of each die goes to some of its balls, evenly."""
        balls, spread = _Die(), np.arange(block) * _BALLS // block
        for die_name, die in self._dies.items():
            middle = centre(die_name)
            nets = [f"{die_name}_ball_{k}" for k in range(block * block)]
            die.add(grid(block, block, BUMP_PITCH) + middle, nets)
            below = np.full((_BALLS, _BALLS), "", dtype=object)
            below[np.ix_(spread, spread)] = np.reshape(nets, (block, block))
            balls.add(grid(_BALLS, _BALLS, _BALL_PITCH) + middle, below.ravel().tolist())
        package = {
            "name": name, "pdk": "fine_2um", "levels": 4, "outline": [30_000, 30_000],
            "die": [_part(name, "bump", 25, die) for name, die in self._dies.items()],
            "balls": [_part("balls", "ball", 240, balls)],
        }  # fmt: skip
        return build(package)


def centre(name: str) -> Points:
    """The middle (2,) of a die, nm."""
    x, y = ("east" in name) - ("west" in name), ("north" in name) - ("south" in name)
    return np.array([x, y], dtype=np.int64) * DIE_PITCH


def facing(deep: int, wide: int) -> tuple[Points, Points]:
    """Fields of bumps of a die in the middle and of the one to its east, each the other's image across the gap, row by
    row from the edge inwards: so many rows deep, so many bumps wide."""
    row, column = np.meshgrid(np.arange(deep), 2 * np.arange(wide) - (wide - 1), indexing="ij")
    x, y = EDGE - row.ravel() * BUMP_PITCH, column.ravel() * (BUMP_PITCH // 2)
    return np.stack([x, y], axis=1).astype(np.int64), np.stack([DIE_PITCH - x, y], axis=1).astype(np.int64)


def _part(name: str, pad: str, size: float, die: _Die) -> dict[str, object]:
    xy = np.concatenate(die.xy)
    return part(name, pad, size, [str(k) for k in range(1, len(xy) + 1)], xy, die.nets)
