"""The SVG drawing: groups, colours, places; and a size that browsers stand."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from xml.etree import ElementTree

import numpy as np

from router.model.design import Design
from router.model.layout import Layout, Shape, Trace, Via
from router.write.formats.svg import svg_text

SVG = "{http://www.w3.org/2000/svg}"
HREF = "{http://www.w3.org/1999/xlink}href"


def drawn(design: Design, layout: Layout) -> ElementTree.Element:
    return ElementTree.fromstring(svg_text(design, layout))


def groups(root: ElementTree.Element) -> dict[str, ElementTree.Element]:
    flipped = next(group for group in root.iter(f"{SVG}g") if group.get("transform") == "scale(1 -1)")
    return {str(group.get("id")): group for group in flipped.findall(f"{SVG}g")}


def test_each_mask_is_a_group_in_its_colour(small_design: Design, small_layout: Layout) -> None:
    root = drawn(small_design, small_layout)
    assert root.get("viewBox") == "-1100 -1100 2200 2200", "the package in µm with a margin"
    assert root.findtext(f"{SVG}title") == "small"
    assert "seen from the ball side, lengths in µm" in str(root.findtext(f"{SVG}desc"))
    by_mask = groups(root)
    assert list(by_mask) == ["OUTLINE", "DIE", "RDL1", "V1", "RDL2", "SM"], "in the order of the process"
    for mask in small_design.pdk.masks:
        group = by_mask[mask.name]
        assert mask.color in (group.get("fill"), group.get("stroke"))
        assert group.findtext(f"{SVG}title") == mask.name
    assert (by_mask["RDL1"].get("stroke"), by_mask["SM"].get("fill")) == (None, "none")


def test_traces_are_lines_of_their_width_and_say_their_net(small_design: Design, small_layout: Layout) -> None:
    rdl2 = groups(drawn(small_design, small_layout))["RDL2"]
    lines = [
        (path.get("d"), path.get("stroke-width"), path.findtext(f"{SVG}title")) for path in rdl2.iter(f"{SVG}path")
    ]
    assert lines == [("M-200 0 -600 400", "10", "A"), ("M200 0 600 400", "10", "B")]


def test_pads_and_vias_are_drawn_once_and_used_where_they_lie(small_design: Design, small_layout: Layout) -> None:
    root = drawn(small_design, small_layout)
    shapes = {path.get("id"): path.get("d") for path in root.find(f"{SVG}defs") or ()}
    for name, group in groups(root).items():
        uses = [
            (use.get(HREF), use.get("x"), use.get("y"), use.findtext(f"{SVG}title")) for use in group.iter(f"{SVG}use")
        ]
        assert all(str(href)[1:] in shapes for href, _, _, _ in uses)
        places = {(x, y): title for _, x, y, title in uses}
        if name == "V1":
            assert set(places) == {("-200", "0"), ("200", "0")}
        if name == "RDL2":
            assert places["-600", "400"] == "BGA.A1 A" and places["0", "-600"] == "BGA.B1"
    contact = str(shapes[next(key for key, d in shapes.items() if str(d).count(" ") == 7)])
    assert contact.startswith("M100 50 -100 50"), "the turned contact is wide"


def test_names_that_xml_reserves_and_fills(tmp_path: Path, small_design: Design) -> None:
    nets = (dataclasses.replace(small_design.nets[0], name="A<&>\"'"), small_design.nets[1])
    design = dataclasses.replace(small_design, nets=nets)
    ring = np.array([[0, 0], [1_500, 0], [0, 2]])
    layout = Layout((Trace(0, 0, 20_001, np.array([[5, 5]])),), (Via(0, 0, 1, 1),), (Shape(1, 0, ring, "fill"),))
    rdl1 = groups(drawn(design, layout))["RDL1"]
    assert [path.get("d") for path in rdl1.iter(f"{SVG}path")] == ["M0.005 0.005", "M0 0 1.5 0 0 0.002z"]
    assert "A<&>\"'" in [title.text for title in rdl1.iter(f"{SVG}title")]


def test_ten_thousand_traces_stay_a_file_that_browsers_open(small_design: Design, small_layout: Layout) -> None:
    zigzag = np.stack([np.arange(10) * 90_000 - 400_000, np.arange(10) % 2 * 90_000], axis=1)
    traces = tuple(Trace(0, level, 10_000, zigzag + np.array([0, 50 * n])) for n in range(5_000) for level in (0, 1))
    text = svg_text(small_design, dataclasses.replace(small_layout, traces=traces))
    assert len(text) < 1_600_000
