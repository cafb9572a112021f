"""A run of rip-up and reroute: connections have their turn until all are routed, or fights bring nothing better."""

from __future__ import annotations

from dataclasses import dataclass, field

from router.maze.connection import Connection
from router.maze.crew import Crew
from router.maze.finder import Found
from router.maze.patience import PATIENT_VISITS, begin_pass, begin_run
from router.maze.ripup import Over, Ripup
from router.maze.turns import AT_ONCE, Ahead, Turns
from router.model.routing import IterationStats


def run(router: Ripup, *, last: bool = True, threads: int = 1, patient: int = PATIENT_VISITS) -> bool:
    """Route all connections that are not; False when stopped early. Afterwards the best state that was met is in place.

    Unless this is the `last` lattice, the run ends as soon as fights settle little. `patient`: node visits without a
    better state after which it ends.
    """
    levels = router.window.lattice.levels
    turns = Turns(levels, router.trees, router.connections, router.rips, router.order())
    for c in router.connections[1:]:
        if c.path is None:
            turns.push(c)
    with Crew(router.searcher, min(threads, AT_ONCE)) as crew:
        return Run(router, turns, crew).work_off(last, patient)


@dataclass(slots=True)
class Run:
    """Connections that wait for their turn, and who looks for their ways. ahead: ways that were found before their
    turn; failed: how many connections have had their turn and found no way at all."""

    router: Ripup
    turns: Turns
    crew: Crew
    ahead: Ahead = field(default_factory=Ahead)
    failed: int = 0

    @property
    def left(self) -> int:
        """How many connections are not routed."""
        return len(self.turns) + self.failed

    def work_off(self, last: bool, patient: int) -> bool:
        """Route what waits for its turn; as `run`."""
        router, turns = self.router, self.turns
        patience = begin_run(len(turns), router.searcher.visits, patient)
        current, passes, finished = begin_pass(len(turns), len(turns)), 0, True
        router.way_back = {}
        while turns and patience.lasts(router.searcher.visits):
            if router.watch.stop() or not router.has_room():
                finished = False
                break
            current.searched(self.take_turn())
            router.watch.waiting(len(turns))
            if patience.better(self.left, router.searcher.visits):
                router.way_back = {}
            if current.to_go <= 0 or not turns:
                note(router, self.left, current.ripped)
                passes += 1
                if not last and passes > 1 and not current.settled(self.left):
                    break
                current = begin_pass(self.left, len(turns))
        if self.left > patience.fewest:
            router.restore(list(router.way_back.values()))
        router.way_back = None
        return finished

    def take_turn(self) -> int:
        """Route the connection whose turn it is; how many had to go for it, which wait for theirs then."""
        router, turns = self.router, self.turns
        c = turns.pop()
        found, over = self.find(c)
        self.failed += found is None
        gone = [] if found is None else router.put(c, found, over)
        if not turns and not gone:
            gone = router.parted(range(len(router.trees)))
        for other in gone:
            turns.push(other)
        return len(gone)

    def find(self, c: Connection) -> tuple[Found | None, Over]:
        """A path for a connection whose turn it is, and what it runs over. It may have been found together with others
        that follow each other, of which the search did not know."""
        router, ahead = self.router, self.ahead
        if c.id not in ahead.ways:
            ahead.ways, ahead.lately = self.find_all(self.turns.together(c)), set()
        found = ahead.ways.pop(c.id)
        over = {} if found is None else router.run_over(c, found.path)
        if not ahead.lately.isdisjoint(over):
            found = router.find(c)
            over = {} if found is None else router.run_over(c, found.path)
        ahead.lately.add(c.id)
        return found, over

    def find_all(self, batch: list[Connection]) -> dict[int, Found | None]:
        """Paths for connections that may be searched for at once, by id; None where there is none."""
        if len(batch) > 1:
            return dict(zip((c.id for c in batch), self.crew.map(self.router.finder.find_simple, batch), strict=True))
        (c,) = batch
        return {c.id: self.router.find(c)}


def note(router: Ripup, left: int, ripped: int) -> None:
    """Record the end of a pass."""
    stats = IterationStats(
        len(router.stats) + 1, left, ripped, round(router.whole_length()), router.searcher.visits
    )  # fmt: skip
    router.stats.append(stats)
    router.watch.progress(stats)
