"""Other balls for nets that chose theirs, where connections are left.

The matching that gave nets their balls knows how far these are, and not what lies between: on one level a net may be
walled in by another's way to the ball that would have been its own. Whoever is left, or in the way of who is, takes
another ball; the net that has it takes the first. What is no worse is kept, so that balls may go round among several.
That is a walk with tabus (Glover 1986), from one matching to the next.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from router.maze.course import Course
from router.maze.patience import PATIENT_VISITS
from router.model.design import Design, Move, OpenBalls

# A walk ends after so many node visits and nodes prepared, about three seconds' worth; a step after fewer visits. Where
# more connections are left, balls are hardly the reason.
MOST_WORK, PATIENT, MOST_LEFT = PATIENT_VISITS // 16, PATIENT_VISITS // 64, 10


def with_other_balls(course: Course, choices: Sequence[OpenBalls]) -> Course:
    """The search with balls of `choices` exchanged as long as connections are left, and it takes little; as it was
    where that brings nothing."""
    walk, at, work = Walk(choices), course, 0
    while at.goes_on and work < MOST_WORK and len(at.ripup.left()) <= MOST_LEFT:
        moves = walk.next(at)
        other = at.moved(at.problem.window.lattice, at.problem.design.with_moves(moves)) if moves else None
        if other is None:
            break
        before = other.ripup.searcher.visits
        other.run(PATIENT)
        work += other.ripup.searcher.visits - before + other.problem.window.lattice.nodes
        if len(other.ripup.left()) <= len(at.ripup.left()):
            at = other
        at.finished, at.ripup.searcher.visits = other.finished, other.ripup.searcher.visits
    if len(at.ripup.left()) < len(course.ripup.left()):
        return at
    course.finished, course.ripup.searcher.visits = at.finished, at.ripup.searcher.visits
    return course


def chosen_balls(design: Design, choices: Sequence[OpenBalls]) -> tuple[tuple[int, int], ...]:
    """Net and ball of each place that was open, in the order of `choices`."""
    return tuple(
        (net, ball) for group in choices for net in dict.fromkeys(group.nets) for ball in _balls_of(design, net, group)
    )


def _balls_of(design: Design, net: int, group: OpenBalls) -> list[int]:
    """The balls of a group that a net has."""
    return sorted({t for end in design.nets[net].ends for t in end.terminals}.intersection(group.balls))


@dataclass(slots=True)
class Walk:
    """Which moves were made: none is made twice, nor is one taken back."""

    choices: Sequence[OpenBalls]
    made: set[Move] = field(default_factory=set)

    def next(self, course: Course) -> tuple[Move, ...]:
        """The moves of the next step: a net that is left, or else one in its way, takes the ball of a net in the way of
        the former, or else the nearest one, and whoever has that takes its own. None where all were made."""
        best = min(self._steps(course), default=None)
        if best is None:
            return ()
        move, holder = best[-2:]
        moves = (move,) if holder < 0 else (move, Move(holder, move.other, move.ball))
        self.made.update(moves, (Move(net, other, ball) for net, ball, other in moves))
        return moves

    def _steps(self, course: Course) -> Iterator[tuple[bool, bool, float, Move, int]]:
        """Moves that were not made yet, each with who has the other ball, -1 where nobody has; the best step is the
        least."""
        design, owner = course.problem.design, course.problem.design.net_of_terminal()
        for c in course.ripup.left():
            in_the_way = course.ripup.blockers.get(c.id, set())
            for net in (c.net, *sorted(in_the_way - {c.net})):
                for move, far in self._moves(design, net):
                    holder = owner[move.other]
                    if holder != net and move not in self.made:
                        yield net != c.net, holder not in in_the_way, far, move, holder

    def _moves(self, design: Design, net: int) -> Iterator[tuple[Move, float]]:
        """The moves that are open to a net, and how far apart the two balls are, nm."""
        places = design.lands.places
        for group in (group for group in self.choices if net in group.nets):
            for ball in _balls_of(design, net, group):
                far = np.hypot(*(places[list(group.balls)] - places[ball]).T).tolist()
                yield from ((Move(net, ball, other), away) for other, away in zip(group.balls, far, strict=True))
