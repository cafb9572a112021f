"""Routed packages as DEF: read back by KLayout's reader and by our own."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import klayout.db as kdb
import numpy as np

from router.draw.shapes import trace_rings
from router.model.design import Design, Keepout
from router.model.draft import Draft
from router.model.layout import Layout, Shape, Trace, Via
from router.read.formats.lefdef import read_lefdef
from router.read.formats.options import ImportOptions
from router.write.formats.def_ import LOST, def_files, lost

LEVELS = {"RDL1": "RDL1", "RDL2": "RDL2"}


def points(*xy: tuple[int, int]) -> np.ndarray:
    return np.array(xy, dtype=np.int64)


def written(folder: Path, design: Design, layout: Layout) -> list[Path]:
    files = def_files(design, layout)
    assert list(files) == ["small.lef", "small.def"]
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in files]


def read_back(folder: Path, design: Design, layout: Layout) -> Draft:
    return read_lefdef(written(folder, design, layout), ImportOptions(levels=LEVELS))


def metal(folder: Path, level: str) -> kdb.Region:
    """What KLayout sees on a level, lands and vias too, in nm."""
    options = kdb.LoadLayoutOptions()
    options.lefdef_config.lef_files = [str(folder / "small.lef")]
    options.lefdef_config.read_lef_with_def = False
    layout = kdb.Layout()
    layout.read(str(folder / "small.def"), options)
    assert layout.dbu == 0.001
    region = kdb.Region()
    for index in layout.layer_indexes():
        if layout.get_info(index).name.split(".")[0] == level:
            region += kdb.Region(layout.top_cell().begin_shapes_rec(index))
    return region.merged()


def drawn(*traces: Trace) -> kdb.Region:
    rings = [ring for trace in traces for ring in trace_rings(trace.points, trace.width)]
    return kdb.Region([kdb.Polygon([kdb.Point(x, y) for x, y in ring.tolist()]) for ring in rings]).merged()


def test_traces_and_terminals_come_back(tmp_path: Path, small_design: Design, small_layout: Layout) -> None:
    draft = read_back(tmp_path, small_design, small_layout)
    found = [(trace.net, trace.layer, trace.width, trace.points.tolist()) for trace in draft.traces]
    expected = [("AB"[t.net], "RDL2", t.width, t.points.tolist()) for t in small_layout.traces]
    assert found == expected
    pins = {(pin.name, pin.x, pin.y, pin.net) for part in draft.components for pin in part.pins}
    names = ("U1/1", "2", "A1", "A2", "B1", "C1/1")
    owners = ("A", "B", "A", "B", "", "")
    terminals = zip(names, small_design.terminals, owners, strict=True)
    assert pins == {(name, t.x, t.y, net) for name, t, net in terminals}
    lands = {pin.name: draft.pads[pin.pad] for part in draft.components for pin in part.pins}
    assert [(lands[n].width, lands[n].height) for n in ("U1/1", "A1", "C1/1")] == [
        (80_000, 80_000),
        (240_000, 240_000),
        (200_000, 100_000),
    ]
    assert draft.layers == ("RDL1", "RDL2")
    assert draft.outline == small_design.outline
    assert "vias of wires that are there: 2 (V1_VIA)" in draft.lost


def test_bends_ends_and_given_traces_come_back(tmp_path: Path, small_design: Design) -> None:
    """A slanted run, a right angle, ends away from lands, and a keep-out."""
    bent = Trace(
        0, 1, 10_000, points((-600_000, 400_000), (-600_000, 300_000), (-500_000, 200_000), (-400_000, 200_000))
    )
    corner = Trace(1, 1, 10_001, points((600_000, 400_000), (600_000, 100_000), (500_000, 100_000)), fixed=True)
    fill = Shape(0, 1, points((-600_000, 300_000), (-590_000, 300_000), (-600_000, 310_000)), "fill")
    design = dataclasses.replace(
        small_design, keepouts=(Keepout("k", (0, 1), points((0, 0), (50_000, 0), (0, 50_000))),)
    )
    draft = read_back(tmp_path, design, Layout((bent, corner), (), (fill,)))
    found = [(trace.net, trace.width, trace.points.tolist()) for trace in draft.traces]
    assert found == [
        ("A", 10_000, bent.points.tolist()),
        ("B", 10_001, corner.points.tolist()),
    ]
    assert [(k.layers, k.ring.tolist()) for k in draft.keepouts] == [
        (("RDL1",), [[0, 0], [50_000, 0], [0, 50_000]]),
        (("RDL2",), [[0, 0], [50_000, 0], [0, 50_000]]),
    ]
    assert "polygons that fill corners of wires: 1" in draft.lost
    text = (tmp_path / "small.def").read_text(encoding="utf-8")
    assert "+ FIXED RDL2 10001 + SHAPE IOWIRE ( 600000 400000 ) ( 600000 100000 5000 )\n  NEW" in text
    assert "+ POLYGON RDL2 ( -600000 300000 ) ( -590000 300000 ) ( -600000 310000 )" in text


def test_klayout_sees_the_same_metal(tmp_path: Path, small_design: Design) -> None:
    """All of it but the corners that octagons lack where a trace ends away from a land."""
    bent = Trace(
        0, 1, 10_000, points((-600_000, 400_000), (-500_000, 300_000), (-400_000, 300_000), (-300_000, 200_000))
    )
    loose = Trace(1, 1, 10_000, points((600_000, 400_000), (600_000, 0)))
    written(tmp_path, small_design, Layout((bent, loose), (Via(0, 0, -300_000, 200_000),)))
    seen = metal(tmp_path, "RDL2")
    written(tmp_path, small_design, Layout((), ()))
    lands = metal(tmp_path, "RDL2")
    via = kdb.Region(kdb.Box(-312_500, 187_500, -287_500, 212_500))
    expected = (drawn(bent, loose) + lands).merged()
    difference = (seen ^ expected) - via
    end = kdb.Region(kdb.Box(594_000, -6_000, 606_000, 1))
    # Slanted sides are drawn a few nanometres wider, never narrower.
    assert (difference - end).sized(-5).is_empty()
    assert not lands.is_empty() and (lands & kdb.Region(kdb.Box(-1, -601_000, 1, -599_000))).area() > 0


def test_vias_have_their_capture_pads(tmp_path: Path, small_design: Design, small_layout: Layout) -> None:
    written(tmp_path, small_design, small_layout)
    for level in ("RDL1", "RDL2"):
        box = kdb.Region(kdb.Box(-212_400, -12_400, -187_600, 12_400))
        seen = metal(tmp_path, level) & box
        assert seen.area() > 0.75 * 24_800**2, f"a capture pad of Ø 25 on {level}"
    cut = metal(tmp_path, "V1")
    assert cut.count() == 2
    assert cut.bbox() == kdb.Box(-207_500, -7_500, 207_500, 7_500)


def test_what_is_lost_is_said(small_design: Design, small_layout: Layout) -> None:
    assert lost(small_design, small_layout) == LOST
    any_angle = Layout((Trace(0, 0, 10_000, points((0, 0), (100, 30))),), ())
    assert lost(small_design, any_angle)[-1].startswith("DEF knows runs along the axes and at 45° alone: many readers")


def test_names_that_mean_something_else_are_marked(tmp_path: Path, small_design: Design, small_layout: Layout) -> None:
    nets = (dataclasses.replace(small_design.nets[0], name="#A"), dataclasses.replace(small_design.nets[1], name="+"))
    draft = read_back(tmp_path, dataclasses.replace(small_design, nets=nets), small_layout)
    assert {trace.net for trace in draft.traces} == {"\\#A", "\\+"}


def test_lands_of_styles_with_like_names_keep_their_sizes(tmp_path: Path, small_design: Design) -> None:
    pdk, (first, second, *others) = small_design.pdk, small_design.terminals
    (land,) = pdk.pads["bump"].shapes
    small = dataclasses.replace(land, width=70_000, height=70_000)
    styles = {name: dataclasses.replace(pdk.pads["bump"], name=name) for name in ("bump.1", "bump-1")}
    styles["bump-1"] = dataclasses.replace(styles["bump-1"], shapes=(small,))
    one, two = dataclasses.replace(first, pad="bump.1"), dataclasses.replace(second, pad="bump-1")
    design = dataclasses.replace(
        small_design, pdk=dataclasses.replace(pdk, pads=pdk.pads | styles), terminals=(one, two, *others)
    )
    written(tmp_path, design, Layout((), ()))
    left, right = (polygon.bbox() for polygon in metal(tmp_path, "RDL1").each() if polygon.bbox().top < 100_000)
    assert {left.width(), right.width()} == {80_000, 70_000}
