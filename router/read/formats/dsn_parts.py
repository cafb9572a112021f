"""Placed components of Specctra design files, with their lands and their own keep-outs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from router.model.design import PADS_OF, ComponentKind
from router.model.draft import DraftComponent, DraftPad, DraftPin
from router.model.geometry import Box, Placement, Points
from router.model.pdk import TerminalKind
from router.read.fields import PIN_LIMIT
from router.read.formats.dsn_library import Image, ImageKeepout, Layers, Padstack, degrees
from router.read.formats.dsn_notes import Notes
from router.read.formats.dsn_shapes import Land, turn
from router.read.formats.dsn_tokens import Entry, Scope
from router.read.formats.names import Names
from router.read.textfile import quoted

_PLACE = ("lock_type", "pn", "property", "status", "logical_part", "place_rule")


@dataclass(frozen=True, slots=True)
class Placed:
    """A component where it stands. `turned` degrees of its rotation are already in its pins and lands; the rest, a
    multiple of 90, is `rotation`. `said`: the file says what kind of component it is."""

    name: str
    image: Image
    at: tuple[int, int]
    back: bool
    rotation: int
    turned: float
    kind: ComponentKind
    terminal: TerminalKind
    said: bool

    def own(self, points: Points) -> Points:
        """Places of the image (n, 2) in the component's own coordinates."""
        return turn(points, self.turned, self.back) if self.turned else points

    @property
    def mirror(self) -> str:
        return "x" if self.back and not self.turned else ""

    def in_package(self, points: Points) -> Points:
        """Places of the image (n, 2) in the package."""
        return Placement(*self.at, self.rotation, self.mirror == "x").apply(self.own(points))


@dataclass(slots=True)
class Parts:
    """Puts components together; pads are gathered by what makes them differ."""

    layers: Layers
    notes: Notes
    pads: dict[str, DraftPad] = field(default_factory=dict)
    names: Names = field(default_factory=lambda: Names("component", dots=False))
    pins: Names = field(default_factory=lambda: Names("pin"))
    _by_use: dict[tuple[str, int, float, bool, TerminalKind], tuple[str, Land]] = field(default_factory=dict)

    def component(self, placed: Placed, nets: Mapping[str, str]) -> DraftComponent:
        """With the net of each pin, by its name in the image."""
        pins: list[DraftPin] = []
        boxes: list[tuple[int, int, int, int]] = []
        pads: dict[tuple[str, float], tuple[str, Land] | None] = {}
        for pin in placed.image.pins:
            use = (pin.padstack.name, pin.rotation)
            if use not in pads:
                pads[use] = self._pad(placed, pin.padstack, pin.rotation)
            pad = pads[use]
            if pad is None:
                self.notes.lose("pins without a land on a layer that carries traces", f"{placed.name}-{pin.name}")
                continue
            key, land = pad
            ((x, y),) = placed.own(np.array([[pin.x, pin.y]])).tolist() if placed.turned else ((pin.x, pin.y),)
            x, y = x + land.centre[0], y + land.centre[1]
            pins.append(DraftPin(self.pins.of(pin.name), x, y, key, nets.get(pin.name, "")))
            if len(placed.image.outline):
                boxes.append((x, y, land.width, land.height))
        outline = self._outline(placed, boxes)
        name = self.names.of(placed.name)
        return DraftComponent(name, placed.kind, tuple(pins), outline, placed.at, placed.rotation, placed.mirror)

    def keepouts(self, placed: Placed) -> list[tuple[ImageKeepout, tuple[int, ...], Points]]:
        """The image's keep-outs with their layers and their rings in the package."""
        last = len(self.layers.signal) - 1
        return [
            (
                entry,
                tuple(last - k for k in entry.layers) if placed.back else entry.layers,
                placed.in_package(entry.ring),
            )
            for entry in placed.image.keepouts
        ]

    def _pad(self, placed: Placed, stack: Padstack, rotation: float) -> tuple[str, Land] | None:
        """The pad of pins of a padstack that is turned in its image, and the land about them in the component's own
        coordinates; None where it has no land on a layer that carries traces."""
        last = len(self.layers.signal) - 1
        lands = {last - k if placed.back and stack.flips else k: land for k, land in stack.lands.items()}
        if not lands:
            return None
        layer = max(lands) if placed.kind is ComponentKind.BALLS else min(lands)
        mirrored = bool(placed.turned) and placed.back
        turned = placed.turned + (-rotation if mirrored else rotation) if stack.turns else -placed.rotation
        use = (stack.name, layer, turned % 360, mirrored, placed.terminal)
        if use not in self._by_use:
            self._by_use[use] = self._new_pad(use, lands[layer], len(lands))
        return self._by_use[use]

    def _new_pad(self, use: tuple[str, int, float, bool, TerminalKind], land: Land, count: int) -> tuple[str, Land]:
        stack, layer, turned, mirrored, kind = use
        made = land.turned(turned, mirrored)
        if made.centre != (0, 0):
            self.notes.guess(
                f"pins stand in the middle of their lands, which in padstack {stack} is off the pin's place"
            )
        if count > 1:
            self.notes.lose(f"lands of padstacks on more than one layer, but for {self.layers.signal[layer]}", stack)
        facts = (kind, made.shape, made.width, made.height, self.layers.signal[layer])
        same = made.ring is None and facts[1:4] == (land.shape, land.width, land.height)
        turn_of = "" if same else (f"@{turned:g}" if turned else "") + ("@back" if mirrored else "")
        name = f"{stack}{turn_of}"
        key, number = name, 1
        while key in self.pads:
            pad = self.pads[key]
            plain = made.ring is None and pad.polygon is None
            if plain and facts == (pad.kind, pad.shape, pad.width, pad.height, pad.layer):
                return key, made
            number += 1
            key = f"{name}#{number}"
        self.pads[key] = DraftPad(key, *facts, made.ring)
        return key, made

    def _outline(self, placed: Placed, lands: list[tuple[int, int, int, int]]) -> Box | None:
        """The extent of the image's outlines, and of the lands (x, y, width, height) where these reach further; None
        where it has none."""
        if not lands:
            return None
        middle, half = np.array(lands)[:, :2], (np.array(lands)[:, 2:] + 1) // 2
        return Box.around(np.concatenate([placed.own(placed.image.outline), middle - half, middle + half]))


def read_placement(
    scope: Scope, placement: Entry | None, images: Mapping[str, Image], layers: Layers, notes: Notes
) -> list[Placed]:
    """All components that have a place. Raises InputError for unknown images, sides and components that occur twice."""
    found: dict[str, Placed] = {}
    count = 0
    styles = (
        style for part in scope.file.root.entries("structure", "placement") for style in part.entries("flip_style")
    )
    rotate_first = any("rotate_first" in style for style in styles)
    for component in placement.entries("component") if placement is not None else ():
        name = scope.file.text_at(component, 1, "an image")
        if name not in images:
            raise scope.file.fault(component, f"the image {quoted(name)}", "one of the library")
        for entry in component.entries("place"):
            words = scope.file.texts(entry)
            if not words or words[0] in found:
                what = f"the component {quoted(words[0])} twice" if words else "a place without a name"
                raise scope.file.fault(entry, what, "each component once")
            notes.skip("a place", entry.entries(), _PLACE)
            if len(words) == 1:
                notes.lose("components that have no place", words[0])
                continue
            found[words[0]] = _placed(scope, entry, words, images[name], rotate_first, layers)
            count += len(images[name].pins)
            if count > PIN_LIMIT:
                raise scope.file.fault(entry, f"more than {PIN_LIMIT} pins", "a smaller design")
    return list(found.values())


def _placed(scope: Scope, entry: Entry, words: list[str], image: Image, rotate_first: bool, layers: Layers) -> Placed:
    """Of `(place NAME x y side rotation …)`; on the back, components are mirrored first, then turned."""
    side = words[3].lower() if len(words) > 3 else "front"
    if len(words) not in (3, 4, 5) or side not in ("front", "back"):
        found = f"the side {quoted(side)}" if len(words) in (4, 5) else f"a place of {len(words)} words"
        raise scope.file.fault(entry, found, "name, x, y, front or back, rotation")
    angle = degrees(scope.file, entry, 5) if len(words) == 5 else 0.0
    back = side == "back"
    angle = -angle % 360 if back and rotate_first else angle
    even = angle % 90 == 0
    # Not of the format: our own writer says what components are.
    said = {p.word: scope.file.text_at(p, 1, "a value") for prop in entry.entries("property") for p in prop.entries()}
    named = next((kind for kind in ComponentKind if kind == said.get("rdl_kind")), None)
    kind = named or _guessed(image, back, layers)
    terminal = next((t for t in TerminalKind if t == said.get("rdl_terminal")), PADS_OF[kind][0])
    at = scope.place(entry, words[1], words[2])
    turned = 0.0 if even else angle
    return Placed(words[0], image, at, back, int(angle) if even else 0, turned, kind, terminal, named is not None)


def _guessed(image: Image, back: bool, layers: Layers) -> ComponentKind:
    """Lands on several layers: pillars; all on the last one: balls; two pins: a passive; a die otherwise."""
    last = len(layers.signal) - 1
    stacks = {pin.padstack.name: pin.padstack for pin in image.pins}.values()
    on = [{last - k if back and stack.flips else k for k in stack.lands} for stack in stacks]
    if last and on and all(len(used) > 1 for used in on):
        return ComponentKind.PILLARS
    if last and on and all(used == {last} for used in on):
        return ComponentKind.BALLS
    return ComponentKind.PASSIVE if len(image.pins) == 2 else ComponentKind.DIE
