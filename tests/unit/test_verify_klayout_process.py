"""KLayout's engine in a process of its own, which waits for the next file."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from router.draw.masks import draw_masks
from router.model.design import Design
from router.model.errors import InputError
from router.model.layout import Engine, Layout, Verdict
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


@pytest.mark.parametrize("engine", [Engine.BOTH, Engine.KLAYOUT])
def test_a_layout_is_not_signed_off_when_a_judge_breaks_down(
    gds: Path, small_design: Design, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What our own engine found is kept, and the other one's silence is a difference."""
    own = sign_off(gds, small_design, Engine.OWN).verdicts["own"]

    def gone(judge: process.Judge, _: bytes) -> Verdict:
        judge.end()
        raise process.BreakdownError("exit code -9")

    monkeypatch.setattr(process.Judge, "answer", gone)
    judged = sign_off(gds, small_design, engine)
    assert not judged.clean
    (difference,) = judged.differences
    assert (difference.only_in, difference.rule) == ("klayout", "ENGINE")
    assert difference.detail == "KLayout's engine gave no verdict: exit code -9"
    assert judged.verdicts == ({"own": own} if engine is Engine.BOTH else {"klayout": Verdict((), ())})


KEEPER = """
import pathlib, pickle, sys
from router.model.errors import InputError
from router.read.design import read_design
from router.verify.klayout import process
judge = process.Judge()
try:
    judge.answer(pickle.dumps((pathlib.Path("none.gds"), read_design("toy"), {})))
except InputError:
    print(judge._process.pid, flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent has ended")
def test_a_judge_at_work_ends_with_who_asked_him() -> None:
    """One that stands still, as one who is busy, does not see that nobody will ask again."""
    with subprocess.Popen([sys.executable, "-c", KEEPER], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as keeper:
        assert keeper.stdout is not None
        judge = int(keeper.stdout.readline())
        os.kill(judge, signal.SIGSTOP)
        keeper.kill()
    # Whoever takes the orphan over may not have buried it yet.
    state = Path(f"/proc/{judge}/stat")
    deadline = time.monotonic() + 30
    while state.exists() and state.read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z":
        assert time.monotonic() < deadline, "still there"
        time.sleep(0.05)
