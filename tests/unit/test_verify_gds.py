"""Reading a GDSII file back, and refusing what is none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import gdstk
import numpy as np
import pytest

from router.model.design import Design
from router.model.errors import InputError
from router.verify import check
from router.verify.gds import read_masks

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


def test_the_file_is_judged(gds: Path, small_design: Design) -> None:
    verdict = check(gds, small_design)
    assert {fault.kind for fault in verdict.faults} == {"unreached", "floating", "missing_pad"}


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
    with pytest.raises(InputError, match=r"layout\.gds: found .*; expected a whole GDSII or OASIS file"):
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
