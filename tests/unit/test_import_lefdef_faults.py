"""LEF and DEF that are broken are refused with file, line and what was expected, whatever stands in them."""

from __future__ import annotations

from pathlib import Path

import pytest
from faults import one_fault
from hypothesis import given
from hypothesis import strategies as st
from lefdef_files import CELLS, TECH, def_text, read

from router.model.draft import DraftPin
from router.model.errors import InputError
from router.read.formats.lefdef import read_lefdef
from router.read.formats.options import ImportOptions

BROKEN = [
    ("UNITS DISTANCE MICRONS 1000 ;\n", "", "chip.def:4", "UNITS DISTANCE MICRONS before it"),
    ("MICRONS 1000 ;", "MICRONS -5 ;", "chip.def:4", "a whole number from 1 to 1000000"),
    ("DISTANCE MICRONS", "DISTANCE", "chip.def:4", "UNITS DISTANCE MICRONS number ;"),
    ("( 0 0 ) ( 1000000 1000000 )", "( 0 0 )", "chip.def:5", "two corners, or three and more of a polygon"),
    ("DIEAREA ( 0 0 ) ( 1000000 1000000 ) ;\n", "", "chip.def", "a DEF file with it"),
    ("( 200000 200000 )", "( 200000 x )", "chip.def:7", "a whole number of database units"),
    ("( 200000 200000 )", "( 200_000 200000 )", "chip.def:7", "a whole number of database units"),
    ("( 200000 200000 )", "( 99999999999999 0 )", "chip.def:7", "a length up to 1e+06 µm"),
    ("( 200000 200000 )", "200000 200000", "chip.def:7", "( x y )"),
    (") N + WEIGHT", ") R90 + WEIGHT", "chip.def:8", "one of N W S E FN FW FS FE"),
    ("- b2 eight", "b2 eight", "chip.def:8", "'-' before each item of COMPONENTS, or END COMPONENTS"),
    ("- b2 eight", "- b1 eight", "chip.def:8", "each one once"),
    ("( b2 P )", "( b2 P", "chip.def:13", "( cell pin )"),
    ("( b2 P )", "( b1 P )", "chip.def", "each pin in one net"),
    ("END NETS", "END SPECIALNETS", "chip.def:14", "END NETS"),
    ("END NETS\nEND DESIGN\n", "", "chip.def:14", "END NETS"),
    ("b2 P ) ;", "b2 P ) + ROUTED", "chip.def:16", "a ';' with blanks around it"),
    ("b2 P )", "b2 P ) + ROUTED top ( * 5 ) ( 1 1 )", "chip.def:13", "a coordinate"),
    ("b2 P )", "b2 P ) + ROUTED top ( 1 2 3 4 )", "chip.def:13", "( x y ) or ( x y extension )"),
    ("b2 P )", "b2 P ) + ROUTED top v", "chip.def:13", "( x y )"),
    ("b2 P )", "b2 P ) + ROUTED", "chip.def:13", "ROUTED layer width ( x y ) …"),
    ("DESIGN chip ;", 'DESIGN "chip" ', "chip.def:5", "UNITS DISTANCE MICRONS before it"),
]


@pytest.mark.parametrize(("old", "new", "where", "expected"), BROKEN, ids=[f"{old}→{new}" for old, new, *_ in BROKEN])
def test_faults_of_a_def_file_are_named(tmp_path: Path, old: str, new: str, where: str, expected: str) -> None:
    text = def_text()
    assert old in text
    with one_fault(where, expected):
        read(tmp_path, text.replace(old, new))


BROKEN_LEF = [
    ("TYPE ROUTING ;\n  WIDTH 2 ;\nEND m1", "TYPE ROUTING ;\n  WIDTH x ;\nEND m1", "tech.lef:10", "a length in µm"),
    ("TYPE ROUTING ;\n  WIDTH 2 ;\nEND m1", "TYPE ROUTING ;\n  WIDTH 2_0 ;\nEND m1", "tech.lef:10", "a length in µm"),
    ("TYPE ROUTING ;\n  WIDTH 2 ;\nEND m1", "TYPE ROUTING ;\n  WIDTH -2 ;\nEND m1", "tech.lef:10", "0 at least"),
    ("SIZE 40 BY 40", "SIZE 40 BY -40", "cells.lef:4", "0 at least"),
    ("RECT -1 -1 1 1 ;\nEND v", "RECT -1 -1 1 1_0 ;\nEND v", "tech.lef:29", "a length in µm"),
    ("END m1", "END m2", "tech.lef:11", "END m1"),
    ("END v\n", "END w\n", "tech.lef:30", "END v"),
    ("RECT -1 -1 1 1 ;\nEND v", "RECT -1 -1 1 ;\nEND v", "tech.lef:29", "x y for each point"),
    ("END core\n", "", "tech.lef:39", "END core"),
    ("ENDEXT\n", "", "tech.lef:39", "ENDEXT"),
    ("SIZE 40 BY 40", "SIZE 40 40", "cells.lef:4", "SIZE width BY height ;"),
    ("ORIGIN 0 0", "ORIGIN 0 0 1 1", "cells.lef:3", "x y"),
    ("RECT 0 0 40 40 ;", "RECT 0 0 ;", "cells.lef:9", "RECT x y x y ;"),
    ("RECT 0 0 40 40 ;", "POLYGON 0 0 9 9 ;", "cells.lef:9", "three at least"),
    ("RECT 0 0 40 40 ;", "POLYGON 0 0 9 9 9 0 0 9 ;", "cells.lef:9", "one that does not"),
    ("RECT 0 0 40 40 ;", "RECT 0 0 40 4e99 ;", "cells.lef:9", "a length in µm"),
    ("RECT 0 0 40 40 ;", "RECT ITERATE 0 0 1 1 DO 9 STEP 1 ;", "cells.lef:9", "DO columns BY rows STEP dx dy ;"),
    ("RECT 0 0 40 40 ;", "RECT ITERATE 0 0 1 1 DO 999 BY 999 STEP 1 1 ;", "cells.lef:9", "at most 100000"),
    ("      LAYER top ;\n        RECT 0 0 40 40 ;", "        RECT 0 0 40 40 ;", "cells.lef:8", "a LAYER before the"),
    ("      LAYER top ;\n        RECT 0 0 40 40 ;", "      LAYER ;", "cells.lef:8", "the name of a layer"),
    ("END P\nEND ball", "END Q\nEND ball", "cells.lef:11", "END P"),
    ("END ball", "END bell", "cells.lef:12", "END ball"),
    ("END filler\nEND LIBRARY\n", "", "cells.lef:93", "END filler"),
    ("SIZE 5 BY 60 ;\n", "SIZE 5 BY 60\n", "cells.lef:95", "a ';' with blanks around it"),
]


@pytest.mark.parametrize(("old", "new", "where", "expected"), BROKEN_LEF, ids=[f"{o}→{n}" for o, n, *_ in BROKEN_LEF])
def test_faults_of_lef_files_are_named(tmp_path: Path, old: str, new: str, where: str, expected: str) -> None:
    assert old in TECH + CELLS
    (tmp_path / "tech.lef").write_text(TECH.replace(old, new), encoding="utf-8")
    (tmp_path / "cells.lef").write_text(CELLS.replace(old, new, 1), encoding="utf-8")
    (tmp_path / "chip.def").write_text(def_text(), encoding="utf-8")
    with one_fault(where, expected):
        read_lefdef([tmp_path / name for name in ("tech.lef", "cells.lef", "chip.def")], ImportOptions())


def test_files_that_make_no_package(tmp_path: Path) -> None:
    read(tmp_path, def_text())
    lef, chip, other = tmp_path / "tech.lef", tmp_path / "chip.def", tmp_path / "other.txt"
    other.write_text("something else", encoding="utf-8")
    for files, expected in (
        ([lef], "the LEF files of all cells and one DEF file"),
        ([chip], "the LEF files of all cells and one DEF file"),
        ([lef, chip, chip], "the LEF files of all cells and one DEF file"),
        ([lef, chip, other], "files with MACRO or DESIGN statements"),
        ([lef, tmp_path / "none.def"], "a readable file"),
        ([lef, tmp_path], "a readable file"),
        ([lef, chip], "cells of CLASS COVER BUMP or PAD in the LEF files, or --level LAYER=LEVEL"),
    ):
        with pytest.raises(InputError) as raised:
            read_lefdef(files, ImportOptions())
        assert raised.value.expected == expected


WHOLE = def_text(
    PINS=("n1 + NET n1 + PORT + LAYER top ( -5 -5 ) ( 5 5 ) + FIXED ( 9 9 ) N",),
    BLOCKAGES=("LAYER top RECT ( 0 0 ) ( 5 5 ) POLYGON ( 0 0 ) ( 9 0 ) ( 0 9 )",),
    SPECIALNETS=(
        "n1 ( * PAD ) + FIXED top 4000 + SHAPE IOWIRE ( 3 3 ) ( * 4 9 ) v NEW top 0 ( 1 1 ) v N "
        "+ POLYGON top ( 0 0 ) ( 9 0 ) ( 0 9 ) + RECT top ( 0 0 ) ( 9 9 )",
    ),
)


PIECES = (
    "(",
    ")",
    "*",
    ";",
    "-",
    "+",
    "END",
    "NEW",
    "RECT",
    "VIRTUAL",
    "MASK",
    "0",
    "-1",
    "1e9",
    "top",
    '"',
    "#",
    "\0",
)


@given(st.data())
def test_whatever_stands_in_the_files_only_input_errors_arise(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Words taken out, doubled, exchanged or put in; files cut short."""
    folder = tmp_path_factory.getbasetemp() / "mutated"
    folder.mkdir(exist_ok=True)
    texts = {"tech.lef": TECH, "cells.lef": CELLS, "chip.def": WHOLE}
    name = data.draw(st.sampled_from(sorted(texts)))
    words = texts[name].split(" ")
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(words) - 1))
        words[at : at + data.draw(st.integers(0, 2))] = data.draw(
            st.lists(st.sampled_from(PIECES) | st.sampled_from(words) | st.text(max_size=4), max_size=2)
        )
    mutated = " ".join(words)
    texts[name] = mutated[: data.draw(st.integers(0, len(mutated)))] if data.draw(st.booleans()) else mutated
    for file, text in texts.items():
        (folder / file).write_bytes(text.encode("utf-8", errors="surrogatepass"))
    try:
        draft = read_lefdef([folder / file for file in texts], ImportOptions())
    except InputError as error:
        assert error.where and error.expected
    else:
        assert all(isinstance(pin, DraftPin) for component in draft.components for pin in component.pins)
