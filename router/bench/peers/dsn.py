"""A package as a Specctra design file, as far as other routers need it to try a case."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from router.model.design import Component, ComponentKind, Design, End, Net
from router.model.geometry import Box, Placement
from router.model.layout import Layout
from router.write.formats import dsn


def dsn_text(design: Design) -> str:
    """The whole file. Names are numbers (component T12, net N3), so that no reader's quoting matters.

    Each terminal is a component of one pin, and the boundary leaves out what metal keeps to the edge
    beyond its clearance.
    """
    return dsn.dsn_text(numbered(design), Layout((), ()))


def numbered(design: Design) -> Design:
    """The same package with numbers for names, each end of a net being its first terminal."""
    parts = []
    for index, terminal in enumerate(design.terminals):
        land = design.pdk.pads[terminal.pad].land
        outline = Box(-land.width // 2, -land.height // 2, land.width // 2, land.height // 2)
        spot = Placement(terminal.x, terminal.y, 90 if terminal.rotated else 0)
        centre = np.zeros((1, 2), dtype=np.int64)
        parts.append(
            Component(f"T{index}", ComponentKind.DIE, outline, spot, "bottom", ("1",), centre, (terminal.pad,))
        )
    keep = max(max(0, level.edge_keepout - level.min_spacing) for level in design.pdk.levels)
    return replace(
        design,
        name="rdl",
        outline=design.outline.grown(-keep),
        components=tuple(parts),
        terminals=tuple(replace(terminal, id=f"T{k}.1") for k, terminal in enumerate(design.terminals)),
        nets=tuple(
            Net(f"N{n}", tuple(End(end.terminals[:1]) for end in net.ends), net.net_class)
            for n, net in enumerate(design.nets)
        ),
    )
