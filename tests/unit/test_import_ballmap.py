"""Ball maps: where a table is one, where its balls lie, from where it is seen, and what is wrong with others."""

from __future__ import annotations

from pathlib import Path

import pytest

from router.model.draft import DraftComponent
from router.model.errors import InputError
from router.read.formats.bumps import read_bumps
from router.read.formats.options import ImportOptions, View

MAP = """
Package A,,,,
,1,2,3,
A,CLK,-,VDD,A
B,,D0,VSS,B
,1,2,3,
"""


def balls(
    folder: Path, text: str, pitch: tuple[int, int] | None = (400_000, 400_000), **options: View
) -> DraftComponent:
    """The component that a map becomes."""
    (folder / "bga.csv").write_text(text.strip("\n"))
    (part,) = read_bumps([folder / "bga.csv"], ImportOptions(pitch=pitch, **options)).components
    return part


def places(part: DraftComponent) -> dict[str, tuple[int, int]]:
    return {pin.name: (pin.x, pin.y) for pin in part.pins}


def test_each_cell_is_a_ball_and_empty_ones_are_none(tmp_path: Path) -> None:
    part = balls(tmp_path, MAP)
    assert (part.name, part.kind, part.view) == ("bga", "balls", "top")
    assert {pin.name: pin.net for pin in part.pins} == {"A1": "CLK", "A2": "", "A3": "VDD", "B2": "D0", "B3": "VSS"}
    top, low = 200_000, -200_000
    assert places(part) == {
        "A1": (-400_000, top), "A2": (0, top), "A3": (400_000, top), "B2": (0, low), "B3": (400_000, low),
    }  # fmt: skip


def test_columns_and_rows_have_pitches_of_their_own(tmp_path: Path) -> None:
    assert places(balls(tmp_path, ",1,2\nA,X,Y\nB,Z,W", (500_000, 300_001)))["B2"] == (250_000, -150_000)


def test_rows_that_are_missing_leave_room_as_jedec_counts(tmp_path: Path) -> None:
    """From H to K is two rows, as there is no I; from Y to AA is one."""
    assert places(balls(tmp_path, ",1\nH,P\nK,Q")) == {"H1": (0, 400_000), "K1": (0, -400_000)}
    assert places(balls(tmp_path, ",1\nY,P\nAA,Q")) == {"Y1": (0, 200_000), "AA1": (0, -200_000)}
    assert places(balls(tmp_path, ",2,9\nA,P,Q")) == {"A2": (-1_400_000, 0), "A9": (1_400_000, 0)}


def test_letters_that_jedec_has_not_count_as_in_the_alphabet(tmp_path: Path) -> None:
    assert places(balls(tmp_path, ",1\nH,P\nI,Q\nK,R"))["K1"] == (0, -600_000)


@pytest.mark.parametrize(
    ("text", "view"),
    [
        (",1,2\nA,P,Q\nB,R,S", "top"),
        (",2,1\nA,Q,P\nB,S,R", "bottom"),
        (",1,2\nB,R,S\nA,P,Q", "bottom"),
        (",2,1\nB,S,R\nA,Q,P", "top"),
        (",A,B\n1,P,R\n2,Q,S", "bottom"),
        (",B,A\n1,R,P\n2,S,Q", "top"),
    ],
)
def test_where_a1_lies_says_from_where_it_is_seen(text: str, view: str, tmp_path: Path) -> None:
    part = balls(tmp_path, text)
    assert part.view == view
    assert {pin.name: pin.net for pin in part.pins} == {"A1": "P", "A2": "Q", "B1": "R", "B2": "S"}
    row, column = next((k, line.split(",").index("P")) for k, line in enumerate(text.split("\n")) if "P" in line)
    assert places(part)["A1"] == ((column * 2 - 3) * 200_000, (3 - row * 2) * 200_000)


def test_a_person_says_from_where_it_is_seen(tmp_path: Path) -> None:
    assert balls(tmp_path, MAP, view=View.BOTTOM).view == "bottom"


def test_a_list_with_places_is_none(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("ball,x,y\nA,1,2\nB,3,4\n")
    (part,) = read_bumps([tmp_path / "list.csv"], ImportOptions()).components
    assert places(part) == {"A": (1_000, 2_000), "B": (3_000, 4_000)}
    with pytest.raises(InputError, match=r"--pitch: found no ball map among the files"):
        read_bumps([tmp_path / "list.csv"], ImportOptions(pitch=(1, 1)))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (",1,3,2\nA,P,Q,R", "'2' after '3'"),
        (",1,2\nA,P,Q\na,R,S", "'a' after 'A'"),
        (",1,2\nA,P,Q\nC,R,S\nB,T,U", "'B' after 'C'"),
        (",1,2\nA,,\nB,,", "a map without balls"),
    ],
)
def test_a_map_that_is_none_is_refused(text: str, found: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=f"bga.csv: found {found}"):
        balls(tmp_path, text)


def test_a_map_needs_its_pitch(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"bga.csv: found a ball map, which does not tell its pitch; expected --pitch"):
        balls(tmp_path, MAP, None)
