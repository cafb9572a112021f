"""Pins of a package as a table and as AIF."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np

from router.model.design import Component, ComponentKind, Design, Terminal
from router.model.geometry import Box, Placement
from router.model.layout import Layout
from router.model.pdk import PadShape, PadStyle, ShapeKind, TerminalKind
from router.read.table import read_table
from router.write.formats.aif import aif_text, lost
from router.write.formats.bumps import bumps_text

NOTHING = Layout((), ())


def second_die(design: Design) -> Design:
    """The package with a turned die whose two pads are octagons and oblongs, and pins with names that AIF reserves."""
    pads = {
        "eight": PadStyle("eight", TerminalKind.BUMP, "RDL1", (PadShape("RDL1", ShapeKind.OCTAGON, 50_000, 50_000),)),
        "long": PadStyle("long", TerminalKind.BUMP, "RDL1", (PadShape("RDL1", ShapeKind.OBLONG, 30_000, 60_000),)),
    }
    outline = Box(-100_000, -50_000, 100_000, 50_001)
    placement = Placement(700_000, 0, 90)
    xy = np.array([(0, 0), (50_000, 0)])
    die = Component("U2", ComponentKind.DIE, outline, placement, "bottom", ("io[1]", "2"), xy, ("eight", "long"))
    terminals = (
        Terminal("U2.io[1]", TerminalKind.BUMP, 700_000, 0, "eight", 0, 50_000, 50_000, True),
        Terminal("U2.2", TerminalKind.BUMP, 700_000, 50_000, "long", 0, 60_000, 30_000, True),
    )
    return dataclasses.replace(
        design,
        pdk=dataclasses.replace(design.pdk, pads={**design.pdk.pads, **pads}),
        components=(*design.components, die),
        terminals=(*design.terminals, *terminals),
    )


def test_the_table_holds_every_pin_as_it_lies_in_the_package(tmp_path: Path, small_design: Design) -> None:
    (tmp_path / "pins.csv").write_text(bumps_text(second_die(small_design), NOTHING), encoding="utf-8")
    table = read_table(tmp_path / "pins.csv")
    assert ",".join(table.header) == "kind,component,pin,x_um,y_um,width_um,height_um,shape,style,net"
    assert table.rows[0] == ["bump", "U1", "1", "-200", "0", "80", "80", "circle", "bump", "A"]
    assert table.rows[4] == ["ball", "BGA", "B1", "0", "-600", "240", "240", "circle", "ball", ""]
    assert table.rows[5] == ["contact", "C1", "1", "0", "500", "200", "100", "rect", "contact", ""]
    assert table.rows[7] == ["bump", "U2", "2", "700", "50", "60", "30", "oblong", "long", ""]
    roles = {role: table.known(role) for role in ("pin", "x", "y", "net", "width", "height")}
    assert roles == {"pin": 2, "x": 3, "y": 4, "net": 9, "width": 5, "height": 6}, "headers that rdl reads by itself"


def test_aif_of_one_die(small_design: Design) -> None:
    assert aif_text(small_design, NOTHING).splitlines()[2:] == [
        "[DATABASE]",
        "TYPE=AIF",
        "VERSION=2.0",
        "UNITS=UM",
        "[DIE]",
        "NAME=U1",
        "WIDTH=800",
        "HEIGHT=600",
        "CENTER=0 0",
        "[BGA]",
        "NAME=BGA",
        "WIDTH=2000",
        "HEIGHT=2000",
        "[PADS]",
        "bump=CIRCLE 80",
        "ball=CIRCLE 240",
        "[NETLIST]",
        ";NETNAME PAD# TYPE PAD_X PAD_Y BALL# TYPE BALL_X BALL_Y",
        "A 1 bump 200 0 A1 ball 600 400",
        "B 2 bump -200 0 A2 ball -600 400",
        "- - - - - B1 ball 0 -600",
    ]
    assert "C1 (pins: 1): AIF knows dies and balls alone" in lost(small_design, NOTHING)


def test_aif_of_several_dies_names_pads_by_die(small_design: Design) -> None:
    outline = Box(-1_000_000, -1_000_000, 1_500_000, 1_000_000)
    design = dataclasses.replace(second_die(small_design), outline=outline)
    lines = aif_text(design, NOTHING).splitlines()
    mcm = lines.index("MCM=TRUE")
    assert lines[mcm + 1 : mcm + 4] == ["[MCM_DIE]", "U1=U1", "U2=U2"]
    turned = lines.index("[MCM_U2_U2]")
    assert lines[turned + 1 : turned + 4] == ["WIDTH=100.001", "HEIGHT=200", "CENTER=-700, 0"]
    assert "OUTLINE=POLYGON 1 0 4 -1500 -1000 1000 -1000 1000 1000 -1500 1000" in lines
    assert "A U1.1 bump 200 0 A1 ball 600 400" in lines
    assert "- U2.io\\x5B1\\x5D eight -700 0 B1 ball 0 -600" in lines
    assert "- U2.2 long_R90 -700 50" in lines
    assert "long_R90=OBLONG 60 30" in lines
    (octagon,) = [line for line in lines if line.startswith("eight=")]
    assert octagon.startswith("eight=POLYGON 1 0 8 25,10.")
    assert any("characters that AIF reserves" in sentence for sentence in lost(design, NOTHING))
    assert not any(line.startswith("[DIE]") for line in lines)
