"""Seconds to judge a layout of a million all-angle segments: `python tests/bench/bench_check.py [nets]`.

Wavy traces on two levels, a via and two lands a net; all rules of an ordinary process; nothing is wrong with it.
"""

from __future__ import annotations

import os
import platform
import sys
import time

import gdstk
import numba
import numpy as np
import shapely

from router.model.design import Design, End, Net, Terminal
from router.model.geometry import Box, Points
from router.model.layout import MaskLabel
from router.model.pdk import Level, Mask, MaskRole, Pdk, Rule, RuleKind, ShapeKind, TerminalKind, ViaRule
from router.verify import check_masks

STEPS = 100
STEP = 40_000
PITCH = 60_000
WIDTH = 10_000

ROLES = {"OUT": MaskRole.OUTLINE, "M1": MaskRole.METAL, "V1": MaskRole.CUT, "M2": MaskRole.METAL}
LEVEL_RULES = tuple(
    rule
    for name in ("M1", "M2")
    for rule in (
        Rule(f"{name}.W.1", RuleKind.WIDTH, (name,), 9_500),
        Rule(f"{name}.S.1", RuleKind.SPACE, (name,), 10_000),
        Rule(f"{name}.S.2", RuleKind.WIDE_SPACE, (name,), 15_000, width=35_000, run_length=100_000),
        Rule(f"{name}.K.1", RuleKind.ENCLOSURE, (name, "OUT"), 20_000),
        Rule(f"{name}.A.1", RuleKind.ANGLE, (name,), 60),
        Rule(f"{name}.D.1", RuleKind.DENSITY, (name,), 500_000),
    )
)
VIA_RULES = (
    Rule("V1.W.1", RuleKind.SIZE, ("V1",), 20_000),
    Rule("V1.S.1", RuleKind.SPACE, ("V1",), 20_000),
    Rule("V1.EN.M1", RuleKind.ENCLOSURE, ("V1", "M1"), 4_900),
    Rule("V1.EN.M2", RuleKind.ENCLOSURE, ("V1", "M2"), 4_900),
)
PDK = Pdk(
    "bench",
    "",
    tuple(Mask(name, n + 1, 0, 1, 2, role, "#808080", "clear", n) for n, (name, role) in enumerate(ROLES.items())),
    tuple(Level(name, WIDTH, WIDTH, WIDTH, WIDTH) for name in ("M1", "M2")),
    (ViaRule("V1", "M1", "M2", ShapeKind.CIRCLE, 20_000, 5_000, 5_000, 20_000, True),),
    {},
    LEVEL_RULES + VIA_RULES,
)


def disc(x: int, y: int, diameter: int) -> Points:
    angles = (np.arange(24) + 0.5) * np.pi / 12
    corners = diameter / 2 / np.cos(np.pi / 24) * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    return (np.sign(corners) * np.ceil(np.abs(corners) - 1e-6)).astype(np.int64) + np.array([x, y])


def wave(x: int, y: int) -> Points:
    """A trace of `STEPS` segments, none of them straight or diagonal, as one ring."""
    centre = np.array([x, y]) + np.stack(
        [np.arange(STEPS + 1) * STEP, 18_000 * np.sin(np.arange(STEPS + 1) * 0.7)], axis=1
    )
    along = np.gradient(centre, axis=0)
    across = np.stack([-along[:, 1], along[:, 0]], axis=1) / np.hypot(*along.T)[:, None] * (WIDTH / 2 + 700)
    return np.rint(np.concatenate([centre - across, (centre + across)[::-1]])).astype(np.int64)


def layout(nets: int) -> tuple[dict[str, list[Points]], dict[str, list[MaskLabel]], Design]:
    masks: dict[str, list[Points]] = {name: [] for name in ROLES}
    labels: list[MaskLabel] = []
    terminals: list[Terminal] = []
    entries: list[Net] = []
    columns = max(1, round((nets * PITCH / (STEPS * STEP)) ** 0.5))
    for n in range(nets):
        x, y = n % columns * (STEPS * STEP + 200_000), n // columns * PITCH
        end = wave(x, y)[STEPS].tolist()
        masks["M1"] += [wave(x, y), disc(x, y, 30_000), disc(*end, 30_000)]
        masks["M2"] += [wave(x, y), disc(x, y, 30_000), disc(*end, 30_000)]
        masks["V1"].append(disc(*end, 20_000))
        terminals += [
            Terminal(f"{name}.{n}", TerminalKind.BUMP, x, y, "pad", level, 30_000, 30_000, False)
            for level, name in enumerate(("U", "G"))
        ]
        entries.append(Net(f"N{n}", (End((2 * n,)), End((2 * n + 1,))), "default"))
        labels.append(MaskLabel(f"N{n}", x, y))
    points = np.concatenate(masks["M1"])
    box = Box(*points.min(axis=0).tolist(), *points.max(axis=0).tolist()).grown(50_000)
    masks["OUT"].append(box.ring())
    return masks, {"M1": labels}, Design("bench", PDK, box, (), tuple(terminals), tuple(entries), {})


def main() -> None:
    masks, labels, design = layout(int(sys.argv[1]) if len(sys.argv) > 1 else 1920)
    segments = sum(len(ring) for rings in masks.values() for ring in rings)
    check_masks(*layout(4))  # compilation
    began = time.perf_counter()
    verdict = check_masks(masks, labels, design)
    seconds = time.perf_counter() - began
    print(f"{segments} segments, {len(design.nets)} nets, {len(PDK.rules)} rules: {seconds:.2f} s")
    print(f"{len(verdict.violations)} violations, {len(verdict.faults)} faults")
    print(
        f"{platform.machine()}, {os.cpu_count()} CPUs, Python {platform.python_version()}, numba {numba.__version__}, "
        f"numpy {np.__version__}, shapely {shapely.__version__}, gdstk {gdstk.__version__}"
    )


if __name__ == "__main__":
    main()
