"""Balls by choice through the command: routed, written as a table, judged by it, kept by it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from command_here import rdl

from router import check, read_design, route, write
from router.verify import Engine


def table(path: Path) -> dict[str, tuple[str, str]]:
    with path.open(encoding="utf-8") as file:
        return {row["ball"]: (row["net"], row["assigned"]) for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hub")
    run = rdl("route", "hub", "-o", folder, "--engine", "own", "--quiet")
    assert run.exit_code == 0, run.output
    assert "balls: 91 chosen, 7 fixed" in run.output
    return folder


def test_every_net_is_routed_to_the_ball_it_was_given(hub: Path) -> None:
    report = json.loads((hub / "report.json").read_text(encoding="utf-8"))
    assert report["unrouted"] == [] and report["drc"]["total"] == 0
    assert (report["balls"]["fixed"], report["balls"]["chosen"]) == (7, 91)
    assert 0 < report["balls"]["chosen_length_um"] < report["wirelength_um"]
    balls = table(hub / "hub.balls.csv")
    assert len(balls) == 144
    assert balls["bga.L1"] == ("RESET", "fixed") and balls["bga.A1"] == ("", "")
    assert {net for ball, (net, by) in balls.items() if by == "chosen" and ball.endswith(("11", "12"))} >= {
        "DQ0",
        "SCK",
    }


def test_check_reads_the_table_beside_the_layout(hub: Path, tmp_path: Path) -> None:
    assert rdl("check", hub / "hub.gds", "hub", "--engine", "own").exit_code == 0
    elsewhere = tmp_path / "moved.gds"
    elsewhere.write_bytes((hub / "hub.gds").read_bytes())
    alone = rdl("check", elsewhere, "hub", "--engine", "own")
    assert alone.exit_code == 2 and "moved.balls.csv: found no such file" in alone.output
    assert rdl("check", elsewhere, "hub", "--balls", hub / "hub.balls.csv", "--engine", "own").exit_code == 0


@pytest.mark.parametrize("engine", ["own", "klayout", "both"])
def test_a_layout_that_is_missing_is_named_before_its_table(engine: str, tmp_path: Path) -> None:
    judged = rdl("check", tmp_path / "nope.gds", "hub", "--engine", engine)
    assert judged.exit_code == 2
    assert judged.output.startswith(f"rdl: {tmp_path / 'nope.gds'}: found ")


def test_a_layout_with_other_balls_than_its_table_is_not_clean(hub: Path, tmp_path: Path) -> None:
    text = (hub / "hub.balls.csv").read_text(encoding="utf-8")
    swapped = text.replace(",GPIO0,", ",?,").replace(",GPIO1,", ",GPIO0,").replace(",?,", ",GPIO1,")
    assert swapped != text
    (tmp_path / "swapped.csv").write_text(swapped, encoding="utf-8")
    judged = rdl("check", hub / "hub.gds", "hub", "--balls", tmp_path / "swapped.csv", "--engine", "own")
    assert judged.exit_code == 1


def test_an_earlier_choice_is_kept_and_the_rest_chosen(hub: Path, tmp_path: Path) -> None:
    lines = (hub / "hub.balls.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if ",GPIO" not in line]
    (tmp_path / "earlier.csv").write_text("".join(kept), encoding="utf-8")
    run = rdl("route", "hub", "-o", tmp_path / "out", "--balls", tmp_path / "earlier.csv", "--engine", "own", "--quiet")
    assert run.exit_code == 0, run.output
    before, after = table(hub / "hub.balls.csv"), table(tmp_path / "out" / "hub.balls.csv")
    assert all(after[ball] == entry for ball, entry in before.items() if entry[0] and "GPIO" not in entry[0])
    assert {net for net, _ in before.values()} == {net for net, _ in after.values()}


def test_plan_measures_the_package_as_it_would_be_routed(tmp_path: Path) -> None:
    run = rdl("plan", "hub", "--json", "-o", tmp_path / "cut.png")
    assert run.exit_code == 0 and (tmp_path / "cut.png").is_file()
    facts = json.loads(run.output)
    assert facts["fullest"]["ring"][0]["nets"] > 30 and facts["balls"]["chosen"] == 91
    assert "balls: 91 chosen, 7 fixed" in rdl("plan", "hub").output


def test_a_table_that_is_not_allowed_ends_with_one_message(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("ball,net\nbga.A5,DQ0\n", encoding="utf-8")
    run = rdl("route", "hub", "-o", tmp_path / "out", "--balls", tmp_path / "t.csv")
    assert run.exit_code == 2 and not (tmp_path / "out").exists()
    assert "found bga.A5 for DQ0; expected a ball that this net may take" in run.output


def test_from_python(tmp_path: Path) -> None:
    design = read_design("hub")
    result = route(design)
    assert result.design.open == () and len(result.design.chosen) == 91
    write(result, tmp_path / "out", engine=Engine.OWN)
    assert check(tmp_path / "out" / "hub.gds", design, Engine.OWN).clean
