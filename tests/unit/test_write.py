"""The files of a run."""

from __future__ import annotations

import dataclasses
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from router.model.design import Design, End, FixedTrace, Net
from router.model.errors import InputError, OutputError
from router.model.geometry import Box
from router.model.layout import Engine, Fault, Layout, SignOff, Trace, Unrouted, Verdict, Violation
from router.model.routing import IterationStats, Routing
from router.verify import sign_off
from router.write.balls import write_balls
from router.write.jsonfile import write_json
from router.write.nets import net_lengths, write_nets
from router.write.report import build_report
from router.write.routes import write_routes
from router.write.run import run_facts
from router.write.stage import staged, staged_file, staged_run

CLEAN = SignOff({"own": Verdict((), ())})
ROUTED = Routing((), (), (IterationStats(1, 0, 0, 1_131_371, 99),), 99, False, 2_000_000)


def report_of(design: Design, routing: Routing, layout: Layout, judged: SignOff) -> dict[str, Any]:
    return build_report(design, routing, layout, judged, net_lengths(design, layout))


def test_report_measures_from_terminal_to_terminal(small_design: Design, small_layout: Layout) -> None:
    report = report_of(small_design, ROUTED, small_layout, CLEAN)
    assert report["nets"] == report["routed"] == 2
    assert report["wirelength_um"] == pytest.approx(800 * math.sqrt(2), abs=1e-3)
    assert report["wirelength_ratio"] == 1.0
    assert report["vias"] == 2
    assert report["unconnected_terminals"] == {"ball": 1, "contact": 1}
    assert report["iterations"][0]["wirelength_um"] == pytest.approx(1131.371)
    json.dumps(report, allow_nan=False)


@pytest.mark.parametrize("engine", [Engine.OWN, Engine.KLAYOUT])
def test_density_is_that_of_the_written_file(
    gds: Path, small_design: Design, small_layout: Layout, engine: Engine
) -> None:
    judged = sign_off(gds, small_design, engine)
    expected = (2 * math.pi * 40**2 + 100 * 200) / 2000**2
    level = report_of(small_design, ROUTED, small_layout, judged)["levels"][0]
    assert level["density"] == pytest.approx(expected, rel=0.01)
    unread = report_of(small_design, ROUTED, small_layout, CLEAN)["levels"][0]
    assert unread["density"] is None


def test_report_counts_what_is_wrong(small_design: Design, small_layout: Layout) -> None:
    box = Box(0, 0, 1, 1)
    found = Verdict(
        (Violation("RDL1.S.1", ("RDL1",), ("A", "B"), box, 10_000, 9_000),),
        (Fault("open", ("A",), ("U1.1",), box), Fault("short", ("A", "B"), (), box)),
    )
    routing = dataclasses.replace(ROUTED, unrouted=(Unrouted("A", "U1.1", "BGA.A1", ("B",)),))
    report = report_of(small_design, routing, small_layout, SignOff({"own": found}))
    assert report["routed"] == 1
    missing = {"net": "A", "from": "U1.1", "to": "BGA.A1", "blockers": ["B"], "asks": ""}
    assert report["unrouted"] == [missing]
    assert report["drc"] == {"total": 1, "by_rule": {"RDL1.S.1": 1}}
    none = dict.fromkeys(("missing_labels", "wrong_labels", "unreached", "floating", "missing_pads"), 0)
    assert report["lvs"] == {"opens": 1, "shorts": 1} | none
    assert report["two_terminal_nets"]["nets"] == 1, "an unrouted net is in no ratio"


def test_other_nets_stand_against_their_spanning_tree(small_design: Design) -> None:
    """The tree of A joins U1.1, BGA.B1 and the nearer of two terminals that are one end."""
    nets = (Net("A", (End((0,)), End((4,)), End((1, 3))), "default"),)
    design = dataclasses.replace(small_design, nets=nets)
    trace = Trace(0, 0, 10_000, np.array([[0, 0], [2_000_000, 0]]))
    report = report_of(design, ROUTED, Layout((trace,), ()), CLEAN)
    tree = 400 + 600 + (math.sqrt(2) - 1) * 200
    assert report["other_nets"]["spanning_tree_um"] == pytest.approx(tree, abs=1e-3)
    assert report["other_nets"]["ratio"] == pytest.approx(2000 / tree, abs=1e-6)
    assert report["wirelength_ratio"] is None


def test_fixed_traces_are_no_wirelength(small_design: Design, small_layout: Layout) -> None:
    """Nor is a net that has one held against any bound, whose way the fixed trace may save: a package that was routed
    before had 0.001 times its spanning trees."""
    ring = np.array([[0, 0], [9_000_000, 0]])
    design = dataclasses.replace(small_design, fixed=(FixedTrace(0, 0, 10_000, ring),))
    layout = dataclasses.replace(small_layout, traces=(*small_layout.traces, Trace(0, 0, 10_000, ring, True)))
    report = report_of(design, ROUTED, layout, CLEAN)
    assert report["wirelength_um"] == pytest.approx(800 * math.sqrt(2), abs=1e-3)
    assert (report["two_terminal_nets"]["nets"], report["other_nets"]["nets"]) == (1, 0)
    assert report["other_nets"]["ratio"] is None


def test_routes_have_stable_ids(tmp_path: Path, small_design: Design, small_layout: Layout) -> None:
    write_routes(tmp_path / "a.json", small_design, small_layout)
    swapped = dataclasses.replace(small_layout, traces=small_layout.traces[::-1], vias=small_layout.vias[::-1])
    write_routes(tmp_path / "b.json", small_design, swapped)
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    routes = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert routes["traces"][0] == {
        "id": "A:1",
        "net": "A",
        "level": "RDL2",
        "width_um": 10.0,
        "points_um": [[-200.0, 0.0], [-600.0, 400.0]],
    }
    assert [via["id"] for via in routes["vias"]] == ["A:2", "B:2"]


def test_balls_without_a_net_are_listed_too(tmp_path: Path, small_design: Design) -> None:
    write_balls(tmp_path / "balls.csv", small_design)
    lines = (tmp_path / "balls.csv").read_text(encoding="utf-8").splitlines()
    assert lines == [
        "ball,x_um,y_um,net,assigned",
        "BGA.A1,-600.000,400.000,A,fixed",
        "BGA.A2,600.000,400.000,B,fixed",
        "BGA.B1,0.000,-600.000,,",
    ]


def test_nets_are_listed_with_their_lengths(tmp_path: Path, small_design: Design, small_layout: Layout) -> None:
    fixed = Trace(1, 0, 10_000, np.array([[0, 0], [9_000_000, 0]]), True)
    layout = dataclasses.replace(small_layout, traces=(*small_layout.traces, fixed))
    write_nets(tmp_path / "nets.csv", small_design, layout, net_lengths(small_design, layout), {"B"})
    assert (tmp_path / "nets.csv").read_text(encoding="utf-8").splitlines() == [
        "net,class,ends,routed,length_um,shortest_um,vias,RDL1_um,RDL2_um",
        "A,default,2,yes,565.685,565.685,1,0.000,565.685",
        "B,default,2,no,565.685,565.685,1,0.000,565.685",
    ]


def test_run_facts_keep_compilation_apart() -> None:
    facts = run_facts({"compile": 30.0, "route": 1.5, "tighten": 0.5, "check": 1.0}, 100, 2)
    assert facts["seconds_without_compile"] == 3.0
    assert facts["nets_per_second"] == 50.0
    assert run_facts({}, 0, 1)["nets_per_second"] is None


def test_staged_files_appear_together_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "out"
    with staged(target) as aside:
        write_json(aside / "a.json", {"run": 1})
        assert not target.exists()
    with pytest.raises(RuntimeError), staged(target) as aside:
        write_json(aside / "a.json", {"run": 2})
        raise RuntimeError
    assert json.loads((target / "a.json").read_text(encoding="utf-8")) == {"run": 1}
    assert [path.name for path in target.parent.iterdir()] == ["out"], "nothing is left aside"


def test_a_run_takes_the_place_of_an_earlier_one_and_of_nothing_else(tmp_path: Path) -> None:
    def run(stem: str, *names: str) -> list[str]:
        with staged_run(tmp_path, stem) as aside:
            for name in names:
                write_json(aside / name, {"run": names})
            write_json(aside / "run.json", run_facts({}, 0, 1, files=[*names, "run.json"]))
        return sorted(path.name for path in tmp_path.iterdir())

    write_json(tmp_path / "toy.mine.png", {})
    run("toy", "toy.gds", "toy.png", "toy.RDL3.png", "toy.oas")
    assert run("toy", "toy.gds", "toy.png") == ["run.json", "toy.gds", "toy.mine.png", "toy.png"]
    run("toy.2", "toy.2.gds")
    assert run("toy", "toy.gds") == ["run.json", "toy.2.gds", "toy.gds", "toy.mine.png", "toy.png"], "of another name"


def test_files_of_a_run_are_replaced_by_a_run_alone(tmp_path: Path) -> None:
    write_json(tmp_path / "run.json", run_facts({}, 0, 1, files=["toy.png", "run.json"]))
    for name in ("toy.png", "toy.svg"):
        (tmp_path / name).write_text("earlier", encoding="utf-8")
    with pytest.raises(InputError, match=r"toy\.png: found a file of the run itself"), staged(tmp_path) as aside:
        (aside / "toy.png").write_text("later", encoding="utf-8")
    with pytest.raises(InputError, match=r"toy\.png"), staged_file(tmp_path / "toy.png"):
        pytest.fail("nothing is begun")
    with staged_file(tmp_path / "toy.svg") as path:
        path.write_text("later", encoding="utf-8")
    assert [(tmp_path / name).read_text("utf-8") for name in ("toy.png", "toy.svg")] == ["earlier", "later"]


def test_a_folder_in_the_place_of_a_file_leaves_all_earlier_files(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("earlier", encoding="utf-8")
    (tmp_path / "b.json").mkdir()
    with pytest.raises(OutputError, match=r"b\.json is a folder.*are untouched"), staged(tmp_path) as aside:
        write_json(aside / "a.json", {"run": 2})
        write_json(aside / "b.json", {"run": 2})
    assert (tmp_path / "a.json").read_text(encoding="utf-8") == "earlier"


def test_a_target_that_is_no_directory_is_an_output_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match="cannot write"), staged(tmp_path / "file" / "out"):
        pass
    with pytest.raises(OutputError, match="cannot write"), staged(tmp_path / "file") as aside:
        (aside / "a").write_text("a", encoding="utf-8")
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"
