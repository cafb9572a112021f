"""Wires of Specctra design files as fixed traces."""

from __future__ import annotations

import numpy as np

from router.model.draft import DraftTrace
from router.model.geometry import Points
from router.read.formats.dsn_library import Layers
from router.read.formats.dsn_notes import Notes
from router.read.formats.dsn_shapes import apart, figure
from router.read.formats.dsn_tokens import Entry, Scope
from router.read.formats.names import Names
from router.read.textfile import quoted

_WIRE = ("path", "qarc", "polyline_path", "net", "type", "attr", "shield", "turret", "clearance_class")
_AREAS = ("polygon", "rect", "circle")


def read_wiring(scope: Scope, wiring: Entry, nets: Names, layers: Layers, notes: Notes) -> tuple[DraftTrace, ...]:
    """Every wire of a net that is a path. Raises InputError for wires that have no shape or no such layer."""
    traces: list[DraftTrace] = []
    notes.skip("the wiring", wiring.entries(), ("wire", "via", "unit", "resolution"))
    for entry in wiring.entries("wire"):
        net = _net(scope, entry)
        notes.skip("a wire", entry.entries(), (*_WIRE, *_AREAS))
        for shape in entry.entries("path", "qarc", "polyline_path", *_AREAS):
            if not net or shape.word in _AREAS:
                notes.lose("wires of no net" if not net else "areas of metal", net or scope.file.where(entry))
                continue
            layer, width, points = _way(scope, shape)
            on = layers.find(scope.file, shape, layer)
            if not on or len(points) < 2 or not width:
                notes.lose("wires without a width or a length, or on a layer that carries no traces", net)
                continue
            traces += (DraftTrace(nets.of(net), layers.signal[k], width, points) for k in on)
    vias: dict[str, int] = {}
    for entry in wiring.entries("via"):
        net = _net(scope, entry) or "no net"
        vias[net] = vias.get(net, 0) + 1
    for net, count in vias.items():
        notes.lose("vias that are there, of", f"{net} ({count})")
    if traces:
        notes.guess(f"the {len(traces)} wires that are there are kept as fixed traces")
    return tuple(traces)


def _net(scope: Scope, entry: Entry) -> str:
    return next((scope.file.text_at(part, 1, "a net") for part in entry.entries("net")), "")


def _way(scope: Scope, entry: Entry) -> tuple[str, int, Points]:
    """Layer, width and centre line of a path; those of a polyline_path are the crossings of its lines."""
    if entry.word != "polyline_path":
        shape = figure(scope, entry)
        return shape.layer, shape.width, shape.points
    ends = scope.points(entry, 3, 6)
    if len(ends) % 2:
        raise scope.file.fault(entry, f"a polyline of {len(ends)} places", "two places a line")
    lines = ends.astype(np.float64).reshape(-1, 2, 2)
    start, along = lines[:, 0], lines[:, 1] - lines[:, 0]
    cross = along[:-1, 0] * along[1:, 1] - along[:-1, 1] * along[1:, 0]
    if not cross.all():
        raise scope.file.fault(entry, f"parallel lines in {quoted(entry.word)}", "lines that cross")
    gap = start[1:] - start[:-1]
    share = (gap[:, 0] * along[1:, 1] - gap[:, 1] * along[1:, 0]) / cross
    corners = np.rint(start[:-1] + share[:, None] * along[:-1])
    if np.abs(corners).max() > 1e12:
        raise scope.file.fault(entry, "lines that cross far away", "corners within one metre")
    return scope.file.text_at(entry, 1, "a layer"), scope.length(entry, 2, "a width"), apart(corners.astype(np.int64))
