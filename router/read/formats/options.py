"""What a person says about a file of another tool that the file does not say itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from router.model.units import Unit

__all__ = ["OPTIONS", "ImportOptions", "Origin", "Unit", "View"]


class Origin(StrEnum):
    """What a pad's coordinates mean: its centre, or the lower left corner of its cell."""

    CENTRE = "centre"
    CORNER = "corner"


class View(StrEnum):
    """From where coordinates are seen: from the ball side, looking at active faces, or through the dies' backs."""

    BOTTOM = "bottom"
    TOP = "top"


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """None and empty stand for what the file says, or else for the format's custom.

    `pad_size` and `die_size` are (width, height) in nm, for files that hold none; `pitch` is that of the columns and of
    the rows of a ball map, in nm. `pdk` is the process of the package that is written, `levels` its level for a layer
    of the file. `columns` says what part a table's column with that header plays, `places` where the origin of a
    component lies: x and y in nm, and degrees.
    """

    name: str = ""
    unit: Unit | None = None
    origin: Origin | None = None
    view: View | None = None
    pad_size: tuple[int, int] | None = None
    die_size: tuple[int, int] | None = None
    pitch: tuple[int, int] | None = None
    pdk: str = ""
    levels: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, tuple[int, int, int]] = field(default_factory=dict)


OPTIONS: Mapping[str, tuple[str, ...]] = {
    "3dblox": ("pad_size", "unit", "view"),
    "aif": ("unit", "view"),
    "bumps": ("columns", "die_size", "origin", "pad_size", "pitch", "unit", "view"),
    "dietext": ("pad_size", "unit", "view"),
    "dsn": ("unit", "view"),
    "lefdef": (),
}
"""The fields of `ImportOptions` that each reader asks for, beside the name, the process, its levels, and places."""
