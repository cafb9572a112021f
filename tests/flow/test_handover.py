"""From a result to the mask shop, and back: `rdl masks`, `rdl diff`, `rdl route --oasis` as users meet them."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import klayout.db as kdb
import pytest
from command_here import rdl

from router.read.library import find_design

ROOT = Path(__file__).resolve().parents[2]


def rdl_on_a_full_disk(*arguments: str | Path, limit: int) -> subprocess.CompletedProcess[str]:
    """The command where no file can grow beyond so many bytes."""
    run = subprocess.run(
        [sys.executable, "-m", "router.cli", *map(str, arguments)],
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )
    assert "Traceback" not in run.stderr
    return run


def contents(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(directory.iterdir()) if path.is_file()}


@pytest.fixture(scope="module")
def routed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results of `rdl route toy --oasis`."""
    folder = tmp_path_factory.mktemp("routed")
    run = rdl("route", "toy", "--oasis", "--quiet", "-o", folder / "toy")
    assert run.exit_code == 0, run.stderr
    return folder / "toy"


@pytest.fixture
def toy(routed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the results, to be spoiled, in the working directory."""
    monkeypatch.chdir(tmp_path)
    return Path(shutil.copytree(routed, tmp_path / "toy"))


def changed(path: Path, layer: tuple[int, int] = (10, 0)) -> None:
    layout = kdb.Layout()
    layout.read(str(path))
    layout.top_cell().shapes(layout.layer(*layer)).insert(kdb.Box(1_300_000, 900_000, 1_310_000, 910_000))
    layout.write(str(path))


def spoiled(toy: Path, **facts: object) -> None:
    report = json.loads((toy / "report.json").read_text(encoding="utf-8"))
    (toy / "report.json").write_text(json.dumps(report | facts), encoding="utf-8")


def test_masks_of_a_clean_result(toy: Path) -> None:
    before = contents(toy)
    run = rdl("masks", "toy")
    assert (run.exit_code, run.stderr) == (0, "")
    assert "toy in fanout_10um: 7 masks, as from the ball side" in run.stdout
    assert "left out: OUTLINE (the package outline: no mask is made of it)" in run.stdout
    said = json.loads((toy / "masks" / "masks.json").read_text(encoding="utf-8"))
    assert said["doubts"] == []
    assert {mask["file"] for mask in said["masks"]} | {"masks.json"} == set(contents(toy / "masks"))
    assert contents(toy) == before
    together = rdl("masks", "toy", "--one-file", "--oasis", "-o", "sent")
    assert together.exit_code == 0
    assert sorted(contents(toy.parent / "sent")) == ["masks.json", "toy.masks.oas"]
    again = rdl("masks", "toy", "-o", "again")
    assert again.exit_code == 0
    assert contents(toy.parent / "again") == contents(toy / "masks")


def test_files_of_an_earlier_set_are_named(toy: Path) -> None:
    assert rdl("masks", "toy", "--one-file").exit_code == 0
    run = rdl("masks", "toy")
    assert "of an earlier set, not of this one: toy.masks.gds" in run.stdout


@pytest.mark.parametrize(
    ("facts", "doubt"),
    [
        ({"drc": {"total": 3, "by_rule": {"RDL1.S.1": 3}}}, "toy.gds is not clean: 3 violations"),
        ({"unrouted": [{"net": "A", "from": "a", "to": "b", "blockers": []}]}, "toy.gds is not clean: 1 unrouted"),
    ],
)
def test_a_layout_that_is_not_clean_needs_force(facts: dict[str, object], doubt: str, toy: Path) -> None:
    spoiled(toy, **facts)
    run = rdl("masks", "toy")
    assert run.exit_code == 1
    assert run.stdout == ""
    assert doubt in run.stderr
    assert "no masks written; --force writes them as they are" in run.stderr
    assert not (toy / "masks").exists()
    forced = rdl("masks", "toy", "--force")
    assert forced.exit_code == 1
    assert doubt in forced.stderr
    said = json.loads((toy / "masks" / "masks.json").read_text(encoding="utf-8"))
    assert len(said["doubts"]) == 1 and doubt in said["doubts"][0]


def test_a_layout_that_was_changed_since_needs_force(toy: Path) -> None:
    changed(toy / "toy.gds")
    run = rdl("masks", "toy")
    assert run.exit_code == 1
    assert "toy.gds is not the file that report.json judges" in run.stderr
    assert not (toy / "masks").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["masks", "missing"], "missing: found no report.json"),
        (["masks", "empty"], "empty: found no report.json"),
        (["masks", "refused"], "refused: found a run that was refused"),
        (["masks", "old"], "layout: found nothing; expected this key"),
        (["masks", "damaged", "--force"], "damaged/toy.gds: found"),
        (["diff", "toy", "missing.gds"], "missing.gds: found No such file"),
        (["diff", "toy", "empty"], "empty: found no report.json"),
        (["diff", "toy", "damaged"], "damaged/toy.gds: found"),
        (["diff", "toy", "toy/report.json"], "expected a whole GDSII or OASIS file"),
        (["diff", "toy", "toy", "-o", "x.txt"], "found the ending '.txt'; expected .lyrdb for markers"),
        (["diff", "toy", "toy", "--pdk", "nosuch"], "no such name"),
        (["diff", "toy", "toy", "-o", "file/x.png"], "cannot write there"),
        (["diff", "toy", "toy", "-o", "file/x.lyrdb"], "cannot write there"),
        (["diff", "toy", "fine.gds"], "found a database unit of 0.0005 µm; expected 0.001 µm"),
        (["masks", "toy", "-o", "file"], "cannot write there"),
        (["masks", "toy", "-o", "file/below"], "cannot write there"),
    ],
)
def test_bad_input_is_one_message_and_exit_code_2(arguments: list[str], message: str, toy: Path) -> None:
    folder = toy.parent
    for name in ("empty", "refused", "old"):
        (folder / name).mkdir()
    (folder / "refused" / "report.json").write_text('{"design": "a", "refused": {}}', encoding="utf-8")
    report = json.loads((toy / "report.json").read_text(encoding="utf-8"))
    del report["layout"]
    (folder / "old" / "report.json").write_text(json.dumps(report), encoding="utf-8")
    shutil.copytree(toy, folder / "damaged")
    (folder / "damaged" / "toy.gds").write_bytes((toy / "toy.gds").read_bytes()[:5000])
    (folder / "file").write_text("mine", encoding="utf-8")
    fine = kdb.Layout()
    fine.dbu = 0.0005
    fine.create_cell("TOP")
    fine.write(str(folder / "fine.gds"))
    run = rdl(*arguments)
    assert run.exit_code == 2
    assert run.stdout == ""
    assert message in run.stderr
    assert run.stderr.splitlines()[-1].startswith("rdl: ")
    assert len(run.stderr.splitlines()) == (2 if "--force" in arguments else 1), "the doubt stands first"
    assert not (folder / "damaged" / "masks").exists()
    assert (folder / "file").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("limit", [3000, 9000])
def test_a_full_disk_leaves_everything_as_it_was(limit: int, toy: Path) -> None:
    assert rdl("masks", "toy").exit_code == 0
    before, masks = contents(toy), contents(toy / "masks")
    for more in ([], ["--one-file", "--oasis"]):
        run = rdl_on_a_full_disk("masks", "toy", *more, limit=limit)
        if run.returncode == 0:
            assert limit == 9000 and more, "one file of OASIS is small"
            continue
        assert run.returncode == 2
        assert "cannot write there" in run.stderr
        assert contents(toy / "masks") == masks
    assert contents(toy) == before
    assert sorted(path.name for path in toy.iterdir() if path.is_dir()) == ["masks"], "nothing is left aside"


def test_results_and_files_are_compared(toy: Path) -> None:
    same = rdl("diff", "toy", "toy/toy.oas")
    assert (same.exit_code, same.stderr) == (0, "")
    assert same.stdout.splitlines()[-1] == "the same"
    assert "RDL1 pins 10/10" in same.stdout, "the result names its masks"
    changed(toy / "toy.oas")
    differ = rdl("diff", "toy/toy.gds", "toy/toy.oas", "--pdk", "fanout_10um", "-o", "found.lyrdb")
    assert differ.exit_code == 1
    assert "RDL1 10/0: (1300, 900) to (1310, 910) µm" in differ.stdout
    assert "DIFFERENT in 1 places on 1 layers, and in 0 texts" in differ.stdout
    assert "RDL1 10/0 only in B" in (toy.parent / "found.lyrdb").read_text(encoding="utf-8")
    bare = rdl("diff", "toy/toy.gds", "toy/toy.oas", "-o", "found.png")
    assert bare.exit_code == 1
    assert "\n10/0: (1300, 900)" in bare.stdout
    assert (toy.parent / "found.png").read_bytes().startswith(b"\x89PNG")
    assert sorted(path.name for path in toy.parent.iterdir()) == ["found.lyrdb", "found.png", "toy"]


@pytest.mark.parametrize(
    ("command", "name"),
    [
        (["diff", "toy", "toy"], "toy.lyrdb"),
        (["plan", "toy"], "toy.png"),
        (["bench", "fan256", "--json"], "report.json"),
        (["export", "svg", "toy", "toy", "--overwrite"], "toy.lyp"),
    ],
)
def test_files_of_a_run_are_not_replaced_by_others(command: list[str], name: str, toy: Path) -> None:
    before = contents(toy)
    run = rdl(*command, *([] if "--json" in command else ["-o"]), f"toy/{name}")
    assert run.exit_code == 2
    assert run.stderr == f"rdl: toy/{name}: found a file of the run itself; expected another name for what is written\n"
    assert contents(toy) == before


def test_what_an_earlier_run_wrote_and_the_next_one_does_not_goes(toy: Path) -> None:
    """The picture of a third level, and what is beside it of another hand."""
    package = find_design("toy").read_text(encoding="utf-8")
    for levels in (3, 2):
        Path("toy.toml").write_text(package.replace("levels = 2", f"levels = {levels}"), encoding="utf-8")
        assert rdl("route", "toy.toml", "-o", "toy", "--engine", "own", "--quiet").exit_code == 0
        assert (toy / "toy.RDL3.png").exists() == (levels == 3)
        (toy / "toy.RDL3.svg").write_text("mine", encoding="utf-8")
    assert not (toy / "toy.oas").exists()
    assert (toy / "toy.RDL3.svg").exists()


def test_a_full_disk_leaves_earlier_markers(toy: Path) -> None:
    changed(toy / "toy.oas")
    for name in ("found.lyrdb", "found.png"):
        (toy.parent / name).write_text("mine", encoding="utf-8")
        run = rdl_on_a_full_disk("diff", "toy", "toy/toy.oas", "-o", name, limit=200)
        assert run.returncode == 2
        assert "cannot write there" in run.stderr
        assert (toy.parent / name).read_text(encoding="utf-8") == "mine"
    assert sorted(path.name for path in toy.parent.iterdir()) == ["found.lyrdb", "found.png", "toy"]


def test_oasis_is_judged_as_gdsii_is(toy: Path) -> None:
    run = rdl("check", "toy/toy.oas", "toy")
    assert (run.exit_code, run.stderr) == (0, "")
    changed(toy / "toy.oas")
    assert rdl("check", "toy/toy.oas", "toy").exit_code == 1
    (toy / "toy.oas").write_bytes((toy / "toy.oas").read_bytes()[:-9])
    cut = rdl("check", "toy/toy.oas", "toy")
    assert cut.exit_code == 2
    assert "expected a whole OASIS file" in cut.stderr
    assert len(cut.stderr.splitlines()) == 1


def test_an_oasis_file_of_an_earlier_run_does_not_outlive_it(toy: Path) -> None:
    assert "toy.oas" in contents(toy)
    assert rdl("route", "toy", "--quiet", "-o", "toy").exit_code == 0
    assert "toy.oas" not in contents(toy)


def test_a_run_without_pictures_names_none_and_leaves_none_of_an_earlier_one(toy: Path) -> None:
    assert "toy.png" in contents(toy)
    run = rdl("route", "toy", "--no-pictures", "--quiet", "-o", "toy")
    assert run.exit_code == 0
    assert "toy.gds" in run.stdout and ".png" not in run.stdout
    assert not [name for name in contents(toy) if name.endswith(".png")]
