"""On which lattices a package is searched, one after the other."""

from __future__ import annotations

from fractions import Fraction
from math import isqrt

from router.maze.fit import better_lattice, lattice_of_steps, lattice_through_gaps
from router.maze.footprint import collect_footprints
from router.maze.lattice import Lattice, build_lattice
from router.maze.patience import PATIENT_VISITS
from router.maze.ripup import Ripup
from router.maze.window import bytes_needed, enough_memory
from router.model.design import Design
from router.plan.capacity import plan_capacity
from router.plan.crowding import most_crowded

# Track pitch over lattice pitch: 2 holds every trace the rules allow on straight runs, and nearly all on diagonals; 1
# is enough where cuts are not full, and takes a quarter of the time; 4 fits more tracks between pads that lie off the
# lattice, which small packages afford. Where each track counts, the pitch goes by the lands (`fit`); where connections
# found no way at all, cuts may find a place between lands on one that is finer still. Smallest lattices, in nodes, that
# are not small, and that are large:
COARSE, USUAL, FINE, FINER = 1, 2, 4, (8, 16)
SMALL, LARGE = 400_000, 1_000_000
# Nodes of a finest lattice on which packages go on that are not small, should connections be left on the usual one.
MIDDLE = 4_000_000
# How full the fullest cut and the most crowded place are where the coarse lattice is enough to begin with, and how full
# a cut would be, with the tracks that pass on a lattice, where each track counts. On one node a track diagonals side by
# side take 1.4 times the room that they need: of 20 000 nets, with a place 54 % crowded, 1 800 were left, and three
# quarters of the visits on the usual lattice left none.
EASY, TIGHT = 0.4, 0.9
# A wide lattice has no fewer nodes than this, and no more tracks a node: lines farther apart miss gaps and doors.
LEAST_NODES, MOST_TRACKS = 1_000_000, 8
# Node visits of a run that may as well be made again, about two seconds.
QUICK = 20_000_000


def choose_lattices(design: Design, fullness: float, crowding: float | None = None) -> list[Lattice]:
    """The lattices to search, one after the other, until all is routed. `fullness`: of the fullest cut; `crowding`: of
    the most crowded place, measured where the caller does not know it."""
    fine = build_lattice(design, design.outline, FINE)
    small = fine.nodes <= SMALL
    usual = fine if small else build_lattice(design, design.outline, USUAL)
    if fullness > EASY and not any(design.lattice):
        better = better_lattice(design, usual, fullness / TIGHT)
        if better is not None and enough_memory(better, lattice_bytes(design, better)):
            return [better]
    if small:
        return [fine]
    coarse = build_lattice(design, design.outline, COARSE, onto=usual)
    fits = enough_memory(usual, lattice_bytes(design, usual))
    large = usual.nodes > LARGE and coarse.pitch > usual.pitch
    if fits and (not large or fullness >= EASY):
        return [usual]
    share = max(fullness, most_crowding(design) if crowding is None else crowding)
    if share >= EASY:
        return [usual] if fits else [coarse]
    wide = [] if any(design.lattice) else wide_lattice(design, coarse, share, usual)
    return [*wide, coarse, usual] if fits else [*wide, coarse]


def wide_lattice(design: Design, coarse: Lattice, share: float, onto: Lattice) -> list[Lattice]:
    """A lattice with several tracks a node, for a package of which nets take so small a share that it would be easy on
    that one still; none where the coarse one has few nodes. `onto`: the lattice whose lines its own are.

    1 200 nets of an interposer with tracks of 0.8 µm, 5 % full, take 9 million visits, where the coarse lattice takes
    more than 300 million.
    """
    tracks = min(int(EASY / max(share, EASY / MOST_TRACKS)), isqrt(coarse.nodes // LEAST_NODES))
    return [build_lattice(design, design.outline, Fraction(1, tracks), onto=onto)] if tracks > 1 else []


def lattice_bytes(design: Design, raster: Lattice) -> int:
    """Bytes that a search on a lattice takes at most."""
    return bytes_needed(raster, collect_footprints(design), connection_count(design))


def most_crowding(design: Design) -> float:
    """The share of its room that straight ways would take in the most crowded place of a package."""
    place = most_crowded(design)
    return place.share if place is not None else 0.0


def fullest_cut(design: Design) -> float:
    """How full the fullest cut of a package is."""
    return plan_capacity(design).fullness


def search_size(design: Design, fullness: float, crowding: float | None = None) -> tuple[int, int]:
    """Lattice nodes and bytes that the search of a design will take at most."""
    raster = choose_lattices(design, fullness, crowding)[-1]
    return raster.nodes, lattice_bytes(design, raster)


def connection_count(design: Design) -> int:
    """At most so many connections join all nets."""
    return sum(max(0, len(net.ends) - 1) for net in design.nets) + len(design.fixed)


def closed_nets(design: Design, ripup: Ripup) -> set[int]:
    """The nets of connections that found no way at all, where another lattice may be tried for them: not where the user
    chose it, or where to route all anew would take long."""
    if any(design.lattice) or ripup.searcher.visits > QUICK:
        return set()
    return {c.net for c in ripup.shut(ripup.left())}


def lattice_for_left(design: Design, ripup: Ripup) -> Lattice | None:
    """A lattice for connections that found no way at all, or none that others leave them, on which gaps let traces of
    their classes through that do not on this one; None where there are neither, or where it is large for the latter."""
    raster, closed = ripup.window.lattice, closed_nets(design, ripup)
    nets = {c.net for c in ripup.left()} if raster.nodes <= MIDDLE and not any(design.lattice) else closed
    if not nets:
        return None
    another = lattice_through_gaps(design, raster, {design.nets[net].net_class for net in nets}, MIDDLE)
    return another if closed or another is None or another.nodes <= MIDDLE else None


def other_lattices(design: Design, ripup: Ripup, finer: Lattice | None) -> list[Lattice]:
    """The lattices on which to go on with connections that are left, one after the other, of different pitches."""
    found, pitches = list[Lattice](), {ripup.window.lattice.pitch}
    for other in (lattice_for_left(design, ripup), finer) if ripup.left() else ():
        if other is not None and other.pitch not in pitches:
            found.append(other)
            pitches.add(other.pitch)
    return found


def finer_lattice(design: Design, raster: Lattice, divisor: int = FINE) -> Lattice | None:
    """A finer lattice, for connections that are left on this one; None where it is this one, or large."""
    if raster.nodes > MIDDLE:
        return None
    fine = build_lattice(design, design.outline, divisor)
    good = raster.pitch > fine.pitch and fine.nodes <= MIDDLE and enough_memory(fine, lattice_bytes(design, fine))
    return fine if good else None


def lattices_anew(design: Design, raster: Lattice) -> list[Lattice]:
    """Lattices on which a package of which connections are left on this one may be complete where all is routed anew:
    one about as fine, and finer ones."""
    if any(design.lattice):
        return [raster]
    finer = (finer_lattice(design, raster, divisor) for divisor in FINER)
    return [lattice_of_steps(design, raster), *(other for other in finer if other is not None)]


def first_patience(design: Design, raster: Lattice, finer: Lattice | None) -> int:
    """Node visits without a better state after which the search ends on the first lattices: early where another may let
    more traces through."""
    if finer is not None:
        return PATIENT_VISITS // 4
    return PATIENT_VISITS // 16 if raster.nodes <= SMALL and not any(design.lattice) else PATIENT_VISITS
