"""Files of other tools, one reader a format, each into a `Draft`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from router.model.draft import Draft
from router.read.formats.aif import read_aif
from router.read.formats.bumps import read_bumps
from router.read.formats.dietext import read_dietext
from router.read.formats.dsn import read_dsn
from router.read.formats.lefdef import read_lefdef
from router.read.formats.options import ImportOptions
from router.read.formats.threedblox import read_threedblox

Reader = Callable[[Sequence[Path], ImportOptions], Draft]

FORMATS: Mapping[str, Reader] = {
    "3dblox": read_threedblox,
    "aif": read_aif,
    "bumps": read_bumps,
    "dietext": read_dietext,
    "dsn": read_dsn,
    "lefdef": read_lefdef,
}
"""Readers by the name that `rdl import` knows them by."""

OPTIONS: Mapping[str, tuple[str, ...]] = {
    "3dblox": ("pad_size", "unit", "view"),
    "aif": ("unit", "view"),
    "bumps": ("die_size", "origin", "pad_size", "unit", "view"),
    "dietext": ("pad_size", "unit", "view"),
    "dsn": ("unit", "view"),
    "lefdef": (),
}
"""The fields of `ImportOptions` that each reader asks for, beside the name, the process and its levels."""
