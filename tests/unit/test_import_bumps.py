"""Bump tables of all kinds into drafts: headers, delimiters, units, origins, kinds, shapes, and each kind of fault."""

from __future__ import annotations

from pathlib import Path

import pytest
from bumps_tables import PLAIN, draft

from router.model.draft import Draft, DraftComponent, DraftPin
from router.model.errors import InputError
from router.model.geometry import Box
from router.model.pdk import ShapeKind, TerminalKind
from router.model.units import Unit
from router.read.formats.options import Origin, View


def only(found: Draft) -> DraftComponent:
    (part,) = found.components
    return part


def places(part: DraftComponent) -> dict[str, tuple[int, int]]:
    return {pin.name: (pin.x, pin.y) for pin in part.pins}


def test_a_table_becomes_a_die_named_after_its_file(tmp_path: Path) -> None:
    found = draft(tmp_path, PLAIN)
    part = only(found)
    assert (part.name, part.kind, part.view, part.outline) == ("chip", "die", "bottom", None)
    assert part.pins[0] == DraftPin("A", -100_000, 50_000, part.pins[0].pad, "N1")
    assert [pin.net for pin in part.pins] == ["N1", "N2", ""]
    (pad,) = found.pads.values()
    assert (pad.kind, pad.shape, pad.width, pad.height) == (TerminalKind.BUMP, ShapeKind.CIRCLE, 40_000, 40_000)
    assert found.name == "" and not found.lost
    assert any("--view top" in guess for guess in found.guesses)
    assert any("--origin corner" in guess for guess in found.guesses)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "   "])
def test_any_delimiter(tmp_path: Path, delimiter: str) -> None:
    assert only(draft(tmp_path, PLAIN.replace(",", delimiter))) == only(draft(tmp_path, PLAIN))


def test_decimal_commas_between_semicolons(tmp_path: Path) -> None:
    """As a spreadsheet saves it where a comma is the decimal sign; between tabs a comma could stand for thousands."""
    text = "sep=;\nBall No.;X [mm];Y [mm];Diameter (mm);Signal Name\nA1;-0,75;0,5;0,25;CLK\nA2;0;1.5;0,25;VSS\n"
    found = draft(tmp_path, text)
    assert only(found).kind == "balls"
    assert places(only(found)) == {"A1": (-750_000, 500_000), "A2": (0, 1_500_000)}
    assert any("commas in numbers are decimal points" in guess for guess in found.guesses)
    with pytest.raises(InputError, match=r":2: found '-0,75'; expected a finite .*; decimal commas need semicolons"):
        draft(tmp_path, text.removeprefix("sep=;\n").replace(";", "\t"))
    with pytest.raises(InputError, match=r"chip\.csv:3: found '-1\.000,75'; expected a finite number.*\]$"):
        draft(tmp_path, text.replace("-0,75", "-1.000,75"))


def test_a_workbook_is_called_one(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"found an archive, as workbooks .* expected a table saved as text \(CSV\)"):
        draft(tmp_path, "PK\x03\x04\x14\x00")


def test_line_ends_comments_blank_lines_and_a_mark_of_order(tmp_path: Path) -> None:
    text = "\ufeff# bumps\n\n" + PLAIN.replace("\n", "\r\n") + "\r\n# end\r\n"
    assert only(draft(tmp_path, text)) == only(draft(tmp_path, PLAIN))


def test_titles_before_the_header_are_not_carried(tmp_path: Path) -> None:
    # As spreadsheets save a table that begins below its title.
    found = draft(tmp_path, "Falcon bump list rev C,,,\n,,,\n" + PLAIN)
    assert only(found) == only(draft(tmp_path, PLAIN))
    assert [said for said in found.lost if "Falcon" in said] == ["chip.csv: the title 'Falcon bump list rev C'"]


def test_lines_that_end_as_on_the_macintosh(tmp_path: Path) -> None:
    assert only(draft(tmp_path, PLAIN.replace("\n", "\r"))) == only(draft(tmp_path, PLAIN))
    with pytest.raises(InputError, match=r":3: found 'x'; expected a finite number"):
        draft(tmp_path, "bump,x,y,net\r1,0,0,A\r2,x,0,B\r")


@pytest.mark.parametrize(
    ("header", "row", "place"),
    [
        (
            "Ubump_inst,Object_type,Reference_name,Orientation,X_origin,Y_origin,Port_name,Net_Name",
            "U,i,c,R0,3,4,p,N",
            1,
        ),
        ("Bump_ID,Name,Center_X,Center_Y,Width,Height", "U,N,3,4,5,6", 1),
        ("bump_cell,signal,x_um,y_um", "c,N,3,4", 1),
        ("ball,x_um,y_um,net", "U,3,4,N", 1),
        ("Pin Number;Pin Name;X Coord;Y Coord;Net Name", "U;u;3;4;N", 1),
        ("pin,x_mm,y_mm,net", "U,3,4,N", 1000),
        ("pin,x (nm),y[nm],net", "U,3000,4000,N", 1),
        ("pin,X(um),Y (µm),net", "U,3,4,N", 1),
        ("pin,x_mil,y_inch,net", "U,3,.004,N", 25.4),
        ("name,x,y", "N,3,4", 1),
    ],
)
def test_headers_of_the_field(tmp_path: Path, header: str, row: str, place: float) -> None:
    part = only(draft(tmp_path, f"{header}\n{row}\n"))
    (pin,) = part.pins
    assert (pin.x, pin.y) == (round(3000 * place), round(4000 * place))
    assert pin.net == "N"


@pytest.mark.parametrize("header", ["Pad#", "Pad #", "BALL #", "pin#", "Bump No."])
def test_a_pin_is_called_by_its_number(tmp_path: Path, header: str) -> None:
    (pin,) = only(draft(tmp_path, f"X,Y,{header},Signal\n3,4,U7,N\n")).pins
    assert (pin.name, pin.net) == ("U7", "N")


def test_the_option_counts_where_no_header_names_a_unit(tmp_path: Path) -> None:
    text = "pin,x,y_um,net\nA,1,1,N\n"
    assert places(only(draft(tmp_path, text, unit=Unit.MM))) == {"A": (1_000_000, 1_000)}
    assert any("--units" in guess for guess in draft(tmp_path, text).guesses)
    assert not any("--units" in guess for guess in draft(tmp_path, PLAIN).guesses)


def test_kinds_by_header_and_by_column(tmp_path: Path) -> None:
    found = draft(tmp_path, "pad,x,y\n1,0,0\n", "ball,x,y\nA1,0,0\n")
    assert [part.kind for part in found.components] == ["die", "balls"]
    assert [pad.kind for pad in found.pads.values()] == [TerminalKind.PAD, TerminalKind.BALL]
    assert [pad.shape for pad in found.pads.values()] == [ShapeKind.RECT, ShapeKind.CIRCLE]
    # Pads with the balls that they go to: the places are those of the pads.
    found = draft(tmp_path, "pad,x,y,net,ball\n1,0,0,N,A7\n")
    assert (only(found).kind, places(only(found))) == ("die", {"1": (0, 0)})
    assert found.lost == ("chip.csv: columns ball",)
    text = "kind,component,pin,x,y\nbump,U1,1,0,0\ncontact,C1,1,9,0\npillar,P,1,5,5\nball,B,1,0,9\n"
    parts = draft(tmp_path, text).components
    assert [(part.name, part.kind) for part in parts] == [
        *(("U1", "die"), ("C1", "passive"), ("P", "pillars"), ("B", "balls"))
    ]


def test_components_by_column_and_several_files(tmp_path: Path) -> None:
    found = draft(tmp_path, "die,pin,x,y\nD1,1,0,0\nD2,1,5,5\nD1,2,9,9\n", PLAIN)
    assert [part.name for part in found.components] == ["D1", "D2", "other"]
    assert places(found.components[0]) == {"1": (0, 0), "2": (9_000, 9_000)}
    assert draft(tmp_path, PLAIN, PLAIN, name="both").name == "both"


def test_pins_without_names_are_numbered(tmp_path: Path) -> None:
    found = draft(tmp_path, "signal,x,y\nN,0,0\nN,9,0\n")
    assert places(only(found)) == {"1": (0, 0), "2": (9_000, 0)}
    assert any("numbers of their rows" in guess for guess in found.guesses)
    # Signals under the header of names.
    found = draft(tmp_path, "name,x,y\nVSS,0,0\nVSS,9,0\n")
    assert [(pin.name, pin.net) for pin in only(found).pins] == [("1", "VSS"), ("2", "VSS")]


def test_sizes_and_shapes(tmp_path: Path) -> None:
    text = "pin,x,y,width,height,shape\n1,0,0,10,10,round\n2,50,0,10,10,square\n"
    text += "3,0,50,10,20,\n4,50,50,10,20,oval\n5,90,0,9,9,OCT\n"
    pads = list(draft(tmp_path, text).pads.values())
    assert [(pad.shape, pad.width, pad.height) for pad in pads] == [
        (ShapeKind.CIRCLE, 10_000, 10_000),
        (ShapeKind.RECT, 10_000, 10_000),
        (ShapeKind.RECT, 10_000, 20_000),
        (ShapeKind.OBLONG, 10_000, 20_000),
        (ShapeKind.OCTAGON, 9_000, 9_000),
    ]


def test_sizes_from_names_of_cells_and_from_the_option(tmp_path: Path) -> None:
    text = "bump_cell,signal,x,y\nbumpR1_85x85um,A,0,0\nbump,B,500,0\n"
    pads = list(draft(tmp_path, text).pads.values())
    assert [pad.width for pad in pads] == [85_000, 0]
    found = draft(tmp_path, text, pad_size=(40_000, 30_000))
    assert [(pad.width, pad.height) for pad in found.pads.values()] == [(85_000, 85_000), (40_000, 30_000)]
    assert any("bumpR1_85x85um" in guess for guess in found.guesses)
    assert any("as wide as high are round" in guess for guess in found.guesses)
    told = draft(tmp_path, "pin,x,y,diameter\nA,0,0,80\n")
    assert not any("as wide as high are round" in guess for guess in told.guesses)


@pytest.mark.parametrize(
    ("orientation", "centre", "size"),
    [
        ("R0", (2, 1), (4, 2)),
        ("R90", (-1, 2), (2, 4)),
        ("R180", (-2, -1), (4, 2)),
        ("R270", (1, -2), (2, 4)),
        ("MY", (-2, 1), (4, 2)),
        ("MX", (2, -1), (4, 2)),
        ("MX90", (1, 2), (2, 4)),
        ("MY90", (-1, -2), (2, 4)),
        ("mxr90", (1, 2), (2, 4)),
        ("N", (2, 1), (4, 2)),
        ("FS", (2, 1), (4, 2)),
        ("W", (1, 2), (2, 4)),
        ("FE", (1, 2), (2, 4)),
        ("-", (2, 1), (4, 2)),
    ],
)
def test_corners_with_their_orientations(
    tmp_path: Path, orientation: str, centre: tuple[int, int], size: tuple[int, int]
) -> None:
    text = f"pad,x,y,width,height,orientation\n1,0,0,4,2,{orientation}\n"
    found = draft(tmp_path, text, origin=Origin.CORNER)
    (pad,) = found.pads.values()
    assert places(only(found)) == {"1": (1000 * centre[0], 1000 * centre[1])}
    assert (pad.width, pad.height) == (1000 * size[0], 1000 * size[1])
    # As centres they stay where they are, and lie on their side all the same.
    found = draft(tmp_path, text, origin=Origin.CENTRE)
    assert places(only(found)) == {"1": (0, 0)}
    assert [pad.width for pad in found.pads.values()] == [1000 * size[0]]


def test_pads_on_their_die_off_it_and_across_its_edge(tmp_path: Path) -> None:
    text = "pad,x_um,y_um,width_um,height_um\n1,0,0,60,60\n2,440,440,60,60\n"
    inside = draft(tmp_path, text, die_size=(500_000, 500_000), origin=Origin.CORNER)
    assert only(inside).outline == Box(0, 0, 500_000, 500_000)
    assert not any("WARNING" in guess for guess in inside.guesses)
    across = draft(tmp_path, text, die_size=(500_000, 500_000))
    assert only(across).outline == Box(0, 0, 500_000, 500_000)
    assert any("WARNING" in guess and "0 pads off and 1 across" in guess for guess in across.guesses)
    off = draft(tmp_path, text, die_size=(400_000, 400_000))
    assert only(off).outline is None
    assert any("WARNING" in guess and "--origin" in guess and "1 pads off" in guess for guess in off.guesses)
    centred = draft(tmp_path, PLAIN, die_size=(300_000, 200_000))
    assert only(centred).outline == Box(-150_000, -100_000, 150_000, 100_000)


def test_view_of_all_parts(tmp_path: Path) -> None:
    found = draft(tmp_path, PLAIN, "ball,x,y\nA1,0,0\n", view=View.TOP)
    assert [part.view for part in found.components] == ["top", "top"]
    assert not any("--view" in guess for guess in found.guesses)


def test_names_and_columns_that_a_package_does_not_hold_are_said(tmp_path: Path) -> None:
    text = "component,pin,x,y,net,Comments\nU 1.a,é,0,0,a b,x\nU 1.a,è,99,0,a_b,y\n"
    found = draft(tmp_path, text)
    part = only(found)
    assert part.name == "U_1_a"
    assert [pin.name for pin in part.pins] == ["_", "__2"]
    assert [pin.net for pin in part.pins] == ["a_b", "a_b_2"]
    assert len([loss for loss in found.lost if "names changed" in loss]) == 3
    assert "chip.csv: columns Comments" in found.lost
