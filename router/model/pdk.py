"""A process: masks, levels, via rules, pad styles and named rules. Lengths in nanometres."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from math import cos, pi, sqrt

from router.model.geometry import Box

# How long a trace counts beside wide metal, nm: longer than any run of a rule.
ANY_LENGTH = 1 << 62


class MaskRole(StrEnum):
    """What a mask holds; decides what joins what, and how it is drawn."""

    METAL = "metal"
    CUT = "cut"
    OPENING = "opening"
    UBM = "ubm"
    BALL = "ball"
    DIE = "die"
    OUTLINE = "outline"
    MARK = "mark"


class RuleKind(StrEnum):
    """The kinds of rule between masks. `Rule` says what each one takes."""

    WIDTH = "width"
    SIZE = "size"
    SPACE = "space"
    WIDE_SPACE = "wide_space"
    SEPARATION = "separation"
    CENTRE_SEPARATION = "centre_separation"
    ENCLOSURE = "enclosure"
    AREA = "area"
    PITCH = "pitch"
    EXTENT_MIN = "extent_min"
    EXTENT_MAX = "extent_max"
    STACKING = "stacking"
    ANGLE = "angle"
    DENSITY = "density"


EXTENTS = (RuleKind.EXTENT_MIN, RuleKind.EXTENT_MAX)


class ShapeKind(StrEnum):
    """Outlines of pads and cuts. `octagon` is regular, measured across flats; `oblong` has half-round ends."""

    CIRCLE = "circle"
    OCTAGON = "octagon"
    RECT = "rect"
    OBLONG = "oblong"

    @property
    def corner(self) -> float:
        """How far out the corners of the outline stand, where its sides are as long as each other, in halves of it."""
        return {ShapeKind.OCTAGON: 1.0 / cos(pi / 8), ShapeKind.RECT: sqrt(2.0)}.get(self, 1.0)


# Outlines that are as wide as they are high.
ONE_SIZED = (ShapeKind.CIRCLE, ShapeKind.OCTAGON)


class TerminalKind(StrEnum):
    """What a terminal is on the package."""

    BUMP = "bump"
    CONTACT = "contact"
    PILLAR = "pillar"
    BALL = "ball"
    PAD = "pad"


@dataclass(frozen=True, slots=True)
class Mask:
    """One mask: a GDS layer with datatypes for drawing, pins and labels. `order` counts as the process runs, from 0."""

    name: str
    layer: int
    datatype: int
    pin_datatype: int
    label_datatype: int
    role: MaskRole
    color: str
    polarity: str
    order: int
    source: str = ""


@dataclass(frozen=True, slots=True)
class WideSpacing:
    """Metal wider than `width` keeps `spacing` to others where both run side by side for more than `run_length`."""

    width: int
    run_length: int
    spacing: int

    @property
    def most_narrow(self) -> int:
        """What metal may measure that is drawn no wider than the rule's width: slanted sides, whose corners lie on the
        1 nm grid, stand off by up to 2√2 nm more."""
        return self.width - 3


@dataclass(frozen=True, slots=True)
class Density:
    """Metal share of each square window (step half a window), as fractions 0..1."""

    window: int
    minimum: float
    maximum: float


@dataclass(frozen=True, slots=True)
class Level:
    """One redistribution level. `name` is also its mask's name. `min_angle` in degrees, of metal corners."""

    name: str
    min_width: int
    min_spacing: int
    default_width: int
    default_spacing: int
    wide: tuple[WideSpacing, ...] = ()
    angles: str = "octilinear"
    min_angle: float = 90.0
    thickness: int = 0
    edge_keepout: int = 0
    density: Density | None = None
    source: str = ""

    @property
    def bend(self) -> int:
        """How far a trace turns at a bend, in units of 45°."""
        return 2 if self.angles == "manhattan" else 1

    def beside_wide(self, width: int, length: int) -> int:
        """Spacing that metal of this width and longest side asks for as wide metal, 0 where it is none, nm."""
        return max((w.spacing for w in self.wide if width > w.most_narrow and length > w.run_length), default=0)

    def metal_spacing(self, width: int, length: int, spacing: int) -> int:
        """Spacing that metal of this width and longest side keeps whose class asks for `spacing`, nm."""
        return max(spacing, self.beside_wide(width, length))

    def trace_spacing(self, width: int, spacing: int) -> int:
        """The same for traces, which are as long as any run."""
        return self.metal_spacing(width, ANY_LENGTH, spacing)

    def least_spacing(self, width: int, length: int) -> int:
        """What the process asks for round such metal, whatever net class it is of; within its net as well, nm."""
        return self.metal_spacing(width, length, self.min_spacing)


@dataclass(frozen=True, slots=True)
class ViaRule:
    """Cuts between two neighbouring levels (`lower` is nearer the die). `name` is also the cut mask's name.

    The capture pad on each level is the cut grown by that level's enclosure on every side.
    """

    name: str
    lower: str
    upper: str
    shape: ShapeKind
    cut: int
    enclosure_lower: int
    enclosure_upper: int
    spacing: int
    stackable: bool
    source: str = ""

    @property
    def captures(self) -> tuple[int, int]:
        """How wide the capture pads on the lower and on the upper level are, nm."""
        return self.cut + 2 * self.enclosure_lower, self.cut + 2 * self.enclosure_upper


@dataclass(frozen=True, slots=True)
class PadShape:
    """One centred shape of a pad style on one mask; `width` × `height` (equal for circles and octagons)."""

    mask: str
    shape: ShapeKind
    width: int
    height: int

    def lying(self, *, rotated: bool) -> PadShape:
        """The shape as it lies in a pad that is turned by 90°, or is not."""
        return replace(self, width=self.height, height=self.width) if rotated else self

    @property
    def area(self) -> float:
        """Of the exact outline, nm²; what round shapes and octagons lack of their box lies at its four corners."""
        side = min(self.width, self.height)
        lacking = {ShapeKind.CIRCLE: 1 - pi / 4, ShapeKind.OBLONG: 1 - pi / 4, ShapeKind.OCTAGON: 3 - 2 * sqrt(2.0)}
        return self.width * self.height - lacking.get(self.shape, 0.0) * side**2


@dataclass(frozen=True, slots=True)
class PadStyle:
    """How a terminal is drawn. `level` names the level on which a trace may reach it; its land is a shape there."""

    name: str
    kind: TerminalKind
    level: str
    shapes: tuple[PadShape, ...]
    source: str = ""

    @property
    def land(self) -> PadShape:
        """The metal on the terminal's own level."""
        return next(shape for shape in self.shapes if shape.mask == self.level)


@dataclass(frozen=True, slots=True)
class Rule:
    """A named rule. Lengths in nm, angles in degrees, shares as fractions, areas in nm².

    width      masks (m,)      every part of m is at least `value` wide
    size       masks (m,)      every shape of m measures `value` across (a cut)
    space      masks (m,)      gaps of m, between shapes and inside one, are at least `value`
    wide_space masks (m,)      gap `value` beside metal wider than `width` along more than `run_length`
    separation masks (a, b)    shapes of a and b neither overlap nor come nearer than `value`
    centre_separation (a, b)   centres of a's shapes keep `value` from the edges of b
    enclosure  masks (inner, outer)   outer covers inner with a margin of `value` all round; inner alone fails
    area       masks (m,)      each merged shape has at least `value`
    pitch      masks (m,)      centres of shapes keep at least `value`
    extent_min / extent_max (m,)   the whole mask measures at least / at most `value` × `height`
    stacking   masks (a, b)    cuts of a and b neither overlap nor touch (`value` apart)
    angle      masks (m,)      no corner of the metal is sharper than `value` degrees
    density    masks (m,)      metal share within `minimum`..`maximum` in windows of `value`
    """

    name: str
    kind: RuleKind
    masks: tuple[str, ...]
    value: float
    width: int = 0
    run_length: int = 0
    height: int = 0
    minimum: float = 0.0
    maximum: float = 1.0
    source: str = ""

    def permits(self, extent: Box) -> bool:
        """Of a rule of `EXTENTS`: whether the whole mask may measure so much."""
        if self.kind is RuleKind.EXTENT_MIN:
            return extent.width >= self.value and extent.height >= self.height
        return extent.width <= self.value and extent.height <= self.height


@dataclass(frozen=True, slots=True)
class Pdk:
    """A process. `levels` run from die to ball; `vias[i]` joins `levels[i]` and `levels[i + 1]`."""

    name: str
    description: str
    masks: tuple[Mask, ...]
    levels: tuple[Level, ...]
    vias: tuple[ViaRule, ...]
    pads: Mapping[str, PadStyle]
    rules: tuple[Rule, ...]
    chord_error: int = 50
    source: str = ""
    _mask_by_name: dict[str, Mask] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_mask_by_name", {mask.name: mask for mask in self.masks})

    def mask(self, name: str) -> Mask:
        """The mask of that name. Raises KeyError."""
        return self._mask_by_name[name]

    def level_index(self, name: str) -> int:
        """0 for the level nearest the die. Raises KeyError."""
        for index, level in enumerate(self.levels):
            if level.name == name:
                return index
        raise KeyError(name)

    def with_angles(self, angles: str) -> Pdk:
        """The same process with these angles on every level."""
        return replace(self, levels=tuple(replace(level, angles=angles) for level in self.levels))

    @property
    def outline_mask(self) -> Mask:
        """The mask that holds the package outline."""
        return next(mask for mask in self.masks if mask.role is MaskRole.OUTLINE)
