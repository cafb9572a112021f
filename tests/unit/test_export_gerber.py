"""Gerber files, read again by KLayout's PCB import: the same copper as the GDSII but for corners and chords."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import klayout.db as kdb
import numpy as np
import pytest

from router.draw.masks import draw_masks
from router.model.design import Design
from router.model.layout import Layout, Shape, Trace
from router.model.pdk import PadShape, ShapeKind
from router.write.formats.gerber import gerber_files
from router.write.formats.gerber_file import GerberFile
from router.write.gds import write_gds


def read_back(folder: Path, files: dict[str, str]) -> kdb.Layout:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    layout = kdb.Layout()
    layout.read(str(next(folder.glob("*.pcb"))))
    return layout


def region(layout: kdb.Layout, layer: int) -> kdb.Region:
    found = layout.find_layer(layer, 0)
    return kdb.Region() if found is None else kdb.Region(layout.top_cell().begin_shapes_rec(found)).merged()


def test_metal_cuts_and_openings_are_those_of_the_gdsii(
    tmp_path: Path, small_design: Design, small_layout: Layout
) -> None:
    ring = np.array([[-200_000, 0], [-250_000, 0], [-250_000, 60_000]])
    layout = dataclasses.replace(small_layout, shapes=(Shape(0, 1, ring, "fill"),))
    gerber = read_back(tmp_path, gerber_files(small_design, layout))
    write_gds(tmp_path / "small.gds", small_design, draw_masks(small_design, layout))
    gds = kdb.Layout()
    gds.read(str(tmp_path / "small.gds"))
    assert gerber.top_cell().name == "small"
    for mask in small_design.pdk.masks:
        ours, theirs = region(gerber, mask.layer), region(gds, mask.layer)
        if mask.name in ("OUTLINE", "DIE"):
            assert theirs.sized(501).covering(ours).count() == theirs.count(), "a thin line round the same places"
            assert ours.bbox() == theirs.bbox().enlarged(500, 500)
            continue
        assert ours.count() == theirs.count() > 0
        assert (ours - theirs.sized(2)).is_empty(), "nothing stands out"
        assert (theirs - ours.sized(300)).is_empty(), "nothing is missing but corners"
        assert ours.area() == pytest.approx(theirs.area(), rel=0.004)


def test_nets_and_pins_stand_beside_their_metal(tmp_path: Path, small_design: Design, small_layout: Layout) -> None:
    files = gerber_files(small_design, small_layout)
    assert list(files) == [
        "small.00_OUTLINE.gbr",
        "small.01_DIE.gbr",
        "small.02_RDL1.gbr",
        "small.03_V1.gbr",
        "small.04_RDL2.gbr",
        "small.05_SM.gbr",
        "small.pcb",
    ]
    lines = files["small.04_RDL2.gbr"].splitlines()
    start = lines.index("%TO.N,A*%")
    assert lines[start : lines.index("%TD*%", start)] == [
        "%TO.N,A*%",
        "D10*",
        "X-200000Y0D02*",
        "X-600000Y400000D01*",
        "D11*",
        "X-200000Y0D03*",
        "%TO.P,BGA,A1*%",
        "D12*",
        "X-600000Y400000D03*",
    ]
    assert lines[-1] == "M02*"
    assert "%TO.N,N/C*%\n%TO.P,BGA,B1*%\nX0Y-600000D03*" in files["small.04_RDL2.gbr"]
    assert [line[4:] for line in lines if line.startswith("%AD")] == [
        "10C,0.010000*%",
        "11C,0.025000*%",
        "12C,0.240000*%",
    ]
    layout = read_back(tmp_path, files)
    texts = {
        shape.text.string for shape in layout.top_cell().shapes(layout.find_layer(41, 0)).each() if shape.is_text()
    }
    assert {"A", "B"} <= texts, "another program reads the names of nets"


def test_every_file_says_what_it_is(small_design: Design, small_layout: Layout) -> None:
    files = gerber_files(small_design, small_layout)
    functions = {name: re.findall(r"TF\.(?:FileFunction|FilePolarity),(.*)\*", text) for name, text in files.items()}
    assert functions == {
        "small.00_OUTLINE.gbr": ["Profile,NP", "Positive"],
        "small.01_DIE.gbr": ["AssemblyDrawing,Bot", "Positive"],
        "small.02_RDL1.gbr": ["Copper,L2,Bot", "Positive"],
        "small.03_V1.gbr": ["Plated,1,2,PTH", "Positive"],
        "small.04_RDL2.gbr": ["Copper,L1,Top", "Positive"],
        "small.05_SM.gbr": ["Soldermask,Top", "Negative"],
        "small.pcb": [],
    }


def test_turned_lands_lie_as_in_the_package(small_design: Design) -> None:
    text = gerber_files(small_design, Layout((), ()))["small.02_RDL1.gbr"]
    assert "R,0.200000X0.100000*%" in text, "the contact is turned by a quarter"


@pytest.mark.parametrize(
    ("shape", "width", "height", "area"),
    [
        (ShapeKind.CIRCLE, 40_000, 40_000, np.pi * 20_000**2),
        (ShapeKind.RECT, 40_000, 40_000, 40_000**2),
        (ShapeKind.RECT, 30_000, 41_001, 30_000 * 41_001),
        (ShapeKind.OCTAGON, 40_000, 40_000, 8 * np.tan(np.pi / 8) * 20_000**2),
        (ShapeKind.OBLONG, 20_000, 50_000, 20_000 * 30_000 + np.pi * 10_000**2),
        (ShapeKind.OBLONG, 50_000, 20_000, 20_000 * 30_000 + np.pi * 10_000**2),
        (ShapeKind.OBLONG, 20_000, 20_000, np.pi * 10_000**2),
    ],
)
def test_shapes_of_pads(
    shape: ShapeKind, width: int, height: int, area: float, tmp_path: Path, small_design: Design
) -> None:
    file = GerberFile("Other,T", "t")
    file.flash(PadShape("RDL1", shape, width, height), (1_000_001, -7), "")
    files = gerber_files(small_design, Layout((), ()))
    files["small.02_RDL1.gbr"] = file.text()
    found = region(read_back(tmp_path, files), 21)
    assert found.area() == pytest.approx(area, rel=1e-3)
    sides = [found.bbox().width(), found.bbox().height(), 1_000_001 - found.bbox().left]
    assert sides == pytest.approx([width, height, width / 2], abs=4), "but for the chords of KLayout's circles"


def test_a_trace_of_one_point_and_odd_names_do_not_break_the_file(tmp_path: Path, small_design: Design) -> None:
    nets = (dataclasses.replace(small_design.nets[0], name="A*,%\\b"), small_design.nets[1])
    design = dataclasses.replace(small_design, name="small", nets=nets)
    files = gerber_files(design, Layout((Trace(0, 0, 20_000, np.array([[5, 5]])),), ()))
    assert "%TO.N,A\\u002A\\u002C\\u0025\\u005Cb*%\nD10*\nX5Y5D03*" in files["small.02_RDL1.gbr"]
    assert not region(read_back(tmp_path, files), 21).is_empty()
