"""Layouts as they have to be, worked out by hand or looked at once; compared as geometry, never as bytes."""

from __future__ import annotations

import csv
from pathlib import Path

import klayout.db as kdb

from router.draw.masks import VIEW_LABEL, draw_masks
from router.model.design import Design
from router.model.layout import Layout
from router.read.design import read_design
from router.write.gds import write_gds

HERE = Path(__file__).parent


def read(path: Path) -> kdb.Layout:
    layout = kdb.Layout()
    layout.read(str(path))
    return layout


def test_a_die_seen_from_the_other_side_is_mirrored_once(tmp_path: Path) -> None:
    """A mirrored die is the classic way to scrap a wafer. The places were worked out by hand."""
    design = read_design(HERE / "mirrored_die.toml")
    gds = tmp_path / "mirrored_die.gds"
    write_gds(gds, design, draw_masks(design, Layout((), ())))
    layout = read(gds)
    rdl = design.pdk.mask("RDL1")
    top = layout.top_cell()
    lands = kdb.Region(top.begin_shapes_rec(layout.layer(rdl.layer, rdl.datatype)))
    centres = {(box.center().x / 1000, box.center().y / 1000) for box in (land.bbox() for land in lands.each())}
    labels = {
        shape.text_string: (shape.text.x / 1000, shape.text.y / 1000)
        for shape in top.each_shape(layout.layer(rdl.layer, rdl.label_datatype))
    }
    with (HERE / "mirrored_die.csv").open(encoding="utf-8") as file:
        expected = {row["net"]: (float(row["x_um"]), float(row["y_um"])) for row in csv.DictReader(file)}
    assert labels == expected
    assert centres == set(expected.values())
    outline = design.pdk.outline_mask
    texts = [shape.text_string for shape in top.each_shape(layout.layer(outline.layer, outline.label_datatype))]
    assert texts == [VIEW_LABEL]


def test_the_small_package_is_drawn_as_it_was(tmp_path: Path, small_design: Design, small_layout: Layout) -> None:
    """Pads, vias, traces, outlines and pins of the package in tests/conftest.py. A difference is kept as a GDS file."""
    drawn_path = tmp_path / "small.gds"
    write_gds(drawn_path, small_design, draw_masks(small_design, small_layout))
    drawn, golden = read(drawn_path), read(HERE / "small.gds")
    difference = kdb.Layout()
    top = difference.create_cell("DIFFERENCE")
    for info in {(i.layer, i.datatype) for layout in (drawn, golden) for i in layout.layer_infos()}:
        regions = [
            kdb.Region(layout.top_cell().begin_shapes_rec(layout.layer(*info))).merged() for layout in (drawn, golden)
        ]
        top.shapes(difference.layer(*info)).insert(regions[0] ^ regions[1])
    saved = tmp_path / "difference.gds"
    difference.write(str(saved))
    assert top.bbox().empty(), f"drawn differently; see {saved}"
