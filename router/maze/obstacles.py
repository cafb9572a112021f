"""Static obstacles of a package: lands, fixed traces, keep-outs, the edge. Painted once into a window."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from router.maze.beside import asked_spacing, kept_spacing, least_spacings
from router.maze.footprint import CORNER, SHAPES, Footprints, chord, octagon_side
from router.maze.kernels import static
from router.maze.window import Window
from router.model.design import Design
from router.model.geometry import GRID_SLACK, Points
from router.model.pdk import ANY_LENGTH, Level, ShapeKind
from router.plan.flanks import closed_rings

NOBODY = -1


class Obstacle(NamedTuple):
    """Metal that stands still: a box or segment core (nm) grown by an octagon (`flat`) and a circle (`rounding`).

    `net` owns it, NOBODY for none. `spacing` is what it asks of others.
    """

    level: int
    kind: int
    core: tuple[int, int, int, int]
    flat: int
    rounding: int
    slack: int
    spacing: int
    net: int

    @property
    def sides(self) -> tuple[int, int]:
        """Width and length, nm: how wide a pad is, and the longest of its straight sides; a trace is as long as any."""
        if self.kind == static.SEGMENT:
            return 2 * (self.flat + self.rounding), ANY_LENGTH
        x0, y0, x1, y1 = self.core
        return _box_sides(x1 - x0, y1 - y0, self.flat, self.rounding, self.slack - GRID_SLACK)

    def at(self, x: int, y: int, net: int) -> Obstacle:
        """The same metal about another origin, of another net."""
        x0, y0, x1, y1 = self.core
        core = (x0 + x, y0 + y, x1 + x, y1 + y)
        return Obstacle(self.level, self.kind, core, self.flat, self.rounding, self.slack, self.spacing, net)


@lru_cache
def _box_sides(width: int, height: int, flat: int, rounding: int, strays: int) -> tuple[int, int]:
    """The sides of a box that is grown; what is round `strays` by so much."""
    grown, longest = 2 * (flat + rounding), max(width, height)
    if flat:
        longest = octagon_side(grown)
    elif rounding:
        longest += chord(rounding, strays)
    return min(width, height) + grown, longest


def pad_obstacle(
    design: Design, level: int, shape: ShapeKind, size: tuple[int, int], net_class: str | None, inside: int = 1
) -> Obstacle:  # fmt: skip
    """A pad about the origin, of nobody yet (see `Obstacle.at`), as it is drawn round so many others, `inside`, on
    other masks. Its spacing is that of the class its net is of, or the level's default without a net."""
    rules, (width, height) = design.pdk.levels[level], size
    spacing = rules.min_spacing if net_class is None else design.classes[net_class].spacings[level]
    hw, hh, slack = (width + 1) // 2, (height + 1) // 2, GRID_SLACK
    if shape is ShapeKind.RECT:
        core, flat, rounding = (-hw, -hh, hw, hh), 0, 0
    elif shape is ShapeKind.OCTAGON:
        core, flat, rounding = (0, 0, 0, 0), hw, 0
        # The slanted sides of each move those of the next farther out.
        slack += max(0, inside - 1)
    else:
        radius = min(hw, hh)
        core = (radius - hw, radius - hh, hw - radius, hh - radius)
        flat, rounding = 0, radius
        slack += design.pdk.chord_error
    pad = Obstacle(level, static.BOX, core, flat, rounding, slack, spacing, NOBODY)
    return pad._replace(spacing=rules.metal_spacing(*pad.sides, spacing))


def land_obstacles(design: Design, terminals: Iterable[int], owner: Sequence[int]) -> list[Obstacle]:
    """The lands of terminals, whose nets `owner` says for all terminals. Those that are alike are looked at once."""
    alike: dict[tuple[str, int, int, int, str | None], Obstacle] = {}
    found = []
    for t, net in ((design.terminals[k], owner[k]) for k in terminals):
        kind = t.pad, t.level, t.width, t.height, None if net == NOBODY else design.nets[net].net_class
        if kind not in alike:
            style = design.pdk.pads[t.pad]
            inside = sum(shape.width <= style.land.width for shape in style.shapes) - 1
            alike[kind] = pad_obstacle(design, t.level, style.land.shape, (t.width, t.height), kind[-1], inside)
        found.append(alike[kind].at(t.x, t.y, net))
    return found


def trace_obstacles(
    design: Design, level: int, points: Points, net: int, width: int | None = None
) -> Iterator[Obstacle]:  # fmt: skip
    """A trace of a net, of its class's width where none is given, as one obstacle for each of its segments."""
    rules = design.class_of(net)
    width = width or rules.widths[level]
    spacing = design.pdk.levels[level].trace_spacing(width, rules.spacings[level])
    yield from segment_obstacles(level, points, width, spacing, net)


def segment_obstacles(
    level: int, points: Points, width: int, spacing: int, net: int
) -> Iterator[Obstacle]:  # fmt: skip
    """A trace as one obstacle for each of its segments."""
    for (ax, ay), (bx, by) in zip(points[:-1].tolist(), points[1:].tolist(), strict=True):
        yield Obstacle(level, static.SEGMENT, (ax, ay, bx, by), (width + 1) // 2, 0, GRID_SLACK, spacing, net)


def border(level: int, ring: Points, spacing: int) -> list[Obstacle]:
    """The edges of a ring (n, 2), nobody's, from which metal keeps a spacing."""
    return [
        Obstacle(level, static.SEGMENT, (ax, ay, bx, by), 0, 0, GRID_SLACK, spacing, NOBODY)
        for (ax, ay), (bx, by) in pairwise([*ring.tolist(), ring[0].tolist()])
    ]


def collect_obstacles(design: Design) -> list[Obstacle]:
    """Lands of all terminals and fixed traces."""
    obstacles = land_obstacles(design, range(len(design.terminals)), design.net_of_terminal())
    for fixed in design.fixed:
        obstacles += trace_obstacles(design, fixed.level, fixed.points, fixed.net, fixed.width)
    return obstacles


def paint(window: Window, design: Design, footprints: Footprints, obstacles: list[Obstacle]) -> list[int]:
    """Close the nodes round obstacles, one after the other, for the classes of their levels. Returns the levels on
    which lands are nearer to each other than classes ask."""
    lattice, close = window.lattice, []
    for level, classes in enumerate(footprints.of_level):
        here = [o for o in obstacles if o.level == level]
        if here and classes:
            half, slack, rounds = np.array([(c.half, c.slack, c.round) for c in classes]).T.copy()
            flat, rounding, slacks = np.array([(o.flat, o.rounding, o.slack) for o in here]).T.copy()[..., None]
            kept = kept_spacing(design, level, footprints, here)
            if (kept != asked_spacing(classes, here)).any():
                close.append(level)
            static.paint_obstacles(
                window.node, lattice.levels[level], lattice.level_pitch(level), *lattice.origin(level),
                np.array([o.core for o in here], dtype=np.float64), np.array([o.kind for o in here]),
                flat + np.where(rounds, 0, half), rounding + np.where(rounds, half, 0), slacks + slack,
                kept, half, _users(design, level, footprints, here),
            )  # fmt: skip
    return close


def _users(design: Design, level: int, footprints: Footprints, obstacles: list[Obstacle]) -> NDArray[np.int64]:
    """The net of each obstacle (n,) of a level where it uses a footprint (k,), NOBODY where it does not, (n, k).

    A node has one owner: a footprint that the net of a land far off never has must not take it from the net whose land
    it lies on.
    """
    of_net = {o.net: footprints.of_class.get(design.nets[o.net].net_class) for o in obstacles if o.net != NOBODY}
    users = np.full((len(obstacles), len(footprints.of_level[level])), NOBODY, dtype=np.int64)
    for row, obstacle in zip(users, obstacles, strict=True):
        classes = of_net.get(obstacle.net)
        if classes is not None:
            ids = classes[level, SHAPES]
            row[ids[ids >= 0]] = obstacle.net
    return users


def paint_bounds(window: Window, design: Design, footprints: Footprints) -> None:
    """Close what lies too near the package edge, or in a keep-out."""
    lattice = window.lattice
    for index, level in enumerate(design.pdk.levels):
        x0, y0 = lattice.origin(index)
        pitch = lattice.level_pitch(index)
        for k, c in enumerate(footprints.of_level[index]):
            inner = design.outline.grown(-(level.edge_keepout + c.half))
            static.close_margin(
                window.node, lattice.levels[index], -((x0 - inner.x0) // pitch), -((y0 - inner.y0) // pitch),
                (inner.x1 - x0) // pitch, (inner.y1 - y0) // pitch, k,
            )  # fmt: skip
        for ring in closed_rings(design, index):
            edges = np.hstack([ring, np.roll(ring, -1, axis=0)]).astype(np.float64)
            for k, c in enumerate(footprints.of_level[index]):
                corner = c.half * CORNER + c.slack
                static.paint_ring(
                    window.node, lattice.levels[index], pitch, x0, y0, edges,
                    edge_reach(edges, c.half, corner, pitch), corner, k,
                )  # fmt: skip


def edge_reach(edges: NDArray[np.float64], half: float, corner: float, pitch: int) -> NDArray[np.float64]:
    """How far nodes keep from the edges (n, 4) of a keep-out, (n,) nm: from one along an axis `half` the width of what
    stands on them, from another as far as its corners stand out, and so far that no step leads over the edge."""
    along = (edges[:, 0] == edges[:, 2]) | (edges[:, 1] == edges[:, 3])
    return np.where(along, max(half, pitch / 2), max(corner, pitch / np.sqrt(2.0)))


def close_pad_edges(window: Window, design: Design, footprints: Footprints, obstacles: list[Obstacle]) -> None:
    """Keep cuts off the edges of lands of their nets."""
    lattice = window.lattice
    for level, rules in enumerate(design.pdk.levels):
        halves = {name: _halves(footprints, ids, level) for name, ids in footprints.of_class.items()}
        here = [o for o in obstacles if o.level == level and o.net != NOBODY and o.kind == static.BOX]
        lands = [(o, half) for o in here if (half := halves.get(design.nets[o.net].net_class))]
        if not lands:
            continue
        least, most = np.array([(min(half), max(half)) for _, half in lands], dtype=np.float64).T
        for k, shape in ((k, shape) for k, shape in enumerate(footprints.of_level[level]) if shape.round):
            static.close_edges(
                window.node, lattice.levels[level], lattice.level_pitch(level), *lattice.origin(level),
                np.array([o.core for o, _ in lands], dtype=np.float64),
                *edge_bands(rules, [o for o, _ in lands], least, most, shape.half), k,
            )  # fmt: skip


def edge_bands(
    rules: Level, lands: list[Obstacle], least: NDArray[np.float64], most: NDArray[np.float64], half: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:  # fmt: skip
    """Between which distances from the cores of lands (n,) no capture pad of such a radius is to stand, nm: it lies
    well on a land, or keeps the spacing to it, that of wide metal where either is wide.

    Two circles whose centres are closer than the root of the sum of their squared radii meet at an obtuse angle; the
    narrowest shape of a net on the level, its trace or a capture pad, is the measure. least, most (n,): half the width
    of that, and of the widest.
    """
    radius = np.array([o.rounding + o.flat for o in lands], dtype=np.float64)
    inner = np.where(radius > 0, np.sqrt(0.9 * (radius**2 + least**2)), 0.0)
    of_pad = rules.least_spacing(2 * half, 2 * half)
    return inner, radius + most + np.maximum(least_spacings(rules, lands), of_pad)


def _halves(footprints: Footprints, ids: NDArray[np.int64], level: int) -> list[int]:
    """Half the width of each shape that a net class has on a level, nm."""
    return [footprints.of_level[level][k].half for k in ids[level, SHAPES].tolist() if k >= 0]


def cover_lands(
    window: Window, design: Design, footprints: Footprints, obstacles: list[Obstacle], levels: list[int]
) -> None:
    """Mark what lies wholly on lands of its net, on levels where lands are nearer to each other than classes ask."""
    lattice = window.lattice
    for level in levels:
        shapes = footprints.of_level[level]
        lands = [o for o in obstacles if o.level == level and o.kind == static.BOX and o.net != NOBODY]
        static.cover_lands(
            window.node, lattice.levels[level], lattice.level_pitch(level), *lattice.origin(level),
            np.array([o.core for o in lands], dtype=np.float64), np.array([float(o.rounding + o.flat) for o in lands]),
            np.array([c.half * (1.0 if c.round else CORNER) + c.slack for c in shapes]),
            _users(design, level, footprints, lands),
        )  # fmt: skip
        window.covered = window.node


def paint_all(window: Window, design: Design, footprints: Footprints, obstacles: list[Obstacle]) -> None:
    """Paint bounds and obstacles."""
    paint_bounds(window, design, footprints)
    close = paint(window, design, footprints, obstacles)
    close_pad_edges(window, design, footprints, obstacles)
    cover_lands(window, design, footprints, obstacles, close)
