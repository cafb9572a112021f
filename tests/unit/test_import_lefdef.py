"""LEF and DEF of a placed chip as drafts; every sample is made by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from lefdef_files import CELLS, COMPONENTS, NETS, TECH, def_text, read

from router.model.draft import Draft, DraftComponent
from router.model.errors import InputError
from router.model.pdk import ShapeKind
from router.read.formats.lefdef import read_lefdef
from router.read.formats.options import ImportOptions


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
