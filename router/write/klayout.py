"""Files for KLayout: layer properties (.lyp: names, colours, fill) and the technology (.lyt: what joins what)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

from router.model.colors import color_of, hls_of
from router.model.pdk import Mask, MaskRole, PadStyle, Pdk
from router.model.units import GRID_UM

# KLayout's stipples. Metals are hatched, each level in another direction, so that one shows through another; cuts are
# solid; openings, and what lies over them, are frames.
_HATCHES = ("I6", "I10", "I33", "I38")
_SOLID, _HOLLOW = "I0", "I1"

# Names of nets stand on metal, those of parts on their marks, the view on the outline.
_LABELLED = (MaskRole.METAL, MaskRole.DIE, MaskRole.OUTLINE)

# Names are as dark as this, to be read on hatched metal of the same hue.
_TEXT_LIGHTNESS = 0.22


def write_layer_properties(path: Path, pdk: Pdk) -> None:
    """A .lyp with the masks as the process runs, each painted over those before it; after them, in groups, the pins,
    hidden until they are wanted, and the names of nets and parts, painted over everything."""
    masks = sorted(pdk.masks, key=lambda mask: mask.order)
    root = ElementTree.Element("layer-properties")
    for mask, stipple in zip(masks, _stipples(masks), strict=True):
        node = ElementTree.SubElement(root, "properties")
        append(node, _layer(mask, mask.datatype, mask.color, stipple))
    reached = {pad.level for pad in pdk.pads.values()}
    pins = _group(root, "pins", shown=False)
    for mask in (mask for mask in masks if mask.name in reached):
        fields = _layer(mask, mask.pin_datatype, _dark(mask.color), _HOLLOW)
        append(ElementTree.SubElement(pins, "group-members"), fields)
    names = _group(root, "names", shown=True)
    for mask in (mask for mask in masks if mask.role in _LABELLED):
        fields = _layer(mask, mask.label_datatype, _dark(mask.color), _HOLLOW)
        append(ElementTree.SubElement(names, "group-members"), fields)
    save(root, path)


def write_technology(path: Path, pdk: Pdk) -> None:
    """A .lyt named as the process, with the .lyp of the same stem beside it and what the net tracer follows."""
    root = ElementTree.Element("technology")
    append(root, {"name": pdk.name, "description": pdk.description, "dbu": f"{GRID_UM}"})
    append(root, {"layer-properties_file": f"{path.stem}.lyp", "add-other-layers": "true"})
    common = ElementTree.SubElement(ElementTree.SubElement(root, "reader-options"), "common")
    append(common, {"create-other-layers": "true", "enable-properties": "true", "enable-text-objects": "true"})
    stack = ElementTree.SubElement(ElementTree.SubElement(root, "connectivity"), "stack")
    append(stack, {"name": "", "description": "Metal, cut, metal; land, opening, what is soldered to it"})
    symbols = {"": ""}
    for mask in pdk.masks:
        symbols[mask.name] = _symbol(mask.name, symbols.values())
    joined = connections(pdk)
    for connection in joined:
        append(stack, {"connection": ",".join(symbols[name] for name in connection)})
    used = {name for connection in joined for name in connection}
    for mask in (mask for mask in pdk.masks if mask.name in used):
        append(stack, {"symbols": f"{symbols[mask.name]}='{_traced(mask)}'"})
    save(root, path)


def _symbol(name: str, taken: Collection[str]) -> str:
    """A mask's name in the characters that KLayout's expressions allow, unlike those that others have taken."""
    symbol = re.sub(r"[^A-Za-z0-9_]", "_", name)
    symbol = symbol if symbol[0].isalpha() else f"M{symbol}"
    while symbol in taken:
        symbol += "_"
    return symbol


def _traced(mask: Mask) -> str:
    """The layers of a mask. The tracer names a net by the texts on its conductors, so labels belong to metals."""
    drawing, labels = (f"{mask.layer}/{datatype}" for datatype in (mask.datatype, mask.label_datatype))
    return f"{drawing}+{labels}" if mask.role is MaskRole.METAL else drawing


def connections(pdk: Pdk) -> list[tuple[str, str, str]]:
    """What joins two conductors, by names of masks: conductor, cut or opening between them (or empty), conductor."""
    found = [(via.lower, via.name, via.upper) for via in pdk.vias]
    for pad in pdk.pads.values():
        found += _soldered(pad, pdk)
    return list(dict.fromkeys(found))


def _soldered(pad: PadStyle, pdk: Pdk) -> Iterable[tuple[str, str, str]]:
    """A pad's land through its opening to its under-bump metal, and on to its ball."""
    masks = sorted((pdk.mask(shape.mask) for shape in pad.shapes), key=lambda mask: mask.order)
    opening = next((mask.name for mask in masks if mask.role is MaskRole.OPENING), "")
    over = [mask.name for mask in masks if mask.role in (MaskRole.UBM, MaskRole.BALL)]
    for lower, upper in pairwise([pad.level, *over]):
        yield lower, opening if lower == pad.level else "", upper


def _layer(mask: Mask, datatype: int, color: str, stipple: str) -> dict[str, str]:
    return {
        "frame-color": color,
        "fill-color": color,
        "dither-pattern": stipple,
        "visible": "true",
        "transparent": "false",
        "width": "1",
        "name": f"{mask.name} {mask.layer}/{datatype}",
        "source": f"{mask.layer}/{datatype}@1",
    }


def _group(root: ElementTree.Element, name: str, *, shown: bool) -> ElementTree.Element:
    group = ElementTree.SubElement(root, "properties")
    append(group, {"visible": "true" if shown else "false", "expanded": "false", "name": name, "source": "*/*@*"})
    return group


def _stipples(masks: Iterable[Mask]) -> Iterable[str]:
    metals = 0
    for mask in masks:
        if mask.role is MaskRole.METAL:
            yield _HATCHES[metals % len(_HATCHES)]
            metals += 1
        else:
            yield _SOLID if mask.role is MaskRole.CUT else _HOLLOW


def _dark(color: str) -> str:
    hue, lightness, saturation = hls_of(color)
    return color_of(hue, min(lightness, _TEXT_LIGHTNESS), saturation)


def append(parent: ElementTree.Element, fields: Mapping[str, str]) -> None:
    """Add an element for each field."""
    for name, text in fields.items():
        ElementTree.SubElement(parent, name).text = text


def save(root: ElementTree.Element, path: Path) -> None:
    """Write an XML file, indented, in UTF-8."""
    ElementTree.indent(root)
    ElementTree.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)
