"""The files of a run but for its pictures: what the layout needs beside it, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from router.model.design import Design
from router.model.layout import Layout, Masks, SignOff
from router.model.routing import Routing
from router.write.balls import write_balls
from router.write.decks.files import write_decks, write_netlist
from router.write.gds import write_gds
from router.write.jsonfile import write_json
from router.write.klayout import write_layer_properties, write_technology
from router.write.markers import write_markers
from router.write.nets import net_lengths, write_nets
from router.write.oasis import write_oasis
from router.write.report import build_report
from router.write.routes import write_routes


def write_layout(gds: Path, design: Design, masks: Masks, layout: Layout, *, oasis: bool) -> None:
    """The masks, as OASIS too where that is asked for; beside them what KLayout needs, and tables of traces, balls."""
    write_gds(gds, design, masks)
    if oasis:
        write_oasis(gds, gds.with_suffix(".oas"))
    write_layer_properties(gds.with_suffix(".lyp"), design.pdk)
    write_technology(gds.with_suffix(".lyt"), design.pdk)
    write_decks(gds.with_suffix(""), design.pdk)
    write_netlist(gds.with_suffix(".cir"), design)
    write_routes(gds.with_suffix(".routes.json"), design, layout)
    write_balls(gds.with_suffix(".balls.csv"), design)


def write_report(
    gds: Path, design: Design, routing: Routing, layout: Layout, judged: SignOff, facts: Mapping[str, Any]
) -> dict[str, Any]:
    """Lengths of nets, markers, and report.json with `facts` of the run; returns what that says."""
    lengths = net_lengths(design, layout)
    write_nets(gds.with_suffix(".nets.csv"), design, layout, lengths, routing.open_nets)
    report = build_report(design, routing, layout, judged, lengths)
    report |= facts
    write_json(gds.with_name("report.json"), report)
    write_markers(gds.with_suffix(".lyrdb"), design, judged, routing.unrouted, stopped=routing.stopped)
    return report
