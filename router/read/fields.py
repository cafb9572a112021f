"""Kinds of field that occur in every file: lengths in µm, names, sizes. Strict: no number may be a bool or text."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from router.model.units import GRID_UM, LIMIT_UM

NAME_LIMIT = 255
# Of one file or component, and of all together: more than any package has would be a mistake.
PIN_LIMIT = 1_000_000


class Strict(BaseModel):
    """Base of everything read from TOML: no conversions, no unknown keys."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


def name_fault(text: str) -> str | None:
    """What is wrong with a name, or None. Names end up in GDSII and SPICE, which hold ASCII without blanks."""
    if not text:
        return "an empty name"
    if len(text) > NAME_LIMIT:
        return f"a name of {len(text)} characters"
    if not text.isascii() or not text.isprintable() or " " in text:
        return f"the name {text[:60]!r}"
    return None


NAME_EXPECTED = f"1 to {NAME_LIMIT} printable ASCII characters without blanks"


def _name(text: str) -> str:
    fault = name_fault(text)
    if fault:
        raise ValueError(NAME_EXPECTED)
    return text


def like(pattern: str, words: str) -> AfterValidator:
    """Text that is of a pattern from its beginning to its end; the user is told of it in words, as the message of a
    ValueError."""

    def check(text: str) -> str:
        # A `$` in the pattern would let a line end pass that follows it.
        if not re.fullmatch(pattern, text):
            raise ValueError(words)
        return text

    return AfterValidator(check)


def is_number(value: Any) -> bool:
    """True for what TOML calls an integer or a float."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _number(value: Any) -> Any:
    """TOML knows integers and floats; a length may be written as either, but a bool is no number."""
    if not is_number(value):
        raise ValueError("a number")
    if not abs(value) <= LIMIT_UM:
        raise ValueError(f"a finite number up to {LIMIT_UM:g}")
    return float(value)


Name = Annotated[str, AfterValidator(_name)]
Number = Annotated[float, BeforeValidator(_number)]
Length = Annotated[Number, Field(ge=GRID_UM)]
"""µm, at least one nanometre."""
LengthOrZero = Annotated[Number, Field(ge=0)]
Count = Annotated[int, Field(ge=1, le=1_000_000_000_000)]
Layer = Annotated[int, Field(ge=0, le=32767)]
"""A layer or datatype of GDSII, where it is two signed bytes."""


def _pair(value: Any) -> Any:
    if not is_number(value) and not isinstance(value, list):
        raise ValueError("a number, or [width, height]")
    return [value, value] if is_number(value) else value


Size = Annotated[Annotated[list[Length], Field(min_length=2, max_length=2)], BeforeValidator(_pair)]
"""One length for both directions, or [width, height]."""
PlaceUm = Annotated[list[Number], Field(min_length=2, max_length=2)]
"""[x, y]"""
