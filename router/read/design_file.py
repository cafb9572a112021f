"""What a package file may hold. Lengths in µm. `docs/formats.md` explains every key."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from router.read.fields import Count, Length, Name, Number, PlaceUm, Size, Strict, is_number, like
from router.read.tomlfile import ALL_LEVELS

FILE_STEM = r"^[A-Za-z0-9_+-][A-Za-z0-9_.+-]{0,99}$"


def _file_name(text: str) -> str:
    if not 1 <= len(text) <= 1024 or not text.isprintable():
        raise ValueError("a file name of 1 to 1024 printable characters")
    return text


def _one_or_many(value: Any) -> Any:
    if not isinstance(value, str | list):
        raise ValueError("a file name, or a list of them")
    return [value] if isinstance(value, str) else value


def _two_or_four(value: Any) -> Any:
    if not isinstance(value, list) or len(value) not in (2, 4):
        raise ValueError("[width, height] or [x0, y0, x1, y1]")
    return value


def _all_levels(value: Any) -> Any:
    if is_number(value):
        return {ALL_LEVELS: value}
    if not isinstance(value, dict):
        raise ValueError("a number, or a table of level = number")
    return value


Pattern = Annotated[str, Field(min_length=1, max_length=255)]
FileName = Annotated[str, AfterValidator(_file_name)]
Files = Annotated[list[FileName], BeforeValidator(_one_or_many), Field(max_length=100)]
FileStem = Annotated[str, like(FILE_STEM, "1 to 100 letters, digits and signs of _ + - ., the first of them no dot")]
PerLevel = Annotated[dict[str, Length], BeforeValidator(_all_levels)]
"""One number for all levels, kept under `ALL_LEVELS`, or a table of level = number."""
Corners = Annotated[list[Number], Field(min_length=4, max_length=4)]
Line = Annotated[list[PlaceUm], Field(min_length=2, max_length=100_000)]
NOT_BUILT = ("pair", "gap", "max_length", "max_skew", "spacing_to")


class ArrayTable(Strict):
    """nx × ny pins, centred on the component's origin. Rows count from the top, columns from the left."""

    nx: Count
    ny: Count
    pitch: Size
    names: Annotated[str, Field(min_length=1, max_length=255)] = "{letters}{column}"
    without: list[Pattern] = Field(default_factory=list)
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
    style: Pattern | None = None


class PinsTable(Strict):
    """Pins from a CSV file beside the package file."""

    file: FileName
    columns: ColumnsTable = Field(default_factory=ColumnsTable)
    where: dict[str, str] = Field(default_factory=dict)


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
    centre: PlaceUm = Field(default_factory=lambda: [0.0, 0.0])
    at: PlaceUm = Field(default_factory=lambda: [0.0, 0.0])
    rotation: Literal[0, 90, 180, 270] = 0
    mirror: Literal["x", "y"] | None = None
    view: Literal["top", "bottom"] = "bottom"
    pad: Name
    pad_size: Size | None = None
    joined: bool = False
    array: ArrayTable | None = None
    table: PinsTable | None = None
    pin: Annotated[list[PinTable], Field(min_length=1)] | None = None
    pads: list[PadsTable] = Field(default_factory=list)


class ClassTable(Strict):
    name: Name
    nets: list[Pattern] = Field(default_factory=list)
    width: PerLevel | None = None
    spacing: PerLevel | None = None
    levels: Annotated[list[Name], Field(min_length=1)] | None = None
    spread: bool = False
    widen: PerLevel | None = None


class ChoiceTable(Strict):
    """Nets whose balls are chosen, among balls of their own or among all that are free."""

    name: Name | None = None
    nets: Annotated[list[Pattern], Field(min_length=1)]
    balls: Annotated[list[Pattern], Field(min_length=1)] | None = None
    rect: Corners | None = None


class KeepoutTable(Strict):
    name: Name | None = None
    levels: Annotated[list[Name], Field(min_length=1)] | None = None
    rect: Corners | None = None
    polygon: Annotated[list[PlaceUm], Field(min_length=3, max_length=100_000)] | None = None


class FixedTable(Strict):
    net: Name
    level: Name
    width: Length
    points: Line


class NetlistTable(Strict):
    """Where nets come from besides `[nets]`."""

    file: FileName | None = None
    from_tables: bool = False
    exclude: list[Pattern] = Field(default_factory=list)
    no_connect: list[Pattern] = Field(default_factory=list)


class DesignFile(Strict):
    """One file; a file that is included may leave out name, pdk and outline."""

    name: FileStem | None = None
    description: Annotated[str, Field(max_length=2000)] = ""
    include: Files = Field(default_factory=list)
    pdk: FileName | None = None
    levels: Annotated[int, Field(ge=1, le=100)] | None = None
    outline: Annotated[list[Number], BeforeValidator(_two_or_four)] | None = None
    die: list[ComponentTable] = Field(default_factory=list)
    passive: list[ComponentTable] = Field(default_factory=list)
    pillars: list[ComponentTable] = Field(default_factory=list)
    balls: list[ComponentTable] = Field(default_factory=list)
    nets: dict[str, list[Pattern]] = Field(default_factory=dict)
    netlist: NetlistTable = Field(default_factory=NetlistTable)
    class_: list[ClassTable] = Field(default_factory=list, alias="class")
    choice: list[ChoiceTable] = Field(default_factory=list)
    keepout: list[KeepoutTable] = Field(default_factory=list)
    fixed: list[FixedTable] = Field(default_factory=list)
    lattice: dict[str, Length] = Field(default_factory=dict)
