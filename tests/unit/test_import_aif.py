"""AIF 2.0 of one die and several into drafts: units, rows, shapes of pads, grids of balls, and each kind of fault."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from import_mutations import mutated

from router.model.draft import Draft, DraftComponent, DraftPad
from router.model.errors import InputError
from router.model.geometry import Box
from router.model.pdk import ShapeKind, TerminalKind
from router.model.units import Unit
from router.read.formats.aif import read_aif
from router.read.formats.options import ImportOptions, View

DATABASE = "[DATABASE]\nTYPE=AIF\nVERSION=2.0\nUNITS=UM\n"
SINGLE = f"""; one die
{DATABASE}[DIE]
NAME=D
WIDTH=11000 ; across
HEIGHT=10000
[BGA]
NAME=B
WIDTH=33000
HEIGHT=33000
PITCH=1270
CHAMFER=UR 250
[PADS]
BP750=CIRCLE 750
DP100=SQ 100
[RINGS]
VSS 1 2
[NETLIST]
NET3 3 DP100 -5270 4750 D3 BP750 -13335 12065
NET4\t4\tDP100\t-5270\t4250
NET5 5 DP100 -5270 3750 -
NET6 6 DP100 -5270 3250 - - - - F6 DP100 -7000 3250 45
VSS  - -     -     -    A1 BP750 -15875 15875
"""
SEVERAL = """[DATABASE]
TYPE=AIF
VERSION=2.0
UNITS=MM
MCM=TRUE
[MCM_DIE]
A0=D1
C0=D2, D3
[MCM_A0_D1]
WIDTH=2
HEIGHT=2
CENTER=-2.000, 0.000
[MCM_C0_D2]
WIDTH=1
HEIGHT=1
CENTER=0 0
[PADS]
dp=SQ .08
[NETLIST]
a D1.1 dp -2.4 0
b D2.1 dp 0 0
c D3.1 dp 2 0
- D1.2 dp -2 0
"""
GRID = """[DATABASE]
UNITS=MM
[BGA]
PITCH=1
POPULATION=4 3
BALL=CIRCLE .4
{more}
[PADS]
dp=SQ .08
[NETLIST]
a 1 dp 0 0 {ball}
"""


def draft(folder: Path, text: str, **options: object) -> Draft:
    (folder / "p.aif").write_text(text, encoding="utf-8")
    return read_aif([folder / "p.aif"], ImportOptions(**options))  # type: ignore[arg-type]


def part(found: Draft, name: str) -> DraftComponent:
    return next(part for part in found.components if part.name == name)


def pad_of(folder: Path, shape: str) -> DraftPad:
    """The pad of this shape, the one of a die."""
    text = f"{DATABASE}[PADS]\np={shape}\n[NETLIST]\nN 1 p 1 2\n"
    (pad,) = draft(folder, text).pads.values()
    return pad


def test_one_die_and_its_balls(tmp_path: Path) -> None:
    found = draft(tmp_path, SINGLE)
    die, balls = found.components
    assert (die.name, die.kind, balls.name, balls.kind) == ("D", "die", "B", "balls")
    assert [(pin.name, pin.x, pin.y, pin.net) for pin in die.pins] == [
        ("3", -5_270_000, 4_750_000, "NET3"),
        ("4", -5_270_000, 4_250_000, "NET4"),
        ("5", -5_270_000, 3_750_000, "NET5"),
        ("6", -5_270_000, 3_250_000, "NET6"),
    ]
    assert [(pin.name, pin.x, pin.y, pin.net) for pin in balls.pins] == [
        ("D3", -13_335_000, 12_065_000, "NET3"),
        ("A1", -15_875_000, 15_875_000, "VSS"),
    ]
    assert {pad.kind: (pad.shape, pad.width) for pad in found.pads.values()} == {
        TerminalKind.BUMP: (ShapeKind.RECT, 100_000),
        TerminalKind.BALL: (ShapeKind.CIRCLE, 750_000),
    }
    # Without CENTER the die lies about the middle of its pads.
    assert die.outline == Box(-10_770_000, -1_000_000, 230_000, 9_000_000)
    assert found.outline == Box(-16_500_000, -16_500_000, 16_500_000, 16_500_000)
    assert found.name == "B"


def test_what_a_package_does_not_carry_is_named(tmp_path: Path) -> None:
    lost = draft(tmp_path, SINGLE).lost
    assert lost == ("wire-bond fingers: F6", "CHAMFER of [BGA]", "section [RINGS] of 1 lines")


def test_the_file_is_seen_from_above_unless_said(tmp_path: Path) -> None:
    found = draft(tmp_path, SINGLE)
    assert {part.view for part in found.components} == {"top"}
    assert any("--view bottom" in guess for guess in found.guesses)
    assert {part.view for part in draft(tmp_path, SINGLE, view=View.BOTTOM).components} == {"bottom"}


def test_an_outline_off_the_middle_is_seen_from_above_too(tmp_path: Path) -> None:
    text = SINGLE.replace("PITCH=1270", "OUTLINE=POLYGON 1 0 4 -20000 -17000 30000 -17000 30000 17000 -20000 17000")
    assert draft(tmp_path, text).outline == Box(-30_000_000, -17_000_000, 20_000_000, 17_000_000)
    found = draft(tmp_path, text, view=View.BOTTOM)
    assert found.outline == Box(-20_000_000, -17_000_000, 30_000_000, 17_000_000)
    cut = text.replace("1 0 4 -20000 -17000", "1 0 5 -20000 0 0 -17000")
    assert any("the package is its box" in loss for loss in draft(tmp_path, cut).lost)


def test_several_dies(tmp_path: Path) -> None:
    found = draft(tmp_path, SEVERAL)
    assert [(die.name, [pin.name for pin in die.pins]) for die in found.components] == [
        *(("D1", ["1", "2"]), ("D2", ["1"]), ("D3", ["1"]))
    ]
    assert part(found, "D1").outline == Box(-3_000_000, -1_000_000, -1_000_000, 1_000_000)
    assert part(found, "D1").pins[1].net == ""
    assert part(found, "D3").outline is None
    assert found.outline is None


@pytest.mark.parametrize("sign", [".", "-", "_", ":", "/"])
def test_any_sign_stands_between_a_reference_and_its_pad(tmp_path: Path, sign: str) -> None:
    text = SEVERAL.replace("D1.", f"D1{sign}").replace("D2.", f"D2{sign}").replace("D3.", f"D3{sign}")
    found = draft(tmp_path, text)
    assert [die.name for die in found.components] == ["D1", "D2", "D3"]
    assert any(f"the reference of their die, {sign} and" in guess for guess in found.guesses)


@pytest.mark.parametrize(
    ("shape", "kind", "width", "height"),
    [
        ("SQUARE 100", ShapeKind.RECT, 100, 100),
        ("sq 100 5", ShapeKind.RECT, 100, 100),
        ("RECTANGLE 350 120 10", ShapeKind.RECT, 350, 120),
        ("RECT 350,120", ShapeKind.RECT, 350, 120),
        ("CIRCLE 750.5", ShapeKind.CIRCLE, 750.5, 750.5),
        ("ROUND 7", ShapeKind.CIRCLE, 7, 7),
        ("OBLONG 100 300", ShapeKind.OBLONG, 100, 300),
        ("OBROUND 100 300", ShapeKind.OBLONG, 100, 300),
        ("POLYGON 1 0 4 -5,-5 5,-5 5,5 -5,5", ShapeKind.RECT, 10, 10),
        ("POLY -5,-5 5,-5 5,5 -5,5", ShapeKind.RECT, 10, 10),
        ("POLY -5,-5 5,-5 5,5 0,5 0,0 -5,0", ShapeKind.OCTAGON, 10, 10),
        (
            "POLYGON 1 0 9 -38.27,92.39 38.27,92.39 92.39,38.27\n 92.39,-38.27 38.27,-92.39 -38.27,-92.39"
            "\n -92.39,-38.27 -92.39,38.27 -38.27,92.39",
            ShapeKind.OCTAGON,
            184.78,
            184.78,
        ),
    ],
)
def test_shapes_of_pads(tmp_path: Path, shape: str, kind: ShapeKind, width: float, height: float) -> None:
    pad = pad_of(tmp_path, shape)
    assert (pad.shape, pad.width, pad.height) == (kind, round(1000 * width), round(1000 * height))
    assert (pad.polygon is not None) == ("0,0" in shape), "kept where it is none of our shapes"


def test_a_polygon_off_its_pin_moves_the_pin(tmp_path: Path) -> None:
    text = f"{DATABASE}[PADS]\np=POLYGON 1 0 3 0,0 10,0 10,20\n[NETLIST]\nN 1 p 100 200\n"
    found = draft(tmp_path, text)
    (pin,), (pad,) = found.components[0].pins, found.pads.values()
    assert (pin.x, pin.y) == (105_000, 210_000)
    assert pad.polygon is not None
    assert np.array_equal(pad.polygon.min(axis=0), [-5_000, -10_000])


@pytest.mark.parametrize(("unit", "um"), [("um", 1), ("MM", 1000), ("cm", 10_000), ("INCH", 25_400), ("mil", 25.4)])
def test_units(tmp_path: Path, unit: str, um: float) -> None:
    text = f"[DATABASE]\nUNITS={unit}\n[PADS]\np=SQ 2\n[NETLIST]\nN 1 p 3 -4\n"
    found = draft(tmp_path, text)
    (pin,) = found.components[0].pins
    assert (pin.x, pin.y) == (round(3000 * um), round(-4000 * um))
    without = text.replace(f"UNITS={unit}\n", "TYPE=AIF\n")
    (pin,) = draft(tmp_path, without, unit=Unit.MIL).components[0].pins
    assert pin.x == 76_200
    assert any("no UNITS" in guess for guess in draft(tmp_path, without).guesses)


@pytest.mark.parametrize(
    ("corner", "place"),
    [("UL", (-1_500_000, 1_000_000)), ("UR", (1_500_000, 1_000_000)), ("LL", (-1_500_000, -1_000_000))],
)
def test_balls_of_the_grid(tmp_path: Path, corner: str, place: tuple[int, int]) -> None:
    found = draft(tmp_path, GRID.format(more=f"A1={corner}", ball="A1"))
    balls = part(found, "bga").pins
    assert len(balls) == 12
    assert (balls[0].name, balls[0].x, balls[0].y, balls[0].net) == ("A1", *place, "a")
    assert {pin.net for pin in balls[1:]} == {""}
    assert found.pads["usual ball"].width == 400_000


def test_a_grid_with_its_middle_taken_out_and_put_back(tmp_path: Path) -> None:
    more = "POPULATION=6 6\nDEPOPULATION=4 4\nREPOPULATION=2 2"
    found = draft(tmp_path, GRID.format(more=more, ball="A1"))
    assert len(part(found, "bga").pins) == 36 - 16 + 4
    # Named, but without a place: a ring, a ball that is not populated.
    found = draft(tmp_path, GRID.format(more=more, ball="B2"))
    assert "balls or rings without a place: B2" in found.lost


def test_rows_with_places_take_none_of_the_grid(tmp_path: Path) -> None:
    text = GRID.format(more="", ball="A1") + "b - - - - Q9 - 7 7\nc - - - - A2\n"
    found = draft(tmp_path, text)
    assert [(pin.name, pin.net, pin.x) for pin in part(found, "bga").pins] == [
        *(("Q9", "b", 7_000_000), ("A1", "a", -1_500_000), ("A2", "c", -500_000))
    ]


def test_a_pad_on_several_balls_and_a_ball_of_several_pads(tmp_path: Path) -> None:
    rows = "V 1 p 0 0 A1 p 900 0\nV 1 p 0 0 A2 p 900 200\nV 2 p 0 200 A1 p 900 0\n"
    found = draft(tmp_path, f"{DATABASE}[PADS]\np=SQ 20\n[NETLIST]\n{rows}")
    assert [len(part.pins) for part in found.components] == [2, 2]


def test_names_of_a_die_and_of_the_balls_are_kept_apart(tmp_path: Path) -> None:
    found = draft(tmp_path, SINGLE.replace("NAME=B", "NAME=D"))
    assert [part.name for part in found.components] == ["D", "D_balls"]


def test_reserved_characters_of_our_own_writer(tmp_path: Path) -> None:
    text = f"{DATABASE}[PADS]\np\\x3D=SQ 20\n[NETLIST]\nio\\x5B3\\x5D 1 p\\x3D 0 0\n"
    assert draft(tmp_path, text).components[0].pins[0].net == "io[3]"


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
    with pytest.raises(InputError) as caught:
        draft(tmp_path, text)
    assert caught.value.where.endswith(where), caught.value
    assert expected in caught.value.expected
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 1000


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
