"""What the search pays, in one place: a finest pitch along an axis costs `AXIS`, all else is relative to it."""

from __future__ import annotations

from dataclasses import dataclass, replace

AXIS = 100
DIAGONAL = 141
# How full the fullest cut of a package is where cuts between levels had better be few.
FULL = 0.6


@dataclass(frozen=True, slots=True)
class Costs:
    """Weights of the search and of rip-up. `tests/bench/bench_costs.py` tells what others would cost; figures without a
    package are means over its packages, on which a single one differs by up to three times either way.

    via: a cut, in track pitches of the finest level: a cut takes the room of a few tracks on two levels. At 1.2, 3 %
        fewer cuts for 5 % more visits.
    full_via: the same where the fullest cut is `FULL`. At 0.9, twice the visits there, and nets left on the fullest.
    bend: a turn of 45°, in finest pitches: enough to choose the straighter of ways that are alike. Ten times as much,
        and four times the lean, take a tenth to a fifth more visits, and more cuts and length.
    inside: a step within another connection's halo, in finest pitches: leave it soon.
    fee: the first price for running over a connection, in track pitches of the finest level.
    planar_fee: the same for connections that have one level alone.
    growth: what is added to a connection's fee each time it is run over, in the same unit, so that fights end.
        Growth by a sum keeps fees comparable; growth by a factor let a few connections become walls. Half as much takes
        a twentieth more visits, twice as much no fewer.
    planar_growth: the same for connections that have one level alone: what others take there is gone.
    crossing_growth: the same for nets that cross many others (see `crossing`), on several levels. Where all nets do,
        two fifths of it take 1.0 to 2.4 times the visits; twice as much takes 0.5 to 1.1 times, and 1 % of wirelength.
    against: what a step of such nets costs more along an axis that its level is not kept for, as a share of it (see
        `crossing`). Without it, packages where all nets cross take two to three times the visits; 0.2 to 0.5 are alike
        within a third.
    between: what a step costs more on a level that a net may not use, but has to pass as cuts do not stack there, as a
        multiple of it: such ways stay short.
    lean: what the search adds to its bound of the way still to go, as a share of it: of ways that differ by a trifle,
        the one farther ahead goes on. Without it, a tenth more visits.
    """

    via: float = 0.9
    full_via: float = 1.2
    bend: float = 0.01
    inside: float = 0.25
    fee: float = 5.0
    planar_fee: float = 9.0
    growth: float = 2.0
    planar_growth: float = 12.0
    crossing_growth: float = 30.0
    against: float = 0.2
    between: float = 9.0
    lean: float = 0.001

    def at(self, fullness: float) -> Costs:
        """The weights for a package whose fullest cut is so full."""
        return replace(self, via=self.full_via) if fullness >= FULL else self
