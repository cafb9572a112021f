"""Every broken input ends in one InputError with a message that says what was found and expected."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from broken_inputs import Case, guide_faults, process_faults, toy_faults
from field_faults import field_faults
from typer.testing import CliRunner

from router.cli import app
from router.model.errors import InputError
from router.read.design import read_design
from router.read.pdk import read_pdk

ROOT = Path(__file__).parents[2]


def _text(*parts: str) -> str:
    return ROOT.joinpath(*parts).read_text(encoding="utf-8")


def _guide() -> dict[str, str]:
    return dict(re.findall(r"^File `([\w.]+)`:\n\n```\w+\n(.*?)^```$", _text("docs", "formats.md"), re.S | re.M))


GUIDE = _guide()
TOY, PROCESS = _text("netlists", "toy.toml"), _text("pdk", "fanout_10um.toml")
_BESIDE = {name: text.encode() for name, text in GUIDE.items() if name != "sensor.toml"}
PACKAGES = [
    *toy_faults(TOY),
    *guide_faults(GUIDE),
    *field_faults("toy", tomllib.loads(TOY), {}),
    *field_faults("sensor", tomllib.loads(GUIDE["sensor.toml"]), _BESIDE),
]
PROCESSES = [*process_faults(PROCESS), *field_faults("process", tomllib.loads(PROCESS), {})]


def _check(case: Case, folder: Path, read: Callable[[Path], object]) -> None:
    for name, data in case.files.items():
        (folder / name).write_bytes(data)
    first = next(iter(case.files))
    with pytest.raises(InputError) as caught:
        read(folder / first)
    message = str(caught.value)
    assert "\n" not in message and 20 < len(message) < 1_000
    assert "found " in message and "; expected " in message
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("case", PACKAGES, ids=[case.name for case in PACKAGES])
def test_broken_package(case: Case, tmp_path: Path) -> None:
    _check(case, tmp_path, read_design)


@pytest.mark.parametrize("case", PROCESSES, ids=[case.name for case in PROCESSES])
def test_broken_process(case: Case, tmp_path: Path) -> None:
    _check(case, tmp_path, read_pdk)


def test_the_cases_are_many_and_distinct(tmp_path: Path) -> None:
    cases = [*PACKAGES, *PROCESSES]
    digests = {hashlib.sha256(repr(case.files).encode()).digest() for case in cases}
    assert len(cases) >= 300
    assert len(digests) == len(cases)
    for name, text in (("toy.toml", TOY), ("process.toml", PROCESS)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert read_design(tmp_path / "toy.toml").nets and read_pdk(tmp_path / "process.toml").rules


@pytest.mark.parametrize("case", PACKAGES, ids=[case.name for case in PACKAGES])
def test_the_command_says_one_line_and_touches_nothing(case: Case, tmp_path: Path) -> None:
    """`rdl route` ends with exit code 2, and what an earlier run left stays as it was."""
    for name, data in case.files.items():
        (tmp_path / name).write_bytes(data)
    earlier = tmp_path / "out" / "report.json"
    earlier.parent.mkdir()
    earlier.write_text("earlier", encoding="utf-8")
    before = sorted(path.name for path in tmp_path.rglob("*"))
    first = tmp_path / next(iter(case.files))
    run = CliRunner().invoke(app, ["route", str(first), "-o", str(earlier.parent), "--quiet"])
    assert run.exit_code == 2
    assert run.stdout == ""
    assert run.stderr.startswith("rdl: ") and run.stderr.count("\n") == 1
    assert earlier.read_text(encoding="utf-8") == "earlier"
    assert sorted(path.name for path in tmp_path.rglob("*")) == before
