"""A package of nine dies and 20 000 nets where each die faces its neighbours: wide buses that run straight across."""

from __future__ import annotations

from router.bench.nine import AROUND, NineDies, centre, facing
from router.model.design import Design

_MIDDLE = "middle"
# Rows and columns of bumps by which a die meets each neighbour, and those of its middle block, which goes to balls.
_DEEP, _WIDE, _BLOCK = 20, 68, 20


def mesh20k() -> Design:
    """2/2 µm on four levels, 30 × 30 mm: 12 × 1 360 nets between neighbours, in fields that are each other's image, and
    9 × 400 to the balls. No cut is more than 26 % full; between the fields straight ways take 54 % of the room."""
    dies = NineDies(_MIDDLE)
    near, far = facing(_DEEP, _WIDE)
    names = {tuple(centre(name).tolist()): name for name in (_MIDDLE, *AROUND)}
    for a in names.values():
        for at_a, at_b, step in ((near, far, centre("east")), (near[:, ::-1], far[:, ::-1], centre("north"))):
            b = names.get(tuple((centre(a) + step).tolist()))
            if b is not None:
                dies.join(a, b, at_a + centre(a), at_b + centre(a))
    return dies.package("mesh20k", _BLOCK)
