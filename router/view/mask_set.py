"""What `rdl masks` says in the end."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any


def mask_set_text(facts: Mapping[str, Any], directory: Path) -> str:
    """A line a mask, what was left out and why, and what else lies in the folder."""
    names = max(len(mask["name"]) for mask in facts["masks"])
    lines = [f"{facts['design']} in {facts['pdk']}: {len(facts['masks'])} masks, as {facts['seen']}"]
    for mask in facts["masks"]:
        layer, count = f"{mask['layer']}/{mask['datatype']}", mask["polygons"]
        width, space = _measure(mask["smallest_width_um"]), _measure(mask["smallest_space_um"])
        lines.append(
            f"{mask['order']:>3} {mask['name']:{names}}  {layer:>8}  {mask['polarity']:5}  {count:>7} polygons,"
            f" smallest width {width}, space {space}  {mask['file']}"
        )
    lines += [f"left out: {mask['name']} ({mask['why']})" for mask in facts["left_out"]]
    strangers = _others(facts, directory)
    if strangers:
        lines.append(f"of an earlier set, not of this one: {', '.join(strangers)}")
    lines.append(f"read  {directory / 'masks.json'}")
    return "\n".join(lines)


def _measure(um: float | None) -> str:
    """The smallest figure found on a mask."""
    return f"{'none':>9}" if um is None else f"{um:>9.6g}"


def _others(facts: Mapping[str, Any], directory: Path) -> list[str]:
    """Layout files in the folder that this set does not name."""
    named = {mask["file"] for mask in facts["masks"]} | {facts["layout"]["file"]}
    layouts = [path.name for path in directory.iterdir() if path.suffix in (".gds", ".oas")]
    return sorted(name for name in layouts if name not in named)
