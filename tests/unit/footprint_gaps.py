"""How far footprints stand apart."""

from __future__ import annotations

from router.maze.footprint import Footprint, pair_of
from router.maze.kernels.octagon import outline_gap


def clearance(a: Footprint, b: Footprint, dx: float, dy: float) -> float:
    """Gap between the outlines of two footprints whose centres lie (dx, dy) apart, less what they must keep, nm."""
    pair = pair_of(a, b)
    slack = pair.diagonal_slack if abs(dx) == abs(dy) else pair.slack
    return float(outline_gap(dx, dy, pair.flat, pair.rounding, slack)) - pair.spacing
