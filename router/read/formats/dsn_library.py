"""Layers, padstacks and images of Specctra design files."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from router.model.geometry import Box, Points
from router.read.formats.dsn_notes import Notes
from router.read.formats.dsn_shapes import KINDS, Figure, Land, figure, land, rings
from router.read.formats.dsn_tokens import Entry, Scope, Specctra
from router.read.numbers import number_of
from router.read.textfile import quoted

_LAYER_LIMIT = 1000
_PADSTACK_LIMIT = 10_000
_NOT_SIGNAL = ("power", "jumper")
KEEPOUTS = ("keepout", "wire_keepout", "via_keepout", "place_keepout", "bend_keepout", "elongate_keepout")
_PADSTACK = ("shape", "attach", "plating", "rotate", "absolute", "unit", "resolution", "hole", "property")
_IMAGE = ("pin", "outline", "side", "unit", "resolution", "property", *KEEPOUTS)


@dataclass(frozen=True, slots=True)
class Layers:
    """Layers by name in the order of the file, from the front: those that carry traces, and all others."""

    signal: tuple[str, ...]
    others: tuple[str, ...] = ()

    def find(self, file: Specctra, entry: Entry, word: str) -> tuple[int, ...]:
        """Indices of the signal layers that a word stands for, whatever its case. Raises InputError for no layer."""
        if word in self.signal:
            return (self.signal.index(word),)
        lower = word.lower()
        same = tuple(k for k, name in enumerate(self.signal) if name.lower() == lower)
        if same:
            return same[:1]
        if lower in ("signal", "pcb"):
            return tuple(range(len(self.signal)))
        if lower == "power" or lower in (name.lower() for name in self.others):
            return ()
        raise file.fault(entry, f"the layer {quoted(word)}", f"one of {', '.join((*self.signal, *self.others))[:300]}")


@dataclass(frozen=True, slots=True)
class Padstack:
    """Lands by index of their layer. `turns`: they turn with their component. `flips`: on the back they stand on the
    opposite layers."""

    name: str
    lands: Mapping[int, Land]
    turns: bool = True
    flips: bool = True


@dataclass(frozen=True, slots=True)
class ImagePin:
    """A pin of an image in the image's own coordinates, turned by `rotation` degrees; `entry` says where it stands."""

    name: str
    padstack: Padstack
    x: int
    y: int
    rotation: float


@dataclass(frozen=True, slots=True)
class ImageKeepout:
    """A keep-out that goes with its component: `word` is its kind, the ring (n, 2) in the image's own coordinates."""

    word: str
    layers: tuple[int, ...]
    ring: Points


@dataclass(frozen=True, slots=True)
class Image:
    """What components have in common. `outline`: the places (n, 2) that its outlines touch, empty where it has none."""

    name: str
    pins: tuple[ImagePin, ...]
    outline: Points
    keepouts: tuple[ImageKeepout, ...]


def read_layers(file: Specctra, structure: Entry, notes: Notes) -> Layers:
    """The layers of `(structure …)`. Raises InputError where there is none, or one twice."""
    signal: list[str] = []
    others: list[str] = []
    for entry in structure.entries("layer"):
        name = file.text_at(entry, 1, "a name")
        if len(signal) + len(others) == _LAYER_LIMIT:
            raise file.fault(entry, f"more than {_LAYER_LIMIT} layers", "fewer of them")
        if name in signal or name in others:
            raise file.fault(entry, f"the layer {quoted(name)} twice", "each layer once")
        kind = next((file.text_at(part, 1, "a type").lower() for part in entry.entries("type")), "signal")
        if kind in _NOT_SIGNAL:
            others.append(name)
            notes.lose("layers that carry no traces", f"{name} ({kind})")
        else:
            signal.append(name)
    if not signal:
        raise file.fault(structure, "no (layer …) that carries traces", "one at least")
    return Layers(tuple(signal), tuple(others))


def read_padstacks(scope: Scope, library: Entry, layers: Layers, notes: Notes) -> dict[str, Padstack]:
    """Padstacks by name. Raises InputError for shapes that are none."""
    found: dict[str, Padstack] = {}
    for entry in library.entries("padstack"):
        name = scope.file.text_at(entry, 1, "a name")
        if len(found) == _PADSTACK_LIMIT:
            raise scope.file.fault(entry, f"more than {_PADSTACK_LIMIT} padstacks", "a smaller library")
        if name in found:
            notes.lose("further padstacks of the same name", name)
            continue
        within = scope.within(entry)
        figures: dict[int, list[Figure]] = {}
        for part in entry.entries("shape"):
            notes.skip("a shape", part.entries(), KINDS)
            for inner in part.entries(*KINDS):
                shape = figure(within, inner)
                for layer in layers.find(scope.file, inner, shape.layer):
                    figures.setdefault(layer, []).append(shape)
        lands = {layer: made for layer, shapes in sorted(figures.items()) if (made := land(shapes)) is not None}
        turns, flips = not _says(entry, "rotate", "off"), not _says(entry, "absolute", "on")
        found[name] = Padstack(name, lands, turns, flips)
        notes.skip("a padstack", entry.entries(), _PADSTACK)
    return found


def read_images(
    scope: Scope, library: Entry, layers: Layers, padstacks: Mapping[str, Padstack], notes: Notes
) -> dict[str, Image]:
    """Images by name. Raises InputError for pins of padstacks that do not exist, and pins that occur twice."""
    found: dict[str, Image] = {}
    for entry in library.entries("image"):
        within = scope.within(entry)
        name = scope.file.text_at(entry, 1, "a name")
        pins: dict[str, ImagePin] = {}
        for part in entry.entries("pin"):
            pin = _pin(within, part, padstacks)
            if pin.name in pins:
                raise scope.file.fault(part, f"the pin {quoted(pin.name)} twice", "each pin once")
            pins[pin.name] = pin
        outline = [_touched(figure(within, s)) for part in entry.entries("outline") for s in part.entries(*KINDS)]
        keepouts = tuple(
            ImageKeepout(part.word, layers.find(scope.file, shape, made.layer), ring)
            for part in entry.entries(*KEEPOUTS)
            for shape in part.entries(*KINDS)
            for made in (figure(within, shape),)
            for ring in rings(made)
        )
        places = np.concatenate(outline) if outline else np.zeros((0, 2), dtype=np.int64)
        found[name] = Image(name, tuple(pins.values()), places, keepouts)
        notes.skip("an image", entry.entries(), _IMAGE)
    return found


def _pin(scope: Scope, entry: Entry, padstacks: Mapping[str, Padstack]) -> ImagePin:
    """Of `(pin PADSTACK [(rotate d)] NAME x y)`."""
    plain = len(entry) == 5
    words = scope.file.texts(entry)
    if len(words) != 4:
        raise scope.file.fault(entry, f"a pin of {len(words)} words", "padstack, name, x and y")
    if words[0] not in padstacks:
        raise scope.file.fault(entry, f"the padstack {quoted(words[0])}", "one of the library")
    x, y = scope.place(entry, words[2], words[3])
    rotation = 0.0 if plain else next((degrees(scope.file, part, 1) for part in entry.entries("rotate")), 0.0)
    return ImagePin(words[1], padstacks[words[0]], x, y, rotation)


def degrees(file: Specctra, entry: Entry, index: int) -> float:
    """An angle, 0 ≤ angle < 360, to a thousandth: files hold remains of rounding. Raises InputError for others."""
    word = file.text_at(entry, index, "an angle")
    angle = number_of(word)
    if not math.isfinite(angle):
        raise file.fault(entry, quoted(word), "an angle in degrees")
    return round(angle % 360, 3) % 360


def _touched(shape: Figure) -> Points:
    """The places that give the extent of an outline; what its line is wide does not count."""
    if shape.kind == "rect":
        return Box.around(shape.points).ring()
    return np.concatenate(rings(shape)) if shape.kind == "circle" else shape.points


def _says(entry: Entry, word: str, choice: str) -> bool:
    """Whether a switch inside an entry is set so."""
    return any(isinstance(part[-1], str) and part[-1].lower() == choice for part in entry.entries(word))
