"""tscircuit's capacity autorouter (npm package `@tscircuit/capacity-autorouter`), run by node.

It is made for boards, so a case is scaled until its traces measure as much as theirs do. The package is looked for in
`node_modules` of the working directory and in the folders of NODE_PATH.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import numpy as np

from router.model.design import Design
from router.model.layout import Layout, Trace, Via
from router.model.pdk import ShapeKind

NAME = "tscircuit"
_PACKAGE = Path("@tscircuit") / "capacity-autorouter"
_PROBLEM, _RESULT = "problem.json", "result.json"
_TRACE_MM = 0.15
_SCRIPT = """
import { readFileSync, writeFileSync } from "node:fs"
const [packagePath, problem, result] = process.argv.slice(-3)
// Node before 22 lacks these.
const iterators = Object.getPrototypeOf(Object.getPrototypeOf([].values()))
iterators.map ??= function* (f) { let k = 0; for (const x of this) yield f(x, k++) }
iterators.filter ??= function* (f) { let k = 0; for (const x of this) if (f(x, k++)) yield x }
iterators.some ??= function (f) { for (const x of this) if (f(x)) return true; return false }
iterators.every ??= function (f) { for (const x of this) if (!f(x)) return false; return true }
iterators.find ??= function (f) { for (const x of this) if (f(x)) return x }
iterators.toArray ??= function () { return [...this] }
try {
  const { AutoroutingPipelineSolver } = await import(packagePath)
  const solver = new AutoroutingPipelineSolver(JSON.parse(readFileSync(problem, "utf8")))
  solver.solve()
  if (solver.failed) throw new Error(solver.error)
  writeFileSync(result, JSON.stringify(solver.getOutputSimpleRouteJson().traces ?? []))
} catch (error) {
  console.error(String(error).split("\\n")[0])
  process.exit(1)
}
"""


def found() -> str:
    """The version that is installed, or nothing."""
    package = _package()
    if not package or not shutil.which("node"):
        return ""
    return str(json.loads((package / "package.json").read_text(encoding="utf-8"))["version"])


def command(design: Design, folder: Path) -> tuple[list[str], str]:
    """Write the problem into `folder`; the command that routes it, and what it reads."""
    (folder / _PROBLEM).write_text(json.dumps(_problem(design)), encoding="utf-8")
    entry = (_package() or folder).resolve() / "dist" / "index.js"
    script = ["--input-type=module", "-e", _SCRIPT]
    return [shutil.which("node") or "node", *script, "--", entry.as_uri(), _PROBLEM, _RESULT], ""


def layout(design: Design, folder: Path) -> Layout:
    """What it routed. Raises ValueError when nothing was written."""
    result = folder / _RESULT
    if not result.is_file():
        raise ValueError("no result was written")
    levels = {name: index for index, name in enumerate(_layers(design))}
    traces: list[Trace] = []
    vias: list[Via] = []
    for piece in json.loads(result.read_text(encoding="utf-8")):
        net = int(piece["connection_name"].split("_")[0].removeprefix("N"))
        for a, b in zip(piece["route"], piece["route"][1:], strict=False):
            wired = a["route_type"] == b["route_type"] == "wire" and a["layer"] == b["layer"]
            ends = [_place(design, a), _place(design, b)]
            if wired and ends[0] != ends[1]:
                width = round(a["width"] / _scale(design))
                traces.append(Trace(net, levels[a["layer"]], width, np.array(ends, dtype=np.int64)))
        for step in piece["route"]:
            if step["route_type"] == "via":
                low, high = sorted((levels[step["from_layer"]], levels[step["to_layer"]]))
                vias += (Via(net, index, *_place(design, step)) for index in range(low, high))
    return Layout(tuple(traces), tuple(dict.fromkeys(vias)))


def _package() -> Path | None:
    roots = [Path.cwd() / "node_modules", *(Path(p) for p in os.environ.get("NODE_PATH", "").split(os.pathsep) if p)]
    return next((root / _PACKAGE for root in roots if (root / _PACKAGE / "package.json").is_file()), None)


def _scale(design: Design) -> float:
    """Their millimetres to our nanometres."""
    return _TRACE_MM / design.pdk.levels[0].default_width


def _layers(design: Design) -> list[str]:
    inner = [f"inner{k}" for k in range(1, len(design.pdk.levels) - 1)]
    return ["top", *inner, "bottom"][: max(1, len(design.pdk.levels))]


def _place(design: Design, step: dict[str, Any]) -> tuple[int, int]:
    return round(step["x"] / _scale(design)), round(step["y"] / _scale(design))


def _problem(design: Design) -> dict[str, Any]:
    scale, level, layers, box = _scale(design), design.pdk.levels[0], _layers(design), design.outline
    owners, gap = design.net_of_terminal(), level.default_spacing * scale
    via = design.pdk.vias[0] if design.pdk.vias else None
    drill = (via.cut if via else level.default_width) * scale
    obstacles = [
        {
            "type": "rect", "layers": [layers[t.level]], "center": {"x": t.x * scale, "y": t.y * scale},
            "width": t.width * scale, "height": t.height * scale, "connectedTo": [f"N{net}"] if net >= 0 else [],
        } | ({"shape": "circle"} if design.pdk.pads[t.pad].land.shape is ShapeKind.CIRCLE else {})
        for t, net in zip(design.terminals, owners, strict=True)
    ]  # fmt: skip
    connections = []
    for number, net in enumerate(design.nets):
        ends = (design.terminals[end.terminals[0]] for end in net.ends)
        points = [{"x": t.x * scale, "y": t.y * scale, "layer": layers[t.level]} for t in ends]
        connections.append({"name": f"N{number}", "pointsToConnect": points})
    return {
        "layerCount": len(layers), "allowBlindAndBuriedVias": True, "allowViaInPad": True,
        "minTraceWidth": _TRACE_MM, "nominalTraceWidth": _TRACE_MM,
        "minViaHoleDiameter": drill, "minViaPadDiameter": drill + 2 * (via.enclosure_lower * scale if via else 0),
        "defaultObstacleMargin": gap, "minTraceToPadEdgeClearance": gap, "minViaEdgeToPadEdgeClearance": gap,
        "obstacles": obstacles, "connections": connections,
        "bounds": {"minX": box.x0 * scale, "maxX": box.x1 * scale, "minY": box.y0 * scale, "maxY": box.y1 * scale},
    }  # fmt: skip
