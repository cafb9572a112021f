"""`rdl plan`, and what `rdl route` refuses because of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_here import rdl

from router import flow
from router.model.errors import RefusedError
from router.read.design import read_design

# Two nets and a wall with a slot for one track.
NARROW = """
name = "narrow"
pdk = "fanout_10um"
levels = 1
outline = [2000, 2000]
[[die]]
name = "die"
pad = "bump"
array = { nx = 2, ny = 2, pitch = 400 }
[[keepout]]
rect = [-20, -1000, 20, 0]
[[keepout]]
rect = [-20, 10, 20, 1000]
[nets]
A = ["die.A1", "die.A2"]
B = ["die.B1", "die.B2"]
"""


# Twelve nets for the same one track: more than it would be worth to try.
ROWS = "ABCDEFGHJKLM"
CROWDED = (
    NARROW.replace("outline = [2000, 2000]", "outline = [3000, 3000]")
    .replace("ny = 2, pitch = 400", "ny = 12, pitch = 200")
    .replace("1000]", "1500]")
    .replace("-1000", "-1500")
    .replace('name = "narrow"', 'name = "crowded"')
    .split("[nets]")[0]
    + "[nets]\n"
    + "".join(f'{row} = ["die.{row}1", "die.{row}2"]\n' for row in ROWS)
)


@pytest.fixture
def crowded(tmp_path: Path) -> Path:
    path = tmp_path / "crowded.toml"
    path.write_text(CROWDED, encoding="utf-8")
    return path


@pytest.fixture
def narrow(tmp_path: Path) -> Path:
    path = tmp_path / "narrow.toml"
    path.write_text(NARROW, encoding="utf-8")
    return path


def test_a_package_with_room_is_told_its_fullest_cuts() -> None:
    run = rdl("plan", "toy")
    assert run.exit_code == 0
    lines = run.stdout.splitlines()
    assert lines[0].startswith("toy in fanout_10um: 10 nets, ")
    assert lines[1].split() == ["cut", "nets", "landing", "RDL1", "RDL2", "full", "where,", "µm"]
    assert {line.split()[0] for line in lines[2:-2]} == {"line", "ring", "corner", "region"}
    assert lines[-2].startswith(
        "most crowded: straight ways take 2.6 % of the room for traces in (0, 0) to (1500, 1000)"
    )
    assert lines[-1] == "levels needed by cuts and lands: 2 or more; here the process has 2"


def test_warnings_are_those_of_a_run(narrow: Path, tmp_path: Path) -> None:
    narrow.write_text(NARROW.replace("-20, -1000", "-230, -1000"), encoding="utf-8")
    warnings = json.loads(rdl("plan", narrow, "--json").stdout)["warnings"]
    assert warnings == [
        "the land of die.B1 lies in keepout1, a keep-out on RDL1, where any metal of a net is a violation"
    ]
    assert f"warning: {warnings[0]}" in rdl("plan", narrow).stdout.splitlines()
    run = rdl("route", narrow, "-o", tmp_path / "out", "--engine", "own")
    assert f"warning: {warnings[0]}" in run.stdout.splitlines()


@pytest.mark.parametrize("name", ["toy", "duo"])
def test_no_cut_is_listed_twice(name: str) -> None:
    fullest = json.loads(rdl("plan", name, "--json").stdout)["fullest"]
    sides = [str(cut["sides_um"]) for cuts in fullest.values() for cut in cuts]
    assert len(set(sides)) == len(sides)


def test_a_hopeless_package_is_shown_its_witness(narrow: Path, tmp_path: Path) -> None:
    run = rdl("plan", narrow, "-o", tmp_path / "cut.png")
    assert run.exit_code == 3
    assert "HOPELESS: 2 nets must cross the line x = 0 µm, 1 tracks pass (1 on RDL1)" in run.stdout
    assert run.stdout.splitlines()[-1] == "nets that must cross: A, B"
    assert (tmp_path / "cut.png").read_bytes().startswith(b"\x89PNG")


def test_the_same_as_json(narrow: Path) -> None:
    run = rdl("plan", narrow, "--json")
    assert run.exit_code == 3
    facts = json.loads(run.stdout)
    assert (facts["design"], facts["nets"], facts["levels"], facts["least_levels"]) == ("narrow", 2, ["RDL1"], 2)
    witness = facts["witness"]
    assert witness["sides_um"] == [[0.0, -1000.0, 0.0, 1000.0]]
    assert (witness["nets"], witness["net_names"], witness["tracks"]) == (2, ["A", "B"], {"RDL1": 1})
    assert (witness["utilisation"], witness["proof"], witness["hopeless"]) == (2.0, True, True)


def test_the_hopeless_is_refused_at_once_with_its_witness(crowded: Path, tmp_path: Path) -> None:
    run = rdl("route", crowded, "-o", tmp_path / "out", "--quiet")
    assert run.exit_code == 3
    assert run.stderr.startswith("rdl: crowded is hopeless: 12 nets must cross the line x = 0 µm, 1 tracks pass")
    assert len(run.stderr.splitlines()) == 1
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["report.json"]
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert report["refused"]["witness"]["net_names"] == list(ROWS)
    assert "crowded: refused: crowded is hopeless" in rdl("report", tmp_path / "out").stdout


def test_force_tries_it(crowded: Path) -> None:
    design = read_design(crowded)
    with pytest.raises(RefusedError, match="1 tracks pass"):
        flow.route(design)
    assert len({part.net for part in flow.route(design, force=True).routing.unrouted}) >= 11


def test_a_few_nets_too_many_are_routed_as_far_as_they_go_after_a_warning(narrow: Path, tmp_path: Path) -> None:
    run = rdl("route", narrow, "-o", tmp_path / "out", "--engine", "own")
    assert run.exit_code == 1
    warning = (
        "narrow is hopeless: 2 nets must cross the line x = 0 µm, 1 tracks pass (1 on RDL1); "
        "it is routed as far as it goes"
    )
    said = " ".join(run.stderr.split())
    assert said.index(f"warning: {warning}") < said.index("search over")
    assert f"warning: {warning}\n" in run.stdout
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert report["warnings"] == [warning]
    assert report["witness"] == json.loads(rdl("plan", narrow, "--json").stdout)["witness"]
    assert report["unrouted"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["plan", "no_such_package"], "no such name"),
        (["plan", "missing.toml"], "no such file"),
        (["plan", "toy", "-o", "cut.pdf"], "found the ending '.pdf'; expected .png"),
    ],
)
def test_bad_input_is_one_message_and_exit_code_2(arguments: list[str], message: str) -> None:
    run = rdl(*arguments)
    assert run.exit_code == 2
    assert run.stdout == ""
    assert message in run.stderr
    assert len(run.stderr.splitlines()) == 1
