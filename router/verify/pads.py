"""The pads of the design: every shape of a terminal's style must lie on its mask, where the terminal is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from math import ceil, sqrt

import numpy as np

from router.model.design import Design
from router.model.geometry import Box
from router.model.layout import Fault
from router.model.pdk import ShapeKind
from router.verify.locate import islands_at
from router.verify.region import Ints, Region

# The points tested lie this far inside the nominal outline, nm: on a boundary the answer is not certain.
INSIDE = 5


def pad_faults(regions: Mapping[str, Region], design: Design) -> list[Fault]:
    """A fault for each terminal that lacks a shape of its style: its centre, an extreme or a corner is bare.

    A terminal whose style the process does not know has no shapes to look for.
    """
    faults = []
    for mask, (places, owners) in pad_places(design).items():
        bare = islands_at(places.astype(np.float64), regions[mask]) < 0
        faults += missing_pads(mask, owners[bare], design)
    return faults


def pad_places(design: Design) -> dict[str, tuple[Ints, Ints]]:
    """For each mask, in the order of names, the places (n, 2) that must be covered, and the terminal (n,) of each."""
    alike: dict[tuple[str, bool], list[int]] = defaultdict(list)
    for index, terminal in enumerate(design.terminals):
        alike[terminal.pad, terminal.rotated].append(index)
    places: dict[str, list[Ints]] = defaultdict(list)
    owners: dict[str, list[Ints]] = defaultdict(list)
    for (pad, rotated), terminals in alike.items():
        style = design.pdk.pads.get(pad)
        centres = np.array([(design.terminals[i].x, design.terminals[i].y) for i in terminals], dtype=np.int64)
        for shape in style.shapes if style else ():
            lies = shape.lying(rotated=rotated)
            tested = _tested(lies.shape, lies.width, lies.height)
            places[shape.mask].append((centres[:, None] + tested).reshape(-1, 2))
            owners[shape.mask].append(np.repeat(terminals, len(tested)))
    return {mask: (np.concatenate(places[mask]), np.concatenate(owners[mask])) for mask in sorted(places)}


def _tested(shape: ShapeKind, width: int, height: int) -> Ints:
    """Places (9, 2) in a centred shape: its centre, its extremes along the axes, and its corners, of what is round
    those at 45°."""
    rx, ry = width // 2 - INSIDE, height // 2 - INSIDE
    cut = 0 if shape is ShapeKind.RECT else ceil(min(width, height) / 2 * (1 - sqrt(0.5)))
    corners = [(sx * (rx - cut), sy * (ry - cut)) for sx in (-1, 1) for sy in (-1, 1)]
    return np.array([(0, 0), (rx, 0), (-rx, 0), (0, ry), (0, -ry), *corners], dtype=np.int64)


def missing_pads(mask: str, bare: Ints, design: Design) -> list[Fault]:
    """A fault for each terminal among `bare`, which may name one more than once."""
    faults = []
    for index in np.unique(bare).tolist():
        t = design.terminals[index]
        box = Box(t.x, t.y, t.x, t.y).grown(max(t.width, t.height) // 2)
        faults.append(Fault("missing_pad", (), (f"{t.id} on {mask}",), box))
    return faults
