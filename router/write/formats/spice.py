"""The reference netlist of a package: the .cir file that every run writes for LVS."""

from __future__ import annotations

from router.model.design import Design
from router.model.layout import Layout
from router.write.decks.netlist import netlist

LOST: tuple[str, ...] = (
    "traces, vias and fills: a netlist holds terminals, nets and keep-outs alone",
    "outlines of the package and its components, and the widths and levels of net classes",
)


def spice_text(design: Design, layout: Layout) -> str:
    """Terminals as devices of one pin on their nets; what the lines mean stands at the head of the file."""
    return netlist(design)
