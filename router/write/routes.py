"""Results for other programs: routes.json, all metal with stable ids."""

from __future__ import annotations

from collections import defaultdict
from itertools import count
from pathlib import Path
from typing import Any

from router.model.design import Design
from router.model.geometry import Points
from router.model.layout import Layout, Shape, Trace
from router.model.units import to_um, whole_um
from router.write.jsonfile import write_json


def write_routes(path: Path, design: Design, layout: Layout) -> None:
    """All traces, vias and filled shapes. An id is the net's name and a number that counts the net's pieces in order
    of kind, level and place, so that it stays while the net's metal stays."""
    number: dict[int, count[int]] = defaultdict(lambda: count(1))

    def base(net: int) -> dict[str, Any]:
        name = design.nets[net].name
        return {"id": f"{name}:{next(number[net])}", "net": name}

    levels = [level.name for level in design.pdk.levels]
    traces = [
        base(trace.net)
        | {"level": levels[trace.level], "width_um": to_um(trace.width), "points_um": _points(trace.points)}
        | ({"fixed": True} if trace.fixed else {})
        for trace in sorted(layout.traces, key=_trace_key)
    ]
    vias = [
        base(via.net) | {"via": design.pdk.vias[via.index].name, "x_um": to_um(via.x), "y_um": to_um(via.y)}
        for via in sorted(layout.vias)
    ]
    shapes = [
        base(shape.net) | {"level": levels[shape.level], "role": shape.role, "ring_um": _points(shape.ring)}
        for shape in sorted(layout.shapes, key=_shape_key)
    ]
    facts = {
        "design": design.name,
        "pdk": design.pdk.name,
        "spread_added_um": whole_um(layout.spread_length),
        "traces": traces,
        "vias": vias,
        "shapes": shapes,
    }
    write_json(path, facts, compact=True)


def _points(points: Points) -> list[list[float]]:
    return [[to_um(x), to_um(y)] for x, y in points.tolist()]


def _trace_key(trace: Trace) -> tuple[int, int, list[list[int]]]:
    return trace.net, trace.level, trace.points.tolist()


def _shape_key(shape: Shape) -> tuple[int, int, list[list[int]]]:
    return shape.net, shape.level, shape.ring.tolist()
