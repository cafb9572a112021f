"""Lands of a draft in package coordinates: their extent, their pitch, and whether they have room beside one another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from router.model.draft import Draft
from router.model.errors import InputError
from router.model.geometry import Box, Points
from router.model.units import decimal_um, text_um

# A land is held against this many of its neighbours, itself included. Reading the package holds it against all.
_NEIGHBOURS = 5
_PAD_LIMIT = 1000
# So many components may have a pin at one place.
_STACKED = 8


class Crowd(NamedTuple):
    """Two lands without room between them: what was found, what is expected, and whether they overlap."""

    level: str
    found: str
    expected: str
    overlap: bool


class DraftLands:
    """All pins of a draft: `xy` (n, 2) nm in the package; `used` names the pads that they have, in order.

    Raises InputError, with `source` for the place, for a draft without a pin, two pins at one place, and too many
    kinds of pads.
    """

    def __init__(self, draft: Draft, source: str) -> None:
        self.source = source
        pins = [(pin, part) for part in draft.components for pin in part.pins]
        if not pins:
            raise InputError(source, "no pin", "at least one")
        self.used = tuple(dict.fromkeys(pin.pad for pin, _ in pins))
        if len(self.used) > _PAD_LIMIT:
            raise InputError(source, f"{len(self.used)} kinds of pads", f"at most {_PAD_LIMIT}")
        index = {name: number for number, name in enumerate(self.used)}
        nets = {net: number for number, net in enumerate(dict.fromkeys(pin.net for pin, _ in pins))}
        self._pad = np.array([index[pin.pad] for pin, _ in pins], dtype=np.int64)
        self._net = np.array([nets[pin.net] if pin.net else -1 for pin, _ in pins], dtype=np.int64)
        self._part = np.repeat(np.arange(len(draft.components)), [len(part.pins) for part in draft.components])
        self._turned = np.array([part.placement.swaps_axes for part in draft.components], dtype=bool)[self._part]
        places = [part.at for part in draft.components]
        self._origin = np.array([places.index(place) for place in places], dtype=np.int64)[self._part]
        self._names = [(part.name, pin.name) for pin, part in pins]
        placed = [
            part.placement.apply(np.array([(pin.x, pin.y) for pin in part.pins], dtype=np.int64).reshape(-1, 2))
            for part in draft.components
        ]
        self.xy: Points = np.concatenate(placed)
        self._refuse_twins(source)
        self._pitches: dict[str, tuple[int | None, str]] = {}

    def _refuse_twins(self, where: str) -> None:
        """Pins of one component are apart; those of a few components may lie on one another, if they are of one net."""
        for keys, most in ((np.column_stack([self._part, self.xy]), 1), (self.xy, _STACKED)):
            order = np.lexsort(keys.T[::-1])
            same = np.flatnonzero((keys[order[most:]] == keys[order[:-most]]).all(axis=1))
            if len(same):
                pins = order[same[0] : same[0] + most + 1].tolist()
                named = " and ".join(".".join(self._names[pin]) for pin in pins)
                x, y = (decimal_um(value) for value in self.xy[pins[0]])
                raise InputError(where, f"{named[:300]} at one place ({x}, {y})", "a place of its own for each pin")

    def pitch(self, pad: str) -> int | None:
        """The least distance of centres between pins with this pad, in nm; None where there is one pin."""
        return self._pitch(pad)[0]

    def pitch_text(self, pad: str) -> str:
        """That distance in words, for messages."""
        apart, suspicion = self._pitch(pad)
        return f"pins of {pad} at a pitch of {text_um(apart or 0)}{suspicion}"

    def _pitch(self, pad: str) -> tuple[int | None, str]:
        if pad not in self._pitches:
            members = np.flatnonzero(self._pad == self.used.index(pad))
            if len(members) == 1:
                self._pitches[pad] = None, ""
            else:
                apart, near = cKDTree(self.xy[members]).query(self.xy[members], k=2)
                least = int(apart[:, 1].argmin())
                pair = members[near[least]].tolist()
                self._pitches[pad] = int(apart[least, 1]), self._suspicion(*pair)
        return self._pitches[pad]

    def _suspicion(self, a: int, b: int) -> str:
        """Why two pins may be nearer to each other than they are meant to be; empty in a component of its own place."""
        one_origin = self._origin[a] == self._origin[b] and self._part[a] != self._part[b]
        return ", components of one origin (--place moves one)" if one_origin else ""

    def extent(self, sizes: Mapping[str, tuple[int, int]]) -> Box:
        """The box about all lands; `sizes` are (width, height) of each pad."""
        half = -(-self._halves([sizes[name] for name in self.used]) // 1).astype(np.int64)
        return Box.around(np.concatenate([self.xy - half, self.xy + half]))

    def crowded(
        self, sizes: Mapping[str, tuple[str, int, int]], rounded: Iterable[str], spacing: Mapping[str, int]
    ) -> Iterator[Crowd]:
        """The two neighbours on each level that fall short of its `spacing` the most.

        `sizes` holds level, width and height of each pad; `rounded` names those with round ends. Lands of one net may
        be nearer, and may overlap where they belong to two components.
        """
        level = np.array([list(spacing).index(sizes[name][0]) for name in self.used])[self._pad]
        half = self._halves([sizes[name][1:] for name in self.used])
        is_round = np.isin(self._pad, [self.used.index(name) for name in rounded])
        radius = np.where(is_round, half.min(axis=1), 0.0)
        for number, name in enumerate(spacing):
            members = np.flatnonzero(level == number)
            if len(members) > 1:
                yield from self._near(members, half - radius[:, None], radius, spacing[name], name)

    def _near(
        self, members: NDArray[np.int64], core: NDArray[np.float64], radius: NDArray[np.float64], least: int, level: str
    ) -> Iterator[Crowd]:
        """Each land is its core, a rectangle of these half sides, swollen by its radius."""
        xy = self.xy[members]
        _, near = cKDTree(xy).query(xy, k=min(_NEIGHBOURS, len(members)))
        a, b = np.repeat(members, near.shape[1]), members[near.reshape(-1)]
        one_net = (self._net[a] == self._net[b]) & (self._net[a] >= 0)
        one_part = self._part[a] == self._part[b]
        counts = (a != b) & (one_part | ~one_net)
        a, b, needed = a[counts], b[counts], np.where(one_net[counts], 0, least)
        apart = np.abs(self.xy[a] - self.xy[b]) - core[a] - core[b]
        beyond, inside = np.maximum(apart, 0.0), np.minimum(apart.max(axis=1), 0.0)
        gap = np.hypot(beyond[:, 0], beyond[:, 1]) + inside - radius[a] - radius[b]
        worst = int(np.argmin(gap - needed)) if len(a) else 0
        if len(a) and gap[worst] < needed[worst] - 1.0:
            pair = " and ".join(".".join(self._names[int(pin)]) for pin in (a[worst], b[worst]))
            overlap = gap[worst] < 0
            found = f"overlapping lands of {pair}" if overlap else f"lands of {pair} {text_um(gap[worst])} apart"
            found += self._suspicion(int(a[worst]), int(b[worst]))
            yield Crowd(level, found, f"{text_um(least)} between them", bool(overlap))

    def _halves(self, sizes: list[tuple[int, int]]) -> NDArray[np.float64]:
        """Half width and height (n, 2) of each pin's land as it lies in the package."""
        half = np.array(sizes, dtype=np.float64)[self._pad] / 2
        return np.where(self._turned[:, None], half[:, ::-1], half)
