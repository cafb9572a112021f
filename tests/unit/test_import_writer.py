"""Drafts into package files: what is written reads back as it was meant, in a process that holds it, or not at all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from draft_packages import PADS, RING, die, package, pin, write
from hypothesis import given, settings
from hypothesis import strategies as st

from router.model.design import ComponentKind, Design
from router.model.draft import Draft, DraftClass, DraftComponent, DraftKeepout, DraftPad, DraftPin, DraftTrace
from router.model.errors import InputError, OutputError
from router.model.geometry import Box
from router.model.pdk import ShapeKind, TerminalKind
from router.read.design import read_design
from router.read.formats.names import Names
from router.read.formats.options import ImportOptions
from router.write.package import write_package


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
    assert sentence.startswith("component names changed") and "'U 1' to U_1" in sentence and "and 4 more" in sentence
    assert Names("net").of("a.b") == "a.b" and not list(Names("net").said())
