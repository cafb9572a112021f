"""A small clean package of three nets, into which faults are planted. Lengths in nm.

Metal that is added gets a terminal of its own (without a net), so that it is not floating.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from router.model.design import Design, End, Keepout, Net, Terminal
from router.model.geometry import Box, Points
from router.model.layout import MaskLabel, MaskPolygon, Masks, Verdict
from router.model.pdk import Level, Mask, MaskRole, Pdk, Rule, RuleKind, ShapeKind, TerminalKind, ViaRule
from router.verify import check_masks
from router.write.gds import write_gds

X, Y = 130_000, 80_000  # an empty place

ROLES = {
    "OUT": MaskRole.OUTLINE,
    "M1": MaskRole.METAL,
    "V1": MaskRole.CUT,
    "M2": MaskRole.METAL,
    "V2": MaskRole.CUT,
    "M3": MaskRole.METAL,
    "PI": MaskRole.OPENING,
    "UBM": MaskRole.UBM,
}
RULES = (
    Rule("M1.W.1", RuleKind.WIDTH, ("M1",), 2000),
    Rule("M1.S.1", RuleKind.SPACE, ("M1",), 2000),
    Rule("M1.S.2", RuleKind.WIDE_SPACE, ("M1",), 3000, width=10_000, run_length=20_000),
    Rule("M1.K.1", RuleKind.ENCLOSURE, ("M1", "OUT"), 5000),
    Rule("M1.A.1", RuleKind.ANGLE, ("M1",), 90),
    Rule("M1.AR.1", RuleKind.AREA, ("M1",), 9_000_000),
    Rule("M1.D.1", RuleKind.DENSITY, ("M1",), 50_000, maximum=0.6),
    Rule("V1.W.1", RuleKind.SIZE, ("V1",), 4000),
    Rule("V1.S.1", RuleKind.SPACE, ("V1",), 3000),
    Rule("V1.EN.M1", RuleKind.ENCLOSURE, ("V1", "M1"), 1000),
    Rule("V1.EN.M2", RuleKind.ENCLOSURE, ("V1", "M2"), 1000),
    Rule("V1.ST.V2", RuleKind.STACKING, ("V1", "V2"), 0),
    Rule("UBM.W.1", RuleKind.WIDTH, ("UBM",), 20_000),
    Rule("UBM.P.1", RuleKind.PITCH, ("UBM",), 40_000),
    Rule("UBM.C.OUT", RuleKind.CENTRE_SEPARATION, ("UBM", "OUT"), 30_000),
    Rule("PI.SEP.UBM", RuleKind.SEPARATION, ("PI", "UBM"), 10_000),
    Rule("OUT.X.1", RuleKind.EXTENT_MIN, ("OUT",), 200_000, height=200_000),
    Rule("OUT.X.2", RuleKind.EXTENT_MAX, ("OUT",), 200_000, height=200_000),
)
PDK = Pdk(
    "test",
    "three levels",
    tuple(Mask(name, n + 1, 0, 1, 2, role, "#808080", "clear", n) for n, (name, role) in enumerate(ROLES.items())),
    tuple(Level(name, 2000, 2000, 2000, 2000) for name in ("M1", "M2", "M3")),
    tuple(
        ViaRule(name, f"M{n}", f"M{n + 1}", ShapeKind.RECT, 4000, 1000, 1000, 3000, False)
        for n, name in ((1, "V1"), (2, "V2"))
    ),
    {},
    RULES,
)


def rect(x0: int, y0: int, x1: int, y1: int) -> Points:
    return Box(x0, y0, x1, y1).ring()


def square(x: int, y: int, size: int) -> Points:
    return rect(x - size // 2, y - size // 2, x + size // 2, y + size // 2)


def ring(*xy: tuple[int, int]) -> Points:
    return np.array(xy, dtype=np.int64)


def bar(x: int, y: int, along: tuple[int, int], left: tuple[int, int], right: tuple[int, int]) -> Points:
    """A slanted trace from (x, y) by `along`, its sides off the centre line by `left` and `right`."""
    ends = np.array([[x, y], [x + along[0], y + along[1]]])
    return np.concatenate([ends + right, (ends + left)[::-1]])


def disc(x: int, y: int, diameter: int) -> Points:
    """24 facets around the circle, flats on the axes."""
    angles = (np.arange(24) + 0.5) * np.pi / 12
    corners = diameter / 2 / np.cos(np.pi / 24) * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    return (np.sign(corners) * np.ceil(np.abs(corners) - 1e-6)).astype(np.int64) + np.array([x, y])


def terminal(name: str, x: int, y: int, level: int) -> Terminal:
    return Terminal(name, TerminalKind.BUMP, x, y, "pad", level, 6000, 6000, False)


@dataclass
class Scene:
    """The clean package; tests change it and judge it."""

    masks: dict[str, list[Points]] = field(
        default_factory=lambda: {
            "OUT": [rect(0, 0, 200_000, 200_000)],
            "M1": [
                square(20_000, 20_000, 6000),
                rect(20_000, 19_000, 60_000, 21_000),
                square(60_000, 20_000, 6000),
                square(20_000, 50_000, 6000),
                rect(20_000, 49_000, 80_000, 51_000),
                square(80_000, 50_000, 6000),
                square(20_000, 80_000, 6000),
                bar(20_000, 80_000, (40_000, 40_000), (-707, 707), (707, -707)),
                square(60_000, 120_000, 6000),
                square(150_000, 50_000, 6000),
            ],
            "V1": [square(60_000, 20_000, 4000)],
            "M2": [
                square(60_000, 20_000, 6000),
                rect(60_000, 19_000, 100_000, 21_000),
                square(100_000, 20_000, 6000),
            ],
            "V2": [square(100_000, 20_000, 4000)],
            "M3": [
                square(100_000, 20_000, 6000),
                rect(100_000, 19_000, 140_000, 21_000),
                square(140_000, 20_000, 6000),
            ],
            "PI": [square(60_000, 150_000, 6000)],
            "UBM": [disc(100_000, 150_000, 20_000), disc(150_000, 150_000, 20_000)],
        }
    )
    labels: dict[str, list[MaskLabel]] = field(
        default_factory=lambda: {
            "M1": [MaskLabel("A", 30_000, 20_000), MaskLabel("B", 30_000, 50_000), MaskLabel("C", 40_000, 100_000)]
        }
    )
    terminals: list[Terminal] = field(
        default_factory=lambda: [
            terminal("U.a", 20_000, 20_000, 0),
            terminal("G.a", 140_000, 20_000, 2),
            terminal("U.b", 20_000, 50_000, 0),
            terminal("G.b", 80_000, 50_000, 0),
            terminal("U.c", 20_000, 80_000, 0),
            terminal("G.c", 60_000, 120_000, 0),
            terminal("U.free", 150_000, 50_000, 0),
        ]
    )
    nets: list[Net] = field(
        default_factory=lambda: [
            Net("A", (End((0,)), End((1,))), "default"),
            Net("B", (End((2,)), End((3,))), "default"),
            Net("C", (End((4,)), End((5,))), "default"),
        ]
    )
    keepouts: tuple[Keepout, ...] = ()
    pdk: Pdk = PDK

    def add(self, mask: str, *rings: Points, inside: tuple[int, int] | None = None) -> None:
        """Draw rings, and where `mask` is metal and `inside` is given, a terminal without a net on them."""
        self.masks[mask].extend(rings)
        if inside:
            number = len(self.terminals)
            self.terminals.append(terminal(f"extra.{number}", *inside, level=("M1", "M2", "M3").index(mask)))

    def via(self, x: int, y: int, shift: int = 0) -> None:
        """A via on its own: cut, both capture pads (the lower one moved by `shift`), a terminal."""
        self.add("V1", square(x, y, 4000))
        self.add("M1", square(x + shift, y, 6000), inside=(x + shift, y))
        self.add("M2", square(x, y, 6000))

    def design(self) -> Design:
        outline = Box(0, 0, 200_000, 200_000)
        return Design(
            "test", self.pdk, outline, (), tuple(self.terminals), tuple(self.nets), {}, keepouts=self.keepouts
        )

    def judge(self) -> Verdict:
        return check_masks(self.masks, self.labels, self.design())

    def write(self, gds: Path) -> None:
        drawn = Masks()
        for mask in self.pdk.masks:
            drawn.drawing[mask.name] = [MaskPolygon(ring) for ring in self.masks.get(mask.name, [])]
            drawn.pins[mask.name], drawn.labels[mask.name] = [], list(self.labels.get(mask.name, []))
        write_gds(gds, self.design(), drawn)

    def rules(self) -> set[str]:
        """Names of broken rules; there must be no fault of connectivity."""
        verdict = self.judge()
        assert verdict.faults == ()
        return {violation.rule for violation in verdict.violations}

    def faults(self) -> dict[str, list[tuple[str, ...]]]:
        """Nets of the faults by kind."""
        found: dict[str, list[tuple[str, ...]]] = {}
        for fault in self.judge().faults:
            found.setdefault(fault.kind, []).append(fault.nets)
        return found
