"""What making traces shorter may cost, once all are routed."""

from __future__ import annotations

from dataclasses import dataclass, field

from router.maze.ripup import Ripup

# A pass may take so much of the node visits that routing took, and so many more for each part by which it makes all
# traces shorter: a million, about a tenth of a second, for a thousandth.
SHARE = 0.03
WORTH = 1_000_000_000


@dataclass(slots=True)
class Ledger:
    """What a pass has taken and gained. shorter: by how much all traces are shorter now, nm."""

    router: Ripup
    shorter: float = 0.0
    before: int = field(init=False)
    length: float = field(init=False)

    def __post_init__(self) -> None:
        self.before = self.router.searcher.visits
        self.length = max(1.0, self.router.whole_length())

    def pays(self) -> bool:
        """Whether the pass may go on."""
        taken = self.router.searcher.visits - self.before
        return taken <= SHARE * self.before + WORTH * self.shorter / self.length
