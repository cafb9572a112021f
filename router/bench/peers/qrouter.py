"""qrouter (Debian package `qrouter`), by LEF and DEF: a maze router for chips, on one lattice of right angles.

Lands become cells of one pin, vias become squares. Every level takes the lattice of the first.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from router.bench.peers.program import installed_version
from router.model.design import Design, Terminal
from router.model.layout import Layout, Trace, Via
from router.model.pdk import ShapeKind, ViaRule
from router.model.units import to_um

NAME = "qrouter"
_LEF, _DEF, _ROUTED, _SCRIPT = "board.lef", "board.def", "routed.def", "route.tcl"
# It loses a nanometre here and there on its way.
_GRID = 10
_STEP = re.compile(r"\(\s*(\S+)\s+(\S+)(?:\s+\S+)?\s*\)|(\S+)")


def found() -> str:
    """The version that is installed, or nothing."""
    return installed_version(NAME, "-h", r"\d+\.\d+\.\d+")


def command(design: Design, folder: Path) -> tuple[list[str], str]:
    """Write process, placement and script into `folder`; the command that routes it, and what it reads."""
    (folder / _LEF).write_text("\n".join(_lef(design)) + "\n", encoding="utf-8")
    (folder / _DEF).write_text("\n".join(_def(design)) + "\n", encoding="utf-8")
    script = f"read_lef {_LEF}\nread_def {_DEF}\nqrouter::standard_route {_ROUTED} false\nquit\n"
    (folder / _SCRIPT).write_text(script, encoding="utf-8")
    return [shutil.which(NAME) or NAME, "-nog", "-s", _SCRIPT], ""


def layout(design: Design, folder: Path) -> Layout:
    """What it routed. Raises ValueError when nothing was written."""
    routed = folder / _ROUTED
    if not routed.is_file():
        raise ValueError("no routed DEF was written")
    text = routed.read_text(encoding="utf-8", errors="replace")
    unit = re.search(r"UNITS DISTANCE MICRONS (\d+)", text)
    nets = re.search(r"\nNETS .*?\nEND NETS", text, re.DOTALL)
    if not unit or not nets:
        raise ValueError("a DEF without units or nets")
    step = 1000 / int(unit[1])
    traces: list[Trace] = []
    vias: list[Via] = []
    for entry in re.findall(r"-\s+N(\d+)\s(.*?);", nets[0], re.DOTALL):
        for wire in re.findall(r"(?:\+ ROUTED|NEW)\s+(.*?)(?=\+|NEW|$)", entry[1], re.DOTALL):
            _follow(design, int(entry[0]), wire, step, traces, vias)
    return Layout(tuple(traces), tuple(vias))


def _follow(design: Design, net: int, wire: str, step: float, traces: list[Trace], vias: list[Via]) -> None:
    """Of `LEVEL ( x y ) ( * y ) … VIA`, where a star repeats the coordinate before."""
    name, _, rest = wire.strip().partition(" ")
    level = design.pdk.level_index(name)
    rules = {_via_name(rule): index for index, rule in enumerate(design.pdk.vias)}
    at: tuple[int, int] | None = None
    for x, y, via in _STEP.findall(rest):
        if via and at:
            vias.append(Via(net, rules[via], *at))
        elif not via:
            place = tuple(
                at[k] if v == "*" and at else _GRID * round(float(v) * step / _GRID) for k, v in enumerate((x, y))
            )
            if at and place != at:
                points = np.array([at, place], dtype=np.int64)
                traces.append(Trace(net, level, design.pdk.levels[level].default_width, points))
            at = (place[0], place[1])


def _pitch(design: Design) -> int:
    return design.pdk.levels[0].default_width + design.pdk.levels[0].default_spacing


def _lef(design: Design) -> Iterator[str]:
    yield "VERSION 5.7 ;\nUNITS\n DATABASE MICRONS 1000 ;\nEND UNITS\nMANUFACTURINGGRID 0.001 ;"
    vias = design.pdk.vias
    for index, level in enumerate(design.pdk.levels):
        direction = ("HORIZONTAL", "VERTICAL")[index % 2]
        yield f"LAYER {level.name}\n TYPE ROUTING ;\n DIRECTION {direction} ;\n PITCH {_um(_pitch(design))} ;"
        yield f" WIDTH {_um(level.default_width)} ;\n SPACING {_um(level.default_spacing)} ;\nEND {level.name}"
        if index < len(vias):
            cut, apart = vias[index].name, _um(vias[index].spacing)
            yield f"LAYER {cut}\n TYPE CUT ;\n SPACING {apart} ;\nEND {cut}"
    for via in vias:
        yield from _via(via)
    for style, terminal in {_cell(t): t for t in design.terminals}.items():
        boxes = " ".join(f"RECT {_boxed(terminal, share)} ;" for share in _shares(design, terminal))
        yield f"MACRO {style}\n CLASS CORE ;\n ORIGIN 0 0 ;\n SIZE {_um(terminal.width)} BY {_um(terminal.height)} ;"
        yield f" PIN P\n  DIRECTION INOUT ;\n  PORT\n   LAYER {design.pdk.levels[terminal.level].name} ;\n   {boxes}"
        yield f"  END\n END P\nEND {style}"
    yield "END LIBRARY"


def _via(via: ViaRule) -> Iterator[str]:
    yield f"VIA {_via_name(via)} DEFAULT"
    sides = ((via.lower, via.enclosure_lower), (via.name, 0), (via.upper, via.enclosure_upper))
    for layer, margin in sides:
        half = _um(via.cut / 2 + margin)
        yield f" LAYER {layer} ;\n  RECT -{half} -{half} {half} {half} ;"
    yield f"END {_via_name(via)}"


def _shares(design: Design, terminal: Terminal) -> list[tuple[float, float]]:
    """The boxes that make up a land, as shares of its sides: three inside a circle, so that no end misses its metal."""
    round_land = design.pdk.pads[terminal.pad].land.shape is ShapeKind.CIRCLE
    return [(0.92, 0.38), (0.70, 0.70), (0.38, 0.92)] if round_land else [(1.0, 1.0)]


def _boxed(terminal: Terminal, share: tuple[float, float]) -> str:
    """The middle part of a land, from its lower left corner."""
    w, h = terminal.width, terminal.height
    corners = (w * (1 - share[0]), h * (1 - share[1]), w * (1 + share[0]), h * (1 + share[1]))
    return " ".join(_um(v / 2) for v in corners)


def _via_name(via: ViaRule) -> str:
    """It takes a via of the cut layer's own name for that layer."""
    return f"{via.name}_cut"


def _def(design: Design) -> Iterator[str]:
    box, pitch = design.outline, _pitch(design)
    yield "VERSION 5.7 ;\nDESIGN board ;\nUNITS DISTANCE MICRONS 1000 ;"
    yield f"DIEAREA ( {box.x0} {box.y0} ) ( {box.x1} {box.y1} ) ;"
    for level in design.pdk.levels:
        for axis, low, length in (("X", box.x0, box.width), ("Y", box.y0, box.height)):
            yield f"TRACKS {axis} {low + pitch} DO {length // pitch - 1} STEP {pitch} LAYER {level.name} ;"
    yield f"COMPONENTS {len(design.terminals)} ;"
    for number, t in enumerate(design.terminals):
        yield f"- T{number} {_cell(t)} + PLACED ( {t.x - t.width // 2} {t.y - t.height // 2} ) N ;"
    yield f"END COMPONENTS\nNETS {len(design.nets)} ;"
    for number, net in enumerate(design.nets):
        # It copies this section line by line, and wants the name and the end of a net on lines of their own.
        yield f"- N{number}\n  {' '.join(f'( T{end.terminals[0]} P )' for end in net.ends)}\n ;"
    yield "END NETS\nEND DESIGN"


def _cell(terminal: Terminal) -> str:
    return f"L{terminal.level}_{terminal.width}x{terminal.height}"


def _um(nm: float) -> str:
    return f"{to_um(nm):.4f}"
