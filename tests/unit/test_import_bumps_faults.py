"""Tables that are broken are refused with their line, whatever stands in them."""

from __future__ import annotations

from pathlib import Path

import pytest
from bumps_tables import PLAIN, draft
from faults import one_fault
from hypothesis import given, settings
from hypothesis import strategies as st
from import_mutations import mutated

from router.model.errors import InputError
from router.model.units import Unit
from router.read.formats.bumps import read_bumps
from router.read.formats.options import ImportOptions, Origin


@pytest.mark.parametrize(
    ("text", "where", "expected"),
    [
        ("", "chip.csv", "a header line"),
        ("pin,x,y\n", "chip.csv", "at least one row"),
        ("1,2.5,3.5\n2,4.5,5.5\n", "chip.csv", "a header line with x and y"),
        ("pin,x,net\nA,1,N\n", "chip.csv", "a header line with x and y"),
        ("pin,x,y\nA,1\n", "chip.csv:2", "3 as in the header 'pin, x, y'"),
        ("pin x y\nA 1 2 3\n", "chip.csv:2", "3 as in the header"),
        ("pin,x,x,y\nA,1,1,2\n", "chip.csv:1", "headers that occur once"),
        ("pin,x,y\nA,1,two\n", "chip.csv:2", "a finite number up to 1e+06 in column y"),
        ("pin,x_mm,y_mm\nA,1,2\nB,1001,2\n", "chip.csv:3", "a finite number up to 1000 in column x_mm"),
        ("pin,x,y\nA,nan,2\n", "chip.csv:2", "a finite number"),
        ("pin,x,y\nA,1_0,2\n", "chip.csv:2", "a finite number"),
        ("pin,x,y\nA,1,2\n\nA,3,4\n", "chip.csv:4", "on line 2 too"),
        ("pin,x,y,width\nA,1,2,0\n", "chip.csv:2", "sizes above 0"),
        ("pin,x,y,width,height\nA,1,2,3,-3\n", "chip.csv:2", "sizes above 0"),
        ("pin,x,y,shape\nA,1,2,star\n", "chip.csv:2", "one of circle"),
        ("pin,x,y,width,height,shape\nA,1,2,3,4,circle\n", "chip.csv:2", "one diameter"),
        ("pin,x,y,kind\nA,1,2,finger\n", "chip.csv:2", "one of bump"),
        ("pin,x,y,orientation\nA,1,2,R45\n", "chip.csv:2", "one of R0"),
        ("component,kind,pin,x,y\nU,bump,1,0,0\nU,ball,2,9,9\n", "chip.csv:3", "one kind of component"),
        ('pin,x,y\n"A,1,2\n', "chip.csv:2", "CSV"),
        ("x" * 1_000_001, "chip.csv:1", "shorter lines"),
        ("".join(f"h{n}," for n in range(1001)) + "x\n", "chip.csv:1", "at most 1000"),
    ],
)
def test_faults_name_their_line(tmp_path: Path, text: str, where: str, expected: str) -> None:
    with one_fault(where, expected):
        draft(tmp_path, text)


def test_faults_of_files_and_between_them(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="one file for each component"):
        draft(tmp_path, "die,x,y\nother,0,0\n", PLAIN)
    with pytest.raises(InputError, match="columns for width and height, or --pad-size"):
        draft(tmp_path, "pin,x,y\n1,0,0\n", origin=Origin.CORNER)
    with pytest.raises(InputError, match="a readable file"):
        read_bumps([tmp_path / "none.csv"], ImportOptions())
    with pytest.raises(InputError, match="a readable file"):
        read_bumps([tmp_path], ImportOptions())
    (tmp_path / "latin.csv").write_bytes("pin,x,y\nA,0,0\nÄ,1,1\n".encode("latin-1"))
    with pytest.raises(InputError, match=r"latin\.csv:3: found byte 0xc4; expected text in UTF-8"):
        read_bumps([tmp_path / "latin.csv"], ImportOptions())


FULL = (
    "component,kind,pin,x_um,y_um,width_um,height_um,shape,orientation,net\n"
    "U1,bump,A1,-100.5,50,40,40,circle,R0,N1\nU1,pad,A2,100,50,40,60,rect,MX90,N2\n"
    "B,ball,A1,-500,0,240,240,circle,,N1\nC1,contact,1,10,900,90,30,,N,VDD\n"
)


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bumps") / "t.csv"


@settings(max_examples=150)
@given(data=mutated(FULL), origin=st.sampled_from([None, *Origin]), unit=st.sampled_from([None, *Unit]))
def test_mutated_tables_are_read_or_refused(table: Path, data: bytes, origin: Origin | None, unit: Unit | None) -> None:
    table.write_bytes(data)
    try:
        found = read_bumps([table], ImportOptions(origin=origin, unit=unit, die_size=(300_000, 300_000)))
    except InputError as error:
        assert "\n" not in str(error)
        return
    assert all(pin.pad in found.pads for part in found.components for pin in part.pins)


_CELL = st.sampled_from(["x", "y", "net", "pin", "1", "-2.5", "", "A", "x_mm", "shape", "kind", "width"]) | st.text(
    max_size=4
)


@settings(max_examples=200)
@given(rows=st.lists(st.lists(_CELL, max_size=6), max_size=6), delimiter=st.sampled_from([",", ";", "\t", " "]))
def test_generated_tables_are_read_or_refused(table: Path, rows: list[list[str]], delimiter: str) -> None:
    text = "\n".join(delimiter.join(row) for row in rows)
    table.write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        found = read_bumps([table], ImportOptions())
    except InputError as error:
        assert "\n" not in str(error)
        return
    assert sum(len(part.pins) for part in found.components) >= 1
