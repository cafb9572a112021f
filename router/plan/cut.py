"""What planning finds out about a package: cuts, how full they are, and how many levels they ask for."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from router.model.geometry import Box
from router.plan.crowding import CrowdedSquare

# Nets that land on a cut count as if they needed a track there while they are at most this share of all.
LANDING_SHARE = 0.25
# Where nets change level, a cut is hopeless that is over-full with the nets that land on it, and this full without.
HOPELESS = 0.85
# Of 32 packages on two levels with a cut this full, taken by at least so many tracks, one was complete after 15 s to
# 2 min; of fifteen with a cut 80 to 87 % full five were.
FULL = 0.88
MANY = 60
# Of eleven packages on two levels with a ring so full of nets with covered lands two were complete after a minute; of
# eight with one 76 to 83 % full four were.
COVERED = 0.85

Figures = TypeVar("Figures", float, NDArray[np.float64])


@dataclass(frozen=True, slots=True)
class Cut:
    """A closed line round `region`, and the nets that must cross it.

    `region` may reach beyond the package, whose edge nothing crosses: a region open to three sides is a straight line
    across the package. `tracks` has one number for each level of the process; only `levels` (indices) serve `nets`
    (indices into `Design.nets`). `need` is what the nets take of `room`, both in tracks: the number of nets against
    the sum of `tracks`, or, where nets of wider classes make that the harder test, their widths and spacings in
    tracks of the narrowest class. `landing` nets have a land on the cut: they may cross it on that.
    """

    family: str
    region: Box
    levels: tuple[int, ...]
    tracks: tuple[int, ...]
    nets: tuple[int, ...]
    landing: tuple[int, ...]
    need: float
    room: float

    def sides(self, outline: Box) -> list[tuple[int, int, int, int]]:
        """The parts of the cut within the package, as x0, y0, x1, y1 in nm."""
        r, o = self.region, outline
        x0, y0, x1, y1 = max(r.x0, o.x0), max(r.y0, o.y0), min(r.x1, o.x1), min(r.y1, o.y1)
        found = [(x, y0, x, y1) for x in (r.x0, r.x1) if o.x0 <= x <= o.x1]
        return found + [(x0, y, x1, y) for y in (r.y0, r.y1) if o.y0 <= y <= o.y1]

    @property
    def load(self) -> float:
        """Tracks taken as a planner counts them: with the nets that land on the cut."""
        return self.need + counted_landing(float(len(self.nets)), float(len(self.landing)))

    @property
    def utilisation(self) -> float:
        """Share of the room that is taken, by `load`; infinite where nets must cross and nothing can."""
        return share(self.load, self.room)

    @property
    def proof(self) -> bool:
        """More nets must cross than can, whoever routes."""
        return self.need > self.room

    @property
    def hopeless(self) -> bool:
        """Proof, or so full that no router is known to finish: see `HOPELESS`."""
        return bool(is_hopeless(self.need, self.load, self.room, several=len(self.levels) > 1))

    @property
    def doubtful(self) -> bool:
        """Not hopeless, but so full that a package whose nets change level is hardly complete: see `FULL`."""
        return len(self.levels) > 1 and not self.hopeless and self.load >= max(MANY, FULL * self.room)


def counted_landing(nets: Figures, landing: Figures) -> Figures:
    """Of the nets that land on a cut those that count beside `nets` that cross it: all, as they need a track beside the
    row of lands that it runs through; none where most nets are of that row, and leave it to their own side."""
    return landing * (landing <= LANDING_SHARE * (nets + landing))


def is_hopeless(need: Figures, load: Figures, room: Figures, *, several: bool) -> NDArray[np.bool_] | bool:
    """Whether cuts are a proof or, where nets change level between `several`, so full that no router is known to
    finish: see `HOPELESS`. All in tracks."""
    return (need > room) | (several & (load > room) & (need >= HOPELESS * room))


def share(need: float, room: float) -> float:
    """Share of the room that is taken."""
    if not need:
        return 0.0
    return need / room if room > 0 else inf


@dataclass(frozen=True, slots=True)
class Capacity:
    """The fullest cuts of each family, fullest first.

    `least_levels`: the fewest with which no cut is hopeless and all lands have room, levels of the process, and beyond
    them levels like its roomiest one; None where nothing passes some cut on any level. `cuts` were measured. `crowded`
    is the most crowded place, `covered` the ring that is fullest of nets whose lands have no room for a cut, held
    against the level of these lands alone.
    """

    families: dict[str, tuple[Cut, ...]]
    least_levels: int | None
    cuts: int
    crowded: CrowdedSquare | None
    covered: Cut | None = None

    @property
    def fullest(self) -> Cut | None:
        """The fullest cut of all, one that is a proof before any other; None where no net has to cross any."""
        found = [cuts[0] for cuts in self.families.values()]
        return max(found, key=lambda cut: (cut.proof, cut.hopeless, cut.utilisation), default=None)

    @property
    def fullness(self) -> float:
        """How full the fullest cut is; 0 where there is none."""
        return self.fullest.utilisation if self.fullest is not None else 0.0

    @property
    def crowding(self) -> float:
        """The share of its room that straight ways would take in the most crowded place; 0 where there is none."""
        return self.crowded.share if self.crowded is not None else 0.0

    @property
    def much_covered(self) -> bool:
        """Whether a package with such a ring is hardly complete on its levels, though no cut may say so."""
        return self.covered is not None and self.covered.utilisation >= COVERED

    @property
    def witness(self) -> Cut | None:
        """A cut that shows that the package is hopeless, if one was found."""
        fullest = self.fullest
        return fullest if fullest is not None and fullest.hopeless else None
