"""Nets to balls: the table balls.csv, and how many balls were chosen."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np

from router.model.design import Design
from router.model.pdk import TerminalKind
from router.model.units import to_um, whole_um
from router.plan.decompose import octilinear


def write_balls(path: Path, design: Design) -> None:
    """One row a ball, in the order of the package: its name, place in µm, net (empty where it has none), and whether
    the net was given it by the package (fixed) or by the program (chosen)."""
    owners, chosen = design.net_of_terminal(), set(design.chosen)
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["ball", "x_um", "y_um", "net", "assigned"])
        for index, (terminal, owner) in enumerate(zip(design.terminals, owners, strict=True)):
            if terminal.kind is TerminalKind.BALL:
                net = design.nets[owner].name if owner >= 0 else ""
                assigned = "" if owner < 0 else "chosen" if index in chosen else "fixed"
                rows.writerow([terminal.id, f"{to_um(terminal.x):.3f}", f"{to_um(terminal.y):.3f}", net, assigned])


def ball_facts(design: Design) -> dict[str, Any]:
    """How many balls the package gave to nets and how many the program chose; and how far the chosen ones lie from the
    nearest other end of their nets, in octilinear distance, all together."""
    owners, chosen = design.net_of_terminal(), set(design.chosen)
    given = [t for t, owner in enumerate(owners) if owner >= 0 and design.terminals[t].kind is TerminalKind.BALL]
    length = 0.0
    for ball in design.chosen:
        ends = design.nets[owners[ball]].ends
        others = [design.terminals[t] for end in ends for t in end.terminals if t not in chosen]
        away = np.array([(t.x - design.terminals[ball].x, t.y - design.terminals[ball].y) for t in others])
        length += float(octilinear(away[:, 0], away[:, 1]).min())
    return {"fixed": len(given) - len(chosen), "chosen": len(chosen), "chosen_length_um": whole_um(length)}
