"""`rdl view`: what it starts, and what it says where it cannot."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_here import rdl

from router.draw.masks import draw_masks
from router.model.design import Design
from router.model.layout import Layout, SignOff, Verdict
from router.write.gds import write_gds
from router.write.jsonfile import write_json
from router.write.klayout import write_layer_properties, write_technology
from router.write.markers import write_markers
from router.write.masks import layout_facts

NONE = {"unrouted": [], "drc": {"total": 0}, "lvs": {}, "engines": {"differences": []}}


@pytest.fixture
def result(tmp_path: Path, small_design: Design, small_layout: Layout) -> Path:
    """A folder with what `rdl view` needs of a run."""
    folder = tmp_path / "a result"
    folder.mkdir()
    gds = folder / "small.gds"
    write_gds(gds, small_design, draw_masks(small_design, small_layout))
    write_layer_properties(gds.with_suffix(".lyp"), small_design.pdk)
    write_technology(gds.with_suffix(".lyt"), small_design.pdk)
    write_markers(gds.with_suffix(".lyrdb"), small_design, SignOff({"own": Verdict((), ())}), ())
    layout = {"layout": layout_facts(gds, small_design.pdk)}
    write_json(folder / "report.json", {"design": "small", "pdk": "two_levels"} | NONE | layout)
    return folder


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stands for KLayout: writes its arguments into a file, and ends with the code in another."""
    folder = tmp_path / "bin"
    folder.mkdir()
    script = folder / "klayout"
    script.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > "{folder}/arguments"\nexit $(cat "{folder}/code")\n')
    script.chmod(0o755)
    (folder / "code").write_text("0")
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    return folder


def test_klayout_gets_layout_layers_technology_and_markers(result: Path, program: Path) -> None:
    assert rdl("view", result).exit_code == 0
    given = (program / "arguments").read_text().splitlines()
    paths = {option: given[given.index(option) + 1] for option in ("-nn", "-l", "-m")}
    assert paths == {
        "-nn": str(result / "small.lyt"),
        "-l": str(result / "small.lyp"),
        "-m": str(result / "small.lyrdb"),
    }
    # An option counts for the layouts after it; layers and markers are for the layout before them.
    assert given.index("-nn") < given.index(str(result / "small.gds")) < given.index("-l")


def test_one_line_where_klayout_is_not_installed(result: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    run = rdl("view", result)
    assert run.exit_code == 2
    assert run.stderr == (
        "rdl: klayout: found no such program; expected KLayout: klayout.de, or the package klayout of your system\n"
    )


def test_one_line_where_no_window_opens(result: Path, program: Path) -> None:
    (program / "code").write_text("3")
    run = rdl("view", result)
    assert run.exit_code == 2
    assert run.stderr == "rdl: klayout: found exit code 3; expected a screen to open its window on\n"


@pytest.mark.usefixtures("program")
def test_one_line_where_there_is_no_result(result: Path, tmp_path: Path) -> None:
    run = rdl("view", tmp_path)
    assert run.exit_code == 2
    assert "found no report.json" in run.stderr
    (result / "small.lyt").unlink()
    run = rdl("view", result)
    assert run.exit_code == 2
    assert "found no small.lyt" in run.stderr
