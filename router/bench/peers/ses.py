"""The routes of a Specctra session file, as other routers hand them back."""

from __future__ import annotations

from router.bench.peers.dsn import numbered
from router.model.design import Design
from router.model.errors import InputError
from router.model.layout import Layout
from router.read.formats.dsn_tokens import parse
from router.read.formats.ses import session_layout


def layout_of(text: str, design: Design) -> Layout:
    """Traces and vias of a session for `dsn.dsn_text`. Raises ValueError when it is none."""
    try:
        return session_layout(parse(text, "session"), numbered(design))
    except InputError as error:
        raise ValueError(str(error)) from None
