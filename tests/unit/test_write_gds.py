"""The GDSII file: its cells, names and arrays, and that nothing moves on the way."""

from __future__ import annotations

import dataclasses
from collections import Counter
from itertools import product
from pathlib import Path

import gdstk
import klayout.db as kdb
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.draw.masks import draw_masks
from router.model.design import Design
from router.model.geometry import Placement, Points
from router.model.layout import Layout, Masks
from router.write.arrays import Array, find_arrays
from router.write.gds import cell_name, write_gds


def read(path: Path) -> kdb.Layout:
    layout = kdb.Layout()
    layout.read(str(path))
    return layout


def net_of(element: gdstk.Polygon | gdstk.Reference) -> str:
    """The name in property 1, without the byte that fills GDSII texts up to an even length."""
    return str(element.get_gds_property(1)).rstrip("\0")


def test_the_tree_has_the_grid_the_cells_and_the_net_names(gds: Path) -> None:
    layout = read(gds)
    assert layout.dbu == 0.001
    (top,) = layout.top_cells()
    assert top.name == "small"
    below = {layout.cell(index).name for index in top.each_child_cell()}
    # Pads outside any component stand in the top cell.
    assert below == {"DIE_U1", "ROUTING_RDL2", "VIAS_V1", "PAD_ball", "PAD_contact_R90"}
    cells = {cell.name: cell for cell in gdstk.read_gds(gds).cells}
    assert sorted(net_of(shape) for shape in cells["ROUTING_RDL2"].polygons) == ["A", "B"]
    assert {net_of(via): via.origin for via in cells["VIAS_V1"].references} == {"A": (-200, 0), "B": (200, 0)}
    (bumps,) = layout.cell("DIE_U1").each_inst()
    assert (bumps.cell.name, sorted((bumps.na, bumps.nb))) == ("PAD_bump", [1, 2])
    pins = {shape.text_string: shape.text_pos for shape in layout.cell("DIE_U1").each_shape(layout.layer(21, 10))}
    assert pins == {"1": kdb.Vector(-200_000, 0), "2": kdb.Vector(200_000, 0)}


def flat(layout: kdb.Layout, layer: int, datatype: int) -> Counter[str]:
    region = kdb.Region(layout.top_cell().begin_shapes_rec(layout.layer(layer, datatype)))
    region.merged_semantics = False
    return Counter(str(polygon.to_simple_polygon()) for polygon in region.each())


def drawn(rings: list[Points]) -> Counter[str]:
    return Counter(str(kdb.SimplePolygon([kdb.Point(x, y) for x, y in ring.tolist()])) for ring in rings)


def placed_rings(masks: Masks, mask: str) -> list[Points]:
    """All that belongs on the mask, one by one, without any tree."""
    rings = [polygon.ring for polygon in masks.drawing[mask]]
    for placed in masks.placed:
        rings += [ring + np.array([placed.x, placed.y]) for ring in masks.cells[placed.cell].drawing.get(mask, ())]
    return rings


def test_nothing_moves_in_the_tree(gds: Path, small_design: Design, small_layout: Layout) -> None:
    """Whatever the placement of a component, with its turned pads, its arrays and its origin."""
    for placement in (Placement(), Placement(12_345, -54_321, 90, True), Placement(-7, 3, 180)):
        die = dataclasses.replace(small_design.components[0], placement=placement)
        design = dataclasses.replace(small_design, components=(die,))
        masks = draw_masks(design, small_layout)
        write_gds(gds, design, masks)
        layout = read(gds)
        for mask in design.pdk.masks:
            assert flat(layout, mask.layer, mask.datatype) == drawn(placed_rings(masks, mask.name))
        (instance,) = (inst for inst in layout.top_cell().each_inst() if inst.cell.name == "DIE_U1")
        assert instance.trans == kdb.Trans(placement.x, placement.y)


def test_each_component_has_a_cell_of_its_own_whatever_its_name(
    gds: Path, small_design: Design, small_layout: Layout
) -> None:
    die = small_design.components[0]
    names = ["µ", "Ω", "x" * 40, "x" * 41]
    components = tuple(dataclasses.replace(die, name=name) for name in names)
    design = dataclasses.replace(small_design, components=components, terminals=(), nets=())
    write_gds(gds, design, draw_masks(design, Layout((), ())))
    cells = {cell.name for cell in read(gds).each_cell()}
    assert {"DIE__", "DIE___2", "DIE_" + "x" * 28, "DIE_" + "x" * 26 + "_2"} <= cells
    assert all(len(name) <= 32 for name in cells)


def test_the_same_masks_give_the_same_bytes(gds: Path, small_design: Design, small_layout: Layout) -> None:
    again = gds.with_name("again.gds")
    write_gds(again, small_design, draw_masks(small_design, small_layout))
    assert again.read_bytes() == gds.read_bytes()


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(("length", "noted"), [(126, True), (127, False)])
def test_names_of_nets_are_properties_where_gdsii_has_room(
    length: int,
    noted: bool,
    tmp_path: Path,
    small_design: Design,
    small_layout: Layout,
    capfd: pytest.CaptureFixture[str],
) -> None:
    name = "A" * length
    nets = [dataclasses.replace(net, name=name) if net.name == "A" else net for net in small_design.nets]
    design = dataclasses.replace(small_design, nets=tuple(nets))
    write_gds(tmp_path / "long.gds", design, draw_masks(design, small_layout))
    library = gdstk.read_gds(tmp_path / "long.gds")
    assert {net_of(shape) for cell in library.cells for shape in cell.polygons if shape.properties} == (
        {name, "B"} if noted else {"B"}
    )
    assert name in {label.text for cell in library.cells for label in cell.labels}
    assert capfd.readouterr().err == ""


def test_cell_names_are_what_gdsii_allows() -> None:
    assert cell_name("Ø 5 µm/α") == "__5__m__"
    assert len(cell_name("x" * 100)) == 32


@pytest.mark.parametrize(
    ("places", "arrays"),
    [
        ([(x, y) for x, y in product(range(0, 90, 30), range(5, 45, 20))], [Array(0, 5, 3, 2, 30, 20)]),
        ([(7, 9)], [Array(7, 9, 1, 1, 0, 0)]),
        ([(0, 0), (0, 40), (0, 80)], [Array(0, 0, 1, 3, 0, 40)]),
        # A ring of two rows: below, left, right, above.
        (
            [(x, y) for x, y in product(range(8), range(8)) if not (2 <= x < 6 and 2 <= y < 6)],
            [Array(0, 0, 8, 2, 1, 1), Array(0, 2, 2, 4, 1, 1), Array(6, 2, 2, 4, 1, 1), Array(0, 6, 8, 2, 1, 1)],
        ),
        # Staggered rows.
        (
            [(20 * x + 10 * (y % 2), 10 * y) for x, y in product(range(3), range(4))],
            [Array(0, 0, 3, 2, 20, 20), Array(10, 10, 3, 2, 20, 20)],
        ),
        # Two fields of one pitch each, side by side.
        (
            [(x, 0) for x in (0, 1, 2, 3, 13, 16, 19)],
            [Array(0, 0, 4, 1, 1, 0), Array(13, 0, 3, 1, 3, 0)],
        ),
    ],
)
def test_pads_on_a_grid_become_arrays(places: list[tuple[int, int]], arrays: list[Array]) -> None:
    shuffled = np.random.default_rng(1).permutation(np.array(places))
    assert find_arrays(shuffled) == arrays


def test_no_array_is_longer_than_the_format_counts() -> None:
    row = np.stack([20 * np.arange(40_000), np.zeros(40_000, dtype=np.int64)], axis=1)
    assert find_arrays(row) == [Array(0, 0, 32_767, 1, 20, 0), Array(655_340, 0, 7_233, 1, 20, 0)]
    assert find_arrays(row[:, ::-1]) == [Array(0, 0, 1, 32_767, 0, 20), Array(0, 655_340, 1, 7_233, 0, 20)]


@given(st.sets(st.tuples(st.integers(-4, 4), st.integers(-4, 4)), min_size=1))
def test_arrays_hold_each_place_once(places: set[tuple[int, int]]) -> None:
    arrays = find_arrays(np.array(sorted(places)))
    held = [
        (array.x + column * array.pitch_x, array.y + row * array.pitch_y)
        for array in arrays
        for column, row in product(range(array.columns), range(array.rows))
    ]
    assert sorted(held) == sorted(places)
