"""What traces with round ends keep from other metal: distances are those of circles."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from router.draw.any_angle import any_angle_reach
from router.draw.kernels.clear import CORNER, FLAT, INSET, ROUNDING
from router.draw.scene import Fixed, Rules


def with_round_ends(rules: Rules, fixed: Fixed) -> tuple[Rules, Fixed]:
    """The same metal where traces are drawn with round ends, octagons of other metal as circles."""
    return rules._replace(sizes=as_drawn(rules.sizes)), fixed._replace(sizes=as_circles(fixed.sizes))


def as_drawn(sizes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sizes of traces (n, 5), as in `kernels.clear`, with round ends."""
    found = sizes.copy()
    found[:, ROUNDING] = [any_angle_reach(2 * int(half)) for half in sizes[:, FLAT]]
    found[:, INSET] = found[:, ROUNDING] - sizes[:, FLAT]
    found[:, FLAT] = 0
    return found


def as_circles(sizes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sizes of other metal (n, 5), with circles in the place of its octagons."""
    found = sizes.copy()
    found[:, ROUNDING] += sizes[:, FLAT] * CORNER
    found[:, INSET] = sizes[:, FLAT] * (CORNER - 1)
    found[:, FLAT] = 0
    return found
