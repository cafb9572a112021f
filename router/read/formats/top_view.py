"""Drafts whose coordinates are seen from the top, through the backs of the dies."""

from __future__ import annotations

from dataclasses import replace

from router.model.draft import Draft


def seen_from_top(draft: Draft) -> Draft:
    """The draft with its places mirrored in x, and its components marked as seen from the top: the same package as a
    package file tells it."""
    return replace(
        draft,
        components=tuple(
            replace(part, at=(-part.at[0], part.at[1]), rotation=-part.rotation % 360, view="top")
            for part in draft.components
        ),
        outline=draft.outline and draft.outline.mirrored,
        keepouts=tuple(replace(keepout, ring=keepout.ring * (-1, 1)) for keepout in draft.keepouts),
        traces=tuple(replace(trace, points=trace.points * (-1, 1)) for trace in draft.traces),
    )
