"""Random packages: shapes of all kinds that overlap, touch and crowd one another, most of them near some limit.

Lengths in nm. Whatever comes out, engines have to agree on it; nobody knows beforehand what is wrong with it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scene import PDK, ROLES, Scene, bar, disc, rect, ring, terminal

from router.model.design import End, Keepout, Net
from router.model.geometry import Points
from router.model.layout import MaskLabel
from router.model.pdk import Pdk, Rule, RuleKind

# Each kind of rule on more kinds of mask than the planted packages need.
MORE_RULES = (
    Rule("M2.W.1", RuleKind.WIDTH, ("M2",), 2001),
    Rule("M2.S.1", RuleKind.SPACE, ("M2",), 1999),
    Rule("M2.S.2", RuleKind.WIDE_SPACE, ("M2",), 2501, width=5001, run_length=7000),
    Rule("M2.A.1", RuleKind.ANGLE, ("M2",), 91),
    Rule("M2.D.1", RuleKind.DENSITY, ("M2",), 33_333, minimum=0.05, maximum=0.5),
    Rule("M3.AR.1", RuleKind.AREA, ("M3",), 25_000_000.5),
    Rule("V1.W.2", RuleKind.WIDTH, ("V1",), 3999),
    Rule("V2.S.1", RuleKind.SPACE, ("V2",), 3000),
    Rule("V2.EN.M3", RuleKind.ENCLOSURE, ("V2", "M3"), 0),
    Rule("V1.ST.2", RuleKind.STACKING, ("V1", "V2"), 1500),
    Rule("V1.SEP.V2", RuleKind.SEPARATION, ("V1", "V2"), 0),
    Rule("M3.SEP.PI", RuleKind.SEPARATION, ("M3", "PI"), 2000),
    Rule("M2.P.1", RuleKind.PITCH, ("M2",), 9001),
    Rule("V1.C.M2", RuleKind.CENTRE_SEPARATION, ("V1", "M2"), 2500),
    Rule("PI.EN.UBM", RuleKind.ENCLOSURE, ("PI", "UBM"), 1500),
)
# Of random discs among bars: width and run length of the rule, and diameters.
WIDTHS, RUNS = (1000, 5000, 12_000), (0, 50, 300, 800, 1500, 3000, 7000)
ACROSS = (3000, 6000, 11_000, 13_000, 25_000, 40_000)
RICH = replace(PDK, rules=(*PDK.rules, *MORE_RULES))


def random_scene(seed: int, pdk: Pdk = RICH) -> Scene:
    """A package with 4 to 30 shapes in a part of the outline; even seeds keep to straight edges."""
    draw = np.random.default_rng(seed)
    scene = Scene(pdk=pdk, masks={mask: [] for mask in ROLES}, labels={}, terminals=[], nets=[])
    scene.masks["OUT"] = [rect(0, 0, 200_000, 200_000)]
    span = int(draw.choice([15_000, 30_000, 60_000]))
    corner = draw.integers(-5000, 190_000 - span // 2, 2)
    masks = list(draw.choice(["M1", "M2", "M3", "V1", "V2", "PI", "UBM"], int(draw.integers(1, 4)), replace=False))
    for _ in range(int(draw.integers(4, 30))):
        mask = str(draw.choice(masks))
        shape = _shape(draw, straight=seed % 2 == 0) + corner + _place(draw, span)
        scene.masks[mask].append(shape)
    _vias(draw, scene, corner, span)
    _nets(draw, scene)
    return scene


def random_discs(seed: int) -> Scene:
    """Discs of all sizes among bars, with a spacing beside wide metal whose runs are about as long as their chords."""
    draw = np.random.default_rng(seed)
    width, run, value = (int(draw.choice(some)) for some in (WIDTHS, RUNS, (2500, 3000, 6000)))
    wide = Rule("M1.S.2", RuleKind.WIDE_SPACE, ("M1",), value, width=width, run_length=run)
    pdk = replace(PDK, rules=(Rule("M1.S.1", RuleKind.SPACE, ("M1",), 500), wide))
    scene = Scene(pdk=pdk, masks={mask: [] for mask in ROLES}, labels={}, terminals=[], nets=[])
    scene.masks["OUT"] = [rect(0, 0, 200_000, 200_000)]
    for _ in range(int(draw.integers(2, 7))):
        kind, (x, y) = int(draw.integers(0, 4)), draw.integers(20_000, 60_000, 2).tolist()
        if kind < 2:
            across, sides = (int(draw.choice(some)) for some in (ACROSS, (8, 12, 16, 24, 48, 96)))
            turn = (np.arange(sides) + draw.choice([0, 0.5, draw.random()])) * 2 * np.pi / sides
            corners = across / 2 / np.cos(np.pi / sides) * np.stack([np.cos(turn), np.sin(turn)], axis=1)
            scene.add("M1", np.round(corners).astype(np.int64) + np.array([x, y]))
        elif kind == 2:
            scene.add("M1", rect(x, y, x + int(draw.integers(1000, 30_000)), y + int(draw.integers(1000, 8000))))
        else:
            angle = draw.choice([np.pi / 4, draw.random() * 2 * np.pi])
            way = np.array([np.cos(angle), np.sin(angle)])
            (dx, dy), half = (
                (int(draw.integers(2000, 30_000)) * way).astype(int).tolist(),
                int(draw.integers(500, 7000)),
            )
            left, up = (half * way[::-1] * [-1, 1]).astype(int).tolist()
            scene.add("M1", bar(x, y, (dx, dy), (left, up), (-left, -up)))
    return scene


def _place(draw: np.random.Generator, span: int) -> Points:
    """Mostly on a coarse lattice, so that shapes touch or keep a rule to the nanometre; some 1 nm off."""
    place = draw.integers(0, span // 500, 2) * 500
    return place + draw.choice([-1, 0, 0, 0, 0, 1], 2)


def _length(draw: np.random.Generator) -> int:
    if draw.random() < 0.6:
        return int(draw.choice([1000, 1999, 2000, 2001, 2002, 3000, 4000, 5000, 6000, 10_001, 20_001]))
    return int(draw.integers(500, 12_000))


def _shape(draw: np.random.Generator, *, straight: bool) -> Points:
    width, height = _length(draw), _length(draw)
    kind = int(draw.integers(0, 3 if straight else 9))
    if kind == 0:
        return rect(0, 0, width, height)
    if kind == 1:
        arm = min(width, height) // 2
        return ring((0, 0), (width, 0), (width, arm), (arm, arm), (arm, height), (0, height))
    if kind == 2:
        frame = _length(draw)
        return _frame(width + 2 * frame, height + 2 * frame, frame)
    half = width // 2
    if kind == 3:
        side = int(np.ceil(half / np.sqrt(2)))
        return bar(0, 0, (height, height), (-side, side), (side, -side))
    if kind == 4:
        unit, long = max(1, width // 10), max(1, height // 5)
        return bar(0, 0, (4 * long, 3 * long), (-3 * unit, 4 * unit), (3 * unit, -4 * unit))
    if kind == 5:
        angle = draw.random() * np.pi * 2
        along = np.array([np.cos(angle), np.sin(angle)])
        x, y = (int(v) for v in np.ceil(np.abs(along[::-1]) * half) * np.sign(along[::-1]) * [-1, 1])
        dx, dy = (int(v) for v in np.round(along * height))
        return bar(0, 0, (dx, dy), (x, y), (-x, -y))
    if kind == 6:
        return disc(0, 0, max(width, 1000))
    if kind == 7:
        cut = round(width / (2 + np.sqrt(2)))
        far = width - cut
        return ring((cut, 0), (far, 0), (width, cut), (width, far), (far, width), (cut, width), (0, far), (0, cut))
    corners = draw.integers(0, max(width, height), (3, 2))
    return corners.astype(np.int64)


def _frame(width: int, height: int, frame: int) -> Points:
    """A hole as layout files hold it: a ring that runs in and out through a slit."""
    inner = [(frame, frame), (frame, height - frame), (width - frame, height - frame), (width - frame, frame)]
    return ring((0, 0), (width, 0), (width, height), (0, height), (0, 0), *inner, (frame, frame))


def _vias(draw: np.random.Generator, scene: Scene, corner: Points, span: int) -> None:
    for _ in range(int(draw.integers(0, 4))):
        level = int(draw.integers(1, 3))
        x, y = corner + _place(draw, span)
        for mask, size in ((f"V{level}", 4000), (f"M{level}", 6000), (f"M{level + 1}", 6000)):
            if draw.random() < 0.9:
                dx, dy = draw.choice([0, 0, 0, 1, -1, 1001], 2)
                half = size // 2
                scene.masks[mask].append(rect(x + dx - half, y + dy - half, x + dx + half, y + dy + half))


def _nets(draw: np.random.Generator, scene: Scene) -> None:
    """Terminals and labels on metal and beside it, nets of two or three ends, some of which join two terminals."""
    levels = ("M1", "M2", "M3")
    metal = [(level, shape) for level, mask in enumerate(levels) for shape in scene.masks[mask]]
    taken = set()
    for number in range(int(draw.integers(0, 9))):
        level, x, y = 0, *draw.integers(0, 200_000, 2)
        if metal and draw.random() < 0.9:
            level, shape = metal[int(draw.integers(len(metal)))]
            x, y = shape[:3].mean(axis=0).astype(int)
        if (level, x, y) not in taken:
            taken.add((level, x, y))
            scene.terminals.append(terminal(f"T.{number}", int(x), int(y), level))
    free = list(range(len(scene.terminals)))
    for name in "ABC":
        ends = [End((free.pop(),)) for _ in range(min(len(free), int(draw.integers(1, 4))))]
        if len(free) > 1 and draw.random() < 0.3:
            ends.append(End((free.pop(), free.pop())))
        if ends:
            scene.nets.append(Net(name, tuple(ends), "default"))
    for name in "AABBCCD":
        if metal and draw.random() < 0.6:
            level, shape = metal[int(draw.integers(len(metal)))]
            x, y = shape[:3].mean(axis=0).astype(int)
            scene.labels.setdefault(levels[level], []).append(MaskLabel(name, int(x), int(y)))
    if metal and draw.random() < 0.5:
        level, shape = metal[int(draw.integers(len(metal)))]
        moved = _shape(draw, straight=bool(draw.integers(2))) + shape[0]
        if len({tuple(point) for point in moved.tolist()}) > 2:
            scene.keepouts = (Keepout("zone", tuple(draw.permutation(3)[:2].tolist()), moved),)
