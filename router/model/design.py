"""A package: components with terminals, nets, classes, keep-outs, fixed traces. Lengths in nanometres.

Everything is seen looking at the active faces, from the ball side (the view named "bottom").
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from router.model.geometry import Box, Placement, Points
from router.model.pdk import Pdk, TerminalKind


class ComponentKind(StrEnum):
    DIE = "die"
    PASSIVE = "passive"
    PILLARS = "pillars"
    BALLS = "balls"


# Which pads components of a kind may have, the usual ones first; and which kind has pads of a kind.
PADS_OF = {
    ComponentKind.DIE: (TerminalKind.BUMP, TerminalKind.PAD),
    ComponentKind.PASSIVE: (TerminalKind.CONTACT,),
    ComponentKind.PILLARS: (TerminalKind.PILLAR,),
    ComponentKind.BALLS: (TerminalKind.BALL,),
}
KIND_WITH = {pad: kind for kind, pads in PADS_OF.items() for pad in pads}


@dataclass(frozen=True, slots=True)
class Component:
    """A part with terminals. `ids`, `xy` (n, 2) and `pads` run together; `xy` and `outline` in its own coordinates.

    The placement already includes the mirroring that a table seen from the top needs; `view` keeps what was declared.
    """

    name: str
    kind: ComponentKind
    outline: Box
    placement: Placement
    view: str
    ids: tuple[str, ...]
    xy: Points
    pads: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Terminal:
    """One terminal in package coordinates. `id` is `component.pin`; `width` × `height` of its land after rotation."""

    id: str
    kind: TerminalKind
    x: int
    y: int
    pad: str
    level: int
    width: int
    height: int
    rotated: bool


@dataclass(frozen=True, slots=True)
class End:
    """One end of a net: a terminal, or several that are joined elsewhere (inside the die), any of which will do."""

    terminals: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Net:
    """Ends to be joined. Terminals are indices into `Design.terminals`."""

    name: str
    ends: tuple[End, ...]
    net_class: str


@dataclass(frozen=True, slots=True)
class NetClass:
    """Width and spacing for each level (same order as `Pdk.levels`), and the levels that may be used (indices).

    `spread`: traces are moved apart where there is room. `widest`: up to this width on each level traces are made wider
    where there is room; empty where none are.
    """

    name: str
    widths: tuple[int, ...]
    spacings: tuple[int, ...]
    levels: tuple[int, ...]
    spread: bool = False
    widest: tuple[int, ...] = ()

    def nearest(self, level: int) -> int:
        """Of the levels that may be used the one nearest to this, the lower of two."""
        return min(self.levels, key=lambda own: (abs(own - level), own))


@dataclass(frozen=True, slots=True)
class Keepout:
    """No metal of any net on these levels (indices) inside the ring (n, 2)."""

    name: str
    levels: tuple[int, ...]
    ring: Points


@dataclass(frozen=True, slots=True)
class FixedTrace:
    """A trace given by the user: kept as it is, part of its net (index into `Design.nets`)."""

    net: int
    level: int
    width: int
    points: Points


@dataclass(frozen=True, slots=True)
class OpenBalls:
    """Nets (indices) that each take a ball of their own among `balls` (terminals), which no other net may take.

    A net that takes several balls stands there as often, and in no other group. `name` says whose choice it is.
    """

    name: str
    nets: tuple[int, ...]
    balls: tuple[int, ...]


class Move(NamedTuple):
    """A net (index) that is to leave its ball (terminal) for another."""

    net: int
    ball: int
    other: int


class Lands(NamedTuple):
    """The lands of all terminals, in their order: `places` of their centres (n, 2) and `sizes`, width and height after
    rotation, (n, 2), nm; `levels` (n,)."""

    places: Points
    sizes: Points
    levels: NDArray[np.int64]

    @property
    def boxes(self) -> NDArray[np.float64]:
        """The rectangles about them, (n, 4): x0, y0, x1, y1, nm."""
        return np.hstack([self.places - self.sizes / 2, self.places + self.sizes / 2])


@dataclass(frozen=True)
class Design:
    """A package and its process.

    `lattice` holds the user's choice of lattice pitch for each level in nm, 0 where the program chooses. `open` holds
    the nets whose balls are still to be chosen, `chosen` the balls (terminals) that the program gave to their nets.
    `source` is the package file, None for a package that comes from none; `unused` says what its files hold that it
    makes no use of, a sentence each.
    """

    name: str
    pdk: Pdk
    outline: Box
    components: tuple[Component, ...]
    terminals: tuple[Terminal, ...]
    nets: tuple[Net, ...]
    classes: Mapping[str, NetClass]
    keepouts: tuple[Keepout, ...] = ()
    fixed: tuple[FixedTrace, ...] = ()
    lattice: tuple[int, ...] = ()
    open: tuple[OpenBalls, ...] = ()
    chosen: tuple[int, ...] = ()
    source: Path | None = None
    unused: tuple[str, ...] = ()

    @cached_property
    def lands(self) -> Lands:
        """The lands of all terminals."""
        rows = [(t.x, t.y, t.width, t.height, t.level) for t in self.terminals]
        x, y, width, height, level = np.array(rows, dtype=np.int64).reshape(-1, 5).T
        return Lands(np.stack([x, y], axis=1), np.stack([width, height], axis=1), level.copy())

    @cached_property
    def joined(self) -> tuple[int, ...]:
        """The nets (indices) that have something to join: two or more of ends and fixed traces together."""
        fixed = Counter(trace.net for trace in self.fixed)
        return tuple(k for k, net in enumerate(self.nets) if len(net.ends) + fixed[k] > 1)

    def kept_out(self, level: int) -> list[Points]:
        """The rings (n, 2) of the keep-outs of a level (index)."""
        return [keepout.ring for keepout in self.keepouts if level in keepout.levels]

    def class_of(self, net: int) -> NetClass:
        """The class of a net (index)."""
        return self.classes[self.nets[net].net_class]

    def tracks(self, name: str) -> list[tuple[int, int]]:
        """Width and spacing of the traces of a net class, for each level, nm: as wide metal where they are that."""
        net_class = self.classes[name]
        return [
            (width, level.trace_spacing(width, spacing))
            for level, width, spacing in zip(self.pdk.levels, net_class.widths, net_class.spacings, strict=True)
        ]

    def with_balls(self, pairs: Sequence[tuple[int, int]]) -> Design:
        """The package with these balls (net, terminal) as ends of their nets, one open place of the net for each.

        Balls that were chosen stand last in their net, in the order of the package, however they came to be chosen.
        """
        given: dict[int, list[int]] = {}
        for net, ball in pairs:
            given.setdefault(net, []).append(ball)
        nets = list(self.nets)
        taken = {ball for _, ball in pairs}
        chosen = taken.union(self.chosen)
        for index, balls in given.items():
            ends = [*nets[index].ends, *(End((ball,)) for ball in balls)]
            ends.sort(key=lambda end: end.terminals[0] if end.terminals[0] in chosen else -1)
            nets[index] = replace(nets[index], ends=tuple(ends))
        left = Counter(net for net, _ in pairs)
        groups = []
        for group in self.open:
            still = Counter(group.nets) - left
            free = tuple(ball for ball in group.balls if ball not in taken)
            groups.append(replace(group, nets=tuple(still.elements()), balls=free))
        return replace(
            self,
            nets=tuple(nets),
            open=tuple(group for group in groups if group.nets),
            chosen=self.chosen + tuple(ball for _, ball in pairs),
        )

    def with_moves(self, moves: Sequence[Move]) -> Design:
        """The package with other balls for nets that have chosen theirs, all at once; ends keep their order."""
        other = {(move.net, move.ball): move.other for move in moves}
        nets = list(self.nets)
        for index in {move.net for move in moves}:
            ends = (End(tuple(other.get((index, t), t) for t in end.terminals)) for end in nets[index].ends)
            nets[index] = replace(nets[index], ends=tuple(ends))
        return replace(self, nets=tuple(nets))

    def net_of_terminal(self) -> list[int]:
        """For each terminal the index of its net, or -1."""
        owner = [-1] * len(self.terminals)
        for index, net in enumerate(self.nets):
            for end in net.ends:
                for terminal in end.terminals:
                    owner[terminal] = index
        return owner
