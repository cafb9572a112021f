"""Pad shapes as they lie in a package, as exact figures: what is round keeps its radius apart."""

from __future__ import annotations

from collections.abc import Mapping

import shapely
from shapely.geometry.base import BaseGeometry

from router.model.design import Terminal
from router.model.pdk import PadShape, PadStyle, ShapeKind

# Drawn polygons have corners on whole nanometres.
GRID = 1.0


def core(terminal: Terminal, shape: PadShape) -> tuple[BaseGeometry, float]:
    """A point, line or polygon, and how far the shape of a terminal's pad stands out from it on all sides, nm."""
    lies = shape.lying(rotated=terminal.rotated)
    width, height = lies.width, lies.height
    radius = 0.0 if shape.shape in (ShapeKind.RECT, ShapeKind.OCTAGON) else min(width, height) / 2
    across, along = width / 2 - radius, height / 2 - radius
    corners = (terminal.x - across, terminal.y - along), (terminal.x + across, terminal.y + along)
    if radius:
        return shapely.LineString(corners), radius
    rect = shapely.box(*corners[0], *corners[1])
    return rect.intersection(shapely.affinity.rotate(rect, 45)) if shape.shape is ShapeKind.OCTAGON else rect, 0.0


def gap(first: tuple[BaseGeometry, float], second: tuple[BaseGeometry, float]) -> float:
    """The distance of two figures, each with how far it stands out, nm; not above 0 where they meet."""
    (one, out), (other, beyond) = first, second
    return float(shapely.distance(one, other)) - out - beyond


def falls_short(apart: float, least: float) -> bool:
    """Whether a distance is less than the least, nm, by a step of the grid: rounding may make up for what is less."""
    return apart <= least - GRID


def land(terminal: Terminal, styles: Mapping[str, PadStyle]) -> BaseGeometry:
    """The land of a terminal as a polygon."""
    figure, radius = core(terminal, styles[terminal.pad].land)
    return figure.buffer(radius, quad_segs=32) if radius else figure
