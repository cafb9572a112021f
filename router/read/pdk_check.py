"""Contradictions between the figures of a process: each is one plain sentence."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from router.model.pdk import (
    EXTENTS,
    ONE_SIZED,
    Level,
    MaskRole,
    PadShape,
    PadStyle,
    Pdk,
    Rule,
    RuleKind,
    ShapeKind,
    ViaRule,
)
from router.model.units import text_area, text_size, text_um

# Directions in which outlines are compared, a tenth of a degree apart: to a millionth of the radius of what is round.
# And what rounding may take of a distance, nm.
_DIRECTIONS = np.array([np.cos(np.radians(np.arange(901) / 10)), np.sin(np.radians(np.arange(901) / 10))])
_EXACT = 1e-6
# Layer numbers are two signed bytes in GDSII.
_LAYER_LIMIT = 32767
_MASKS_OF = {
    RuleKind.SEPARATION: 2,
    RuleKind.CENTRE_SEPARATION: 2,
    RuleKind.ENCLOSURE: 2,
    RuleKind.STACKING: 2,
}


def contradictions(pdk: Pdk) -> list[str]:
    """All contradictions, in the order masks, levels, vias, pads, rules; an empty list when there are none."""
    return [*_masks(pdk), *_levels(pdk), *_vias(pdk), *_pads(pdk), *_rules(pdk)]


def _masks(pdk: Pdk) -> Iterator[str]:
    used: dict[tuple[int, int], str] = {}
    for mask in pdk.masks:
        for purpose in dict.fromkeys((mask.datatype, mask.pin_datatype, mask.label_datatype)):
            other = used.setdefault((mask.layer, purpose), mask.name)
            if other != mask.name:
                yield f"masks {other} and {mask.name} both on layer {mask.layer}, datatype {purpose}"
        if mask.layer > _LAYER_LIMIT:
            yield f"mask {mask.name} on layer {mask.layer}, beyond {_LAYER_LIMIT}"
        if len({mask.datatype, mask.pin_datatype, mask.label_datatype}) < 3:
            yield f"mask {mask.name} with one datatype for two of drawing, pin and label"
    outlines = sum(mask.role is MaskRole.OUTLINE for mask in pdk.masks)
    if outlines != 1:
        yield f"{outlines} masks with role outline, where one is needed"


def _levels(pdk: Pdk) -> Iterator[str]:
    for level in pdk.levels:
        if level.default_width < level.min_width:
            yield f"{level.name}: default width {text_um(level.default_width)} below minimum {text_um(level.min_width)}"
        if level.default_spacing < level.min_spacing:
            default, least = text_um(level.default_spacing), text_um(level.min_spacing)
            yield f"{level.name}: default spacing {default} below minimum {least}"
        for wide in level.wide:
            if wide.spacing < level.min_spacing:
                yield f"{level.name}: wide-metal spacing {text_um(wide.spacing)} below {text_um(level.min_spacing)}"
            if wide.width < level.min_width:
                yield f"{level.name}: wide metal from {text_um(wide.width)}, less than the minimum width"
        if level.density and level.density.minimum > level.density.maximum:
            yield f"{level.name}: density minimum {level.density.minimum:g} above maximum {level.density.maximum:g}"


def _vias(pdk: Pdk) -> Iterator[str]:
    order = {level.name: index for index, level in enumerate(pdk.levels)}
    for index, via in enumerate(pdk.vias):
        lower, upper = order.get(via.lower), order.get(via.upper)
        if lower is None or upper is None:
            yield f"{via.name}: joins {via.lower} and {via.upper}, of which one is no level"
        elif upper != lower + 1:
            yield f"{via.name}: joins {via.lower} and {via.upper}, which are not neighbours from die to ball"
        elif lower != index:
            yield f"{via.name}: is via level {index + 1} from the die, but joins {via.lower} and {via.upper}"
        for side, enclosure in ((via.lower, via.enclosure_lower), (via.upper, via.enclosure_upper)):
            width = pdk.levels[order[side]].min_width if side in order else 0
            if enclosure < 0:
                yield f"{via.name}: a cut of {text_um(via.cut)} larger than its capture pad on {side}"
            elif via.cut + 2 * enclosure < width:
                yield f"{via.name}: capture pad {text_um(via.cut + 2 * enclosure)} below minimum width of {side}"
    if len(pdk.vias) != len(pdk.levels) - 1:
        yield f"{len(pdk.vias)} via levels for {len(pdk.levels)} levels"


def _pads(pdk: Pdk) -> Iterator[str]:
    for pad in pdk.pads.values():
        yield from pad_contradictions(pdk, pad)
        pitches = [r.value for r in pdk.rules if r.kind is RuleKind.PITCH and _on(pad, r.masks[0])]
        pitch = max(pitches, default=None)
        if _on(pad, pad.level) and pitch is not None and pitch < max(pad.land.width, pad.land.height):
            yield f"pad {pad.name}: a land of {_size(pad.land)} does not fit a pitch of {text_um(pitch)}"


def pad_contradictions(pdk: Pdk, pad: PadStyle) -> Iterator[str]:
    """What is wrong with one pad style, of the process or with a size given by a design."""
    masks = {mask.name for mask in pdk.masks}
    routed = {*(level.name for level in pdk.levels), *(via.name for via in pdk.vias)}
    level = next((level for level in pdk.levels if level.name == pad.level), None)
    if level is None or pad.level not in {shape.mask for shape in pad.shapes}:
        yield f"pad {pad.name}: no land on a level {pad.level}"
        return
    for shape in pad.shapes:
        if shape.mask not in masks:
            yield f"pad {pad.name}: a shape on {shape.mask}, which is no mask"
        if shape.mask != pad.level and shape.mask in routed:
            yield f"pad {pad.name}: a shape on {shape.mask} beside its land on {pad.level}, where the router sees none"
        if shape.shape in ONE_SIZED and shape.width != shape.height:
            yield f"pad {pad.name}: a {shape.shape.value} of {_size(shape)} on {shape.mask}"
    for name, count in Counter(shape.mask for shape in pad.shapes).items():
        if count > 1:
            yield f"pad {pad.name}: {count} shapes on {name}"
    if min(pad.land.width, pad.land.height) < level.min_width:
        yield f"pad {pad.name}: a land of {_size(pad.land)} below the minimum width of {pad.level}"
    yield from _what_sticks_out(pad, {mask.name: mask.role for mask in pdk.masks})
    yield from _widths_and_areas(pdk, pad)
    yield from _enclosures(pdk, pad)


def _what_sticks_out(pad: PadStyle, roles: Mapping[str, MaskRole]) -> Iterator[str]:
    """Openings and cuts that the land does not hold, openings that the UBM does not; roles: of all masks by name."""
    for shape in pad.shapes:
        what = {MaskRole.OPENING: "an opening", MaskRole.CUT: "a cut"}.get(roles.get(shape.mask, MaskRole.MARK))
        if what is not None and not _covers(pad.land, shape):
            size, land = _size(shape), _size(pad.land)
            yield f"pad {pad.name}: {what} of {size} on {shape.mask} that its land {land} does not hold"
        if roles.get(shape.mask) is MaskRole.UBM:
            for other in pad.shapes:
                if roles.get(other.mask) is MaskRole.OPENING and not _covers(shape, other):
                    yield f"pad {pad.name}: UBM {_size(shape)} smaller than its opening {_size(other)} on {other.mask}"


def _widths_and_areas(pdk: Pdk, pad: PadStyle) -> Iterator[str]:
    """Rules of width and area on the masks that a pad has shapes on."""
    shapes = {shape.mask: shape for shape in pad.shapes}
    for rule in pdk.rules:
        shape = shapes.get(rule.masks[0]) if rule.masks else None
        if shape is None:
            continue
        if rule.kind is RuleKind.WIDTH and min(shape.width, shape.height) < rule.value:
            need = text_um(rule.value)
            yield f"pad {pad.name}: {_size(shape)} on {shape.mask}, where {rule.name} needs {need}"
        if rule.kind is RuleKind.AREA and shape.area < rule.value:
            area, need = text_area(shape.area), text_area(rule.value)
            yield f"pad {pad.name}: {area} on {shape.mask}, where {rule.name} needs {need}"


def _enclosures(pdk: Pdk, pad: PadStyle) -> Iterator[str]:
    """Enclosure rules between two shapes of one style, which are concentric."""
    shapes = {shape.mask: shape for shape in pad.shapes}
    for rule in pdk.rules:
        if rule.kind is not RuleKind.ENCLOSURE or len(rule.masks) != 2:
            continue
        inner, outer = shapes.get(rule.masks[0]), shapes.get(rule.masks[1])
        if inner is None or outer is None:
            continue
        margin = _margin(outer, inner)
        if margin < rule.value:
            need = text_um(rule.value)
            by = text_um(margin)
            yield f"pad {pad.name}: {inner.mask} inside {outer.mask} by {by}, where {rule.name} needs {need}"


def _rules(pdk: Pdk) -> Iterator[str]:
    masks = {mask.name for mask in pdk.masks}
    for rule in pdk.rules:
        for name in rule.masks:
            if name not in masks:
                yield f"rule {rule.name}: {name} is no mask"
        takes = _MASKS_OF.get(rule.kind, 1)
        if len(rule.masks) != takes:
            yield f"rule {rule.name}: {len(rule.masks)} masks, where {rule.kind.value} takes {takes}"
        if rule.kind is RuleKind.DENSITY and rule.minimum > rule.maximum:
            yield f"rule {rule.name}: minimum {rule.minimum:g} above maximum {rule.maximum:g}"
        if rule.kind in EXTENTS and rule.height <= 0:
            yield f"rule {rule.name}: an extent without height"
    yield from _extents(pdk)
    yield from _above_keys(pdk)
    yield from _least_areas(pdk)


def _above_keys(pdk: Pdk) -> Iterator[str]:
    """Rules on the metal of a level, or on the cuts of a via level, that ask for more than its own key, which is what
    the router goes by."""
    levels, vias = {level.name: level for level in pdk.levels}, {via.name: via for via in pdk.vias}
    edges = {mask.name for mask in pdk.masks if mask.role is MaskRole.OUTLINE}
    for rule in pdk.rules:
        mask = rule.masks[0] if rule.masks else ""
        key, own = "", rule.value
        if mask in levels and (rule.kind is not RuleKind.ENCLOSURE or rule.masks[-1] in edges):
            key, own = _key_of_level(rule, levels[mask])
        elif mask in vias:
            key, own = _key_of_via(rule, vias[mask])
        if rule.value > own or (rule.value != own and rule.kind is RuleKind.SIZE):
            figures = [f"{value:g}°" if rule.kind is RuleKind.ANGLE else text_um(value) for value in (rule.value, own)]
            yield f"rule {rule.name}: {figures[0]} on {mask}, whose {key} says {figures[1]}; {key} is its place"


def _key_of_via(rule: Rule, via: ViaRule) -> tuple[str, float]:
    """As `_key_of_level`, of a via level."""
    enclosures = {
        via.lower: ("enclosure_lower", via.enclosure_lower),
        via.upper: ("enclosure_upper", via.enclosure_upper),
    }
    keys: dict[RuleKind, tuple[str, float]] = {
        RuleKind.SIZE: ("cut", via.cut),
        RuleKind.WIDTH: ("cut", via.cut),
        RuleKind.SPACE: ("spacing", via.spacing),
        RuleKind.PITCH: ("spacing beside its cut", via.cut + via.spacing),
    }
    if rule.kind is RuleKind.ENCLOSURE:
        return enclosures.get(rule.masks[-1], ("", rule.value))
    return keys.get(rule.kind, ("", rule.value))


def _key_of_level(rule: Rule, level: Level) -> tuple[str, float]:
    """The key of a level that rules of this kind belong in, and what it says; no key and no more than the rule where
    there is none."""
    wide = [w.spacing for w in level.wide if w.width <= rule.width and w.run_length <= rule.run_length]
    keys: dict[RuleKind, tuple[str, float]] = {
        RuleKind.WIDTH: ("min_width", level.min_width),
        RuleKind.SPACE: ("min_spacing", level.min_spacing),
        RuleKind.WIDE_SPACE: ("wide", max([level.min_spacing, *wide])),
        RuleKind.ENCLOSURE: ("edge_keepout", level.edge_keepout),
        RuleKind.ANGLE: ("min_angle", level.min_angle),
    }
    return keys.get(rule.kind, ("", rule.value))


def _least_areas(pdk: Pdk) -> Iterator[str]:
    """Rules of area that a cut falls short of, or a capture pad by itself, between two cuts that stack."""
    for rule in (rule for rule in pdk.rules if rule.kind is RuleKind.AREA):
        for via in pdk.vias:
            lower, upper = via.captures
            shapes = [
                (via.lower, lower, "capture pads"),
                (via.upper, upper, "capture pads"),
                (via.name, via.cut, "cuts"),
            ]
            for mask, width, what in shapes:
                area = PadShape(mask, via.shape, width, width).area
                if rule.masks[0] == mask and area < rule.value:
                    need = text_area(rule.value)
                    yield f"rule {rule.name}: {need} on {mask}, where {what} of {via.name} have {text_area(area)}"


def _extents(pdk: Pdk) -> Iterator[str]:
    for low in (rule for rule in pdk.rules if rule.kind is RuleKind.EXTENT_MIN):
        for high in (rule for rule in pdk.rules if rule.kind is RuleKind.EXTENT_MAX and rule.masks == low.masks):
            if low.value > high.value or low.height > high.height:
                yield f"rules {low.name} and {high.name}: the least extent is above the greatest"


def _on(pad: PadStyle, mask: str) -> bool:
    return any(shape.mask == mask for shape in pad.shapes)


def _covers(outer: PadShape, inner: PadShape) -> bool:
    return _margin(outer, inner) >= 0


def _margin(outer: PadShape, inner: PadShape) -> float:
    """How far one outline lies within another about the same centre, nm; below 0 where it reaches out of it: corners of
    a square reach farther than a circle of its width."""
    return float((_reach(outer) - _reach(inner)).min()) + _EXACT


def _reach(shape: PadShape) -> NDArray[np.float64]:
    """How far an outline reaches in each of the directions, all of which lie in one quarter, nm."""
    x, y = _DIRECTIONS
    w, h = shape.width / 2, shape.height / 2
    aside = math.tan(math.pi / 8)
    radius = 0.0 if shape.shape is ShapeKind.RECT else min(w, h)
    reach: NDArray[np.float64] = radius + (w - radius) * x + (h - radius) * y
    if shape.shape is ShapeKind.OCTAGON:
        reach = w * np.maximum(x + aside * y, aside * x + y)
    return reach


def _size(shape: PadShape) -> str:
    if shape.shape is ShapeKind.CIRCLE and shape.width == shape.height:
        return f"Ø {text_um(shape.width)}"
    return text_size(shape.width, shape.height)
