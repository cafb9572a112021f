"""Components of a draft where a person says that they lie: tables of chips count from origins of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from router.model.draft import Draft, DraftComponent
from router.model.errors import InputError
from router.read.nearest import one_of


def with_places(draft: Draft, places: Mapping[str, tuple[int, int, int]]) -> Draft:
    """The draft with these components moved: x and y in nm, and degrees counter-clockwise, seen as their pins are.

    Raises InputError for a component that there is not, and for a turn that is none of ours.
    """
    names = [part.name for part in draft.components]
    for name, (_, _, turn) in places.items():
        if name not in names:
            raise InputError(f"--place {name[:80]}", "no such component", one_of(name, names))
        if turn not in (0, 90, 180, 270):
            raise InputError(f"--place {name}", f"a turn of {turn}", "0, 90, 180 or 270 degrees")
    parts = (_placed(part, places[part.name]) if part.name in places else part for part in draft.components)
    return replace(draft, components=tuple(parts))


def _placed(part: DraftComponent, place: tuple[int, int, int]) -> DraftComponent:
    """What is seen from the top lies, and turns, the other way round in a package file."""
    x, y, turn = place
    from_top = part.view == "top"
    return replace(part, at=(-x if from_top else x, y), rotation=(-turn if from_top else turn) % 360)
