"""Die text files of Cadence's package designer → drafts: several dies, and the package below them, in one frame."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from router.model.design import ComponentKind
from router.model.draft import Draft, DraftComponent, DraftPad, DraftPin
from router.model.errors import InputError
from router.model.geometry import Box, Placement
from router.model.pdk import ShapeKind, TerminalKind
from router.model.units import Unit
from router.read.formats.bumps_lands import size_in_name
from router.read.formats.dietext_file import DieText, TextPin, read_die_text
from router.read.formats.names import Names
from router.read.formats.options import ImportOptions, View
from router.read.table import text_lines
from router.read.textfile import quoted, shown

_VIEWS = {"chipdown": View.TOP, "chipup": View.BOTTOM}
_LIST_LIMIT = 1_000_000


def read_dietext(files: Sequence[Path], options: ImportOptions) -> Draft:
    """A draft of dies and, among several files, of the package below them, whose pins are its balls.

    One of the files may list the names of the dies, one a line; without it the package is the one whose extents hold
    all others. Raises InputError for every fault, naming file and line.
    """
    lists = {path: _names_in(path) for path in files}
    dies = [read_die_text(path, options.unit) for path, names in lists.items() if names is None]
    if not dies:
        raise InputError("FILE", "a list of dies alone", "the die text files too")
    return _DieTexts(dies, [name for names in lists.values() for name in names or ()], options).draft()


def _names_in(path: Path) -> list[str] | None:
    """The names of a file that holds one a line and nothing else; None for any other."""
    if not path.is_file() or path.stat().st_size > _LIST_LIMIT:
        return None
    lines = [line.strip() for line in text_lines(path) if line.strip()]
    return lines if lines and all(re.fullmatch(r"[^\s:,;\"]+", line) for line in lines) else None


class _DieTexts:
    """Files on their way to a draft; names, guesses and losses are gathered."""

    def __init__(self, dies: Sequence[DieText], listed: Sequence[str], options: ImportOptions) -> None:
        self.dies = dies
        self.listed = listed
        self.options = options
        self.guesses: list[str] = []
        self.lost: list[str] = []
        self.nets = Names("net")
        self.parts = Names("component", dots=False)
        self.pads: dict[str, DraftPad] = {}

    def draft(self) -> Draft:
        self._refuse_twins()
        view = self._view()
        package = self._package()
        parts = [self._part(die, die is package, view) for die in self.dies]
        outline = None
        if package is not None and (part := parts[self.dies.index(package)]).outline is not None:
            outline = part.placement.box(part.outline)
            self.guesses.append(f"the extents of {package.name} are the outline of the package")
        self._say()
        for names in (self.parts, self.nets):
            self.lost += names.said()
        return Draft(
            name=self.options.name or (package or self.dies[0]).name,
            components=tuple(parts),
            pads=self.pads,
            outline=outline,
            guesses=tuple(self.guesses),
            lost=tuple(self.lost),
        )

    def _refuse_twins(self) -> None:
        seen: dict[str, DieText] = {}
        for die in self.dies:
            if die.name in seen:
                found = f"the name {quoted(die.name)} of {seen[die.name].path.name} too"
                raise InputError(shown(die.path), found, "one file for each die")
            seen[die.name] = die
        for name in self.listed:
            if name not in seen:
                raise InputError(
                    "FILE", f"a list with {quoted(name)} but no such die", f"one of {', '.join(seen)[:300]}"
                )

    def _view(self) -> View:
        """Chips that lie face down are seen through their backs, as the package is seen from above."""
        if self.options.view:
            return self.options.view
        views: dict[View, str] = {}
        for die in self.dies:
            orient = die.texts.get("dieorient", "ChipDown")
            if orient.lower() not in _VIEWS:
                raise InputError(die.where(die.lines["dieorient"]), f"DieOrient {quoted(orient)}", "ChipDown or ChipUp")
            views.setdefault(_VIEWS[orient.lower()], die.name)
        view = View.TOP if View.TOP in views else View.BOTTOM
        if len(views) > 1:
            self.lost.append(f"ChipUp of {views[View.BOTTOM]}: all dies lie face down as {views[View.TOP]} does")
        seen_from = "above, through the dies' backs (ChipDown)" if view is View.TOP else "their active faces (ChipUp)"
        other = View.BOTTOM if view is View.TOP else View.TOP
        self.guesses.append(f"places are as seen from {seen_from}; otherwise: --view {other}")
        return view

    def _package(self) -> DieText | None:
        """The file whose pins are balls: the one that the list does not hold, else the one that all others lie on."""
        if self.listed:
            others = [die for die in self.dies if die.name not in self.listed]
            if len(others) > 1:
                names = ", ".join(die.name for die in others)
                raise InputError("FILE", f"{names}, none of them in the list of dies", "one package at most")
            return others[0] if others else None
        boxes = [_box_of(die) for die in self.dies]
        for die, box in zip(self.dies, boxes, strict=True):
            if len(boxes) > 1 and all(box.contains(other) for other in boxes) and boxes.count(box) == 1:
                self.guesses.append(f"{die.name} holds all others: its pins are balls")
                return die
        return None

    def _part(self, die: DieText, is_package: bool, view: View) -> DraftComponent:
        wired = die.texts.get("dietype", "").lower() == "wirebond"
        kind = TerminalKind.BALL if is_package else TerminalKind.PAD if wired else TerminalKind.BUMP
        pins = tuple(self._pins(die, kind))
        part = ComponentKind.BALLS if is_package else ComponentKind.DIE
        (x, y), turn = die.at, die.rotation
        if view is View.TOP:
            x, turn = -x, -turn % 360
        return DraftComponent(self.parts.of(die.name), part, pins, die.extents, (x, y), turn, view=view)

    def _pins(self, die: DieText, kind: TerminalKind) -> Iterator[DraftPin]:
        names, seen = Names(f"{die.name}: pin"), dict[str, TextPin]()
        for pin in die.pins:
            if pin.name in seen:
                expected = f"pins that occur once; this one stands on line {seen[pin.name].line} too"
                raise InputError(die.where(pin.line), f"the pin {quoted(pin.name)} twice", expected)
            seen[pin.name] = pin
            key = f"{pin.padstack or 'usual'} {kind}"
            if key not in self.pads:
                width, height = size_in_name(pin.padstack) or self.options.pad_size or (0, 0)
                shape = ShapeKind.CIRCLE if width == height else ShapeKind.RECT
                self.pads[key] = DraftPad(key, kind, shape, width, height)
                if size_in_name(pin.padstack):
                    self.guesses.append(f"pad {key}: its size is that in its name")
            net = self.nets.of(pin.net) if pin.net else ""
            yield DraftPin(names.of(pin.name), pin.x, pin.y, key, net)
        self.lost += names.said()

    def _say(self) -> None:
        """What was assumed, and what of the files is left behind."""
        for die in self.dies:
            if die.unit is None:
                self.guesses.append(
                    f"{die.name}: lengths are in {self.options.unit or Unit.UM}, since it names no units"
                )
            if die.rotation:
                self.guesses.append(f"{die.name}: its pins are told before its rotation of {die.rotation} degrees")
            self.lost += [f"{die.name}: {skipped}" for skipped in die.skipped]
            if any(pin.rotation.strip("0.") for pin in die.pins):
                self.lost.append(f"{die.name}: rotations of pins")


def _box_of(die: DieText) -> Box:
    """Where a die lies in the frame of all: its extents, or else those of its pins."""
    own = die.extents or Box.around(np.array([(pin.x, pin.y) for pin in die.pins], dtype=np.int64))
    return Placement(*die.at, die.rotation).box(own)
