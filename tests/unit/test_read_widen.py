"""`spread` and `widen` of a net class: read, and refused with the field and the figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from router.model.errors import InputError
from router.read.design import read_design

PACKAGE = """
name = "p"
pdk = "fanout_10um"
levels = 2
outline = [1400, 1400]
[[die]]
name = "die"
size = [1200, 1200]
pad = "bump"
pin = [{ name = "1", x = -400, y = 0 }, { name = "2", x = 400, y = 0 }]
[nets]
A = ["die.1", "die.2"]
[[class]]
name = "power"
nets = ["A"]
"""


def read(folder: Path, fields: str) -> tuple[bool, tuple[int, ...]]:
    (folder / "p.toml").write_text(PACKAGE + fields, encoding="utf-8")
    found = read_design(folder / "p.toml").classes["power"]
    return found.spread, found.widest


def test_the_fields_are_read(tmp_path: Path) -> None:
    assert read(tmp_path, "") == (False, ())
    assert read(tmp_path, "spread = true\nwiden = 30") == (True, (30_000, 30_000))
    assert read(tmp_path, "widen = { RDL2 = 12.5 }") == (False, (10_000, 12_500))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ("widen = 10", ["widen", "10 µm", "more than the width"]),
        ("widen = true", ["widen", "a number, or a table of level = number"]),
        ("widen = { RDL9 = 20 }", ["widen", "RDL9", "RDL1"]),
        ("widen = -3", ["widen", "-3"]),
        ('spread = "yes"', ["spread", "yes"]),
        ("spread = 2", ["spread", "2"]),
    ],
)
def test_bad_values_are_named(tmp_path: Path, fields: str, words: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, fields)
    for word in words:
        assert word in str(caught.value)
