"""A package goes out as a Specctra design file and as a session, and comes back equal."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from test_read_formats_guide import write_example

from router.flow import route
from router.model.design import Design
from router.model.draft import Draft
from router.model.errors import InputError
from router.model.layout import Layout, Shape, Trace
from router.model.pdk import ShapeKind
from router.plan.assign import assign_balls
from router.read.design import read_design
from router.read.formats.dsn import read_dsn
from router.read.formats.dsn_tokens import parse
from router.read.formats.options import ImportOptions
from router.read.formats.ses import session_layout
from router.write.formats.dsn import dsn_text, lost
from router.write.formats.ses import ses_text
from router.write.package import write_package

# With every view, turn, keep-out, class and fixed trace; with three dies; and small.
PACKAGES = ("sensor", "duo", "toy")


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Design]:
    sensor = write_example(tmp_path_factory.mktemp("sensor"))
    return {name: assign_balls(read_design(sensor if name == "sensor" else name)) for name in PACKAGES}


def drafted(tmp_path: Path, text: str) -> Draft:
    path = tmp_path / "board.dsn"
    path.write_text(text, encoding="utf-8")
    return read_dsn([path], ImportOptions())


def again(tmp_path: Path, design: Design) -> Design:
    """package → design file → draft → package"""
    draft = drafted(tmp_path, dsn_text(design, Layout((), ())))
    options = ImportOptions(pdk=design.pdk.name)
    return write_package(draft, tmp_path / f"{design.name}.toml", options, source="a test").design


def terminals(design: Design) -> dict[str, object]:
    nets = [*(net.name for net in design.nets), ""]
    owners = design.net_of_terminal()
    shapes = {name: pad.land.shape for name, pad in design.pdk.pads.items()}
    return {
        t.id: (t.kind, t.x, t.y, t.level, shapes[t.pad], t.width, t.height, nets[owner])
        for t, owner in zip(design.terminals, owners, strict=True)
    }


def rules(design: Design) -> dict[str, object]:
    """By net: widths and spacings on the levels that it may use."""
    found = {}
    for net in design.nets:
        kind = design.classes[net.net_class]
        found[net.name] = {level: (kind.widths[level], kind.spacings[level]) for level in kind.levels}
    return found


def outlines(design: Design) -> dict[str, object]:
    """By component: its kind, and the corners of its outline in the package."""
    rings = {part.name: part.placement.apply(part.outline.ring()).tolist() for part in design.components}
    return {part.name: (part.kind, {*map(tuple, rings[part.name])}) for part in design.components}


def test_the_default_class_comes_back(packages: Mapping[str, Design], tmp_path: Path) -> None:
    toy = packages["toy"]
    wide = replace(toy.classes["default"], widths=(14_000, 16_000), spacings=(15_000, 15_000))
    design = replace(toy, classes={**toy.classes, "default": wide})
    assert rules(again(tmp_path, design)) == rules(design)
    written = tomllib.loads((tmp_path / "toy.toml").read_text(encoding="utf-8"))
    # Nets that are deleted or added later need no change of it, and classes that are added take nets from it.
    assert [entry["name"] for entry in written["class"] if "nets" not in entry] == ["default"]


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_comes_back_equal(packages: Mapping[str, Design], tmp_path: Path, name: str) -> None:
    design = packages[name]
    back = again(tmp_path, design)
    assert terminals(back) == terminals(design)
    assert (back.name, back.outline, back.pdk.name) == (design.name, design.outline, design.pdk.name)
    assert rules(back) == rules(design)
    assert outlines(back) == outlines(design)
    kept = [(k.level, k.width, k.points.tolist(), design.nets[k.net].name) for k in design.fixed]
    assert [(k.level, k.width, k.points.tolist(), back.nets[k.net].name) for k in back.fixed] == kept
    regions = [(k.name, level, k.ring.tolist()) for k in design.keepouts for level in k.levels]
    found = [(k.name, level, k.ring.tolist()) for k in back.keepouts for level in k.levels]
    assert [entry[1:] for entry in found] == [entry[1:] for entry in regions]


@pytest.fixture(scope="module")
def routed() -> tuple[Design, Layout]:
    result = route(read_design("toy"))
    return result.design, result.layout


def same(a: Layout, b: Layout) -> bool:
    def told(layout: Layout) -> tuple[list[object], set[object]]:
        traces = sorted((t.net, t.level, t.width, t.points.tolist()) for t in layout.traces)
        return traces, {(v.net, v.index, v.x, v.y) for v in layout.vias}

    return told(a) == told(b)


def test_a_session_comes_back_equal(routed: tuple[Design, Layout]) -> None:
    design, layout = routed
    assert layout.traces and layout.vias
    assert same(session_layout(parse(ses_text(design, layout), "toy.ses"), design), layout)


def test_a_session_moves_no_component(routed: tuple[Design, Layout]) -> None:
    # Components of the back, and those at 45°, were said to lie on the front at 0°, where KiCad then put them.
    root = parse(ses_text(*routed), "toy.ses").root
    assert not list(root.entries("placement"))
    assert list(root.entries("routes"))


def test_the_wiring_of_a_design_file_is_what_was_routed(routed: tuple[Design, Layout], tmp_path: Path) -> None:
    design, layout = routed
    ring = np.array([[0, 0], [5000, 0], [5000, 5000]], dtype=np.int64)
    whole = replace(layout, shapes=(Shape(0, 1, ring, "fill"),))
    draft = drafted(tmp_path, dsn_text(design, whole))
    levels = [level.name for level in design.pdk.levels]
    expected = [(design.nets[t.net].name, levels[t.level], t.width, t.points.tolist()) for t in layout.traces]
    assert [(t.net, t.layer, t.width, t.points.tolist()) for t in draft.traces] == expected
    said = "; ".join(draft.lost)
    assert f"areas of metal: {design.nets[0].name}" in said and "vias that are there" in said


def test_names_that_need_quotes(packages: Mapping[str, Design], tmp_path: Path) -> None:
    """Brackets, hyphens, hashes and the double quote in names of all kinds."""
    toy = packages["toy"]
    nets = tuple(replace(net, name=f"{net.name}(-#'\"") for net in toy.nets)
    parts = tuple(replace(part, name=f"({part.name}-1)") for part in toy.components)
    named = {part.name: f"({part.name}-1)" for part in toy.components}
    ids = tuple(f"{named[t.id.split('.', 1)[0]]}.{t.id.split('.', 1)[1]}" for t in toy.terminals)
    design = replace(
        toy, nets=nets, components=parts,
        terminals=tuple(replace(t, id=name) for t, name in zip(toy.terminals, ids, strict=True)),
    )  # fmt: skip
    draft = drafted(tmp_path, dsn_text(design, Layout((), ())))
    # A package file holds no double quote.
    assert {pin.net for part in draft.components for pin in part.pins} - {""} == {
        net.name.replace('"', "_") for net in nets
    }
    assert [part.name for part in draft.components] == [part.name for part in parts]
    assert same(session_layout(parse(ses_text(design, Layout((), ())), "x"), design), Layout((), ()))
    odd = replace(design, name="x$")
    with pytest.raises(InputError, match="names that hold each of"):
        dsn_text(odd, Layout((), ()))


def test_octagons_and_oblongs(packages: Mapping[str, Design], tmp_path: Path) -> None:
    """Pads that are neither round nor square come back as what they are."""
    toy = packages["toy"]
    pads = dict(toy.pdk.pads)
    kinds = {"bump": (ShapeKind.OCTAGON, 80_000, 80_000), "contact": (ShapeKind.OBLONG, 60_000, 140_000)}
    for name, (shape, width, height) in kinds.items():
        lands = tuple(
            replace(land, shape=shape, width=width, height=height) if land.mask == pads[name].level else land
            for land in pads[name].shapes
        )
        pads[name] = replace(pads[name], shapes=lands)
    draft = drafted(tmp_path, dsn_text(replace(toy, pdk=replace(toy.pdk, pads=pads)), Layout((), ())))
    found = {(pad.shape, pad.width, pad.height) for pad in draft.pads.values() if pad.polygon is None}
    assert set(kinds.values()) <= found


def test_what_a_design_file_does_not_carry_is_named(packages: Mapping[str, Design]) -> None:
    toy = packages["toy"]
    joined = replace(toy, nets=(replace(toy.nets[0], ends=(replace(toy.nets[0].ends[0], terminals=(0, 1)),)),))
    assert any("joined inside" in sentence for sentence in lost(joined, Layout((), ())))
    assert not any("joined inside" in sentence for sentence in lost(toy, Layout((), ())))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("(session x)", "no routes"),
        ("(session x (routes (network_out)))", "without a resolution"),
        ("(session x (routes (resolution um 0)))", "a number of steps"),
        ("(session x (routes (resolution um ²)))", "a number of steps"),
        ("(session x (routes (resolution um 10) (network_out (net Z))))", "the net 'Z'"),
        ("(session x (routes (resolution um 10) (network_out (net D0 (via W 1 2)))))", "the via 'W'"),
        ("(session x (routes (resolution um 10) (network_out (net D0 (wire (path T 5 1 2))))))", "the level 'T'"),
    ],
)
def test_broken_sessions(packages: Mapping[str, Design], text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        session_layout(parse(text, "x.ses"), packages["toy"])


def test_a_trace_of_a_session_may_repeat_a_point(packages: Mapping[str, Design]) -> None:
    toy = packages["toy"]
    text = "(session x (routes (resolution um 10) (network_out (net D0 (wire (path RDL1 100 0 0 5 5 5 5))))))"
    net = next(index for index, entry in enumerate(toy.nets) if entry.name == "D0")
    (trace,) = session_layout(parse(text, "x.ses"), toy).traces
    assert same(Layout((trace,), ()), Layout((Trace(net, 0, 10_000, np.array([[0, 0], [500, 500]])),), ()))
