"""A design made ready for the search on one lattice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from router.maze import footprint, lattice, obstacles
from router.maze.access import find_access
from router.maze.choose import connection_count
from router.maze.connection import Connection
from router.maze.cost import AXIS, Costs
from router.maze.crossing import against, find_crossing, main_axis, priced, put_off, roomier_levels, straight_ways
from router.maze.kernels.nodes import APART, APART_UP, BEND
from router.maze.labels import open_labels
from router.maze.parts import Parts
from router.maze.pieces import Piece, find_pieces
from router.maze.reach import let_through
from router.maze.ripup import Ripup
from router.maze.search import Searcher, weights
from router.maze.stretches import SQUARE, Stretches
from router.maze.trees import Tree
from router.maze.watch import UNWATCHED, Watch
from router.maze.window import Window, bytes_needed, open_window
from router.model.design import Design
from router.model.layout import Unrouted
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
    stretches: Stretches
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


def prepare(design: Design, raster: lattice.Lattice, *, by_place: bool = False) -> Problem:
    """Static obstacles and connections on a lattice; with fees by place where asked for (see `stretches`). Raises
    RefusedError before anything large is allocated that would not fit, MemoryError where the system has no room for
    it."""
    shapes = footprint.collect_footprints(design)
    side = SQUARE * min(lattice.track_pitches(design)) // raster.pitch if by_place else 0
    count = Stretches(connection_count(design), side).all_ids
    memory = bytes_needed(raster, shapes, count)
    window = open_window(raster, shapes, count)
    access = find_access(design, raster)
    pieces, stubs = find_pieces(design, raster, access)
    obstacles.paint_all(window, design, shapes, [*obstacles.collect_obstacles(design), *access.stubs, *stubs])
    trees, connections = build_trees(design, raster, pieces)
    none = footprint.no_class(len(raster.levels))
    classes = [shapes.of_class.get(net.net_class, none) for net in design.nets]
    halos, stretches = footprint.halo_tables(shapes, raster), Stretches(len(connections), side)
    return Problem(design, window, halos, classes, trees, connections, stretches, memory)


def growth(several: Flags, crossing: Flags, costs: Costs) -> NDArray[np.float64]:
    """What the fees of a net's connections grow by, in track pitches: see `Costs`."""
    return np.where(crossing, costs.crossing_growth, np.where(several, costs.growth, costs.planar_growth))


def cut_distances(design: Design, raster: lattice.Lattice) -> list[NDArray[np.int64]]:
    """How far the cuts of each net stand from each other, (L,) finest pitches: so that the ends of its traces, where
    these are wide, do not just touch."""
    least = raster.levels[:, APART : APART_UP + 1].max(axis=1)
    of_class = {
        name: np.maximum(least, -(-(np.array(c.widths) + np.array(c.spacings)) // raster.pitch))
        for name, c in design.classes.items()
    }
    return [of_class[net.net_class] for net in design.nets]


def first_fees(several: Flags, costs: Costs) -> NDArray[np.float64]:
    """What it costs at first to run over a net's connections, in track pitches: see `Costs`."""
    return np.where(several, costs.fee, costs.planar_fee)


def start(problem: Problem, costs: Costs, watch: Watch = UNWATCHED) -> Ripup:
    """The rip-up router over a prepared problem."""
    raster = problem.window.lattice
    # What a node takes of the room counts where that is more than a track.
    track = max(1, min(lattice.track_pitches(problem.design)) / raster.pitch)
    names = [net.net_class for net in problem.design.nets]
    rows = dict(zip(names, problem.classes, strict=True))
    climbs = {name: len(footprint.levels_of(c)) > 1 for name, c in rows.items()}
    several = np.array([climbs[name] for name in names], dtype=np.bool_)
    ways = straight_ways(problem.trees, problem.connections[1:])
    crossing = several & find_crossing(ways, len(several))
    axis = main_axis(ways.ends[crossing[ways.nets]], bool((raster.levels[:, BEND] == 1).all()))
    prices = against(axis, roomier_levels(problem.design), raster.levels, costs.against)
    opened = {name: let_through(c, raster.levels, costs.between) for name, c in rows.items()}
    fee = first_fees(several, costs) * track * AXIS
    step = growth(several, crossing, costs) * track * AXIS
    searcher = Searcher(
        window=problem.window,
        net_of=problem.stretches.for_each(np.array([c.net for c in problem.connections], dtype=np.int32)),
        fee=problem.stretches.for_each(np.array([0, *(fee[c.net] for c in problem.connections[1:])], dtype=np.int32)),
        weights=weights(costs, track, raster.levels),
        labels=open_labels(len(problem.window.node)),
        stop=watch.stop,
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
        watch=watch,
        stretches=problem.stretches,
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
