"""Layouts as they have to be, worked out by hand or looked at once; compared as geometry, never as bytes."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import klayout.db as kdb
import klayout.lay as lay
import klayout.rdb as rdb
import pytest
from golden import HERE, assert_golden

from router import read_design, route, write
from router.draw.masks import VIEW_LABEL, draw_masks
from router.model.design import Design
from router.model.layout import Layout
from router.write.gds import write_gds

# Routing is a search in whole numbers, and its result the same everywhere. Lines are then tightened, and slanted ones
# drawn, with the sines and roots of the machine's own library: a vertex may come out a nanometre off.
ROUTED_THINNER_THAN = 4


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
    assert_golden(gds, tmp_path)


def test_the_small_package_is_drawn_as_it_was(tmp_path: Path, small_design: Design, small_layout: Layout) -> None:
    """Pads, vias, traces, outlines and pins of the package in tests/conftest.py."""
    drawn = tmp_path / "small.gds"
    write_gds(drawn, small_design, draw_masks(small_design, small_layout))
    assert_golden(drawn, tmp_path)


@pytest.mark.parametrize("name", ["toy", "bridge"])
def test_a_package_is_routed_as_it_was(name: str, tmp_path: Path) -> None:
    own = HERE / f"{name}.toml"
    report = write(route(read_design(own if own.is_file() else name)), tmp_path / name)
    assert report["routed"] == report["nets"]
    assert_golden(tmp_path / name / f"{name}.gds", tmp_path, thinner_than=ROUTED_THINNER_THAN)


def test_golden_files_stay_small() -> None:
    sizes = {path.name: path.stat().st_size for path in HERE.glob("*.gds")}
    assert sorted(sizes) == ["bridge.gds", "mirrored_die.gds", "small.gds", "toy.gds"]
    assert max(sizes.values()) < 300_000


def changed(path: Path, target: Path, box: kdb.Box) -> None:
    """The layout with a box more on RDL1 of fanout_10um."""
    layout = read(path)
    layout.top_cell().shapes(layout.layer(10, 0)).insert(box)
    layout.write(str(target))


@pytest.fixture
def not_renewing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RENEW_GOLDEN", raising=False)


@pytest.mark.usefixtures("not_renewing")
def test_a_difference_keeps_both_layouts_and_a_picture(tmp_path: Path) -> None:
    """One nanometre on one mask is enough, and can be seen in what is kept."""
    drawn = tmp_path / "toy.gds"
    changed(HERE / "toy.gds", drawn, kdb.Box(300_000, 300_000, 300_001, 310_000))
    with pytest.raises(AssertionError, match="toy is drawn differently") as failure:
        assert_golden(drawn, tmp_path)
    assert str(tmp_path) in str(failure.value)
    assert "10/0: (300, 300) to (300.001, 310) µm" in str(failure.value)
    kept = {path.name: path for path in tmp_path.iterdir()} | {"golden": HERE / "toy.gds"}
    assert kept["toy.A_golden.gds"].read_bytes() == kept["golden"].read_bytes()
    assert kept["toy.B_drawn.gds"].read_bytes() == drawn.read_bytes()
    markers = rdb.ReportDatabase("")
    markers.load(str(kept["toy.difference.lyrdb"]))
    assert [category.name() for category in markers.each_category()] == ["10/0 only in B"]
    picture = lay.PixelBuffer.read_png(str(kept["toy.difference.png"]))
    pixels = [picture.pixel(x, y) for x in range(picture.width()) for y in range(picture.height())]
    blue = sum((pixel & 0xFF) > 60 + (pixel >> 16 & 0xFF) for pixel in pixels)
    assert 150 < blue < 3000, "a line of a nanometre, in a picture of the place where it is"
    assert_golden(drawn, tmp_path, thinner_than=4)


@pytest.mark.usefixtures("not_renewing")
@pytest.mark.parametrize("size", [3, 100_000])
def test_what_is_thicker_than_a_sliver_is_a_difference(size: int, tmp_path: Path) -> None:
    drawn = tmp_path / "toy.gds"
    changed(HERE / "toy.gds", drawn, kdb.Box(0, 700_000, 5 + size, 700_005 + size))
    with pytest.raises(AssertionError, match="drawn differently"):
        assert_golden(drawn, tmp_path, thinner_than=4)


def test_goldens_are_renewed_on_purpose_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    golden, drawn = tmp_path / "golden.gds", tmp_path / "toy.gds"
    shutil.copy(HERE / "toy.gds", golden)
    changed(golden, drawn, kdb.Box(0, 700_000, 9000, 709_000))
    monkeypatch.delenv("RENEW_GOLDEN", raising=False)
    with pytest.raises(AssertionError):
        assert_golden(drawn, tmp_path, golden=golden)
    monkeypatch.setenv("RENEW_GOLDEN", "1")
    assert_golden(drawn, tmp_path, golden=golden)
    monkeypatch.delenv("RENEW_GOLDEN")
    assert_golden(drawn, tmp_path, golden=golden)
