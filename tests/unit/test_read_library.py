"""Names of processes and packages."""

from __future__ import annotations

from pathlib import Path

import pytest

from router.model.errors import InputError
from router.read import library


def test_names_and_paths(tmp_path: Path) -> None:
    assert library.find_design("duo") in library.list_designs()
    assert library.find_pdk("wlcsp_500").name == "wlcsp_500.toml"
    own = tmp_path / "own.toml"
    own.write_text("", encoding="utf-8")
    assert library.find_design(own) == own
    assert library.find_pdk(str(own)) == own


@pytest.mark.parametrize("name", ["", "duoo", "x" * 10_000, "no/such/file", "no.toml", "a\0b", "./" + "x" * 2_000])
def test_unknown_names_are_bad_input(name: str) -> None:
    with pytest.raises(InputError):
        library.find_design(name)


def test_the_nearest_names_are_named() -> None:
    with pytest.raises(InputError, match="one of fanout_2um"):
        library.find_pdk("fanout_3um")


def test_packed_copies_are_used_where_there_are_some(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = tmp_path / "_data" / "pdk"
    packed.mkdir(parents=True)
    (packed / "only.toml").write_text("", encoding="utf-8")
    monkeypatch.setattr(library, "_PACKAGE", tmp_path)
    assert library.list_pdks() == [packed / "only.toml"]
    assert library.find_pdk("only") == packed / "only.toml"
