"""Corridors: levels and coarse ways of all connections, negotiated over tiles before anything is drawn.

McMurchie and Ebeling 1995 (PathFinder) on the tiles of `plan.tiles`. Length comes first, then cuts, then room.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from router.model.design import Design
from router.plan.decompose import octilinear
from router.plan.kernels import corridor as kernel
from router.plan.kernels import crossings, stocks
from router.plan.tiles import Tiles, count_room, lay_tiles
from router.plan.tracks import Narrowest, narrowest

Ints = NDArray[np.int64]
Cells = NDArray[np.int32]
Stocks = NDArray[np.float32]

# Less than this over its room is within the rounding of tracks to tiles; more tracks than these at once make no stock
# dearer.
SLACK, MOST_AT_ONCE = 0.25, 2.0


@dataclass(frozen=True, slots=True)
class Prices:
    """What a coarse way pays beside its length, in tiles.

    tracks: side of a tile in tracks of the widest-pitched level; no more than `most_tiles` tiles lie in a row.
    via: a cut, in track pitches of the finest level. fill: the share of the room that may be taken for nothing.
    present: what a track too many costs at first, `growth` times as much in each round, up to `most`; past: what it
    adds for good. cross: what crossing another connection on a level costs at first, growing by `cross_growth` up to
    `cross_most`. rounds: at most so many. spare: how far, beside a quarter of its length, a way may go round.
    """

    tracks: float = 10.0
    most_tiles: int = 200
    via: float = 4.0
    fill: float = 0.9
    present: float = 0.3
    growth: float = 1.5
    most: float = 8.0
    past: float = 0.1
    cross: float = 0.8
    cross_growth: float = 1.2
    cross_most: float = 5.0
    rounds: int = 30
    spare: int = 6


@dataclass(frozen=True, slots=True)
class Corridors:
    """Coarse ways of n connections.

    `cells` (m, 3): level, tile x, tile y; those of connection k run from `offsets[k]` to `offsets[k + 1]`, from its
    source to its target, without a gap; none where no level lets it. `room`, `used` (levels, ny, nx, 3): tracks that a
    cell, the passage to the next in x, and that in y have, and what is taken of them. `crossings`: pairs
    of ways that cross on a level. `rounds`, `visits` it took.
    """

    tiles: Tiles
    offsets: Cells
    cells: Cells
    room: Stocks
    used: Stocks
    crossings: int
    rounds: int
    visits: int

    @property
    def over(self) -> Stocks:
        """Tracks taken beyond the room, like `room`."""
        found: Stocks = np.maximum(self.used - self.room, 0)
        return found

    @property
    def overflow(self) -> float:
        """Tracks taken beyond the room, all together."""
        return float(self.over.sum())

    def of(self, connection: int) -> Cells:
        """Level, tile x and tile y along one connection, (k, 3)."""
        return self.cells[self.offsets[connection] : self.offsets[connection + 1]]


def tile_size(design: Design, least: Narrowest, prices: Prices) -> int:
    """Side of a tile, nm."""
    box = design.outline
    return max(int(prices.tracks * least.pitch.max()), -(-max(box.width, box.height) // prices.most_tiles))


def plan_corridors(
    design: Design, ends: list[tuple[Ints, Ints]], nets: Ints, prices: Prices | None = None
) -> Corridors:  # fmt: skip
    """Coarse ways for connections that each join any of some places to any of others.

    ends: for each connection two arrays (k, 3) of places: x, y in nm, level. nets (n,): their nets, whose classes say
    how much room they take and on which levels they may be.
    """
    prices = prices or Prices()
    least = narrowest(design)
    tiles = lay_tiles(design, tile_size(design, least, prices))
    room = count_room(design, tiles, least)
    state = _State(design, tiles, least, (room * prices.fill).ravel(), ends, nets, prices)
    rounds = state.negotiate()
    path_of, path = state.paths()
    offsets = np.append(path_of[:, 0], len(path)).astype(np.int32)
    cells = tiles.split(path)
    return Corridors(
        tiles, offsets, cells, room, state.used.reshape(room.shape), state.crossings, rounds, int(state.serial[2])
    )


class _State:
    """Who goes where while it is negotiated."""

    def __init__(
        self, design: Design, tiles: Tiles, least: Narrowest, room: Stocks, ends: list[tuple[Ints, Ints]], nets: Ints,
        prices: Prices,
    ) -> None:  # fmt: skip
        self.tiles, self.prices, self.room = tiles, prices, room
        self.used, self.past = np.zeros_like(room), np.zeros_like(room)
        self.source_of, self.sources, first = _gather(tiles, [a for a, _ in ends])
        self.target_of, self.targets, last = _gather(tiles, [b for _, b in ends])
        self.order = np.argsort(octilinear(*(last - first).T), kind="stable")
        names = sorted({design.nets[n].net_class for n in nets})
        self.of_class = np.array([names.index(design.nets[n].net_class) for n in nets], dtype=np.int64)
        self.takes, self.cuts = _takes(design, names, least, tiles.size)
        self.via = int(prices.via * least.pitch[least.pitch > 0].min() * stocks.STEP / tiles.size)
        count = len(room) // 3
        self.mark, self.is_goal, self.seen, self.cost = (np.zeros(count, dtype=np.int32) for _ in range(4))
        self.came = np.zeros(count, dtype=np.int8)
        self.heads = np.empty(kernel.BUCKETS, dtype=np.int32)
        self.links, self.items = np.empty(count + 1024, np.int32), np.empty((count + 1024, 3), np.int32)
        self.passes, self.corners = np.zeros((count, 64), dtype=np.int16), np.zeros((count, 2), dtype=np.int16)
        self.crossings = 0
        self.serial = np.zeros(3, dtype=np.int64)
        self.path_of, self.path = np.zeros((len(ends), 2), dtype=np.int64), np.empty(0, dtype=np.int32)

    def negotiate(self) -> int:
        """Route all, then again those that share what is over its room, until none is; returns the rounds it took."""
        prices, which = self.prices, self.order
        present, cross = prices.present, prices.cross
        rounds = 0
        while len(which) and rounds < prices.rounds:
            rounds += 1
            self.route(which, present, cross)
            over = self.used - self.room
            which = self.sharing(over > SLACK)
            rise = prices.past * stocks.STEP * np.minimum(over, MOST_AT_ONCE)
            self.past += np.where(over > SLACK, rise, 0.0).astype(np.float32)
            present = min(present * prices.growth, prices.most)
            cross = min(cross * prices.cross_growth, prices.cross_most)
        return rounds

    def sharing(self, over: NDArray[np.bool_]) -> Ints:
        """The connections, in order, that take of a stock marked in `over`, or cross others."""
        hit = np.zeros(len(self.path_of), dtype=np.bool_)
        nx, plane = self.tiles.nx, self.tiles.nx * self.tiles.ny
        stocks.through(over, nx, plane, self.path_of, self.path, hit)
        self.crossings = crossings.crossed(self.path_of, self.path, nx, plane, self.passes, self.corners, hit) // 2
        return self.order[hit[self.order]]

    def route(self, which: Ints, present: float, cross: float) -> None:
        """Route some connections anew, each against all others as they stand."""
        kept = np.ones(len(self.path_of), dtype=np.bool_)
        kept[which] = False
        new = np.empty(max(1 << 16, 2 * len(self.path)), dtype=np.int32)
        new_of, done = np.zeros_like(self.path_of), 0
        self.serial[1] = kernel.gather(np.flatnonzero(kept), self.path_of, self.path, new_of, new)
        while done < len(which):
            status, done = kernel.route_some(
                which, done, self.used, self.room, self.past, self.tiles.shape, np.float32(present * stocks.STEP),
                self.via, self.prices.spare, self.source_of, self.sources, self.target_of, self.targets, self.takes,
                self.of_class, self.cuts, self.path_of, self.path, new_of, new, self.mark, self.is_goal, self.cost,
                self.seen, self.came, self.heads, self.links, self.items, self.serial, self.passes, self.corners,
                np.float32(cross * stocks.STEP),
            )  # fmt: skip
            if status == kernel.QUEUE_FULL:
                self.links = np.empty(2 * len(self.links), dtype=np.int32)
                self.items = np.empty((len(self.links), 3), dtype=np.int32)
            elif status == kernel.ROOM_FULL:
                new = np.concatenate([new, np.empty_like(new)])
        self.path_of, self.path = new_of, new[: self.serial[1]]

    def paths(self) -> tuple[Ints, Cells]:
        """Where the path of each connection begins and ends, and all their cells, in the order of the connections."""
        path_of, path = np.zeros_like(self.path_of), np.empty_like(self.path)
        kernel.gather(np.arange(len(path_of)), self.path_of, self.path, path_of, path)
        return path_of, path


def _gather(tiles: Tiles, places: list[Ints]) -> tuple[Ints, Cells, Ints]:
    """Cells of each end without repetition: offsets, cells; and the first place of each, (n, 2)."""
    found = [np.unique(tiles.cells(p)) for p in places]
    offsets = np.concatenate([[0], np.cumsum([len(f) for f in found])]).astype(np.int64)
    first = np.array([p[0, :2] for p in places], dtype=np.int64).reshape(-1, 2)
    return offsets, np.concatenate([*found, np.empty(0, dtype=np.int64)]).astype(np.int32), first


def _takes(design: Design, names: list[str], least: Narrowest, size: int) -> tuple[Stocks, Stocks]:
    """In tracks of the narrowest class: what a trace takes on each level (classes, levels), 0 where it may not be; and
    what a capture pad takes of a cell on the lower and the upper level of each cut, (classes, levels - 1, 2)."""
    takes = np.zeros((len(names), len(least.pitch)), dtype=np.float32)
    cuts = np.zeros((len(names), max(1, len(least.pitch) - 1), 2), dtype=np.float32)
    for k, name in enumerate(names):
        rules = design.classes[name]
        for level in rules.levels:
            takes[k, level] = (rules.widths[level] + rules.spacings[level]) / least.pitch[level]
        for index, via in enumerate(design.pdk.vias[: len(least.pitch) - 1]):
            for side, enclosure in enumerate((via.enclosure_lower, via.enclosure_upper)):
                level = index + side
                if level in rules.levels:
                    across = max(via.cut + 2 * enclosure, rules.widths[level]) + rules.spacings[level]
                    cuts[k, index, side] = across**2 / (size * least.pitch[level])
    return takes, cuts
