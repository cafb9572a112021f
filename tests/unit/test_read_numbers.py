"""Numbers as files write them."""

from __future__ import annotations

import math

import pytest

from router.read.numbers import count_of, number_of


@pytest.mark.parametrize(("text", "value"), [("12", 12.0), ("-1.5", -1.5), ("1e3", 1000.0), (".5", 0.5), ("007", 7.0)])
def test_numbers_are_read(text: str, value: float) -> None:
    assert number_of(text) == value


@pytest.mark.parametrize("text", ["", "x", "1_000", "１２", "1,5", "0x10", "nan"])
def test_other_words_are_no_numbers(text: str) -> None:
    assert math.isnan(number_of(text))


def test_numbers_too_large_are_infinite() -> None:
    assert number_of("9" * 400) == math.inf


@pytest.mark.parametrize(("text", "value"), [("0", 0), ("12", 12), ("0" * 5000 + "12", 12), ("100", 100)])
def test_whole_numbers_up_to_the_most_are_read(text: str, value: int) -> None:
    assert count_of(text, 100) == value


@pytest.mark.parametrize("text", ["", "-1", "+1", "101", "1_0", "²", "１２", "1.0", "9" * 5000])
def test_other_words_are_no_whole_numbers(text: str) -> None:
    assert count_of(text, 100) is None
