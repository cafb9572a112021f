"""Drafts whose coordinates are seen from the top, through the backs of the dies."""

from __future__ import annotations

from dataclasses import replace

from router.model.draft import Draft
from router.model.geometry import Box


def seen_from_top(draft: Draft) -> Draft:
    """The draft with its places mirrored in x, and its components marked as seen from the top: the same package as a
    package file tells it."""
    box = draft.outline
    return replace(
        draft,
        components=tuple(
            replace(part, at=(-part.at[0], part.at[1]), rotation=-part.rotation % 360, view="top")
            for part in draft.components
        ),
        outline=Box(-box.x1, box.y0, -box.x0, box.y1) if box else None,
        keepouts=tuple(replace(keepout, ring=keepout.ring * (-1, 1)) for keepout in draft.keepouts),
        traces=tuple(replace(trace, points=trace.points * (-1, 1)) for trace in draft.traces),
    )
