"""How long fights go on: when a run ends as it comes to nothing better, and the passes that it is told of in."""

from __future__ import annotations

from dataclasses import dataclass

# A run ends when this many searches a connection bring no better state, or this many node visits (about a minute's
# worth) and twice as many as it took to reach that state.
PATIENCE = 10
LEAST_PATIENCE = 250
PATIENT_VISITS = 400_000_000
# A pass is told of after at least so many searches.
LEAST_PASS = 100
# On a lattice that a finer one follows, a pass after the first has to settle this share of its searches.
LEAST_GAIN = 0.15


@dataclass(slots=True)
class Patience:
    """How long a run goes on without a better state.

    fewest: connections that were left in the best state so far; patient: node visits after which the run ends; idle,
    most_idle: searches since that state, and how many there may be; most_visits: up to which the run goes on.
    """

    fewest: int
    patient: int
    most_visits: int
    most_idle: int
    idle: int = 0

    def lasts(self, visits: int) -> bool:
        """Whether the run goes on after so many visits."""
        return self.idle <= self.most_idle and visits <= self.most_visits

    def better(self, left: int, visits: int) -> bool:
        """Take note of a search, after which so many connections are left; whether fewer than ever are."""
        self.idle += 1
        if left >= self.fewest:
            return False
        self.fewest, self.idle = left, 0
        self.most_visits = visits + max(self.patient, 2 * visits)
        return True


def begin_run(left: int, visits: int, patient: int) -> Patience:
    """The patience of a run of which so many connections are left after so many visits."""
    return Patience(left, patient, visits + patient, max(LEAST_PATIENCE, PATIENCE * left))


@dataclass(slots=True)
class Pass:
    """As many searches as connections waited when it began. left: how many connections were left then; ripped: how
    many had to go for others since."""

    left: int
    searches: int
    to_go: int
    ripped: int = 0

    def searched(self, gone: int) -> None:
        """Take note of a search for which so many had to go."""
        self.ripped += gone
        self.to_go -= 1

    def settled(self, left: int) -> bool:
        """Whether it has settled enough, where so many connections are left now, to go on on this lattice."""
        return self.left - left >= LEAST_GAIN * self.searches


def begin_pass(left: int, waiting: int) -> Pass:
    """A pass of which so many connections are left, and so many wait for their turn."""
    searches = max(waiting, LEAST_PASS)
    return Pass(left, searches, searches)
