"""Rectangles as files give them: the corners of a box."""

from __future__ import annotations

from collections.abc import Sequence

from router.model.errors import InputError
from router.model.geometry import Box
from router.model.units import to_nm


def box_between(corners: Sequence[float], where: str) -> Box:
    """The box of [x0, y0, x1, y1], µm. Raises InputError unless it is a nanometre wide and high at least."""
    box = Box(*(to_nm(corner) for corner in corners)) if len(corners) == 4 else None
    if box is None or box.width < 1 or box.height < 1:
        raise InputError(where, numbers(corners), "[x0, y0, x1, y1] with x0 < x1 and y0 < y1")
    return box


def numbers(values: Sequence[float]) -> str:
    """Numbers as a person writes them."""
    return f"[{', '.join(f'{value:.15g}' for value in values)}]"
