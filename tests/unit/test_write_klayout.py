"""What KLayout opens: layer properties, technology, markers."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import klayout.db as kdb
import klayout.lay as lay
import klayout.rdb as rdb
import pytest

from router.draw.masks import draw_masks
from router.model.design import Design, Keepout
from router.model.geometry import Box
from router.model.layout import Fault, Layout, SignOff, Unrouted, Verdict, Violation
from router.model.pdk import Mask, PadShape, PadStyle, Pdk, Rule, RuleKind, ShapeKind, TerminalKind
from router.write.gds import write_gds
from router.write.klayout import connections, write_layer_properties, write_technology
from router.write.markers import write_markers
from router.write.measure import measure, rule_text


@pytest.fixture
def small(tmp_path: Path, small_design: Design, small_layout: Layout) -> Path:
    """A folder with a layout and its layer properties and technology."""
    write_gds(tmp_path / "small.gds", small_design, draw_masks(small_design, small_layout))
    write_layer_properties(tmp_path / "small.lyp", small_design.pdk)
    write_technology(tmp_path / "small.lyt", small_design.pdk)
    return tmp_path


def opened(folder: Path) -> lay.LayoutView:
    view = lay.LayoutView()
    view.load_layout(str(folder / "small.gds"), False)
    view.load_layer_props(str(folder / "small.lyp"))
    return view


def test_layers_stand_as_the_process_runs_with_pins_and_names_apart(small: Path, small_design: Design) -> None:
    view = opened(small)
    nodes = {node.name: node for node in view.each_layer()}
    masks = [f"{mask.name} {mask.layer}/{mask.datatype}" for mask in small_design.pdk.masks]
    assert list(nodes)[: len(masks)] == masks
    assert nodes["names"].visible
    assert not nodes["pins"].visible
    after = list(nodes)[len(masks) :]
    assert after == [
        *("pins", "RDL1 21/10", "RDL2 41/10"),
        *("names", "OUTLINE 1/20", "DIE 11/20", "RDL1 21/20", "RDL2 41/20"),
    ]
    assert nodes["RDL2 41/0"].fill_color & 0xFFFFFF == int(small_design.pdk.mask("RDL2").color[1:], 16)
    assert nodes["V1 31/0"].dither_pattern == 0, "cuts are solid"


def test_neighbouring_levels_are_hatched_in_different_directions(small: Path) -> None:
    view = opened(small)
    hatches = {node.name: node.dither_pattern for node in view.each_layer()}
    assert hatches["RDL1 21/0"] != hatches["RDL2 41/0"]
    assert min(hatches["RDL1 21/0"], hatches["RDL2 41/0"]) > 1, "neither solid nor hollow"


def test_klayout_shows_the_masks_in_their_colours(small: Path, small_design: Design) -> None:
    view = opened(small)
    view.max_hier()
    view.zoom_fit()
    image = view.get_pixels_with_options(400, 400)
    seen = {image.pixel(x, y) & 0xFFFFFF for x in range(400) for y in range(400)}
    expected = {mask.name: int(mask.color[1:], 16) for mask in small_design.pdk.masks}
    assert set(expected.values()) <= seen


def technology(path: Path) -> kdb.Technology:
    loaded = kdb.Technology()
    loaded.load(str(path))
    return loaded


def test_klayout_loads_the_technology(small: Path, small_design: Design) -> None:
    loaded = technology(small / "small.lyt")
    assert (loaded.name, loaded.description, loaded.dbu) == ("two_levels", "two levels", 0.001)
    assert Path(loaded.eff_layer_properties_file()) == small / "small.lyp"
    assert loaded.load_layout_options.properties_enabled


def test_masks_of_like_names_are_told_apart_by_the_tracer(tmp_path: Path, small_pdk: Pdk) -> None:
    names = {"RDL1": "RDL.1", "RDL2": "RDL_1", "V1": "1", "SM": "M1"}
    masks = tuple(dataclasses.replace(mask, name=names.get(mask.name, mask.name)) for mask in small_pdk.masks)
    (via,) = small_pdk.vias
    pdk = dataclasses.replace(
        small_pdk, masks=masks, vias=(dataclasses.replace(via, name="1", lower="RDL.1", upper="RDL_1"),), pads={}
    )
    write_technology(tmp_path / "p.lyt", pdk)
    text = (tmp_path / "p.lyt").read_text(encoding="utf-8")
    assert "<connection>RDL_1,M1,RDL_1_</connection>" in text
    assert [text.count(f"<symbols>{symbol}='") for symbol in ("RDL_1", "M1", "RDL_1_")] == [1, 1, 1]


def traced(folder: Path, at: kdb.Point, layer: int) -> tuple[str, set[tuple[int, int]], kdb.Box]:
    """The net that the tracer finds: its name, the cuts and balls in it, the box of all its shapes."""
    layout = kdb.Layout()
    layout.read(str(folder / "small.gds"))
    # Held in names of their own: the engine does not keep what its parts belong to.
    process = technology(folder / "small.lyt")
    component = process.component("connectivity")
    (connectivity,) = component.each()
    tracer = kdb.NetTracer()
    tracer.trace(connectivity, layout, layout.top_cell(), at, layout.layer(layer, 0))
    assert not tracer.incomplete()
    box, layers = kdb.Box(), set()
    for element in tracer.each_element():
        box += element.bbox()
        if layout.is_valid_layer(element.layer()):
            info = layout.get_info(element.layer())
            layers.add((info.layer, info.datatype))
    return tracer.name(), layers, box


def test_the_net_tracer_follows_a_net_from_bump_to_ball(small: Path) -> None:
    """Through trace, via and land, and to no other net."""
    name, layers, box = traced(small, kdb.Point(-200_000, 0), 21)
    assert name == "A"
    assert (31, 0) in layers
    assert box == kdb.Box(-720_000, -40_000, -160_000, 520_000)
    name, _, box = traced(small, kdb.Point(600_000, 400_000), 41)
    assert name == "B"
    assert box == kdb.Box(160_000, -40_000, 720_000, 520_000)


def test_balls_join_their_lands_through_openings(small_pdk: Pdk) -> None:
    roles = {"SM": "opening", "UBM": "ubm", "BALL": "ball"}
    masks = tuple(
        Mask(name, 90 + order, 0, 1, 2, type(small_pdk.masks[0].role)(role), "#808080", "clear", 90 + order)
        for order, (name, role) in enumerate(roles.items())
    )
    shapes = tuple(PadShape(name, ShapeKind.CIRCLE, 100, 100) for name in ("RDL2", "BALL", "UBM", "SM"))
    ball = PadStyle("ball", TerminalKind.BALL, "RDL2", shapes)
    kept = tuple(mask for mask in small_pdk.masks if mask.name != "SM")
    pdk = dataclasses.replace(small_pdk, masks=kept + masks, pads={"ball": ball, "bump": small_pdk.pads["bump"]})
    assert connections(pdk) == [("RDL1", "V1", "RDL2"), ("RDL2", "SM", "UBM"), ("UBM", "", "BALL")]


def test_klayout_opens_the_markers(tmp_path: Path, small_design: Design) -> None:
    found = Verdict(
        (
            Violation("RDL1.ANG.1", ("RDL1",), ("it's",), Box(0, 0, 1500, 2500), 90, 45),
            Violation("KEEPOUT.key", ("RDL1",), ("A",), Box(0, 0, 1, 1), 0, 0),
        ),
        (Fault("open", ("A",), ("U1.1", "BGA.A1"), Box(0, 0, 1, 1)),),
    )
    design = dataclasses.replace(small_design, keepouts=(Keepout("key", (0,), small_design.outline.ring()),))
    write_markers(tmp_path / "m.lyrdb", design, SignOff({"own": found}), [Unrouted("A", "U1.1", "BGA.A1", ("B",))])
    database = rdb.ReportDatabase("")
    database.load(str(tmp_path / "m.lyrdb"))
    groups = {group.name(): list(group.each_sub_category()) for group in database.each_category()}
    rules = {category.name(): category for category in groups["rules"]}
    assert list(rules) == ["RDL1.W.1", "RDL1.S.1", "RDL1.ANG.1", "KEEPOUT.key"], "all rules, found or not"
    assert rules["RDL1.W.1"].description == "width of RDL1: 10 µm"
    assert [rules[name].num_items() for name in rules] == [0, 0, 1, 1]
    faults = {category.name(): category.num_items() for category in groups["connectivity"]}
    assert faults["open"] == faults["unrouted"] == 1
    assert sum(faults.values()) == 2
    items = {database.category_by_id(item.category_id()).name(): item for item in database.each_item()}
    values = list(items["RDL1.ANG.1"].each_value())
    assert values[0].box() == kdb.DBox(0, 0, 1.5, 2.5)
    assert values[1].string() == "it's: required 90°, found 45°"
    assert next(iter(items["unrouted"].each_value())).edge() == kdb.DEdge(-200, 0, -600, 400)


@pytest.mark.parametrize(
    ("blockers", "stopped", "why"),
    [
        (("B", "C"), True, "blocked by B, C"),
        ((), True, "not tried before the run was stopped"),
        (
            (),
            False,
            "blocked by no routed net; the way is closed by pads, fixed traces, keep-outs or the edge, or no line of"
            " the lattice leads there",
        ),
    ],
)
def test_markers_say_why_a_net_is_open(
    blockers: tuple[str, ...], stopped: bool, why: str, tmp_path: Path, small_design: Design
) -> None:
    open_end = Unrouted("A", "U1.1", "BGA.A1", blockers)
    write_markers(tmp_path / "m.lyrdb", small_design, SignOff({"own": Verdict((), ())}), [open_end], stopped=stopped)
    database = rdb.ReportDatabase("")
    database.load(str(tmp_path / "m.lyrdb"))
    (item,) = database.each_item()
    assert [value.string() for value in item.each_value()][1] == f"net A: U1.1 to BGA.A1, {why}"


def test_figures_have_the_unit_of_their_rule() -> None:
    assert measure(RuleKind.SPACE, 2000) == "2 µm"
    assert measure(RuleKind.DENSITY, 0.255) == "25.5 %"
    assert measure(RuleKind.AREA, 4e6) == "4 µm²"
    assert measure(None, 1500) == "1.5 µm"


def test_rules_in_words() -> None:
    wide = Rule("A.S.2", RuleKind.WIDE_SPACE, ("A",), 4000, width=12_000, run_length=250_000)
    assert rule_text(wide) == "wide space of A: 4 µm beside metal wider than 12 µm along more than 250 µm"
    density = Rule("A.D.1", RuleKind.DENSITY, ("A",), 50_000, minimum=0.2, maximum=0.6)
    assert rule_text(density) == "density of A: 20.0 % to 60.0 % in windows of 50 µm"
    extent = Rule("O.X.1", RuleKind.EXTENT_MAX, ("O",), 1000, height=2000)
    assert rule_text(extent) == "extent max of O: 1 × 2 µm"
    assert rule_text(Rule("V.EN.A", RuleKind.ENCLOSURE, ("V", "A"), 500)) == "enclosure of V and A: 0.5 µm"
