"""Which process a draft becomes a package of: its levels for the draft's layers, its pad styles for the draft's pads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from router.model.draft import Draft, DraftPad
from router.model.errors import InputError
from router.model.geometry import Points
from router.model.pdk import PadStyle, Pdk, ShapeKind, TerminalKind
from router.model.units import text_um, to_um
from router.read.library import list_pdks
from router.read.pdk import read_pdk
from router.read.styles import Styles

# Where a process has no style of a pad's own kind: a die may come with bumps or with bare pads.
_INSTEAD = {TerminalKind.BUMP: TerminalKind.PAD, TerminalKind.PAD: TerminalKind.BUMP}
_ROUND = (ShapeKind.CIRCLE, ShapeKind.OCTAGON)
_NEIGHBOURS = 5


@dataclass(frozen=True, slots=True)
class ChosenPad:
    """The style of a process that stands for a pad of the draft, and the size of its land in nm."""

    style: PadStyle
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Process:
    """A process, a style of it for each pad of a draft, a level for each layer; and what had to be assumed.

    `key` is what the package file calls it. `count` is the number of levels where the process leaves that open.
    """

    key: str
    pdk: Pdk
    count: int | None
    pads: Mapping[str, ChosenPad]
    levels: Mapping[str, str]
    guesses: tuple[str, ...]


def choose_process(draft: Draft, name: str, levels: Mapping[str, str]) -> Process:
    """The process of that name or path, or else the coarsest known one in which every pad and width is legal.

    Raises InputError where there is none, naming what does not fit.
    """
    places = _Places(draft)
    if name:
        fits = _fitted(draft, name, levels, places)
        if isinstance(fits, str):
            raise InputError(f"--pdk {name}", fits, "a process that holds the package")
        return fits
    found = {path.stem: _fitted(draft, path.stem, {}, places) for path in list_pdks()}
    good = [process for process in found.values() if isinstance(process, Process)]
    if not good:
        reasons = "; ".join(f"{key}: {reason}" for key, reason in found.items() if isinstance(reason, str))
        raise InputError(draft.name, f"a package that no known process holds ({reasons[:600]})", "--pdk with one that does")
    best = min(good, key=lambda process: _preference(draft, process))
    why = "the coarsest process in which every pad and width is legal"
    return _fitted_or_fail(draft, best.key, levels, places, f"process {best.key}: {why}")


def _fitted_or_fail(draft: Draft, key: str, levels: Mapping[str, str], places: _Places, guess: str) -> Process:
    fits = _fitted(draft, key, levels, places)
    assert not isinstance(fits, str)
    return Process(fits.key, fits.pdk, fits.count, fits.pads, fits.levels, (guess, *fits.guesses))
