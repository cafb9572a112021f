"""What goes to the mask shop: boundaries alone, merged, simple, and described by what is found in the files."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from pathlib import Path

import gdstk
import klayout.db as kdb
import numpy as np
import pytest
import shapely

from router.model.design import Design
from router.model.errors import InputError
from router.model.geometry import MOST_VERTICES
from router.model.pdk import Mask, MaskRole
from router.verify.compare import compare
from router.verify.stream import flat_region, read_layout
from router.write.fracture import fracture
from router.write.masks import write_masks

BOUNDARY, ENDEL = 0x08, 0x11
FRAME = {0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07}  # header, library and cell


def made(gds: Path, design: Design, folder: Path, *, one_file: bool = False, oasis: bool = False) -> dict[str, object]:
    folder.mkdir()
    return write_masks(gds, design.pdk.masks, folder, {"design": "small"}, one_file=one_file, oasis=oasis)


def records(path: Path) -> Counter[int]:
    """How many records of each kind a GDSII file has."""
    data, at, found = path.read_bytes(), 0, Counter[int]()
    while at < len(data):
        found[data[at + 2]] += 1
        at += data[at] * 256 + data[at + 1]
    return found


def simple(polygon: kdb.Polygon) -> bool:
    return bool(shapely.Polygon([(point.x, point.y) for point in polygon.each_point_hull()]).is_valid)


def test_one_file_a_mask_in_the_order_of_the_process(gds: Path, small_design: Design, tmp_path: Path) -> None:
    said = made(gds, small_design, tmp_path / "out")
    assert [mask["name"] for mask in said["masks"]] == ["RDL1", "V1", "RDL2", "SM"]
    assert [mask["name"] for mask in said["left_out"]] == ["OUTLINE", "DIE"]
    assert json.loads((tmp_path / "out" / "masks.json").read_text(encoding="utf-8")) == said
    files = {mask["file"] for mask in said["masks"]}
    assert {path.name for path in (tmp_path / "out").iterdir()} == files | {"masks.json"}
    for mask in said["masks"]:
        path = tmp_path / "out" / mask["file"]
        assert hashlib.sha256(path.read_bytes()).hexdigest() == mask["sha256"]
        drawn, layer = small_design.pdk.mask(mask["name"]), (mask["layer"], mask["datatype"])
        assert (drawn.layer, drawn.datatype, drawn.polarity, drawn.order) == (*layer, mask["polarity"], mask["order"])
        (difference,) = compare(path, path).layers
        assert difference.layer == layer
        source = flat_region(read_layout(gds), *layer)
        assert (flat_region(read_layout(path), *layer) ^ source).is_empty()
        assert mask["area_um2"] == pytest.approx(source.area() / 1e6)


def test_the_files_hold_boundaries_and_nothing_else(gds: Path, small_design: Design, tmp_path: Path) -> None:
    said = made(gds, small_design, tmp_path / "out")
    for mask in said["masks"]:
        kinds = records(tmp_path / "out" / mask["file"])
        assert set(kinds) == FRAME | {BOUNDARY, 0x0D, 0x0E, 0x10, ENDEL}, "layer, datatype, xy; no text, path, property"
        assert kinds[BOUNDARY] == kinds[ENDEL] == mask["polygons"]
        assert kinds[0x05] == 1, "one cell"


def test_masks_say_what_is_found_in_them(gds: Path, small_design: Design, tmp_path: Path) -> None:
    said = made(gds, small_design, tmp_path / "out")
    assert said["database_unit_um"] == 0.001
    assert said["outline_um"] == [-1000, -1000, 1000, 1000]
    assert said["view"] == "bottom"
    metal = {mask["name"]: mask for mask in said["masks"]}
    assert metal["RDL1"]["extent_um"] == [-240, -40, 240, 550]
    assert metal["RDL1"]["smallest_width_um"] == pytest.approx(80, abs=0.003), "the bumps are narrower than the contact"
    assert metal["RDL1"]["polygons"] == 3
    assert metal["RDL2"]["smallest_width_um"] == pytest.approx(10, abs=0.002)
    cuts = metal["V1"]
    assert cuts["smallest_space_um"] == pytest.approx(400 - cuts["smallest_width_um"], abs=0.001)


@pytest.mark.parametrize("oasis", [False, True])
def test_all_masks_in_one_file(oasis: bool, gds: Path, small_design: Design, tmp_path: Path) -> None:
    said = made(gds, small_design, tmp_path / "one", one_file=True, oasis=oasis)
    many = made(gds, small_design, tmp_path / "many", oasis=oasis)
    name = f"small.masks.{'oas' if oasis else 'gds'}"
    assert sorted(path.name for path in (tmp_path / "one").iterdir()) == ["masks.json", name]
    assert {mask["file"] for mask in said["masks"]} == {name}
    keys = set(said["masks"][0]) - {"file", "sha256"}
    for one, other in zip(said["masks"], many["masks"], strict=True):
        assert {key: one[key] for key in keys} == {key: other[key] for key in keys}


def test_the_same_layout_gives_the_same_bytes(gds: Path, small_design: Design, tmp_path: Path) -> None:
    made(gds, small_design, tmp_path / "a", oasis=True)
    made(gds, small_design, tmp_path / "b", oasis=True)
    one, other = ({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("a", "b"))
    assert one == other and len(one) > 1


def test_masks_without_shapes_are_left_out_and_said(tmp_path: Path, small_design: Design) -> None:
    library = gdstk.Library(unit=1e-6, precision=1e-9)
    library.new_cell("TOP").add(gdstk.rectangle((0, 0), (10, 10), layer=small_design.pdk.mask("RDL1").layer))
    library.write_gds(tmp_path / "one.gds")
    (tmp_path / "out").mkdir()
    said = write_masks(tmp_path / "one.gds", small_design.pdk.masks, tmp_path / "out", {}, one_file=False, oasis=False)
    assert len(said["masks"]) == 1
    assert Counter(mask["why"] for mask in said["left_out"])["no shapes"] == len(small_design.pdk.masks) - 1
    assert said["masks"][0]["smallest_space_um"] is None
    only = [mask for mask in small_design.pdk.masks if mask.role is MaskRole.CUT]
    with pytest.raises(InputError, match="no shape on any mask"):
        write_masks(tmp_path / "one.gds", only, tmp_path / "out", {}, one_file=False, oasis=False)


def test_names_of_masks_make_names_of_files(tmp_path: Path) -> None:
    """Names that differ in what no file name can hold, or in case alone, stay apart."""
    names = ["M/1", "M:1", "m/1"]
    masks = [Mask(name, n, 0, 1, 2, MaskRole.METAL, "#000000", "clear", n) for n, name in enumerate(names)]
    library = gdstk.Library(unit=1e-6, precision=1e-9)
    library.new_cell("TOP").add(*(gdstk.rectangle((0, 0), (10, 10), layer=mask.layer) for mask in masks))
    library.write_gds(tmp_path / "odd.gds")
    (tmp_path / "out").mkdir()
    said = write_masks(tmp_path / "odd.gds", masks, tmp_path / "out", {}, one_file=False, oasis=False)
    assert [mask["file"] for mask in said["masks"]] == ["odd.00_M_1.gds", "odd.01_M_1.gds", "odd.02_m_1.gds"]


def test_a_plane_with_holes_is_cut_into_simple_polygons() -> None:
    holes = [kdb.Box(x, y, x + 300, y + 200) for x in range(500, 20_000, 700) for y in range(500, 9000, 900)]
    plane = kdb.Region(kdb.Box(0, 0, 20_000, 10_000)) - kdb.Region(holes)
    pieces = fracture(plane)
    assert len(pieces) > 1
    assert all(piece.holes() == 0 and simple(piece) for piece in pieces)
    assert sum(piece.area() for piece in pieces) == plane.area(), "none overlap"
    assert (kdb.Region(pieces) ^ plane).is_empty()


def test_no_polygon_has_more_vertices_than_a_mask_shop_takes() -> None:
    angles = np.linspace(0, 2 * np.pi, 9000, endpoint=False)
    ring = np.rint(10_000_000 * np.stack([np.cos(angles), np.sin(angles)], axis=1)).astype(int)
    disc = kdb.Region(kdb.Polygon([kdb.Point(x, y) for x, y in ring.tolist()]))
    comb = kdb.Region([kdb.Box(x, 0, x + 100, 50_000) for x in range(0, 600_000, 200)]) + kdb.Region(
        kdb.Box(0, 0, 600_000, 100)
    )
    for region in (disc, comb):
        pieces = fracture(region)
        assert len(pieces) > 1
        assert max(piece.num_points_hull() for piece in pieces) <= MOST_VERTICES
        assert all(simple(piece) for piece in pieces)
        assert (kdb.Region(pieces) ^ region).sized(-1).is_empty(), "slanted edges are bent by less than 1 nm"
        assert kdb.Region(pieces).merged(False, 2).is_empty(), "none overlap"


@pytest.mark.parametrize("seed", range(40))
def test_whatever_is_cut_stays_what_it_is(seed: int) -> None:
    """Holes at any angle, small and large, down to single nanometres, and few vertices allowed."""
    rng = np.random.default_rng(seed)
    size, most = int(rng.choice([2, 40, 1500])), int(rng.choice([6, 12, 4000]))
    holes = kdb.Region()
    for _ in range(rng.integers(1, 50)):
        corners = rng.integers(0, 10_000, 2) + rng.integers(-size, size + 1, (rng.integers(3, 7), 2))
        holes.insert(kdb.Polygon([kdb.Point(x, y) for x, y in corners.tolist()]))
    region = kdb.Region(kdb.Box(0, 0, 10_000, 8000)) - holes
    pieces = fracture(region, most)
    assert all(piece.holes() == 0 and piece.num_points_hull() <= most for piece in pieces)
    assert (kdb.Region(pieces) ^ region).sized(-1).is_empty()
    assert kdb.Region(pieces).merged(False, 2).is_empty()


def test_corners_that_kiss_are_two_polygons() -> None:
    assert len(fracture(kdb.Region([kdb.Box(0, 0, 10, 10), kdb.Box(10, 10, 20, 20)]))) == 2
