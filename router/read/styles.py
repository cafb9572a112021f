"""Pad styles of the process, and those that a design resizes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from router.model.errors import InputError
from router.model.pdk import ONE_SIZED, PadStyle, Pdk
from router.model.units import decimal_um, text_size, to_nm
from router.read.pdk_check import pad_contradictions
from router.read.textfile import quoted

_LIMIT = 1000


class Styles:
    """All pad styles a design uses. A resized one is named `style@WxH`, or `style@D` where both sides are equal."""

    def __init__(self, pdk: Pdk) -> None:
        self.pdk = pdk
        self.pads: dict[str, PadStyle] = dict(pdk.pads)

    def named(self, name: str, where: str) -> PadStyle:
        """The style of that name. Raises InputError naming those there are."""
        if name not in self.pads:
            known = f"one of {', '.join(self.pdk.pads)} in {self.pdk.name}"
            raise InputError(where, f"no pad style {quoted(name)}", known)
        return self.pads[name]

    def sized(self, name: str, size: Sequence[float] | None, where: str) -> str:
        """The name of the style with its land resized to `size` (µm). The other shapes keep their margin to the land;
        all are turned first where the longer side becomes the shorter one.

        Raises InputError when the resized style contradicts the process.
        """
        base = self.named(name, where)
        width, height = (base.land.width, base.land.height) if size is None else (to_nm(size[0]), to_nm(size[1]))
        if (width, height) == (base.land.width, base.land.height):
            return name
        text = decimal_um(width) if width == height else f"{decimal_um(width)}x{decimal_um(height)}"
        local = f"{name}@{text}"
        if local not in self.pads:
            if len(self.pads) >= _LIMIT:
                raise InputError(where, f"more than {_LIMIT} sizes of pads", "fewer")
            self.pads[local] = self._resized(base, local, width, height, where)
        return local

    def _resized(self, base: PadStyle, name: str, width: int, height: int, where: str) -> PadStyle:
        land = base.land
        if land.shape in ONE_SIZED and width != height:
            expected = f"one diameter for pad {base.name}, or a pad style whose land is a rect or an oblong"
            raise InputError(where, f"a {land.shape.value} of {text_size(width, height)}", expected)
        if (width - height) * (land.width - land.height) < 0:
            base = replace(base, shapes=tuple(shape.lying(rotated=True) for shape in base.shapes))
            land = base.land
        wider, higher = width - land.width, height - land.height
        shapes = tuple(replace(s, width=s.width + wider, height=s.height + higher) for s in base.shapes)
        for shape in shapes:
            if shape.width <= 0 or shape.height <= 0:
                size = text_size(width, height)
                margin = text_size(width - shape.width, height - shape.height)
                room = f"more than {margin}, the margin of {shape.mask} in pad {base.name}"
                raise InputError(where, f"a land of {size}", room)
        style = replace(base, name=name, shapes=shapes)
        for contradiction in pad_contradictions(self.pdk, style):
            raise InputError(where, contradiction, f"a size that fits {self.pdk.name}")
        return style
