"""Names of processes and packages."""

from __future__ import annotations

from pathlib import Path

import pytest

from router.model.errors import InputError
from router.read import library
from router.read.design import read_design
from router.read.nearest import one_of

NAMES = ["", "duoo", "x" * 300, "x" * 10_000, "no/such/file", "no.toml", "a\0b", "./" + "x" * 2_000]


def test_names_and_paths(tmp_path: Path) -> None:
    assert library.find_design("duo") in library.list_designs()
    assert library.find_pdk("wlcsp_500").name == "wlcsp_500.toml"
    own = tmp_path / "own.toml"
    own.write_text("", encoding="utf-8")
    assert library.find_design(own) == own
    assert library.find_pdk(str(own)) == own


def test_folders_and_files_of_another_ending_are_called_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "afile").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match=r"afile: found a file that does not end in \.toml; expected a process file"):
        library.find_pdk("afile")
    with pytest.raises(InputError, match=r"found a folder; expected a package file \(\.toml\)"):
        library.find_design(tmp_path)


@pytest.mark.parametrize("name", NAMES)
def test_unknown_names_are_bad_input(name: str) -> None:
    with pytest.raises(InputError):
        library.find_design(name)


def test_few_names_are_all_named() -> None:
    with pytest.raises(InputError, match="expected a path or one of fanout_10um, fanout_10um_30, fan") as error:
        library.find_pdk("fanout_3um")
    assert all(path.stem in error.value.expected for path in library.list_pdks())


def test_of_many_names_some_are_named_and_said_to_be_some() -> None:
    names = [f"net{number}" for number in range(21)]
    assert one_of("net99", names[:3]) == "one of net0, net1, net2"
    assert one_of("nett7", names) == "a name such as net7, net17, net9"


def test_packed_copies_are_used_where_there_are_some(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = tmp_path / "_data" / "pdk"
    packed.mkdir(parents=True)
    (packed / "only.toml").write_text("", encoding="utf-8")
    monkeypatch.setattr(library, "_PACKAGE", tmp_path)
    assert library.list_pdks() == [packed / "only.toml"]
    assert library.find_pdk("only") == packed / "only.toml"


@pytest.mark.parametrize(
    ("name", "found"),
    [("fanout10um", "'fanout10um', no such name"), ("none.toml", "'none.toml', no such file")],
)
def test_a_process_that_is_not_there_is_named_with_the_key_that_asks_for_it(
    name: str, found: str, tmp_path: Path
) -> None:
    (tmp_path / "p.toml").write_text(f'pdk = "{name}"\noutline = [900, 900]\n', encoding="utf-8")
    with pytest.raises(InputError, match=rf"p\.toml: pdk: found {found}; expected"):
        read_design(tmp_path / "p.toml")


@pytest.mark.parametrize(
    "text",
    ["levels = 1\nlevels = 2\n", '[nets]\nA = ["*"]\n[nets]\n', 'class = [{ name = "a", name = "b" }]\n'],
)
def test_a_key_or_table_that_stands_twice_is_said_to(text: str, tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text(text + "# end\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"p\.toml:\d: found a key or table that is there already; expected each"):
        read_design(tmp_path / "p.toml")
