"""Packages of nine dies and 20 000 nets where each die faces its neighbours: wide buses that run straight across."""

from __future__ import annotations

from router.bench.nine import AROUND, NineDies, centre, facing
from router.model.design import Design

_MIDDLE = "middle"


def big20k() -> Design:
    """2/2 µm on four levels, 30 × 30 mm: 12 × 1 540 nets between neighbours, in fields that are each other's image, and
    9 × 169 to the balls. A cut along the outermost row of a field, over a row of balls, is 70 % full: 28 nets for each
    bump, and room for 7 between the pads of the first level, for 13.75 on each of the next two and for 5.4 between the
    balls. Straight ways take 70 % of the room of the most crowded place as well."""
    return _mesh("big20k", deep=28, wide=55, block=13)


def mesh20k() -> Design:
    """The same with more room: 12 × 1 360 nets between neighbours, 9 × 400 to the balls. Straight ways take 54 % of the
    room of the most crowded place."""
    return _mesh("mesh20k", deep=20, wide=68, block=20)


def _mesh(name: str, deep: int, wide: int, block: int) -> Design:
    """A die meets each neighbour by so many rows and columns of bumps; a middle block of it goes to balls."""
    dies = NineDies(_MIDDLE)
    near, far = facing(deep, wide)
    names = {tuple(centre(name).tolist()): name for name in (_MIDDLE, *AROUND)}
    for a in names.values():
        for at_a, at_b, step in ((near, far, centre("east")), (near[:, ::-1], far[:, ::-1], centre("north"))):
            b = names.get(tuple((centre(a) + step).tolist()))
            if b is not None:
                dies.join(a, b, at_a + centre(a), at_b + centre(a))
    return dies.package(name, block)
