"""The Artwork Interchange Format, AIF 2.0: die pads, balls and their nets → drafts, with one die or several.

Grammar: Artwork Conversion Software's pages on AIF 2 (DATABASE, DIE, BGA, PADS, NETLIST), and its extension to several
dies (MCM=TRUE, MCM_DIE, one MCM_<definition>_<reference> a die).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from router.model.design import ComponentKind
from router.model.draft import Draft, DraftComponent, DraftPad, DraftPin
from router.model.errors import InputError
from router.model.geometry import Box
from router.model.pdk import ShapeKind, TerminalKind
from router.model.units import Unit, unit_of
from router.read.formats.aif_balls import ball_grid, package_outline
from router.read.formats.aif_file import AifFile, name_of, read_aif_file
from router.read.formats.aif_netlist import AifNetlist, AifPin, read_netlist
from router.read.formats.aif_pads import AifPad, read_pads
from router.read.formats.names import Names, some
from router.read.formats.options import ImportOptions, View
from router.read.textfile import quoted, shown

_KNOWN = ("DATABASE", "DIE", "BGA", "PADS", "NETLIST", "MCM_DIE")


def read_aif(files: Sequence[Path], options: ImportOptions) -> Draft:
    """The draft of one file. Raises InputError for every fault, naming its line."""
    if len(files) != 1:
        raise InputError("FILE", f"{len(files)} files", "one .aif file")
    return _Aif(read_aif_file(files[0]), options).draft()


class _Aif:
    """A file on its way to a draft; names, guesses and losses are gathered."""

    def __init__(self, file: AifFile, options: ImportOptions) -> None:
        self.file = file
        self.options = options
        self.guesses: list[str] = []
        self.lost: list[str] = []
        self.nets = Names("net")
        self.parts = Names("component", dots=False)
        self.taken: set[str] = set()
        self.drafted: dict[str, DraftPad] = {}

    def draft(self) -> Draft:
        file = self.file
        file.unit = self._unit()
        pads = read_pads(file, self.lost)
        references = self._references()
        netlist = read_netlist(file, pads, references)
        outline = package_outline(file, self.lost)
        parts = [self._die(reference, pins, references, pads) for reference, pins in netlist.dies.items()]
        parts += self._balls(netlist, pads)
        if not parts:
            raise InputError(shown(file.path), "no pad and no ball", "rows in a section [NETLIST]")
        self._say(netlist, references, outline)
        if outline and self._view is View.TOP:
            outline = outline.mirrored
        for names in (self.parts, self.nets):
            self.lost += names.said()
        name = self.options.name or name_of(file.text("BGA", "NAME") or file.text("DIE", "NAME")) or file.path.stem
        return Draft(
            name=name,
            components=tuple(parts),
            pads=self.drafted,
            outline=outline,
            guesses=tuple(self.guesses),
            lost=tuple(dict.fromkeys(self.lost)),
        )

    def _unit(self) -> Unit:
        """The unit of UNITS, else the one that was given. Raises InputError for a file of another type or version."""
        file = self.file
        for key, good in (("TYPE", ("AIF",)), ("VERSION", ("2", "2.0", "2.00"))):
            entry = file.find("DATABASE", key)
            if entry and entry.value.upper() not in good:
                raise InputError(file.where(entry.line), f"{key}={quoted(entry.value)}", f"{key}={good[-1]}")
        entry = file.find("DATABASE", "UNITS")
        if entry is None:
            self.guesses.append(f"lengths are in {self.options.unit or Unit.UM}, since the file has no UNITS")
            return self.options.unit or Unit.UM
        unit = unit_of(entry.value)
        if unit is None:
            raise InputError(file.where(entry.line), f"UNITS={quoted(entry.value)}", "um, mm, cm, inch or mil")
        return unit

    def _references(self) -> dict[str, str]:
        """For each die of a package of several its section; empty where there is one die."""
        file = self.file
        several = file.text("DATABASE", "MCM").upper() == "TRUE"
        entries = file.sections.get("MCM_DIE", [])
        if several and not entries:
            raise InputError(shown(file.path), "MCM=TRUE without dies", "a section [MCM_DIE] with DEFINITION=REFERENCE")
        sections: dict[str, str] = {}
        for entry in entries:
            for reference in entry.value.replace(",", " ").split() if entry.key else ():
                name = name_of(reference)
                if name in sections:
                    raise InputError(
                        file.where(entry.line), f"the die {quoted(name)} twice", "references that occur once"
                    )
                sections[name] = f"MCM_{entry.key}_{reference}".upper()
        return sections

    def _die(
        self, reference: str, pins: Mapping[str, AifPin], references: Mapping[str, str], pads: Mapping[str, AifPad]
    ) -> DraftComponent:
        name = reference or name_of(self.file.text("DIE", "NAME")) or "die"
        drawn = tuple(self._pins(name, pins, TerminalKind.BUMP, pads))
        outline = self._outline(references.get(reference, "DIE"), name, drawn)
        return DraftComponent(self._part(name), ComponentKind.DIE, drawn, outline, view=self._view)

    def _outline(self, section: str, name: str, pins: Sequence[DraftPin]) -> Box | None:
        """WIDTH × HEIGHT about CENTER, else about the middle of the pads."""
        size, centre = self.file.size(section), self.file.lengths(section, "CENTER", 2)
        self.file.find(section, "NAME")
        if size is None:
            return None
        xs, ys = [pin.x for pin in pins], [pin.y for pin in pins]
        if centre is None:
            self.guesses.append(f"{name}: its middle is that of its pads, since there is no CENTER")
            centre = [(min(xs) + max(xs)) // 2, (min(ys) + max(ys)) // 2]
        return Box.about(centre, size)

    def _balls(self, netlist: AifNetlist, pads: Mapping[str, AifPad]) -> Iterator[DraftComponent]:
        """Balls with their places, and those of the grid: all of it where no row places a ball, else those that rows
        name without a place."""
        grid, shape = ball_grid(self.file, self.lost)
        placed = dict(netlist.balls)
        for name in grid if not placed else [name for name in netlist.unplaced if name in grid]:
            row = netlist.unplaced.get(name)
            placed.setdefault(name, AifPin(row.line if row else 0, row.net if row else "", "", *grid[name]))
        for name, row in netlist.unplaced.items():
            if name in placed and placed[name].net != row.net:
                expected = f"the net of line {placed[name].line}"
                raise InputError(self.file.where(row.line), f"the ball {quoted(name)} with another net", expected)
        gone = [name for name in netlist.unplaced if name not in placed]
        if gone:
            self.lost.append(f"balls or rings without a place: {some(gone)}")
        if grid and not netlist.balls:
            self.guesses.append("places of balls are those of the grid in [BGA], about the origin")
        if placed:
            name = name_of(self.file.text("BGA", "NAME")) or "bga"
            pins = tuple(self._pins(name, placed, TerminalKind.BALL, pads, shape))
            yield DraftComponent(self._part(name), ComponentKind.BALLS, pins, view=self._view)

    def _part(self, name: str) -> str:
        """A component's name; balls and a die of one name are kept apart."""
        ours = self.parts.of(name)
        if ours in self.taken:
            ours = self.parts.of(f"{name}_balls")
        self.taken.add(ours)
        return ours

    def _pins(
        self,
        part: str,
        pins: Mapping[str, AifPin],
        kind: TerminalKind,
        pads: Mapping[str, AifPad],
        usual: AifPad | None = None,
    ) -> Iterator[DraftPin]:
        """Pins with their pads, which are added to those of the draft; `usual` is the shape of pins without a type."""
        names = Names(f"{part}: pin")
        keys: dict[str, str] = {}
        for name, pin in pins.items():
            if pin.pad not in keys:
                keys[pin.pad] = f"{pin.pad or 'usual'} {kind}"
                shape = pads.get(pin.pad, usual)
                pad = DraftPad(keys[pin.pad], kind, ShapeKind.CIRCLE, 0, 0) if shape is None else _drafted(shape, kind)
                self.drafted[keys[pin.pad]] = replace(pad, name=keys[pin.pad])
            yield DraftPin(names.of(name), pin.x, pin.y, keys[pin.pad], self.nets.of(pin.net) if pin.net else "")
        self.lost += names.said()

    @property
    def _view(self) -> View:
        """A1 lies where it is looking from above the package, so that the whole file is seen from there."""
        return self.options.view or View.TOP

    def _say(self, netlist: AifNetlist, references: Mapping[str, str], outline: Box | None) -> None:
        """What was assumed, and what of the file is left behind."""
        file = self.file
        if self.options.view is None:
            self.guesses.append("places are as seen from above the package; if from the ball side: --view bottom")
        if netlist.separators:
            signs = " ".join(netlist.separators)
            self.guesses.append(f"die pads are called by the reference of their die, {signs} and their own name")
        if outline and not file.find("BGA", "OUTLINE"):
            self.guesses.append("the package lies about the origin")
        if netlist.fingers:
            self.lost.append(f"wire-bond fingers: {some(netlist.fingers)}")
        dies = dict.fromkeys(references.values())
        for section in file.sections:
            if section not in _KNOWN and section not in dies:
                self.lost.append(f"section [{section}] of {len(file.sections[section])} lines")
            elif section not in ("PADS", "NETLIST", "MCM_DIE") and (keys := file.unread(section)):
                self.lost.append(f"{some(keys)} of [{section}]")
        missing = [reference for reference in references if reference not in netlist.dies]
        if missing:
            self.lost.append(f"dies without a pad: {some(missing)}")


def _drafted(pad: AifPad, kind: TerminalKind) -> DraftPad:
    return DraftPad("", kind, pad.shape, pad.width, pad.height, polygon=pad.ring)
