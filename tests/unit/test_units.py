"""Lengths in messages and files: exact to the nanometre, however large they are."""

from __future__ import annotations

import pytest

from router.model.units import text_place, text_size, text_um


@pytest.mark.parametrize(
    ("nm", "text"),
    [(2500, "2.5 µm"), (12_345_678, "12345.678 µm"), (-1, "-0.001 µm"), (10**9, "1000000 µm"), (1999.6, "2 µm")],
)
def test_a_length_in_a_message_is_exact(nm: float, text: str) -> None:
    assert text_um(nm) == text


def test_sizes_and_places_in_messages_are_exact() -> None:
    assert text_size(40_000, 12_345_678) == "40 × 12345.678 µm"
    assert text_place(-12_345_678, 3000) == "(-12345.678, 3)"
