"""report.json: what was routed, how long the traces are against what is possible, and the verdict."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from router.model.design import Design
from router.model.geometry import line_length
from router.model.layout import Difference, Layout, SignOff, Unrouted, Verdict
from router.model.routing import IterationStats, Routing
from router.model.units import whole_um
from router.write.balls import ball_facts
from router.write.measure import asks_for
from router.write.nets import NetLengths, routed_traces


def build_report(
    design: Design, routing: Routing, layout: Layout, judged: SignOff, lengths: NetLengths
) -> dict[str, Any]:
    """The facts of a run, ready for JSON; lengths in µm. `density` is the share of the package outline that a level's
    metal covers in the file as written, None where nobody could read it."""
    by_level = lengths.routed.sum(axis=0)
    metal, outline = judged.verdict.metal, design.outline.width * design.outline.height
    levels = [
        {"name": level.name, "wirelength_um": whole_um(length), "density": _share(metal.get(level.name), outline)}
        for level, length in zip(design.pdk.levels, by_level, strict=True)
    ]
    return {
        "design": design.name,
        "pdk": design.pdk.name,
        "nets": len(design.nets),
        "routed": len(design.nets) - len(routing.open_nets),
        "unrouted": [_open_end(design, part) for part in routing.unrouted],
        "wirelength_um": whole_um(by_level.sum()),
        **_against_bounds(design, lengths, routing.open_nets),
        "vias": len(layout.vias),
        "levels": levels,
        **_after_routing(design, layout, by_level),
        **_verdict(judged.verdict),
        "engines": {
            "verdicts": {engine: _verdict(verdict) for engine, verdict in judged.verdicts.items()},
            "differences": [_difference(found) for found in judged.differences],
        },
        "balls": ball_facts(design),
        "unconnected_terminals": _unconnected(design),
        "iterations": [_iteration(stats) for stats in routing.iterations],
        "node_visits": routing.node_visits,
        "search_memory_mb": round(routing.memory_bytes / 1e6, 1),
        "stopped": routing.stopped,
    }


def _after_routing(design: Design, layout: Layout, by_level: NDArray[np.float64]) -> dict[str, Any]:
    """What spreading and widening came to, where a class asks for either."""
    if not any(net_class.spread or net_class.widest for net_class in design.classes.values()):
        return {}
    area = np.zeros(len(design.pdk.levels))
    for trace in routed_traces(layout):
        area[trace.level] += trace.width * line_length(trace.points)
    means = [whole_um(a / n) if n else None for a, n in zip(area, by_level, strict=True)]
    names = [level.name for level in design.pdk.levels]
    return {
        "after_routing": {
            "spread_added_um": whole_um(layout.spread_length),
            "mean_width_um": dict(zip(names, means, strict=True)),
        }
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    faults = Counter(fault.kind for fault in verdict.faults)
    return {
        "drc": {
            "total": len(verdict.violations),
            "by_rule": dict(sorted(Counter(violation.rule for violation in verdict.violations).items())),
        },
        "lvs": {
            "opens": faults["open"],
            "shorts": faults["short"],
            "missing_labels": faults["missing_label"],
            "wrong_labels": faults["wrong_label"],
            "unreached": faults["unreached"],
            "floating": faults["floating"],
            "missing_pads": faults["missing_pad"],
        },
    }


def _difference(found: Difference) -> dict[str, Any]:
    box = [whole_um(value) for value in found.box.bounds]
    return {"only_in": found.only_in, "rule": found.rule, "detail": found.detail, "box_um": box}


def _iteration(stats: IterationStats) -> dict[str, Any]:
    return {
        "iteration": stats.iteration,
        "unrouted": stats.unrouted,
        "ripped": stats.ripped,
        "wirelength_um": whole_um(stats.wirelength),
        "node_visits": stats.node_visits,
    }


def _open_end(design: Design, part: Unrouted) -> dict[str, Any]:
    """Of a connection that is missing its ends, the nets in its way, and what its class asks for beyond the process."""
    asks = asks_for(design, part.net)
    return {
        "net": part.net, "from": part.source, "to": part.target, "blockers": list(part.blockers), "asks": asks,
    }  # fmt: skip


def _against_bounds(design: Design, lengths: NetLengths, unrouted: set[str]) -> dict[str, Any]:
    """Wirelength of finished nets against octilinear distances (two fixed ends) or spanning trees (all others), without
    nets that have fixed traces, which shorten their way."""
    sums = {True: [0, 0.0, 0.0], False: [0, 0.0, 0.0]}
    helped = {fixed.net for fixed in design.fixed}
    for index, (net, length) in enumerate(zip(design.nets, lengths.routed.sum(axis=1), strict=True)):
        if net.name not in unrouted and len(net.ends) > 1 and index not in helped:
            two_fixed = len(net.ends) == 2 and all(len(end.terminals) == 1 for end in net.ends)
            entry = sums[two_fixed]
            entry[0] += 1
            entry[1] += length
            entry[2] += lengths.shortest[index]
    pairs, trees = sums[True], sums[False]
    return {
        "lower_bound_um": whole_um(pairs[2]),
        "wirelength_ratio": _ratio(pairs[1], pairs[2]),
        "two_terminal_nets": {"nets": pairs[0], "wirelength_um": whole_um(pairs[1])},
        "other_nets": {
            "nets": trees[0],
            "wirelength_um": whole_um(trees[1]),
            "spanning_tree_um": whole_um(trees[2]),
            "ratio": _ratio(trees[1], trees[2]),
        },
    }


def _ratio(length: float, bound: float) -> float | None:
    return round(length / bound, 6) if bound else None


def _share(area: float | None, whole: float) -> float | None:
    return None if area is None else round(area / whole, 4)


def _unconnected(design: Design) -> dict[str, int]:
    """How many terminals have no net, by kind."""
    owners = design.net_of_terminal()
    free = Counter(terminal.kind.value for terminal, owner in zip(design.terminals, owners, strict=True) if owner < 0)
    return dict(sorted(free.items()))
