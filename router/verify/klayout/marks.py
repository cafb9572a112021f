"""What a rule finds on KLayout's engine: marked places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import klayout.db as kdb


@dataclass(frozen=True, slots=True)
class Mark:
    """A place with the figure found there; `required` where it is not the rule's value."""

    box: kdb.Box
    actual: float
    required: float | None = None

    def coarser(self, grain: int, figure: int) -> Mark:
        """The mark on a grid coarser by `grain`, its figures divided by `figure`."""
        b = self.box
        box = kdb.Box(b.left // grain, b.bottom // grain, -(-b.right // grain), -(-b.top // grain))
        return Mark(box, self.actual / figure, None if self.required is None else self.required / figure)


def of_polygons(region: kdb.Region) -> Iterator[Mark]:
    """A mark for each polygon, where nothing is left of what was required."""
    return (Mark(polygon.bbox(), 0.0) for polygon in region.each())
