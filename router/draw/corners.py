"""Corners of the space between edges of one net's metal that are sharper than the process allows are cut off.

Fills on the 1 nm grid meet the metal, and each other, at angles that may be a few degrees too sharp without any gap
being too narrow: a triangle across such a corner leaves two wide ones.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

Vector = NDArray[np.float64]

# Corners this much sharper than allowed come from the grid, degrees, and so do those of edges whose ends it moves by
# this much, nm: a triangle on a leg of a few nanometres would be all corners.
ROUNDING, SHIFT = 0.3, 0.5


def sharp_corners(metal: shapely.Geometry, least: float, size: float, place: shapely.Polygon) -> list[shapely.Polygon]:
    """Triangles across the corners within a place of the space beside `metal` that are sharper than `least` degrees.

    Their legs run `size` nm along the metal's edges, or as far as these go; the third corner lies inside the metal.
    """
    found = []
    for part in shapely.get_parts(shapely.orient_polygons(metal)):
        for ring in (part.exterior, *part.interiors):
            corners = _sharp(np.asarray(ring.coords)[:-1], least)
            found += [_across(*corner, size) for corner in corners if shapely.intersects_xy(place, *corner[0])]
    return found


def _sharp(points: Vector, least: float) -> list[tuple[Vector, Vector, Vector]]:
    """Corners of a ring with metal on its left whose angle on the right is too sharp, as corner, edge in, edge out."""
    coming, going = points - np.roll(points, 1, axis=0), np.roll(points, -1, axis=0) - points
    cross = coming[:, 0] * going[:, 1] - coming[:, 1] * going[:, 0]
    turn = np.degrees(np.arctan2(cross, np.sum(coming * going, axis=1)))
    shifted = np.degrees(SHIFT / np.hypot(*coming.T) + SHIFT / np.hypot(*going.T))
    at = np.flatnonzero((turn < 0) & (180 + turn < least - ROUNDING - shifted))
    return [(points[k], coming[k], going[k]) for k in at]


def _across(corner: Vector, coming: Vector, going: Vector, size: float) -> shapely.Polygon:
    back, ahead = -coming / np.hypot(*coming), going / np.hypot(*going)
    inside = -(back + ahead) / max(np.hypot(*(back + ahead)), 1e-9)
    length = min(size, np.hypot(*coming), np.hypot(*going))
    return shapely.Polygon([corner + back * length, corner + ahead * length, corner + inside * length])
