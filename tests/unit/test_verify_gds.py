"""Reading a GDSII file back, and refusing what is none."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import gdstk
import klayout.db as kdb
import numpy as np
import pytest

from router.model.design import Design
from router.model.errors import InputError
from router.verify import check
from router.verify.gds import read_masks
from router.verify.klayout import check_with_klayout

RDL1, LABEL = 21, 20


@pytest.fixture
def gds(tmp_path: Path) -> Path:
    """A top cell with a rectangle, a placed and an arrayed cell, a path, a label, and a layer of no mask."""
    library = gdstk.Library(unit=1e-6, precision=1e-9)
    pad = library.new_cell("PAD").add(gdstk.rectangle((-1, -2), (1, 2), layer=RDL1))
    pad.add(gdstk.Label("PIN", (0.001, 0.002), layer=RDL1, texttype=LABEL))
    top = library.new_cell("TOP").add(gdstk.rectangle((0, 0), (10.001, 5), layer=RDL1))
    top.add(gdstk.Reference(pad, (100, 0), rotation=np.pi / 2))
    top.add(gdstk.Reference(pad, (200, 0), columns=3, rows=2, spacing=(10, 20)))
    top.add(gdstk.FlexPath([(0, 50), (20, 50)], 2, layer=RDL1, simple_path=True))
    top.add(gdstk.rectangle((0, 0), (1, 1), layer=250))
    path = tmp_path / "layout.gds"
    library.write_gds(path)
    return path


def test_polygons_come_flat_in_nanometres(gds: Path, small_design: Design) -> None:
    rings, labels = read_masks(gds, small_design.pdk)
    boxes = sorted((*ring.min(axis=0).tolist(), *ring.max(axis=0).tolist()) for ring in rings["RDL1"])
    assert boxes[0] == (0, 0, 10_001, 5_000)
    assert (98_000, -1_000, 102_000, 1_000) in boxes
    assert (0, 49_000, 20_000, 51_000) in boxes
    assert len(boxes) == 1 + 1 + 6 + 1
    assert sum(len(of_mask) for of_mask in rings.values()) == len(boxes)
    assert len(labels["RDL1"]) == 7
    assert {(label.text, label.x, label.y) for label in labels["RDL1"]} >= {("PIN", 99_998, 1), ("PIN", 200_001, 2)}


def nested(path: Path, turn: float) -> None:
    """Pads in a mirrored, magnified array, and that in one turned by `turn` degrees; paths and labels on the way;
    and a second top cell."""
    library = gdstk.Library(unit=1e-6, precision=1e-9)
    pad = library.new_cell("PAD").add(gdstk.Polygon([(-1, -2), (1, -2), (1.5, 0.503), (-1, 2)], layer=RDL1))
    pad.add(gdstk.Label("PIN", (0.25, 0.001), layer=RDL1, texttype=LABEL))
    row = library.new_cell("ROW").add(gdstk.FlexPath([(0, -9), (20, -9)], 1.5, layer=RDL1, simple_path=True))
    row.add(gdstk.Reference(pad, (3, 4), magnification=2, x_reflection=True, columns=3, rows=2, spacing=(12, 15)))
    row.add(gdstk.Label("ROW", (5, 5), layer=RDL1, texttype=LABEL))
    middle = library.new_cell("MIDDLE")
    middle.add(gdstk.Reference(row, (100, 50), rotation=np.radians(turn), columns=2, rows=3, spacing=(90, 80)))
    middle.add(gdstk.Reference(pad, (-40, 7.001), rotation=np.radians(turn), x_reflection=True))
    library.new_cell("TOP").add(gdstk.Reference(middle, (1000, 0), rotation=np.pi, magnification=3))
    library.new_cell("OTHER").add(gdstk.Reference(pad, (0.001, 0), rotation=np.pi / 2))
    library.write_gds(path)


@pytest.mark.parametrize(("turn", "off"), [(0, 0), (90, 0), (180, 0), (270, 0), (33.7, 1)])
def test_trees_of_arrays_come_as_klayout_flattens_them(
    tmp_path: Path, small_design: Design, turn: float, off: int
) -> None:
    path = tmp_path / "tree.gds"
    nested(path, turn)
    rings, labels = read_masks(path, small_design.pdk)
    layout = kdb.Layout()
    layout.read(str(path))
    expected_boxes, expected_labels = [], []
    for top in layout.top_cells():
        for cell in top.begin_shapes_rec(layout.layer(RDL1, 0)):
            box = cell.shape().polygon.transformed(cell.trans()).bbox()
            expected_boxes.append((box.left, box.bottom, box.right, box.top))
        for cell in top.begin_shapes_rec(layout.layer(RDL1, LABEL)):
            text = cell.shape().text.transformed(cell.trans())
            expected_labels.append((text.string, text.x, text.y))
    boxes = sorted((*ring.min(axis=0).tolist(), *ring.max(axis=0).tolist()) for ring in rings["RDL1"])
    assert len(boxes) == 2 * 3 * (1 + 6) + 1 + 1
    assert np.abs(np.array(boxes) - np.array(sorted(expected_boxes))).max() <= off
    found = sorted((label.text, label.x, label.y) for label in labels["RDL1"])
    assert [text for text, *_ in found] == [text for text, *_ in sorted(expected_labels)]
    places = np.array([at for _, *at in found]) - np.array([at for _, *at in sorted(expected_labels)])
    assert np.abs(places).max() <= off


def test_the_file_is_judged(gds: Path, small_design: Design) -> None:
    verdict = check(gds, small_design)
    assert {fault.kind for fault in verdict.faults} == {"unreached", "floating", "missing_pad", "wrong_label"}


def shortened(data: bytes) -> bytes:
    return data[: len(data) // 2]


def without_end(data: bytes) -> bytes:
    return data[:-4]


def text(_: bytes) -> bytes:
    return b"no layout at all, just a line of text"


def nothing(_: bytes) -> bytes:
    return b""


@pytest.mark.parametrize("spoil", [shortened, without_end, text, nothing])
def test_broken_files_are_refused_with_one_message(
    gds: Path, small_design: Design, spoil: Callable[[bytes], bytes]
) -> None:
    gds.write_bytes(spoil(gds.read_bytes()))
    with pytest.raises(InputError, match=r"layout\.gds: found .*; expected a whole GDSII( or OASIS)? file"):
        check(gds, small_design)


def test_every_cut_short_file_is_refused(gds: Path, small_design: Design) -> None:
    data = gds.read_bytes()
    for length in range(0, len(data) - 1, 7):
        gds.write_bytes(data[:length])
        with pytest.raises(InputError):
            check(gds, small_design)


def test_missing_file_and_folder(tmp_path: Path, small_design: Design) -> None:
    for path in (tmp_path / "none.gds", tmp_path):
        with pytest.raises(InputError, match="expected a readable GDSII or OASIS file"):
            check(path, small_design)


def test_another_database_unit_is_refused(tmp_path: Path, small_design: Design) -> None:
    path = tmp_path / "coarse.gds"
    library = gdstk.Library(unit=1e-6, precision=5e-9)
    library.new_cell("TOP").add(gdstk.rectangle((0, 0), (1, 1), layer=RDL1))
    library.write_gds(path)
    with pytest.raises(InputError, match="found a database unit of 5e-09 m"):
        check(path, small_design)


def test_a_file_in_other_user_units_reads_the_same(gds: Path, tmp_path: Path, small_design: Design) -> None:
    path = tmp_path / "nm.gds"
    library = gdstk.Library(unit=1e-9, precision=1e-9)
    library.new_cell("TOP").add(gdstk.rectangle((0, 0), (10_001, 5_000), layer=RDL1))
    library.write_gds(path)
    rings, _ = read_masks(path, small_design.pdk)
    assert rings["RDL1"][0].max(axis=0).tolist() == [10_001, 5_000]


def test_layers_of_no_mask_are_no_layout(tmp_path: Path, small_design: Design) -> None:
    path = tmp_path / "foreign.gds"
    library = gdstk.Library(unit=1e-6, precision=1e-9)
    library.new_cell("TOP").add(gdstk.rectangle((0, 0), (1, 1), layer=250))
    library.write_gds(path)
    with pytest.raises(InputError, match="found no polygon on any mask"):
        check(path, small_design)


@pytest.mark.parametrize("below_top", [False, True])
def test_cells_that_lie_within_themselves_are_refused(below_top: bool, tmp_path: Path, small_design: Design) -> None:
    """No top cell leads to what is in them, or there is no end to it."""
    library = gdstk.Library(unit=1e-6, precision=1e-9)
    top, one, other = (library.new_cell(name) for name in ("TOP", "ONE", "OTHER"))
    for cell in (top, other):
        cell.add(gdstk.rectangle((0, 0), (10, 5), layer=RDL1))
    one.add(gdstk.Reference(other))
    other.add(gdstk.Reference(one))
    if below_top:
        top.add(gdstk.Reference(one))
    library.write_gds(tmp_path / "circle.gds")
    with pytest.raises(InputError, match=r"found a cell that lies within itself \(.*ONE.*\)"):
        check(tmp_path / "circle.gds", small_design)


def test_cells_of_one_name_are_refused(gds: Path, small_design: Design) -> None:
    content = gds.read_bytes()
    assert content.count(b"PAD\0") == 3
    gds.write_bytes(content.replace(b"TOP\0", b"PAD\0"))
    with pytest.raises(InputError, match=r"found damage \(A cell with name PAD already exists"):
        check(gds, small_design)


@pytest.mark.parametrize("record", [b"\x0d\x02", b"\x10\x03", b"\x12\x06"])
def test_records_of_no_known_kind_are_refused(record: bytes, gds: Path, small_design: Design) -> None:
    """One damaged byte of a layer, a place or the name of a cell: the element lacks it."""
    content = gds.read_bytes()
    at = content.index(record)
    gds.write_bytes(content[:at] + b"\xb8" + content[at + 1 :])
    with pytest.raises(InputError, match=r"layout\.gds: found .*; expected a whole GDSII file"):
        check(gds, small_design)


def test_klayouts_engine_refuses_what_is_not_whole(gds: Path, small_design: Design) -> None:
    library = gdstk.read_gds(gds)
    library.top_level()[0].add(gdstk.Reference("NOWHERE"))
    library.write_gds(gds)
    with pytest.raises(InputError, match="found a reference to the cell NOWHERE, which it does not hold"):
        check_with_klayout(gds, small_design)
    gds.write_bytes(gds.read_bytes()[:-4])
    with pytest.raises(InputError, match=r"\(Unexpected end-of-file \(.*\)\); expected a whole GDSII file"):
        check_with_klayout(gds, small_design)


@pytest.mark.parametrize(("layer", "refused"), [(RDL1, True), (250, False)])
def test_a_path_of_a_single_point_is_refused_on_a_mask(
    layer: int, refused: bool, gds: Path, small_design: Design
) -> None:
    """Its square ends make a square of it, for some readers."""
    layout = kdb.Layout()
    layout.read(str(gds))
    layout.top_cell().shapes(layout.layer(layer, 0)).insert(kdb.Path([kdb.Point(0, 0)], 2000, 1000, 1000))
    layout.write(str(gds))
    with pytest.raises(InputError, match="found a path of a single point") if refused else nullcontext():
        check(gds, small_design)
