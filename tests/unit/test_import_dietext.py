"""Die text files into drafts: headers, columns, placements, which file is the package, and each kind of fault."""

from __future__ import annotations

from pathlib import Path

import pytest
from faults import one_fault
from hypothesis import given, settings
from hypothesis import strategies as st
from import_mutations import mutated

from router.model.draft import Draft
from router.model.errors import InputError
from router.model.geometry import Box
from router.model.pdk import TerminalKind
from router.model.units import Unit
from router.read.formats.dietext import read_dietext
from router.read.formats.options import ImportOptions, View

HEADER = """File: C:\\T1.txt
Date: Tue Aug 07 12:00:00 2018
"Units: microns, 2 decimal places"
Name: T1
DEF Design: DIE
RefDes: U1
DieType: Flipchip
DieOrient: ChipDown
Origin: (-200.00 250.00)
Rotation: 0.000
Extents: ((-160.00 -150.00) (160.00 150.00))
"""
COLUMNS = "Pin Number\tPadstack\tX Coord\tY Coord\tRotation\tPin Use\tNet Name\n"
PINS = "1\tDIE_PAD\t-140.00\t140.00\t0\tBI\tA\n2\tDIE_PAD\t-100.00\t140.00\t0\tGROUND\tVSS\n3\tDIE_PAD\t0\t0\t0\tBI\t\n"
DIE = f"{HEADER}\n{COLUMNS}{PINS}"
BASE = (
    DIE.replace("U1", "BASE")
    .replace("(-200.00 250.00)", "(0 0)")
    .replace("((-160.00 -150.00) (160.00 150.00))", "((-900,-800)(900,800))")
)


def draft(folder: Path, *texts: str, **options: object) -> Draft:
    files = []
    for number, text in enumerate(texts, 1):
        files.append(folder / f"d{number}.txt")
        files[-1].write_text(text, encoding="utf-8")
    return read_dietext(files, ImportOptions(**options))  # type: ignore[arg-type]


def test_a_die(tmp_path: Path) -> None:
    found = draft(tmp_path, DIE)
    (die,) = found.components
    assert (die.name, die.kind, die.outline) == ("U1", "die", Box(-160_000, -150_000, 160_000, 150_000))
    assert [(pin.name, pin.x, pin.y, pin.net) for pin in die.pins] == [
        *(("1", -140_000, 140_000, "A"), ("2", -100_000, 140_000, "VSS"), ("3", 0, 0, ""))
    ]
    (pad,) = found.pads.values()
    assert (pad.name, pad.kind, pad.width) == ("DIE_PAD bump", TerminalKind.BUMP, 0)
    assert found.lost == ("U1: columns pin use",)
    assert found.outline is None


@pytest.mark.parametrize(
    "text",
    [
        DIE.replace("\n", "\t\t\t\t\r\n"),
        HEADER + COLUMNS.replace("\t", "   ") + PINS.replace("\t", "  "),
        HEADER + COLUMNS.replace("\t", " ") + PINS.replace("\t", " "),
        HEADER + COLUMNS.replace("\t", ",") + PINS.replace("\t", ","),
        "# comment\n" + HEADER + "\n# pins\n" + COLUMNS + "# one\n" + PINS + "\t\t\t\n\n",
        DIE.replace("Pin Number", "PIN NUMBER").replace("X Coord", "x coordinate"),
    ],
)
def test_line_ends_delimiters_comments(tmp_path: Path, text: str) -> None:
    assert draft(tmp_path, text).components == draft(tmp_path, DIE).components


def test_chips_face_down_are_seen_through_their_backs(tmp_path: Path) -> None:
    down, up = draft(tmp_path, DIE), draft(tmp_path, DIE.replace("ChipDown", "ChipUp"))
    assert (down.components[0].view, down.components[0].at) == ("top", (200_000, 250_000))
    assert (up.components[0].view, up.components[0].at) == ("bottom", (-200_000, 250_000))
    forced = draft(tmp_path, DIE, view=View.BOTTOM).components[0]
    assert (forced.view, forced.at) == ("bottom", (-200_000, 250_000))
    mixed = draft(tmp_path, DIE, DIE.replace("U1", "U2").replace("ChipDown", "ChipUp"))
    assert [part.view for part in mixed.components] == ["top", "top"]
    assert any("ChipUp of U2" in loss for loss in mixed.lost)


@pytest.mark.parametrize("turn", [0, 90, 180, 270, -90, 360])
@pytest.mark.parametrize("view", list(View))
def test_one_frame_from_either_side(tmp_path: Path, turn: int, view: View) -> None:
    """Seen from above, all pins come to lie at the mirror image of where they are seen from below."""
    found = draft(tmp_path, DIE.replace("Rotation: 0.000", f"Rotation: {turn}.0"), view=view)
    (die,) = found.components
    placed = die.placement.apply(Box(-140_000, 140_000, -100_000, 140_000).ring())[0].tolist()
    x, y = {0: (-140, 140), 90: (-140, -140), 180: (140, -140), 270: (140, 140)}[turn % 360]
    sign = -1 if view is View.TOP else 1
    assert placed == [sign * (x - 200) * 1000, (y + 250) * 1000]


def test_the_file_that_holds_all_others_is_the_package(tmp_path: Path) -> None:
    found = draft(tmp_path, DIE, BASE)
    assert [(part.name, part.kind) for part in found.components] == [("U1", "die"), ("BASE", "balls")]
    assert found.outline == Box(-900_000, -800_000, 900_000, 800_000)
    assert found.name == "BASE"
    assert {pad.kind for pad in found.pads.values()} == {TerminalKind.BUMP, TerminalKind.BALL}
    # Two alike: none is the package of the other.
    assert {part.kind for part in draft(tmp_path, DIE, DIE.replace("U1", "U2")).components} == {"die"}


def test_a_list_says_which_files_are_dies(tmp_path: Path) -> None:
    found = draft(tmp_path, DIE, BASE, "BASE\n\n")
    assert [(part.name, part.kind) for part in found.components] == [("U1", "balls"), ("BASE", "die")]
    assert {part.kind for part in draft(tmp_path, DIE, BASE, "BASE\nU1\n").components} == {"die"}
    with pytest.raises(InputError, match="but no such die"):
        draft(tmp_path, DIE, BASE, "U7\n")
    with pytest.raises(InputError, match="one package at most"):
        draft(tmp_path, DIE, BASE, DIE.replace("U1", "U2"), "U2\n")
    with pytest.raises(InputError, match="the die text files too"):
        draft(tmp_path, "U1\n")


def test_sizes_from_names_of_padstacks_and_the_option(tmp_path: Path) -> None:
    text = DIE.replace("2\tDIE_PAD", "2\tpad_30x20um")
    found = draft(tmp_path, text, pad_size=(25_000, 25_000))
    assert [(pad.width, pad.height) for pad in found.pads.values()] == [(25_000, 25_000), (30_000, 20_000)]
    assert any("its size is that in its name" in guess for guess in found.guesses)


def test_units(tmp_path: Path) -> None:
    mils = draft(tmp_path, DIE.replace("microns", "mils")).components[0]
    assert (mils.pins[0].x, mils.at, mils.outline) == (
        -3_556_000,
        (5_080_000, 6_350_000),
        Box(-4_064_000, -3_810_000, 4_064_000, 3_810_000),
    )
    without = DIE.replace('"Units: microns, 2 decimal places"\n', "")
    assert draft(tmp_path, without, unit=Unit.MM).components[0].pins[0].x == -140_000_000
    assert any("names no units" in guess for guess in draft(tmp_path, without).guesses)


def test_wire_bonded_dies_have_pads(tmp_path: Path) -> None:
    found = draft(tmp_path, DIE.replace("Flipchip", "WireBond"))
    assert {pad.kind for pad in found.pads.values()} == {TerminalKind.PAD}


def test_what_is_left_behind_is_named(tmp_path: Path) -> None:
    text = DIE.replace("Rotation: 0", "Owner: me\nRotation: 0").replace("140.00\t0\tBI", "140.00\t45\tBI")
    found = draft(tmp_path, text + "\nPadstack Definitions\nDIE_PAD circle 20\n")
    assert found.lost == (
        "U1: columns pin use",
        "U1: lines owner of the header",
        "U1: what follows the pins from line 19 on: Padstack …",
        "U1: rotations of pins",
    )


def with_pin(row: str) -> str:
    return DIE + row + "\n"


@pytest.mark.parametrize(
    ("text", "where", "expected"),
    [
        ("", "d1.txt", "a line as Pin Number"),
        (HEADER, "d1.txt", "a line as Pin Number"),
        (HEADER + COLUMNS, "d1.txt", "one pin a line"),
        ("what is this\n" + DIE, ":1", "Key: value"),
        (DIE.replace("Name: T1", "RefDes: U1"), ":6", "the one of line 4"),
        (DIE.replace("microns", "ells"), ":3", "microns, mils"),
        (DIE.replace('"Units: microns, 2 decimal places"', "Units:"), ":3", "microns, mils"),
        (DIE.replace("ChipDown", "ChipSide"), ":8", "ChipDown or ChipUp"),
        (DIE.replace("(-200.00 250.00)", "(-200.00)"), ":9", "(x y)"),
        (DIE.replace("(-200.00 250.00)", "(-200.00 1e9)"), ":9", "(x y)"),
        (DIE.replace("Rotation: 0.000", "Rotation: 45"), ":10", "a multiple of 90 degrees"),
        (DIE.replace("Rotation: 0.000", "Rotation: right"), ":10", "a multiple of 90 degrees"),
        (DIE.replace("(160.00 150.00)", "160.00 150.00"), ":11", "((x0 y0) (x1 y1))"),
        (DIE.replace("(160.00 150.00)", "(-160.00 150.00)"), ":11", "x0 < x1"),
        (with_pin("4\tP\t1.0\ttwo\t0\tBI\tA"), ":17", "a number up to 1e+06"),
        (with_pin("4\tP\t1.0\t1e7\t0\tBI\tA"), ":17", "a number up to 1e+06"),
        (with_pin("4\tP\t1.0\tnan\t0\tBI\tA"), ":17", "a number up to 1e+06"),
        (with_pin("4\tP\t1.0"), ":17", "7 as in the line of their names"),
        (with_pin("4\tP\t1\t2\t0\tBI\tA\tB"), ":17", "7 as in the line of their names"),
        (with_pin("2\tP\t1\t2\t0\tBI\tA"), ":17", "on line 15 too"),
        (DIE.replace("Pin Number", "\t".join(["q"] * 100)), ":13", "at most 100"),
        ("".join(f"k{n}: v\n" for n in range(101)), ":101", "a line as Pin Number"),
    ],
)
def test_faults_name_their_line(tmp_path: Path, text: str, where: str, expected: str) -> None:
    with one_fault(where, expected):
        draft(tmp_path, text)


def test_faults_between_files(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"d2\.txt: found the name 'U1' of d1\.txt too"):
        draft(tmp_path, DIE, DIE)
    with pytest.raises(InputError, match="a readable file"):
        read_dietext([tmp_path / "none.txt"], ImportOptions())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("dietext")


@settings(max_examples=150)
@given(first=mutated(DIE), second=mutated(BASE.replace("\t", "  ")))
def test_mutated_files_are_read_or_refused(folder: Path, first: bytes, second: bytes) -> None:
    files = [folder / "a.txt", folder / "b.txt"]
    for path, data in zip(files, (first, second), strict=True):
        path.write_bytes(data)
    for chosen in (files[:1], files):
        try:
            found = read_dietext(chosen, ImportOptions())
        except InputError as error:
            assert "\n" not in str(error)
            continue
        assert all(pin.pad in found.pads for part in found.components for pin in part.pins)


_LINE = st.sampled_from(
    [*DIE.splitlines(), *BASE.splitlines(), "X Y Net", "1 2 N", "", "\t\t", "Extents: ((0 0)(1 1))"]
)


@settings(max_examples=150)
@given(lines=st.lists(_LINE | st.text(max_size=20), max_size=25))
def test_generated_files_are_read_or_refused(folder: Path, lines: list[str]) -> None:
    path = folder / "c.txt"
    path.write_bytes("\n".join(lines).encode("utf-8", "surrogatepass"))
    try:
        found = read_dietext([path], ImportOptions())
    except InputError as error:
        assert "\n" not in str(error)
        return
    assert sum(len(part.pins) for part in found.components) >= 1
