"""Distance to a regular octagon: the exact outline that octilinear traces with mitred bends sweep round a node."""

from __future__ import annotations

import math

from router.model.kernels import compiled

TAN_22_5 = math.tan(math.pi / 8)
SQRT_HALF = math.sqrt(0.5)


@compiled
def octagon_distance(dx: float, dy: float, flat: float) -> float:
    """Distance from a point to the octagon round the origin whose flats lie `flat` away; 0 inside."""
    a = abs(dx)
    b = abs(dy)
    if b > a:
        a, b = b, a
    if b > TAN_22_5 * a:
        a, b = (a + b) * SQRT_HALF, (a - b) * SQRT_HALF
    along = a - flat
    if along <= 0.0:
        return 0.0
    beside = b - TAN_22_5 * flat
    if beside <= 0.0:
        return along
    return math.sqrt(along * along + beside * beside)


@compiled
def outline_gap(dx: float, dy: float, flat: float, rounding: float, slack: float) -> float:
    """Gap between two drawn outlines whose cores lie (dx, dy) apart; their octagons reach `flat`, their circles
    `rounding`, together, and chords and the grid may take `slack`.

    Their extent along the axes is exact, so that what lies between them along an axis holds in any case: a trace past
    a round land comes as near as past a square one.
    """
    along_axis = max(abs(dx), abs(dy)) - flat - rounding
    return max(octagon_distance(dx, dy, flat) - rounding - slack, along_axis)
