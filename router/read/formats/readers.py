"""The readers by name. Who reads one format has no use for the others, nor for what they load."""

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
