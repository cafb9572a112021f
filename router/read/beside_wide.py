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
# Sides face each other where they run back to back but for less than 80°; the cosine.
_FACING = -np.cos(np.radians(80.0))
# What rises by less than this, nm, is level.
_LEVEL = 1e-6


def is_wide(metal: BaseGeometry, rule: Rule) -> bool:
    """Whether metal has a side that is long enough for a rule, and room for a circle of more than its width."""
    return bool((_lengths(_sides(metal)) > rule.run_length).any()) and not metal.buffer(-rule.width / 2).is_empty


def runs_beside(wide: BaseGeometry, other: BaseGeometry, rule: Rule, reach: float) -> bool:
    """Whether sides of two outlines run along each other for more than the rule's run length, and each lies in front of
    the other, in part nearer than `reach`, nm."""
    one, two = (_longer(_sides(metal), rule.run_length) for metal in (wide, other))
    facing = _ways(one) @ _ways(two).T < _FACING
    (seen, shadow), (seen_back, shadow_back) = _in_front(one, two, reach), _in_front(two, one, reach)
    long = np.maximum(shadow, shadow_back.T) > rule.run_length + _SLIVER
    return bool((facing & seen & seen_back.T & long).any())


def _in_front(one: Floats, two: Floats, reach: float) -> tuple[NDArray[np.bool_], Floats]:
    """Of each pair of sides, of one and two outlines (n, m): whether the second lies in part opposite the first, in
    front of it and nearer than `reach`, and how much of the first lies opposite it, nm."""
    along = _ways(one)
    outwards = np.stack([along[:, 1], -along[:, 0]], axis=1)
    # Where both ends of each second side lie, (n, m, 2): along each first one, and out from it.
    ends = two[None] - one[:, None, None, 0]
    at, out = ((ends * way[:, None, None]).sum(axis=3) for way in (along, outwards))
    length = _lengths(one)[:, None]
    (enters, leaves), (nears, parts) = _between(at, length), _between(out, reach)
    seen = np.minimum(leaves, parts).clip(max=1.0) > np.maximum(enters, nears).clip(min=0.0)
    shadow = np.abs(np.diff(at.clip(0.0, length[..., None]), axis=2))[..., 0]
    return seen, shadow


def _between(ends: Floats, most: Floats | float) -> tuple[Floats, Floats]:
    """From which share on, and up to which, lines between values (n, m, 2) lie between 0 and `most`."""
    begin, rise = ends[..., 0], np.diff(ends, axis=2)[..., 0]
    rise = np.where(np.abs(rise) < _LEVEL, _LEVEL, rise)
    shares = np.sort([-begin / rise, (most - begin) / rise], axis=0)
    return shares[0], shares[1]


def _ways(sides: Floats) -> Floats:
    """The directions (n, 2) of sides."""
    return np.asarray((sides[:, 1] - sides[:, 0]) / _lengths(sides)[:, None])


def _sides(metal: BaseGeometry) -> Floats:
    """Both ends (n, 2, 2) of the sides of an outline, its metal on the left."""
    ring = shapely.get_coordinates(shapely.geometry.polygon.orient(metal).exterior)
    return np.stack([ring[:-1], ring[1:]], axis=1)


def _lengths(sides: Floats) -> Floats:
    length: Floats = np.hypot(*(sides[:, 1] - sides[:, 0]).T)
    return length


def _longer(sides: Floats, run_length: float) -> Floats:
    return sides[_lengths(sides) > run_length]
