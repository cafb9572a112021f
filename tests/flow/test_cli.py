"""The command as users meet it: exit codes, messages, files whole or not at all."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from rdl_command import COMMAND, FILES, ROOT, contents, environment, rdl

import router
from router.write.run import ENDINGS, NAMES

# Two bumps with a fence between them, from edge to edge of the only level.
KNOT = """
name = "knot"
pdk = "fanout_10um"
levels = 1
outline = [2000, 2000]
[[die]]
name = "die"
size = [1000, 1000]
pad = "bump"
array = { nx = 2, ny = 2, pitch = 400 }
[[keepout]]
name = "fence"
levels = ["RDL1"]
rect = [-20, -1000, 20, 1000]
[nets]
A = ["die.A1", "die.A2"]
"""


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results of `rdl route toy`, in out/toy of a folder of its own."""
    folder = tmp_path_factory.mktemp("toy")
    run = rdl("route", "toy", cwd=folder)
    assert run.returncode == 0, run.stderr
    assert "toy in fanout_10um: 10 of 10 nets, all nets routed" in run.stdout
    assert "judged from the written file: 0 violations, 0 opens, 0 shorts; own and klayout agree" in run.stdout
    assert "open  out/toy/toy.gds" in run.stdout
    assert "route" in run.stderr and "\x1b" not in run.stderr + run.stdout
    return folder / "out" / "toy"


def test_route_leaves_all_files_and_nothing_else(toy: Path) -> None:
    assert sorted(contents(toy)) == FILES
    assert [path.name for path in toy.parent.iterdir()] == ["toy"]
    report = json.loads((toy / "report.json").read_text(encoding="utf-8"))
    assert report["routed"] == report["nets"] == 10
    assert report["drc"] == {"total": 0, "by_rule": {}}
    run = json.loads((toy / "run.json").read_text(encoding="utf-8"))
    assert {"read", "plan", "compile", "route", "tighten", "draw", "write", "check"} <= set(run["seconds"])
    assert run["peak_memory_mb"] > 10


def test_the_same_run_gives_the_same_bytes_for_any_number_of_threads(toy: Path, tmp_path: Path) -> None:
    run = rdl("route", "toy", "-o", "again", "--threads", "1", "--quiet", cwd=tmp_path)
    assert run.returncode == 0
    assert run.stderr == ""
    first, second = contents(toy), contents(tmp_path / "again")
    assert [name for name in first if first[name] != second[name]] == ["run.json"]


def test_check_and_report_agree_with_the_run(toy: Path, tmp_path: Path) -> None:
    checked = rdl("check", toy / "toy.gds", "toy", cwd=tmp_path)
    assert (checked.returncode, checked.stderr) == (0, "")
    assert checked.stdout.splitlines() == [
        "toy, own: 0 violations, 0 faults in connectivity: clean",
        "klayout: 0 violations, 0 faults in connectivity: agrees",
    ]
    again = rdl("report", toy, cwd=tmp_path)
    assert again.returncode == 0
    assert "10 of 10 nets" in again.stdout
    other = rdl("check", toy / "toy.gds", "duo", cwd=tmp_path)
    assert other.returncode in (1, 2), "another package's layout is never clean"


def test_a_net_without_a_way_is_named_and_all_files_are_written(tmp_path: Path) -> None:
    (tmp_path / "knot.toml").write_text(KNOT, encoding="utf-8")
    run = rdl("route", "knot.toml", cwd=tmp_path)
    assert run.returncode == 1, run.stderr
    assert "1 nets NOT routed" in run.stdout
    assert "unrouted: A from die.A1 to die.A2, blocked by" in run.stdout
    report = json.loads((tmp_path / "out" / "knot" / "report.json").read_text(encoding="utf-8"))
    assert report["unrouted"] == [{"net": "A", "from": "die.A1", "to": "die.A2", "blockers": [], "asks": ""}]
    assert (tmp_path / "out" / "knot" / "knot.gds").is_file()


def test_a_package_too_large_is_refused_with_its_figures(tmp_path: Path) -> None:
    lattice = "[lattice]\nRDL1 = 0.001\n"
    (tmp_path / "knot.toml").write_text(KNOT + lattice, encoding="utf-8")
    run = rdl("route", "knot.toml", "-o", "refused", "--quiet", cwd=tmp_path)
    assert run.returncode == 3
    assert len(run.stderr.splitlines()) == 1
    assert "would help" in run.stderr
    assert list(contents(tmp_path / "refused")) == ["report.json"]
    refused = json.loads((tmp_path / "refused" / "report.json").read_text(encoding="utf-8"))["refused"]
    assert refused["memory_bytes"] > refused["limit_bytes"]
    assert "refused: the search would take" in rdl("report", "refused", cwd=tmp_path).stdout


def test_python_runs_the_package_as_the_command(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "router", "pdk", "list"],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert run.returncode == 0
    assert run.stdout == rdl("pdk", "list", cwd=tmp_path).stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["route", "no_such_package"], "no such name"),
        (["route", "missing.toml"], "no such file"),
        (["check", "missing.gds", "toy"], "missing.gds"),
        (["report", "missing"], "missing/report.json: found a file that cannot be read (No such file or directory);"),
        (["pdk", "show", "no_such_process"], "no such name"),
        (["pdk", "check", "missing.toml"], "no such file"),
        (["route", "broken.toml"], "broken.toml"),
        (["report", "odd"], "odd"),
    ],
)
def test_bad_input_is_one_message_and_exit_code_2(tmp_path: Path, arguments: list[str], message: str) -> None:
    (tmp_path / "broken.toml").write_text("name = [", encoding="utf-8")
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / "report.json").write_text('{"a": 1}', encoding="utf-8")
    run = rdl(*arguments, cwd=tmp_path)
    assert run.returncode == 2
    assert run.stdout == ""
    assert run.stderr.startswith("rdl: ")
    assert len(run.stderr.splitlines()) == 1
    assert message in run.stderr
    assert "expected" in run.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "arguments",
    [[], ["route"], ["fly"], ["route", "toy", "--threads", "0"], ["route", "toy", "--time-limit", "nan"]],
)
def test_usage_errors_exit_2_without_traceback(tmp_path: Path, arguments: list[str]) -> None:
    run = rdl(*arguments, cwd=tmp_path)
    assert run.returncode == 2
    assert "Traceback" not in run.stderr


def test_the_version_is_that_of_the_package(tmp_path: Path) -> None:
    run = rdl("--version", cwd=tmp_path)
    assert (run.returncode, run.stdout) == (0, f"rdl {router.__version__}\n")


def test_processes_are_listed_shown_and_checked(tmp_path: Path) -> None:
    names = [path.stem for path in sorted((ROOT / "pdk").glob("*.toml"))]
    listed = rdl("pdk", "list", cwd=tmp_path)
    assert [line.split()[0] for line in listed.stdout.splitlines()] == names
    assert "PI1.S.PI2" in rdl("pdk", "show", "wlcsp_500", cwd=tmp_path).stdout
    assert "no contradictions" in rdl("pdk", "check", ROOT / "pdk" / "fanout_2um.toml", cwd=tmp_path).stdout


def test_a_full_disk_leaves_earlier_results_untouched(toy: Path) -> None:
    before = contents(toy)
    for limit in (2_000, 15_000):
        run = rdl(
            "route",
            "toy",
            "--quiet",
            "--engine",
            "own",
            cwd=toy.parents[1],
            preexec=lambda limit=limit: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
        )
        assert run.returncode == 2, run.stderr
        assert "earlier files are untouched" in run.stderr
        assert "Traceback" not in run.stderr
        assert contents(toy) == before
        assert [path.name for path in toy.parent.iterdir()] == ["toy"]


@pytest.mark.parametrize("language", ["C", "xx_XX.UTF-8"])
def test_folders_have_any_letters_in_any_locale(tmp_path: Path, language: str) -> None:
    folder = tmp_path / "Gehäuse µm"
    environment = os.environ | {"LC_ALL": language}
    route = [*COMMAND, "route", "toy", "-o", str(folder), "--quiet"]
    ran = subprocess.run(route, check=False, capture_output=True, encoding="utf-8", env=environment, cwd=tmp_path)
    assert (ran.returncode, ran.stderr) == (0, ""), ran.stdout
    assert (folder / "toy.png").exists()
    assert "own and klayout agree" in ran.stdout


def test_a_place_that_cannot_be_written_to(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("mine", encoding="utf-8")
    (tmp_path / "astray").symlink_to("nowhere")
    for directory in ("taken", "taken/below", "/proc/x", "astray"):
        run = rdl("route", "toy", "-o", directory, cwd=tmp_path)
        assert run.returncode == 2
        assert f"rdl: {directory}: cannot write there (" in run.stderr
        assert "plan" not in run.stderr, "before anything is planned or routed"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["astray", "taken"]
    assert (tmp_path / "taken").read_text(encoding="utf-8") == "mine"


def test_no_run_replaces_a_file_that_its_package_is_read_from(toy: Path, tmp_path: Path) -> None:
    assert all(name in NAMES or name.endswith(ENDINGS) for name in contents(toy)), "all that a run writes is known"
    package = KNOT.replace("[nets]\nA", '[netlist]\nfile = "knot.balls.csv"\n[nets]\nB')
    (tmp_path / "knot.toml").write_text(package, encoding="utf-8")
    (tmp_path / "knot.balls.csv").write_text("net,terminal,terminal2\nA,die.B1,die.B2\n", encoding="utf-8")
    before = contents(tmp_path)
    run = rdl("route", "knot.toml", "-o", ".", cwd=tmp_path)
    assert run.returncode == 2, run.stderr
    found = "found a file of the package in the place of one of the run; expected another folder, -o"
    assert run.stderr.splitlines()[-1] == f"rdl: knot.balls.csv: {found}"
    assert "plan" not in run.stderr, "before anything is planned or routed"
    assert contents(tmp_path) == before
