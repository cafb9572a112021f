"""What planning finds out about a package: cuts, how full they are, and how many levels they ask for."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from router.model.geometry import Box


@dataclass(frozen=True, slots=True)
class Cut:
    """A closed line round `region`, and the nets that must cross it.

    `region` may reach beyond the package, whose edge nothing crosses: a region open to three sides is a straight line
    across the package. `tracks` has one number for each level of the process; only `levels` (indices) serve `nets`
    (indices into `Design.nets`). `need` is what the nets take of `room`, both in tracks: the number of nets against
    the sum of `tracks`, or, where nets of wider classes make that the harder test, their widths and spacings in
    tracks of the narrowest class.
    """

    family: str
    region: Box
    levels: tuple[int, ...]
    tracks: tuple[int, ...]
    nets: tuple[int, ...]
    need: float
    room: float

    @property
    def utilisation(self) -> float:
        """Share of the room that is taken; infinite where nets must cross and nothing can."""
        if not self.need:
            return 0.0
        return self.need / self.room if self.room > 0 else inf

    @property
    def overfull(self) -> bool:
        return self.need > self.room


@dataclass(frozen=True, slots=True)
class Capacity:
    """The fullest cuts of each family, fullest first, and the fewest levels that every cut allows.

    `least_levels` is a lower bound: of the levels of the process, and beyond them of levels like its roomiest one.
    """

    families: dict[str, tuple[Cut, ...]]
    least_levels: int
    cuts: int

    @property
    def fullest(self) -> Cut | None:
        """The fullest cut of all; None where no net has to cross any."""
        found = [cuts[0] for cuts in self.families.values() if cuts]
        return max(found, key=lambda cut: cut.utilisation, default=None)

    @property
    def witness(self) -> Cut | None:
        """A cut that proves that the package cannot be routed, if one was found."""
        fullest = self.fullest
        return fullest if fullest is not None and fullest.overfull else None
