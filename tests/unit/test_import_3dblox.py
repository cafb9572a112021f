"""3Dblox assemblies become drafts: where chiplets stand, which bumps meet, and what a package cannot hold."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from router.model.draft import Draft
from router.model.errors import InputError
from router.model.geometry import Box
from router.model.pdk import ShapeKind, TerminalKind
from router.read.formats.options import ImportOptions, View
from router.read.formats.threedblox import read_threedblox
from router.read.formats.threedblox_stack import orientation
from router.read.formats.threedblox_yaml import Node
from router.write.package import write_package

ASSEMBLY = """Header: {version: "1.0", unit: micron, precision: 2000, include: [dies.3dbv]}
Design: {name: pair, external: {verilog_file: pair.v}}
ChipletInst:
  a: {reference: lower}
  b: {reference: upper}
Stack:
  a: {loc: [0.0, 0.0], z: 0.0, orient: R0}
  b:
    loc: [100, 0]
    z: 300
    orient: MZ
Connection:
  bond: {top: b.regions.face, bot: a.regions.face, thickness: 0.0}
  out: {top: a.regions.face, bot: ~}
Path:
  Path1: [a.regions.face]
"""
CHIPLETS = """#!define LIB cells
Header:
  unit: micron
ChipletDef:
  lower:
    type: die
    design_area: [1000, 800]
    thickness: 300
    regions:
      face:
        side: front
        coords: [[0, 0], [1000, 0], [1000, 800], [0, 800]]
        bmap: lower.bmap
    external: {LEF_file: [LIB.lef]}
  upper:
    type: die
    design_area: [600, 600]
    thickness: 200
    offset: [10, 0]
    regions:
      face:
        side: front
        coords: [[0, 0], [600, 0], [600, 600], [0, 600]]
        bmap: upper.bmap
"""
LOWER = """# instance cell x y port net
p1 BUMP 210 100 clk clk
p2 BUMP 410 100 d d
p3 BUMP 610 700 - -
"""
# In the assembly 110 to the right.
UPPER = "q1 BUMP 100 100 clk clk\nq2\tBUMP  300 100 x d2\n\nq3 BUMP 500.0 5e2 d d\n"
LEF = """MACRO BUMP
 CLASS COVER BUMP ; ORIGIN 30 30 ; SIZE 60 BY 60 ;
 PIN PAD PORT LAYER M1 ; RECT -20 -20 20 20 ; END END PAD
END BUMP
END LIBRARY
"""


def write(folder: Path, **files: str) -> Path:
    """The assembly and its files, some of them others than above."""
    texts = {"pair.3dbx": ASSEMBLY, "dies.3dbv": CHIPLETS, "lower.bmap": LOWER, "upper.bmap": UPPER, "cells.lef": LEF}
    for name, text in (texts | {name.replace("__", "."): text for name, text in files.items()}).items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder / "pair.3dbx"


def places(draft: Draft) -> dict[str, tuple[float, float, str]]:
    """Each pin's place in the package in µm, and its net."""
    found = {}
    for part in draft.components:
        xy = part.placement.apply(np.array([(pin.x, pin.y) for pin in part.pins], dtype=np.int64)) / 1000
        found |= {f"{part.name}.{pin.name}": (*at, pin.net) for pin, at in zip(part.pins, xy.tolist(), strict=True)}
    return found


def test_chiplets_stand_where_the_stack_puts_them(tmp_path: Path) -> None:
    draft = read_threedblox([write(tmp_path)], ImportOptions())
    assert draft.name == "pair"
    assert [(part.name, part.kind.value, part.outline) for part in draft.components] == [
        ("a", "die", Box(0, 0, 1_000_000, 800_000)),
        ("b", "die", Box(0, 0, 600_000, 600_000)),
    ]
    # b's map has an offset of 10, and q2 meets p2; the two nets called d are two, for b's is not joined to a's.
    assert places(draft) == {
        "a.p1": (210, 100, "clk"), "a.p2": (410, 100, "a/d"), "a.p3": (610, 700, ""),
        "b.q1": (210, 100, "clk"), "b.q2": (410, 100, "a/d"), "b.q3": (610, 500, "b/d"),
    }  # fmt: skip
    said = "; ".join((*draft.guesses, *draft.lost))
    assert "bond: 2 of b.face and a.face" in said and "meet none on the other side: 1 of b.face, 1 of a.face" in said
    assert "stand over one another: a and b" in said and "pair.v" in said and "Path1" in said
    assert "MZ turns" in said


def test_sizes_of_bumps_are_those_of_their_cells(tmp_path: Path) -> None:
    path = write(tmp_path)
    draft = read_threedblox([path], ImportOptions())
    (pad,) = draft.pads.values()
    assert (pad.shape, pad.width, pad.height, pad.kind) == (ShapeKind.RECT, 40_000, 40_000, TerminalKind.BUMP)
    assert any("cells in LEF: BUMP" in guess for guess in draft.guesses)
    (tmp_path / "cells.lef").unlink()
    given_size = read_threedblox([path], ImportOptions(pad_size=(50_000, 50_000)))
    assert {(pad.width, pad.height) for pad in given_size.pads.values()} == {(50_000, 50_000)}
    left = read_threedblox([path], ImportOptions())
    assert {pad.width for pad in left.pads.values()} == {0} and len(left.pads) == 2
    assert any("no LEF tells the size of BUMP (cells.lef not found)" in guess for guess in left.guesses)


def test_an_assembly_becomes_a_package(tmp_path: Path) -> None:
    """Of two dies face to face: lands of one net lie on one another."""
    draft = read_threedblox([write(tmp_path)], ImportOptions())
    design = write_package(draft, tmp_path / "out" / "pair.toml", ImportOptions(), source="a test").design
    assert {net.name: len(net.ends) for net in design.nets} == {"clk": 2, "a/d": 2, "b/d": 1}
    assert [(t.id, t.x, t.y) for t in design.terminals if t.id in ("a.p2", "b.q2")] == [
        ("a.p2", 410_000, 100_000), ("b.q2", 410_000, 100_000)
    ]  # fmt: skip


def test_nets_of_one_name_are_one_where_nothing_else_is_said(tmp_path: Path) -> None:
    path = write(tmp_path, pair__3dbx=ASSEMBLY.split("Connection:")[0].replace("[100, 0]", "[2000, 0]"))
    draft = read_threedblox([path], ImportOptions())
    assert {name: net for name, (_, _, net) in places(draft).items() if net == "d"} == {"a.p2": "d", "b.q3": "d"}
    assert any("nets of one name" in guess for guess in draft.guesses)


def test_bumps_without_nets_that_meet_are_a_net(tmp_path: Path) -> None:
    path = write(tmp_path, lower__bmap="p BUMP 310 300 - -\n", upper__bmap="q BUMP 200 300 - -\nr BUMP 9 9 - -\n")
    nets = {name: net for name, (_, _, net) in places(read_threedblox([path], ImportOptions())).items()}
    assert nets == {"a.p": "face/p", "b.q": "face/p", "b.r": ""}


@pytest.mark.parametrize(
    ("word", "x", "y"),
    [
        ("R0", 30, 10), ("R90", 80, 30), ("R180", 170, 80), ("R270", 10, 170), ("MX", 30, 80), ("MY", 170, 10),
        ("MXR90", 10, 30), ("MX_R90", 10, 30), ("MYR90", 80, 170), ("MZ", 30, 10), ("MZ_MX", 30, 80),
        ("MZ_MY_R270", 10, 30), ("mz_r90", 80, 30), ("MX_R180", 170, 10),
    ],
)  # fmt: skip
def test_orientations(tmp_path: Path, word: str, x: float, y: float) -> None:
    """A bump at (30, 10) on a die of 200 × 90 whose box lies with its lower left corner at the place."""
    chiplets = CHIPLETS.replace("[600, 600]", "[200, 90]").replace("[10, 0]", "[0, 0]")
    assembly = ASSEMBLY.replace("orient: MZ", f"orient: {word}").replace("loc: [100, 0]", "loc: [5000, -7000]")
    path = write(tmp_path, pair__3dbx=assembly, dies__3dbv=chiplets, upper__bmap="q1 BUMP 30 10 - -\n")
    options = ImportOptions(view=View.BOTTOM)
    assert places(read_threedblox([path], options))["b.q1"][:2] == (5000 + x, -7000 + y)
    top = ImportOptions(view=View.TOP)
    assert places(read_threedblox([path], top))["b.q1"][:2] == (-5000 - x, -7000 + y)


@pytest.mark.parametrize("word", ["", "R45", "R", "N", "MXX", "R901", "_"])
def test_unknown_orientations(word: str) -> None:
    with pytest.raises(InputError, match="file:1"):
        orientation(Node("file:1", text=word))


SUBSTRATE = """ChipletDef:
  die:
    type: die
    design_area: [600, 600]
    regions:
      face: {side: front, coords: [[0, 0], [600, 0], [600, 600], [0, 600]], bmap: die.bmap}
  base:
    type: substrate
    design_area: [2000, 2000]
    thickness: 90
    regions:
      top: {side: front, coords: [[0, 0], [1, 0], [1, 1], [0, 1]], bmap: top.bmap}
      bottom: {side: back, coords: [[0, 0], [1, 0], [1, 1], [0, 1]], bmap: bottom.bmap}
"""
ON_SUBSTRATE = """Header: {include: [parts.3dbv]}
Design: {name: fanout}
ChipletInst: {d: {reference: die}, s: {reference: base}}
Stack: {s: {loc: [0, 0], z: 0, orient: R0}, d: {loc: [700, 700], z: 116, orient: MZ}}
Connection: {bond: {top: d.regions.face, bot: s.regions.top, thickness: 26}}
"""


def test_a_substrate_gives_the_balls_and_the_names_of_nets(tmp_path: Path) -> None:
    (tmp_path / "parts.3dbv").write_text(SUBSTRATE, encoding="utf-8")
    (tmp_path / "die.bmap").write_text("b1 UB 100 100 p1 -\nb2 UB 300 100 p2 n2\n", encoding="utf-8")
    (tmp_path / "top.bmap").write_text("t1 UB 800 800 - RESET\nt2 UB 1000 800 - CLK\n", encoding="utf-8")
    (tmp_path / "bottom.bmap").write_text("A1 C4 500 500 - RESET\nA2 C4 900 500 - CLK\n", encoding="utf-8")
    path = tmp_path / "f.3dbx"
    path.write_text(ON_SUBSTRATE, encoding="utf-8")
    draft = read_threedblox([path], ImportOptions())
    # The die looks down: places are mirrored as they are seen from the balls. The pads under the die are its bumps.
    assert places(draft) == {
        "d.b1": (-800, 800, "RESET"), "d.b2": (-1000, 800, "CLK"),
        "s_bottom.A1": (-500, 500, "RESET"), "s_bottom.A2": (-900, 500, "CLK"),
    }  # fmt: skip
    assert [part.kind.value for part in draft.components] == ["die", "balls"]
    assert any("most bumps look down" in guess for guess in draft.guesses) and draft.lost == ()


def test_bumps_over_one_another_are_named(tmp_path: Path) -> None:
    """Three dies: the third stands on the back of the second, and no package holds its bumps."""
    assembly = ASSEMBLY.replace("Stack:", "  c: {reference: upper}\nStack:\n  c: {loc: [0, 0], z: 500, orient: R0}")
    draft = read_threedblox([write(tmp_path, pair__3dbx=assembly)], ImportOptions())
    assert [part.name for part in draft.components] == ["a", "b"]
    assert any("3 bumps of c.face at z = 700 µm, over or under" in lost for lost in draft.lost)


def test_one_chiplet_or_one_bump_map_alone(tmp_path: Path) -> None:
    write(tmp_path, alone__3dbv=CHIPLETS.split("  upper:")[0])
    assert len(places(read_threedblox([tmp_path / "alone.3dbv"], ImportOptions()))) == 3
    alone = read_threedblox([tmp_path / "upper.bmap"], ImportOptions(die_size=(700_000, 600_000)))
    assert places(alone)["upper.q3"] == (500, 500, "d") and alone.components[0].outline == Box(0, 0, 700_000, 600_000)


def test_bumps_beyond_their_chiplet(tmp_path: Path) -> None:
    draft = read_threedblox([write(tmp_path, lower__bmap="p1 BUMP 2000 0 - a\n")], ImportOptions())
    assert draft.components[0].outline is None
    assert any("beyond the chiplet's area" in guess for guess in draft.guesses)
