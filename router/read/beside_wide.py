"""Metal beside wide metal, as rules of wide metal measure it: how far apart two outlines are where sides of both run
along each other for long enough."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from router.model.pdk import Rule

Floats = NDArray[np.float64]

# Sides that share no more than this, nm, run along each other through rounding alone.
_SLIVER = 1.0


def as_drawn(figure: BaseGeometry, beyond: float, chord_error: int) -> BaseGeometry:
    """What stands out from a figure by so much on all sides, round corners as chords of this error, nm."""
    if not beyond:
        return figure
    chord = 2 * np.arccos(beyond / (beyond + max(chord_error, 1)))
    return figure.buffer(beyond, quad_segs=int(np.ceil(np.pi / 2 / chord)))


def is_wide(metal: BaseGeometry, rule: Rule) -> bool:
    """Whether metal has a side that is long enough for a rule, and room for a circle of more than its width."""
    return bool((_lengths(_sides(metal)) > rule.run_length).any()) and not metal.buffer(-rule.width / 2).is_empty


def gap_beside(wide: BaseGeometry, other: BaseGeometry, rule: Rule) -> float:
    """The least distance of sides of two outlines that run along each other for more than the rule's run length, nm;
    infinite where none do."""
    one, two = (_longer(_sides(metal), rule.run_length) for metal in (wide, other))
    length = _lengths(one)[:, None]
    along = (one[:, 1] - one[:, 0]) / length
    outwards = np.stack([along[:, 1], -along[:, 0]], axis=1)
    # Where both ends of each other side lie, (n, m, 2): along each side of the wide metal, and out from it.
    ends = two[None] - one[:, None, None, 0]
    at, out = ((ends * way[:, None, None]).sum(axis=3) for way in (along, outwards))
    span = at[..., 1] - at[..., 0]
    shares = np.stack([-at[..., 0], length - at[..., 0]]) / np.where(span, span, 1.0)
    first, last = np.sort(shares, axis=0).clip(0.0, 1.0)
    # The other side is nearest where it begins or ends to lie opposite.
    nearest = out[..., 0] + np.minimum(*(share * (out[..., 1] - out[..., 0]) for share in (first, last)))
    beside = ((last - first) * np.abs(span) > rule.run_length + _SLIVER) & (nearest > 0)
    return float(nearest[beside].min(initial=np.inf))


def _sides(metal: BaseGeometry) -> Floats:
    """Both ends (n, 2, 2) of the sides of an outline, its metal on the left."""
    ring = shapely.get_coordinates(shapely.geometry.polygon.orient(metal).exterior)
    return np.stack([ring[:-1], ring[1:]], axis=1)


def _lengths(sides: Floats) -> Floats:
    length: Floats = np.hypot(*(sides[:, 1] - sides[:, 0]).T)
    return length


def _longer(sides: Floats, run_length: float) -> Floats:
    return sides[_lengths(sides) > run_length]
