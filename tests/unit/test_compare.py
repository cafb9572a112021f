"""Layouts compared as geometry: how it is cut up does not matter, a nanometre does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import klayout.db as kdb
import klayout.rdb as rdb
import numpy as np
import pytest

from router.model.errors import InputError
from router.model.geometry import Box
from router.verify.compare import Comparison, compare
from router.view.difference import difference_text, draw_difference
from router.write.difference import write_difference

Draw = Callable[[kdb.Layout, kdb.Cell], object]


def saved(path: Path, draw: Draw, dbu: float = 0.001) -> Path:
    layout = kdb.Layout()
    layout.dbu = dbu
    draw(layout, layout.create_cell("TOP"))
    layout.write(str(path))
    return path


def boxes(*sides: tuple[int, int, int, int]) -> Draw:
    def draw(layout: kdb.Layout, top: kdb.Cell) -> None:
        for side in sides:
            top.shapes(layout.layer(10, 0)).insert(kdb.Box(*side))

    return draw


def compared(folder: Path, a: Draw, b: Draw) -> Comparison:
    return compare(saved(folder / "a.gds", a), saved(folder / "b.oas", b))


def test_pieces_cells_and_paths_of_the_same_area_are_the_same(tmp_path: Path) -> None:
    def pieces(layout: kdb.Layout, top: kdb.Cell) -> None:
        layer = layout.layer(10, 0)
        below = layout.create_cell("BELOW")
        below.shapes(layer).insert(kdb.Box(0, 0, 600, 1000))
        top.insert(kdb.CellInstArray(below.cell_index(), kdb.Trans(-100, 0)))
        top.shapes(layer).insert(kdb.Path([kdb.Point(300, 500), kdb.Point(2000, 500)], 1000))

    found = compared(tmp_path, pieces, boxes((-100, 0, 2000, 1000)))
    assert found.same
    assert found.top == "TOP"
    assert found.layers[0].area_um2(found.layers[0].common) == pytest.approx(2.1)
    assert difference_text(found, {}).splitlines()[-1] == "the same"


def test_areas_places_and_sides(tmp_path: Path) -> None:
    found = compared(
        tmp_path,
        boxes((0, 0, 1000, 1000), (5000, 0, 6000, 1000), (9000, 0, 9100, 100)),
        boxes((0, 0, 1000, 1001), (5000, 0, 6000, 1000)),
    )
    (layer,) = found.layers
    areas = [layer.area_um2(region) for region in (layer.only_a, layer.only_b, layer.common)]
    assert areas == pytest.approx([0.01, 0.001, 2.0])
    assert layer.places == (Box(0, 1000, 1000, 1001), Box(9000, 0, 9100, 100))
    text = difference_text(found, {(10, 0): "RDL1"})
    assert "RDL1 10/0: (9, 0) to (9.1, 0.1) µm" in text
    assert text.splitlines()[-1] == "DIFFERENT in 2 places on 1 layers, and in 0 texts"


def test_a_layer_of_one_layout_only_and_an_empty_one(tmp_path: Path) -> None:
    def two(layout: kdb.Layout, top: kdb.Cell) -> None:
        boxes((0, 0, 1000, 1000))(layout, top)
        top.shapes(layout.layer(20, 5)).insert(kdb.Box(0, 0, 2000, 1000))

    found = compared(tmp_path, two, boxes((0, 0, 1000, 1000)))
    assert [(layer.layer, layer.same) for layer in found.layers] == [((10, 0), True), ((20, 5), False)]
    assert compared(tmp_path, two, lambda layout, top: None).layers[0].only_a.area() == 1_000_000


def test_texts_are_compared_by_what_they_say_and_where(tmp_path: Path) -> None:
    def texts(*said: tuple[str, int]) -> Draw:
        def draw(layout: kdb.Layout, top: kdb.Cell) -> None:
            for text, x in said:
                top.shapes(layout.layer(10, 20)).insert(kdb.Text(text, kdb.Trans(x, 7)))

        return draw

    assert compared(tmp_path, texts(("A", 1), ("A", 1)), texts(("A", 1))).same
    found = compared(tmp_path, texts(("A", 1), ("B", 2)), texts(("B", 2), ("A", 3)))
    assert [(text.text, text.x, text.only_in_a) for text in found.texts] == [("A", 1, True), ("A", 3, False)]
    assert "10/20: text 'A' at (0.001, 0.007) µm only in A" in difference_text(found, {})
    far = compared(tmp_path, texts(("A", 12_345_678)), texts())
    assert "text 'A' at (12345.678, 0.007) µm only in A" in difference_text(far, {})
    draw_difference(found, tmp_path / "texts.png")
    assert (tmp_path / "texts.png").read_bytes().startswith(b"\x89PNG")


def test_markers_say_side_layer_and_area(tmp_path: Path) -> None:
    found = compared(tmp_path, boxes((0, 0, 1000, 1000)), boxes((0, 0, 1000, 3000)))
    write_difference(tmp_path / "found.lyrdb", found, {(10, 0): "RDL1"})
    database = rdb.ReportDatabase("")
    database.load(str(tmp_path / "found.lyrdb"))
    assert [category.name() for category in database.each_category()] == ["RDL1 10/0 only in B"]
    (item,) = database.each_item()
    shape, text = item.each_value()
    assert shape.polygon() == kdb.DPolygon(kdb.DBox(0, 1, 1, 3))
    assert text.string() == "2 µm²"
    assert database.cell_by_id(item.cell_id()).name() == "TOP"


def test_a_picture_of_layouts_that_are_the_same_shows_them(tmp_path: Path) -> None:
    found = compared(tmp_path, boxes((0, 0, 1000, 1000)), boxes((0, 0, 1000, 1000)))
    draw_difference(found, tmp_path / "same.png")
    assert (tmp_path / "same.png").stat().st_size > 1000


@pytest.mark.parametrize("seed", range(20))
def test_it_is_the_difference_that_booleans_find(seed: int, tmp_path: Path) -> None:
    """Many rectangles, some moved, drawn over one another in another order."""
    rng = np.random.default_rng(seed)
    corners = rng.integers(0, 20_000, (60, 2))
    sizes = rng.integers(200, 4000, (60, 2))
    one = [(*low, *high) for low, high in zip(corners.tolist(), (corners + sizes).tolist(), strict=True)]
    moved = corners + (rng.random((60, 1)) < 0.1) * rng.integers(-3, 4, (60, 2))
    two = [(*low, *high) for low, high in zip(moved.tolist(), (moved + sizes).tolist(), strict=True)]
    found = compared(tmp_path, boxes(*one), boxes(*rng.permutation(np.array(two)).tolist()))
    regions = [kdb.Region([kdb.Box(*box) for box in drawn]) for drawn in (one, two)]
    (layer,) = found.layers
    assert (layer.only_a ^ (regions[0] - regions[1])).is_empty()
    assert (layer.only_b ^ (regions[1] - regions[0])).is_empty()
    assert (layer.common ^ (regions[0] & regions[1])).is_empty()
    assert len(layer.places) == (regions[0] ^ regions[1]).merged().count()


def test_other_database_units_are_refused(tmp_path: Path) -> None:
    a, b = saved(tmp_path / "a.gds", boxes((0, 0, 1, 1))), saved(tmp_path / "b.gds", boxes((0, 0, 2, 2)), dbu=0.0005)
    with pytest.raises(InputError, match=r"b\.gds: found a database unit of 0\.0005 µm; expected 0\.001 µm, as in .*a"):
        compare(a, b)
    assert compare(b, b).same


def test_what_is_no_layout_is_refused(tmp_path: Path) -> None:
    good = saved(tmp_path / "a.gds", boxes((0, 0, 1, 1)))
    (tmp_path / "text.gds").write_text("no layout", encoding="utf-8")
    for bad in (tmp_path / "text.gds", tmp_path / "none.gds", tmp_path):
        with pytest.raises(InputError, match=r"expected a .*GDSII or OASIS file"):
            compare(good, bad)
        with pytest.raises(InputError):
            compare(bad, good)


def test_a_text_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    def text(layout: kdb.Layout, top: kdb.Cell) -> None:
        top.shapes(layout.layer(10, 20)).insert(kdb.Text("here", kdb.Trans()))

    good = saved(tmp_path / "good.gds", text)
    bad = tmp_path / "bad.gds"
    bad.write_bytes(good.read_bytes().replace(b"here", b"h\xe9re"))
    with pytest.raises(InputError, match=r"bad\.gds: found a text that is not UTF-8"):
        compare(good, bad)
