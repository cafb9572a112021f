"""From a design to paths: which lattices are searched, one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from router.maze.again import settle
from router.maze.around import send_round
from router.maze.choose import (
    FINER,
    choose_lattices,
    closed_nets,
    finer_lattice,
    first_patience,
    fullest_cut,
    other_lattices,
)
from router.maze.cost import Costs
from router.maze.course import Course, most_bytes
from router.maze.lattice import Lattice
from router.maze.other_balls import chosen_balls, with_other_balls
from router.maze.patience import PATIENT_VISITS
from router.maze.problem import prepare, start
from router.maze.watch import UNWATCHED, Watch
from router.model.asked import Asked
from router.model.design import Design, OpenBalls
from router.model.routing import Routing


def on_chosen(course: Course, rasters: list[Lattice], patient: int) -> Course:
    """The search after runs on the lattices chosen for it, on the first of which it stands; `patient` as in
    `run`."""
    course.run(patient, last=len(rasters) == 1)
    for raster in rasters[1:]:
        other = course.moved(raster) if course.goes_on else None
        if other is None:
            break
        course = other
        course.run(patient, last=raster is rasters[-1])
    return course


def on_others(course: Course, finer: Lattice | None, patient: int) -> Course:
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
    design: Design, *, seed: int = 0, threads: int = 1, watch: Watch = UNWATCHED,
    costs: Costs | None = None, fullness: float | None = None, crowding: float | None = None,
    choices: Sequence[OpenBalls] = (),
) -> Routing:  # fmt: skip
    """Route every net of a design as far as it goes. `choices`: who may have which balls; these may be exchanged.

    `seed` orders connections of equal length. `threads` search at once; their number changes nothing of the result.
    `fullness`, `crowding`: how full the fullest cut and the most crowded place are, where the caller knows it from the
    plan. Raises RefusedError, before allocating, when the search would not fit in memory.
    """
    fullness = fullest_cut(design) if fullness is None else fullness
    costs, asked = (costs or Costs()).at(fullness), Asked(watch.stop)
    rasters = choose_lattices(design, fullness, crowding)
    problem = prepare(design, rasters[0])
    course = Course(problem, start(problem, costs, replace(watch, stop=asked)), costs, threads)
    course.ripup.most_bytes = most_bytes(problem)
    course.ripup.shuffle(seed)
    send_round(course.ripup, threads)
    finer = finer_lattice(design, rasters[-1])
    patient = first_patience(design, rasters[-1], finer)
    course = with_other_balls(on_chosen(course, rasters, patient), choices)
    course = on_others(course, finer, patient)
    if course.finished:
        course = settle(course, seed)
    balls = chosen_balls(course.problem.design, choices) if course.problem.design is not design else ()
    return replace(course.routing(stopped=asked.yes), balls=balls)
