"""Words, lengths and padstacks that Specctra design files (DSN) and sessions (SES) share."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from router.draw.masks import via_shapes
from router.model.design import Component, Design
from router.model.errors import InputError
from router.model.geometry import Points
from router.model.pdk import PadShape, ShapeKind, ViaRule
from router.model.units import to_um

_QUOTES = "\"'$"
_SPECIAL = set(" ()#;-")


@dataclass(frozen=True, slots=True)
class Words:
    """Names as words of a file; what could be misread is put between `quote`."""

    quote: str

    def of(self, name: str) -> str:
        """A name as one word."""
        plain = name and not _SPECIAL & set(name) and not any(quote in name for quote in _QUOTES)
        return name if plain else f"{self.quote}{name}{self.quote}"

    def pin(self, terminal: str) -> str:
        """The pin of a terminal's id, as nets name it."""
        component, pin = terminal.split(".", 1)
        return f"{self.of(component)}-{self.of(pin)}"


def words_for(design: Design) -> Words:
    """Words with a quote that no name of the package holds. Raises InputError where each one occurs in some name."""
    used: set[str] = set()
    for text in _names(design):
        used |= set(text)
    for quote in _QUOTES:
        if quote not in used:
            return Words(quote)
    raise InputError(design.name, f"names that hold each of {' '.join(_QUOTES)}", "one of these in no name")


def _names(design: Design) -> Iterator[str]:
    yield design.name
    yield from (component.name for component in design.components)
    yield from (terminal.id for terminal in design.terminals)
    yield from (net.name for net in design.nets)
    yield from design.classes
    yield from (keepout.name for keepout in design.keepouts)
    yield from (name for part in (design.pdk.levels, design.pdk.vias) for name in (entry.name for entry in part))


def images(design: Design) -> list[list[Component]]:
    """Components that look alike; the name of the first of them is their image's."""
    found: dict[object, list[Component]] = {}
    for component in design.components:
        key = (component.ids, component.xy.tobytes(), component.pads, component.outline, component.placement.mirrored)
        found.setdefault(key, []).append(component)
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Lengths:
    """Lengths as a file counts them: in µm, or in steps of a nanometre."""

    steps: bool

    def of(self, nm: float) -> str:
        """A length without needless digits."""
        return f"{nm:.0f}" if self.steps else f"{to_um(nm):.4f}".rstrip("0").rstrip(".")

    def xy(self, x: float, y: float) -> str:
        return f"{x:.0f} {y:.0f}" if self.steps else f"{to_um(x):.3f} {to_um(y):.3f}"

    def places(self, points: Iterable[Iterable[float]]) -> str:
        return " ".join(self.xy(x, y) for x, y in points)

    def ring(self, ring: Points) -> str:
        """The corners of a ring (n, 2), the first one once more at the end."""
        return self.places([*ring.tolist(), ring[0].tolist()])

    def shape(self, level: str, land: PadShape) -> str:
        """A land about (0, 0) as a shape of a padstack."""
        width, height = land.width, land.height
        # Corners in whole nanometres: halves would be rounded outwards, or inwards, on both sides.
        x0, y0 = -(width // 2), -(height // 2)
        x1, y1 = x0 + width, y0 + height
        if land.shape is ShapeKind.CIRCLE:
            return f"(circle {level} {self.of(width)})"
        if land.shape is ShapeKind.RECT:
            return f"(rect {level} {self.of(x0)} {self.of(y0)} {self.of(x1)} {self.of(y1)})"
        if land.shape is ShapeKind.OCTAGON:
            cut = round(width * (1 - math.tan(math.pi / 8)) / 2)
            right = [(x1, y0 + cut), (x1, y1 - cut), (x1 - cut, y1), (x0 + cut, y1)]
            left = [(x0, y1 - cut), (x0, y0 + cut), (x0 + cut, y0), (x1 - cut, y0)]
            return f"(polygon {level} 0 {self.places([*right, *left, right[0]])})"
        across = min(width, height)
        begin = (-((width - across) // 2), -((height - across) // 2))
        end = (begin[0] + width - across, begin[1] + height - across)
        return f"(path {level} {self.of(across)} {self.places([begin, end])})"

    def via(self, words: Words, rule: ViaRule) -> str:
        """A via rule as a padstack of its two capture pads."""
        _, *captures = via_shapes(rule)
        shapes = " ".join(f"(shape {self.shape(words.of(pad.mask), pad)})" for pad in captures)
        return f"(padstack {words.of(rule.name)} {shapes} (attach off))"


def pad_names(design: Design) -> dict[str, str]:
    """A padstack's name for each pad style that is used: letters, digits and underscores."""
    used = sorted({terminal.pad for terminal in design.terminals})
    return {pad: f"pad{k}_{''.join(c if c.isalnum() else '_' for c in pad)}" for k, pad in enumerate(used)}
