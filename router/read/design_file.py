"""What a package file may hold. Lengths in µm. `docs/formats.md` explains every key."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from router.read.fields import Count, Length, LengthOrZero, Name, Number, Place, Size, Strict

Pattern = Annotated[str, Field(min_length=1, max_length=255)]
FileName = Annotated[str, Field(min_length=1, max_length=4096)]
Corners = Annotated[list[Number], Field(min_length=4, max_length=4)]
Line = Annotated[list[Place], Field(min_length=2, max_length=100_000)]
NOT_BUILT = ("pair", "gap", "max_length", "max_skew", "spacing_to")


class ArrayTable(Strict):
    """nx × ny pins, centred on the component's origin. Rows count from the top, columns from the left."""

    nx: Count
    ny: Count
    pitch: Size
    names: Annotated[str, Field(min_length=1, max_length=255)] = "{letters}{column}"
    without: list[Pattern] = []
    rings: Count | None = None
    centre_without: Annotated[list[Annotated[int, Field(ge=0)]], Field(min_length=2, max_length=2)] | None = None


class ColumnsTable(Strict):
    """The headers of a table's columns, where they are not among those known by themselves."""

    pin: Pattern | None = None
    x: Pattern | None = None
    y: Pattern | None = None
    net: Pattern | None = None
    width: Pattern | None = None
    height: Pattern | None = None


class PinsTable(Strict):
    """Pins from a CSV file beside the package file."""

    file: FileName
    columns: ColumnsTable = ColumnsTable()
    where: dict[str, str] = {}


class PinTable(Strict):
    name: Name
    x: Number
    y: Number
    net: Name | None = None
    pad: Name | None = None
    pad_size: Size | None = None


class PadsTable(Strict):
    """Another pad style or size for the pins that match a pattern."""

    pins: Annotated[list[Pattern], Field(min_length=1)]
    pad: Name | None = None
    pad_size: Size | None = None


class ComponentTable(Strict):
    name: Name
    size: Size | None = None
    centre: Place = [0.0, 0.0]
    at: Place = [0.0, 0.0]
    rotation: Literal[0, 90, 180, 270] = 0
    mirror: Literal["x", "y"] | None = None
    view: Literal["top", "bottom"] = "bottom"
    pad: Name
    pad_size: Size | None = None
    joined: bool = False
    array: ArrayTable | None = None
    table: PinsTable | None = None
    pin: list[PinTable] = []
    pads: list[PadsTable] = []


class ClassTable(Strict):
    name: Name
    nets: list[Pattern] = []
    width: Length | dict[str, Length] | None = None
    spacing: Length | dict[str, Length] | None = None
    levels: Annotated[list[Name], Field(min_length=1)] | None = None


class KeepoutTable(Strict):
    name: Name | None = None
    levels: Annotated[list[Name], Field(min_length=1)] | None = None
    rect: Corners | None = None
    polygon: Annotated[list[Place], Field(min_length=3, max_length=100_000)] | None = None


class FixedTable(Strict):
    net: Name
    level: Name
    width: Length
    points: Line


class NetlistTable(Strict):
    """Where nets come from besides `[nets]`."""

    file: FileName | None = None
    from_tables: bool = False
    exclude: list[Pattern] = []


class DesignFile(Strict):
    """One file; a file that is included may leave out name, pdk and outline."""

    name: Name | None = None
    description: Annotated[str, Field(max_length=2000)] = ""
    include: FileName | Annotated[list[FileName], Field(max_length=100)] = []
    pdk: FileName | None = None
    levels: Annotated[int, Field(ge=1, le=100)] | None = None
    outline: Annotated[list[Number], Field(min_length=2, max_length=4)] | None = None
    die: list[ComponentTable] = []
    passive: list[ComponentTable] = []
    pillars: list[ComponentTable] = []
    balls: list[ComponentTable] = []
    nets: dict[str, list[Pattern]] = {}
    netlist: NetlistTable = NetlistTable()
    class_: list[ClassTable] = Field(default=[], alias="class")
    keepout: list[KeepoutTable] = []
    fixed: list[FixedTable] = []
    lattice: dict[str, LengthOrZero] = {}


class Read(Strict):
    """A file that was read, and where it lies: paths inside it count from there."""

    path: Path
    file: DesignFile
