"""Figures of the README and the guides are those that the program printed."""

from __future__ import annotations

import re
from pathlib import Path

from router import flow
from router.bench.cases import CASES
from router.bench.outcome import read_run
from router.bench.table import HEAD, line, peer_head, peer_row, row
from router.view.plan import plan_text

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "benchmark.md").read_text(encoding="utf-8")
LINES = GUIDE.splitlines()


def kept_after(words: str) -> list[Path]:
    """The runs that the guide names in the brackets that follow these words."""
    (named,) = re.findall(rf"{words}\s+\((.*?)\)", GUIDE, re.DOTALL)
    return [ROOT / "docs" / "bench" / name for name in re.findall(r"[\d-]+\.json", named)]


def test_the_table_of_cases_is_that_of_the_runs_it_names() -> None:
    outcomes = [outcome for path in kept_after("runs on two idle cores") for outcome in read_run(path).cases]
    assert line(HEAD) in LINES and len(outcomes) > 30
    assert [row(outcome) for outcome in outcomes if outcome.done and row(outcome) not in LINES] == []


def test_the_readme_shows_rows_of_that_table() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```\n(case .*?)^```$", readme, re.MULTILINE | re.DOTALL)
    head, *rows = block.splitlines()
    assert head == line(HEAD) and rows
    assert [told for told in rows if told not in LINES] == []


def test_the_table_of_other_routers_is_that_of_the_run_it_names() -> None:
    (path,) = kept_after("beside other work")
    peers = read_run(path).peers
    assert peer_head() in LINES and len(peers) > 3
    assert [peer_row(outcome) for outcome in peers if peer_row(outcome) not in LINES] == []


def test_the_plan_is_what_planning_prints() -> None:
    guide = (ROOT / "docs" / "routing.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```\n(fan2000_2 in .*?)^```$", guide, re.MULTILINE | re.DOTALL)
    said = plan_text(flow.plan(CASES["fan2000_2"].build(Path()))).splitlines()
    assert [told for told in block.splitlines() if told not in said] == []
