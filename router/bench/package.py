"""Packages that are made by code: they are read as package files are, so that the same checks hold for them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from router.model.design import Design
from router.model.geometry import Points
from router.model.pdk import Pdk
from router.model.units import array_to_um
from router.read.design import build_design
from router.read.design_file import DesignFile
from router.read.include import Read
from router.read.tomlfile import validated


def grid(columns: int, rows: int, pitch: int) -> Points:
    """Places (columns · rows, 2) in nm about the origin, row by row from the lower left; `pitch` is even."""
    x, y = np.meshgrid(2 * np.arange(columns) - (columns - 1), 2 * np.arange(rows) - (rows - 1))
    places: Points = np.stack([x.ravel(), y.ravel()], axis=1).astype(np.int64) * (pitch // 2)
    return places


def part(name: str, pad: str, size: float, pins: Sequence[str], xy: Points, nets: Sequence[str]) -> dict[str, Any]:
    """A component as a package file holds it: `pins` at `xy` (n, 2) nm with lands of `size` µm, each on one of `nets`,
    or on none where that is empty."""
    listed = [
        {"name": pin, "x": x, "y": y, "net": net or None}
        for pin, (x, y), net in zip(pins, array_to_um(xy).tolist(), nets, strict=True)
    ]
    return {"name": name, "pad": pad, "pad_size": size, "pin": listed}


def build(package: dict[str, Any], pdk: Pdk | None = None) -> Design:
    """The design of a package file in memory; `pdk` stands in for the process that it names. Raises InputError."""
    path = Path(f"{package['name']}.toml")
    return build_design([Read(path, validated(DesignFile, package, path))], pdk)
