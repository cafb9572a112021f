"""Nets that leave their ball open, and the groups of nets that share a set of balls."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from router.model.design import OpenBalls, Terminal
from router.model.errors import InputError
from router.model.pdk import TerminalKind
from router.read.corners import box_between
from router.read.design_file import ChoiceTable
from router.read.include import Read, tables
from router.read.nearest import nearest
from router.read.nets import OPEN, Book
from router.read.patterns import is_pattern, matches
from router.read.textfile import quoted, shown

FREE = "free balls"
"""Names the choice of all nets that no group holds."""


@dataclass(slots=True)
class _Entry:
    """A choice as it stands in a file."""

    where: str
    table: ChoiceTable

    @property
    def label(self) -> str:
        return self.table.name or self.where

    @property
    def is_group(self) -> bool:
        """True for a choice with balls of its own."""
        return self.table.balls is not None or self.table.rect is not None


@dataclass(slots=True)
class _Choices:
    """Groups while they are gathered: the choice that each ball and each net was given to."""

    book: Book
    balls: Sequence[int]
    terminals: Sequence[Terminal]
    holder: dict[int, str] = field(default_factory=dict)
    member: dict[str, str] = field(default_factory=dict)

    def free(self, ball: int) -> bool:
        return not self.book.owner[ball] and ball not in self.book.kept

    def nets(self, entry: _Entry) -> list[str]:
        """The open nets of a choice. A pattern passes over nets that have their balls; one of a choice among all free
        balls passes over the nets of groups as well."""
        at, names, found = f"{entry.where}.nets", list(self.book.nets), dict[str, None]()
        has_ball = {self.book.owner[ball] for ball in self.balls}
        for pattern, indices in matches(entry.table.nets, names):
            if not indices:
                raise InputError(at, f"no net {quoted(pattern)}", _nearest(pattern, names, "a net of this package"))
            for net in (names[index] for index in indices):
                other = self.member.get(net, entry.label)
                if net in has_ball and not self.book.open[net]:
                    if not is_pattern(pattern):
                        raise InputError(at, f"{net}, which has a ball", "a net whose ball is open")
                elif other == entry.label:
                    found[net] = None
                elif entry.is_group or not is_pattern(pattern):
                    raise InputError(at, f"{net}, which is in {other} too", "nets that occur in one choice")
        if entry.is_group and not found:
            raise InputError(at, f"{quoted(entry.table.nets)}, all with balls", "nets whose balls are open")
        self.member.update(dict.fromkeys(found, entry.label))
        return list(found)

    def group(self, entry: _Entry) -> OpenBalls:
        """A choice with balls of its own: those that its patterns name, that lie in its rectangle, or both."""
        balls = [ball for ball in self.named(entry) if self.inside(entry, ball)]
        for ball in balls:
            other = self.holder.setdefault(ball, entry.label)
            if other != entry.label:
                raise InputError(entry.where, f"{self.book.ids[ball]} in {other} too", "balls that occur in one choice")
        return self.built(entry.label, self.nets(entry), balls, entry.where)

    def named(self, entry: _Entry) -> list[int]:
        """The free balls that the patterns of a choice name, in the order of the package; without patterns all."""
        if entry.table.balls is None:
            return [ball for ball in self.balls if self.free(ball)]
        at, names, chosen = f"{entry.where}.balls", [self.book.ids[ball] for ball in self.balls], set[int]()
        for pattern, found in matches(entry.table.balls, names):
            if not found:
                raise InputError(at, self.no_ball(pattern), _nearest(pattern, names, "a ball"))
            for ball in (self.balls[index] for index in found):
                if self.free(ball):
                    chosen.add(ball)
                elif not is_pattern(pattern):
                    owner = self.book.owner[ball]
                    fault = f"of net {owner}" if owner else "that stays without a net"
                    raise InputError(at, f"{self.book.ids[ball]} {fault}", "balls that are free")
        return sorted(chosen)

    def no_ball(self, text: str) -> str:
        terminal = self.terminals[self.book.index[text]] if text in self.book.index else None
        return f"{text}, a {terminal.kind}" if terminal else f"no ball {quoted(text)}"

    def inside(self, entry: _Entry, ball: int) -> bool:
        if entry.table.rect is None:
            return True
        box, place = box_between(entry.table.rect, f"{entry.where}.rect"), self.terminals[ball]
        return box.holds(place.x, place.y)

    def built(self, label: str, nets: Sequence[str], balls: Sequence[int], where: str, beside: str = "") -> OpenBalls:
        """A group, one place for each ball that a net asks for. Raises InputError where there are too few; `beside`
        says which others there are."""
        index = {name: number for number, name in enumerate(self.book.nets)}
        for net in nets:
            if not self.book.nets[net]:
                raise InputError(f"{where}: net {net}", "nothing but a ball to be chosen", "a terminal to start from")
        places = [index[net] for net in nets for _ in range(max(1, self.book.open[net]))]
        if len(balls) < len(places):
            found = f"{len(balls)} free balls{beside}, and {len(places)} to be chosen"
            raise InputError(where, found, "at least as many")
        return OpenBalls(label, tuple(places), tuple(balls))


def open_balls(reads: Sequence[Read], book: Book, terminals: Sequence[Terminal]) -> tuple[OpenBalls, ...]:
    """The groups in file order, then all other open nets, which share the balls that no net and no group holds.

    Raises InputError for a net or a ball in two groups, for one that is not open or free, and for too few balls.
    """
    entries = [_Entry(where, table) for where, table in tables(reads, "choice")]
    _refuse_twice(entries)
    balls = [index for index, terminal in enumerate(terminals) if terminal.kind is TerminalKind.BALL]
    choices = _Choices(book, balls, terminals)
    groups = [choices.group(entry) for entry in entries if entry.is_group]
    asked = {net for entry in entries if not entry.is_group for net in choices.nets(entry)}
    grouped = {net for group in groups for net in group.nets}
    rest = [
        net
        for index, net in enumerate(book.nets)
        if net in asked or (book.open[net] and index not in grouped)
    ]  # fmt: skip
    if rest:
        free = [ball for ball in balls if choices.free(ball) and ball not in choices.holder]
        held = f" beside {len(choices.holder)} that choices hold" if choices.holder else ""
        groups.append(choices.built(FREE, rest, free, f"{shown(reads[-1].path)}: {OPEN} for a ball", held))
    return tuple(groups)


def _refuse_twice(entries: Iterable[_Entry]) -> None:
    seen: set[str] = set()
    for entry in entries:
        if entry.label in seen:
            raise InputError(entry.where, f"the choice {entry.label} twice", "names that occur once")
        seen.add(entry.label)


def _nearest(text: str, names: Sequence[str], what: str) -> str:
    near = nearest(text, names)
    return f"{what}, {near} perhaps" if near else f"{what}, and there is none"
