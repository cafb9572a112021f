"""Colours of masks, written as `#rrggbb`, by their hue, lightness and saturation."""

from __future__ import annotations

import colorsys


def hls_of(color: str) -> tuple[float, float, float]:
    """Hue, lightness and saturation of a colour, each from 0 to 1."""
    red, green, blue = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return colorsys.rgb_to_hls(red, green, blue)


def color_of(hue: float, lightness: float, saturation: float) -> str:
    """The colour of these; hues go round."""
    return "#" + "".join(f"{round(255 * part):02x}" for part in colorsys.hls_to_rgb(hue % 1.0, lightness, saturation))
