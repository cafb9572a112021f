"""Specctra design files become drafts: what each construct means, and the traps of real files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from router.model.draft import Draft, DraftPad
from router.model.geometry import Box
from router.model.pdk import ShapeKind, TerminalKind
from router.model.units import Unit
from router.read.formats.dsn import read_dsn
from router.read.formats.options import ImportOptions, View

HEAD = """(parser (string_quote ") (space_in_quoted_tokens on) (host_cad "KiCad's Pcbnew"))
(resolution um 10) (unit um)"""
LAYERS = "(layer Top (type signal)) (layer Bottom (type signal) (property (index 1)))"
BOUNDARY = "(boundary (rect pcb 1000 800 -1000 -800))"
PADS = "(padstack P (shape (circle Top 80)) (attach off)) (padstack Q (shape (circle Bottom 200)))"
IMAGES = "(image die (pin P 1 -100 0) (pin P 2 100 0) (pin P 3 0 100)) (image bga (pin Q A1 0 0))"
PLACES = "(component die (place U1 200 100 front 90)) (component bga (place B 0 -300 front 0))"
NETS = "(net N (pins U1-1 B-A1)) (net M (pins U1-2 U1-3))"


def design(
    tmp_path: Path,
    *,
    head: str = HEAD,
    structure: str = "",
    layers: str = LAYERS,
    boundary: str = BOUNDARY,
    pads: str = PADS,
    images: str = IMAGES,
    places: str = PLACES,
    nets: str = NETS,
    wiring: str = "",
    options: ImportOptions | None = None,
) -> Draft:
    text = f"""(pcb "C:\\boards\\my board.dsn" {head}
 (structure {layers} {boundary} {structure})
 (placement {places})
 (library {images} {pads})
 (network {nets})
 (wiring {wiring}))
"""
    path = tmp_path / "board.dsn"
    path.write_text(text, encoding="utf-8")
    return read_dsn([path], options or ImportOptions())


def pad_of(draft: Draft, component: str, pin: str) -> DraftPad:
    part = next(part for part in draft.components if part.name == component)
    return draft.pads[next(p.pad for p in part.pins if p.name == pin)]


def places(draft: Draft, component: str) -> dict[str, tuple[int, int]]:
    """Pins in the package, in µm."""
    part = next(part for part in draft.components if part.name == component)
    xy = part.placement.apply(np.array([(pin.x, pin.y) for pin in part.pins], dtype=np.int64))
    return {pin.name: (x / 1000, y / 1000) for pin, (x, y) in zip(part.pins, xy.tolist(), strict=True)}


def test_a_design_is_read_whole(tmp_path: Path) -> None:
    draft = design(tmp_path)
    assert (draft.name, draft.layers) == ("my board", ("Top", "Bottom"))
    # The corners of a rect come in any order.
    assert draft.outline == Box(-1_000_000, -800_000, 1_000_000, 800_000)
    assert [(part.name, part.kind.value, len(part.pins)) for part in draft.components] == [
        ("U1", "die", 3), ("B", "balls", 1)
    ]  # fmt: skip
    assert places(draft, "U1") == {"1": (200, 0), "2": (200, 200), "3": (100, 100)}
    assert [pin.net for pin in draft.components[0].pins] == ["N", "M", "M"]
    assert pad_of(draft, "U1", "1").kind is TerminalKind.BUMP and pad_of(draft, "U1", "1").layer == "Top"
    assert pad_of(draft, "B", "A1").kind is TerminalKind.BALL and pad_of(draft, "B", "A1").width == 200_000
    assert draft.lost == ()
    assert any("as seen from the ball side" in guess for guess in draft.guesses)


def test_pads_that_come_to_the_same_are_one(tmp_path: Path) -> None:
    """A square is one pad however it is turned; an odd shape is another one when it is turned."""
    square = "(padstack P (shape (rect Top -40 -40 40 40)))"
    images = "(image die (pin P 1 0 0) (pin P (rotate 90) 2 200 0) (pin L 3 400 0) (pin L (rotate 180) 4 600 0))"
    odd = "(padstack L (shape (polygon Top 0 -40 -40 40 -40 40 0 0 0 0 40 -40 40)))"
    places = "(component die (place U1 0 0 front 90) (place U2 0 500 front 0))"
    draft = design(tmp_path, pads=square + odd, images=images, places=places, nets="")
    assert list(draft.pads) == ["P", "L", "L@180"]
    assert [pin.pad for part in draft.components for pin in part.pins] == ["P", "P", "L", "L@180"] * 2


def test_our_own_design_files_say_what_components_are(tmp_path: Path) -> None:
    said = "front 0 (property (rdl_kind pillars) (rdl_terminal pillar))"
    draft = design(tmp_path, places=f"(component die (place U1 0 0 {said}))", nets="")
    assert draft.components[0].kind.value == "pillars" and pad_of(draft, "U1", "1").kind is TerminalKind.PILLAR
    assert not any("taken as" in guess for guess in draft.guesses)


def test_words_in_quotes_and_comments(tmp_path: Path) -> None:
    images = '# a comment (\n(image "my die" (pin P "pin 1" 0 0) (pin P 2" 100 0) (pin P #3 200 0)) # (\n'
    draft = design(
        tmp_path,
        images=images,
        places='(component "my die" (place "U 1" 0 0 front 0) (place U-2 500 0 front 0))',
        nets='(net "a b" (pins "U 1"-"pin 1" U-2-2")) (net c (pins U-2-"pin 1" "U 1-#3"))',
    )
    one, two = draft.components
    assert [pin.net for pin in one.pins] == ["a_b", "", "c"]
    assert [pin.net for pin in two.pins] == ["c", "a_b", ""]
    assert any("'a b' to a_b" in guess for guess in draft.guesses)


def test_single_quotes_where_the_file_names_none(tmp_path: Path) -> None:
    draft = design(
        tmp_path, head="(resolution mil 1000)", nets="(net $1 (pins U1-1 B-A1)) (class '' '$1' (rule (clear 8)))"
    )
    assert draft.classes[0].nets == ("$1",) and draft.classes[0].spacings == {"": 203_200}
    assert places(draft, "B") == {"A1": (0, -7620)}
    assert any("mil, the unit of the resolution" in guess for guess in draft.guesses)


@pytest.mark.parametrize(
    ("head", "structure", "wide"),
    [
        ("(unit mm)", "", 1_000_000),
        ("(resolution mm 1000) (unit um)", "", 1000),
        ("(resolution mil 10)", "(unit inch)", 25_400_000),
        ("", "", 25_400_000),
    ],
)
def test_units(tmp_path: Path, head: str, structure: str, wide: int) -> None:
    rule = "(rule (width 1e0) (clearance 1))"
    boundary = "(boundary (rect pcb -10 -8 10 8))"
    draft = design(
        tmp_path,
        head=head,
        structure=structure + rule,
        boundary=boundary,
        pads="",
        images="",
        places="",
        nets="(net N)",
    )
    assert draft.classes[0].widths == {"": wide} and draft.outline is not None and draft.outline.width == 20 * wide


def test_the_unit_that_the_user_says_goes_before_all(tmp_path: Path) -> None:
    draft = design(tmp_path, structure="(unit inch)", options=ImportOptions(unit=Unit.MIL))
    assert draft.outline is not None and draft.outline.width == 2000 * 25_400


def test_from_the_top_all_is_mirrored_in_x(tmp_path: Path) -> None:
    keepout = "(keepout k (rect Top 100 100 200 300))"
    wire = "(wire (path Top 10 0 0 50 0) (net N))"
    draft = design(tmp_path, structure=keepout, wiring=wire, options=ImportOptions(view=View.TOP))
    assert places(draft, "U1") == {"1": (-200, 0), "2": (-200, 200), "3": (-100, 100)}
    assert draft.keepouts[0].ring[:, 0].tolist() == [-100_000, -200_000, -200_000, -100_000]
    assert draft.traces[0].points.tolist() == [[0, 0], [-50_000, 0]]
    assert {part.view for part in draft.components} == {"top"}
    assert not any("seen from the ball side" in guess for guess in draft.guesses)


def test_layers_that_differ_in_case_and_layers_without_traces(tmp_path: Path) -> None:
    draft = design(
        tmp_path,
        layers=f"{LAYERS} (layer GND (type power))",
        pads="(padstack P (shape (circle TOP 80)) (shape (circle gnd 90))) (padstack Q (shape (circle BOTTOM 200)))",
    )
    assert draft.layers == ("Top", "Bottom") and pad_of(draft, "U1", "1").layer == "Top"
    assert any("GND (power)" in lost for lost in draft.lost)


def test_on_the_back_components_are_mirrored_first_and_their_lands_lie_opposite(tmp_path: Path) -> None:
    draft = design(tmp_path, places="(component die (place U1 10 20 back 90))", nets="")
    assert places(draft, "U1") == {"1": (10, 120), "2": (10, -80), "3": (-90, 20)}
    assert pad_of(draft, "U1", "1").layer == "Bottom"
    first = "(flip_style rotate_first) (component die (place U1 10 20 back 90))"
    assert places(design(tmp_path, places=first, nets=""), "U1")["1"] == (10, -80)
    structure = "(flip_style rotate_first)"
    in_structure = design(tmp_path, structure=structure, places="(component die (place U1 10 20 back 90))", nets="")
    assert places(in_structure, "U1")["1"] == (10, -80)


def test_odd_rotations_are_in_the_pins(tmp_path: Path) -> None:
    images = "(image die (outline (rect signal -200 -200 200 200)) (pin R (rotate 90) 1 100 0) (pin P 2 0 0))"
    pads = f"{PADS} (padstack R (shape (rect Top -30 -10 30 10)))"
    draft = design(tmp_path, images=images, pads=pads, places="(component die (place U1 0 0 front 45))", nets="")
    part = draft.components[0]
    assert part.rotation == 0 and (part.pins[0].x, part.pins[0].y) == (70_711, 70_711)
    assert part.outline is not None and part.outline.width == pytest.approx(565_685, abs=2)
    pad = pad_of(draft, "U1", "1")
    # A rectangle that is turned holds no larger one of our shapes than a circle across its short side.
    assert pad.polygon is not None and pad.shape is ShapeKind.CIRCLE and pad.width == pytest.approx(20_000, rel=0.01)
    assert np.hypot(*pad.polygon.T).max() == pytest.approx(31_623, abs=2)
    assert pad_of(draft, "U1", "2").shape is ShapeKind.CIRCLE
    assert any("turned by 45°" in guess for guess in draft.guesses)


def test_lands_on_several_layers_make_pillars(tmp_path: Path) -> None:
    pads = "(padstack P (shape (circle Top 80)) (shape (circle Bottom 90))) (padstack Q (shape (circle Bottom 200)))"
    draft = design(tmp_path, pads=pads)
    assert draft.components[0].kind.value == "pillars" and pad_of(draft, "U1", "1").width == 80_000
    assert any("more than one layer, but for Top: P" in lost for lost in draft.lost)


def test_rules_and_classes(tmp_path: Path) -> None:
    structure = "(rule (width 10) (clearance 8) (clearance 3 (type smd_smd))) (rule (clearance 9))"
    nets = f"""{NETS} (net S (pins) (rule (width 40)))
      (class power M (circuit (use_via V) (use_layer Top)) (rule (width 20)) (layer_rule Bottom (rule (width 30))))
      (class default N S (rule (width 11)))"""
    draft = design(tmp_path, structure=structure, nets=nets)
    found = {entry.name: entry for entry in draft.classes}
    assert list(found) == ["net_S", "power", "default"]
    assert found["power"].nets == ("M",) and found["power"].layers == ("Top",)
    assert found["power"].widths == {"Top": 20_000, "Bottom": 30_000} and found["power"].spacings == {"": 9000}
    assert found["default"].nets == ("N",) and found["default"].widths == {"": 11_000}
    assert found["net_S"].widths == {"": 40_000} and found["net_S"].spacings == {"": 9000}
    assert any("smd_smd" in lost for lost in draft.lost)


def test_a_class_called_default_that_is_not_the_rest(tmp_path: Path) -> None:
    draft = design(tmp_path, structure="(rule (width 10))", nets=f"{NETS} (class default N (rule (width 11)))")
    assert [(entry.name, entry.nets, entry.widths) for entry in draft.classes] == [
        ("default_nets", ("N",), {"": 11_000}), ("default", ("M",), {"": 10_000})
    ]  # fmt: skip


def test_wiring(tmp_path: Path) -> None:
    wiring = """(wire (path Top 10 0 0 0 0 50 50) (net N) (type protect)) (via V 50 50 (net N)) (via V 60 50 (net N))
      (wire (polyline_path Bottom 12 0 0 0 1 0 100 1 100 50 0 50 1) (net M))
      (wire (polygon Top 0 0 0 5 0 5 5) (net M)) (wire (path Top 10 0 0 9 9))"""
    draft = design(tmp_path, wiring=wiring)
    assert [(t.net, t.layer, t.width, t.points.tolist()) for t in draft.traces] == [
        ("N", "Top", 10_000, [[0, 0], [50_000, 50_000]]),
        ("M", "Bottom", 12_000, [[0, 100_000], [50_000, 100_000]]),
    ]
    lost = "; ".join(draft.lost)
    assert "vias that are there, of: N (2)" in lost and "areas of metal: M" in lost and "wires of no net" in lost


def test_what_other_tools_write_twice(tmp_path: Path) -> None:
    """A padstack once more, which counts the first time; a net in two parts with numbers; an angle with a remainder."""
    pads = f"{PADS} (padstack P (shape (rect Top 0 0 5 5)))"
    nets = "(net N 1 (pins U1-1)) (net N 2 (pins B-A1))"
    draft = design(tmp_path, pads=pads, nets=nets, images=IMAGES.replace("(pin P 1", "(pin P (rotate 2e-08) 1"))
    assert pad_of(draft, "U1", "1").shape is ShapeKind.CIRCLE and draft.lost == (
        "further padstacks of the same name: P",
    )
    assert [part.pins[0].net for part in draft.components] == ["N", "N"]


def test_what_is_passed_over_is_named(tmp_path: Path) -> None:
    draft = design(tmp_path, structure="(plane GND (rect Top 0 0 5 5)) (grid via 5)", nets=f"{NETS} (bundle x)")
    assert any("(plane …) in the structure: 1 of them" in lost for lost in draft.lost)
    assert any("(bundle …) in the network" in lost for lost in draft.lost)
    assert not any("grid" in lost for lost in draft.lost)
    ordered = design(tmp_path, nets="(net N (order U1-1 B-A1))")
    assert any("orders in which nets visit their pins: N" in lost for lost in ordered.lost)
    assert design(tmp_path, places="(component die (place U1))", nets="").lost == ("components that have no place: U1",)
