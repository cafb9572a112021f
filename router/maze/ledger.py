"""What making traces shorter may cost, once all are routed."""

from __future__ import annotations

from dataclasses import dataclass, field

from router.maze.ripup import Ripup

# Node visits that a pass may make in vain: so many times those that routing took where traces were twice as long as
# their shortest ways, and in proportion, within these limits; a million takes about a tenth of a second.
SHARE, LEAST, MOST = 2.0, 12_000, 3_000_000
# So many more for each part by which it makes all traces shorter: a million for a thousandth.
WORTH = 1_000_000_000


@dataclass(slots=True)
class Ledger:
    """What a pass has taken and gained. shorter: by how much all traces are shorter now, nm."""

    router: Ripup
    shorter: float = 0.0
    before: int = field(init=False)
    length: float = field(init=False)
    in_vain: float = field(init=False)

    def __post_init__(self) -> None:
        shortest = sum(c.length for c in self.router.connections if c.path is not None)
        self.before = self.router.searcher.visits
        self.length = max(1.0, self.router.whole_length())
        detours = max(0.0, self.length / max(1.0, shortest) - 1)
        self.in_vain = min(max(LEAST, SHARE * detours * self.before), MOST)

    def pays(self) -> bool:
        """Whether the pass may go on."""
        return self.router.searcher.visits - self.before <= self.in_vain + WORTH * self.shorter / self.length
