"""Broken 3Dblox files: each fault is named with file and line, traps are refused, and only InputError comes out."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_import_3dblox import write

from router.model.errors import InputError
from router.read.formats.options import ImportOptions
from router.read.formats.threedblox import read_threedblox
from router.read.formats.threedblox_chiplets import cell_lands

FAULTS = [
    ("pair.3dbx", "include: [dies.3dbv]", "include: [no.3dbv]", "pair.3dbx:1", "no file"),
    ("pair.3dbx", "include: [dies.3dbv]", f"include: [{'x' * 5000}]", "pair.3dbx:1", "no file"),
    ("pair.3dbx", "include: [dies.3dbv]", "include: [pair.3dbx]", "pair.3dbx:1", "an assembly within an assembly"),
    ("pair.3dbx", "unit: micron", "unit: parsec", "pair.3dbx:1", "'parsec'"),
    ("pair.3dbx", "Design: {name", "Design: {title", "pair.3dbx:2", "Design without name"),
    ("pair.3dbx", "{reference: upper}", "upper", "pair.3dbx:5", "a mapping of keys"),
    ("pair.3dbx", "{reference: upper}", "{reference: over}", "pair.3dbx:5", "the chiplet 'over'"),
    ("pair.3dbx", "  b:\n    loc", "  c:\n    loc", "pair.3dbx:8", "'c'"),
    ("pair.3dbx", "  a: {loc: [0.0, 0.0], z: 0.0, orient: R0}\n", "", "pair.3dbx:4", "'a' without a place"),
    ("pair.3dbx", "[100, 0]", "[100, 0, 0]", "pair.3dbx:9", "3 values"),
    ("pair.3dbx", "[100, 0]", "[100, .nan]", "pair.3dbx:9", "'.nan'"),
    ("pair.3dbx", "z: 300", "z: 3_0", "pair.3dbx:10", "'3_0'"),
    ("pair.3dbx", "orient: MZ", "orient: UP", "pair.3dbx:11", "'UP'"),
    ("pair.3dbx", "orient: MZ", "orient: MZ\n    z: 5", "pair.3dbx:12", "the key 'z' twice"),
    ("pair.3dbx", "bot: a.regions.face", "bot: a.face", "pair.3dbx:13", "'a.face'"),
    ("pair.3dbx", "bot: ~", "end: ~", "pair.3dbx:14", "without bot"),
    ("pair.3dbx", "{reference: lower}", "&x {reference: lower}", "pair.3dbx:4", "an anchor"),
    ("pair.3dbx", "[a.regions.face]", "[[[", "pair.3dbx:17", "a syntax error"),
    ("dies.3dbv", "type: die", "type: cake", "dies.3dbv:6", "'cake'"),
    ("dies.3dbv", "side: front", "side: left", "dies.3dbv:11", "'left'"),
    ("dies.3dbv", "design_area: [1000, 800]", "design_area: [0, 800]", "dies.3dbv:7", "area of 0 × 800"),
    ("dies.3dbv", "thickness: 300", "thickness: -300", "dies.3dbv:8", "a thickness of -300 µm"),
    ("dies.3dbv", "        coords: [[0, 0], [1000", "        corner: [[0, 0], [1000", "dies.3dbv:11", "without coords"),
    ("dies.3dbv", "[[0, 0], [1000, 0], [1000, 800], [0, 800]]", "[[0, 0]]", "dies.3dbv:12", "1 corners"),
    ("dies.3dbv", "bmap: lower.bmap", "bmap: over.bmap", "dies.3dbv:13", "no file"),
    ("lower.bmap", "p2 BUMP 410 100 d d", "p2 BUMP 410 100 d", "lower.bmap:3", "5 columns"),
    ("lower.bmap", "p2 BUMP 410", "p2 BUMP 4x0", "lower.bmap:3", "'4x0 100'"),
    ("lower.bmap", "p2 BUMP 410", "p2 BUMP 1e300", "lower.bmap:3", "'1e300 100'"),
    ("lower.bmap", "p2 BUMP", "p1 BUMP", "lower.bmap:3", "the bump 'p1' twice"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "where", "said"), FAULTS)
def test_a_fault_is_named_with_its_line(tmp_path: Path, name: str, old: str, new: str, where: str, said: str) -> None:
    path = write(tmp_path)
    text = (tmp_path / name).read_text(encoding="utf-8")
    assert old in text
    (tmp_path / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as raised:
        read_threedblox([path], ImportOptions())
    assert f"{where}: " in str(raised.value) and said in str(raised.value), str(raised.value)


def test_a_chiplet_comes_from_one_file(tmp_path: Path) -> None:
    """The same file included twice is one; another with the same chiplet is a fault."""
    path = write(tmp_path)
    chiplets, text = (tmp_path / "dies.3dbv").read_text(encoding="utf-8"), path.read_text(encoding="utf-8")
    (tmp_path / "more.3dbv").write_text(chiplets, encoding="utf-8")
    alone = read_threedblox([path], ImportOptions())
    path.write_text(text.replace("[dies.3dbv]", "[dies.3dbv, dies.3dbv]", 1), encoding="utf-8")
    assert read_threedblox([path], ImportOptions()).components == alone.components
    path.write_text(text.replace("[dies.3dbv]", "[dies.3dbv, more.3dbv]", 1), encoding="utf-8")
    with pytest.raises(InputError, match=r"more\.3dbv: found the chiplet 'lower' twice"):
        read_threedblox([path], ImportOptions())


def test_files_that_are_traps(tmp_path: Path) -> None:
    bomb = "".join(f"x{k}: &a{k} [{', '.join([f'*a{k - 1}'] * 9) if k else '1'}]\n" for k in range(9))
    growth = "".join(f"#!define x{k} x{k + 1}{' x' + str(k + 1):s}\n" for k in range(60)) + "a: x0\n" * 50
    for text in (
        bomb,
        growth,
        "[" * 5000,
        "- " * 5000,
        "a: 1\n---\nb: 2\n",
        "? [a]\n: b\n",
        "\x00",
        "a: \x07",
        "",
        "5",
    ):
        path = tmp_path / "trap.3dbx"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(InputError):
            read_threedblox([path], ImportOptions())
    with pytest.raises(InputError, match="2 files"):
        read_threedblox([path, path], ImportOptions())


def test_a_bump_without_a_width_is_no_land(tmp_path: Path) -> None:
    port = "MACRO BUMP\n SIZE 60 BY 60 ;\n PIN PAD PORT LAYER M1 ; RECT -20 {0} 20 {1} ; END END PAD\nEND BUMP\n"
    for low, high, lands in ((0, 0, set()), (-5, 5, {"BUMP"})):
        file = tmp_path / "cells.lef"
        file.write_text(port.format(low, high) + "END LIBRARY\n", encoding="utf-8")
        assert cell_lands([file], {"BUMP"}).keys() == lands
    assert read_threedblox(
        [write(tmp_path, cells__lef=port.format(0, 0) + "END LIBRARY\n")], ImportOptions()
    ).components


NAMES = ("pair.3dbx", "dies.3dbv", "lower.bmap", "upper.bmap", "cells.lef")
WORDS = ("", "~", "-", ":", "{", "}", "[", "]", "0", "-1", "1e308", "nan", "inf", "1_0", "R90", "*a", "&a x",
         "!!python/x y", "\n", "\t", "é", "'", '"', "#!define a b\n", "front", "back", "substrate", "upper.bmap",
         "pair.3dbx")  # fmt: skip


@settings(max_examples=200)
@given(data=st.data())
def test_nothing_but_input_errors_comes_of_broken_files(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.getbasetemp() / "mutated"
    folder.mkdir(exist_ok=True)
    path = write(folder)
    for _ in range(data.draw(st.integers(1, 4))):
        file = folder / data.draw(st.sampled_from(NAMES))
        text = file.read_text(encoding="utf-8")
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.integers(0, 12)))
        put = data.draw(st.sampled_from((*WORDS, text[start:end] * 2)))
        file.write_text(text[:start] + put + text[end:], encoding="utf-8")
    try:
        assert read_threedblox([path], ImportOptions()).components
    except InputError as error:
        assert str(error)
