"""Other orders and lattices for a package of which a few connections are left, or that a lattice sends far round.

Fights that do not end go by what was routed before them: nets that lie otherwise from the start may leave room. Where
lands lie at odds with a lattice, it may lack the one place in which a trace passes: others have it. And fees by place
(see `stretches`) find what fees by connection do not, as well as the other way round.
Restarts are an old remedy for searches whose cost varies by chance; that the dear ones take their turn more seldom,
each half as often as the one before, is the order of Luby, Sinclair and Zuckerman 1993.
"""

from __future__ import annotations

from router.maze.branch import shorten_trees
from router.maze.choose import lattices_anew
from router.maze.course import Course
from router.maze.lattice import Lattice
from router.maze.patience import PATIENT_VISITS
from router.maze.rearrange import rearrange
from router.maze.ripup import Ripup

# So many orders are tried, as long as node visits times what is left are no more than the visits that a run goes on in
# vain: the more are left, the less is hoped for. `tests/bench/bench_again.py` tells what they bring.
ORDERS = 16
# Where nothing is left, other lattices are tried as long as ways without all others are longer by this factor than the
# shortest ones, and up to so many node visits in all, about a second.
LONG, QUICK = 1.1, 10_000_000


def settle(course: Course, seed: int) -> Course:
    """Make what is routed shorter, and route all anew in other orders, and on other lattices, where these may bring
    more; the best state is kept."""
    shorten(course.ripup)
    course = on_nearer(course, seed * ORDERS)
    lattices = lattices_anew(course.problem.design, course.problem.window.lattice) if course.ripup.left() else []
    for order in range(1, ORDERS):
        if not (course.finished and may_be_complete(course.ripup)):
            break
        raster, by_place = its_turn(order, lattices)
        course = tried(course, raster, seed * ORDERS + order, by_place=by_place)
    return course


def on_nearer(course: Course, order: int) -> Course:
    """The best of a search and those on other lattices, where ways change level, for as long as they are long even
    without all others: the nodes of this one in which all cuts of a column stand may lie far from lands."""
    design = course.problem.design
    if not design.pdk.vias or not are_sent_round(course.ripup):
        return course
    for raster in lattices_anew(design, course.problem.window.lattice):
        if course.finished and are_sent_round(course.ripup):
            course = tried(course, raster, order)
    return course


def tried(course: Course, raster: Lattice, order: int, *, by_place: bool = False) -> Course:
    """The better one of a search and another of all from the start; arguments as in `Course.anew`."""
    other = course.anew(raster, order, by_place=by_place)
    if other is None:
        return course
    other.run(PATIENT_VISITS // ORDERS)
    if other.finished:
        shorten(other.ripup)
    return better(course, other)


def its_turn(order: int, lattices: list[Lattice]) -> tuple[Lattice, bool]:
    """The lattice of an order, by its number from 1, and whether fees go by place in it. The first lattice has every
    second order, and each after it half as many; of those of each every second has fees by place."""
    lowest = order & -order
    return lattices[min(lowest.bit_length(), len(lattices)) - 1], bool(order & 2 * lowest)


def better(course: Course, other: Course) -> Course:
    """The better one of two searches of a package, the other of which came later."""
    kept = other if outcome(other.ripup) < outcome(course.ripup) else course
    kept.ripup.searcher.visits, kept.finished = other.ripup.searcher.visits, other.finished
    return kept


def shorten(router: Ripup) -> None:
    """Make what is routed shorter as it lies."""
    rearrange(router)
    shorten_trees(router)


def outcome(router: Ripup) -> tuple[int, int, float]:
    """How many connections are left, how many of these are shut in, and the length of all, nm, of those that are left
    the shortest: the less, the better."""
    left = router.left()
    return len(left), len(router.shut(left)), router.whole_length() + sum(c.length for c in left)


def may_be_complete(router: Ripup) -> bool:
    """Whether a few connections are left, and others block them."""
    left, shut = router.missing()
    return left > shut and router.searcher.visits * left <= PATIENT_VISITS


def are_sent_round(router: Ripup) -> bool:
    """Whether ways are long even without all others, and it takes little to look for others."""
    shortest = sum(c.length for c in router.connections)
    quick = router.searcher.visits <= QUICK and not router.left()
    return quick and bool(router.longer.sum() > (LONG - 1) * shortest)
