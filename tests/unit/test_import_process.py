"""The process that a draft becomes a package of, and the pad styles that stand for its pads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from draft_packages import BALL, BUMP, RING, die, package, pin, write

from router import flow
from router.model.design import ComponentKind
from router.model.draft import DraftClass, DraftComponent, DraftPad, DraftTrace
from router.model.errors import InputError
from router.model.geometry import Box
from router.model.pdk import ShapeKind, TerminalKind
from router.read.library import find_pdk


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


def test_too_many_kinds_of_pads(tmp_path: Path) -> None:
    pads = {f"p{n}": replace(BUMP, name=f"p{n}", width=20_000 + n, height=20_000 + n) for n in range(1001)}
    with pytest.raises(InputError, match="1001 kinds of pads; expected at most 1000"):
        write(tmp_path, package(die(*(pin(str(n), 300_000 * n, 0, f"p{n}") for n in range(1001))), pads=pads))
