"""The pads of the design: every shape of a terminal's style must lie on its mask, where the terminal is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import numpy as np

from router.model.design import Design
from router.model.geometry import Box
from router.model.layout import Fault
from router.verify.locate import islands_at
from router.verify.region import Floats, Ints, Region

# The points tested lie this far inside the nominal outline, nm: on a boundary the answer is not certain.
INSIDE = 5


def pad_faults(regions: Mapping[str, Region], design: Design) -> list[Fault]:
    """A fault for each terminal that lacks a shape of its style: its centre or one of its four extremes is bare.

    A terminal whose style the process does not know has no shapes to look for.
    """
    alike: dict[tuple[str, bool], list[int]] = defaultdict(list)
    for index, terminal in enumerate(design.terminals):
        alike[terminal.pad, terminal.rotated].append(index)
    points: dict[str, list[Floats]] = defaultdict(list)
    owners: dict[str, list[Ints]] = defaultdict(list)
    for (pad, rotated), terminals in alike.items():
        style = design.pdk.pads.get(pad)
        places = np.array([(design.terminals[i].x, design.terminals[i].y) for i in terminals], dtype=np.float64)
        for shape in style.shapes if style else ():
            width, height = (shape.height, shape.width) if rotated else (shape.width, shape.height)
            rx, ry = width // 2 - INSIDE, height // 2 - INSIDE
            tested = np.array([(0.0, 0.0), (rx, 0.0), (-rx, 0.0), (0.0, ry), (0.0, -ry)])
            points[shape.mask].append((places[:, None] + tested).reshape(-1, 2))
            owners[shape.mask].append(np.repeat(terminals, len(tested)))
    faults = []
    for mask in sorted(points):
        bare = islands_at(np.concatenate(points[mask]), regions[mask]) < 0
        for index in np.unique(np.concatenate(owners[mask])[bare]).tolist():
            t = design.terminals[index]
            box = Box(t.x, t.y, t.x, t.y).grown(max(t.width, t.height) // 2)
            faults.append(Fault("missing_pad", (), (f"{t.id} on {mask}",), box))
    return faults
