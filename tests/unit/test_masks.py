"""What ends up on which mask."""

from __future__ import annotations

import dataclasses

import numpy as np

from router.draw.masks import VIEW_LABEL, draw_masks
from router.model.design import Design
from router.model.geometry import Placement
from router.model.layout import Layout, Shape
from router.model.units import to_nm


def test_every_mask_has_an_entry_and_traces_carry_their_net(small_design: Design, small_layout: Layout) -> None:
    masks = draw_masks(small_design, small_layout)
    assert set(masks.drawing) == set(masks.labels) == set(masks.pins) == {m.name for m in small_design.pdk.masks}
    assert [polygon.net for polygon in masks.drawing["RDL2"]] == ["A", "B"]
    assert not masks.drawing["RDL1"]


def test_vias_are_a_cut_in_capture_pads_with_the_rules_enclosure(small_design: Design, small_layout: Layout) -> None:
    masks = draw_masks(small_design, small_layout)
    sizes = {mask: np.ptp(rings[0], axis=0).tolist() for mask, rings in masks.cells["VIA_V1"].drawing.items()}
    assert sizes == {"V1": [to_nm(15)] * 2, "RDL1": [to_nm(25)] * 2, "RDL2": [to_nm(25)] * 2}
    placed = [(p.x, p.y, p.net) for p in masks.placed if p.cell == "VIA_V1"]
    assert placed == [(-200_000, 0, "A"), (200_000, 0, "B")]


def test_all_terminals_are_drawn_and_those_with_a_net_are_named(small_design: Design, small_layout: Layout) -> None:
    masks = draw_masks(small_design, small_layout)
    pads = {p.terminal: p for p in masks.placed if p.terminal}
    assert set(pads) == {terminal.id for terminal in small_design.terminals}
    assert pads["BGA.B1"].net == ""
    assert {label.text for label in masks.labels["RDL1"]} == {"A", "B"}
    at = [(label.x, label.y) for label in masks.labels["RDL2"]]
    assert (-600_000, 400_000) in at
    assert (0, -600_000) not in at
    assert len(at) == 4, "two balls, and one on a trace of each net"


def test_turned_pads_swap_width_and_height(small_design: Design, small_layout: Layout) -> None:
    masks = draw_masks(small_design, small_layout)
    (contact,) = (p for p in masks.placed if p.terminal == "C1.1")
    assert contact.cell == "PAD_contact R90"
    assert np.ptp(masks.cells[contact.cell].drawing["RDL1"][0], axis=0).tolist() == [200_000, 100_000]
    assert list(masks.cells[contact.cell].pins) == ["RDL1"]


def test_a_turned_pad_is_none_of_a_style_that_is_called_like_it(small_design: Design, small_layout: Layout) -> None:
    style = small_design.pdk.pads["contact"]
    pads = {**small_design.pdk.pads, "contact_R90": dataclasses.replace(style, name="contact_R90")}
    pdk = dataclasses.replace(small_design.pdk, pads=pads)
    turned = small_design.terminals[-1]
    upright = dataclasses.replace(
        turned, id="C1.2", y=-turned.y, pad="contact_R90", width=turned.height, height=turned.width, rotated=False
    )
    design = dataclasses.replace(small_design, pdk=pdk, terminals=(*small_design.terminals, upright))
    masks = draw_masks(design, small_layout)
    cells = {placed.terminal: masks.cells[placed.cell] for placed in masks.placed}
    sizes = [np.ptp(cells[name].drawing["RDL1"][0], axis=0).tolist() for name in ("C1.1", "C1.2")]
    assert sizes == [[200_000, 100_000], [100_000, 200_000]]


def test_outlines_and_the_view_label(small_design: Design, small_layout: Layout) -> None:
    masks = draw_masks(small_design, small_layout)
    assert np.ptp(masks.drawing["OUTLINE"][0].ring, axis=0).tolist() == [2_000_000, 2_000_000]
    assert masks.labels["OUTLINE"][0].text == VIEW_LABEL
    assert VIEW_LABEL.isascii(), "GDSII texts are ASCII"
    assert np.ptp(masks.drawing["DIE"][0].ring, axis=0).tolist() == [800_000, 600_000]
    assert masks.labels["DIE"][0].text == "U1"


def test_a_mirrored_die_keeps_its_outline_counter_clockwise(small_design: Design, small_layout: Layout) -> None:
    die = dataclasses.replace(small_design.components[0], placement=Placement(10, 20, 90, True))
    masks = draw_masks(dataclasses.replace(small_design, components=(die,)), small_layout)
    x, y = masks.drawing["DIE"][0].ring.T
    assert (x * np.roll(y, -1) - np.roll(x, -1) * y).sum() > 0


def test_filled_notches_are_metal_of_their_net(small_design: Design, small_layout: Layout) -> None:
    ring = np.array([[0, 0], [10, 0], [10, 10]])
    layout = dataclasses.replace(small_layout, shapes=(Shape(1, 0, ring, "notch"),))
    (polygon,) = draw_masks(small_design, layout).drawing["RDL1"]
    assert polygon.net == "B"
