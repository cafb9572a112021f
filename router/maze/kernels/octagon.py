"""Distance to a regular octagon: the exact outline that octilinear traces with mitred bends sweep round a node."""

from __future__ import annotations

import math

from numba import njit

TAN_22_5 = math.tan(math.pi / 8)
SQRT_HALF = math.sqrt(0.5)


@njit(cache=True)
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
