"""GDSII → OASIS: the same cells, names and properties in a file a sixth the size, with a checksum of its own."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import gdstk

from router.model.errors import InputError
from router.verify.stream import read_layout


def write_oasis(gds: Path, oas: Path) -> None:
    """Write what a GDSII file holds as OASIS. Raises OSError when the file could not be written whole."""
    gdstk.read_gds(gds).write_oas(os.fspath(oas), validation="crc32")
    try:
        # The writer says nothing when the disk is full.
        read_layout(oas)
    except InputError:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from None
