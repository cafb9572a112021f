"""A process of two levels and a package of three nets, small enough to check by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

from router.model.design import Component, ComponentKind, Design, End, Net, NetClass, Terminal
from router.model.geometry import Box, Placement
from router.model.layout import Layout, Trace, Via
from router.model.pdk import (
    Level,
    Mask,
    MaskRole,
    PadShape,
    PadStyle,
    Pdk,
    Rule,
    RuleKind,
    ShapeKind,
    TerminalKind,
    ViaRule,
)

# The same examples in every run, however long one takes on a machine that does other things as well.
settings.register_profile(
    "same", derandomize=True, deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)  # fmt: skip
settings.load_profile("same")

_ROLES = {
    "OUTLINE": MaskRole.OUTLINE,
    "DIE": MaskRole.DIE,
    "RDL1": MaskRole.METAL,
    "V1": MaskRole.CUT,
    "RDL2": MaskRole.METAL,
    "SM": MaskRole.OPENING,
}


def points(*xy: tuple[int, int]) -> np.ndarray:
    return np.array(xy, dtype=np.int64)


@pytest.fixture(scope="session")
def small_pdk() -> Pdk:
    """Two levels at 10/10 µm, round cuts of 15 µm in captures of 25 µm."""
    masks = tuple(
        Mask(name, 10 * order + 1, 0, 10, 20, role, f"#{40 * order + 40:02x}80c0", "clear", order)
        for order, (name, role) in enumerate(_ROLES.items())
    )
    levels = tuple(Level(name, 10_000, 10_000, 10_000, 10_000) for name in ("RDL1", "RDL2"))
    via = ViaRule("V1", "RDL1", "RDL2", ShapeKind.CIRCLE, 15_000, 5_000, 5_000, 15_000, True)
    bump = PadStyle("bump", TerminalKind.BUMP, "RDL1", (PadShape("RDL1", ShapeKind.CIRCLE, 80_000, 80_000),))
    ball = PadStyle(
        "ball",
        TerminalKind.BALL,
        "RDL2",
        (PadShape("RDL2", ShapeKind.CIRCLE, 240_000, 240_000), PadShape("SM", ShapeKind.CIRCLE, 200_000, 200_000)),
    )
    contact = PadStyle("contact", TerminalKind.CONTACT, "RDL1", (PadShape("RDL1", ShapeKind.RECT, 100_000, 200_000),))
    rules = (
        Rule("RDL1.W.1", RuleKind.WIDTH, ("RDL1",), 10_000),
        Rule("RDL1.S.1", RuleKind.SPACE, ("RDL1",), 10_000),
        Rule("RDL1.ANG.1", RuleKind.ANGLE, ("RDL1",), 90),
    )
    pads = {pad.name: pad for pad in (bump, ball, contact)}
    return Pdk("two_levels", "two levels", masks, levels, (via,), pads, rules)


@pytest.fixture(scope="session")
def small_design(small_pdk: Pdk) -> Design:
    """Two bumps and two balls in the nets A and B, a turned contact and a ball without a net."""
    outline = Box(-1_000_000, -1_000_000, 1_000_000, 1_000_000)
    die = Component(
        "U1",
        ComponentKind.DIE,
        Box(-400_000, -300_000, 400_000, 300_000),
        Placement(),
        "bottom",
        ("1", "2"),
        points((-200_000, 0), (200_000, 0)),
        ("bump", "bump"),
    )
    terminals = (
        Terminal("U1.1", TerminalKind.BUMP, -200_000, 0, "bump", 0, 80_000, 80_000, False),
        Terminal("U1.2", TerminalKind.BUMP, 200_000, 0, "bump", 0, 80_000, 80_000, False),
        Terminal("BGA.A1", TerminalKind.BALL, -600_000, 400_000, "ball", 1, 240_000, 240_000, False),
        Terminal("BGA.A2", TerminalKind.BALL, 600_000, 400_000, "ball", 1, 240_000, 240_000, False),
        Terminal("BGA.B1", TerminalKind.BALL, 0, -600_000, "ball", 1, 240_000, 240_000, False),
        Terminal("C1.1", TerminalKind.CONTACT, 0, 500_000, "contact", 0, 200_000, 100_000, True),
    )
    nets = (Net("A", (End((0,)), End((2,))), "default"), Net("B", (End((1,)), End((3,))), "default"))
    classes = {"default": NetClass("default", (10_000, 10_000), (10_000, 10_000), (0, 1))}
    return Design("small", small_pdk, outline, (die,), terminals, nets, classes)


@pytest.fixture(scope="session")
def small_layout() -> Layout:
    """Net A routed with one via over the bump, net B as its mirror image."""
    traces = tuple(
        Trace(net, 1, 10_000, points((sign * 200_000, 0), (sign * 600_000, 400_000))) for net, sign in ((0, -1), (1, 1))
    )
    return Layout(traces, (Via(0, 0, -200_000, 0), Via(1, 0, 200_000, 0)))
