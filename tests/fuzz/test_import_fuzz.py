"""A few of the fuzzer's inputs for each reader, the same ones each time; `fuzz_readers.py` tries many more."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from import_inputs import packed, unpacked
from import_mutator import Mutator, keywords
from import_seeds import seeds
from import_trial import fault, process_read_once

from router.model.errors import InputError
from router.read.formats.readers import FORMATS
from router.write import package_process

INPUTS = 200


@pytest.fixture(autouse=True, scope="module")
def _processes_read_once() -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(package_process, "read_pdk", process_read_once)
        yield


@pytest.mark.parametrize("name", FORMATS)
def test_what_mutation_begins_with_is_a_package(name: str, tmp_path: Path) -> None:
    found = [fault(name, data, tmp_path) for data in seeds(name)]
    assert len(found) > 1 and found[0] == found[-1] == ("accepted", "")
    assert all(place in ("accepted", "refused") for place, _ in found)


@pytest.mark.parametrize("name", FORMATS)
def test_mutated_files_are_read_or_refused_in_a_line(name: str, tmp_path: Path) -> None:
    starts, mutate = seeds(name), Mutator(keywords(name))
    came = set()
    for number in range(INPUTS):
        rng = random.Random(number)
        data = mutate(rng.choice(starts), rng)
        place, seen = fault(name, data, tmp_path)
        assert place in ("accepted", "refused"), (number, place, seen)
        came.add(place)
    assert came == {"accepted", "refused"}


@pytest.mark.parametrize("name", FORMATS)
def test_a_readers_words_come_from_its_source(name: str) -> None:
    assert len(keywords(name)) > 20


def test_files_and_options_of_an_input() -> None:
    files = {"a.csv": b"x\n", "b.csv": b"y"}
    read, options = unpacked(packed(files, "unit=mm view=top pad_size=40 unit=ell colour=red"))
    assert read == {"a.csv": b"x\n", "b.csv": b"y\n"}
    assert (options.unit, options.view, options.pad_size) == ("mm", "top", (40_000, 40_000))
    assert unpacked(b"%%FILE ../../a\nx")[0] == {"0": b"x"}
    assert unpacked(b"x")[0] == {"file": b"x"}


def test_messages_show_what_is_not_printable() -> None:
    error = InputError("a\n.csv:1", "a pad", "BP\x0b250, \x1b[2J\ud800 or µ")
    assert str(error) == r"a\n.csv:1: found a pad; expected BP\x0b250, \x1b[2J\ud800 or µ"


_DIETEXT = (
    b"Units: microns\n\nPin Number, Padstack, X Coord, Y Coord, Rotation, Pin Use, Net Name\n1, P, 0, 0, 0, IN, A\n"
)
_AIF = b"[DATABASE]\nTYPE=AIF\nVERSION=2.0\nUNITS=UM\nMCM=TRUE\n[MCM_DIE]\nA=D1\n[PADS]\n%s[NETLIST]\nA %s %s 0 0\n"
_LONG_PADS = b"".join(b"%s%d=CIRCLE 80\n" % (b"P" * 100, number) for number in range(3000))
FOUND = {
    "a line of form feeds after the pins": ("dietext", _DIETEXT + b"\n\x0c\x1f\n", "accepted"),
    "a control character in the name of a pad": ("aif", _AIF % (b"B\x0bP=CIRCLE 8\n", b"D1.1", b"BP"), "refused"),
    "thousands of long names that are alike": ("aif", _AIF % (_LONG_PADS, b"D1.1", b"PX" * 60), "refused"),
    "a level of a thousand letters": (
        "dietext",
        b"%%OPTIONS levels=TOP:" + b"x" * 1000 + b" pdk=fanout_10um\n%%FILE a.txt\n" + _DIETEXT,
        "refused",
    ),
    "a pad of a million dots": ("aif", _AIF % (b"P=CIRCLE 8\n", b"." * 1_000_000, b"P"), "refused"),
}
"""What was found, once each."""


@pytest.mark.parametrize("what", FOUND)
def test_what_was_found_is_no_fault_again(what: str, tmp_path: Path) -> None:
    name, data, expected = FOUND[what]
    assert fault(name, data, tmp_path) == (expected, "")
