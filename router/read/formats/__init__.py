"""Files of other tools, one reader a format, each into a `Draft`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from router.model.draft import Draft
from router.read.formats.options import ImportOptions

Reader = Callable[[Sequence[Path], ImportOptions], Draft]

FORMATS: Mapping[str, Reader] = {}
"""Readers by the name that `rdl import` knows them by."""
