"""From a design to paths: set up the window, run the search, hand the paths on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from router.maze import footprint, lattice, obstacles
from router.maze.access import find_access
from router.maze.again import settle
from router.maze.around import send_round
from router.maze.choose import (
    FINER,
    choose_lattices,
    closed_nets,
    connection_count,
    finer_lattice,
    first_patience,
    fullest_cut,
    other_lattices,
)
from router.maze.connection import Connection
from router.maze.cost import AXIS, Costs
from router.maze.crossing import against, find_crossing, main_axis, priced, put_off, roomier_levels, straight_ways
from router.maze.kernels.nodes import APART, BEND
from router.maze.labels import open_labels
from router.maze.memory import memory_taken
from router.maze.parts import Parts
from router.maze.patience import PATIENT_VISITS
from router.maze.pieces import Piece, find_pieces
from router.maze.reach import let_through
from router.maze.refine import carry_over
from router.maze.ripup import Ripup
from router.maze.routed_paths import to_paths
from router.maze.search import Searcher, weights
from router.maze.trees import Tree
from router.maze.window import Window, bytes_needed, memory_limit, open_window
from router.model.asked import Asked
from router.model.design import Design
from router.model.errors import RefusedError
from router.model.layout import Unrouted
from router.model.routing import IterationStats, Routing
from router.plan.decompose import join_nets, lattice_metric

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Problem:
    """A design prepared for the search."""

    design: Design
    window: Window
    halos: footprint.Halos
    classes: list[NDArray[np.int64]]
    trees: list[Tree]
    connections: list[Connection]
    memory: int


def no_connection() -> Connection:
    """Id 0 stands for an empty slot."""
    return Connection(0, -1, 0, 0, 0)


def build_trees(
    design: Design, raster: lattice.Lattice, pieces: list[list[Piece]]
) -> tuple[list[Tree], list[Connection]]:
    """Connections of every net, of whose `pieces` they are made; their ids run from 1."""
    trees: list[Tree] = []
    connections = [no_connection()]
    metrics = [lattice_metric(design, net) for net in design.nets]
    edges = join_nets([[piece.places for piece in ends] for ends in pieces], metrics)
    for index, (ends, joins, metric) in enumerate(zip(pieces, edges, metrics, strict=True)):
        own = [Connection(len(connections) + k, index, a, b, int(length)) for k, (a, b, length) in enumerate(joins)]
        trees.append(Tree(ends, own, Parts(raster.levels, ends, own) if len(own) > 1 else None, metric))
        connections += own
    return trees, connections


def prepare(design: Design, raster: lattice.Lattice) -> Problem:
    """Static obstacles and connections on a lattice. Raises RefusedError before anything large is allocated that would
    not fit, MemoryError where the system has no room for it."""
    shapes = footprint.collect_footprints(design)
    count = connection_count(design)
    memory = bytes_needed(raster, shapes, count)
    window = open_window(raster, shapes, count)
    access = find_access(design, raster)
    pieces, stubs = find_pieces(design, raster, access)
    obstacles.paint_all(window, design, shapes, [*obstacles.collect_obstacles(design), *access.stubs, *stubs])
    trees, connections = build_trees(design, raster, pieces)
    none = footprint.no_class(len(raster.levels))
    classes = [shapes.of_class.get(net.net_class, none) for net in design.nets]
    return Problem(design, window, footprint.halo_tables(shapes, raster), classes, trees, connections, memory)


def growth(several: Flags, crossing: Flags, costs: Costs) -> NDArray[np.float64]:
    """What the fees of a net's connections grow by, in track pitches: see `Costs`."""
    return np.where(crossing, costs.crossing_growth, np.where(several, costs.growth, costs.planar_growth))


def cut_distances(design: Design, raster: lattice.Lattice) -> list[NDArray[np.int64]]:
    """How far the cuts of each net stand from each other, (L,) finest pitches: so that the ends of its traces, where
    these are wide, do not just touch."""
    least = raster.levels[:, APART : APART + 3].max(axis=1)
    of_class = {
        name: np.maximum(least, -(-(np.array(c.widths) + np.array(c.spacings)) // raster.pitch))
        for name, c in design.classes.items()
    }
    return [of_class[net.net_class] for net in design.nets]


def first_fees(several: Flags, costs: Costs) -> NDArray[np.float64]:
    """What it costs at first to run over a net's connections, in track pitches: see `Costs`."""
    return np.where(several, costs.fee, costs.planar_fee)


def start(
    problem: Problem, costs: Costs, stop: Callable[[], bool], progress: Callable[[IterationStats], None],
    waiting: Callable[[int], None] = lambda connections: None,
) -> Ripup:  # fmt: skip
    """The rip-up router over a prepared problem."""
    raster = problem.window.lattice
    # What a node takes of the room counts where that is more than a track.
    track = max(1, min(lattice.track_pitches(problem.design)) / raster.pitch)
    several = np.array([len(footprint.levels_of(c)) > 1 for c in problem.classes], dtype=np.bool_)
    ways = straight_ways(problem.trees, problem.connections[1:])
    crossing = several & find_crossing(ways, len(several))
    axis = main_axis(ways.ends[crossing[ways.nets]], bool((raster.levels[:, BEND] == 1).all()))
    prices = against(axis, roomier_levels(problem.design), raster.levels, costs.against)
    names = [net.net_class for net in problem.design.nets]
    rows = dict(zip(names, problem.classes, strict=True))
    opened = {name: let_through(c, raster.levels, costs.between) for name, c in rows.items()}
    fee = first_fees(several, costs) * track * AXIS
    step = growth(several, crossing, costs) * track * AXIS
    searcher = Searcher(
        window=problem.window,
        net_of=np.array([c.net for c in problem.connections], dtype=np.int32),
        fee=np.array([0, *(fee[c.net] for c in problem.connections[1:])], dtype=np.int32),
        weights=weights(costs, track, raster.levels),
        labels=open_labels(len(problem.window.node)),
        stop=stop,
    )
    return Ripup(
        window=problem.window,
        searcher=searcher,
        halos=problem.halos,
        classes=[priced(opened[n], prices) if of else opened[n] for n, of in zip(names, crossing, strict=True)],
        apart=cut_distances(problem.design, raster),
        trees=problem.trees,
        connections=problem.connections,
        fee_step=np.array([0, *(step[c.net] for c in problem.connections[1:])], dtype=np.int64),
        late=put_off(ways, several, len(problem.connections)),
        stop=stop,
        progress=progress,
        waiting=waiting,
    )


def unrouted(problem: Problem, ripup: Ripup) -> tuple[Unrouted, ...]:
    """The connections that are missing, with the nets that stand in their way."""
    design = problem.design
    missing = []
    for c in ripup.left():
        names = sorted({design.nets[n].name for n in ripup.blockers.get(c.id, ())})
        pieces = problem.trees[c.net].pieces
        missing.append(Unrouted(design.nets[c.net].name, pieces[c.a].name, pieces[c.b].name, tuple(names)))
    return tuple(missing)


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
        """Route what is left; as `Ripup.run`."""
        self.finished = self.ripup.run(last=last, threads=self.threads, patient=patient)

    def moved(self, raster: lattice.Lattice) -> Course | None:
        """The search on another lattice, from where it stands on this one; None where memory has no room for both."""
        before = self.ripup
        try:
            problem = prepare(self.problem.design, raster)
            ripup = start(problem, self.costs, before.stop, before.progress, before.waiting)
            ripup.rank, ripup.longer, ripup.finder.turned = before.rank, before.longer, before.finder.turned
            carry_over(before, ripup)
        except (MemoryError, RefusedError):
            return None
        ripup.most_bytes = most_bytes(problem)
        return Course(problem, ripup, self.costs, self.threads)

    def tried(self, raster: lattice.Lattice, patient: int = PATIENT_VISITS) -> Course:
        """The search after a run on another lattice, where it goes on: on that one if fewer connections are left there.
        `patient` as in `Ripup.run`."""
        other = self.moved(raster) if self.goes_on else None
        if other is None:
            return self
        other.run(patient)
        kept = other if len(other.ripup.left()) < len(self.ripup.left()) else self
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


def on_chosen(course: Course, rasters: list[lattice.Lattice], patient: int) -> Course:
    """The search after runs on the lattices chosen for it, on the first of which it stands; `patient` as in
    `Ripup.run`."""
    course.run(patient, last=len(rasters) == 1)
    for raster in rasters[1:]:
        other = course.moved(raster) if course.goes_on else None
        if other is None:
            break
        course = other
        course.run(patient, last=raster is rasters[-1])
    return course


def on_others(course: Course, finer: lattice.Lattice | None, patient: int) -> Course:
    """The search after runs on lattices that may let through what is left: such as fit the gaps, the `finer` one, and,
    for nets that find no way at all, finer ones still. `patient`: what the runs so far were."""
    design = course.problem.design
    others = other_lattices(design, course.ripup, finer) if course.finished else []
    for other in others:
        course = course.tried(other, PATIENT_VISITS // (1 if other is others[-1] else 4))
    if course.goes_on and not others and patient < PATIENT_VISITS:
        course.run()
    for divisor in FINER:
        closed = course.finished and closed_nets(design, course.ripup)
        another = finer_lattice(design, course.problem.window.lattice, divisor) if closed else None
        if another is not None:
            course = course.tried(another)
    return course


def route_design(
    design: Design, *, seed: int = 0, threads: int = 1,
    stop: Callable[[], bool] = lambda: False, progress: Callable[[IterationStats], None] = lambda stats: None,
    waiting: Callable[[int], None] = lambda connections: None,
    costs: Costs | None = None, fullness: float | None = None, crowding: float | None = None,
) -> Routing:  # fmt: skip
    """Route every net of a design as far as it goes.

    Raises RefusedError, before allocating, when the search would not fit in memory. `stop` is asked between
    connections; when it says yes the best state so far is returned. `progress` hears of each pass, and
    `waiting` of how many connections wait within one. `seed` orders connections of equal length.
    `threads` search at once; their number changes nothing of the result.
    `fullness`, `crowding`: how full the fullest cut and the most crowded place are, where the caller knows it from the
    plan.
    """
    fullness = fullest_cut(design) if fullness is None else fullness
    costs, asked = (costs or Costs()).at(fullness), Asked(stop)
    rasters = choose_lattices(design, fullness, crowding)
    problem = prepare(design, rasters[0])
    course = Course(problem, start(problem, costs, asked, progress, waiting), costs, threads)
    course.ripup.most_bytes = most_bytes(problem)
    course.ripup.shuffle(seed)
    send_round(course.ripup, threads)
    finer = finer_lattice(design, rasters[-1])
    patient = first_patience(design, rasters[-1], finer)
    course = on_others(on_chosen(course, rasters, patient), finer, patient)
    course.finished = course.finished and settle(course.ripup, seed, threads)
    return course.routing(stopped=asked.yes)
