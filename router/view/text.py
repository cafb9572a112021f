"""What the command says in the end: plain text, for terminals and logs alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from router.model.design import Design
from router.model.layout import Fault, SignOff, Verdict
from router.model.pdk import Pdk
from router.model.units import text_place, text_size, text_um, to_nm
from router.write.measure import measure, why_open

# Long lists are cut on the terminal; the files hold them whole.
_MOST_LINES = 20

_NARROWER = "traces of a smaller width or spacing may pass; widen and spread in a class give more where there is room"


def summary(report: Mapping[str, Any], seconds: Mapping[str, float]) -> str:
    """What was routed, how it was judged, and each unrouted net with its ends and what blocks it."""
    if "refused" in report:
        return f"{report['design']}: refused: {report['refused']['message']}"
    lines = [_routed_line(report), _length_line(report), _verdict_line(report)]
    lines += _cut([f"warning: {warning}" for warning in report.get("warnings", [])])
    if report.get("balls", {}).get("chosen"):
        lines.append("balls: {chosen} chosen, {fixed} fixed".format(**report["balls"]))
    if report["unconnected_terminals"]:
        free = ", ".join(f"{count} {kind}s" for kind, count in report["unconnected_terminals"].items())
        lines.append(f"without a net (drawn, and in everyone's way): {free}")
    if seconds:
        kept = {stage: value for stage, value in seconds.items() if value >= 0.005}
        lines.append("seconds: " + ", ".join(f"{stage} {value:.2f}" for stage, value in kept.items()))
    lines += _cut([_unrouted_line(part, report["stopped"]) for part in report["unrouted"]])
    if any(part["asks"] and not part["blockers"] for part in report["unrouted"]) and not report["stopped"]:
        lines.append(_NARROWER)
    return "\n".join(lines)


def _routed_line(report: Mapping[str, Any]) -> str:
    state = "all nets routed" if not report["unrouted"] else f"{report['nets'] - report['routed']} nets NOT routed"
    stopped = ", stopped early" if report["stopped"] else ""
    return f"{report['design']} in {report['pdk']}: {report['routed']} of {report['nets']} nets, {state}{stopped}"


def _length_line(report: Mapping[str, Any]) -> str:
    ratio, other = report["wirelength_ratio"], report["other_nets"]["ratio"]
    parts = [f"wirelength {report['wirelength_um'] / 1000:.2f} mm", f"{report['vias']} vias"]
    if ratio is not None:
        parts.append(f"two-terminal nets {ratio:.4f} × their shortest ways")
    if other is not None:
        parts.append(f"other nets {other:.3f} × their spanning trees")
    return ", ".join(parts)


MORE_FAULTS = ("missing_labels", "wrong_labels", "unreached", "floating", "missing_pads")


def _verdict_line(report: Mapping[str, Any]) -> str:
    drc, lvs = report["drc"], report["lvs"]
    counts = [f"{drc['total']} violations", f"{lvs['opens']} opens", f"{lvs['shorts']} shorts"]
    counts += [f"{lvs[key]} {key.replace('_', ' ')}" for key in MORE_FAULTS if lvs[key]]
    rules = ", ".join(f"{rule} {count}" for rule, count in drc["by_rule"].items())
    engines, differences = report["engines"]["verdicts"], report["engines"]["differences"]
    line = f"judged from the written file: {', '.join(counts)}" + (f" ({rules})" if rules else "")
    if differences:
        told = [
            _difference_line(d["only_in"], d["rule"], d["detail"], *map(to_nm, d["box_um"][:2])) for d in differences
        ]
        return "\n".join([line, f"{len(differences)} differences between the engines: NOT signed off", *_cut(told)])
    return line + (f"; {' and '.join(engines)} agree" if len(engines) > 1 else f"; by {', '.join(engines)} alone")


def _unrouted_line(part: Mapping[str, Any], stopped: bool) -> str:
    why = why_open(part["blockers"], part["asks"], stopped=stopped)
    return f"unrouted: {part['net']} from {part['from']} to {part['to']}, {why}"


def files(directory: Path, stem: str) -> str:
    """Which files to open."""
    picture = directory / f"{stem}.png"
    lines = [
        f"open  {directory / stem}.gds  in KLayout, with colours, net tracer and markers: rdl view {directory}",
        *([f"see   {picture} and one picture a level beside it"] if picture.is_file() else []),
        f"read  {directory / 'report.json'}",
    ]
    return "\n".join(lines)


def sign_off(judged: SignOff, design: Design) -> str:
    """The first engine's verdict, what the others say, and each difference."""
    first, *others = judged.verdicts
    lines = [_verdict(judged.verdict, design, first)]
    for engine in others:
        found = judged.verdicts[engine]
        lines.append(f"{engine}: {_counts(found)}" + ("" if judged.differences else ": agrees"))
    lines += _cut([_difference_line(d.only_in, d.rule, d.detail, d.box.x0, d.box.y0) for d in judged.differences])
    if judged.differences:
        lines.append(f"{len(judged.differences)} differences between the engines: NOT signed off")
    return "\n".join(lines)


def _difference_line(engine: str, rule: str, detail: str, x: int, y: int) -> str:
    return f"only {engine} finds {rule} at {text_place(x, y)} µm: {detail}"


def _counts(found: Verdict) -> str:
    return f"{len(found.violations)} violations, {len(found.faults)} faults in connectivity"


def _verdict(found: Verdict, design: Design, engine: str) -> str:
    """Each violated rule and each fault, with a place; then the count."""
    kinds = {rule.name: rule.kind for rule in design.pdk.rules}
    rules = Counter(violation.rule for violation in found.violations)
    lines = []
    for violation in found.violations[:_MOST_LINES]:
        required, actual = (measure(kinds.get(violation.rule), v) for v in (violation.required, violation.actual))
        at = text_place(violation.box.x0, violation.box.y0)
        nets = " and ".join(violation.nets) or "no net"
        lines.append(f"{violation.rule} at {at} µm, {nets}: required {required}, found {actual}")
    if len(found.violations) > _MOST_LINES:
        counts = ", ".join(f"{rule} {count}" for rule, count in rules.items())
        lines.append(f"… {len(found.violations) - _MOST_LINES} more; in all: {counts}")
    lines += _cut([_fault_line(fault) for fault in found.faults])
    state = "clean" if found.clean else "NOT clean"
    lines.append(f"{design.name}, {engine}: {_counts(found)}: {state}")
    return "\n".join(lines)


def _fault_line(fault: Fault) -> str:
    box = fault.box
    at = text_place((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2)
    nets = f"nets {', '.join(fault.nets)}" if fault.nets else ""
    told = "; ".join(filter(None, (nets, ", ".join(fault.terminals[:6]))))
    return f"{fault.kind} at {at} µm: {told or 'no net'}"


def process_list(processes: Iterable[Pdk]) -> str:
    """One line a process."""
    return "\n".join(f"{pdk.name:14} {len(pdk.levels)} levels  {pdk.description}" for pdk in processes)


def process(pdk: Pdk) -> str:
    """A process as tables: masks in order, levels, vias, pads, rules."""
    lines = [f"{pdk.name}: {pdk.description}", "", "masks"]
    for mask in sorted(pdk.masks, key=lambda mask: mask.order):
        lines.append(f"  {mask.name:10} {mask.layer}/{mask.datatype:<4} {mask.role.value:8} {mask.polarity}")
    lines += ["", "levels, from die to ball"]
    for level in pdk.levels:
        width, spacing = text_um(level.default_width), text_um(level.default_spacing)
        least = f"{text_um(level.min_width)} / {text_um(level.min_spacing)}"
        lines.append(f"  {level.name:10} width / spacing {width} / {spacing}, at least {least}")
    lines += ["", "vias"]
    for via in pdk.vias:
        stack = "may stack" if via.stackable else "no stacking"
        margins = f"{text_um(via.enclosure_lower)} and {text_um(via.enclosure_upper)}"
        lines.append(
            f"  {via.name:10} {via.lower} to {via.upper}: {via.shape.value} {text_um(via.cut)}, in {margins}, {stack}"
        )
    lines += ["", "pads"]
    for pad in pdk.pads.values():
        shapes = ", ".join(f"{s.mask} {s.shape.value} {_size(s.width, s.height)}" for s in pad.shapes)
        lines.append(f"  {pad.name:10} {pad.kind.value} on {pad.level}: {shapes}")
    lines += ["", "rules"]
    for rule in pdk.rules:
        figure = measure(rule.kind, rule.value)
        lines.append(f"  {rule.name:18} {rule.kind.value:18} {', '.join(rule.masks):22} {figure}")
    return "\n".join(lines)


def _size(width: int, height: int) -> str:
    return text_um(width) if width == height else text_size(width, height)


def _cut(lines: list[str]) -> list[str]:
    more = len(lines) - _MOST_LINES
    return lines[:_MOST_LINES] + ([f"… {more} more"] if more > 0 else [])
