"""Rectangles as files give them: the corners of a box."""

from __future__ import annotations

from collections.abc import Sequence

from router.model.errors import InputError
from router.model.geometry import Box
from router.model.units import to_nm


def box_between(corners: Sequence[float], where: str) -> Box:
    """The box of [x0, y0, x1, y1], µm. Raises InputError unless it is a nanometre wide and high at least."""
    if len(corners) != 4 or corners[2] - corners[0] < 0.001 or corners[3] - corners[1] < 0.001:
        raise InputError(where, numbers(corners), "[x0, y0, x1, y1] with x0 < x1 and y0 < y1")
    return Box(*(to_nm(corner) for corner in corners))


def numbers(values: Sequence[float]) -> str:
    """Numbers as a person writes them."""
    return f"[{', '.join(f'{value:.15g}' for value in values)}]"
