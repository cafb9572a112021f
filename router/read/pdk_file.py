"""What a process file may hold. Lengths in µm. `docs/formats.md` explains every key."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from router.model.pdk import RuleKind
from router.read.fields import Layer, Length, LengthOrZero, Name, Number, Size, Strict, like


def _angle(degrees: float) -> float:
    if degrees > 90:
        raise ValueError("at most 90, as lands and the ends of traces have right angles")
    return degrees


Source = Annotated[str, Field(max_length=500)]
Fraction = Annotated[Number, Field(ge=0, le=1)]
Angle = Annotated[Number, Field(ge=0), AfterValidator(_angle)]
Shape = Literal["circle", "octagon", "rect", "oblong"]


class RepeatTable(Strict):
    """How often the blocks whose names hold `{n}` repeat, unless the design says otherwise."""

    default: Annotated[int, Field(ge=1, le=100)]
    maximum: Annotated[int, Field(ge=1, le=100)]


class MaskTable(Strict):
    name: Name
    layer: Layer
    step: Annotated[int, Field(ge=1, le=1000)] = 10
    datatype: Layer = 0
    pin_datatype: Layer = 10
    label_datatype: Layer = 20
    role: Literal["metal", "cut", "opening", "ubm", "ball", "die", "outline", "mark"]
    color: Annotated[str, like(r"^#[0-9a-fA-F]{6}$", "a colour such as #c04020")]
    polarity: Literal["dark", "clear"]
    source: Source = ""


class WideTable(Strict):
    width: Length
    run_length: LengthOrZero
    spacing: Length


class DensityTable(Strict):
    window: Length
    minimum: Fraction = 0.0
    maximum: Fraction = 1.0


class LevelTable(Strict):
    name: Name
    min_width: Length
    min_spacing: Length
    default_width: Length | None = None
    default_spacing: Length | None = None
    wide: list[WideTable] = Field(default_factory=list)
    angles: Literal["octilinear", "manhattan", "any"] = "octilinear"
    min_angle: Angle = 90.0
    thickness: LengthOrZero = 0.0
    edge_keepout: LengthOrZero = 0.0
    density: DensityTable | None = None
    source: Source = ""


class ViaTable(Strict):
    name: Name
    lower: Name
    upper: Name
    shape: Shape = "circle"
    cut: Length
    enclosure_lower: Number
    enclosure_upper: Number
    spacing: Length
    stackable: bool = False
    source: Source = ""


class OutlineTable(Strict):
    """A shape: one `size` across, or [width, height]."""

    shape: Shape
    size: Size


class PadShapeTable(OutlineTable):
    mask: Name


class PadTable(Strict):
    name: Name
    kind: Literal["bump", "contact", "pillar", "ball", "pad"]
    level: Name
    land: OutlineTable
    shapes: list[PadShapeTable] = Field(default_factory=list)
    source: Source = ""


class RuleTable(Strict):
    name: Name
    kind: RuleKind = Field(strict=False)
    masks: Annotated[list[Name], Field(min_length=1, max_length=2)]
    value: LengthOrZero
    width: LengthOrZero = 0.0
    run_length: LengthOrZero = 0.0
    height: LengthOrZero = 0.0
    minimum: Fraction = 0.0
    maximum: Fraction = 1.0
    source: Source = ""


class PdkFile(Strict):
    name: Name
    description: Source
    view: Literal["bottom"]
    chord_error: Length
    source: Source
    repeat: RepeatTable | None = None
    mask: Annotated[list[MaskTable], Field(min_length=1)]
    level: Annotated[list[LevelTable], Field(min_length=1)]
    via: list[ViaTable] = Field(default_factory=list)
    pad: Annotated[list[PadTable], Field(min_length=1)]
    rule: list[RuleTable] = Field(default_factory=list)
