"""Files for KLayout: layer properties (names and colours of the masks) and the marker database of a verdict."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

from router.model.design import Design
from router.model.geometry import Box
from router.model.layout import Unrouted, Verdict, Violation
from router.model.pdk import Mask, MaskRole, Pdk, RuleKind
from router.model.units import to_um
from router.write.gds import cell_name
from router.write.measure import measure

# KLayout's stipples: 0 solid, 1 hollow, 5 sparse hatching. What lies over metal must not hide it.
_STIPPLE = {MaskRole.METAL: "I0", MaskRole.CUT: "I0", MaskRole.UBM: "I5", MaskRole.OPENING: "I5"}
_HOLLOW = "I1"


def write_layer_properties(path: Path, pdk: Pdk) -> None:
    """A .lyp with each mask's drawing, pins and labels, in process order, the last mask on top."""
    root = ElementTree.Element("layer-properties")
    for mask in sorted(pdk.masks, key=lambda mask: mask.order, reverse=True):
        _layer(root, mask, mask.name, mask.datatype, shown=True)
        _layer(root, mask, f"{mask.name} pins", mask.pin_datatype, shown=False)
        _layer(root, mask, f"{mask.name} labels", mask.label_datatype, shown=mask.role is MaskRole.METAL)
    _save(root, path)


def _layer(root: ElementTree.Element, mask: Mask, name: str, datatype: int, *, shown: bool) -> None:
    fields = {
        "frame-color": mask.color,
        "fill-color": mask.color,
        "dither-pattern": _STIPPLE.get(mask.role, _HOLLOW),
        "visible": "true" if shown else "false",
        "transparent": "false",
        "width": "1",
        "name": f"{name} {mask.layer}/{datatype}",
        "source": f"{mask.layer}/{datatype}@1",
    }
    _append(ElementTree.SubElement(root, "properties"), fields)


def write_markers(path: Path, design: Design, verdict: Verdict, unrouted: Sequence[Unrouted]) -> None:
    """A .lyrdb with one category a broken rule, one a kind of fault, and one for what is not routed."""
    kinds = {rule.name: rule.kind for rule in design.pdk.rules}
    items = [(v.rule, _box(v.box), _violation_text(v, kinds.get(v.rule))) for v in verdict.violations]
    items += [
        (fault.kind, _box(fault.box), f"nets {', '.join(fault.nets)}; terminals {', '.join(fault.terminals)}")
        for fault in verdict.faults
    ]
    places = {terminal.id: f"{to_um(terminal.x)},{to_um(terminal.y)}" for terminal in design.terminals}
    for part in unrouted:
        text = f"net {part.net}: {part.source} to {part.target}, blocked by {', '.join(part.blockers) or 'nothing'}"
        if part.source in places and part.target in places:
            items.append(("unrouted", f"edge: ({places[part.source]};{places[part.target]})", text))
    _save(_database(cell_name(design.name), items), path)


def _database(top: str, items: Sequence[tuple[str, str, str]]) -> ElementTree.Element:
    root = ElementTree.Element("report-database")
    _append(root, {"description": "Rules and connectivity, from the written GDSII", "top-cell": top})
    categories = ElementTree.SubElement(root, "categories")
    for name in sorted({item[0] for item in items}):
        _append(ElementTree.SubElement(categories, "category"), {"name": name, "description": name})
    cells = ElementTree.SubElement(root, "cells")
    _append(ElementTree.SubElement(cells, "cell"), {"name": top})
    listed = ElementTree.SubElement(root, "items")
    for category, geometry, text in items:
        item = ElementTree.SubElement(listed, "item")
        _append(item, {"category": f"'{category}'", "cell": top, "visited": "false", "multiplicity": "1"})
        values = ElementTree.SubElement(item, "values")
        _append(values, {"value": geometry})
        _append(values, {"value": f"text: '{_quoted(text)}'"})
    return root


def _violation_text(violation: Violation, kind: RuleKind | None) -> str:
    between = " and ".join(violation.nets) or "no net"
    return f"{between}: required {measure(kind, violation.required)}, found {measure(kind, violation.actual)}"


def _box(box: Box) -> str:
    return f"box: ({to_um(box.x0)},{to_um(box.y0)};{to_um(box.x1)},{to_um(box.y1)})"


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'")


def _append(parent: ElementTree.Element, fields: dict[str, str]) -> None:
    for name, text in fields.items():
        ElementTree.SubElement(parent, name).text = text


def _save(root: ElementTree.Element, path: Path) -> None:
    ElementTree.indent(root)
    ElementTree.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)
