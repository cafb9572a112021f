"""`rdl export`: the results of a run for other tools, with what a user may have done to them in between."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from command_here import rdl

from router import export, read_design
from router.model.errors import InputError
from router.read.library import find_pdk
from router.write.formats import FORMATS

ROOT = Path(__file__).resolve().parents[2]
# A die whose nets leave their balls open, and a table beside the package file.
OPEN = """
name = "open"
pdk = "fanout_10um"
outline = [3000, 2000]
[[die]]
name = "die"
size = [900, 700]
pad = "bump"
table = { file = "die.csv" }
[[balls]]
name = "balls"
pad = "ball"
array = { nx = 4, ny = 3, pitch = 500 }
[netlist]
from_tables = true
[[choice]]
nets = ["N*"]
"""
DIE = "pin,x,y,net\n1,-200,0,N1\n2,200,0,N2\n"


def contents(directory: Path) -> dict[str, bytes]:
    return {str(path.relative_to(directory)): path.read_bytes() for path in directory.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def routed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the results of `rdl route toy`, and with a package of its own that was routed there."""
    folder = tmp_path_factory.mktemp("routed")
    (folder / "open.toml").write_text(OPEN, encoding="utf-8")
    (folder / "die.csv").write_text(DIE, encoding="utf-8")
    for name in ("toy", folder / "open.toml"):
        run = rdl("route", name, "--quiet", "--engine", "own", "-o", folder / "out" / Path(name).stem)
        assert run.exit_code == 0, run.stderr
    return folder


@pytest.fixture
def folder(routed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, to be spoiled, as the working directory."""
    copy = Path(shutil.copytree(routed, tmp_path / "work"))
    monkeypatch.chdir(copy)
    return copy


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_written_beside_the_results_and_is_the_same_each_time(name: str, folder: Path) -> None:
    before = contents(folder)
    run = rdl("export", name, "out/open")
    assert (run.exit_code, run.stderr) == (0, "")
    files = [line for line in run.stdout.splitlines() if not line.startswith("not carried: ")]
    lost = [line for line in run.stdout.splitlines() if line.startswith("not carried: ")]
    assert lost and files
    first = contents(folder)
    default = f"out/open/open{FORMATS[name].ending}" if FORMATS[name].ending else f"out/open/{name}/"
    assert all(file.startswith(default) for file in files)
    assert set(first) == set(before) | set(files)
    assert all(first[file] == before[file] for file in before), "even the netlist of the run stays as it was"
    assert rdl("export", name, "out/open", "open.toml").exit_code == 0
    assert contents(folder) == first
    assert rdl("export", name, "out/toy").exit_code == 0


def test_the_package_is_found_again_by_name_beside_the_results_and_by_its_whole_path(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def package(directory: str) -> object:
        return json.loads((folder / directory / "run.json").read_text(encoding="utf-8"))["package"]

    assert (package("out/toy"), package("out/open")) == ("toy", "../../open.toml")
    rdl("route", "open.toml", "--quiet", "--engine", "own", "-o", tmp_path / "far" / "away" / "open")
    assert package(str(tmp_path / "far" / "away" / "open")) == str(folder / "open.toml")
    monkeypatch.chdir(tmp_path)
    assert rdl("export", "aif", "far/away/open").exit_code == 0
    assert rdl("export", "aif", "work/out/open").exit_code == 0


def test_the_balls_are_those_that_the_run_chose(folder: Path) -> None:
    rows = [row.split(",") for row in (folder / "out/open/open.balls.csv").read_text("utf-8").splitlines()]
    chosen = {row[3]: row[0].partition(".")[2] for row in rows if row[4] == "chosen"}
    assert set(chosen) == {"N1", "N2"}
    assert rdl("export", "aif", "out/open").exit_code == 0
    lines = [line.split() for line in (folder / "out/open/open.aif").read_text("utf-8").splitlines()]
    assert {line[0]: line[5] for line in lines if line[0] in chosen} == chosen


def test_python_users_have_it_too(folder: Path) -> None:
    done = export("bumps", "out/open", read_design("open.toml"), "pins.csv")
    assert done.files == (Path("pins.csv"),)
    assert done.lost == FORMATS["bumps"].lost
    assert Path("pins.csv").read_text("utf-8").count("\n") == 3 + 2 + 12
    design = read_design("open.toml")
    Path("open.toml").unlink()
    assert export("aif", "out/open", design).files == (Path("out/open/open.aif"),)
    with pytest.raises(InputError, match="found 'bump'; expected bumps perhaps, or one of"):
        export("bump", "out/open")


def test_results_that_are_not_clean_are_written_with_a_word_about_it(folder: Path) -> None:
    report = json.loads((folder / "out/toy/report.json").read_text("utf-8"))
    report["unrouted"] = [{"net": "CLK", "from": "die.A1", "to": "balls.A1", "blockers": []}]
    (folder / "out/toy/report.json").write_text(json.dumps(report), encoding="utf-8")
    run = rdl("export", "svg", "out/toy")
    assert run.exit_code == 1
    assert "toy.gds is not clean: 1 unrouted" in run.stderr
    assert (folder / "out/toy/toy.svg").is_file()


def test_files_that_a_person_names_are_replaced_only_when_asked(folder: Path) -> None:
    assert rdl("export", "bumps", "out/open", "-o", "new/pins.csv").exit_code == 0
    assert rdl("export", "gerber", "out/open", "-o", "new").exit_code == 0
    before = contents(folder)
    for arguments in (["dsn", "out/open", "-o", "new/pins.csv"], ["gerber", "out/open", "-o", "new"]):
        run = rdl("export", *arguments)
        assert (run.exit_code, run.stdout) == (2, "")
        assert run.stderr.endswith("found a file that exists; expected --overwrite, or another name for -o\n")
    assert contents(folder) == before
    assert rdl("export", "dsn", "out/open", "-o", "new/pins.csv", "--overwrite").exit_code == 0
    assert Path("new/pins.csv").read_text("utf-8").startswith("(pcb open")
    # What lies beside the results is made anew by each command.
    assert [rdl("export", "bumps", "out/open").exit_code for _ in range(2)] == [0, 0]


def test_levels_stand_there_under_the_names_of_the_other_tool(folder: Path) -> None:
    named = ["--level", "metal9=RDL1", "--level", "metal10=RDL2", "--level", "V=V1"]
    for name, words in (("ses", "(path metal10 "), ("dsn", "(layer metal9 (type signal)"), ("def", "metal10 10000")):
        run = rdl("export", name, "out/toy", "-o", f"named.{name}", *named)
        assert (run.exit_code, run.stderr) == (0, "")
        out = Path(f"named.{name}")
        written = "".join(path.read_text("utf-8") for path in ([out] if out.is_file() else sorted(out.iterdir())))
        assert words in written
        assert "RDL1" not in written and "RDL2" not in written and "V1" not in written
    back = rdl("import", "lefdef", *sorted(Path("named.def").iterdir()), "-o", "back.toml", *named[:4])
    assert back.exit_code == 0, back.stderr
    levels = {trace.level for trace in read_design("back.toml").fixed}
    assert levels == {0, 1}


def _edit(path: str, old: str, new: str) -> None:
    text = Path(path).read_text(encoding="utf-8")
    assert old in text
    Path(path).write_text(text.replace(old, new, 1), encoding="utf-8")


def _keep_only_routes(directory: str) -> None:
    for path in Path(directory).iterdir():
        if not path.name.endswith(".routes.json"):
            path.unlink()


@pytest.mark.parametrize(
    ("arguments", "spoil", "message"),
    [
        (["aiff", "out/open"], None, "FORMAT: found 'aiff'; expected aif perhaps, or one of aif, "),
        (["aif", "nowhere"], None, "nowhere: found no report.json; expected a folder with the results of rdl route"),
        (["aif", "."], None, "found no report.json"),
        (["aif", "open.toml"], None, "open.toml: found no report.json"),
        (["aif", "out/open", "toy"], None, "open.cir:1: found '* Netlist of the package open"),
        (["aif", "out/open", "nothing"], None, "package 'nothing': found no such name"),
        (["aif", "out/open"], lambda: Path("open.toml").unlink(), "open.toml: found no such file"),
        (["aif", "out/open"], lambda: Path("out/open/run.json").unlink(), "run.json: found a file that cannot be read"),
        (["aif", "out/open"], lambda: _edit("out/open/run.json", '"package"', '"x"'), "package: found nothing"),
        (["aif", "out/open"], lambda: _edit("out/open/run.json", '"../../open.toml"', "null"), "found no package file"),
        (["aif", "out/open"], lambda: _edit("out/open/run.json", '"../../open.toml"', "7"), "package: found 7"),
        (["aif", "out/open"], lambda: Path("out/open/open.cir").unlink(), "open.cir: found a file that cannot be read"),
        (["aif", "out/open"], lambda: Path("out/open/open.routes.json").unlink(), "routes.json: found a file that"),
        (["aif", "out/open"], lambda: Path("out/open/open.balls.csv").unlink(), "open.balls.csv: found no such file"),
        (["aif", "out/open"], lambda: _keep_only_routes("out/open"), "found no report.json"),
        (["aif", "out/open"], lambda: _edit("die.csv", "-200", "-210"), "X=-200.000 Y=0.000"),
        (["aif", "out/open"], lambda: _edit("out/open/open.routes.json", '"N1"', '"N9"'), "net: found 'N9'"),
        (["aif", "out/open"], lambda: _edit("out/open/open.routes.json", "[[", "["), "routes.json:"),
        (
            ["svg", "out/open", "--level", "A=RDL1"],
            None,
            "--level: found an option that svg makes no use of; expected d",
        ),
        (["ses", "out/open", "--level", "A=RDL9"], None, "no level or via 'RDL9'; expected one of RDL1, RDL2, V1"),
        (["ses", "out/open", "--level", "A B=RDL1"], None, "the layer 'A B'; expected a name without blanks"),
        (["ses", "out/open", "--level", "A=RDL1", "--level", "B=RDL1"], None, "two layers for RDL1"),
        (["ses", "out/open", "--level", "UBM=RDL1"], None, "UBM, which is another mask of fanout_10um"),
        (["ses", "out/open", "--level", "RDL1"], None, "SOURCE=LEVEL"),
        (["aif", "out/open", "-o", "open.toml"], None, "open.toml: found a file of the run itself"),
        (["bumps", "out/open", "-o", "die.csv"], None, "die.csv: found a file of the run itself"),
        (["aif", "out/open", "-o", "out/open/run.json"], None, "run.json: found a file of the run itself"),
        (["bumps", "out/open", "-o", "out/open/open.balls.csv"], None, "balls.csv: found a file of the run itself"),
        (["aif", "out/open", "-o", "open.toml/x.aif"], None, "open.toml/x.aif: cannot write there"),
        (["aif", "out/open", "-o", "out"], None, "out: cannot write there"),
        (["gerber", "out/open", "-o", "die.csv"], None, "die.csv: cannot write there"),
    ],
)
def test_what_is_wrong_is_said_in_one_line_and_nothing_is_written(
    arguments: list[str], spoil: Callable[[], object] | None, message: str, folder: Path
) -> None:
    if spoil:
        spoil()
    before = contents(folder)
    run = rdl("export", *arguments)
    assert run.exit_code == 2
    assert run.stdout == ""
    assert message in run.stderr
    assert len(run.stderr.splitlines()) == 1 and run.stderr.startswith("rdl: ")
    assert contents(folder) == before


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("[3000, 2000]", "[3001, 2000]", "outline"),
        ('"fanout_10um"', '"process.toml"', "process, levels, classes"),
        ("[900, 700]", "[901, 700]", "components"),
        ('nets = ["N*"]', 'nets = ["N*"]\n[[class]]\nname = "default"\nwidth = 12', "classes"),
        ('nets = ["N*"]', 'nets = ["N*"]\n[[class]]\nname = "n"\nnets = ["N1"]', "nets, classes"),
        (
            'nets = ["N*"]',
            'nets = ["N*"]\n[[fixed]]\nnet = "N1"\nlevel = "RDL1"\nwidth = 10\npoints = [[-200, 0], [0, 0]]',
            "fixed traces",
        ),
    ],
)
def test_parts_that_were_changed_since_are_named(old: str, new: str, part: str, folder: Path) -> None:
    process = find_pdk("fanout_10um").read_text(encoding="utf-8").replace("min_spacing = 10", "min_spacing = 9")
    Path("process.toml").write_text(process, encoding="utf-8")
    Path("open.toml").write_text(OPEN.replace(old, new), encoding="utf-8")
    before = contents(folder)
    run = rdl("export", "aif", "out/open")
    assert run.exit_code == 2
    assert f"out/open: found results of other {part} than the package has; expected results of this" in run.stderr
    assert contents(folder) == before
    _forget_parts("out/open/run.json")
    assert rdl("export", "aif", "out/open").exit_code == 0, "as before where a run says nothing of its parts"


def test_what_changes_nothing_of_a_result_may_change(folder: Path) -> None:
    Path("open.toml").write_text('description = "of late"\n' + OPEN + "[lattice]\nRDL1 = 5\n", encoding="utf-8")
    assert rdl("export", "aif", "out/open").exit_code == 0


def _forget_parts(path: str) -> None:
    facts = json.loads(Path(path).read_text(encoding="utf-8"))
    del facts["parts"]
    Path(path).write_text(json.dumps(facts), encoding="utf-8")


@pytest.mark.parametrize("name", FORMATS)
def test_a_full_disk_leaves_what_was_there(name: str, folder: Path) -> None:
    assert rdl("export", name, "out/toy").exit_code == 0
    before = contents(folder)
    run = subprocess.run(
        [sys.executable, "-m", "router.cli", "export", name, "out/toy"],
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (200, 200)),
    )
    assert run.returncode == 2
    assert "cannot write there" in run.stderr and "Traceback" not in run.stderr
    assert contents(folder) == before
