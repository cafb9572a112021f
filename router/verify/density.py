"""Metal share in windows."""

from __future__ import annotations

import numpy as np

from router.model.pdk import Rule
from router.verify.findings import Findings, Layers
from router.verify.kernels.coverage import tile_areas
from router.verify.region import Floats


def density(rule: Rule, layers: Layers) -> Findings:
    """Metal share within `minimum`..`maximum` in square windows of `value`, half a window apart, inside the outline.

    The last window of a row ends at the outline; a window larger than the outline is cut to it.
    """
    region, outline = layers.regions[rule.masks[0]], layers.outline
    x_low, x_high = _windows(outline.x0, outline.x1, rule.value)
    y_low, y_high = _windows(outline.y0, outline.y1, rule.value)
    xs, ys = np.unique(np.concatenate([x_low, x_high])), np.unique(np.concatenate([y_low, y_high]))
    total = np.zeros((len(ys), len(xs)))
    total[1:, 1:] = tile_areas(region.edges, xs, ys).cumsum(axis=0).cumsum(axis=1)
    left, right = np.searchsorted(xs, x_low), np.searchsorted(xs, x_high)
    bottom, top = np.searchsorted(ys, y_low)[:, None], np.searchsorted(ys, y_high)[:, None]
    covered = total[top, right] - total[bottom, right] - total[top, left] + total[bottom, left]
    share = covered / ((x_high - x_low) * (y_high - y_low)[:, None])
    row, column = np.nonzero((share < rule.minimum - 1e-9) | (share > rule.maximum + 1e-9))
    boxes = np.stack([x_low[column], y_low[row], x_high[column], y_high[row]], axis=1)
    actual = share[row, column]
    # Windows with too little and with too much are told apart, so that they are not reported as one.
    kind = np.where(actual < rule.minimum, -1, -2)
    required = np.where(actual < rule.minimum, rule.minimum, rule.maximum)
    return Findings(np.stack([kind, kind], axis=1), actual, boxes, required)


def _windows(low: int, high: int, size: float) -> tuple[Floats, Floats]:
    if high - low <= size:
        return np.array([low], dtype=np.float64), np.array([high], dtype=np.float64)
    starts = np.arange(low, high - size, size / 2)
    starts = np.append(starts, high - size)
    return starts, starts + size
