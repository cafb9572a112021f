"""All pins of a package as one table in CSV, as `rdl import bumps` and spreadsheets read it."""

from __future__ import annotations

import csv
import io

from router.model.design import Design
from router.model.layout import Layout
from router.model.units import decimal_um

LOST: tuple[str, ...] = (
    "traces, vias and fills: a table holds pins and their nets alone",
    "outlines of the package and its components, and how components are turned: pins stand as they lie there",
    "keep-outs, net classes, fixed traces, and which pins are joined inside a component",
)
COLUMNS = ("kind", "component", "pin", "x_um", "y_um", "width_um", "height_um", "shape", "style", "net")


def bumps_text(design: Design, layout: Layout) -> str:
    """One row a pin, in the order of the package: the centre and the size of its land as they are in the package, and
    its net, empty where it has none."""
    owners = design.net_of_terminal()
    text = io.StringIO()
    text.write(f"# Pins of the package {design.name} in the process {design.pdk.name}\n")
    text.write("# Lengths in µm, coordinates of the package, view bottom: seen from the ball side\n")
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(COLUMNS)
    for terminal, owner in zip(design.terminals, owners, strict=True):
        component, _, pin = terminal.id.partition(".")
        lengths = (terminal.x, terminal.y, terminal.width, terminal.height)
        shape = design.pdk.pads[terminal.pad].land.shape.value
        net = design.nets[owner].name if owner >= 0 else ""
        style = _style(design, terminal.pad)
        rows.writerow([terminal.kind.value, component, pin, *map(decimal_um, lengths), shape, style, net])
    return text.getvalue()


def _style(design: Design, pad: str) -> str:
    """The style of the process that a pad is of: one of another size is named `style@size` within a package."""
    base, _, _ = pad.rpartition("@")
    return base if base in design.pdk.pads else pad
