"""AIF that is broken is refused with its line, and what it cannot say in a package is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from aif_files import DATABASE, GRID, SEVERAL, SINGLE, draft
from faults import one_fault
from hypothesis import given, settings
from hypothesis import strategies as st
from import_mutations import mutated

from router.model.errors import InputError
from router.read.formats.aif import read_aif
from router.read.formats.options import ImportOptions


def with_row(row: str) -> str:
    return SINGLE + row + "\n"


@pytest.mark.parametrize(
    ("text", "where", "expected"),
    [
        ("", "p.aif", "sections as"),
        ("NET 1 2 3 4\n", ":1", "a section as [DATABASE] first"),
        (SINGLE.replace("TYPE=AIF", "TYPE=DXF"), ":3", "TYPE=AIF"),
        (SINGLE.replace("VERSION=2.0", "VERSION=3.0"), ":4", "VERSION=2.0"),
        (SINGLE.replace("UNITS=UM", "UNITS=FURLONG"), ":5", "um, mm, cm, inch or mil"),
        (SINGLE.replace("WIDTH=11000", "WIDTH=wide"), ":8", "a number up to 1e+06"),
        (SINGLE.replace("WIDTH=11000", "WIDTH=0"), ":8", "a size above 0"),
        (SINGLE.replace("HEIGHT=10000", "HEIGHT=-1"), ":9", "a size above 0"),
        (SINGLE.replace("WIDTH=11000", "WIDTH=1 2"), ":8", "1 numbers"),
        (SINGLE.replace("NAME=D", "NAME=D\nCENTER=1"), ":8", "2 numbers"),
        (SINGLE.replace("WIDTH=33000", "OUTLINE=CIRCLE 3"), ":12", "POLYGON 1 thickness"),
        (SINGLE.replace("WIDTH=33000", "OUTLINE=POLYGON 1 0 3 0 0 1 0 2 0"), ":12", "a polygon with an area"),
        (SINGLE.replace("PITCH=1270", "A1=MIDDLE"), ":14", "one of UL"),
        (SINGLE.replace("PITCH=1270", "POPULATION=4"), ":14", "two whole numbers up to 10000"),
        (SINGLE.replace("PITCH=1270", "PITCH=1\nPOPULATION=9999 9999"), ":15", "at most 100000 balls"),
        (SINGLE.replace("PITCH=1270", "PITCH=0\nPOPULATION=3 3"), ":15", "a pitch above 0"),
        (SINGLE.replace("CIRCLE 750", "STAR 750"), ":17", "one of SQUARE"),
        (SINGLE.replace("CIRCLE 750", "CIRCLE"), ":17", "1 of them"),
        (SINGLE.replace("CIRCLE 750", "CIRCLE 0"), ":17", "sizes above 0"),
        (SINGLE.replace("CIRCLE 750", "RECT 750 -1"), ":17", "sizes above 0"),
        (SINGLE.replace("CIRCLE 750", ""), ":17", "one of SQUARE"),
        (SINGLE.replace("CIRCLE 750", "POLYGON 1 0 4 0 0 1 0 1 1"), ":17", "8 of them"),
        (SINGLE.replace("CIRCLE 750", "POLYGON 1 0 x 0 0"), ":17", "POLYGON polygons thickness"),
        (SINGLE.replace("CIRCLE 750", "POLYGON 1 0 ² 0 0"), ":17", "POLYGON polygons thickness"),
        (SINGLE.replace("CIRCLE 750", "POLYGON 1 0 4 0 0 1 1 1 0 0 1"), ":17", "does not cross itself"),
        (SINGLE.replace("CIRCLE 750", "POLY 0 0 1 1"), ":17", "x and y of 3"),
        (SINGLE.replace("DP100=SQ", "BP750=SQ"), ":18", "names that occur once"),
        (SINGLE.replace("BP750=CIRCLE 750", "CIRCLE 750"), ":17", "a pad as DP100=SQUARE 100"),
        (with_row("clock skew 7 DP100 1 2 3"), ":27", "5, 6, 9 or 14"),
        (with_row("N7 7 dp100 1 2"), ":27", "DP100 perhaps"),
        (with_row("N7 7 DP100 1 two"), ":27", "a number up to"),
        (with_row("N7 7 DP100 1 -"), ":27", "a number up to"),
        (with_row("N7 3 DP100 -5270 4750"), ":27", "the net of line 22"),
        (with_row("NET3 3 DP100 -5270 4751"), ":27", "the place or type of line 22"),
        (with_row("N7 - - - - A1 BP750 -15875 15875"), ":27", "the net of line 26"),
        (with_row("N7 - - - - A1"), ":27", "the net of line 26"),
        (f"{DATABASE}[NETLIST]\n", "p.aif", "rows in a section [NETLIST]"),
        (f"{DATABASE}[NETLIST]\nN 1 p 0 0\n", ":6", "a pad of a section [PADS]"),
        (SEVERAL.replace("[MCM_DIE]", "[OTHER]"), "p.aif", "a section [MCM_DIE]"),
        (SEVERAL.replace("A0=D1", "A0=D2"), ":8", "references that occur once"),
        (SEVERAL.replace("D3.1", "D4.1"), ":22", "REFERENCE.PAD with one of D1, D2, D3"),
        (SEVERAL.replace("D3.1", "31"), ":22", "REFERENCE.PAD"),
    ],
)
def test_faults_name_their_line(tmp_path: Path, text: str, where: str, expected: str) -> None:
    with one_fault(where, expected):
        draft(tmp_path, text)


def test_one_file_at_a_time(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"one \.aif file"):
        read_aif([tmp_path / "a.aif", tmp_path / "b.aif"], ImportOptions())


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("aif") / "t.aif"


@settings(max_examples=150)
@given(data=mutated(SINGLE) | mutated(SEVERAL) | mutated(GRID.format(more="A1=UL\nDEPOPULATION=2 1", ball="A1")))
def test_mutated_files_are_read_or_refused(file: Path, data: bytes) -> None:
    file.write_bytes(data)
    try:
        found = read_aif([file], ImportOptions())
    except InputError as error:
        assert "\n" not in str(error)
        return
    assert all(pin.pad in found.pads for part in found.components for pin in part.pins)


_LINE = st.sampled_from(
    [*SINGLE.splitlines(), *SEVERAL.splitlines(), *GRID.splitlines(), "p=POLYGON 1 0 3 0 0 9 0 0 9", "- - - - -"]
)


@settings(max_examples=150)
@given(lines=st.lists(_LINE | st.text(max_size=20), max_size=25))
def test_generated_files_are_read_or_refused(file: Path, lines: list[str]) -> None:
    file.write_bytes("\n".join(["[DATABASE]", "UNITS=UM", *lines]).encode("utf-8", "surrogatepass"))
    try:
        found = read_aif([file], ImportOptions())
    except InputError as error:
        assert "\n" not in str(error)
        return
    assert sum(len(part.pins) for part in found.components) >= 1
