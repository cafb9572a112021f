"""What a person says of tables with headers, names and origins of their own: `--column`, `--place`, units, names."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from router.exchange import import_package
from router.model.draft import Draft
from router.model.errors import InputError
from router.model.pdk import ShapeKind, TerminalKind
from router.read.formats.bumps import read_bumps
from router.read.formats.options import ImportOptions, View
from router.read.formats.placing import with_places

OWN = "Anschluss;Rechtswert (mm);Hochwert (mm);Ø (µm);Netz\nA1;-0,1;0,05;40;N1\nA2;0,1;0,05;40;N2\n"
COLUMNS = {"Anschluss": "pin", "Rechtswert (mm)": "x", "Hochwert (mm)": "y", "Ø (µm)": "width", "Netz": "net"}
CHIP = "bump,x,y,net\n1,-200,0,A\n2,200,0,B\n"


def read(folder: Path, table: str, **options: object) -> Draft:
    path = folder / "chip.csv"
    path.write_text(table, encoding="utf-8")
    return read_bumps([path], ImportOptions(**options))  # type: ignore[arg-type]


def test_headers_of_a_persons_own(tmp_path: Path) -> None:
    (part,) = read(tmp_path, OWN, columns=COLUMNS).components
    assert [(pin.name, pin.x, pin.y, pin.net) for pin in part.pins] == [
        ("A1", -100_000, 50_000, "N1"),
        ("A2", 100_000, 50_000, "N2"),
    ]
    (pad,) = read(tmp_path, OWN, columns=COLUMNS).pads.values()
    assert (pad.width, pad.height) == (40_000, 40_000)


def test_a_column_that_is_named_goes_before_one_that_is_known(tmp_path: Path) -> None:
    table = "bump,ball,x,y,X2,net\n1,A1,0,0,7,N\n"
    (part,) = read(tmp_path, table, columns={"ball": "pin", "X2": "x"}).components
    assert [(pin.name, pin.x) for pin in part.pins] == [("A1", 7_000)]


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({}, r"chip\.csv: found the header 'Anschluss, .*; --column names others"),
        ({"Netze": "net"}, r"--column Netze: found no such column; expected one of Anschluss, .*, Netz"),
        ({"Netz": "netz"}, r"--column Netz: found the part 'netz'; expected one of x, y, .*, net"),
        (
            {"Netz": "net", "Anschluss": "net"},
            "found both 'Netz' and 'Anschluss' as net; expected one column for a part",
        ),
    ],
)
def test_columns_that_are_none(tmp_path: Path, columns: dict[str, str], said: str) -> None:
    with pytest.raises(InputError, match=said):
        read(tmp_path, OWN, columns=columns)


@pytest.mark.parametrize("header", ["Bump Name", "bump_name", "BumpName", "Bump-Name"])
@pytest.mark.parametrize("place", ["{} Coordinate (um)", "{}Coord", "Pos {}", "{}_POSITION"])
def test_words_of_headers_are_parted_as_one_likes(tmp_path: Path, header: str, place: str) -> None:
    table = f"{header},{place.format('X')},{place.format('Y')},Dia,NetName\nA,1,2,30,N\n"
    found = read(tmp_path, table)
    assert [(pin.name, pin.x, pin.y, pin.net) for pin in found.components[0].pins] == [("A", 1_000, 2_000, "N")]
    (pad,) = found.pads.values()
    assert (pad.kind, pad.shape, pad.width) == (TerminalKind.BUMP, ShapeKind.CIRCLE, 30_000)


def test_names_of_pins_beside_their_numbers_are_signals(tmp_path: Path) -> None:
    """As in data sheets: many balls are called VSS."""
    (part,) = read(tmp_path, "Ball,Pin Name,x,y\nA1,VSS,0,0\nA2,CLK,400,0\nA3,VSS,800,0\n").components
    assert [(pin.name, pin.net) for pin in part.pins] == [("A1", "VSS"), ("A2", "CLK"), ("A3", "VSS")]


@pytest.mark.parametrize("view", list(View))
def test_a_component_lies_where_a_person_says_as_its_pins_are_seen(tmp_path: Path, view: View) -> None:
    draft = with_places(read(tmp_path, CHIP, view=view), {"chip": (1_000_000, 500_000, 90)})
    (part,) = draft.components
    seen = part.placement.apply(np.array([(pin.x, pin.y) for pin in part.pins])) * (1 if view is View.BOTTOM else -1, 1)
    assert seen.tolist() == [[1_000_000, 300_000], [1_000_000, 700_000]]


def test_places_that_are_none(tmp_path: Path) -> None:
    draft = read(tmp_path, CHIP)
    with pytest.raises(InputError, match=r"--place chap: found no such component; expected one of chip"):
        with_places(draft, {"chap": (0, 0, 0)})
    with pytest.raises(InputError, match=r"--place chip: found a turn of 45; expected 0, 90, 180 or 270 degrees"):
        with_places(draft, {"chip": (0, 0, 45)})


@pytest.mark.parametrize("pdk", ["", "fanout_10um"])
def test_tables_that_count_from_origins_of_their_own(tmp_path: Path, pdk: str) -> None:
    files = [tmp_path / f"{name}.csv" for name in ("soc", "hbm")]
    for file in files:
        file.write_text(CHIP, encoding="utf-8")
    with pytest.raises(InputError, match=r"a pitch of 0 µm, components of one origin \(--place moves one\)"):
        import_package("bumps", files, tmp_path / "p.toml", ImportOptions(pdk=pdk))
    for file, x in zip(files, ("200", "180"), strict=True):
        file.write_text("bump,x,y,diameter,net\n" + f"1,-{x},0,80,{file.stem}\n2,{x},0,80,N\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"overlapping lands of soc\.1 and hbm\.1, components of one origin \(--place"):
        import_package("bumps", files, tmp_path / "p.toml", ImportOptions(pdk=pdk))
    options = ImportOptions(pdk=pdk, places={"hbm": (0, 900_000, 0)})
    written = import_package("bumps", files, tmp_path / "p.toml", options)
    assert not any("--place" in guess for guess in written.guesses)
    design = written.design
    assert [(part.name, part.placement.x, part.placement.y) for part in design.components] == [
        ("soc", 0, 0),
        ("hbm", 0, 900_000),
    ]


def test_origins_that_are_told_apart_are_not_suspected(tmp_path: Path) -> None:
    files = [tmp_path / f"{name}.csv" for name in ("soc", "hbm")]
    for file in files:
        file.write_text("bump,x,y,diameter,net\n" + f"{file.stem},0,0,80,{file.stem}\n", encoding="utf-8")
    options = ImportOptions(places={"hbm": (20_000, 0, 0)})
    with pytest.raises(InputError, match="overlapping lands") as raised:
        import_package("bumps", files, tmp_path / "p.toml", options)
    assert "--place" not in str(raised.value)


def test_the_number_of_levels_that_no_file_says_is_there_to_be_changed(tmp_path: Path) -> None:
    (tmp_path / "chip.csv").write_text(CHIP, encoding="utf-8")
    written = import_package("bumps", [tmp_path / "chip.csv"], tmp_path / "p.toml")
    assert "2 levels, since the files do not say how many: see levels in the package" in written.guesses
    assert "\nlevels = 2\n" in (tmp_path / "p.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("order", ["utf-16", "utf-16-be"])
def test_unicode_text_of_spreadsheets(tmp_path: Path, order: str) -> None:
    text = "Bump\tX (µm)\tY (µm)\tNet\r\nA1\t-100\t50\tN\r\n"
    mark = "" if order == "utf-16" else "\ufeff"
    path = tmp_path / "chip.txt"
    path.write_bytes((mark + text).encode(order))
    (part,) = read_bumps([path], ImportOptions()).components
    assert [(pin.name, pin.x, pin.y, pin.net) for pin in part.pins] == [("A1", -100_000, 50_000, "N")]
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(InputError, match=r"chip\.txt: found a part of UTF-16 text; expected all of it"):
        read_bumps([path], ImportOptions())
