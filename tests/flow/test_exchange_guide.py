"""Every command in docs/exchange.md does what the guide prints, on the files that the guide prints."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from router.cli import app
from router.read.formats.readers import FORMATS as READERS
from router.write.formats import FORMATS as WRITERS

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "exchange.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (.*?)\n(.*?)(?=^## |\Z)", GUIDE, re.S | re.M))
WITH_COMMANDS = [title for title, text in SECTIONS.items() if "```console" in text]


def commands(text: str) -> list[tuple[str, list[str]]]:
    """Each command of a section with the lines that are printed below it."""
    found: list[tuple[str, list[str]]] = []
    for block in re.findall(r"^```console\n(.*?)^```$", text, re.S | re.M):
        for line in block.splitlines():
            if line.startswith("$ rdl "):
                found.append((line.removeprefix("$ rdl "), []))
            elif line != "…":
                found[-1][1].append(line)
    return found


@pytest.mark.parametrize("title", WITH_COMMANDS)
def test_the_commands_of_a_section(title: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in re.findall(r"^File `([\w.]+)`:\n\n```\w*\n(.*?)^```$", SECTIONS[title], re.S | re.M):
        (tmp_path / name).write_text(text, encoding="utf-8")
    for command, expected in commands(SECTIONS[title]):
        run = CliRunner().invoke(app, shlex.split(command))
        assert (run.exit_code, run.stderr) == (0, ""), command
        printed = run.stdout.splitlines()
        assert not [line for line in expected if line not in printed], (command, printed)


def test_every_format_is_in_the_readme_and_used_in_the_guide() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \| (.*?) \|$", readme, re.M)
    assert {name for name, reads, _ in rows if reads != "–"} == set(READERS)
    assert {name for name, _, writes in rows if writes != "–"} == set(WRITERS)
    used = [command.split()[:2] for text in SECTIONS.values() for command, _ in commands(text)]
    assert {name for verb, name in used if verb == "import"} == set(READERS)
    assert {name for verb, name in used if verb == "export"} == set(WRITERS)
