"""Tables of bumps, as drafts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from router.model.draft import Draft
from router.read.formats.bumps import read_bumps
from router.read.formats.options import ImportOptions

PLAIN = "bump,x_um,y_um,width_um,net\nA,-100,50,40,N1\nB,100,50,40,N2\nC,0,0,40,-\n"


def draft(folder: Path, *tables: str, names: Sequence[str] = ("chip", "other"), **options: object) -> Draft:
    """The draft of tables in files of these names."""
    files = []
    for name, text in zip(names, tables, strict=False):
        files.append(folder / f"{name}.csv")
        files[-1].write_text(text, encoding="utf-8")
    return read_bumps(files, ImportOptions(**options))  # type: ignore[arg-type]
