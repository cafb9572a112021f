"""Broken Specctra design files: each fault is named with file and line, and nothing but InputError comes out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from router.model.draft import Draft
from router.model.errors import InputError
from router.read.formats import dsn_tokens
from router.read.formats.dsn import read_dsn
from router.read.formats.dsn_tokens import parse
from router.read.formats.options import ImportOptions

SAMPLE = """(pcb "board"
(parser (string_quote ") (space_in_quoted_tokens on))
(resolution um 10) (unit um)
(structure
(layer Top (type signal)) (layer Bottom (type signal))
(boundary (path pcb 0 -900 -800 900 -800 900 800 0 900 -900 800 -900 -800))
(keepout "" (circle Top 100 500 500))
(keepout k (polygon signal 0 0 0 50 50 50 -50))
(via V)
(rule (width 10) (clearance 10 (type smd))))
(placement
(component die (place U1 200 100 front 45) (place U2 -300 0 back 180 (lock_type position)))
(component bga (place B 0 -300 front 0)))
(library
(image die (outline (path signal 1 -200 0 200 150))
(pin P 1 -100 0)
(pin P (rotate 90) "pin 2" 100 0))
(image bga (pin Q A1 0 0))
(padstack P (shape (rect Top -40 -20 40 20)) (attach off))
(padstack Q (shape (polygon Bottom 0 0 0 90 0 90 90 0 0)) (shape (path Bottom 5 0 0 50 50))))
(network
(net N (pins U1-1 B-A1))
(net M (order U1-"pin 2" "U2-pin 2") (rule (width 12)))
(class power M (circuit (use_layer Top)) (layer_rule Bottom (rule (width 20)))))
(wiring
(wire (path Top 10 0 0 100 0 100 100) (net N) (type fix))
(wire (polyline_path Top 10 0 0 0 1 0 100 1 100 50 0 50 1) (net M))
(via V 100 100 (net N))))
"""


def read(tmp_path: Path, text: str) -> Draft:
    path = tmp_path / "board.dsn"
    path.write_text(text, encoding="utf-8")
    return read_dsn([path], ImportOptions())


def test_the_sample_reads(tmp_path: Path) -> None:
    assert {net for part in read(tmp_path, SAMPLE).components for net in (pin.net for pin in part.pins)} == {
        "N",
        "M",
        "",
    }


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("(pcb", "(session", 1, "(pcb …)"),
        ("(via V 100 100 (net N))))", "(via V 100 100 (net N)))", 1, "never closed"),
        ('"pin 2" 100', '"pin 2 100', 17, "a quote"),
        ("(unit um)", "(unit furlong)", 3, "unit 'furlong'"),
        ("(structure", "(structural", 1, "no (structure …)"),
        ("(layer Top (type signal)) (layer", "(layer Top) (layer Top) (layer", 5, "'Top' twice"),
        ("(layer Top (type signal)) (layer Bottom (type signal))", "", 4, "no (layer …)"),
        ("(circle Top 100", "(circle Tip 100", 7, "the layer 'Tip'"),
        ("(circle Top 100", "(circle Top 0", 7, "circle 0 µm wide"),
        ("(circle Top 100", "(circle Top nan", 7, "'nan'"),
        ("(circle Top 100", "(circle Top 1_0", 7, "'1_0'"),
        ("(circle Top 100", "(circle Top 1e99", 7, "up to one metre"),
        ("(circle Top 100 500 500", "(circle Top 100 500", 7, "1 coordinates"),
        ("(rect Top -40 -20 40 20)", "(rect Top -40 -20 40 20 0 0)", 19, "rect of 3 places"),
        ("path pcb 0 -900 -800 900 -800 900 800 0 900 -900 800", "path pcb 0 -900 -800 900 -800", 6, "without area"),
        ("(component die (", "(component dye (", 12, "the image 'dye'"),
        ("place U2", "place U1", 12, "'U1' twice"),
        ("front 45", "side 45", 12, "the side 'side'"),
        ("front 45", "front x", 12, "an angle"),
        ("place U1 200 100", "place U1 200", 12, "the side '45'"),
        ("(pin P 1", "(pin R 1", 16, "the padstack 'R'"),
        ("(pin P 1", "(pin P", 16, "pin of 3 words"),
        ('"pin 2" 100', '"1" 100', 17, "the pin '1' twice"),
        ("U1-1", "U1-9", 22, "the pin 'U1-9'"),
        ("(order U1-", "(order U1-1 U1-", 23, "in the nets N and M"),
        ("power M", "power X", 24, "the net 'X'"),
        ("(use_layer Top)", "(use_layer Tip)", 24, "the layer 'Tip'"),
        ("(rule (width 20))", "(rule (width -20))", 24, "no negative length"),
        ("(path Top 10 0 0 100 0 100 100)", "(path Tip 10 0 0 100 0)", 26, "the layer 'Tip'"),
        ("0 0 0 1 0 100 1 100", "0 0 0 1 0 0 0 1", 27, "lines that cross"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_line(tmp_path: Path, old: str, new: str, line: int, said: str) -> None:
    assert SAMPLE.count(old) >= 1
    with pytest.raises(InputError) as raised:
        read(tmp_path, SAMPLE.replace(old, new, 1))
    assert re.search(rf"board\.dsn:{line}: ", str(raised.value)), str(raised.value)
    assert said in str(raised.value)


def test_hostile_nesting_and_size(monkeypatch: pytest.MonkeyPatch) -> None:
    for text in ("(" * 1_000_000, "(a " * 100_000 + ")" * 100_000, "()" * 100_000, ")", "x" * 1_000_000, ""):
        with pytest.raises(InputError):
            parse(text, "file")
    monkeypatch.setattr(dsn_tokens, "_TOKEN_LIMIT", 1000)
    monkeypatch.setattr(dsn_tokens, "_ENTRY_LIMIT", 100)
    with pytest.raises(InputError, match="1000 words"):
        parse(f"(a {'x ' * 1001})", "file")
    with pytest.raises(InputError, match="100 brackets"):
        parse(f"(a {'(x)' * 101})", "file")


def test_rings_that_would_take_long_are_refused(tmp_path: Path) -> None:
    way = " ".join(f"{k * 37 % 101} {k * 53 % 103}" for k in range(400))
    for old in (
        "(polygon signal 0 0 0 50 50 50 -50)",
        "(path pcb 0 -900 -800 900 -800 900 800 0 900 -900 800 -900 -800)",
    ):
        word, layer, width = old.split()[:3]
        with pytest.raises(InputError, match="400 corners that crosses itself"):
            read(tmp_path, SAMPLE.replace(old, f"{word} {layer} {width} {way})"))


def test_one_file_is_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="2 files"):
        read_dsn([tmp_path / "a.dsn", tmp_path / "b.dsn"], ImportOptions())
    with pytest.raises(InputError, match="cannot be read"):
        read_dsn([tmp_path / "a.dsn"], ImportOptions())


# Words that mean something somewhere, and numbers that are none, too large, or too many.
WORDS = ("(", ")", '"', "'", "#", "-", "0", "1", "-1", "1e3", "1e308", "nan", "inf", "1_0", "Top", "signal", "pcb",
         "path", "polygon", "rect", "circle", "qarc", "rule", "width", "rotate", "off", "back", "U1-1", "P", "\n", "é",
         "(unit mm)", "(shape (circle Top 5))", "(place U3 1 2 back 33)")  # fmt: skip
PIECES = re.findall(r'"[^"]*"|[()]|[^\s()]+|\s+', SAMPLE)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """The sample with some pieces left out, doubled, exchanged or replaced."""
    pieces = list(PIECES)
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(pieces) - 1))
        other = draw(st.integers(0, len(pieces) - 1))
        match draw(st.integers(0, 4)):
            case 0:
                pieces[at] = ""
            case 1:
                pieces[at] *= draw(st.sampled_from((2, 200)))
            case 2:
                pieces[at], pieces[other] = pieces[other], pieces[at]
            case 3:
                pieces[at] = draw(st.sampled_from(WORDS))
            case _:
                pieces[at] = draw(st.text(max_size=6))
    return "".join(pieces)


@settings(max_examples=150)
@given(text=mutated())
def test_nothing_but_input_errors_comes_of_a_broken_file(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.getbasetemp() / "mutated.dsn"
    path.write_bytes(text.encode("utf-8", errors="surrogatepass"))
    try:
        draft = read_dsn([path], ImportOptions())
    except InputError as error:
        assert str(error)
    else:
        assert draft.layers
