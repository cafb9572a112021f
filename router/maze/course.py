"""The search of a package as it goes from lattice to lattice."""

from __future__ import annotations

from dataclasses import dataclass

from router.maze.around import send_round
from router.maze.cost import Costs
from router.maze.lattice import Lattice
from router.maze.memory import memory_taken
from router.maze.patience import PATIENT_VISITS
from router.maze.problem import Problem, prepare, start, unrouted
from router.maze.refine import carry_over
from router.maze.ripup import Ripup
from router.maze.routed_paths import to_paths
from router.maze.run import run
from router.maze.window import memory_limit
from router.model.design import Design
from router.model.errors import RefusedError
from router.model.routing import Routing


@dataclass(slots=True)
class Course:
    """The search of a package on one lattice after another: where it stands. finished: False once it was stopped early;
    then it goes no further."""

    problem: Problem
    ripup: Ripup
    costs: Costs
    threads: int
    finished: bool = True

    @property
    def goes_on(self) -> bool:
        """Whether connections are left, and nobody has stopped it."""
        return self.finished and bool(self.ripup.left())

    def run(self, patient: int = PATIENT_VISITS, *, last: bool = True) -> None:
        """Route what is left; as `run`."""
        self.finished = run(self.ripup, last=last, threads=self.threads, patient=patient)

    def on(self, raster: Lattice, design: Design | None = None, *, by_place: bool = False) -> Course | None:
        """A search of the package, or of another one that is alike but for its balls, on a lattice, of which nothing is
        routed yet, with fees by place where asked for; it counts on. None where memory has no room for both."""
        try:
            problem = prepare(design or self.problem.design, raster, by_place=by_place)
            ripup = start(problem, self.costs, self.ripup.watch)
        except (MemoryError, RefusedError):
            return None
        ripup.rank, ripup.most_bytes = self.ripup.rank, most_bytes(problem)
        ripup.searcher.visits, ripup.stats = self.ripup.searcher.visits, self.ripup.stats
        return Course(problem, ripup, self.costs, self.threads)

    def moved(self, raster: Lattice, design: Design | None = None) -> Course | None:
        """The search on another lattice, or of another package, from where it stands; as `on`."""
        other = self.on(raster, design)
        if other is not None:
            other.ripup.longer, other.ripup.finder.turned = self.ripup.longer, self.ripup.finder.turned
            carry_over(self.ripup, other.ripup)
        return other

    def anew(self, raster: Lattice, order: int, *, by_place: bool) -> Course | None:
        """The search of all from the start on a lattice, in an order by chance, whose number it is; None as in `on`."""
        other = self.on(raster, by_place=by_place)
        if other is not None:
            other.ripup.mix(order)
            send_round(other.ripup, self.threads)
        return other

    def tried(self, raster: Lattice, patient: int = PATIENT_VISITS) -> Course:
        """The search after a run on another lattice, where it goes on: on that one if fewer connections are left there,
        or more of these find a way over others. `patient` as in `run`."""
        other = self.moved(raster) if self.goes_on else None
        if other is None:
            return self
        other.run(patient)
        kept = other if other.ripup.missing() < self.ripup.missing() else self
        kept.finished = other.finished
        return kept

    def routing(self, *, stopped: bool) -> Routing:
        """What the search came to."""
        return Routing(
            tuple(to_paths(self.problem.window.lattice, self.problem.trees)),
            unrouted(self.problem, self.ripup),
            tuple(self.ripup.stats),
            self.ripup.searcher.visits,
            stopped or not self.finished,
            self.problem.memory,
        )


def most_bytes(problem: Problem) -> int | None:
    """Memory of the process at which the search has to end, None where there is enough for all that it may take."""
    taken, limit = memory_taken(), memory_limit()
    return None if taken is None or problem.memory <= limit else taken + limit
