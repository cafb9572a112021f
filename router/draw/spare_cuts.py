"""Cuts that a net can spare: a run between two of them that may as well lie on the level to which both lead.

The search seldom comes back to a way that is as short as can be, once what stood in its way on that level is gone, or
another of its net has made a cut beside it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import numpy as np
import shapely
from numpy.typing import NDArray

from router.draw.centreline import NO_PAD, Line, NetPlace, known_pads
from router.draw.junctions import given_metal, place_of
from router.draw.kernels.clear import CORNER, FLAT, ROUNDING, SPACING
from router.draw.kernels.scene import NEAR, enter, keeps_clear
from router.draw.line_rules import line_sizes
from router.draw.scene import chains, make_scene, moving
from router.draw.shapes import without_straights
from router.draw.standing import edge_obstacles, fixed_obstacles, standing_metal
from router.maze.obstacles import Obstacle
from router.model.design import Design
from router.model.layout import Via


def spare_cuts(
    design: Design, lines: list[Line], vias: tuple[Via, ...], still: list[Obstacle]
) -> tuple[list[Line], tuple[Via, ...]]:
    """Lines and vias, among what stands `still`, without cuts that a line is free to do without: those at one end of it
    or at both, where it comes to lie on the level that they led to."""
    runs = Runs(design, lines, vias)

    @cache
    def standing() -> list[list[Obstacle]]:
        return fixed_obstacles(design, still, vias)

    @cache
    def metal(level: int) -> Metal:
        return Metal(design, level, lines, standing()[level])

    for k in range(len(lines)):
        for moved, spared in runs.elsewhere(k):
            there = metal(moved.trace.level)
            if there.has_room(moved):
                there.take(moved)
                runs.move(k, moved, spared)
                break
    return runs.left()


class Runs:
    """Lines and vias, and what of each net meets where."""

    def __init__(self, design: Design, lines: list[Line], vias: tuple[Via, ...]) -> None:
        self.design, self.lines, self.vias = design, dict(enumerate(lines)), set(vias)
        self.ends: dict[NetPlace, set[int]] = defaultdict(set)
        self.cuts: dict[tuple[int, int, int], set[int]] = defaultdict(set)
        self.moved: list[NetPlace] = []
        for k, line in self.lines.items():
            self._enter(k, line)
        for via in vias:
            self.cuts[via.net, via.x, via.y].add(via.index)
        self.own = shapely.STRtree([*shapely.box(*design.lands.boxes.T), *given_metal(design)])
        self.owners = list(zip(design.net_of_terminal(), design.lands.levels.tolist(), strict=True))
        self.owners += [(f.net, f.level) for f in design.fixed]

    def _enter(self, k: int, line: Line) -> None:
        for last in (0, 1):
            self.ends[place_of(line, last)].add(k)

    def _leave(self, k: int, line: Line) -> None:
        for last in (0, 1):
            self.ends[place_of(line, last)].discard(k)

    def elsewhere(self, k: int) -> Iterator[tuple[Line, list[Via]]]:
        """Line k on other levels, as far as its own net permits, and the vias that it needs no more there."""
        trace, levels = self.lines[k].trace, self.design.pdk.levels
        net, here = trace.net, trace.level
        net_class = self.design.class_of(net)
        a, b = (place_of(self.lines[k], last)[2:] for last in (0, 1))
        for index in sorted(self.cuts[net, *a] & self.cuts[net, *b]):
            there = 2 * index + 1 - here
            narrower = there not in net_class.levels or net_class.widths[there] < trace.width
            if narrower or levels[there].bend != levels[here].bend:
                continue
            line = replace(self.lines[k], trace=replace(trace, level=there, width=net_class.widths[there]))
            spared = [Via(net, index, *place) for place in (a, b) if self._needless(k, index, (net, here, *place))]
            if spared and self._opens(line):
                yield line, spared

    def _needless(self, k: int, index: int, place: NetPlace) -> bool:
        """Whether nothing but line k asks for a cut at a place on its level."""
        net, level, x, y = place
        others = (self.cuts[net, x, y] - {index}) & {level - 1, level}
        if others or self.ends[place] != {k}:
            return False
        return not any(self.owners[i] == (net, level) for i in self.own.query(shapely.Point(x, y)).tolist())

    def _opens(self, line: Line) -> bool:
        """Whether a line leaves no other of its net at a sharp corner."""
        return all(
            leaving(line, place) @ leaving(self.lines[other], place) <= 0
            for place in (place_of(line, last) for last in (0, 1))
            for other in self.ends[place]
        )

    def move(self, k: int, line: Line, spared: list[Via]) -> None:
        """Put a line elsewhere, and take out what that spares."""
        self._leave(k, self.lines[k])
        self.lines[k] = line
        self._enter(k, line)
        for via in spared:
            self.vias.remove(via)
            self.cuts[via.net, via.x, via.y].remove(via.index)
            self.moved.append((via.net, line.trace.level, via.x, via.y))

    def left(self) -> tuple[list[Line], tuple[Via, ...]]:
        """Lines and vias as they are now; two lines that went by a cut that is no more are one."""
        vias = tuple(sorted(self.vias))
        pads = known_pads(self.design, vias)
        for place in self.moved:
            if len(self.ends[place]) == 2 and place not in pads:
                self._join(place)
        lines = [line for _, line in sorted(self.lines.items())]
        ends = [(place_of(line, 0), place_of(line, 1)) for line in lines]
        return [
            replace(line, pads=(pads.get(a, NO_PAD), pads.get(b, NO_PAD)))
            for line, (a, b) in zip(lines, ends, strict=True)
        ], vias

    def _join(self, place: NetPlace) -> None:
        """Make one line of the two that meet at a place."""
        k, other = sorted(self.ends[place])
        one, more = self.lines[k], self.lines.pop(other)
        self._leave(k, one)
        self._leave(other, more)
        to = one.trace.points[:: 1 if place_of(one, 1) == place else -1]
        on = more.trace.points[:: 1 if place_of(more, 0) == place else -1]
        self.lines[k] = one.along(without_straights(np.concatenate([to, on])))
        self._enter(k, self.lines[k])


def leaving(line: Line, place: NetPlace) -> NDArray[np.int64]:
    """The direction in which a line leaves a place at one of its ends, a step of it."""
    points = line.trace.points[:: 1 if place_of(line, 0) == place else -1]
    step: NDArray[np.int64] = np.sign(points[1] - points[0])
    return step


class Metal:
    """All metal of a level, and what has been put there since: its lines in a grid, among what stands still there, as
    `obstacles` and edges."""

    def __init__(self, design: Design, level: int, lines: list[Line], obstacles: list[Obstacle]) -> None:
        self.design, self.lines = design, [line for line in lines if line.trace.level == level]
        self.fixed = standing_metal(design, [*obstacles, *edge_obstacles(design, level)])
        self._fill()

    def _fill(self) -> None:
        """Enter all lines into a grid with room for more."""
        sizes, nets = line_sizes(self.design, self.lines), np.array([line.trace.net for line in self.lines])
        self.asked = max(sizes[:, SPACING].max(initial=0), self.fixed.sizes[:, SPACING].max(initial=0))
        way = chains([line.trace.points for line in self.lines])
        self.scene = make_scene(way, sizes, nets.astype(np.int64), self.fixed, float(self.asked) + NEAR)

    def has_room(self, line: Line) -> bool:
        """Whether a line keeps its distance from all others where it lies."""
        sizes = line_sizes(self.design, [line])
        (me,) = moving(sizes, np.array([line.trace.net]))
        reach = sizes[0, FLAT] * CORNER + sizes[0, ROUNDING] + max(self.asked, sizes[0, SPACING]) + NEAR
        return bool(keeps_clear(self.scene, line.trace.points, me, reach))

    def take(self, line: Line) -> None:
        """Put a line there."""
        self.lines.append(line)
        (size,) = line_sizes(self.design, [line])
        self.asked = max(self.asked, size[SPACING])
        if not enter(self.scene, line.trace.points, size, line.trace.net):
            self._fill()
