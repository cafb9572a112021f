"""Drafts of small packages, and what is written of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from router.model.design import ComponentKind
from router.model.draft import Draft, DraftComponent, DraftPad, DraftPin
from router.model.pdk import ShapeKind, TerminalKind
from router.read.formats.options import ImportOptions
from router.write.package import Written, write_package

BUMP = DraftPad("b", TerminalKind.BUMP, ShapeKind.CIRCLE, 80_000, 80_000)


SMALL = DraftPad("s", TerminalKind.BUMP, ShapeKind.CIRCLE, 60_000, 60_000)


BALL = DraftPad("o", TerminalKind.BALL, ShapeKind.CIRCLE, 0, 0)


PADS = {pad.name: pad for pad in (BUMP, SMALL, BALL)}


RING = np.array([[-400_000, -400_000], [-300_000, -400_000], [-300_000, -300_000]])


def die(*pins: DraftPin, name: str = "d", **more: object) -> DraftComponent:
    return DraftComponent(name, ComponentKind.DIE, pins, **more)  # type: ignore[arg-type]


def pin(name: str, x: int, y: int, pad: str = "b", net: str = "") -> DraftPin:
    return DraftPin(name, x, y, pad, net)


def package(*parts: DraftComponent, **more: object) -> Draft:
    parts = parts or (die(pin("1", 0, 0, net="N"), pin("2", 200_000, 0, net="N")),)
    return Draft(**{"name": "p", "components": parts, "pads": PADS, **more})  # type: ignore[arg-type]


def write(folder: Path, draft: Draft, pdk: str = "fanout_10um", overwrite: bool = False, **options: object) -> Written:
    chosen = ImportOptions(pdk=pdk, **options)  # type: ignore[arg-type]
    return write_package(draft, folder / "p.toml", chosen, source="a.csv (bumps)", overwrite=overwrite)
