"""A rule's figure in the unit of its kind, a rule in words, and what keeps a net open, for messages and markers."""

from __future__ import annotations

from collections.abc import Sequence

from router.model.design import Design
from router.model.pdk import EXTENTS, Rule, RuleKind
from router.model.units import text_area, text_size, text_um


def measure(kind: RuleKind | None, value: float) -> str:
    """Degrees for angles, per cent for densities, µm² for areas, µm for all lengths."""
    if kind is RuleKind.ANGLE:
        return f"{value:.4g}°"
    if kind is RuleKind.DENSITY:
        return f"{100 * value:.1f} %"
    if kind is RuleKind.AREA:
        return text_area(value)
    return text_um(value)


def rule_text(rule: Rule) -> str:
    """Kind, masks and figure: 'wide space of RDL1: 4 µm beside metal wider than 12 µm along more than 250 µm'."""
    subject = f"{rule.kind.value.replace('_', ' ')} of {' and '.join(rule.masks)}"
    figure = measure(rule.kind, rule.value)
    if rule.kind is RuleKind.DENSITY:
        least, most = measure(rule.kind, rule.minimum), measure(rule.kind, rule.maximum)
        return f"{subject}: {least} to {most} in windows of {text_um(rule.value)}"
    if rule.kind in EXTENTS:
        return f"{subject}: {text_size(rule.value, rule.height)}"
    if rule.kind is RuleKind.WIDE_SPACE:
        width, length = text_um(rule.width), text_um(rule.run_length)
        return f"{subject}: {figure} beside metal wider than {width} along more than {length}"
    return f"{subject}: {figure}"


def why_open(blockers: Sequence[str], asks: str, *, stopped: bool) -> str:
    """What keeps a connection open, after its ends: the nets in its way, or what else it is where none is; `asks`: see
    `asks_for`."""
    if blockers:
        return f"blocked by {', '.join(blockers)}"
    if stopped:
        return "not tried before the run was stopped"
    closed = "pads, fixed traces, keep-outs or the edge, or no line of the lattice leads there"
    return f"blocked by no routed net; the way is closed{f' for {asks},' if asks else ''} by {closed}"


def asks_for(design: Design, net: str) -> str:
    """What the class of a net, by name, asks for beyond the least of the process; nothing where it does not."""
    c = design.classes[next(one.net_class for one in design.nets if one.name == net)]
    levels = [(design.pdk.levels[level], c.widths[level], c.spacings[level]) for level in c.levels]
    if all(width == level.min_width and spacing == level.min_spacing for level, width, spacing in levels):
        return ""
    widths, spacings = _span([width for _, width, _ in levels]), _span([spacing for _, _, spacing in levels])
    return f"traces of class {c.name}, {widths} wide and {spacings} from others"


def _span(lengths: Sequence[int]) -> str:
    """From the least to the largest of some lengths in nm."""
    return " to ".join(text_um(one) for one in sorted({min(lengths), max(lengths)}))
