"""Ctrl-C and time limits: the best result is written, or nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from rdl_command import COMMAND, FILES, contents, environment, rdl

from router.cli_messages import messages


def test_a_time_limit_of_nothing_still_writes_everything(tmp_path: Path) -> None:
    run = rdl("route", "toy", "--time-limit", "0", "--engine", "own", cwd=tmp_path)
    assert run.returncode == 1, run.stderr
    assert sorted(contents(tmp_path / "out" / "toy")) == FILES
    report = json.loads((tmp_path / "out" / "toy" / "report.json").read_text(encoding="utf-8"))
    assert report["stopped"]
    assert report["routed"] + len({part["net"] for part in report["unrouted"]}) == 10


def interrupted(folder: Path, *options: str) -> subprocess.Popen[str]:
    """A run of `duo` that has got a Ctrl-C as its search began."""
    process = subprocess.Popen(
        [*COMMAND, "route", "duo", *options],
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("compile"):
            break
    process.send_signal(signal.SIGINT)
    return process


def test_an_interrupted_run_writes_its_best_result(tmp_path: Path) -> None:
    process = interrupted(tmp_path, "--no-pictures", "--engine", "own")
    out, _ = process.communicate()
    assert process.returncode == 130
    assert "duo in fanout_2um" in out
    assert (tmp_path / "out" / "duo" / "duo.gds").is_file()
    report = json.loads((tmp_path / "out" / "duo" / "report.json").read_text(encoding="utf-8"))
    assert report["stopped"]


def test_a_second_interrupt_stops_at_once(tmp_path: Path) -> None:
    process = interrupted(tmp_path)
    assert process.stderr is not None
    for line in process.stderr:
        if "interrupted" in line:
            break
    process.send_signal(signal.SIGINT)
    rest = process.stderr.read()
    process.communicate()
    assert process.returncode == 130
    assert "Traceback" not in rest
    assert not (tmp_path / "out" / "duo").exists()


@pytest.mark.parametrize("module", ["router.flow", "router.read.design_file", "typer", "router.cli_export"])
def test_a_ctrl_c_while_the_command_loads_ends_it_without_a_traceback(module: str, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import os, signal, sys\n"
        "class CtrlC:\n"
        "    def find_spec(name, *_):\n"
        f"        name == {module!r} and os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, CtrlC)\n",
        encoding="utf-8",
    )
    path = os.pathsep.join([str(tmp_path), environment()["PYTHONPATH"]])
    process = subprocess.run(
        [*COMMAND, "--version"], env=environment() | {"PYTHONPATH": path}, capture_output=True, text=True, check=False
    )
    assert (process.returncode, process.stdout, process.stderr) == (-signal.SIGINT, "", "")


@pytest.mark.parametrize("ending", ["SIGTERM", "SIGHUP"])
def test_a_run_that_is_terminated_leaves_nothing_aside(ending: str, tmp_path: Path) -> None:
    held = (
        "import os, signal, sys, time\nfrom pathlib import Path\nfrom router import cli\n"
        "from router.write.stage import staged\n"
        # As a terminal leaves it, whatever runs the tests.
        f"signal.signal(signal.{ending}, signal.SIG_DFL)\n"
        "@cli.app.command()\ndef hold():\n"
        "    with cli.messages(), staged(Path('out')) as aside:\n"
        "        (aside / 'x.gds').write_text('half')\n"
        f"        os.kill(os.getpid(), signal.{ending})\n"
        "        time.sleep(30)\n"
        "sys.argv = ['rdl', 'hold']\ncli.main()\n"
    )
    command = [sys.executable, "-c", held]
    process = subprocess.run(command, cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False)
    assert (process.returncode, process.stderr) == (130, "rdl: stopped; nothing written\n")
    assert list(tmp_path.iterdir()) == []


def test_an_interrupt_within_compiled_code_is_one_too(capsys: pytest.CaptureFixture[str]) -> None:
    def compiled() -> None:
        """What comes of a Ctrl-C while numba loads a kernel."""
        try:
            raise KeyboardInterrupt
        except KeyboardInterrupt as error:
            raise SystemError("returned a result with an exception set") from error

    with pytest.raises(typer.Exit) as end, messages():
        compiled()
    assert end.value.exit_code == 130
    assert capsys.readouterr().err == "rdl: stopped; nothing written\n"
    with pytest.raises(SystemError), messages():
        raise SystemError("of its own")
