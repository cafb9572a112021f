"""LEF and DEF of a placed chip as drafts; every sample is made by hand."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from router.model.draft import Draft, DraftComponent, DraftPin
from router.model.errors import InputError
from router.model.pdk import ShapeKind
from router.read.formats.lefdef import read_lefdef
from router.read.formats.options import ImportOptions

TECH = """VERSION 5.8 ;
UNITS
  DATABASE MICRONS 2000 ;
END UNITS
PROPERTYDEFINITIONS
  LAYER note STRING ;
END PROPERTYDEFINITIONS
LAYER m1
  TYPE ROUTING ;
  WIDTH 2 ;
END m1
LAYER v1
  TYPE CUT ;
  SPACING 1 ;
END v1
LAYER top
  TYPE ROUTING ;
  SPACINGTABLE
    PARALLELRUNLENGTH 0 3
      WIDTH 0 1.5 2
      WIDTH 9 3 4 ;
  WIDTH 2 ;
  PROPERTY note "END top ; # no comment" ;
END top
VIA v DEFAULT
  LAYER m1 ;
    RECT -1 -1 1 1 ;
  LAYER top ;
    RECT -1 -1 1 1 ;
END v
VIARULE gen GENERATE
  LAYER m1 ;
END gen
BEGINEXT "x"
  CREATOR "y" ;
ENDEXT
SITE core
  CLASS PAD ;
END core
"""

CELLS = """MACRO ball   # lower left corner as origin
  CLASS COVER BUMP ;
  ORIGIN 0 0 ;
  SIZE 40 BY 40 ;
  PIN P
    DIRECTION INOUT ;
    PORT
      LAYER top ;
        RECT 0 0 40 40 ;
    END
  END P
END ball
MACRO eight   # centre as origin
  CLASS COVER BUMP ;
  ORIGIN 20 20 ;
  SIZE 40 BY 40 ;
  PIN P
    PORT
      LAYER top ;
        POLYGON 20 8.28 8.28 20 -8.28 20 -20 8.28 -20 -8.28 -8.28 -20 8.28 -20 20 -8.28 ;
    END
  END P
END eight
MACRO ring
  CLASS COVER BUMP ;
  SIZE 40 BY 40 ;
  PIN A
    PORT
      LAYER top ;
        RECT 0 0 40 18 ;
        RECT 0 22 40 40 ;
        RECT 0 18 18 22 ;
        RECT 22 18 40 22 ;
    END
  END A
  PIN B
    PORT
      LAYER top ;
        RECT 19 19 21 21 ;
    END
  END B
END ring
MACRO io
  CLASS PAD ;
  SIZE 20 BY 60 ;
  PIN PAD
    USE SIGNAL ;
    PORT
      CLASS BUMP ;
      LAYER top ;
        RECT 2 10 8 30 ;
    END
    PORT
      LAYER m1 ;
        RECT 0 0 1 1 ;
    END
  END PAD
  PIN Y
    PORT
      CLASS CORE ;
      LAYER top ;
        RECT 18 58 20 60 ;
    END
  END Y
  PIN Z
    PORT
      LAYER m1 ;
        RECT 4 4 5 5 ;
    END
  END Z
END io
MACRO double
  CLASS PAD ;
  SIZE 60 BY 20 ;
  PIN PAD
    PORT
      LAYER top ;
        RECT 0 0 10 20 ;
    END
    PORT
      LAYER top ;
        RECT ( 50 0 ) ( 60 20 ) ;
    END
  END PAD
  OBS
    LAYER top ;
      RECT 0 0 40 20 ;
  END
END double
MACRO filler
  CLASS PAD SPACER ;
  SIZE 5 BY 60 ;
END filler
END LIBRARY
"""

COMPONENTS = (
    "b1 ball + SOURCE DIST + FIXED ( 200000 200000 ) N",
    "b2 eight + PLACED ( 400000 200000 ) N + WEIGHT 1",
    "p1 io + FIXED ( 0 0 ) N",
)
NETS = ("n1 ( PIN n1 ) ( b1 P ) ( p1 PAD + SYNTHESIZED ) + USE SIGNAL", "n2 ( b2 P )")


def section(name: str, items: tuple[str, ...]) -> str:
    return f"{name} {len(items)} ;\n" + "".join(f"- {item} ;\n" for item in items) + f"END {name}\n"


def def_text(
    components: tuple[str, ...] = COMPONENTS,
    nets: tuple[str, ...] = NETS,
    area: str = "( 0 0 ) ( 1000000 1000000 )",
    **sections: tuple[str, ...],
) -> str:
    """1000 units a micrometre; sections in the order of the language."""
    head = f'VERSION 5.8 ;\nDIVIDERCHAR "/" ;\nDESIGN chip ;\nUNITS DISTANCE MICRONS 1000 ;\nDIEAREA {area} ;\n'
    parts = {"VIAS": (), "COMPONENTS": components, "PINS": (), "BLOCKAGES": (), "SPECIALNETS": (), "NETS": nets}
    parts |= sections
    return head + "".join(section(name, items) for name, items in parts.items() if items) + "END DESIGN\n"


def read(folder: Path, text: str, levels: Mapping[str, str] | None = None) -> Draft:
    files = {"tech.lef": TECH, "cells.lef": CELLS, "chip.def": text}
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
    return read_lefdef([folder / name for name in files], ImportOptions(levels=levels or {}))


def part(draft: Draft, name: str) -> DraftComponent:
    return next(component for component in draft.components if component.name == name)


def places(draft: Draft, name: str) -> dict[str, tuple[float, float, str]]:
    return {pin.name: (pin.x / 1000, pin.y / 1000, pin.net) for pin in part(draft, name).pins}


def test_bumps_pads_and_nets(tmp_path: Path) -> None:
    draft = read(tmp_path, def_text())
    assert (draft.name, draft.layers) == ("chip", ("top",))
    assert draft.outline is not None and (draft.outline.x1, draft.outline.y1) == (1_000_000, 1_000_000)
    assert places(draft, "bumps") == {"b1": (220, 220, "n1"), "b2": (420, 220, "n2")}
    assert places(draft, "io") == {"p1": (5, 20, "n1")}
    assert part(draft, "io").joined and not part(draft, "bumps").joined
    assert [(pad.name, pad.shape, pad.width, pad.height, pad.polygon) for pad in draft.pads.values()] == [
        ("ball", ShapeKind.RECT, 40_000, 40_000, None),
        ("eight", ShapeKind.OCTAGON, 40_000, 40_000, None),
        ("rect_6x20", ShapeKind.RECT, 6_000, 20_000, None),
    ]
    assert draft.guesses[0] == (
        "redistribution is on top, the top layer that pins of bumps lie on; --level LAYER=LEVEL names others"
    )
    assert any("2 µm wide and 1.5 µm apart" in guess for guess in draft.guesses)
    assert draft.lost == ("pins on other layers, or for the chip's core: io Y, io Z",)


def test_files_come_in_any_order_and_are_told_apart_by_what_they_hold(tmp_path: Path) -> None:
    expected = read(tmp_path, def_text())
    for name in ("chip.def", "cells.lef", "tech.lef"):
        (tmp_path / name).rename(tmp_path / name.replace(".", "_"))
    files = [tmp_path / name for name in ("chip_def", "cells_lef", "tech_lef")]
    assert repr(read_lefdef(files, ImportOptions())) == repr(expected)


@pytest.mark.parametrize(
    ("orientation", "x", "y", "turned"),
    [
        ("N", 5, 20, False),
        ("S", 15, 40, False),
        ("W", 40, 5, True),
        ("E", 20, 15, True),
        ("FN", 15, 20, False),
        ("FS", 5, 40, False),
        ("FW", 20, 5, True),
        ("FE", 40, 15, True),
    ],
)
def test_cells_lie_in_eight_ways(tmp_path: Path, orientation: str, x: float, y: float, turned: bool) -> None:
    """The pad of 6 × 20 is centred on (5, 20) of a cell of 20 × 60, whose lower left corner is placed."""
    components = (*COMPONENTS[:2], f"p1 io + FIXED ( 100000 50000 ) {orientation}")
    draft = read(tmp_path, def_text(components))
    assert places(draft, "io") == {"p1": (100 + x, 50 + y, "n1")}
    pad = draft.pads[part(draft, "io").pins[0].pad]
    assert (pad.width, pad.height) == ((20_000, 6_000) if turned else (6_000, 20_000))


def test_ports_are_alternatives_and_obstructions_leave_pins_open(tmp_path: Path) -> None:
    components = (*COMPONENTS, "d double + COVER ( 600000 0 ) N")
    draft = read(tmp_path, def_text(components, (*NETS[:1], "n2 ( b2 P ) ( d PAD )")))
    assert places(draft, "io") == {"p1": (5, 20, "n1"), "d/PAD": (605, 10, "n2"), "d/PAD/2": (655, 10, "n2")}
    blocked = {tuple(np.concatenate([k.ring.min(axis=0), k.ring.max(axis=0)]).tolist()) for k in draft.keepouts}
    core_pin, obstruction = (18_000, 58_000, 20_000, 60_000), (610_000, 0, 640_000, 20_000)
    assert blocked == {core_pin, obstruction}
    assert all(keepout.layers == ("top",) and keepout.name for keepout in draft.keepouts)


ODD = """MACRO odd
  CLASS PAD ;
  SIZE 60 BY 60 ;
  PIN A
    PORT
      LAYER top ;
        PATH 10 30 20 30 20 40 ;
        VIA 50 50 v ;
    END
    PORT
      LAYER top ;
        RECT MASK 1 ITERATE 0 0 2 4 DO 2 BY 1 STEP 20 0 ;
    END
  END A
  PIN B
    PORT
      LAYER top ;
        WIDTH 6 ;
        PATH 30 10 ;
    END
  END B
  OBS
    LAYER top DESIGNRULEWIDTH 1 ;
      POLYGON 25 5 35 5 35 15 25 15 25 5 ;
  END
  DENSITY
    LAYER top ;
      RECT 0 0 1 1 5 ;
  END
END odd
"""


def test_paths_vias_and_repeated_shapes_of_cells(tmp_path: Path) -> None:
    """Paths reach half their width beyond their points; an obstruction about a pin is cut open there."""
    read(tmp_path, def_text())
    (tmp_path / "odd.lef").write_text(ODD, encoding="utf-8")
    (tmp_path / "chip.def").write_text(def_text((*COMPONENTS, "o odd + FIXED ( 0 100000 ) N")), encoding="utf-8")
    files = [tmp_path / name for name in ("chip.def", "odd.lef", "tech.lef", "cells.lef")]
    draft = read_lefdef(files, ImportOptions())
    lands = {pin.name: (pin, draft.pads[pin.pad]) for pin in part(draft, "io").pins if pin.name.startswith("o/")}
    assert {name: (pin.x, pin.y, pad.width, pad.height) for name, (pin, pad) in lands.items()} == {
        "o/A": (15_000, 135_000, 12_000, 12_000),
        "o/A/2": (50_000, 150_000, 2_000, 2_000),
        "o/A/3": (1_000, 102_000, 2_000, 4_000),
        "o/A/4": (21_000, 102_000, 2_000, 4_000),
        "o/B": (30_000, 110_000, 6_000, 6_000),
    }
    assert lands["o/A"][1].polygon is not None
    rings = [shapely.Polygon(k.ring) for k in draft.keepouts if k.ring[:, 1].min() >= 100_000]
    assert shapely.union_all(rings).area == 100e6 - 36e6
    assert all(not ring.interiors for ring in rings)


def test_cells_with_shapes_beyond_reason_are_refused(tmp_path: Path) -> None:
    many = CELLS.replace("RECT 0 0 40 40 ;", "RECT ITERATE 0 0 0.1 0.1 DO 200 BY 200 STEP 0.2 0.2 ;", 1)
    read(tmp_path, def_text())
    (tmp_path / "cells.lef").write_text(many, encoding="utf-8")
    with pytest.raises(InputError, match=r"cell ball: found more than 10000 shapes on top; expected a cell with fewer"):
        read_lefdef([tmp_path / name for name in ("tech.lef", "cells.lef", "chip.def")], ImportOptions())


def test_pins_within_a_bump_are_one_land(tmp_path: Path) -> None:
    draft = read(tmp_path, def_text(("r ring + FIXED ( 0 0 ) N",), ("n ( r A ) ( r B )",)))
    assert places(draft, "bumps") == {"r": (20, 20, "n")}
    assert draft.pads["ring"].shape is ShapeKind.RECT
    assert "pins of a bump within one another are one land" in draft.guesses
    other = read(tmp_path, def_text(("r ring + FIXED ( 0 0 ) N",), ("n ( r A )", "m ( r B )")))
    assert "second nets of one land: r (n, not m)" in other.lost


def test_a_star_is_every_cell_with_such_a_pin(tmp_path: Path) -> None:
    components = (*COMPONENTS, "p2 io + FIXED ( 100000 0 ) N", "p3 io + UNPLACED")
    special = ("n1 ( * PAD )",)
    draft = read(tmp_path, def_text(components, ("n1 ( b1 P )", "n2 ( b2 P )"), SPECIALNETS=special))
    assert {pin.name: pin.net for pin in part(draft, "io").pins} == {"p1": "n1", "p2": "n1"}
    assert "cells io that are not placed: 1" in draft.lost


def test_pads_of_a_net_without_a_bump_are_to_be_joined(tmp_path: Path) -> None:
    components = ("p1 io + FIXED ( 0 0 ) N", "p2 io + FIXED ( 100000 0 ) N")
    draft = read(tmp_path, def_text(components, ("n ( p1 PAD ) ( p2 PAD )",)))
    assert [component.name for component in draft.components] == ["cells"]
    assert not part(draft, "cells").joined
    assert draft.guesses[0].startswith("redistribution is on top, the top layer that pins of bumps")


def test_pins_of_the_chip_name_what_lies_below_them_or_stand_alone(tmp_path: Path) -> None:
    land = "+ LAYER top ( -5000 -5000 ) ( 5000 5000 )"
    pins = (
        f"n1 + NET n1 + DIRECTION INOUT + PORT {land} + FIXED ( 220000 220000 ) N",
        f"far + NET n2 {land} + PLACED ( 700000 700000 ) E",
        "deep + NET n1 + LAYER m1 ( 0 0 ) ( 1 1 ) + FIXED ( 0 0 ) N",
    )
    draft = read(tmp_path, def_text(PINS=pins))
    assert places(draft, "pins") == {"far": (700, 700, "n2")}


def test_wires_become_fixed_traces(tmp_path: Path) -> None:
    """Flush ends move in by half a width, since traces reach so far beyond; extensions move them out again."""
    special = (
        "n1 ( b1 P ) + FIXED top 4000 + SHAPE IOWIRE ( 300000 300000 ) ( * 340000 ) ( 350000 350000 ) "
        "NEW top 4000 + SHAPE STRIPE ( 100000 500000 2000 ) ( 200000 * 2000 ) v "
        "NEW m1 4000 ( 0 0 ) ( 100 0 ) + USE SIGNAL "
        "+ RECT top ( 500000 500000 ) ( 510000 540000 ) + VIA v N ( 1 1 ) "
        "+ ROUTED top 4000 ( 220000 220000 ) ( 220000 280000 )",
        "other + ROUTED top 10000 ( 800000 800000 ) ( 900000 800000 )",
    )
    wire = "( 600000 600000 ) ( 600000 640000 ) RECT ( -1000 -2000 1000 2000 ) VIRTUAL ( 0 0 )"
    nets = (NETS[0], f"n3 ( b2 P ) + ROUTED top {wire} + NONDEFAULTRULE wide")
    draft = read(tmp_path, def_text(nets=nets, SPECIALNETS=special))
    lines = [(trace.net, trace.width, trace.points.tolist()) for trace in draft.traces]
    assert lines == [
        ("n1", 4000, [[300_000, 302_000], [300_000, 340_000], [350_000, 350_000]]),
        ("n1", 4000, [[100_000, 500_000], [200_000, 500_000]]),
        ("n1", 4000, [[220_000, 220_000], [220_000, 278_000]]),
        ("n3", 2000, [[600_000, 600_000], [600_000, 640_000]]),
        ("n1", 10_000, [[505_000, 505_000], [505_000, 535_000]]),
        ("n3", 2000, [[600_000, 639_000], [600_000, 641_000]]),
    ]
    assert [keepout.ring.tolist() for keepout in draft.keepouts if keepout.name.startswith("wire")] == [
        [[800_000, 805_000], [800_000, 795_000], [900_000, 795_000], [900_000, 805_000]]
    ]
    assert "vias of wires that are there: 2 (v)" in draft.lost
    assert "nets with a rule of their own, whose wires are taken as wide as their layer's: 1" in draft.lost
    assert "wires of nets without a pin here, kept clear of: 1" in draft.lost


def test_wires_that_meet_end_where_they_meet(tmp_path: Path) -> None:
    """A slanted run goes on from a straight one; a narrow wire within a wide one adds nothing."""
    special = (
        "n1 ( b1 P ) + ROUTED top 4000 ( 300000 300000 ) ( 340000 300000 ) "
        "NEW top 4000 ( 340000 300000 ) ( 360000 320000 ) NEW top 2000 ( 310000 301000 ) ( 320000 301000 )",
    )
    draft = read(tmp_path, def_text(SPECIALNETS=special))
    assert [(trace.width, trace.points.tolist()) for trace in draft.traces] == [
        (4000, [[302_000, 300_000], [340_000, 300_000], [360_000, 320_000]]),
    ]
    assert "wires that lie within wider ones of their net: 1" in draft.lost


def test_pieces_of_a_route_are_one_trace(tmp_path: Path) -> None:
    """As they follow one another in the file, whichever way round; not through a land or a third wire, and not back."""
    # Wires end flush, so that they reach half their width beyond their corners.
    pieces = (
        ((340, 298), (340, 402)),
        ((338, 300), (442, 300)),
        ((642, 300), (438, 300)),
        ((640, 302), (640, 200)),
        ((640, 200), (540, 300)),
        ((220, 502), (220, 220)),
        ((220, 220), (502, 220)),
        ((698, 700), (802, 700)),
        ((800, 698), (800, 802)),
        ((798, 700), (902, 700)),
    )
    wires = " NEW top 4000 ".join(" ".join(f"( {1000 * x} {1000 * y} )" for x, y in piece) for piece in pieces)
    draft = read(tmp_path, def_text(SPECIALNETS=(f"n1 ( b1 P ) + ROUTED top 4000 {wires}",)))
    assert [(trace.points / 1000).tolist() for trace in draft.traces] == [
        [[340, 400], [340, 300], [640, 300], [640, 200]],
        [[640, 200], [540, 300]],
        [[220, 500], [220, 220]],
        [[220, 220], [500, 220]],
        [[700, 700], [800, 700]],
        [[800, 700], [800, 800]],
        [[800, 700], [900, 700]],
    ]


def test_what_is_blocked_becomes_keep_outs(tmp_path: Path) -> None:
    blockages = (
        "LAYER top + PUSHDOWN RECT ( 0 500000 ) ( 10000 510000 ) POLYGON ( 0 0 ) ( 9 0 ) ( 0 9 )",
        "LAYER m1 RECT ( 0 0 ) ( 1 1 )",
        "PLACEMENT RECT ( 0 0 ) ( 1 1 )",
    )
    area = "( 0 0 ) ( 0 1000000 ) ( 800000 1000000 ) ( 800000 600000 ) ( 1000000 600000 ) ( 1000000 0 )"
    draft = read(tmp_path, def_text(components=COMPONENTS[:2], area=area, BLOCKAGES=blockages))
    boxes = [(*k.ring.min(axis=0).tolist(), *k.ring.max(axis=0).tolist(), k.layers) for k in draft.keepouts]
    assert boxes == [
        (0, 500_000, 10_000, 510_000, ("top",)),
        (0, 0, 9, 9, ("top",)),
        (800_000, 600_000, 1_000_000, 1_000_000, ()),
    ]
    assert "blockages that are not on these layers: 2" in draft.lost


def test_levels_name_the_layers(tmp_path: Path) -> None:
    draft = read(tmp_path, def_text(), {"top": "RDL2", "m1": "RDL1"})
    assert draft.layers == ("m1", "top"), "from the chip upwards"
    assert places(draft, "io") == {"p1/PAD": (5, 20, "n1"), "p1/PAD/2": (0.5, 0.5, "n1"), "p1/Z": (4.5, 4.5, "")}
    with pytest.raises(InputError, match=r"--level: found 'm7'; expected a layer of the LEF files: m1, top"):
        read(tmp_path, def_text(), {"m7": "RDL1"})


def test_names_that_a_package_file_does_not_hold_are_changed_and_said(tmp_path: Path) -> None:
    draft = read(tmp_path, def_text(nets=("a*b ( b1 P ) ( p1 PAD )", "n2 ( b2 P )")))
    assert part(draft, "io").pins[0].net == "a_b"
    assert "net names changed to ones that a package file holds: 'a*b' to a_b" in draft.lost


BROKEN = [
    ("UNITS DISTANCE MICRONS 1000 ;\n", "", "chip.def:4", "UNITS DISTANCE MICRONS before it"),
    ("MICRONS 1000 ;", "MICRONS -5 ;", "chip.def:4", "a whole number from 1 to 1000000"),
    ("DISTANCE MICRONS", "DISTANCE", "chip.def:4", "UNITS DISTANCE MICRONS number ;"),
    ("( 0 0 ) ( 1000000 1000000 )", "( 0 0 )", "chip.def:5", "two corners, or three and more of a polygon"),
    ("DIEAREA ( 0 0 ) ( 1000000 1000000 ) ;\n", "", "chip.def", "a DEF file with it"),
    ("( 200000 200000 )", "( 200000 x )", "chip.def:7", "a whole number of database units"),
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
    with pytest.raises(InputError) as raised:
        read(tmp_path, text.replace(old, new))
    assert raised.value.where.endswith(where)
    assert expected in raised.value.expected


BROKEN_LEF = [
    ("TYPE ROUTING ;\n  WIDTH 2 ;\nEND m1", "TYPE ROUTING ;\n  WIDTH x ;\nEND m1", "tech.lef:10", "a length in µm"),
    ("END m1", "END m2", "tech.lef:11", "END m1"),
    ("END v\n", "END w\n", "tech.lef:30", "END v"),
    ("RECT -1 -1 1 1 ;\nEND v", "RECT -1 -1 1 ;\nEND v", "tech.lef:29", "x y for each point"),
    ("END core\n", "", "tech.lef", "END core"),
    ("ENDEXT\n", "", "tech.lef", "ENDEXT"),
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
    ("END filler\nEND LIBRARY\n", "", "cells.lef", "END filler"),
    ("SIZE 5 BY 60 ;\n", "SIZE 5 BY 60\n", "cells.lef", "a ';' with blanks around it"),
]


@pytest.mark.parametrize(("old", "new", "where", "expected"), BROKEN_LEF, ids=[f"{o}→{n}" for o, n, *_ in BROKEN_LEF])
def test_faults_of_lef_files_are_named(tmp_path: Path, old: str, new: str, where: str, expected: str) -> None:
    assert old in TECH + CELLS
    (tmp_path / "tech.lef").write_text(TECH.replace(old, new), encoding="utf-8")
    (tmp_path / "cells.lef").write_text(CELLS.replace(old, new, 1), encoding="utf-8")
    (tmp_path / "chip.def").write_text(def_text(), encoding="utf-8")
    with pytest.raises(InputError) as raised:
        read_lefdef([tmp_path / name for name in ("tech.lef", "cells.lef", "chip.def")], ImportOptions())
    assert where in raised.value.where
    assert expected in raised.value.expected


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


def test_the_layer_is_one_of_cells_that_are_placed(tmp_path: Path) -> None:
    """Libraries may hold bumps of other technologies, on layers above."""
    pillar = """MACRO pillar
  CLASS COVER BUMP ;
  SIZE 9 BY 9 ;
  PIN P
    PORT
      LAYER cap ;
        RECT 0 0 9 9 ;
    END
  END P
END pillar
END LIBRARY
"""
    texts = {"other.lef": pillar, "tech.lef": TECH, "cells.lef": CELLS, "chip.def": def_text()}
    for name, content in texts.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    files = [tmp_path / name for name in texts]
    draft = read_lefdef(files, ImportOptions())
    assert draft.layers == ("top",)
    assert draft.guesses[0].startswith("redistribution is on top, the top layer that pins of bumps lie on")
    with pytest.raises(InputError, match=r"chip\.def: found no pin on cap; expected placed cells with pins there, or"):
        read_lefdef(files, ImportOptions(levels={"cap": "RDL"}))
