"""Outlines of dies whose tables hold pads alone, and a word of warning where pads and outline do not agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from router.model.design import ComponentKind
from router.model.draft import DraftComponent, DraftPad
from router.model.geometry import Box
from router.model.units import text_size


def with_outlines(
    parts: Sequence[DraftComponent], pads: Mapping[str, DraftPad], size: tuple[int, int] | None
) -> tuple[list[DraftComponent], list[str]]:
    """The parts, dies with an outline of `size` (width, height in nm) where it is given; and what was assumed.

    A die whose pads lie off such an outline is left without; a sentence says so, and names pads across its edge.
    """
    if size is None:
        return list(parts), []
    said: list[str] = []
    outlined = [_outlined(part, pads, size, said) if part.kind is ComponentKind.DIE else part for part in parts]
    return outlined, said


def _outlined(
    part: DraftComponent, pads: Mapping[str, DraftPad], size: tuple[int, int], said: list[str]
) -> DraftComponent:
    xy = np.array([(pin.x, pin.y) for pin in part.pins], dtype=np.int64)
    half = np.array([(pads[pin.pad].width, pads[pin.pad].height) for pin in part.pins], dtype=np.int64) // 2
    # A frame whose origin is a corner of the die has no place below it.
    corner = bool((xy >= 0).all())
    low = np.zeros(2, dtype=np.int64) if corner else -np.array(size, dtype=np.int64) // 2
    high = low + size
    off = ((xy < low) | (xy > high)).any(axis=1)
    across = ((xy - half < low) | (xy + half > high)).any(axis=1) & ~off
    measured = text_size(size[0], size[1])
    if off.any() or across.any():
        first = part.pins[int(np.flatnonzero(off | across)[0])].name
        where = f"{int(off.sum())} pads off and {int(across.sum())} across the edge of a die of {measured}"
        said.append(
            f"WARNING {part.name}: {where}, {first} among them{'; it is left without outline' if off.any() else ''}. "
            "Are places corners or centres (--origin), and in these units (--units)?"
        )
    if off.any():
        return part
    said.append(f"{part.name}: {measured}, {'its lower left corner' if corner else 'its middle'} at the origin")
    return replace(part, outline=Box(*low.tolist(), *high.tolist()))
