"""KLayout's engine in a process of its own, which waits for the next file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from router.draw.masks import draw_masks
from router.model.design import Design
from router.model.errors import InputError
from router.model.layout import Engine, Layout
from router.verify.klayout import process
from router.verify.signoff import sign_off
from router.write.gds import write_gds


@pytest.fixture(autouse=True)
def nobody_waits() -> Iterator[None]:
    process._dismiss()
    yield
    process._dismiss()


@pytest.fixture
def gds(tmp_path: Path, small_design: Design) -> Path:
    write_gds(tmp_path / "p.gds", small_design, draw_masks(small_design, Layout((), ())))
    return tmp_path / "p.gds"


def test_a_judge_takes_one_file_after_the_other(gds: Path, small_design: Design) -> None:
    first = sign_off(gds, small_design, Engine.KLAYOUT)
    (judge,) = process._idle
    with pytest.raises(InputError):
        sign_off(gds.with_name("none.gds"), small_design, Engine.KLAYOUT)
    assert sign_off(gds, small_design, Engine.KLAYOUT) == first
    assert process._idle == [judge]
    process._dismiss()
    assert not judge.alive


def test_what_klayout_warns_of_is_no_part_of_the_answer(gds: Path, small_design: Design) -> None:
    """It prints to standard output that the end of an element is missing."""
    first = sign_off(gds, small_design, Engine.KLAYOUT)
    content = gds.read_bytes()
    end, begin = b"\0\x04\x11\0", b"\0\x04\x0c\0"
    assert end + begin in content
    gds.write_bytes(content.replace(end + begin, begin, 1))
    assert sign_off(gds, small_design, Engine.KLAYOUT) == first


def test_a_judge_who_is_gone_or_of_another_process_is_left(gds: Path, small_design: Design) -> None:
    first = sign_off(gds, small_design, Engine.KLAYOUT)
    (gone,) = process._idle
    gone.end()
    assert sign_off(gds, small_design, Engine.KLAYOUT) == first
    (judge,) = process._idle
    judge.owner = os.getpid() + 1
    other = process._hire()
    assert other is not judge and process._idle == []
    judge.end()
    other.end()


def test_a_judge_of_a_large_file_is_not_kept(
    gds: Path, small_design: Design, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    monkeypatch.setattr(process, "LARGE", 1)
    sign_off(gds, small_design, Engine.KLAYOUT)
    assert process._idle == []


def test_why_a_judge_broke_down_is_said() -> None:
    judge = process.Judge()
    with pytest.raises(process.BreakdownError, match=r"UnpicklingError"):
        judge.answer(b"what is this?")
    assert not judge.alive
    judge.end()
