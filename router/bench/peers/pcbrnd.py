"""pcb-rnd (Debian package `pcb-rnd`): its own autorouter on a board in the gEDA file format.

It knows lands on the first and the last level only, and vias through all levels; so a case with more than two levels
is judged against vias it could not have placed, and is left to it all the same.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from router.bench.peers.program import installed_version
from router.model.design import Design, Terminal
from router.model.geometry import Points
from router.model.layout import Layout, Trace, Via
from router.model.pdk import ShapeKind
from router.model.units import to_um

NAME = "pcb-rnd"
_BOARD, _ROUTED = "board.pcb", "routed.pcb"
# Ends this near to one another (nm) are at one place: it rounds them on their way.
_TOUCH = 10
_UNITS_NM = {"um": 1e3, "mm": 1e6, "nm": 1.0, "mil": 25.4e3, "": 254.0}
_LENGTH = r"(-?[\d.]+)(\w*)"
_LINE = re.compile(rf"Line\[{' '.join([_LENGTH] * 5)} ")
_VIA = re.compile(rf"Via\[{' '.join([_LENGTH] * 2)} ")
_LAYER = re.compile(r'^Layer\(\d+ "([^"]*)"')


def found() -> str:
    """The version that is installed, or nothing."""
    return installed_version(NAME, "--version", r"\d+\.\d[\w.]*")


def command(design: Design, folder: Path) -> tuple[list[str], str]:
    """Write the board into `folder`; the command that routes it, and what it reads."""
    (folder / _BOARD).write_text("\n".join(_board(design)) + "\n", encoding="utf-8")
    actions = ["AddRats(AllRats)", "AutoRoute(AllRats)", f"SaveTo(LayoutAs, {_ROUTED}, pcb)", "Quit(force)"]
    return [shutil.which(NAME) or NAME, "--gui", "batch", _BOARD], "\n".join(actions) + "\n"


def layout(design: Design, folder: Path) -> Layout:
    """What it routed; each piece on the net of the land it leads to. Raises ValueError when nothing was saved."""
    saved = folder / _ROUTED
    if not saved.is_file():
        raise ValueError("no board was saved")
    return _parsed(saved.read_text(encoding="utf-8", errors="replace"), design)


def _board(design: Design) -> Iterator[str]:
    box, levels = design.outline, [level.name for level in design.pdk.levels]
    first = design.pdk.levels[0]
    width, gap = first.default_width, first.default_spacing
    via = design.pdk.vias[0] if design.pdk.vias else None
    cut = via.cut if via else width
    capture = via.captures[0] if via else 3 * width
    yield f'PCB["" {_um(box.width)} {_um(box.height)}]'
    sides = ["1,c", *(str(k) for k in range(2, len(levels))), f"{max(2, len(levels))},s"]
    yield "Grid[100.0 0 0 0]"
    yield f'Groups("{":".join(sides)}")'
    style = f"{{}},{_um(width)},{_um(capture)},{_um(cut)},{_um(gap)}"
    yield f'Styles["{":".join(style.format(name) for name in ("Signal", "Power", "Fat", "Skinny"))}"]'
    for number, terminal in enumerate(design.terminals):
        x, y = terminal.x - box.x0, terminal.y - box.y0
        yield f'Element["" "" "T{number}" "" {_um(x)} {_um(y)} 0 0 0 100 ""]'
        yield f"({_pad(design, terminal, gap)})"
    # A board has two sides, even where only one may be used.
    for number, name in enumerate(levels if len(levels) > 1 else [*levels, "unused"], 1):
        yield f'Layer({number} "{name}")\n(\n)'
    yield from (f'Layer({max(2, len(levels)) + k} "silk")\n(\n)' for k in (1, 2))
    yield "NetList()\n("
    for number, net in enumerate(design.nets):
        pins = " ".join(f'Connect("T{end.terminals[0]}-1")' for end in net.ends)
        yield f'Net("N{number}" "(unknown)") ({pins})'
    yield ")"


def _pad(design: Design, terminal: Terminal, gap: int) -> str:
    """A pad is a line as thick as its short side."""
    short = min(terminal.width, terminal.height)
    dx, dy = (terminal.width - short) // 2, (terminal.height - short) // 2
    flags = [] if design.pdk.pads[terminal.pad].land.shape is ShapeKind.CIRCLE else ["square"]
    if terminal.level and terminal.level == len(design.pdk.levels) - 1:
        flags.append("onsolder")
    ends = " ".join(_um(v) for v in (-dx, -dy, dx, dy))
    return f'Pad[{ends} {_um(short)} {_um(2 * gap)} {_um(short)} "1" "1" "{",".join(flags)}"]'


def _um(nm: float) -> str:
    return f"{to_um(nm):.3f}um"


def _parsed(text: str, design: Design) -> Layout:
    """Lines and vias of a saved board, each of the net of the land that it leads to."""
    ends, wires, vias = _pieces(text, design)
    if not len(ends):
        return Layout((), ())
    net = _nets(design, ends, wires, len(vias))
    traces = tuple(
        Trace(net[2 * k], level, width, np.array([ends[2 * k, :2], ends[2 * k + 1, :2]], dtype=np.int64))
        for k, (level, width) in enumerate(wires)
        if net[2 * k] >= 0 and not np.array_equal(ends[2 * k], ends[2 * k + 1])
    )
    drilled = tuple(
        Via(net[2 * len(wires) + k], index, x, y)
        for k, (x, y) in enumerate(vias)
        for index in range(len(design.pdk.vias))
        if net[2 * len(wires) + k] >= 0
    )
    return Layout(traces, drilled)


def _pieces(text: str, design: Design) -> tuple[Points, list[tuple[int, int]], list[tuple[int, int]]]:
    """Ends (n, 2) of all lines, two each, then the vias, in nm; level and width of each line; places of the vias."""
    levels = {level.name: index for index, level in enumerate(design.pdk.levels)}
    corner = np.array([design.outline.x0, design.outline.y0], dtype=np.int64)
    ends, wires, vias, level = [], [], [], -1
    for line in text.splitlines():
        if layer := _LAYER.match(line):
            level = levels.get(layer[1], -1)
        elif level >= 0 and (found := _LINE.match(line.strip())):
            x0, y0, x1, y1, width = _nanometres(found)[:5]
            ends += [(x0, y0), (x1, y1)]
            wires.append((level, width))
        elif found := _VIA.match(line):
            vias.append(_nanometres(found)[:2])
    places = np.array([*ends, *vias], dtype=np.int64).reshape(-1, 2) + corner
    return places, wires, [(int(x), int(y)) for x, y in places[len(ends) :]]


def _nanometres(found: re.Match[str]) -> list[int]:
    groups = found.groups()
    return [round(float(v) * _UNITS_NM[u]) for v, u in zip(groups[::2], groups[1::2], strict=True)]


def _nets(design: Design, ends: Points, wires: list[tuple[int, int]], vias: int) -> list[int]:
    """For each end, and then each via, the net of the land to which it leads, or -1: the two ends of a line are joined,
    and whatever lies at one place on one level, where a via is on all."""
    count = len(ends)
    level = np.array([wires[k // 2][0] for k in range(count - vias)] + [-1] * vias)
    near = cKDTree(ends).query_pairs(_TOUCH, output_type="ndarray")
    joined = near[(level[near[:, 0]] == level[near[:, 1]]) | (level[near] < 0).any(axis=1)]
    lines = np.arange(count - vias).reshape(-1, 2)
    pairs = np.concatenate([joined, lines])
    graph = coo_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(count, count))
    _, group = connected_components(graph, directed=False)
    net_of_group = np.full(count, -1)
    for terminal, net in zip(design.terminals, design.net_of_terminal(), strict=True):
        apart = np.abs(ends - (terminal.x, terminal.y))
        on = (apart[:, 0] <= terminal.width // 2) & (apart[:, 1] <= terminal.height // 2)
        net_of_group[group[on & ((level == terminal.level) | (level < 0))]] = net
    return [int(n) for n in net_of_group[group]]
