"""What a DEF file holds on the redistribution layers, as parts of a draft."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set

import numpy as np
import shapely
from numpy.typing import NDArray

from router.model.design import ComponentKind
from router.model.draft import DraftComponent, DraftKeepout, DraftPad, DraftPin, DraftTrace
from router.model.errors import InputError
from router.model.geometry import Box, Points
from router.model.pdk import TerminalKind
from router.model.units import decimal_um
from router.read.formats.areas import without_holes
from router.read.formats.lefdef_def import ITEM_LIMIT, Def, DefCell
from router.read.formats.lefdef_lands import Footprint, Land, footprint, land_of
from router.read.formats.lefdef_lef import LefMacro
from router.read.formats.lefdef_metal import (
    centre_line,
    covered,
    in_runs,
    outside,
    slanted_ends,
    trace_line,
    wire_rings,
)
from router.read.formats.names import Names, some
from router.read.textfile import quoted

# A polygon of a net no larger than so many widths of its wires only fills a corner between them.
_FILL = 4
_MOST_KEEPOUTS = 200_000


class Package:
    """Components, keep-outs and traces of a DEF file. `layers`: those of redistribution with the least width of each,
    0 where no file says it; `where` is the file, for messages."""

    def __init__(self, found: Def, macros: Mapping[str, LefMacro], layers: Mapping[str, int], where: str) -> None:
        self._found = found
        self._macros = macros
        self._layers = layers
        self._where = where
        self._nets, self._pins = Names("net"), Names("pin")
        self._footprints: dict[tuple[str, str], Footprint] = {}
        self._placed_lands: dict[tuple[str, str], list[tuple[Land, str, str]]] = {}
        self._pad_names: dict[object, str] = {}
        self._two_nets: list[str] = []
        self.pads: dict[str, DraftPad] = {}
        self.keepouts: list[DraftKeepout] = []
        self.lost: list[str] = []
        assert found.area is not None
        self.outline = Box.around(found.area)
        owner = self._owners()
        balls, pads = self._terminals(owner)
        pins = self._chip_pins([*balls, *pads])
        # Pads of a net without a bump are to be joined by the redistribution itself.
        apart = {pin.net for pin in pads if pin.net} - {pin.net for pin in balls}
        parts = (
            DraftComponent("bumps", ComponentKind.BALLS, tuple(balls)),
            DraftComponent("io", ComponentKind.DIE, tuple(pin for pin in pads if pin.net not in apart), joined=True),
            DraftComponent("cells", ComponentKind.DIE, tuple(pin for pin in pads if pin.net in apart)),
            DraftComponent("pins", ComponentKind.DIE, tuple(pins), joined=True),
        )
        self.components = tuple(part for part in parts if part.pins)
        netted = [pin for part in parts for pin in part.pins if pin.net]
        centres = {(pin.net, self.pads[pin.pad].layer, pin.x, pin.y) for pin in netted}
        apart_at = {(pin.net, pin.x, pin.y) for pin in netted}
        apart_at |= {(self._nets.of(via.net), via.x, via.y) for via in found.vias}
        self.traces = tuple(in_runs(list(self._wires(centres)), apart_at))
        self._blocked()
        self.guesses = list(self._guessed(parts))
        self._losses()

    def _owners(self) -> dict[tuple[str, str], str]:
        """The net of each (cell, pin). Raises InputError for a pin in two nets."""
        owner: dict[tuple[str, str], str] = {}
        with_pin: dict[str, list[str]] = defaultdict(list)
        if any(cell == "*" for ends in self._found.ends.values() for cell, _ in ends):
            for placed in self._found.cells.values():
                for pin in self._macros[placed.macro].pins:
                    with_pin[pin].append(placed.name)
        for net, ends in self._found.ends.items():
            for end in ends:
                everywhere = end[0] == "*"
                for key in ((name, end[1]) for name in with_pin.pop(end[1], ())) if everywhere else (end,):
                    if owner.setdefault(key, net) != net and not everywhere:
                        found = f"{quoted(' '.join(key))} in the nets {owner[key][:60]} and {net[:60]}"
                        raise InputError(self._where, found, "each pin in one net")
        self._found.ends.clear()
        return owner

    def _footprint(self, cell: DefCell) -> Footprint:
        key = (cell.macro, cell.orientation)
        if key not in self._footprints:
            self._footprints[key] = footprint(self._macros[cell.macro], cell.orientation, self._layers)
        return self._footprints[key]

    def _terminals(self, owner: Mapping[tuple[str, str], str]) -> tuple[list[DraftPin], list[DraftPin]]:
        """Lands of bumps, and of all other cells."""
        balls: list[DraftPin] = []
        pads: list[DraftPin] = []
        for cell in self._found.cells.values():
            lands, is_bump = self._lands(cell), self._macros[cell.macro].is_bump
            for land, suffix, pad in lands:
                net = self._net_of(cell.name, land.pins, owner)
                name = cell.name if len(lands) == 1 else f"{cell.name}/{suffix}"
                pin = DraftPin(self._pins.of(name), cell.x + land.x, cell.y + land.y, pad, net)
                (balls if is_bump else pads).append(pin)
            if len(balls) + len(pads) > ITEM_LIMIT:
                raise InputError(self._where, f"more than {ITEM_LIMIT} pins", "fewer")
        return balls, pads

    def _lands(self, cell: DefCell) -> list[tuple[Land, str, str]]:
        """The lands of a cell as it lies, each with the name of its pin, numbered from the second on, and its pad."""
        key = (cell.macro, cell.orientation)
        if key not in self._placed_lands:
            kind = TerminalKind.BALL if self._macros[cell.macro].is_bump else TerminalKind.PAD
            seen: Counter[str] = Counter()
            found = self._placed_lands[key] = []
            for land in self._footprint(cell).lands:
                seen[land.pins[0]] += 1
                number = f"/{seen[land.pins[0]]}" if seen[land.pins[0]] > 1 else ""
                found.append((land, f"{land.pins[0]}{number}", self._pad(land, kind, cell.macro)))
        return self._placed_lands[key]

    def _net_of(self, cell: str, pins: Sequence[str], owner: Mapping[tuple[str, str], str]) -> str:
        """The net of a land, empty where it has none; a second one is noted."""
        nets = [owner[cell, pin] for pin in pins if (cell, pin) in owner]
        others = [net for net in nets if net != nets[0]]
        if others:
            self._two_nets.append(f"{cell} ({nets[0]}, not {', '.join(dict.fromkeys(others))})")
        return self._nets.of(nets[0]) if nets else ""

    def _pad(self, land: Land, kind: TerminalKind, cell: str) -> str:
        """The name of a land's pad: that of the cell for bumps, its size for others."""
        ring = None if land.polygon is None else land.polygon.tobytes()
        key = (kind, land.layer, land.shape, land.width, land.height, ring, cell if kind is TerminalKind.BALL else "")
        if key not in self._pad_names:
            size = f"{decimal_um(land.width)}x{decimal_um(land.height)}"
            name = cell if kind is TerminalKind.BALL else f"{land.shape}_{size}"
            while name in self.pads:
                name = f"{name}/{len(self.pads)}"
            self._pad_names[key] = name
            self.pads[name] = DraftPad(name, kind, land.shape, land.width, land.height, land.layer, land.polygon)
        return self._pad_names[key]

    def _chip_pins(self, terminals: list[DraftPin]) -> list[DraftPin]:
        """Pins of the whole chip that do not lie on a bump or an I/O pad, whose metal they would only name."""
        if not self._found.pins:
            return []
        tree = shapely.STRtree(_boxes([_land_box(self.pads[pin.pad], pin) for pin in terminals]))
        covered = set(tree.query(_boxes([pin.box for pin in self._found.pins]), predicate="intersects")[0].tolist())
        alone: list[DraftPin] = []
        seen: Counter[str] = Counter()
        for index, pin in enumerate(self._found.pins):
            if index in covered:
                continue
            land = land_of((pin.name,), pin.layer, pin.box.ring() if pin.ring is None else pin.ring)
            seen[pin.name] += 1
            name = pin.name if seen[pin.name] == 1 else f"{pin.name}/{seen[pin.name]}"
            pad = self._pad(land, TerminalKind.PAD, "")
            net = self._nets.of(pin.net) if pin.net else ""
            alone.append(DraftPin(self._pins.of(name), land.x, land.y, pad, net))
        return alone

    def _wires(self, centres: Set[tuple[str, str, int, int]]) -> Iterator[DraftTrace]:
        """Wires and rectangles as traces; what belongs to no net of the package, and other polygons, as keep-outs.
        `centres` holds net, layer and place of each land."""
        nets = {net for net, *_ in centres}
        slanted = slanted_ends(self._found.wires)
        widest: dict[str, int] = defaultdict(int)
        within = covered(self._found.wires)
        for index, wire in enumerate(self._found.wires):
            net = self._nets.of(wire.net)
            widest[net] = max(widest[net], wire.width)
            if net in nets and index not in within:
                # Ends in the middle of a land, and where a slanted wire goes on, stay where they are.
                ends = [(wire.layer, x, y) for x, y in wire.points[[0, -1]].tolist()]
                stay = [(net, *end) in centres or (wire.net, *end) in slanted for end in ends]
                yield DraftTrace(net, wire.layer, *trace_line(wire.points, wire.width, stay))
            elif net in nets:
                self._found.passed["wires that lie within wider ones of their net"] += 1
            else:
                self._keep_clear("wire", (wire.layer,), *wire_rings(wire.points, wire.width))
                self._found.passed["wires of nets without a pin here, kept clear of"] += 1
        for name, shape in self._found.metal:
            net, line = self._nets.of(name), centre_line(shape.ring)
            # What is narrower than a trace can be fills a notch.
            if line and net in nets and line[0] >= self._layers[shape.layer]:
                yield DraftTrace(net, shape.layer, *line)
            elif net in nets and int(np.ptp(shape.ring, axis=0).max()) <= _FILL * widest[net]:
                self._found.passed["polygons that fill corners of wires"] += 1
            else:
                self._keep_clear("wire", (shape.layer,), *without_holes(shape.ring))
                self._found.passed["polygons of nets, kept clear of"] += 1

    def _blocked(self) -> None:
        for shape in self._found.blocked:
            self._keep_clear("blocked", (shape.layer,), *without_holes(shape.ring))
        for cell in self._found.cells.values():
            for shape in self._footprint(cell).blocked:
                self._keep_clear("blocked", (shape.layer,), shape.ring + np.array((cell.x, cell.y)))
        assert self._found.area is not None
        self._keep_clear("edge", (), *outside(self._found.area, self.outline))

    def _keep_clear(self, kind: str, layers: tuple[str, ...], *rings: Points) -> None:
        if len(self.keepouts) + len(rings) > _MOST_KEEPOUTS:
            raise InputError(self._where, f"more than {_MOST_KEEPOUTS} blocked areas", "fewer on these layers")
        for ring in rings:
            self.keepouts.append(DraftKeepout(f"{kind}_{len(self.keepouts) + 1}", layers, ring))

    def _guessed(self, parts: Sequence[DraftComponent]) -> Iterator[str]:
        yield "places are seen looking at the chip's active face"
        if parts[0].pins:
            yield "bumps are the cells of CLASS COVER BUMP, drawn as balls"
        if parts[1].pins:
            yield "pads of I/O cells on one net with a bump are joined inside the chip: any of them will do"
        if parts[2].pins:
            yield "pads of I/O cells on a net without a bump are to be joined by the redistribution"
        if parts[3].pins:
            yield "pins of the chip that lie on no bump and no I/O pad are pads; those of one net are joined inside"
        if any(len(land.pins) > 1 for place in self._footprints.values() for land in place.lands):
            yield "pins of a bump within one another are one land"

    def _losses(self) -> None:
        if self._two_nets:
            self.lost.append(f"second nets of one land: {some(self._two_nets)}")
        if self._found.vias:
            names = some(sorted({via.name for via in self._found.vias}))
            self.lost.append(f"vias of wires that are there: {len(self._found.vias)} ({names})")
        self.lost += [f"{what}: {count}" for what, count in sorted(self._found.passed.items())]
        used = {cell.macro for cell in self._found.cells.values()}
        other = [f"{name} {pin}" for name in sorted(used) for pin in self._other_pins(name)]
        if other:
            self.lost.append(f"pins on other layers, or for the chip's core: {some(other)}")
        self.lost += [*self._nets.said(), *self._pins.said()]

    def _other_pins(self, macro: str) -> Iterator[str]:
        for pin in self._macros[macro].pins.values():
            if not any(shape.layer in self._layers for port in pin.ports for shape in port):
                yield pin.name


def _land_box(pad: DraftPad, pin: DraftPin) -> Box:
    return Box.about((pin.x, pin.y), (pad.width, pad.height))


def _boxes(boxes: Sequence[Box]) -> NDArray[np.object_]:
    corners = np.array([box.bounds for box in boxes], dtype=np.float64).reshape(-1, 4)
    return np.atleast_1d(shapely.box(*corners.T))
