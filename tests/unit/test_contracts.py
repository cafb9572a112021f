"""The map of the house, held by machine."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import typer

import router
from router.cli import app

ROOT = Path(__file__).resolve().parents[2]


def test_imports_point_downwards() -> None:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_public_face() -> None:
    from router import check, export, import_package, is_clean, plan, read_design, route, write

    assert all(callable(one) for one in (check, export, import_package, is_clean, plan, read_design, route, write))
    assert all(issubclass(getattr(router, f"{kind}Error"), router.RdlError) for kind in ("Input", "Output", "Refused"))


@pytest.mark.parametrize(("name", "module"), [("write", "gds"), ("plan", "capacity")])
def test_a_room_of_the_same_name_does_not_hide_a_function(name: str, module: str) -> None:
    code = f"import router as r; f = r.{name}; import router.{name}.{module}; assert callable(f) and r.{name} is f"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


def test_planning_does_not_wait_for_what_only_routing_and_judging_need() -> None:
    code = (
        "import sys; from router import flow; flow.plan(flow.read_design('toy')); import router.cli; "
        "print(*({'numba', 'scipy', 'klayout', 'gdstk'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout.strip()) == (0, ""), run.stderr


def test_the_version_is_one() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert settings["tool"]["hatch"]["version"]["path"] == "router/__init__.py"
    newest = re.search(r"^## (\S+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert newest is not None and newest[1] == router.__version__


def test_every_make_target_in_the_readme_exists() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert {"demo", "test"} <= set(re.findall(r"make ([a-z]+)", readme)) <= targets


def test_every_command_is_in_the_readme_and_every_command_there_exists() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = {info.name or info.callback.__name__ for info in app.registered_commands}
    groups = {group.name for group in app.registered_groups}
    assert set(re.findall(r"^rdl ([a-z]+)", readme, re.MULTILINE)) == commands | groups


def test_every_option_is_in_the_readme_and_every_option_there_exists() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```\n(rdl route .*?)^```$", readme, re.MULTILINE | re.DOTALL)
    # What follows three blanks explains the command.
    said = {
        line.split()[1]: set(re.findall(r"(?<!\S)-{1,2}[a-z][a-z-]*", re.sub(r" {3,}.*", "", line.replace("[", ""))))
        for line in re.sub(r"\n {5,}(?=\[)", " ", block).splitlines()
        if line.startswith("rdl ")
    }
    for name, one in typer.main.get_command(app).commands.items():
        options = {option for each in one.params for option in each.opts if option.startswith("-")}
        assert said[name] <= options | {"-o", "--help"}, name
        assert name == "import" or options <= said[name], name


@pytest.mark.parametrize("guide", ["README.md", *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))])
def test_what_the_readme_and_the_guides_link_to_exists(guide: str) -> None:
    text = (ROOT / guide).read_text(encoding="utf-8")
    for name, heading in re.findall(r"\]\(([\w./-]*)(?:#([\w-]+))?\)", text):
        target = (ROOT / guide).parent / name if name else ROOT / guide
        assert target.exists(), name
        if heading:
            headings = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.MULTILINE)
            assert heading in {re.sub(r"[^\w -]", "", said).lower().replace(" ", "-") for said in headings}, heading


def test_every_guide_is_linked_from_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert {f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")} <= set(re.findall(r"\]\(([^)#]+)\)", readme))
