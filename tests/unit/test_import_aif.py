"""AIF 2.0 of one die and several into drafts: units, rows, shapes of pads, grids of balls, and each kind of fault."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from aif_files import DATABASE, GRID, SEVERAL, SINGLE, draft, part

from router.model.draft import DraftPad
from router.model.geometry import Box
from router.model.pdk import ShapeKind, TerminalKind
from router.model.units import Unit
from router.read.formats.options import View


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
