"""A package as a file of another tool tells it, before it becomes a package file of ours.

Lengths in nanometres. Names and layers are the other tool's; which process and which of its levels and pad styles they
become is decided when the package file is written. A draft says what it had to guess and what it could not carry.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from router.model.design import ComponentKind
from router.model.geometry import Box, Placement, Points
from router.model.pdk import ShapeKind, TerminalKind

DEFAULT_CLASS = "default"


@dataclass(frozen=True, slots=True)
class DraftPad:
    """The land of a pin: one concentric shape on `layer` (the other tool's name; empty where it names none).

    `polygon` holds the ring (n, 2) where the land is none of our shapes; `shape` is then the nearest one that it holds.
    `width` and `height` are both 0 where the file gives no size. `style`: the pad style of the process that the file
    names, empty where it names none.
    """

    name: str
    kind: TerminalKind
    shape: ShapeKind
    width: int
    height: int
    layer: str = ""
    polygon: Points | None = None
    style: str = ""


@dataclass(frozen=True, slots=True)
class DraftPin:
    """A pin at the centre of its land, in its component's own coordinates; `pad` is a key of `Draft.pads`; `net` is
    empty where it has none."""

    name: str
    x: int
    y: int
    pad: str
    net: str = ""


@dataclass(frozen=True, slots=True)
class DraftComponent:
    """A die, a passive, pillars or balls. `view`, `mirror` (`""`, `"x"`, `"y"`), `rotation` and `at` mean what they
    mean in a package file; `outline` in own coordinates, None where the file gives none. `joined`: its pins of one net
    are joined inside, so that any of them will do."""

    name: str
    kind: ComponentKind
    pins: tuple[DraftPin, ...]
    outline: Box | None = None
    at: tuple[int, int] = (0, 0)
    rotation: int = 0
    mirror: str = ""
    view: str = "bottom"
    joined: bool = False

    @property
    def placement(self) -> Placement:
        """Where it lies."""
        return Placement.seen(self.at, self.rotation, from_top=self.view == "top", mirror=self.mirror)


@dataclass(frozen=True, slots=True)
class DraftClass:
    """Nets by name with a width and spacing by layer (key `""`: all layers), and the layers they may use (all where
    empty). The one called `DEFAULT_CLASS` holds the nets that no other one does."""

    name: str
    nets: tuple[str, ...]
    widths: Mapping[str, int] = field(default_factory=dict)
    spacings: Mapping[str, int] = field(default_factory=dict)
    layers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftKeepout:
    """No metal inside the ring (n, 2) on these layers, on all where empty."""

    name: str
    layers: tuple[str, ...]
    ring: Points


@dataclass(frozen=True, slots=True)
class DraftTrace:
    """A trace that is already there: `points` (n, 2)."""

    net: str
    layer: str
    width: int
    points: Points


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything a file told.

    `layers`: the other tool's routing layers from die to ball, as far as it orders them. `outline` is None where the
    file gives none. `guesses` are sentences about what was assumed, `lost` about what the file holds and a package file
    does not.
    """

    name: str
    components: tuple[DraftComponent, ...]
    pads: Mapping[str, DraftPad]
    layers: tuple[str, ...] = ()
    outline: Box | None = None
    classes: tuple[DraftClass, ...] = ()
    keepouts: tuple[DraftKeepout, ...] = ()
    traces: tuple[DraftTrace, ...] = ()
    guesses: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
