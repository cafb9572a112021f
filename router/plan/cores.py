"""Lands of any shape for geometry libraries: a core, and by how much it is grown."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from router.model.design import Design
from router.model.pdk import ShapeKind

Ints = NDArray[np.int64]
Geometries = NDArray[np.object_]

# The corners of a regular octagon whose flats lie 1 away.
_T = np.tan(np.pi / 8)
_OCTAGON = np.array([(1, _T), (_T, 1), (-_T, 1), (-1, _T), (-1, -_T), (-_T, -1), (_T, -1), (1, -_T)])
# A slot that a trace just fits is open, and a land that just touches a keep-out lies outside it.
TOUCH = 1


def cores_of(design: Design, terminals: Sequence[int]) -> tuple[Geometries, Ints]:
    """Lands as polygons, lines or points, and what these are grown by, nm, less a touch."""
    here = list(terminals)
    centre, half = design.lands.places[here, None], design.lands.sizes[here, None] // 2 - TOUCH
    shape = np.array([design.pdk.pads[design.terminals[t].pad].land.shape for t in terminals], dtype=np.object_)
    octagon = shape == ShapeKind.OCTAGON
    radius = np.where(octagon | (shape == ShapeKind.RECT), 0, half.min(axis=2)[:, 0])
    offsets = np.sign(_OCTAGON) * (half - radius[:, None, None])
    corners = centre + np.where(octagon[:, None, None], _OCTAGON * half, offsets)
    return np.asarray(shapely.convex_hull(shapely.multipoints(corners))), radius
