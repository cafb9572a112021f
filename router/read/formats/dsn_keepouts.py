"""Keep-outs of Specctra design files: those of the structure, of components, and what lies outside the boundary."""

from __future__ import annotations

from collections.abc import Sequence

import shapely

from router.model.draft import DraftKeepout
from router.model.errors import InputError
from router.model.geometry import Points
from router.read.formats.dsn_library import KEEPOUTS, Layers
from router.read.formats.dsn_notes import Notes
from router.read.formats.dsn_parts import Parts, Placed
from router.read.formats.dsn_shapes import KINDS, figure, rings
from router.read.formats.dsn_tokens import Entry, Scope
from router.read.formats.names import Names

_LIMIT = 100_000
_NO_METAL = ("keepout", "wire_keepout")


class Keepouts:
    """Keep-outs of the structure, of components and of the boundary."""

    def __init__(self, file: str, layers: Layers, notes: Notes) -> None:
        self._file = file
        self.found: list[DraftKeepout] = []
        self._layers = layers
        self._notes = notes
        self._names = Names("keep-out")
        self._taken: set[str] = set()

    def structure(self, scope: Scope, structure: Entry) -> None:
        for entry in structure.entries(*KEEPOUTS):
            name = next(iter(scope.file.texts(entry)), "")
            within = scope.within(entry)
            if any(True for _ in entry.entries("window")):
                self._notes.lose("windows in keep-outs, which stay closed", name or entry.word)
            for shape in entry.entries(*KINDS):
                made = figure(within, shape)
                on = self._layers.find(scope.file, shape, made.layer)
                for ring in rings(made) or [made.points]:
                    self._add(name, entry.word, on, ring)

    def components(self, parts: Parts, placed: Sequence[Placed]) -> None:
        for part in placed:
            for entry, on, ring in parts.keepouts(part):
                self._add(part.name, entry.word, on, ring)

    def boundary(self, cut_out: Sequence[Points]) -> None:
        for number, ring in enumerate(cut_out, 1):
            self._add(f"boundary_{number}", "keepout", (), ring)

    def _add(self, name: str, word: str, on: tuple[int, ...], ring: Points) -> None:
        """One on these layers, all of them where it is empty; kinds that forbid less than metal are said to be lost."""
        number = len(self.found) + 1
        if number > _LIMIT:
            raise InputError(self._file, f"more than {_LIMIT} keep-outs", "fewer of them")
        if word not in _NO_METAL:
            self._notes.lose("keep-outs that forbid something else than traces", f"{name or number} ({word})")
            return
        if word == "wire_keepout":
            self._notes.guess("a wire_keepout keeps out vias too")
        if len(ring) < 3 or not shapely.Polygon(ring).area:
            self._notes.lose("keep-outs without an area", f"{name or number} ({word})")
            return
        ours = self._names.of(name or f"keepout_{number}")
        if ours in self._taken:
            ours = self._names.of(f"{ours}_{number}")
        self._taken.add(ours)
        layers = () if len(on) == len(self._layers.signal) else tuple(self._layers.signal[k] for k in on)
        self.found.append(DraftKeepout(ours, layers, ring))
