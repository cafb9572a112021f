"""A rule's figure in the unit of its kind, for messages and markers."""

from __future__ import annotations

from router.model.pdk import RuleKind
from router.model.units import text_um


def measure(kind: RuleKind | None, value: float) -> str:
    """Degrees for angles, per cent for densities, µm² for areas, µm for all lengths."""
    if kind is RuleKind.ANGLE:
        return f"{value:.4g}°"
    if kind is RuleKind.DENSITY:
        return f"{100 * value:.1f} %"
    if kind is RuleKind.AREA:
        return f"{value / 1e6:g} µm²"
    return text_um(value)
