"""The example packages from end to end: complete, and clean in the eyes of every engine."""

from __future__ import annotations

from pathlib import Path

import klayout_program
import pytest

from router import flow
from router.model.layout import Verdict
from router.read.library import list_designs


@pytest.mark.parametrize("name", [path.stem for path in list_designs()])
def test_every_example_is_signed_off(name: str, tmp_path: Path) -> None:
    result = flow.route(flow.read_design(name), threads=2)
    report = flow.write(result, tmp_path)
    assert flow.is_clean(report), report["engines"]
    assert sorted(report["engines"]["verdicts"]) == ["klayout", "own"]
    if klayout_program.installed():
        klayout_program.run_decks(tmp_path, {name: result.design})
        assert klayout_program.verdict(tmp_path, name) == Verdict((), ())
