"""What was routed and drawn: traces, vias, shapes, masks; and the verdict on them. Lengths in nanometres."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from router.model.geometry import Box, Points


@dataclass(frozen=True, slots=True)
class Trace:
    """Metal of one net on one level along a centre line `points` (n, 2), beyond whose ends it reaches half its width.
    `fixed` marks a trace the user gave."""

    net: int
    level: int
    width: int
    points: Points
    fixed: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Via:
    """A cut between `Pdk.levels[index]` and the next one, `index` being that of the via rule."""

    net: int
    index: int
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Shape:
    """Metal that is no trace (a filled notch, a bus): a ring (n, 2) on a level."""

    net: int
    level: int
    ring: Points
    role: str


@dataclass(frozen=True, slots=True)
class Unrouted:
    """A part of a net that is not joined: its two ends and the nets that stand in the way, by name."""

    net: str
    source: str
    target: str
    blockers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """All metal of a package before it becomes masks. `spread_length`: what moving traces apart added to them, nm."""

    traces: tuple[Trace, ...]
    vias: tuple[Via, ...]
    shapes: tuple[Shape, ...] = ()
    spread_length: float = 0.0


@dataclass(frozen=True, slots=True)
class MaskPolygon:
    """A closed ring (n, 2) without repeated end point, on a mask; `net` is a name or empty, `group` as in `Masks`."""

    ring: Points
    net: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class MaskLabel:
    text: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class MaskCell:
    """Shapes that repeat (a pad style, a via) about (0, 0): rings (n, 2) by mask name, as drawing and as pins."""

    name: str
    drawing: Mapping[str, tuple[Points, ...]]
    pins: Mapping[str, tuple[Points, ...]]


@dataclass(frozen=True, slots=True)
class PlacedCell:
    """One use of a `MaskCell`. `net` is a name or empty; `terminal` is an id where the cell is a pad; `group` as in
    `Masks`."""

    cell: str
    x: int
    y: int
    net: str = ""
    terminal: str = ""
    group: str = ""


@dataclass(slots=True)
class Masks:
    """Everything a GDSII file holds, by mask name; what repeats, as cells by cell name.

    `groups` are what belongs together (a component, the vias of a mask), by name, with the place of their origin in
    the package; polygons of a net without a group are the routing of their mask. All other places, those of grouped
    things too, are in package coordinates.
    """

    drawing: dict[str, list[MaskPolygon]] = field(default_factory=dict)
    pins: dict[str, list[MaskPolygon]] = field(default_factory=dict)
    labels: dict[str, list[MaskLabel]] = field(default_factory=dict)
    cells: dict[str, MaskCell] = field(default_factory=dict)
    placed: list[PlacedCell] = field(default_factory=list)
    groups: dict[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken rule: where, between which masks and nets (names), what was required and found (nm or degrees)."""

    rule: str
    masks: tuple[str, ...]
    nets: tuple[str, ...]
    box: Box
    required: float
    actual: float


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault in connectivity. `kind` is open, short, missing_label, wrong_label (of another net; the text stands first
    among the nets), unreached, floating (metal of no net) or missing_pad."""

    kind: str
    nets: tuple[str, ...]
    terminals: tuple[str, ...]
    box: Box


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the checker found in a file. Clean when there are neither violations nor faults.

    `metal` is the area that each level's metal covers, nm², by its mask.
    """

    violations: tuple[Violation, ...]
    faults: tuple[Fault, ...]
    metal: Mapping[str, float] = field(default_factory=dict, compare=False)

    @property
    def clean(self) -> bool:
        return not self.violations and not self.faults


@dataclass(frozen=True, slots=True)
class Difference:
    """What only one of two engines says of a layout: a rule or kind of fault, in words, and where."""

    only_in: str
    rule: str
    detail: str
    box: Box


class Engine(StrEnum):
    """Who judges a layout."""

    OWN = "own"
    KLAYOUT = "klayout"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class SignOff:
    """The verdicts of all engines that judged a file, by engine, and every difference between them.

    `violations` and `faults` are those of the first engine. Clean when all say so, and none differs.
    """

    verdicts: Mapping[str, Verdict]
    differences: tuple[Difference, ...] = ()

    @property
    def verdict(self) -> Verdict:
        return next(iter(self.verdicts.values()))

    @property
    def violations(self) -> tuple[Violation, ...]:
        return self.verdict.violations

    @property
    def faults(self) -> tuple[Fault, ...]:
        return self.verdict.faults

    @property
    def clean(self) -> bool:
        return not self.differences and all(verdict.clean for verdict in self.verdicts.values())
