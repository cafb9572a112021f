"""Drafts into package files: what is written reads back as it was meant, in a process that holds it, or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from import_mutations import mutated
from typer.testing import CliRunner

from router import flow
from router.cli import app
from router.model.design import ComponentKind, Design
from router.model.draft import Draft, DraftClass, DraftComponent, DraftKeepout, DraftPad, DraftPin, DraftTrace
from router.model.errors import InputError, OutputError
from router.model.geometry import Box
from router.model.pdk import ShapeKind, TerminalKind
from router.read.design import read_design
from router.read.formats.names import Names
from router.read.formats.options import ImportOptions, Origin, Unit
from router.read.library import find_pdk
from router.write.package import Written, write_package

BUMP = DraftPad("b", TerminalKind.BUMP, ShapeKind.CIRCLE, 80_000, 80_000)
SMALL = DraftPad("s", TerminalKind.BUMP, ShapeKind.CIRCLE, 60_000, 60_000)
BALL = DraftPad("o", TerminalKind.BALL, ShapeKind.CIRCLE, 0, 0)
PADS = {pad.name: pad for pad in (BUMP, SMALL, BALL)}
RING = np.array([[-400_000, -400_000], [-300_000, -400_000], [-300_000, -300_000]])


def die(*pins: DraftPin, name: str = "d", **more: object) -> DraftComponent:
    return DraftComponent(name, ComponentKind.DIE, pins, **more)  # type: ignore[arg-type]


def pin(name: str, x: int, y: int, pad: str = "b", net: str = "") -> DraftPin:
    return DraftPin(name, x, y, pad, net)


def package(*parts: DraftComponent, **more: object) -> Draft:
    parts = parts or (die(pin("1", 0, 0, net="N"), pin("2", 200_000, 0, net="N")),)
    return Draft(**{"name": "p", "components": parts, "pads": PADS, **more})  # type: ignore[arg-type]


def write(folder: Path, draft: Draft, pdk: str = "fanout_10um", overwrite: bool = False, **options: object) -> Written:
    chosen = ImportOptions(pdk=pdk, **options)  # type: ignore[arg-type]
    return write_package(draft, folder / "p.toml", chosen, source="a.csv (bumps)", overwrite=overwrite)


def text(folder: Path) -> str:
    return (folder / "p.toml").read_text(encoding="utf-8")


def nets(design: Design) -> dict[str, str]:
    return {
        terminal.id: design.nets[owner].name if owner >= 0 else ""
        for terminal, owner in zip(design.terminals, design.net_of_terminal(), strict=True)
    }


_COORDINATE = st.integers(-20, 20).map(lambda n: n * 137_001)


@st.composite
def drafts(draw: st.DrawFn) -> Draft:
    """Parts a centimetre apart with pins on a grid of their own, in any view, mirror and rotation."""
    parts = []
    for number in range(draw(st.integers(1, 3))):
        kind = draw(st.sampled_from([ComponentKind.DIE, ComponentKind.BALLS]))
        names = ["o"] if kind is ComponentKind.BALLS else draw(st.sampled_from([["b"], ["b", "s"]]))
        spots = draw(st.lists(st.tuples(_COORDINATE, _COORDINATE), min_size=1, max_size=12, unique=True))
        pins = tuple(
            DraftPin(
                f"P{n}", 3 * x, 3 * y, draw(st.sampled_from(names)), draw(st.sampled_from(["", "A", "B.1", "c[3]"]))
            )
            for n, (x, y) in enumerate(spots)
        )
        outline = draw(st.sampled_from([None, Box(-8_500_000, -8_500_001, 8_500_000, 8_500_000)]))
        turn, view = draw(st.sampled_from([0, 90, 180, 270])), draw(st.sampled_from(["top", "bottom"]))
        mirror, joined = draw(st.sampled_from(["", "x", "y"])), draw(st.booleans())
        at = (number * 20_000_000 + 1, draw(st.integers(-5, 5)))
        parts.append(DraftComponent(f"part{number}", kind, pins, outline, at, turn, mirror, view, joined))
    return package(*parts)


@settings(max_examples=40)
@given(draft=drafts())
def test_what_is_written_reads_back(tmp_path: Path, draft: Draft) -> None:
    design = write(tmp_path, draft, overwrite=True).design
    owners = nets(design)
    assert owners == nets(read_design(tmp_path / "p.toml"))
    sizes = {"b": 80_000, "s": 60_000, "o": 250_000}
    expected = {
        f"{part.name}.{pin.name}": (
            *part.placement.apply(np.array([[pin.x, pin.y]]))[0].tolist(),
            *(sizes[pin.pad], pin.net),
        )
        for part in draft.components
        for pin in part.pins
    }
    assert {t.id: (t.x, t.y, t.width, owners[t.id]) for t in design.terminals} == expected
    parts = {part.name: part for part in design.components}
    for drafted in draft.components:
        part = parts[drafted.name]
        assert (part.kind, part.view, part.placement) == (drafted.kind, drafted.view, drafted.placement)
        if drafted.outline:
            assert part.outline == drafted.outline


def test_styles_of_two_kinds_share_a_table(tmp_path: Path) -> None:
    pads = {**PADS, "q": DraftPad("q", TerminalKind.BUMP, ShapeKind.CIRCLE, 25_000, 25_000)}
    pads["r"] = DraftPad("r", TerminalKind.BUMP, ShapeKind.CIRCLE, 40_000, 40_000)
    pins = [pin(str(n), 300_000 * n, 0, "q" if n % 2 else "r") for n in range(12)]
    design = write(tmp_path, package(die(*pins), pads=pads), pdk="fanout_2um").design
    table = (tmp_path / "p_d.csv").read_text(encoding="utf-8").splitlines()
    assert table[0] == "pin,x_um,y_um,net,style,width_um,height_um"
    assert table[1:3] == ["0,0,0,,bump_110,40,40", "1,300,0,,bump_55,25,25"]
    assert {terminal.pad for terminal in design.terminals} == {"bump_110", "bump_55"}


def test_small_parts_are_written_where_they_stand(tmp_path: Path) -> None:
    written = write(tmp_path, package())
    assert [path.name for path in written.files] == ["p.toml"]
    assert '  { name = "1", x = 0, y = 0, net = "N" },' in text(tmp_path)
    assert "from_tables" not in text(tmp_path)


def test_a_name_that_is_none_for_files_is_changed(tmp_path: Path) -> None:
    written = write(tmp_path, package(), name="my chip/2")
    assert written.design.name == "my_chip_2"
    assert any("called my_chip_2 instead of 'my chip/2'" in guess for guess in written.guesses)


def test_sentences_stand_in_the_file_as_one_comment_each(tmp_path: Path) -> None:
    draft = package(guesses=("units:\nµm\x00", "units:\nµm\x00"), lost=('x = "evil"\nname = "other"',))
    written = write(tmp_path, draft)
    assert written.guesses[0] == "units: µm" and written.guesses.count("units: µm") == 1
    assert "# - units: µm\n" in text(tmp_path)
    assert '# - x = "evil" name = "other"\n' in text(tmp_path)
    assert written.design.name == "p"


@pytest.mark.parametrize(
    ("pads", "pitch", "process"),
    [
        # The coarsest first; finer ones as lands and gaps ask for it.
        ({"b": BUMP}, 200_000, "fanout_10um"),
        ({"b": replace(BUMP, width=40_000, height=40_000)}, 55_000, "fanout_10um_30"),
        ({"b": replace(BUMP, width=0, height=0)}, 45_000, "fanout_2um"),
        ({"b": replace(BUMP, width=25_000, height=25_000)}, 30_000, "fanout_2um"),
        ({"b": replace(BUMP, width=0, height=0)}, 21_000, "interposer_04"),
        ({"b": replace(BUMP, kind=TerminalKind.PAD, shape=ShapeKind.RECT, width=0, height=0)}, 200_000, "wlcsp_500"),
    ],
)
def test_the_coarsest_process_that_holds_the_package(
    tmp_path: Path, pads: Mapping[str, DraftPad], pitch: int, process: str
) -> None:
    kind = ComponentKind.BALLS if pads["b"].kind is TerminalKind.BALL else ComponentKind.DIE
    pins = tuple(pin(str(n), pitch * n, 0) for n in range(4))
    written = write(tmp_path, package(DraftComponent("d", kind, pins), pads=pads), pdk="")
    assert written.design.pdk.name == process
    assert any(f"process {written.design.pdk.name}" in guess for guess in written.guesses)


def test_pads_of_their_own_shape_and_rules_of_whole_packages_choose_the_process(tmp_path: Path) -> None:
    square = DraftPad("b", TerminalKind.BUMP, ShapeKind.RECT, 60_000, 70_000)
    assert write(tmp_path, package(pads={"b": square}), pdk="").design.pdk.name == "wlcsp_500"
    # An opening of 5 µm where 35 is the least; and a chip of 300 µm where 1000 is.
    small = replace(square, width=25_000, height=25_000)
    assert write(tmp_path, package(pads={"b": small}), pdk="", overwrite=True).design.pdk.name == "flipchip_4um"
    outline = Box(-50_000, -100_000, 250_000, 200_000)
    narrow = write(tmp_path, package(pads={"b": square}, outline=outline), pdk="", overwrite=True)
    assert narrow.design.pdk.name == "flipchip_4um"
    with pytest.raises(InputError, match=r"pad@25: 5 × 5 µm on PI1, where PI1\.W\.1 needs 35 µm"):
        write(tmp_path, package(pads={"b": small}), pdk="wlcsp_500", overwrite=True)
    # Balls nearer than their pitch; a process that was asked for takes them, and sign-off will say so.
    ball = DraftPad("o", TerminalKind.BALL, ShapeKind.CIRCLE, 270_000, 270_000)
    near = package(
        DraftComponent("g", ComponentKind.BALLS, (pin("1", 0, 0, "o"), pin("2", 400_000, 0, "o"))), pads={"o": ball}
    )
    assert write(tmp_path, near, pdk="", overwrite=True).design.pdk.name != "wlcsp_500"
    assert write(tmp_path, near, pdk="wlcsp_500", overwrite=True).design.pdk.name == "wlcsp_500"


def test_no_process_holds_it(tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match=r"a\.csv \(bumps\): found lands of d\.1 and d\.2 0\.3 µm apart, which no process"
    ):
        write(tmp_path, package(die(pin("1", 0, 0), pin("2", 80_300, 0))), pdk="")
    tiny = package(die(pin("1", 0, 0)), pads={"b": replace(BUMP, width=300, height=300)})
    with pytest.raises(
        InputError, match=r"what no process that comes along allows \(.* in fanout_10um, fanout_10um_30, .*; .* in "
    ):
        write(tmp_path, tiny, pdk="")
    with pytest.raises(InputError, match=r"process fanout_10um: RDL1: found overlapping lands of d\.1 and d\.2"):
        write(tmp_path, package(die(pin("1", 0, 0), pin("2", 79_000, 0))))
    with pytest.raises(InputError, match="no such name"):
        write(tmp_path, package(), pdk="fanout")
    contact = DraftPad("c", TerminalKind.CONTACT, ShapeKind.RECT, 10_000, 10_000)
    part = DraftComponent("c", ComponentKind.PASSIVE, (pin("1", 0, 0, "c"),))
    with pytest.raises(InputError, match="no pad style of kind contact"):
        write(tmp_path, package(part, pads={"c": contact}), pdk="wlcsp_500")
    assert not list(tmp_path.iterdir())


def test_lands_that_are_near_are_warned_of_in_a_process_that_was_asked_for(tmp_path: Path) -> None:
    """As `rdl route` has it."""
    written = write(tmp_path, package(die(pin("1", 0, 0), pin("2", 81_000, 0))))
    assert "WARNING lands of d.1 and d.2 1 µm apart on RDL1, which asks for 10 µm between them" in written.guesses
    assert flow.foreseen(written.design)[0] == "d.1 and d.2 are 1 µm apart on RDL1, where RDL1.S.1 needs 10 µm"
    with pytest.raises(InputError, match=r"found abutting lands of d\.1 and d\.2"):
        write(tmp_path, package(die(pin("1", 0, 0, net="A"), pin("2", 80_000, 0, net="B"))), overwrite=True)


def test_lands_of_one_net_may_lie_on_one_another_between_parts(tmp_path: Path) -> None:
    pads = {"b": replace(BUMP, kind=TerminalKind.PAD, width=60_000, height=60_000), "o": BALL}
    ball = DraftComponent("o", ComponentKind.BALLS, (pin("1", 10_000, 0, "o", "N"),))
    assert write(tmp_path, package(die(pin("1", 0, 0, net="N")), ball, pads=pads), pdk="wlcsp_500").design
    with pytest.raises(InputError, match=r"overlapping lands of d\.1 and o\.1"):
        write(tmp_path, package(die(pin("1", 0, 0, net="M")), ball, pads=pads), pdk="wlcsp_500")


def test_lands_of_one_net_do_not_overlap_in_a_part(tmp_path: Path) -> None:
    pads = {"b": replace(BUMP, kind=TerminalKind.PAD, shape=ShapeKind.RECT, width=60_000, height=60_000)}
    part = die(pin("1", 0, 0, net="N"), pin("2", 59_000, 0, net="N"))
    with pytest.raises(InputError, match=r"process wlcsp_500: RDL: found overlapping lands of d\.1 and d\.2"):
        write(tmp_path, package(part, pads=pads), pdk="wlcsp_500")
    touching = die(pin("1", 0, 0, net="N"), pin("2", 60_000, 0, net="N"))
    assert write(tmp_path, package(touching, pads=pads), pdk="wlcsp_500").design


def test_a_shape_that_the_process_has_not_is_said(tmp_path: Path) -> None:
    square = DraftPad("q", TerminalKind.BUMP, ShapeKind.RECT, 90_000, 80_000)
    ring = np.array([[0, 0], [90_000, 0], [0, 90_000]])
    polygon = DraftPad("t", TerminalKind.BUMP, ShapeKind.CIRCLE, 90_000, 90_000, polygon=ring)
    parts = die(pin("1", 0, 0, "q"), pin("2", 300_000, 0, "t"))
    written = write(tmp_path, package(parts, pads={"q": square, "t": polygon}))
    assert [terminal.width for terminal in written.design.terminals] == [80_000, 90_000]
    assert "pad q: a circle of 80 µm for a rect" in written.guesses
    assert "pad t: a circle of 90 µm for a polygon" in written.guesses


def test_a_style_of_the_pads_level_and_shape_comes_before_one_of_its_kind(tmp_path: Path) -> None:
    """A process with both has bare pads that are not shaped as its bumps are."""
    pdk = tmp_path / "both.toml"
    land = '\n[[pad]]\nname = "bare{}"\nkind = "pad"\nlevel = "{}"\nland = {{ shape = "rect", size = 50 }}\n'
    land += 'source = "x"\n'
    usual = find_pdk("fanout_10um").read_text(encoding="utf-8")
    pdk.write_text(usual + land.format(1, "RDL1") + land.format(2, "RDL2"), encoding="utf-8")
    square = DraftPad("q", TerminalKind.BUMP, ShapeKind.RECT, 90_000, 80_000)
    upper = replace(square, name="u", layer="RDL2")
    parts = die(pin("1", 0, 0, "q"), pin("2", 300_000, 0, "b"), pin("3", 600_000, 0, "u"))
    pads = {"q": square, "b": BUMP, "u": upper}
    written = write(tmp_path, package(parts, pads=pads, layers=("RDL1", "RDL2")), pdk=str(pdk))
    found = [(t.kind, t.level, t.width, t.height) for t in written.design.terminals]
    assert found == [
        (TerminalKind.PAD, 0, 90_000, 80_000),
        (TerminalKind.BUMP, 0, 80_000, 80_000),
        (TerminalKind.PAD, 1, 90_000, 80_000),
    ]
    assert "pad q: pad bare1 of kind pad, since the process has no such one of kind bump" in written.guesses


def test_a_round_pad_may_be_drawn_by_an_oblong_style_of_its_kind(tmp_path: Path) -> None:
    pdk = tmp_path / "both.toml"
    usual = find_pdk("fanout_10um").read_text(encoding="utf-8")
    land = (
        '\n[[pad]]\nname = "bare"\nkind = "pad"\nlevel = "RDL1"\nland = { shape = "oblong", size = 50 }\nsource = "x"\n'
    )
    pdk.write_text(usual + land, encoding="utf-8")
    pads = {"b": replace(BUMP, kind=TerminalKind.PAD)}
    written = write(tmp_path, package(die(pin("1", 0, 0)), pads=pads), pdk=str(pdk))
    assert [t.kind for t in written.design.terminals] == [TerminalKind.PAD]
    assert not [guess for guess in written.guesses if guess.startswith("pad b:")]


def test_an_octagon_stands_for_a_circle_before_a_square_does(tmp_path: Path) -> None:
    """A trace at 45° may pass the corner of a square pad as near as if it were round."""
    ball = DraftPad("o", TerminalKind.BALL, ShapeKind.CIRCLE, 45_000, 45_000)
    part = DraftComponent("o", ComponentKind.BALLS, (pin("1", 0, 0, "o", "N"), pin("2", 100_000, 0, "o", "M")))
    beside = np.array([[-36_000, 0], [4_000, 40_000]])
    passing = DraftTrace("M", "RDL", 4_000, beside)
    written = write(tmp_path, package(part, pads={"o": ball}, traces=(passing,)), pdk="flipchip_4um")
    assert "pad o: an octagon of 45 µm for a circle" in written.guesses
    oblong = replace(ball, shape=ShapeKind.OBLONG)
    write(tmp_path, package(part, pads={"o": oblong}, traces=(passing,)), pdk="flipchip_4um", overwrite=True)


def test_layers_become_levels(tmp_path: Path) -> None:
    traces = (DraftTrace("N", "TOP", 20_000, np.array([[0, 0], [200_000, 0]])),)
    draft = package(layers=("TOP", "BOT"), traces=traces)
    written = write(tmp_path, draft)
    assert [(trace.level, trace.width) for trace in written.design.fixed] == [(0, 20_000)]
    assert any("TOP → RDL1, BOT → RDL2" in guess for guess in written.guesses)
    given = write(tmp_path, draft, overwrite=True, levels={"TOP": "RDL2"})
    assert [trace.level for trace in given.design.fixed] == [1]
    # By name, whatever the case; and as many levels as there are layers where the process leaves it open.
    named = write(tmp_path, replace(draft, layers=("x", "y", "rdl2"), traces=()), overwrite=True)
    assert len(named.design.pdk.levels) == 3
    with pytest.raises(InputError, match="one of TOP, BOT"):
        write(tmp_path, draft, overwrite=True, levels={"MID": "RDL1"})
    with pytest.raises(InputError, match="one of RDL1, RDL2"):
        write(tmp_path, draft, overwrite=True, levels={"TOP": "M1"})


def test_classes_keep_outs_and_traces(tmp_path: Path) -> None:
    classes = (
        DraftClass("wide", ("N", "gone"), {"": 15_000, "TOP": 20_000}, {"": 12_000}, ("TOP", "BOT")),
        DraftClass("empty", ("gone",)),
    )
    keepouts = (
        DraftKeepout("k1", ("BOT", "MID"), RING),
        DraftKeepout("k2", (), RING),
        DraftKeepout("k3", ("MID",), RING),
    )
    line = np.array([[0, 0], [200_000, 0]])
    traces = (DraftTrace("N", "MID", 20_000, line), DraftTrace("gone", "TOP", 20_000, line))
    outline = Box(-500_000, -500_000, 500_000, 500_000)
    draft = package(layers=("TOP", "BOT"), classes=classes, keepouts=keepouts, traces=traces, outline=outline)
    written = write(tmp_path, draft)
    design = written.design
    assert (design.classes["wide"].widths, design.classes["wide"].spacings) == ((20_000, 15_000), (12_000, 12_000))
    assert [(keepout.name, keepout.levels) for keepout in design.keepouts] == [("k1", (1,)), ("k2", (0, 1))]
    assert np.array_equal(design.keepouts[0].ring, RING)
    assert design.fixed == () and design.outline == outline
    assert written.lost == (
        "class empty, which no net of the package is in",
        "keep-out k1 on MID, no level of the package",
        "keep-out k3 on MID, no level of the package",
        "1 traces on MID, no level of the package",
        "1 traces of gone, no net of the package",
    )


def test_long_rings_stand_on_several_lines(tmp_path: Path) -> None:
    steps = np.array([[100 * n, 100 * (n * n % 7)] for n in range(11)] + [[1_000, -9_000]])
    design = write(tmp_path, package(keepouts=(DraftKeepout("k", (), steps),))).design
    assert np.array_equal(design.keepouts[0].ring, steps)
    assert "polygon = [\n  [0, 0], [0.1, 0.1]," in text(tmp_path)
    assert max(map(len, text(tmp_path).splitlines())) <= 120


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ({"classes": (DraftClass("c", ("N",), {"": 9_000}),)}, "the width 9 µm of class c"),
        ({"classes": (DraftClass("c", ("N",), {}, {"TOP": 9_000}),)}, "the spacing 9 µm of class c"),
        ({"traces": (DraftTrace("N", "TOP", 9_000, RING),)}, "a trace of N with a width of 9 µm"),
    ],
)
def test_widths_below_the_process(tmp_path: Path, more: Mapping[str, object], found: str) -> None:
    draft = package(layers=("TOP",), **more)
    with pytest.raises(InputError, match=found):
        write(tmp_path, draft)
    # A finer process takes them.
    assert write(tmp_path, draft, pdk="").design.pdk.name.startswith("f")


def test_what_contradicts_itself_is_mended_and_said(tmp_path: Path) -> None:
    part = die(pin("1", 0, 0), pin("2", 200_000, 0), outline=Box(-10_000, -10_000, 10_000, 10_000))
    written = write(tmp_path, package(part, die(name="none"), outline=Box(-50_000, -50_000, 50_000, 50_000)))
    assert written.design.outline == Box(-50_000, -50_000, 240_000, 50_000)
    warnings = [guess for guess in written.guesses if guess.startswith("WARNING")]
    assert len(warnings) == 2 and "1 pins, 2 among them, lie off its outline" in warnings[0]
    assert written.lost == ("component none without pins",)


def test_without_outline_the_package_holds_all(tmp_path: Path) -> None:
    part = die(pin("1", 0, 0), outline=Box(-500_000, -20_000, 20_000, 20_000), at=(0, 1_000))
    written = write(tmp_path, package(part))
    assert written.design.outline == Box(-500_000, -64_000, 65_000, 66_000)
    assert any("outline:" in guess for guess in written.guesses)


def test_faults_name_the_source(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"a\.csv \(bumps\): found no pin"):
        write(tmp_path, package(die()))
    with pytest.raises(InputError, match=r"a\.csv \(bumps\): found d\.1 and d\.2 at one place \(5, -5\)"):
        write(tmp_path, package(die(pin("1", 5_000, -5_000), pin("2", 5_000, -5_000))))
    stack = [die(pin("1", 5_000, 0, net="N"), name=f"d{n}") for n in range(9)]
    with pytest.raises(InputError, match=r"d0\.1 and d1\.1 .* at one place \(5, 0\)"):
        write(tmp_path, package(*stack))
    crossed = np.array([[0, 0], [100_000, 100_000], [100_000, 0], [0, 100_000]])
    with pytest.raises(InputError, match=r"a\.csv \(bumps\), as p\.toml: keepout\[1\].*crosses itself.*polygon$"):
        write(tmp_path, package(keepouts=(DraftKeepout("k", (), crossed),)))
    with pytest.raises(InputError, match=r"simple polygon \(assumed: process fanout_10um; --pdk names another\)$"):
        write(tmp_path, package(keepouts=(DraftKeepout("k", (), crossed),)), pdk="")
    assert not list(tmp_path.iterdir())


def test_files_are_replaced_only_when_asked(tmp_path: Path) -> None:
    pins = [pin(str(n), 300_000 * n, 0) for n in range(12)]
    (tmp_path / "p_d.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match=r"p_d\.csv: found a file that exists; expected --overwrite"):
        write(tmp_path, package(die(*pins)))
    assert (tmp_path / "p_d.csv").read_text(encoding="utf-8") == "mine"
    assert not (tmp_path / "p.toml").exists()
    written = write(tmp_path, package(die(*pins)), overwrite=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["p.toml", "p_d.csv"]
    assert [path.name for path in written.files] == ["p.toml", "p_d.csv"]
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OutputError):
        write_package(package(), tmp_path / "file" / "p.toml", ImportOptions(), source="s")


def test_tables_of_parts_whose_names_are_alike(tmp_path: Path) -> None:
    parts = [
        die(*(pin(str(n), 300_000 * n, 300_000 * row) for n in range(12)), name=name)
        for row, name in enumerate(["a/b", "A_b", "a_b"])
    ]
    written = write(tmp_path, package(*parts))
    assert [path.name for path in written.files] == ["p.toml", "p_a_b.csv", "p_A_b_2.csv", "p_a_b_3.csv"]
    assert [part.name for part in written.design.components] == ["a/b", "A_b", "a_b"]


def test_names() -> None:
    ours = Names("component", dots=False)
    given = ["U1", "U 1", "U_1", "U.1", "é", "", "-", "#1", "a*b?", "x" * 300, "U 1"]
    found = [ours.of(name) for name in given]
    assert found == ["U1", "U_1", "U_1_2", "U_1_3", "_", "__2", "__3", "_1", "a_b_", "x" * 255, "U_1"]
    (sentence,) = ours.said()
    assert sentence.startswith("component names changed") and "'U 1' to U_1" in sentence and "and 6 more" in sentence
    assert Names("net").of("a.b") == "a.b" and not list(Names("net").said())


DIE = (
    "Units: microns\nRefDes: U1\nDieOrient: ChipDown\nOrigin: (5 6)\nRotation: 90\nExtents: ((-300 -300) (300 300))\n\n"
    "Pin Number\tPadstack\tX Coord\tY Coord\tNet Name\n1\tP\t0\t0\tA\n2\tP\t200\t0\tB\n"
)
SAMPLES = {
    "bumps": "component,kind,pin,x_um,y_um,width,net\nU,bump,1,0,0,40,N\nU,bump,2,99,0,40,M\nB,ball,1,0,900,240,N\n",
    "aif": "[DATABASE]\nUNITS=UM\n[DIE]\nWIDTH=900\nHEIGHT=900\n[BGA]\nPITCH=500\nPOPULATION=3 3\nBALL=CIRCLE 250\n"
    "WIDTH=4000\nHEIGHT=4000\n[PADS]\nP=SQ 60\n[NETLIST]\nA 1 P 0 0 A1\nB 2 P 200 0 A2\n",
    "dietext": DIE,
}


@settings(max_examples=120)
@given(data=st.sampled_from(sorted(SAMPLES)).flatmap(lambda name: st.tuples(st.just(name), mutated(SAMPLES[name]))))
def test_mutated_files_are_imported_or_refused(tmp_path: Path, data: tuple[str, bytes]) -> None:
    """What is imported reads again; what is refused leaves nothing behind."""
    name, content = data
    source, out = tmp_path / "source", tmp_path / "out.toml"
    source.write_bytes(content)
    try:
        flow.import_package(name, [source], out, overwrite=True)
    except InputError as error:
        assert "\n" not in str(error) and len(str(error)) < 1500
        assert not out.exists()
        return
    assert read_design(out).terminals
    for path in tmp_path.iterdir():
        path.unlink()


def test_too_many_kinds_of_pads(tmp_path: Path) -> None:
    pads = {f"p{n}": replace(BUMP, name=f"p{n}", width=20_000 + n, height=20_000 + n) for n in range(1001)}
    with pytest.raises(InputError, match="1001 kinds of pads; expected at most 1000"):
        write(tmp_path, package(die(*(pin(str(n), 300_000 * n, 0, f"p{n}") for n in range(1001))), pads=pads))


TABLE = "pad,x_um,y_um,net\n1,0,0,N\n2,200,0,M\n"


def test_the_command(tmp_path: Path) -> None:
    (tmp_path / "die.csv").write_text(TABLE, encoding="utf-8")
    out = tmp_path / "new" / "chip.toml"
    arguments = ["import", "bumps", str(tmp_path / "die.csv"), "-o", str(out)]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    lines = done.stdout.splitlines()
    assert lines[0] == str(out)
    assert "chip in wlcsp_500: 1 components (1 die), 2 pins, 0 of them without a net, 2 nets, 0 classes" in lines[1]
    assert any(line.startswith("assumed: places are centres of pads") for line in lines)
    again = CliRunner().invoke(app, arguments)
    assert again.exit_code == 2 and "--overwrite" in again.stderr
    more = ["--overwrite", "--name", "chip", "--pdk", "fanout_10um", "--units", "um", "--view", "top"]
    more += ["--pad-size", "50", "--die-size", "400x300", "--origin", "corner"]
    assert CliRunner().invoke(app, [*arguments, *more]).exit_code == 0
    design = read_design(out)
    assert (design.name, design.pdk.name, design.components[0].view) == ("chip", "fanout_10um", "top")
    assert [(terminal.x, terminal.width) for terminal in design.terminals] == [(-25_000, 50_000), (-225_000, 50_000)]


def test_a_process_of_ones_own(tmp_path: Path) -> None:
    process = (Path(__file__).parents[2] / "pdk" / "fanout_10um.toml").read_text(encoding="utf-8")
    (tmp_path / "mine.toml").write_text(process, encoding="utf-8")
    (tmp_path / "sub").mkdir()
    options = ImportOptions(pdk=str(tmp_path / "mine.toml"))
    write_package(package(), tmp_path / "sub" / "p.toml", options, source="s")
    assert 'pdk = "../mine.toml"' in (tmp_path / "sub" / "p.toml").read_text(encoding="utf-8")
    assert read_design(tmp_path / "sub" / "p.toml").pdk.name == "fanout_10um"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["import", "gerbil", "t.csv", "-o", "x.toml"], "FORMAT: found 'gerbil'; expected one of"),
        (["import", "bumps", "t.csv", "-o", "x.csv"], "the ending '.csv'; expected .toml"),
        (["import", "bumps", "none.csv", "-o", "x.toml"], "a file that cannot be read"),
        (["import", "bumps", "t.csv", "-o", "x.toml", "--pad-size", "0"], "a size in µm, as 40 or 40x60"),
        (["import", "bumps", "t.csv", "-o", "x.toml", "--die-size", "1e3x2"], "a size in µm, as 40 or 40x60"),
        (["import", "bumps", "t.csv", "-o", "x.toml", "--level", "TOP"], "SOURCE=LEVEL"),
        (["import", "bumps", "t.csv", "-o", "x.toml", "--level", "TOP=RDL1"], "no layer 'TOP'; expected no --level,"),
        (["import", "bumps", "t.csv", "-o", "x.toml", "--level", "A=B", "--level", "A=C"], "both B and C for 'A'"),
        (["import", "bumps", "t.csv", "-o", "x.toml", "--pdk", "gold"], "no such name"),
        (["import", "bumps", "t.csv", "-o", "x.toml", "--column", "x"], "HEADER=PART"),
        (["import", "bumps", "t.csv", "-o", "x.toml", "--place", "t=1"], "'t=1'; expected X,Y in µm, and a turn"),
        (["import", "bumps", "t.csv", "-o", "x.toml", "--place", "t=1,2,45"], "expected X,Y in µm, and a turn"),
        (["import", "aif", "t.csv", "-o", "x.toml", "--column", "x=y"], "--column: found an option that aif makes no"),
    ],
)
def test_faults_of_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: list[str], said: str) -> None:
    monkeypatch.chdir(tmp_path)
    Path("t.csv").write_text(TABLE, encoding="utf-8")
    done = CliRunner().invoke(app, more)
    assert done.exit_code == 2
    assert said in done.stderr and len(done.stderr.splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["t.csv"]


def test_a_place_begins_with_a_point_if_you_like(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("t.csv").write_text(TABLE, encoding="utf-8")
    done = CliRunner().invoke(app, ["import", "bumps", "t.csv", "-o", "x.toml", "--place", "t=-.5,.25"])
    assert (done.exit_code, done.stderr) == (0, "")
    placement = read_design(tmp_path / "x.toml").components[0].placement
    assert (placement.x, placement.y) == (-500, 250)


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        (
            "lefdef",
            {"unit": Unit.MM},
            "--units: found an option that lefdef makes no use of; expected none of its kind",
        ),
        ("aif", {"die_size": (1, 1)}, "--die-size: .* aif .* expected --units, --view"),
        ("dietext", {"origin": Origin.CORNER}, "--origin: .* dietext .* expected --pad-size, --units, --view"),
        ("dsn", {"pad_size": (1, 1)}, "--pad-size: .* dsn "),
    ],
)
def test_options_that_say_nothing_to_a_format(
    tmp_path: Path, name: str, options: Mapping[str, object], said: str
) -> None:
    chosen = ImportOptions(**options)  # type: ignore[arg-type]
    with pytest.raises(InputError, match=said):
        flow.import_package(name, [tmp_path / "none"], tmp_path / "x.toml", chosen)


def test_from_python(tmp_path: Path) -> None:
    (tmp_path / "die.csv").write_text(TABLE, encoding="utf-8")
    written = flow.import_package("bumps", [tmp_path / "die.csv"], tmp_path / "die.toml")
    assert [net.name for net in written.design.nets] == ["N", "M"]
    assert written.design.source == tmp_path / "die.toml"
    again = flow.import_package("bumps", [str(tmp_path / "die.csv")], str(tmp_path / "again.toml"))
    assert again.design.source == tmp_path / "again.toml"
