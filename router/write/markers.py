"""The markers of a verdict for KLayout's marker browser (.lyrdb)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from router.model.design import Design
from router.model.geometry import Box
from router.model.layout import Fault, SignOff, Unrouted, Verdict, Violation
from router.model.pdk import RuleKind
from router.model.units import to_um
from router.write.gds import cell_name
from router.write.klayout import append, save
from router.write.measure import asks_for, measure, rule_text, why_open

_RULES, _CONNECTIVITY, _ENGINES = "rules", "connectivity", "engines"
_FAULTS = {
    "open": "terminals of one net that no metal joins",
    "short": "metal that joins nets",
    "missing_label": "a net whose name is not on its metal",
    "wrong_label": "metal of a net with the name of another",
    "unreached": "a terminal without metal",
    "floating": "metal of no net",
    "missing_pad": "a terminal whose pad is not drawn",
    "unrouted": "what the router left open",
}


@dataclass(frozen=True, slots=True)
class _Item:
    group: str
    category: str
    shape: str
    text: str


def write_markers(
    path: Path, design: Design, judged: SignOff, unrouted: Sequence[Unrouted], *, stopped: bool = False
) -> None:
    """A .lyrdb with a category for each rule and each kind of fault in connectivity, those without a finding too.

    What the engines differ in comes as a group of its own; `stopped` says that the run was cut short.
    """
    verdict = judged.verdict
    top = cell_name(design.name)
    root = ElementTree.Element("report-database")
    append(root, {"description": f"{design.name} in {design.pdk.name}, as written", "top-cell": top})
    categories = ElementTree.SubElement(root, "categories")
    rules = {rule.name: rule_text(rule) for rule in design.pdk.rules}
    rules |= {f"KEEPOUT.{keepout.name}": "no metal of any net in this keep-out" for keepout in design.keepouts}
    # Whoever judged may know more rules than the process.
    rules |= {found.rule: found.rule for found in verdict.violations if found.rule not in rules}
    _categories(categories, _RULES, f"design rules of {design.pdk.name}", rules)
    _categories(categories, _CONNECTIVITY, "metal against the netlist", _FAULTS)
    differing = {found.rule: f"{found.rule}, seen by one engine alone" for found in judged.differences}
    if differing:
        _categories(categories, _ENGINES, "what the engines differ in: one of them is wrong", differing)
    cells = ElementTree.SubElement(root, "cells")
    append(ElementTree.SubElement(cells, "cell"), {"name": top})
    listed = ElementTree.SubElement(root, "items")
    open_ends = _open_ends(design, unrouted, stopped=stopped)
    for item in (*_violations(design, verdict), *_faults(verdict), *_differences(judged), *open_ends):
        node = ElementTree.SubElement(listed, "item")
        category = f"{item.group}.'{_quoted(item.category)}'"
        append(node, {"category": category, "cell": top, "visited": "false", "multiplicity": "1"})
        values = ElementTree.SubElement(node, "values")
        append(values, {"value": item.shape})
        append(values, {"value": f"text: '{_quoted(item.text)}'"})
    save(root, path)


def _categories(parent: ElementTree.Element, name: str, description: str, members: dict[str, str]) -> None:
    group = ElementTree.SubElement(parent, "category")
    append(group, {"name": name, "description": description})
    below = ElementTree.SubElement(group, "categories")
    for member, text in members.items():
        append(ElementTree.SubElement(below, "category"), {"name": member, "description": text})


def _violations(design: Design, verdict: Verdict) -> Iterable[_Item]:
    kinds = {rule.name: rule.kind for rule in design.pdk.rules}
    for found in verdict.violations:
        yield _Item(_RULES, found.rule, _box(found.box), _violation_text(found, kinds.get(found.rule)))


def _faults(verdict: Verdict) -> Iterable[_Item]:
    for fault in verdict.faults:
        yield _Item(_CONNECTIVITY, fault.kind, _box(fault.box), _fault_text(fault))


def _differences(judged: SignOff) -> Iterable[_Item]:
    for found in judged.differences:
        yield _Item(_ENGINES, found.rule, _box(found.box), f"only {found.only_in}: {found.detail}")


def _open_ends(design: Design, unrouted: Sequence[Unrouted], *, stopped: bool) -> Iterable[_Item]:
    places = {terminal.id: f"{to_um(terminal.x)},{to_um(terminal.y)}" for terminal in design.terminals}
    for part in unrouted:
        if part.source in places and part.target in places:
            why = why_open(part.blockers, asks_for(design, part.net), stopped=stopped)
            text = f"net {part.net}: {part.source} to {part.target}, {why}"
            shape = f"edge: ({places[part.source]};{places[part.target]})"
            yield _Item(_CONNECTIVITY, "unrouted", shape, text)


def _violation_text(violation: Violation, kind: RuleKind | None) -> str:
    between = " and ".join(violation.nets) or "no net"
    return f"{between}: required {measure(kind, violation.required)}, found {measure(kind, violation.actual)}"


def _fault_text(fault: Fault) -> str:
    return f"nets {', '.join(fault.nets)}; terminals {', '.join(fault.terminals)}"


def _box(box: Box) -> str:
    return f"box: ({to_um(box.x0)},{to_um(box.y0)};{to_um(box.x1)},{to_um(box.y1)})"


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'")
